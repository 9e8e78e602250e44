"""From what is due to the act: who may do what, in which order, and what the book says afterwards."""

import datetime

import pytest
from django.db import DatabaseError, connection, transaction

from box.models import Attachment, Letter, Message
from journal.bound import REFUSAL, bind, unbind
from journal.keeping import due_in
from journal.models import Destruction, Doomed, Entry, TakenLetter, Trail
from journal.services import destroying, holding, reviewing
from journal.services.verifying import Broken, verify_files, verify_school
from schools.errors import Conflict, Refused
from schools.models import School
from tests import factories
from tests.box.files.samples import picture
from tests.factories import Person
from tests.journal.answering.case import acting
from tests.journal.keeping.case import (
    LONG_AGO,
    NOW,
    at,
    closed_entry,
    destroyed,
    meeting_held,
    put_aside,
    rich_entry,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def old(school: School, holder: Person) -> Entry:
    with at(LONG_AGO):
        return closed_entry(school, by=holder)


def drawn_up(school: School, by: Person) -> Destruction:
    return destroying.draw_up(school=school, by=by.fresh())


def approved(school: School, listed: Destruction, by: Person, **facts: object) -> Destruction:
    return destroying.approve(
        **{
            "school": school,
            "destruction": listed,
            "meeting": meeting_held(school, by=by),
            "spared": [],
            "by": by.fresh(),
            **facts,
        }
    )


def test_the_years_of_the_regulation_decide(school: School, old: Entry) -> None:
    with at(datetime.datetime(2025, 3, 1, 9, 0, tzinfo=datetime.UTC)):
        assert len(due_in(school)) == 0
    with at(datetime.datetime(2025, 3, 2, 9, 0, tzinfo=datetime.UTC)):
        assert due_in(school).entries == [old]


def test_everything_about_an_entry_goes_and_the_book_stays_whole(
    school: School, holder: Person, deputy: Person
) -> None:
    with at(LONG_AGO):
        entry, _code = rich_entry(school, by=holder)
        young = factories.registered_entry(school, by=holder)
    before = (entry.number, entry.taken_on, entry.category, entry.closed_on, entry.answered_on)
    with at(NOW):
        done = destroyed(school, by=holder, approver=deputy)
        entry = Entry.objects.get(pk=entry.pk)

        assert entry.destroyed_on == school.today() == done.done_on
        assert before == (
            entry.number,
            entry.taken_on,
            entry.category,
            entry.closed_on,
            entry.answered_on,
        )
        assert entry.read_or_none(holder.keyring()) is None
        assert entry.letter.read_or_none(holder.keyring()) is None
        assert Message.objects.filter(letter=entry.letter).count() == 2
        assert all(row.opens_to_nobody for row in Message.objects.filter(letter=entry.letter))
        assert not entry.drafts.exists()
        assert Entry.objects.get(pk=young.pk).read_or_none(holder.keyring()) is not None
        verify_school(school)
        assert verify_files(school) == 0


def test_a_row_of_the_trail_says_by_which_act(
    school: School, holder: Person, deputy: Person, old: Entry
) -> None:
    with at(NOW):
        destroyed(school, by=holder, approver=deputy)
    row = Trail.objects.get(entry=old, step=Trail.Step.DESTROYED)
    assert row.facts == {"act": 1, "on": "2026-11-21"}
    assert row.by_name == holder.user.username
    assert (
        Trail.objects.get(school=school, step=Trail.Step.DESTRUCTION_APPROVED).by_name
        == deputy.user.username
    )


class TestHold:
    def test_what_is_held_is_on_no_list_until_it_is_released(
        self, school: School, holder: Person, deputy: Person, old: Entry
    ) -> None:
        with at(NOW):
            holding.hold(reason="Asked for by the court.", **acting(old, holder))
            assert len(due_in(school)) == 0
            with pytest.raises(Conflict):
                holding.hold(reason="Again.", **acting(old, holder))
            with pytest.raises(Refused):
                holding.release(reason="Done.", **acting(old, holder))  # not for the psychologist
            holding.release(reason="The court is done.", **acting(old, deputy))
            assert due_in(school).entries == [old]
            verify_school(school)

    def test_a_hold_that_comes_after_the_approval_still_saves_the_entry(
        self, school: School, holder: Person, deputy: Person, old: Entry
    ) -> None:
        with at(LONG_AGO):
            other = closed_entry(school, by=holder)
        with at(NOW):
            listed = drawn_up(school, holder)
            approved(school, listed, deputy)
            holding.hold(reason="Asked for by the court.", **acting(old, holder))
            destroying.carry_out(school=school, destruction=listed, by=holder.fresh())
        old.refresh_from_db()
        other.refresh_from_db()
        assert old.destroyed_on is None and old.read(holder.keyring())
        assert other.destroyed_on is not None
        assert Doomed.objects.get(entry=old).spared

    def test_a_reason_is_asked_for(self, holder: Person, old: Entry) -> None:
        with pytest.raises(Refused):
            holding.hold(reason=" ", **acting(old, holder))


class TestOrder:
    def test_nothing_is_destroyed_before_the_commission_approves(
        self, school: School, holder: Person, old: Entry
    ) -> None:
        with at(NOW):
            listed = drawn_up(school, holder)
            with pytest.raises(Refused):
                destroying.carry_out(school=school, destruction=listed, by=holder.fresh())
        assert not Entry.objects.filter(destroyed_on__isnull=False).exists()

    def test_only_a_meeting_that_was_held_after_the_list_approves_it(
        self, school: School, holder: Person, deputy: Person, old: Entry
    ) -> None:
        with at(NOW - datetime.timedelta(days=1)):
            early = meeting_held(school, by=holder)
        with at(NOW):
            listed = drawn_up(school, holder)
            with pytest.raises(Refused):
                approved(school, listed, deputy, meeting=early)
            with pytest.raises(Refused):
                approved(school, listed, holder)  # not for the psychologist
            approved(school, listed, deputy)
            with pytest.raises(Conflict):
                approved(school, listed, deputy)

    def test_a_meeting_of_another_school_approves_nothing(
        self, school: School, holder: Person, deputy: Person, old: Entry
    ) -> None:
        other = factories.make_school("school-2")
        stranger = factories.make_person(other, "psychologist", with_key=True)
        with at(NOW):
            listed = drawn_up(school, holder)
            with pytest.raises(Refused):
                approved(school, listed, deputy, meeting=meeting_held(other, by=stranger))

    def test_twice_is_once(
        self, school: School, holder: Person, deputy: Person, old: Entry
    ) -> None:
        with at(NOW):
            done = destroyed(school, by=holder, approver=deputy)
            with pytest.raises(Conflict):
                destroying.carry_out(school=school, destruction=done, by=holder.fresh())
            with pytest.raises(Refused):
                drawn_up(school, holder)

    def test_what_stands_on_a_list_is_on_no_second_one_until_it_is_called_off(
        self, school: School, holder: Person, old: Entry
    ) -> None:
        with at(NOW):
            listed = drawn_up(school, holder)
            with pytest.raises(Refused):
                drawn_up(school, holder)
            destroying.call_off(school=school, destruction=listed, by=holder.fresh())
            assert drawn_up(school, holder).number == 2

    def test_what_the_commission_spares_stays(
        self, school: School, holder: Person, deputy: Person, old: Entry
    ) -> None:
        with at(LONG_AGO):
            other = closed_entry(school, by=holder)
        with at(NOW):
            listed = drawn_up(school, holder)
            approved(school, listed, deputy, spared=[Doomed.objects.get(entry=old).pk])
            destroying.carry_out(school=school, destruction=listed, by=holder.fresh())
        assert Entry.objects.get(pk=old.pk).destroyed_on is None
        assert Entry.objects.get(pk=other.pk).destroyed_on is not None

    def test_an_entry_taken_up_again_stays(
        self, school: School, holder: Person, deputy: Person, old: Entry
    ) -> None:
        with at(NOW):
            listed = drawn_up(school, holder)
            approved(school, listed, deputy)
            reviewing.return_to_review(reason="It began again.", **acting(old, holder))
            with pytest.raises(Refused):
                destroying.carry_out(school=school, destruction=listed, by=holder.fresh())
        assert Entry.objects.get(pk=old.pk).read(holder.keyring())

    def test_a_stranger_does_nothing(self, school: School, holder: Person, old: Entry) -> None:
        officer = factories.make_person(school, "phone_officer")
        with at(NOW), pytest.raises(Refused):
            drawn_up(school, officer)
        assert Trail.objects.filter(step=Trail.Step.REFUSED, facts__attempt="draw_up").exists()


class TestShorterTerms:
    def test_a_letter_set_aside_goes_after_its_months(
        self, school: School, holder: Person, deputy: Person
    ) -> None:
        with at(NOW - datetime.timedelta(days=200)):
            taken = put_aside(school, by=holder)
        with at(NOW):
            destroyed(school, by=holder, approver=deputy)
            taken.refresh_from_db()
            assert taken.destroyed_on == school.today()
            assert taken.read_or_none(holder.keyring()) is None
            assert Letter.objects.get().read_or_none(holder.keyring()) is None
            verify_school(school)

    def test_a_young_one_stays(self, school: School, holder: Person) -> None:
        with at(NOW - datetime.timedelta(days=100)):
            put_aside(school, by=holder)
        with at(NOW):
            assert len(due_in(school)) == 0

    def test_a_file_that_nobody_opened_goes_before_its_letter(
        self, school: School, holder: Person, deputy: Person
    ) -> None:
        with at(NOW - datetime.timedelta(days=400)):
            entry = closed_entry(school, by=holder, files=[picture("JPEG"), picture("PNG")])
        client = factories.signed_in_client(holder)
        assert client.get(f"/admin/journal/entry/{entry.pk}/file/1/").status_code == 200
        with at(NOW):
            assert [file.position for file in due_in(school).files] == [2]
            destroyed(school, by=holder, approver=deputy)
            read, unread = Attachment.objects.order_by("position")
            assert read.read(holder.keyring()) and unread.read_or_none(holder.keyring()) is None
            assert Entry.objects.get().read(holder.keyring())
            verify_school(school)
            assert verify_files(school) == 1


class TestFound:
    """A key taken away behind the program's back is no destruction."""

    def test_in_a_letter(self, school: School, holder: Person, old: Entry) -> None:
        verify_school(school)
        Letter.objects.filter(pk=old.letter_id).update(sealed_key=b"")
        with pytest.raises(Broken, match="key was taken away"):
            verify_school(school)

    def test_in_a_letter_set_aside(self, school: School, holder: Person) -> None:
        put_aside(school, by=holder)
        TakenLetter.objects.update(sealed_key=b"", destroyed_on=NOW.date())
        with pytest.raises(Broken, match="key was taken away"):
            verify_school(school)

    def test_a_key_put_back(
        self, school: School, holder: Person, deputy: Person, old: Entry
    ) -> None:
        key = bytes(old.sealed_key)
        with at(NOW):
            destroyed(school, by=holder, approver=deputy)
        unbind(connection)
        Entry.objects.filter(pk=old.pk).update(sealed_key=key)
        with pytest.raises(Broken, match="has a key"):
            verify_school(school)


class TestBound:
    """What the database itself refuses, whoever asks."""

    @pytest.fixture
    def gone(self, school: School, holder: Person, deputy: Person, old: Entry) -> Entry:
        with at(NOW):
            destroyed(school, by=holder, approver=deputy)
        bind(connection)
        return old

    @pytest.mark.parametrize(
        "changed", [{"destroyed_on": None}, {"sealed_key": b"a key"}, {"held": True}]
    )
    def test_a_destroyed_entry_does_not_come_back(
        self, gone: Entry, changed: dict[str, object]
    ) -> None:
        with pytest.raises(DatabaseError, match=REFUSAL), transaction.atomic():
            Entry.objects.filter(pk=gone.pk).update(**changed)

    def test_a_held_entry_is_not_destroyed(self, holder: Person, old: Entry) -> None:
        bind(connection)
        Entry.objects.filter(pk=old.pk).update(held=True)
        with pytest.raises(DatabaseError, match=REFUSAL), transaction.atomic():
            Entry.objects.filter(pk=old.pk).update(destroyed_on=NOW.date())

    def test_a_list_and_its_lines_stay(self, gone: Entry) -> None:
        for rows in (Doomed.objects.all(), Destruction.objects.all()):
            with pytest.raises(DatabaseError, match=REFUSAL), transaction.atomic():
                rows._raw_delete(rows.db)
        with pytest.raises(DatabaseError, match=REFUSAL), transaction.atomic():
            Destruction.objects.update(done_on=None)
