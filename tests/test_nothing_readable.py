"""After a letter with known words, neither the database nor anything else on the disk holds one of them."""

import base64
import datetime
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection

from box.services.attaching import open_file
from journal.models import Entry, Opening
from journal.services import answering, drafting, registering, reviewing
from journal.services.forwarding import record_outcome
from schools.models import School
from tests import factories
from tests.factories import Person
from tests.postgres import programs

WORDS = {
    "text": "қорқыныштыжасырынсөз",
    "full_name": "Тұрсынбекқызы",
    "address": "Жасырынкөше",
    "age": "девяностосемьлет",
    "class_group": "тринадцатыйъъ",
    "phone": "+77019753197531975",
    "summary": "засекреченноеслово",
    "measures": "тайныймеркөрүлдү",
    "outcome": "жашыруунжыйынтык",
    "reason": "внеочереднойповод",
    "correction": "опечаткаисправлена",
    "note": "скрытаяпометка",
    "paper": "бумажноеписьмослово",
    "covering": "сопроводительноеслово",
    "late": "опоздавшаяпричина",
    "message": "авторғажазылғанхат",
    "draft": "черновикжасырын",
    "extension": "мөөнөтүнсебеби",
    "no_reply": "безответапотому",
    "came_back": "ответордантуралуусөз",
}


def forms_of(word: str) -> list[bytes]:
    """The word as it could lie in a file: UTF-8, UTF-16, escaped, hex, and base64 at any offset."""
    utf8 = word.encode()
    forms = [
        utf8,
        word.encode("utf-16-le"),
        word.encode("utf-16-be"),
        word.encode("ascii", "backslashreplace"),
        utf8.hex().encode(),
    ]
    for offset in range(3):
        # The first and last characters of base64 mix with the neighbours; the middle does not.
        forms.append(base64.b64encode(b"\0" * offset + utf8)[4:-4])
    return forms


def everything_on_disk() -> dict[str, bytes]:
    """The database and the data folder, as somebody who steals them would have them."""
    found = {
        str(path): path.read_bytes()
        for path in Path(settings.DATA_DIR).rglob("*")
        if path.is_file()
    }
    if connection.vendor == "postgresql":
        config = connection.settings_dict
        address = (
            f"postgresql://{config['USER']}:{config['PASSWORD']}@{config['HOST'] or 'localhost'}"
            f":{config['PORT']}/{config['NAME']}"
        )
        found["dump"] = subprocess.run(
            [str(programs() / "pg_dump"), address], capture_output=True, check=True
        ).stdout
        assert b"journal_entry" in found["dump"]
    else:
        assert str(connection.settings_dict["NAME"]) in found
    return found


def go_the_whole_way(school: School, holder: Person) -> None:
    """Every place where words are written by an author or by the staff."""
    by = {"by": holder.fresh(), "keyring": holder.keyring()}
    identity = {
        name: WORDS[name] for name in ("full_name", "address", "age", "class_group", "phone")
    }
    factories.send_letter(school, text=WORDS["text"], signed=True, identity=identity)
    factories.send_letter(school, text=WORDS["text"])
    opening = factories.open_box(
        school,
        by=holder,
        kind=Opening.Kind.OUT_OF_TURN,
        reason=WORDS["reason"],
        place=WORDS["reason"],
        paper_count=1,
    )
    first, second = opening.taken_letters.select_related("opening__school", "letter")
    entry = factories.register(
        first, by=holder, summary=WORDS["summary"], class_group=WORDS["class_group"]
    )
    registering.set_aside(taken=second, kind="other", note=WORDS["note"], **by)
    registering.register_paper(
        school=school,
        opening=opening,
        paper=registering.PaperLetter(
            text=WORDS["paper"], audience="parent", signed=True, identity=identity
        ),
        registration=registering.Registration(summary=WORDS["summary"], category=None),
        **by,
    )
    entry = reviewing.take_into_review(
        entry=entry, reviewer=holder.user, version=entry.version, **by
    )
    entry = reviewing.correct(
        entry=entry,
        category=None,
        corrected={"summary": WORDS["summary"]},
        reason=WORDS["correction"],
        version=entry.version,
        **by,
    )
    Entry.objects.filter(pk=entry.pk).update(forward_by=datetime.date(2020, 1, 1))
    entry.refresh_from_db()
    sent = factories.forwarded(
        entry,
        by=holder,
        covering=WORDS["covering"],
        parts=["summary", "text", "full_name", "age", "class_group", "address", "phone"],
        out_of_competence=True,
        late_reason=WORDS["late"],
    )
    record_outcome(
        forwarding=sent,
        answered_on=school.today(),
        outcome=WORDS["came_back"],
        version=entry.version + 1,
        **by,
    )
    entry.refresh_from_db()
    entry = reviewing.record_answer(
        entry=entry,
        answered_on=school.today(),
        way="in_person",
        measures=WORDS["measures"],
        version=entry.version,
        **by,
    )
    entry = reviewing.close(entry=entry, outcome=WORDS["outcome"], version=entry.version, **by)
    reviewing.return_to_review(entry=entry, reason=WORDS["measures"], version=entry.version, **by)
    client = factories.signed_in_client(holder)
    for path in (f"/admin/journal/entry/{entry.pk}/change/", "/admin/journal/entry/", "/admin/"):
        assert client.get(path).status_code == 200
    page = client.get(f"/admin/journal/entry/{entry.pk}/change/").content.decode()
    assert WORDS["text"] in page and WORDS["measures"] in page
    assert WORDS["covering"] in page and WORDS["came_back"] in page
    sheet = client.post(f"/admin/journal/forwarding/{sent.pk}/print/", {"language": "ru"})
    assert sheet.headers["Content-Type"] == "application/pdf"


