"""What waits in a school today: each count, by the school's own date and working days, and for whom."""

import datetime
import secrets
from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from box.models import Letter, Message
from box.services import messaging
from journal.days import Horizon, days_of, horizons_of, morning_of
from journal.models import Entry
from journal.services import registering, reviewing
from schools.models import CalendarDay, Membership, Regulation, School
from schools.services.bodies import give_bodies
from tests import factories
from tests.factories import Person, day

pytestmark = pytest.mark.django_db
# A Thursday; the box is opened on Fridays at 15:00.
NOW = datetime.datetime(2026, 11, 19, 6, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _thursday() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def school() -> School:
    made = factories.make_school(country="KG")
    give_bodies(school=made)
    return made


@pytest.fixture
def holder(school: School) -> Person:
    return factories.make_person(school, "psychologist", with_key=True)


def paper(school: School, by: Person, **dates: str) -> Entry:
    """An entry typed in, its dates set by hand."""
    entry = registering.register_paper(
        school=school,
        opening=None,
        paper=registering.PaperLetter(text="Paper", audience="parent", signed=False),
        registration=registering.Registration(summary="Summary", category=None),
        by=by.fresh(),
        keyring=by.keyring(),
    )
    Entry.objects.filter(pk=entry.pk).update(**{name: day(text) for name, text in dates.items()})
    entry.refresh_from_db()
    return entry


def counts(school: School, person: Person) -> dict[str, int]:
    """The counts of the person's morning that are not 0."""
    found = vars(morning_of([school], person.fresh())[0])
    return {name: count for name, count in found.items() if isinstance(count, int) and count}


def test_nothing_waits_and_nothing_is_told(school: School, holder: Person) -> None:
    morning = morning_of([school], holder.fresh())[0]
    assert not morning.has_news
    assert morning.opening_at is None


def test_due_overdue_and_soon_by_working_days(school: School, holder: Person) -> None:
    # Thursday 19 November: soon ends on Monday 23, the weekend does not count.
    for due in ("2026-11-18", "2026-11-19", "2026-11-20", "2026-11-23", "2026-11-24"):
        paper(school, holder, due_on=due)
    assert counts(school, holder) == {"overdue": 1, "due_today": 1, "due_soon": 2}
    found = days_of([school], holder.fresh())[0]
    assert (found.due, found.due_soon, found.due_today, found.overdue) == (4, 3, 1, 1)
    CalendarDay.objects.create(school=school, day=day("2026-11-23"), works=False)
    assert counts(school, holder) == {"overdue": 1, "due_today": 1, "due_soon": 3}


def test_what_is_answered_is_not_due(school: School, holder: Person) -> None:
    entry = paper(school, holder, due_on="2026-11-18", forward_by="2026-11-18")
    assert counts(school, holder) == {"overdue": 1, "to_send_on": 1}
    Entry.objects.filter(pk=entry.pk).update(
        state=Entry.State.ANSWERED, answered_on=day("2026-11-19")
    )
    assert counts(school, holder) == {}


def test_to_send_on_until_somebody_has_looked(school: School, holder: Person) -> None:
    far = paper(school, holder, forward_by="2026-11-24")
    sent = paper(school, holder, forward_by="2026-11-20")
    looked = paper(school, holder, forward_by="2026-11-20")
    assert counts(school, holder) == {"to_send_on": 2}
    factories.forwarded(sent, by=holder)
    assert counts(school, holder) == {"to_send_on": 1}
    reviewing.take_into_review(
        entry=looked,
        reviewer=holder.fresh(),
        by=holder.fresh(),
        keyring=holder.keyring(),
        version=looked.version,
    )
    assert counts(school, holder) == {}
    with time_machine.travel(NOW + datetime.timedelta(days=1)):
        assert far.forward_by == day("2026-11-24")
        assert counts(school, holder) == {"to_send_on": 1}


def test_a_body_that_is_late(school: School, holder: Person) -> None:
    entry = paper(school, holder)
    sent = factories.forwarded(entry, by=holder, due_on=day("2026-11-20"))
    assert counts(school, holder) == {}
    with time_machine.travel(NOW + datetime.timedelta(days=1)):
        assert counts(school, holder) == {}
    with time_machine.travel(NOW + datetime.timedelta(days=2)):
        assert counts(school, holder) == {"forwardings_overdue": 1}
        assert sent.is_open


def write_back(letter: Letter) -> Message:
    written = messaging.write_back(
        letter=letter,
        text="Something more happened today.",
        danger=False,
        form_hash=secrets.token_bytes(32),
    )
    assert isinstance(written, Message)
    return written


def test_what_authors_wrote(school: School, holder: Person) -> None:
    waiting = factories.send_letter(school)
    write_back(waiting)
    # It waits in the box with its letter.
    assert counts(school, holder) == {"waiting": 1}
    entry = factories.registered_entry(school, by=holder)
    message = write_back(Letter.objects.get(pk=entry.letter_id))
    assert counts(school, holder)["new_messages"] == 1
    Message.objects.filter(pk=message.pk).update(seen=True)
    assert "new_messages" not in counts(school, holder)


def test_a_day_of_opening_is_told_until_its_hour(school: School, holder: Person) -> None:
    friday = datetime.datetime(2026, 11, 20, 8, tzinfo=school.zone)
    with time_machine.travel(friday):
        morning = morning_of([school], holder.fresh())[0]
    assert morning.has_news
    assert morning.opening_at == friday.replace(hour=15)
    with time_machine.travel(friday.replace(hour=16)):
        assert morning_of([school], holder.fresh())[0].opening_at is None


def test_what_is_withheld_is_in_no_count(school: School, holder: Person) -> None:
    colleague = factories.make_person(school, "social_pedagogue", with_key=True)
    about = factories.registered_entry(school, by=holder, about=["social_pedagogue"])
    write_back(Letter.objects.get(pk=about.letter_id))
    Entry.objects.filter(pk=about.pk).update(due_on=day("2026-11-18"), forward_by=day("2026-11-18"))
    assert counts(school, holder) == {"overdue": 1, "to_send_on": 1, "new_messages": 1}
    assert counts(school, colleague) == {}
    about.refresh_from_db()
    factories.forwarded(about, by=holder, due_on=day("2026-11-19"))
    with time_machine.travel(NOW + datetime.timedelta(days=1)):
        assert counts(school, holder)["forwardings_overdue"] == 1
        assert counts(school, colleague) == {}


def test_only_schools_whose_journal_the_person_sees(school: School, holder: Person) -> None:
    other = factories.make_school("school-2")
    paper(school, holder, due_on="2026-11-18")
    for person in (
        factories.make_person(other, "psychologist"),
        factories.make_person(school, "administrator"),
        factories.make_operator(),
    ):
        assert [morning.school for morning in morning_of([school], person.fresh())] == []
    both = holder.fresh()
    Membership.objects.create(user=both, school=other, role_id="administrator")
    assert [m.school for m in morning_of([school, other], holder.fresh())] == [school]


def test_each_school_by_its_own_clock(db: None) -> None:
    """18:30 in Greenwich: in Bishkek the next day has begun, in Almaty it has not."""
    schools = [factories.make_school(code.lower(), country=code) for code in ("KG", "KZ")]
    with time_machine.travel(datetime.datetime(2026, 11, 19, 18, 30, tzinfo=datetime.UTC)):
        found = horizons_of(schools)
    assert [found[school.pk] for school in schools] == [
        Horizon(today=day("2026-11-20"), soon=day("2026-11-24")),
        Horizon(today=day("2026-11-19"), soon=day("2026-11-23")),
    ]


def test_queries_for_one_school_and_for_fifty(school: School, holder: Person) -> None:
    entry = paper(school, holder, due_on="2026-11-18")
    factories.forwarded(entry, by=holder, due_on=day("2026-11-19"))
    schools = [school]
    for number in range(2, 51):
        other = factories.make_school(f"school-{number}", country="KG" if number % 2 else "KZ")
        CalendarDay.objects.create(school=other, day=day("2026-11-20"), works=number % 3 == 0)
        Membership.objects.create(user=holder.user, school=other, role_id="psychologist")
        schools.append(other)

    def cost(asked: list[School]) -> int:
        user = holder.fresh()
        with CaptureQueriesContext(connection) as queries:
            assert len(morning_of(asked, user)) == len(asked)
        return len(queries)

    assert cost(schools[:1]) == cost(schools) == 12


class TestList:
    """The same in the journal's list."""

    def numbers(self, holder: Person, due: str) -> set[int]:
        client = factories.signed_in_client(holder)
        page = client.get(reverse("admin:journal_entry_changelist"), {"due": due})
        return {entry.number for entry in page.context["cl"].result_list}

    def test_filters(self, school: School, holder: Person) -> None:
        for due in ("2026-11-18", "2026-11-19", "2026-11-23", "2026-11-24"):
            paper(school, holder, due_on=due)
        send = paper(school, holder, forward_by="2026-11-20")
        late = paper(school, holder)
        factories.forwarded(late, by=holder, due_on=day("2026-11-19"))
        with time_machine.travel(NOW + datetime.timedelta(minutes=1)):
            assert self.numbers(holder, "overdue") == {1}
            assert self.numbers(holder, "soon") == {2, 3}
            assert self.numbers(holder, "due") == {2, 3, 4}
            assert self.numbers(holder, "send_on") == {send.number}
            assert self.numbers(holder, "body") == set()
            assert self.numbers(holder, "nonsense") == {1, 2, 3, 4, 5, 6}
        with time_machine.travel(NOW + datetime.timedelta(days=1)):
            assert self.numbers(holder, "body") == {late.number}
            assert self.numbers(holder, "overdue") == {1, 2}

    def test_flags(self, school: School, holder: Person) -> None:
        for due in ("2026-11-18", "2026-11-19", "2026-11-23", "2026-11-24"):
            paper(school, holder, due_on=due)
        page = factories.signed_in_client(holder).get(reverse("admin:journal_entry_changelist"))
        assert page.content.decode().count('class="flag flag-overdue"') == 1
        assert page.content.decode().count('class="flag flag-soon">today<') == 1
        assert page.content.decode().count('class="flag flag-soon">soon<') == 1

    def test_what_is_withheld_is_found_by_no_filter(self, school: School, holder: Person) -> None:
        colleague = factories.make_person(school, "social_pedagogue", with_key=True)
        about = factories.registered_entry(school, by=holder, about=["social_pedagogue"])
        Entry.objects.filter(pk=about.pk).update(
            due_on=day("2026-11-20"), forward_by=day("2026-11-20")
        )
        assert self.numbers(holder, "soon") == self.numbers(holder, "send_on") == {about.number}
        assert self.numbers(colleague, "soon") == self.numbers(colleague, "send_on") == set()
        about.refresh_from_db()
        factories.forwarded(about, by=holder, due_on=day("2026-11-19"))
        with time_machine.travel(NOW + datetime.timedelta(days=1)):
            assert self.numbers(holder, "body") == {about.number}
            assert self.numbers(colleague, "body") == set()


class TestFirstPage:
    """The same on the card of the school."""

    def test_each_count_leads_to_its_entries(self, school: School, holder: Person) -> None:
        paper(school, holder, due_on="2026-11-20")
        paper(school, holder, forward_by="2026-11-20")
        page = factories.signed_in_client(holder).get(reverse("admin:index")).content.decode()
        assert "1 is due within two working days" in page
        assert f"?due=soon&amp;school={school.pk}" in page
        assert f"?due=send_on&amp;school={school.pk}" in page
        assert "due=body" not in page

    def test_a_regulation_of_the_school_year_counts_no_vacation(
        self, school: School, holder: Person
    ) -> None:
        Regulation.objects.update(works=Regulation.Works.SCHOOL_YEAR)
        paper(school, holder, due_on="2026-09-01")
        with time_machine.travel(datetime.datetime(2026, 5, 29, 12, tzinfo=school.zone)):
            assert counts(school, holder) == {"due_soon": 1}


@pytest.mark.parametrize(
    ("due_on", "said"),
    [
        ("2026-11-18", "flag-overdue"),
        ("2026-11-19", "answer today"),
        ("2026-11-23", "answer soon"),
        ("2026-11-24", ""),
    ],
)
def test_the_entrys_page_tells_how_near_the_day_is(
    school: School, holder: Person, due_on: str, said: str
) -> None:
    entry = paper(school, holder, due_on=due_on)
    client = factories.signed_in_client(holder)
    address = reverse("admin:journal_entry_change", args=[entry.pk])
    flags = {"flag-overdue", "answer today", "answer soon"}
    page = client.get(address).content.decode()
    assert {flag for flag in flags if flag in page} == ({said} if said else set())
    # Answered on time or not: no day is owed any more.
    Entry.objects.filter(pk=entry.pk).update(
        state=Entry.State.ANSWERED, answered_on=day("2026-11-19")
    )
    page = client.get(address).content.decode()
    assert {flag for flag in flags if flag in page} == set()
