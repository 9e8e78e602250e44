"""What the regulation asks of an opening: who is there, an act, and a reason for what was missed."""

import datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import formats, translation

from journal.missed import missed_of, missed_openings
from journal.models import Opening
from journal.services.opening import Present, lacking
from journal.services.verifying import verify_school
from schools.errors import Refused
from schools.models import CalendarDay, Regulation, School, Vacation
from tests import factories
from tests.factories import Person
from trustbox.demo.schools import SCHOOLS, rules_of

# A Monday; the box of these tests is opened on Fridays.
MONDAY = datetime.datetime(2026, 11, 2, 4, tzinfo=datetime.UTC)


def days_later(days: int) -> time_machine.travel:
    return time_machine.travel(MONDAY + datetime.timedelta(days=days), tick=False)


@pytest.fixture
def school(db: None) -> School:
    return factories.make_school(schedule="weekly", weekday=4)


@pytest.fixture
def holder(school: School) -> Person:
    with days_later(0):
        return factories.make_person(school, "psychologist", with_key=True)


def rules(school: School, **settings: object) -> None:
    Regulation.objects.filter(school=school).update(**settings)


@pytest.mark.parametrize(
    ("day", "missed"),
    [
        (0, []),
        (4, []),  # the Friday itself is not over yet
        (5, ["2026-11-06"]),
        (18, ["2026-11-06", "2026-11-13"]),
    ],
)
def test_what_was_missed(school: School, holder: Person, day: int, missed: list[str]) -> None:
    with days_later(day):
        assert [found.isoformat() for found in missed_openings(school)] == missed


OF_THE_SCHEDULE = (
    *("schedule", "weekday", "every_days", "counted_from", "month_days"),
    *("on_working_days", "works"),
)
DAILY = {"schedule": "daily", "on_working_days": True}


@pytest.mark.parametrize(
    ("slug", "missed"),
    [
        # From 3 to 22 November 2026, with a vacation from 9 to 15 November.
        ("it-lyceum", "06 13 20"),
        ("sport-college", "16"),  # the 15th is a Sunday
        ("zheenbaev", "16"),  # so is the fifteenth day from 31 October
        ("orozbekov", "06 20"),  # works in the school year only
        ("", "03 04 05 06 09 10 11 12 13 16 17 18 19 20"),
    ],
)
def test_what_is_missed_by_the_schedule_of_each_demonstration_school(
    school: School, holder: Person, slug: str, missed: str
) -> None:
    demo = next((rules_of(data) for data in SCHOOLS if data["slug"] == slug), DAILY)
    rules(school, **{name: demo[name] for name in OF_THE_SCHEDULE if name in demo})
    first, last = factories.day("2026-11-09"), factories.day("2026-11-15")
    Vacation.objects.create(school=school, first_day=first, last_day=last)
    with days_later(21):
        found = missed_openings(school)
        page = factories.signed_in_client(holder).get(reverse("admin:index")).content.decode()
    assert [day.isoformat() for day in found] == [f"2026-11-{date}" for date in missed.split()]
    with translation.override("en"):
        named = ", ".join(formats.date_format(day, "DATE_FORMAT") for day in found[:10])
    assert f"asks for it:</strong> {named}." in page


def test_an_opening_ends_what_was_missed(school: School, holder: Person) -> None:
    with days_later(12):
        opening = factories.open_box(school, by=holder, missed_reason="Карантин.")
        assert opening.missed == ["2026-11-06", "2026-11-13"]
        assert opening.read(holder.keyring())["missed_reason"] == "Карантин."
        assert missed_openings(school) == []
        verify_school(school)


def test_a_missed_opening_asks_for_its_reason(school: School, holder: Person) -> None:
    with days_later(12), translation.override("en"), pytest.raises(Refused, match="missed"):
        factories.open_box(school, by=holder, missed_reason="")
    assert not Opening.objects.exists()