def talk_with_the_author(school: School, holder: Person) -> None:
    """What is written to the author of a letter, half written, and why they get no answer."""
    entry = factories.registered_entry(school, by=holder, text=WORDS["text"])
    by = {"by": holder.fresh(), "keyring": holder.keyring()}
    entry = reviewing.take_into_review(entry=entry, reviewer=holder.user, version=1, **by)
    entry = answering.write_to_author(
        entry=entry, text=WORDS["message"], version=entry.version, **by
    )
    later = school.today() + datetime.timedelta(days=30)
    entry = answering.extend(
        entry=entry, due_on=later, reason=WORDS["extension"], version=entry.version, **by
    )
    drafting.keep_draft(
        entry=entry, text=WORDS["draft"], kind="", stamp="", version=None, by=by["by"]
    )
    entry = reviewing.close_without_reply(
        entry=entry, outcome="", reason=WORDS["no_reply"], version=entry.version, **by
    )
    page = factories.signed_in_client(holder).get(f"/admin/journal/entry/{entry.pk}/change/")
    shown = page.content.decode()
    assert all(WORDS[name] in shown for name in ("message", "extension", "draft", "no_reply"))


@pytest.mark.django_db(transaction=True)
def test_no_word_of_a_letter_or_of_the_journal_lies_on_the_disk() -> None:
    school = factories.make_school()
    holder = factories.make_person(school, "psychologist", with_key=True)
    go_the_whole_way(school, holder)
    talk_with_the_author(school, holder)
    disk = everything_on_disk()
    assert any(school.slug.encode() in data for data in disk.values()), "the search itself works"
    for kind, word in WORDS.items():
        for form in forms_of(word):
            for name, data in disk.items():
                assert form not in data, f"{kind} lies readable in {name}"


@pytest.mark.django_db(transaction=True)
def test_no_exact_time_of_an_author_is_kept() -> None:
    school = factories.make_school()
    factories.make_person(school, "psychologist", with_key=True)
    letter = factories.send_letter(school)
    letter.refresh_from_db()
    hour = letter.arrived_hour
    assert hour == hour.replace(minute=0, second=0, microsecond=0)
    moments = [
        name
        for name, value in vars(letter).items()
        if isinstance(value, datetime.datetime) and name != "arrived_hour"
    ]
    assert moments == []


@pytest.mark.django_db(transaction=True)
def test_no_byte_of_a_file_lies_on_the_disk() -> None:
    school = factories.make_school()
    holder = factories.make_person(school, "psychologist", with_key=True)
    data = b"%PDF-1.7 " + WORDS["text"].encode() + bytes(range(256)) * 1000
    letter = factories.send_letter(school, files=[data])
    stored = letter.attachments.get()
    with default_storage.open(stored.stored_as) as file:
        lying = {"the stored file": file.read(), **everything_on_disk()}
    assert len(lying["the stored file"]) > len(data)
    opened = open_file(attachment=stored, keyring=holder.keyring())
    assert b"".join(opened.chunks) == data, "the search looks for what is really in it"
    for part in (data[:40], data[5000:5040], opened.name.encode(), b"application/pdf"):
        for name, disk in lying.items():
            assert part not in disk, f"a part of the file lies readable in {name}"
    for name, disk in lying.items():
        for form in forms_of(WORDS["text"]):
            assert form not in disk, name
