"""Scans of letters that came on paper: sealed like the letter, vouched for by the trail, read by key holders alone."""

import datetime
import io
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management import call_command
from django.db import connection

from box.services import attaching
from box.services.attaching import NotPutAway
from journal.bound import unbind
from journal.models import Entry, EntryFile, Forwarding, TakenLetter, Trail
from journal.services import entering, registering
from journal.services.entering import PaperLetter, Registration
from journal.services.files import read_file
from journal.services.verifying import Broken, verify_files, verify_school
from reports.documents.entry_card import read_card
from schools.errors import Conflict, Refused
from schools.models import Regulation, School
from schools.models.regulation import Source
from schools.services.rotation import begin_rotation, reseal_some
from tests import factories
from tests.box.files.making import clean_file
from tests.factories import Person
from tests.races import at_once

PICTURE = b"\xff\xd8\xff\xe0 a page with a child's hand"
SECOND = b"%PDF-1.7 the other side of it"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """A storage of the test's own."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "files")},
        },
    }
    return tmp_path / "files"


@pytest.fixture
def school(db: None) -> School:
    return factories.make_school(sources=["web", "paper", "email", "person"])


@pytest.fixture
def holder(school: School) -> Person:
    return factories.make_person(school, "psychologist", with_key=True)


def typed_in(school: School, by: Person, *scans: bytes, **facts: Any) -> Entry:
    files = [clean_file(data) for data in scans]
    paper = {"text": "", "audience": "student", "signed": False, **facts.pop("paper", {})}
    try:
        return registering.register_paper(
            **{
                "school": school,
                "opening": None,
                "paper": PaperLetter(**paper),
                "registration": Registration(summary="A letter on paper.", category=None),
                "by": by.fresh(),
                "keyring": by.keyring(),
                "files": files,
                **facts,
            }
        )
    finally:
        for file in files:
            file.upload.close()


def stored_names() -> set[str]:
    root = Path(default_storage.path(""))
    return {str(file.relative_to(root)) for file in root.glob("*/*")}


def test_scans_are_kept_with_the_entry_in_their_order_and_sealed(
    school: School, holder: Person
) -> None:
    opening = factories.open_box(school, by=holder, paper_count=1)
    entry = typed_in(school, holder, PICTURE, SECOND, opening=opening)
    first, second = EntryFile.objects.filter(entry=entry)
    assert (first.position, second.position) == (1, 2)
    for scan, data in ((first, PICTURE), (second, SECOND)):
        opened = attaching.open_file(attachment=scan, keyring=holder.keyring())
        assert b"".join(opened.chunks) == data
        with default_storage.open(scan.stored_as) as kept:
            assert data not in kept.read()
    assert TakenLetter.objects.get(opening=opening).entry == entry
    assert first.school_key_id == entry.school_key_id


def test_without_text_and_without_a_scan_there_is_no_letter(school: School, holder: Person) -> None:
    with pytest.raises(Refused):
        typed_in(school, holder)
    assert typed_in(school, holder, paper={"text": "Typed in."}).number == 1


def test_the_trail_vouches_for_each_scan(school: School, holder: Person) -> None:
    entry = typed_in(school, holder, PICTURE, SECOND)
    row = Trail.objects.get(entry=entry, step=Trail.Step.REGISTERED)
    place = f"scan {entry.volume.number}/{entry.number}"
    assert set(row.facts["also"]) == {f"{place}/1", f"{place}/2"} and row.facts["scans"] == 2
    verify_school(school)
    assert verify_files(school) == 2


@pytest.mark.parametrize("change", ["digest", "content", "gone", "slipped in"])
def test_a_scan_changed_behind_the_programs_back_is_found(
    school: School, holder: Person, change: str
) -> None:
    entry = typed_in(school, holder, PICTURE, SECOND)
    scan = EntryFile.objects.get(entry=entry, position=2)
    unbind(connection)
    if change == "gone":
        scan.delete()
    elif change == "slipped in":
        scan.pk, scan.position, scan.stored_as = None, 3, "ab/another"
        scan.save(force_insert=True)
    else:
        EntryFile.objects.filter(pk=scan.pk).update(**{change: b"x" * 32})
    with pytest.raises(Broken, match="scan"):
        verify_school(school)


@pytest.mark.django_db(transaction=True)
def test_verify_journal_reads_the_files_too(school: School, holder: Person) -> None:
    entry = typed_in(school, holder, PICTURE)
    out = io.StringIO()
    call_command("verify_journal", school.slug, "--files", stdout=out)
    assert "1 files, whole" in out.getvalue()
    default_storage.delete(EntryFile.objects.get(entry=entry).stored_as)
    with pytest.raises(Broken, match="scan 1 of entry 1/1 is gone"):
        verify_files(school)


def test_the_sweep_leaves_scans_alone(school: School, holder: Person) -> None:
    typed_in(school, holder, PICTURE)
    later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=30)
    with time_machine.travel(later):
        assert attaching.sweep() == 0
    assert stored_names() == set(EntryFile.objects.values_list("stored_as", flat=True))


def test_what_was_stored_goes_when_the_letter_is_not_registered(
    school: School, holder: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(**_facts: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(entering, "append", breaks)
    with pytest.raises(RuntimeError):
        typed_in(school, holder, PICTURE)
    assert stored_names() == set() and not Entry.objects.exists()


def test_a_storage_that_takes_nothing_leaves_nothing(
    school: School, holder: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_facts: object, **_more: object) -> None:
        raise OSError

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    with pytest.raises(NotPutAway):
        typed_in(school, holder, PICTURE)
    assert not Entry.objects.exists()
    monkeypatch.undo()
    assert typed_in(school, holder, PICTURE).number == 1


def test_reading_a_scan_leaves_a_row(school: School, holder: Person) -> None:
    entry = typed_in(school, holder, PICTURE)
    scan = EntryFile.objects.get(entry=entry)
    opened = read_file(
        attachment=scan, entry=entry, by=holder.fresh(), keyring=holder.keyring(), preview=True
    )
    assert b"".join(opened.chunks) == PICTURE
    row = Trail.objects.get(step=Trail.Step.FILE_READ)
    assert (row.entry, row.facts) == (entry, {"file": 1, "preview": True})


def test_scans_go_over_to_a_new_key(school: School, holder: Person) -> None:
    entry = typed_in(school, holder, PICTURE)
    begin_rotation(school=school, keep=[], by=holder.fresh(), keyring=holder.keyring())
    assert reseal_some(school=school, keyring=holder.keyring(), at_most=100).left == 0
    scan = EntryFile.objects.get(entry=entry)
    opened = attaching.open_file(attachment=scan, keyring=holder.keyring())
    assert b"".join(opened.chunks) == PICTURE
    verify_school(school)


def test_the_card_and_the_sheet_say_that_there_is_a_scan(school: School, holder: Person) -> None:
    entry = typed_in(school, holder, PICTURE, SECOND)
    card = read_card(
        entry, rows=[], hash_of_book="", language="en", keyring=holder.keyring(), identity=False
    )
    assert ("Scans of the letter", "2") in card.blocks[0].rows
    sent = factories.forwarded(entry, by=holder, parts=["summary", "text"])
    sheet = Forwarding.objects.get(pk=sent.pk).read(holder.keyring())["sheet"]
    assert "2" in sheet["text"]


# Letters that come outside an opening


def test_a_letter_from_the_directors_mail_has_its_source_and_moment(
    school: School, holder: Person
) -> None:
    came = datetime.datetime(2026, 11, 19, 8, 15, tzinfo=school.zone)
    with time_machine.travel(datetime.datetime(2026, 11, 20, 10, tzinfo=school.zone)):
        entry = typed_in(
            school,
            holder,
            paper={"text": "By mail.", "source": Source.EMAIL, "received_at": came},
        )
    entry.refresh_from_db()
    assert (entry.source, entry.received_at, entry.taken_on) == ("email", came, came.date())


def test_only_ways_of_the_regulation_and_no_moment_to_come(school: School, holder: Person) -> None:
    later = school.now() + datetime.timedelta(hours=1)
    with pytest.raises(Refused):
        typed_in(school, holder, paper={"text": "A", "received_at": later})
    Regulation.objects.update(sources=["web", "paper"])
    with pytest.raises(Refused):
        typed_in(school, holder, paper={"text": "A", "source": Source.PERSON})
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_people_typing_in_at_once_never_get_the_same_number() -> None:
    school = factories.make_school(sources=["web", "paper", "email"])
    people = [
        factories.make_person(school, "psychologist", with_key=True, username=f"p{at}")
        for at in range(6)
    ]

    def type_in(place: int) -> Any:
        return typed_in(School.objects.get(pk=school.pk), people[place], PICTURE).number

    assert sorted(at_once(6, type_in)) == list(range(1, 7))
    assert EntryFile.objects.count() == 6
    verify_school(school)


def test_the_same_form_twice_is_a_conflict_with_nothing_stored(
    school: School, holder: Person
) -> None:
    typed_in(school, holder, PICTURE, typed_before=0)
    with pytest.raises(Conflict):
        typed_in(school, holder, PICTURE, typed_before=0)
    assert Entry.objects.count() == EntryFile.objects.count() == len(stored_names()) == 1