def test_a_day_off_moves_what_is_missed_and_a_vacation_takes_it_away(
    school: School, holder: Person
) -> None:
    CalendarDay.objects.create(school=school, day=factories.day("2026-11-06"))
    with days_later(12):
        assert missed_openings(school) == [factories.day("2026-11-09"), factories.day("2026-11-13")]
    rules(school, works=Regulation.Works.SCHOOL_YEAR)
    first, last = factories.day("2026-11-02"), factories.day("2026-11-08")
    Vacation.objects.create(school=school, first_day=first, last_day=last)
    with days_later(12):
        assert missed_openings(school) == [factories.day("2026-11-13")]


def test_a_day_is_measured_by_the_rules_of_that_day(school: School, holder: Person) -> None:
    Regulation.objects.create(
        school=school,
        holds_from=factories.day("2026-11-10"),
        box_names={"kk": "Сенім жәшігі"},
        schedule="weekly",
        weekday=1,
    )
    with days_later(17):
        found = [day.isoformat() for day in missed_openings(school)]
    assert found == ["2026-11-06", "2026-11-10", "2026-11-17"]


def test_a_box_without_a_key_misses_nothing(school: School) -> None:
    assert missed_openings(school) == []


def test_as_many_queries_for_fifty_schools_as_for_one(
    school: School, holder: Person, django_assert_num_queries: object
) -> None:
    schools = [school]
    with days_later(0):
        for place in range(2, 8):
            other = factories.make_school(f"school-{place}", schedule="daily")
            factories.make_person(other, "psychologist", with_key=True)
            schools.append(other)
    with days_later(12):
        with django_assert_num_queries(6):
            missed_of(schools[:1])
        with django_assert_num_queries(6):
            found = missed_of(schools)
    assert {len(days) for days in found.values()} == {2, 9}


def present(*roles: str) -> list[Present]:
    return [Present(name=role, role=role) for role in roles]


@pytest.mark.parametrize(
    ("settings", "there", "missing"),
    [
        ({}, ["psychologist"], []),
        ({"least_present": 2}, ["psychologist"], ["number"]),
        ({"least_present": 2}, ["psychologist", "deputy_director"], []),
        ({"must_be_present": ["deputy_director"]}, ["psychologist"], ["deputy_director"]),
        (
            {"must_be_present": ["deputy_director", "psychologist"], "least_present": 3},
            ["psychologist"],
            ["deputy_director", "number"],
        ),
    ],
)
def test_who_must_be_present(settings: dict, there: list[str], missing: list[str]) -> None:
    assert lacking(regulation=Regulation(**settings), present=present(*there)) == missing


def test_with_fewer_the_act_states_why(school: School, holder: Person) -> None:
    rules(school, least_present=2, must_be_present=["deputy_director"])
    with days_later(0):
        with translation.override("en"), pytest.raises(Refused, match="Fewer"):
            factories.open_box(school, by=holder, present=present("psychologist"))
        opening = factories.open_box(
            school, by=holder, present=present("psychologist"), few_reason="Завуч болеет."
        )
    assert opening.read(holder.keyring())["few_reason"] == "Завуч болеет."


def test_a_reason_nobody_asked_for_is_not_kept(school: School, holder: Person) -> None:
    with days_later(0):
        opening = factories.open_box(school, by=holder, few_reason="x", missed_reason="y")
    kept = opening.read(holder.keyring())
    assert (kept["few_reason"], kept["missed_reason"]) == ("", "")


@pytest.mark.parametrize(
    ("acts", "numbers"),
    [("always", [1, 2, 3]), ("with_letters", [None, 1, 2]), ("none", [None, None, None])],
)
def test_acts_are_numbered_where_the_regulation_asks_for_them(
    school: School, holder: Person, acts: str, numbers: list[int | None]
) -> None:
    rules(school, acts=acts)
    with days_later(0):
        empty = factories.open_box(school, by=holder)
        paper = factories.open_box(school, by=holder, paper_count=1)
        factories.send_letter(school)
        letter = factories.open_box(school, by=holder)
    assert [row.act_number for row in (empty, paper, letter)] == numbers
    verify_school(school)
