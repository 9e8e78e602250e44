"""Who is told that something is due for destruction, where, and when: the first page, and one morning of a month."""

import datetime

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from journal import destruction_days
from journal.bound import unbind
from journal.days import morning_of
from journal.destruction_days import ToDestroy, to_destroy
from journal.keeping import due_in
from journal.models import Destruction, Entry
from journal.services import destroying, holding
from journal.services.reminding import remind
from schools.languages import LANGUAGES
from schools.models import Mail, Membership, School, User
from tests import factories
from tests.box.files.samples import picture
from tests.factories import TEXT, Person, signed_in_client
from tests.journal.answering.case import acting
from tests.journal.keeping.case import (
    LONG_AGO,
    NOW,
    at,
    closed_entry,
    meeting_held,
    put_aside,
)

pytestmark = pytest.mark.django_db
LIST = "/admin/journal/destruction/"
NOTHING = ToDestroy()


@pytest.fixture
def old(school: School, holder: Person) -> Entry:
    with at(LONG_AGO):
        return closed_entry(school, by=holder)


def of(school: School, person: Person) -> ToDestroy:
    return to_destroy([school], person.fresh()).get(school.pk, NOTHING)


def first_page(person: Person) -> str:
    return signed_in_client(person).get(reverse("admin:index")).content.decode()


def approved(school: School, listed: Destruction, *, by: Person, meeting_by: Person) -> None:
    destroying.approve(
        school=school,
        destruction=listed,
        meeting=meeting_held(school, by=meeting_by),
        spared=[],
        by=by.fresh(),
    )


