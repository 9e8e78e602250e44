"""The first page tells what the commission and the schedule still owe."""

import datetime
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from journal.commission_days import half_of, owed_by
from journal.services import protocols
from schools.models import Regulation, School
from tests import factories
from tests.factories import Person
from tests.journal.commission.meetings import call, hold, make_commission

DECEMBER = datetime.datetime(2026, 12, 10, 6, tzinfo=datetime.UTC)


@pytest.fixture
def school(db: None) -> School:
    return factories.make_school(schedule="monthly", month_days=[], meetings_a_half_year=2)


@pytest.fixture
def holder(school: School) -> Person:
    make_commission(school)
    with time_machine.travel(DECEMBER):
        return factories.make_person(school, "deputy_director", with_key=True)


def task(school: School, holder: Person, responsible: Person, due: datetime.date) -> None:
    decided = [protocols.Decided(text="Беседа.", responsible=responsible.user, due_on=due)]
    hold(call(school, by=holder), by=holder, decided=decided)


@pytest.mark.parametrize(
    ("day", "half"),
    [
        ("2026-09-01", ("2026-09-01", "2026-12-31")),
        ("2027-05-31", ("2027-01-01", "2027-05-31")),
        ("2027-07-01", None),
    ],
)
def test_half_years(day: str, half: tuple[str, str] | None) -> None:
    found = half_of(factories.day(day))
    assert (found and tuple(one.isoformat() for one in found)) == half


def test_meetings_that_a_half_year_lacks_are_told_before_its_end(
    school: School, holder: Person
) -> None:
    def lacking(moment: datetime.datetime) -> int:
        with time_machine.travel(moment):
            return owed_by([school], holder.fresh())[school.pk].meetings

    assert lacking(DECEMBER) == 2
    assert lacking(DECEMBER - datetime.timedelta(days=30)) == 0
    with time_machine.travel(DECEMBER):
        hold(call(school, by=holder), by=holder)
    assert lacking(DECEMBER) == 1
    with time_machine.travel(DECEMBER):
        hold(call(school, by=holder), by=holder)
    assert lacking(DECEMBER) == 0
    Regulation.objects.filter(school=school).update(meetings_a_half_year=0)
    assert lacking(DECEMBER + datetime.timedelta(days=160)) == 0


def test_a_task_is_seen_by_who_is_responsible_and_by_who_holds_meetings(
    school: School, holder: Person
) -> None:
    director = factories.make_person(school, "director")
    officer = factories.make_person(school, "phone_officer")
    with time_machine.travel(DECEMBER):
        task(school, holder, director, school.today())
        for person, seen in ((holder, 1), (director, 1), (officer, 0)):
            owed = owed_by([school], person.fresh())[school.pk]
            assert (len(owed.tasks), owed.overdue) == (seen, 0)
    with time_machine.travel(DECEMBER + datetime.timedelta(days=1)):
        assert owed_by([school], director.fresh())[school.pk].overdue == 1


def test_the_first_page_names_the_task_and_not_what_was_decided(
    school: School, holder: Person
) -> None:
    with time_machine.travel(DECEMBER - datetime.timedelta(days=2)):
        task(school, holder, holder, school.today() + datetime.timedelta(days=1))
    with time_machine.travel(DECEMBER):
        page = factories.signed_in_client(holder).get(reverse("admin:index")).content.decode()
    assert "Protocol № 1, decision 1" in page
    assert "Беседа." not in page
    assert "more meeting of the commission" in page


def test_as_many_queries_for_fifty_schools(
    school: School, holder: Person, django_assert_num_queries: Any
) -> None:
    schools = [school, *(factories.make_school(f"school-{place}") for place in range(2, 8))]
    user = holder.fresh()
    user.schools_allowing("journal.hold_meeting")
    with time_machine.travel(DECEMBER):
        task(school, holder, holder, school.today())
        with django_assert_num_queries(9):
            owed_by(schools[:1], user)
        with django_assert_num_queries(9):
            owed_by(schools, user)
