"""Numbers without gap or double, and letters set aside."""

import datetime

import pytest
import time_machine
from django.db import IntegrityError, transaction

from box.models import Letter
from journal.models import Entry, TakenLetter, Trail, Volume
from journal.services import entering, registering, trail
from journal.services.registering import PaperLetter, Registration
from journal.services.verifying import verify_school
from schools.errors import Conflict, Refused
from schools.models import CalendarDay, Regulation, School
from schools.models.regulation import Source
from tests import factories
from tests.factories import Person
from tests.races import at_once

NOTHING = Registration(summary="Summary", category=None)


@pytest.fixture
def school(db: None) -> School:
    return factories.make_school(reply_days=5)


@pytest.fixture
def holder(school: School) -> Person:
    return factories.make_person(school, "psychologist", with_key=True)


def paper(school: School, by: Person, **fields: object) -> Entry:
    return registering.register_paper(
        school=school,
        opening=None,
        paper=PaperLetter(
            **{"text": "A paper letter", "audience": "parent", "signed": False, **fields}
        ),
        registration=NOTHING,
        by=by.fresh(),
        keyring=by.keyring(),
    )


def taken(school: School, by: Person, **letter: object) -> TakenLetter:
    sent = factories.send_letter(school, **letter)
    factories.open_box(school, by=by)
    return TakenLetter.objects.get(letter=sent)


def test_a_letter_gets_the_next_number_and_its_author_sees_it(
    school: School, holder: Person
) -> None:
    first = factories.registered_entry(school, by=holder)
    second = factories.registered_entry(school, by=holder, signed=True)
    assert (first.number, second.number) == (1, 2)
    letter = Letter.objects.get(pk=second.letter_id)
    assert (letter.state, letter.number) == (Letter.State.REGISTERED, "2")


def test_a_signed_letter_brings_its_identity_and_an_anonymous_one_none(
    school: School, holder: Person
) -> None:
    signed = factories.registered_entry(school, by=holder, signed=True)
    anonymous = factories.registered_entry(school, by=holder)
    assert signed.read(holder.keyring())["full_name"] == factories.IDENTITY["full_name"]
    assert anonymous.read(holder.keyring())["full_name"] == ""


def test_the_deadline_counts_working_days_from_the_day_taken_out(
    school: School, holder: Person
) -> None:
    with time_machine.travel(datetime.datetime(2026, 11, 20, 10, tzinfo=school.zone)):
        entry = factories.registered_entry(school, by=holder)
    assert entry.due_on == datetime.date(2026, 11, 27)
    assert entry.forward_by is None


def test_the_deadlines_are_those_of_the_schools_own_calendar(
    school: School, holder: Person
) -> None:
    Regulation.objects.update(forward_days=3)
    CalendarDay.objects.create(school=school, day=datetime.date(2026, 11, 24), works=False)
    CalendarDay.objects.create(school=school, day=datetime.date(2026, 11, 28), works=True)
    with time_machine.travel(datetime.datetime(2026, 11, 20, 10, tzinfo=school.zone)):
        entry = factories.registered_entry(school, by=holder)
    entry.refresh_from_db()
    assert entry.forward_by == datetime.date(2026, 11, 26)
    assert entry.due_on == datetime.date(2026, 11, 28)
    assert Letter.objects.get(pk=entry.letter_id).due_on == entry.due_on


def test_the_calendar_is_read_before_the_book_is_locked(
    school: School, holder: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for somebody else's calendar: what happens under the lock does not read it."""
    order: list[str] = []
    for room, name in ((entering, "calendar_of"), (registering, "lock_book")):
        honest = getattr(room, name)

        def noted(*args: object, honest: object = honest, name: str = name) -> object:
            order.append(name)
            return honest(*args)

        monkeypatch.setattr(room, name, noted)
    waiting = taken(school, holder)
    factories.register(waiting, by=holder)
    paper(school, holder)
    assert order == ["calendar_of", "lock_book"] * 2


def test_without_a_deadline_in_the_regulation_there_is_none(db: None) -> None:
    school = factories.make_school(reply_days=None)
    holder = factories.make_person(school, "psychologist", with_key=True)
    assert factories.registered_entry(school, by=holder).due_on is None


def test_a_paper_letter_joins_the_act_and_an_anonymous_one_loses_its_identity(
    school: School, holder: Person
) -> None:
    opening = factories.open_box(school, by=holder, paper_count=1)
    entry = registering.register_paper(
        school=school,
        opening=opening,
        paper=PaperLetter(
            text="Paper", audience="parent", signed=False, identity={"full_name": "Somebody"}
        ),
        registration=NOTHING,
        by=holder.fresh(),
        keyring=holder.keyring(),
    )
    assert TakenLetter.objects.get(opening=opening).entry == entry
    content = entry.read(holder.keyring())
    assert (content["text"], content["full_name"]) == ("Paper", "")
    assert entry.source == Source.PAPER


@pytest.mark.parametrize(
    ("numbering", "before", "after"),
    [("calendar", "2026-12-31", "2027-01-01"), ("school", "2026-08-31", "2026-09-01")],
)
def test_numbers_begin_anew_with_the_period(
    school: School, holder: Person, numbering: str, before: str, after: str
) -> None:
    Regulation.objects.update(numbering=numbering)
    numbers = []
    for day in (before, before, after):
        noon = datetime.datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=school.zone)
        with time_machine.travel(noon):
            entry = paper(school, holder)
        numbers.append((entry.volume.number, entry.number))
    assert numbers == [(1, 1), (1, 2), (2, 1)]


