"""Unmistakable words go through every page, form and command; afterwards they lie nowhere but in the sealed rows.

What the services alone leave on the disk, ``tests/test_nothing_readable.py`` asks. Here it is the whole portal: pages,
faults, the server's own log and PostgreSQL's, sessions, caches, mails, titles, addresses, file names.
"""

import re
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.db import connection
from pypdf import PdfReader

from journal.models import Entry
from tests import factories
from tests.portal import DEMO_PASSWORD, ROOT, Portal, environment, serving
from tests.postgres import programs
from tests.test_nothing_readable import WORDS, forms_of, go_the_whole_way
from tests.visitor import Visitor
from tests.walls.forms_found import forms_on
from tests.walls.test_matrix import traces_of

SCHOOL = "it-lyceum"


def assert_no_word_in(data: bytes, where: str) -> None:
    """Neither plainly nor in UTF-16, escaped, hex or base64."""
    for kind, word in WORDS.items():
        for form in (*forms_of(word), urllib.parse.quote(word).encode()):
            assert form not in data, f"{kind} lies readable in {where}"


# Within the process: what the pages leave behind, and what goes to the database.


def _plain(value: Any) -> bytes:
    """A parameter of a statement as the database gets it."""
    value = getattr(value, "adapted", value)
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value)
    return str(value).encode("utf-8", "backslashreplace")


