"""Every address × everybody who comes × their own school and another × GET and POST: each answer is the expected one.

What is expected is computed from the roles' data (``schools/roles.py``) and the table of addresses, never from what
the site does.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

from box import form_tokens
from box.look import logo_mark
from box.selectors import forget_boxes
from journal.models import Entry, Trail
from schools.models import Logo
from tests.factories import PASSWORD, signed_in_client
from tests.walls import addresses as table
from tests.walls.addresses import WALLS
from tests.walls.town import NAMED, Place, Town, Visitor, addresses, draw_nothing, names
from tests.walls.wall import EVERYBODY, Wall

# What a refused request may write: the session's own row, and the row of the trail that tells of the refusal
# (letters that came in before get theirs with it).
_MAY_BE_WRITTEN = re.compile(
    r'"(django_session|journal_trail|journal_book|axes_\w+)"|"box_letter" SET "bound"'
    r'|"schools_user" SET "sign_outs"'  # «sign out everywhere» leads to the sign-in page as well
    r"|journal_standing \(school_id, last_step_on\)",  # a page that was read: with its row of the trail
    re.IGNORECASE,
)
_LINKS = re.compile(r'\b(?:href|src|action|formaction)="([^"]*)"')
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE)", re.IGNORECASE)


@pytest.fixture
def town(db: None, monkeypatch: pytest.MonkeyPatch) -> Town:
    """Both schools; printing takes no time."""
    monkeypatch.setattr(form_tokens, "TOO_QUICK_SECONDS", 0.0)
    draw_nothing(monkeypatch)
    forget_boxes()
    return Town()


def test_every_address_has_its_line_and_every_line_its_address() -> None:
    found = list(addresses())
    assert len(found) == len(set(found))
    assert set(found) == set(WALLS)


def expected(wall: Wall, who: Visitor, place: Place, method: str, route: str) -> str:
    """The answer that roles and keys give, in the words of the table."""
    answer = wall.get if method == "get" else wall.post
    if wall.open_to == EVERYBODY:
        if route == "admin/login/" and method == "get" and who.is_staff:
            return table.INDEX
        return answer
    if not who.is_staff:
        return table.INDEX if route == "admin/logout/" else table.SIGN_IN
    if answer == table.NOT_SO:
        return answer
    where = place if wall.row else None
    if wall.sees and not any(who.may_in(permission, where) for permission in wall.sees):
        nowhere = not any(who.may_in(permission, None) for permission in wall.sees)
        return wall.nowhere if nowhere and wall.nowhere else wall.hidden
    if wall.needs and not who.may_in(wall.needs, where):
        return table.REFUSED
    may_all = not wall.also or who.may_in(wall.also, where)
    if wall.keyless and not (who.holds_key and may_all):
        return wall.keyless[0 if method == "get" else 1]
    if who.operator and method == "get" and wall.operator_get:
        return wall.operator_get
    return answer


def told(response: HttpResponse) -> str:
    """The answer in the words of the table."""
    if response.status_code not in (301, 302, 303):
        return str(response.status_code)
    path = urlsplit(response.headers["Location"]).path
    return {"/admin/login/": table.SIGN_IN, "/admin/": table.INDEX}.get(path, table.ON)


def address(route: str, wall: Wall, who: Visitor, place: Place) -> str:
    """The address with rows of the place in it."""
    row = place.rows.get(wall.row)
    pk = str(getattr(row, "pk", 0))
    entries = ContentType.objects.get_for_model(Entry).pk
    parts = {
        "<language:language>": "en",
        "<slug:slug>": place.school.slug,
        "<str:token>": "no-such-link",
        "<slug:mark>": logo_mark(row) if isinstance(row, Logo) else getattr(row, "mark", ""),
        "<slug:what>": "act",
        "<slug:step>": str(Trail.Step.TAKEN_INTO_REVIEW),
        "<slug:outcome>": "helped",
        "<int:taken_pk>": str(place.taken.pk),
        "<int:position>": "1",
        "<int:job>": str(who.jobs.get(place.school.slug, 0)),
        "<slug:form>": "xlsx",
        "<int:pk>": pk,
        "<path:object_id>": pk,
        "<path:content_type_id>": str(entries),
        "^(?P<app_label>schools|journal)/$": "journal/",
        "(?P<url>.*)$": "no/such/page/",
    }
    for sign, value in parts.items():
        route = route.replace(sign, value)
    assert not re.search(r"[<>^$]", route), route
    return f"/{route}"


def form(route: str, wall: Wall, place: Place) -> dict[str, Any]:
    """What is sent: enough for the step to be taken by whoever may."""
    category = place.rows["category"].pk
    taken, last = place.taken.pk, route.rstrip("/").rpartition("/")[2]
    sent: dict[str, Any] = dict(wall.form)
    if last in ("grant", "take") and wall.row in ("newcomer", "holder"):
        sent[f"person-{place.rows[wall.row].pk}-password"] = PASSWORD
    elif last == "register":
        sent = {f"register-{taken}-summary": "One more", f"register-{taken}-category": category}
    elif route.endswith("paper/aside/"):
        sent = {"paper-aside-kind": "test", "paper-aside-typed_before": 0}
    elif last == "aside":
        sent = {f"aside-{taken}-kind": "test"}
    elif route.startswith("admin/journal/meeting/"):
        sent |= _of_a_meeting(last, place)
    elif last == "paper":
        written = {"text": "On paper.", "summary": "One more", "category": category}
        who = {"audience": "student", "signed": "no", "typed_before": 0}
        sent = {f"paper-{name}": value for name, value in {**written, **who}.items()}
    return sent


def _of_a_meeting(last: str, place: Place) -> dict[str, Any]:
    today = place.school.today().isoformat()
    member = str(place.rows["commissionmember"].pk)
    plan = {"day": today, "hour": "15:00", "topics": "One more", "version": "1"}
    return {
        "done": {"done-1-done_on": today},
        "protocol": {
            **{"points": "1", "decisions": "1", "point-1-topic": "One", "decision-1-text": "Two"},
            **{"protocol-version": "1", "protocol-held_on": today, "protocol-present": [member]},
            **{"protocol-chair": member, "protocol-secretary": member},
        },
    }.get(last, {} if last == "call-off" else plan)


class Statements:
    """Hears every statement, and keeps those that write where a refused request must not."""

    def __init__(self) -> None:
        self.forbidden: list[str] = []

    def __call__(
        self, execute: Callable, sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        if _WRITES.match(sql) and not _MAY_BE_WRITTEN.search(sql[:80]):
            self.forbidden.append(sql[:80])
        return execute(sql, params, many, context)


def traces_of(response: HttpResponse) -> bytes:
    """What of an answer stays in a browser's history, in a proxy's log or in a folder of downloads."""
    found = [str(response.headers), str(response.cookies)]
    if response.headers.get("Content-Type", "").startswith("text/html"):
        page = response.content.decode()
        found += [*_TITLE.findall(page), *_LINKS.findall(page)]
    return "\n".join(found).encode()


def _cells(town: Town) -> Iterator[tuple[str, Wall, Place, str]]:
    for route, wall in WALLS.items():
        for place in town.places:
            for method in ("get", "post"):
                yield route, wall, place, method


def _may_read(who: Visitor, place: Place) -> bool:
    return who.holds_key and who.may_in("journal.view_entry", place)


# Who may come where is decided by roles and keys, the same on either engine; the fuzz comes to the same pages on both.
@pytest.mark.once("sqlite")
def test_everybody_at_every_address(town: Town) -> None:
    wrong = [line for name in names() for line in _faults_of(town, town.visitor(name))]
    assert not wrong, "\n".join(wrong)


def _answered(
    town: Town, who: Visitor, method: str, at: str, sent: dict[str, Any]
) -> tuple[HttpResponse, list[str]]:
    """The answer, and what was written where a refused request must not; nothing of it stays."""
    town.client.cookies.clear()
    town.client.cookies.load(who.cookies or {})
    heard = Statements()
    mark = transaction.savepoint()
    try:
        with connection.execute_wrapper(heard):
            response = getattr(town.client, method)(at, sent)
    finally:
        transaction.savepoint_rollback(mark)
    return response, heard.forbidden


def _faults_of(town: Town, who: Visitor) -> Iterator[str]:
    """What is not as expected for one visitor."""
    asked: set[str] = set()
    for route, wall, place, method in _cells(town):
        at = address(route, wall, who, place)
        sent = form(route, wall, place) if method == "post" else {}
        wanted = expected(wall, who, place, method, route)
        cell = f"{who.name}: {method.upper()} {at}"
        same = f"{cell} {sent} {wanted}"
        if same in asked:
            continue  # An address without a school in it is the same for both.
        asked.add(same)
        response, forbidden = _answered(town, who, method, at, sent)
        got = told(response)
        if got != wanted:
            yield f"{cell}: {got}, not {wanted}"
        if wanted not in (table.SHOWN, table.ON) and forbidden:
            yield f"{cell} is refused and writes all the same: {forbidden}"
        traces = traces_of(response)
        body = b"".join(response) + str(response.headers).encode()
        for school in town.places:
            if not _may_read(who, school) and any(word in body for word in school.words):
                yield f"{cell} shows words of {school.school.slug}"
            if any(word in body for word in school.personal_words):
                yield f"{cell} shows words of a letter closed to them in {school.school.slug}"
            its_officer = who.person is not None and who.person == school.officer
            if not its_officer and any(word in body for word in school.region_words):
                yield f"{cell} shows words for the named person of the region of {school.school.slug}"
            sealed = (*school.words, *school.personal_words, *school.region_words)
            if any(word in traces for word in sealed):
                yield f"{cell} leaves words in a title, an address, a cookie or a header"
        if not who.operator and b".second-wall" in body:
            yield f"{cell} names people of another school"


def test_who_may_read_does_read(town: Town) -> None:
    """The walls are not high for everybody: the words that others must not meet are really there."""
    who = town.visitor("psychologist, with the key")
    own = town.places[0]
    town.client.cookies.clear()
    town.client.cookies.load(who.cookies)
    pages = b"".join(
        town.client.get(f"/admin/journal/{kind}/{own.rows[kind].pk}/change/").content
        for kind in ("entry", "opening", "meeting")
    )
    assert [word for word in own.words[:4] if word not in pages] == []


def test_the_named_person_of_a_region_reads_what_has_reached_them(town: Town) -> None:
    who, own = town.visitor(NAMED), town.places[0]
    town.client.cookies.clear()
    town.client.cookies.load(who.cookies)
    page = town.client.get(f"/admin/reached/{own.rows['escalation'].pk}/").content
    assert own.region_words[0] in page


def test_a_form_from_elsewhere_is_refused_at_every_address(town: Town) -> None:
    """Without the token of this site nobody's POST does anything, whoever is signed in."""
    who = town.visitor("psychologist, with the key")
    strict = Client(enforce_csrf_checks=True)
    for route, wall in WALLS.items():
        strict.cookies.clear()
        strict.cookies.load(who.cookies)
        heard = Statements()
        mark = transaction.savepoint()
        with connection.execute_wrapper(heard):
            at = address(route, wall, who, town.places[0])
            response = strict.post(at, form(route, wall, town.places[0]))
        transaction.savepoint_rollback(mark)
        assert response.status_code == 403, route
        assert heard.forbidden == [], route


def test_a_letter_about_a_reader_is_closed_to_everybody_who_did_not_get_it(town: Town) -> None:
    own = town.places[0]
    pages = [
        ("get", f"/admin/journal/entry/{own.rows['personal'].pk}/change/"),
        ("post", "/admin/journal/entry/"),
        ("post", f"/admin/journal/volume/{own.rows['volume'].pk}/print/"),
    ]
    for name in names():
        who = town.visitor(name)
        town.client.cookies.clear()
        town.client.cookies.load(who.cookies or {})
        for method, at in pages:
            sent = {"words": "about-a-reader"} if method == "post" else {}
            body = getattr(town.client, method)(at, sent).content
            assert not any(word in body for word in own.personal_words), f"{name}: {at}"
    town.client.cookies.clear()
    town.client.cookies.load(
        {key: morsel.value for key, morsel in signed_in_client(own.keeper).cookies.items()}
    )
    body = town.client.get(pages[0][1]).content
    assert all(word in body for word in own.personal_words), "who got it does read it"