def test_a_volume_keeps_the_columns_of_the_day_it_was_begun(school: School, holder: Person) -> None:
    first = paper(school, holder).volume
    Regulation.objects.update(columns=["number", "summary"])
    first.refresh_from_db()
    assert "measures" in first.columns


def test_a_letter_set_aside_stays_in_the_act_without_a_number(
    school: School, holder: Person
) -> None:
    waiting = taken(school, holder)
    registering.set_aside(
        taken=waiting, kind="test", note="A try", by=holder.fresh(), keyring=holder.keyring()
    )
    waiting.refresh_from_db()
    assert (waiting.set_aside_as, waiting.read(holder.keyring())) == ("test", {"note": "A try"})
    assert Letter.objects.get().state == Letter.State.SET_ASIDE
    assert factories.registered_entry(school, by=holder).number == 1


def test_another_reason_needs_words(school: School, holder: Person) -> None:
    waiting = taken(school, holder)
    with pytest.raises(Refused):
        registering.set_aside(
            taken=waiting, kind="other", note="", by=holder.fresh(), keyring=holder.keyring()
        )
    waiting.refresh_from_db()
    assert waiting.is_waiting


def test_a_letter_is_registered_or_set_aside_once(school: School, holder: Person) -> None:
    waiting = taken(school, holder)
    factories.register(waiting, by=holder)
    with pytest.raises(Conflict):
        factories.register(waiting, by=holder)
    with pytest.raises(Conflict):
        registering.set_aside(
            taken=waiting, kind="test", note="", by=holder.fresh(), keyring=holder.keyring()
        )
    assert Entry.objects.count() == 1


@pytest.mark.parametrize("role", ["director", "administrator", "commission_member"])
def test_a_role_that_does_not_register_is_refused(
    school: School, holder: Person, role: str
) -> None:
    waiting = taken(school, holder)
    with pytest.raises(Refused):
        factories.register(waiting, by=factories.make_person(school, role))


def test_somebody_without_the_key_is_refused_and_no_number_is_lost(
    school: School, holder: Person
) -> None:
    waiting = taken(school, holder)
    with pytest.raises(Refused):
        factories.register(waiting, by=factories.make_person(school, "social_pedagogue"))
    assert factories.register(waiting, by=holder).number == 1


def test_a_category_of_another_school_is_refused(school: School, holder: Person) -> None:
    other = factories.make_school("school-2")
    waiting = taken(school, holder)
    with pytest.raises(Refused):
        factories.register(waiting, by=holder, category=other.categories.first())


def test_the_database_refuses_a_double_number(school: School, holder: Person) -> None:
    entry = paper(school, holder)
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.filter(pk=paper(school, holder).pk).update(number=entry.number)


@pytest.mark.django_db(transaction=True)
def test_sixteen_at_once_with_faults_between_leave_no_gap_and_no_double(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    school = factories.make_school()
    holder = factories.make_person(school, "psychologist", with_key=True)
    for _ in range(16):
        factories.send_letter(school)
    opening = factories.open_box(school, by=holder)
    letters = list(TakenLetter.objects.filter(opening=opening).select_related("opening__school"))
    honest = trail.append

    def breaks_at_every_fourth(**fields: object) -> Trail:
        entry = fields["entry"]
        row = honest(**fields)
        if entry is not None and Letter.objects.get(pk=entry.letter_id).pk % 4 == 0:
            raise RuntimeError("a fault after the number was taken")
        return row

    monkeypatch.setattr(entering, "append", breaks_at_every_fourth)
    results = at_once(16, lambda place: factories.register(letters[place], by=holder))
    entries = [result for result in results if isinstance(result, Entry)]
    assert len(entries) == 12, results
    assert sorted(entry.number for entry in entries) == list(range(1, 13))
    assert Volume.objects.get().last_number == 12
    monkeypatch.setattr(entering, "append", honest)
    late = at_once(
        16,
        lambda place: (
            factories.register(letters[place], by=holder)
            if isinstance(results[place], RuntimeError)
            else None
        ),
    )
    assert sorted(entry.number for entry in late if entry is not None) == [13, 14, 15, 16]
    assert [volume.last_number for volume in verify_school(school)] == [16]


@pytest.mark.django_db(transaction=True)
def test_one_letter_registered_by_eight_at_once_is_one_entry() -> None:
    school = factories.make_school()
    holder = factories.make_person(school, "psychologist", with_key=True)
    waiting = taken(school, holder)
    results = at_once(8, lambda place: factories.register(waiting, by=holder))
    assert sum(isinstance(result, Entry) for result in results) == 1
    assert sum(isinstance(result, Conflict) for result in results) == 7, results