@pytest.mark.django_db
def test_no_statement_carries_a_word_so_none_that_fails_can_tell_it() -> None:
    """Whatever a database writes about a failing statement, its log or its error, it has only what it was sent."""
    heard: list[bytes] = []

    def listen(
        execute: Callable, sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        rows = params if many else [params]
        heard.append(sql.encode())
        heard.extend(_plain(value) for row in rows for value in row or ())
        return execute(sql, params, many, context)

    school = factories.make_school()
    holder = factories.make_person(school, "psychologist", with_key=True)
    with connection.execute_wrapper(listen):
        go_the_whole_way(school, holder)
        client = factories.signed_in_client(holder)
        for word in WORDS.values():
            client.post("/admin/journal/entry/", {"words": word})
    sent = b"\n".join(heard)
    assert b"INSERT INTO" in sent
    assert school.slug.encode() in sent, "what is not sealed is heard"
    assert_no_word_in(sent, "a statement")


@pytest.mark.django_db
def test_titles_addresses_cookies_sessions_caches_mails_and_the_admin_s_log(
    settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    school = factories.make_school()
    holder = factories.make_person(school, "psychologist", with_key=True)
    manager = factories.make_person(school, "administrator")
    go_the_whole_way(school, holder)
    entry = Entry.objects.first()
    shown = b""
    for person in (holder, manager):
        client = factories.signed_in_client(person)
        paths = ["", "journal/entry/", "journal/opening/", "journal/volume/", "schools/user/"]
        paths += [f"journal/entry/{row.pk}/change/" for row in Entry.objects.all()]
        paths += [f"journal/opening/{entry.opening_id}/change/", f"keys/{school.slug}/"]
        paths += [f"journal/volume/{entry.volume_id}/print/", "own/", "settings/"]
        for path in paths:
            response = client.get(f"/admin/{path}")
            shown += response.content
            assert_no_word_in(traces_of(response), f"what /admin/{path} leaves")
        for word in WORDS.values():
            typed = [
                ("/admin/journal/entry/", {"words": word}),
                ("/admin/journal/entry/?q=", {"words": word, "state": word}),
                (f"/admin/journal/entry/{entry.pk}/step/corrected/", {"corrected-summary": word}),
                (f"/admin/keys/{school.slug}/make/", {"x": word}),
                (f"/en/{school.slug}/write/", {"text": word, "full_name": word, "signed": "yes"}),
                ("/en/reply/", {"code": word}),
            ]
            for path, data in typed:
                answer = client.post(path, data)
                shown += answer.content
                assert_no_word_in(traces_of(answer), f"what sending to {path} leaves")
        client.post(f"/admin/schools/user/{holder.user.pk}/change/", {"full_name": WORDS["text"]})
    assert WORDS["text"].encode() in shown, "the pages themselves do show them"
    sessions = [str(session.get_decoded()) for session in Session.objects.all()]
    assert sessions
    assert_no_word_in("\n".join(sessions).encode(), "a session")
    assert_no_word_in(repr(list(LogEntry.objects.values())).encode(), "the admin's log")
    assert_no_word_in(repr(getattr(cache, "_cache", {})).encode(), "the cache")
    assert_no_word_in("".join(str(one.message()) for one in mail.outbox).encode(), "a mail")
    assert_no_word_in(caplog.text.encode(), "the log")


@pytest.mark.django_db
def test_a_printed_file_tells_nothing_by_its_name_or_its_properties() -> None:
    school = factories.make_school()
    holder = factories.make_person(school, "psychologist", with_key=True)
    go_the_whole_way(school, holder)
    volume = Entry.objects.first().volume_id
    form = {"language": "ru", "extent": "whole"}
    address = f"/admin/journal/volume/{volume}/print/"
    response = factories.signed_in_client(holder).post(address, form)
    reader = PdfReader(BytesIO(response.content))
    assert WORDS["summary"] in "".join(page.extract_text() for page in reader.pages)
    assert_no_word_in(traces_of(response), "the headers of a printed file")
    metadata = f"{reader.metadata} {reader.xmp_metadata and reader.xmp_metadata.rdf_root.toxml()}"
    assert_no_word_in(metadata.encode(), "the properties of a printed file")


_THREAD = """
import threading
import trustbox.wsgi

def fail():
    raise ValueError("WORD")

thread = threading.Thread(target=fail)
thread.start()
thread.join()
"""


def test_a_thread_of_the_server_that_fails_tells_the_place_and_no_word(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _THREAD.replace("WORD", WORDS["text"])],
        cwd=ROOT,
        env=environment(tmp_path),
        capture_output=True,
        check=True,
    )
    assert b"A thread ended." in done.stderr
    assert b"in fail\nValueError" in done.stderr
    assert_no_word_in(done.stdout + done.stderr, "what a thread leaves")


# The real server: its log, its data folder, its database and what PostgreSQL itself writes.


@contextmanager
def _without_letters(portal: Portal, database: str | None) -> Iterator[None]:
    """The letters' table is away: each letter sent now is a statement that fails."""
    there, away = "box_letter", "box_letter_away"

    def rename(old: str, new: str) -> None:
        sql = f"ALTER TABLE {old} RENAME TO {new}"
        if database:
            with closing(psycopg2.connect(database)) as done, done, done.cursor() as cursor:
                cursor.execute(sql)
        else:
            with closing(sqlite3.connect(portal.data_dir / "trustbox.sqlite3", timeout=30)) as done:
                done.execute("PRAGMA legacy_alter_table=ON")
                done.execute(sql)

    rename(there, away)
    try:
        yield
    finally:
        rename(away, there)


def _send(
    visitor: Visitor, page: str, at: str, action: str = "", /, **typed: Any
) -> tuple[int, str]:
    """Fill in the form on the page that is sent to ``action``; its status and the page it leads to."""
    form = next(
        form
        for form in forms_on(page, at)
        if form.method == "post" and form.action.endswith(action or at)
    )
    fields = {
        name: values[0]
        for name, values in form.fields.items()
        if values and name not in form.unticked
    }
    body = urllib.parse.urlencode({**fields, **typed}).encode()
    request = urllib.request.Request(visitor.url + form.action, data=body)
    try:
        with visitor._opener.open(request, timeout=60) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def _write_letter(portal: Portal) -> tuple[int, str]:
    author = Visitor(portal.url)
    at = f"/ru/{SCHOOL}/write/"
    page = author.get(at)
    time.sleep(1.1)  # quicker is a machine
    identity = {name: WORDS[name] for name in ("full_name", "address", "class_group")}
    letter = {"text": WORDS["text"], "signed": "yes", "consent": "on", "phone": "8 701 975 31 97"}
    return _send(author, page, at, **letter, **identity)


def _work_through(portal: Portal) -> Visitor:
    """A letter from the form to its measures, by the real pages. Returns the browser of the staff."""
    assert 'class="code"' in _write_letter(portal)[1]
    staff = Visitor(portal.url)
    who = {"username": f"psychologist.{SCHOOL}", "password": DEMO_PASSWORD}
    _send(staff, staff.get("/admin/login/"), "/admin/login/", **who)
    at = f"/admin/journal/opening/open/{SCHOOL}/"
    opened = {
        "kind": "out_of_turn",
        "reason": WORDS["reason"],
        "few_reason": WORDS["reason"],
        "place": WORDS["note"],
    }
    _status, page = _send(staff, staff.get(at), at, **opened)
    for _letter in range(100):
        forms = [form for form in forms_on(page, at) if form.action.endswith("/register/")]
        if not forms:
            break
        action = forms[0].action
        prefix = f"register-{action.split('/')[-3]}"
        category = next(value for value in forms[0].fields[f"{prefix}-category"] if value)
        words = {f"{prefix}-summary": WORDS["summary"], f"{prefix}-category": category}
        _status, page = _send(staff, page, at, action, **words)
    listed = staff.post(
        "/admin/journal/entry/",
        {"words": WORDS["summary"], **Visitor.hidden_fields(staff.get("/admin/journal/entry/"))},
    )
    pk = re.search(r"/admin/journal/entry/(\d+)/change/", listed).group(1)
    at = f"/admin/journal/entry/{pk}/change/"
    _send(staff, staff.get(at), at, "/step/taken_into_review/")
    measures = {"measures_recorded-measures": WORDS["measures"]}
    status, page = _send(staff, staff.get(at), at, "/step/measures_recorded/", **measures)
    assert WORDS["measures"] in page
    assert WORDS["text"] in page
    return staff


def _provoke(portal: Portal, visitor: Visitor, database: str | None) -> set[int]:
    """Words in everything that goes wrong; the answers' statuses."""
    word = urllib.parse.quote(WORDS["text"])
    seen: set[int] = set()

    def ask(
        path: str, data: bytes | None = None, *, gives_back: bool = False, **headers: str
    ) -> None:
        request = urllib.request.Request(portal.url + path, data=data, headers=headers)
        try:
            with visitor._opener.open(request, timeout=60) as response:
                seen.add(response.status)
        except urllib.error.HTTPError as refused:
            seen.add(refused.code)
            page = refused.read()
            # A refused form gives back what was typed into it; its title never does.
            shown = page.partition(b"</head>")[0] if gives_back else page
            assert_no_word_in(shown, f"the page {refused.code}")

    ask(f"/ru/{word}/")
    ask(f"/admin/{word}/")
    ask(f"/ru/reply/?code={word}", f"code={word}".encode(), gives_back=True)
    ask(f"/ru/{SCHOOL}/?q={word}", f"text={word}".encode())
    ask(f"/ru/{SCHOOL}/write/", f"text={word}&".encode() * 30_000)
    for path in (f"/ru/{SCHOOL}/", f"/admin/keys/{SCHOOL}/make/"):
        tokens = Visitor.hidden_fields(visitor.get(f"/admin/keys/{SCHOOL}/"))
        token = tokens["csrfmiddlewaretoken"]
        ask(path, f"csrfmiddlewaretoken={token}&text={word}".encode())
    ask(f"/?{word}", Host=f"{word}.example")
    with _without_letters(portal, database):
        status, page = _write_letter(portal)
        seen.add(status)
        assert_no_word_in(page.encode(), f"the page {status}")
    return seen


def _commands(portal: Portal) -> str:
    known = portal.manage("help", "--commands").split()
    said = ""
    for command in ("verify_journal", "sync_roles", "check", "showmigrations", "demo"):
        assert command in known
        said += portal.manage(command)
    return said


def _everything_of(portal: Portal, database: str | None) -> Iterator[tuple[str, bytes]]:
    for path in portal.data_dir.rglob("*"):
        if path.is_file():
            yield str(path.relative_to(portal.data_dir)), path.read_bytes()
    if not database:
        return
    dump = [str(programs() / "pg_dump"), database]
    yield "the dump", subprocess.run(dump, capture_output=True, check=True).stdout
    with closing(psycopg2.connect(database)) as asked, asked.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute("SHOW data_directory")
        folder = Path(cursor.fetchone()[0])
    log = folder.with_name("log").read_bytes()
    assert b"box_letter" in log, "PostgreSQL writes the statement that failed"
    yield "PostgreSQL's log", log
    for path in (folder / "pg_wal").iterdir():
        if path.is_file():
            yield f"pg_wal/{path.name}", path.read_bytes()


def _tell_nothing(folder: Path, database: str | None) -> None:
    variables = {"DATABASE_URL": database} if database else {}
    with serving(folder, **variables) as portal:
        staff = _work_through(portal)
        seen = _provoke(portal, staff, database)
        assert {400, 403, 404, 405, 409, 413, 500} <= seen
        said = _commands(portal)
        # Read while it runs: the write-ahead log is there.
        found = dict(_everything_of(portal, database))
    assert b"Error" in found["server.log"], "faults are told, by their kind"
    if not database:
        assert "trustbox.sqlite3-wal" in found
    for where, data in found.items():
        assert_no_word_in(data, where)
    assert_no_word_in(said.encode(), "what commands print")


@pytest.mark.once("sqlite")
def test_a_server_on_sqlite_tells_nothing(tmp_path: Path) -> None:
    _tell_nothing(tmp_path, None)


@pytest.mark.once("postgresql")
def test_a_server_on_postgresql_and_postgresql_itself_tell_nothing(
    tmp_path: Path, postgres_url: str
) -> None:
    _tell_nothing(tmp_path, postgres_url)