class TestFirstPage:
    def test_from_what_is_due_to_the_end_each_is_told_what_waits_for_them(
        self, school: School, holder: Person, deputy: Person, old: Entry
    ) -> None:
        draw_up = f"{LIST}draw-up/{school.slug}/"
        with at(NOW):
            for person in (holder, deputy):
                page = first_page(person)
                assert "<strong>1 record</strong> has been kept for as long as" in page
                assert draw_up in page
            listed = destroying.draw_up(school=school, by=holder.fresh())
            address = f"{LIST}{listed.pk}/change/"
            waits = "List for destruction № 1 waits for the commission."
            page = first_page(deputy)
            assert waits in page and address in page and draw_up not in page
            page = first_page(holder)  # does not approve
            assert waits not in page and address not in page and draw_up not in page
            approved(school, listed, by=deputy, meeting_by=holder)
            for person in (holder, deputy):
                page = first_page(person)
                assert "List for destruction № 1 is approved and waits to be carried out." in page
                assert address in page and waits not in page
            destroying.carry_out(school=school, destruction=listed, by=holder.fresh())
            assert address not in first_page(holder) and address not in first_page(deputy)

    def test_a_list_called_off_waits_for_nobody_and_its_lines_are_due_again(
        self, school: School, holder: Person, deputy: Person, old: Entry
    ) -> None:
        with at(NOW):
            listed = destroying.draw_up(school=school, by=holder.fresh())
            assert of(school, deputy) == ToDestroy(due=0, to_approve=(listed,))
            destroying.call_off(school=school, destruction=listed, by=holder.fresh())
            assert of(school, deputy) == ToDestroy(due=1)

    @pytest.mark.parametrize("role", ["phone_officer", "administrator", "commission_member"])
    def test_others_are_told_nothing(
        self, school: School, holder: Person, old: Entry, role: str
    ) -> None:
        other = factories.make_person(school, role)
        with at(NOW):
            destroying.draw_up(school=school, by=holder.fresh())
            assert to_destroy([school], other.fresh()) == {}
            assert "/journal/destruction/draw-up/" not in first_page(other)

    def test_more_than_a_list_holds_is_not_counted(
        self, school: School, holder: Person, old: Entry, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with at(LONG_AGO):
            for _number in range(3):
                closed_entry(school, by=holder)
        with at(NOW):
            assert of(school, holder).due == 4
            monkeypatch.setattr(destruction_days, "MOST_LINES", 2)
            assert of(school, holder).due == 2
            assert "At least <strong>2 records</strong> have been kept" in first_page(holder)


class TestCounted:
    """The same as on the page on which a list is drawn up, files left out."""

    def test_entries_and_letters_set_aside(self, school: School, holder: Person) -> None:
        with at(LONG_AGO):
            held = closed_entry(school, by=holder)
            factories.registered_entry(school, by=holder)  # nobody finished it
            for _number in range(3):
                closed_entry(school, by=holder)
        with at(NOW - datetime.timedelta(days=400)):
            closed_entry(school, by=holder, files=[picture("JPEG")])
            put_aside(school, by=holder)
        with at(NOW - datetime.timedelta(days=100)):
            put_aside(school, by=holder)
        with at(NOW):
            holding.hold(reason="Asked for by the court.", **acting(held, holder))
            due = due_in(school)
            assert [len(due.entries), len(due.taken), len(due.files)] == [3, 1, 1]
            assert of(school, holder).due == 4

    def test_on_the_very_day(self, school: School, holder: Person, old: Entry) -> None:
        with at(datetime.datetime(2025, 3, 1, 9, tzinfo=datetime.UTC)):
            assert of(school, holder).due == 0
        with at(datetime.datetime(2025, 3, 2, 9, tzinfo=datetime.UTC)):
            assert of(school, holder).due == 1

    @pytest.mark.parametrize("known", ["answered_on", "taken_on"])
    def test_where_its_end_is_not_known(
        self, school: School, holder: Person, old: Entry, known: str
    ) -> None:
        unbind(connection)
        unknown = {"closed_on": None, "answered_on": None, "no_reply": True, "taken_on": NOW.date()}
        Entry.objects.filter(pk=old.pk).update(**{**unknown, known: LONG_AGO.date()})
        with at(NOW):
            assert len(due_in(school).entries) == of(school, holder).due == 1

    def test_each_school_by_its_own_terms(self, school: School, holder: Person) -> None:
        longer = factories.make_school("school-2", country="KG", keep_years=10)
        unruled = factories.make_school("school-3")
        for number, other in enumerate((longer, unruled)):
            keeper = factories.make_person(
                other, "psychologist", username=f"p{number}", with_key=True
            )
            Membership.objects.create(user=holder.user, school=other, role_id="psychologist")
            with at(LONG_AGO):
                closed_entry(other, by=keeper)
        with at(LONG_AGO):
            for _number in range(2):
                closed_entry(school, by=holder)
        unruled.regulations.all().delete()
        with at(NOW):
            found = to_destroy([school, longer, unruled], holder.fresh())
        counts = {pk: waits.due for pk, waits in found.items()}
        assert counts == {school.pk: 2, longer.pk: 0, unruled.pk: 0}

    def test_what_is_withheld_is_in_no_count(
        self, school: School, holder: Person, deputy: Person
    ) -> None:
        with at(LONG_AGO):
            closed_entry(school, by=holder, about=["deputy_director"])
            put_aside(school, by=holder, about=["deputy_director"])
        with at(NOW):
            assert of(school, holder).due == 2
            assert of(school, deputy).due == 0
            assert "have been kept for as long" not in first_page(deputy)

    def test_queries_for_one_school_and_for_fifty_for_one_record_and_for_many(
        self, school: School, holder: Person, old: Entry
    ) -> None:
        def cost(asked: list[School]) -> int:
            user = holder.fresh()
            assert user.schools_allowing("journal.view_entry")
            with CaptureQueriesContext(connection) as queries:
                to_destroy(asked, user)
            return len(queries)

        with at(NOW):
            few = cost([school])
        with at(LONG_AGO):
            for _number in range(5):
                closed_entry(school, by=holder)
                put_aside(school, by=holder)
        schools = [school]
        for number in range(2, 51):
            other = factories.make_school(f"school-{number}", keep_years=number % 5 + 1)
            Membership.objects.create(user=holder.user, school=other, role_id="psychologist")
            schools.append(other)
        with at(NOW):
            assert cost(schools) == few == 3
            assert len(to_destroy(schools, holder.fresh())) == 50


class TestMorning:
    """Monday 2 November 2026 is the first working day of its month; the 1st is a Sunday."""

    MONDAY = datetime.datetime(2026, 11, 2, 8, 30)

    def told(self, school: School, person: Person) -> tuple[int, int, int]:
        morning = morning_of([school], person.fresh())[0]
        return morning.to_list, morning.lists_to_approve, morning.lists_to_carry_out

    def test_on_the_first_working_day_of_a_month_alone(
        self, school: School, holder: Person, old: Entry
    ) -> None:
        monday = self.MONDAY.replace(tzinfo=school.zone)
        days = [monday + datetime.timedelta(days=number) for number in range(-1, 29)]
        told = []
        for day in days:
            with at(day):
                if self.told(school, holder) == (1, 0, 0):
                    told.append(day.date().isoformat())
        assert told == ["2026-11-02"]

    def test_no_queries_on_other_days(self, school: School, holder: Person, old: Entry) -> None:
        def cost(day: datetime.datetime) -> int:
            user = holder.fresh()
            with at(day), CaptureQueriesContext(connection) as queries:
                morning_of([school], user)
            return len(queries)

        monday = self.MONDAY.replace(tzinfo=school.zone)
        assert cost(monday) - cost(monday + datetime.timedelta(days=1)) == 3

    def test_lists_are_told_to_those_for_whom_they_wait(
        self, school: School, holder: Person, deputy: Person, old: Entry
    ) -> None:
        with at(self.MONDAY.replace(tzinfo=school.zone)):
            listed = destroying.draw_up(school=school, by=holder.fresh())
            assert self.told(school, holder) == (0, 0, 0)
            assert self.told(school, deputy) == (0, 1, 0)
            approved(school, listed, by=deputy, meeting_by=holder)
            assert self.told(school, holder) == self.told(school, deputy) == (0, 0, 1)

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_the_mail_has_counts_and_no_word_of_anybody(
        self, school: School, holder: Person, deputy: Person, old: Entry, language: str
    ) -> None:
        with at(LONG_AGO):
            closed_entry(school, by=holder)
        User.objects.filter(pk=deputy.user.pk).update(email="d@a.example", language=language)
        monday = self.MONDAY.replace(tzinfo=school.zone)
        with at(monday - datetime.timedelta(days=1)):
            destroying.draw_up(school=school, by=holder.fresh())
        with at(LONG_AGO):
            for _number in range(7):
                closed_entry(school, by=holder)
        with at(monday):
            remind()
        (message,) = mail.outbox
        lines = [line for line in message.body.splitlines() if line.startswith("– ")]
        assert sorted(line.rpartition(": ")[2] for line in lines[-2:]) == ["1", "7"]
        assert len(set(lines)) == len(lines)
        for word in (TEXT, old.school.slug, holder.user.full_name, "№"):
            assert word not in message.body
        figures = Mail.objects.get(state=Mail.State.SENT).figures["schools"]
        assert all(type(value) in (int, str) for value in figures[0].values())
        mail.outbox.clear()
        with time_machine.travel(monday + datetime.timedelta(days=1), tick=False):
            remind()
        told = "".join(message.body for message in mail.outbox)
        assert not any(line in told for line in lines[-2:])
