"""How long letters waited says to outsiders nothing of how few there were, and nothing of how they came."""

import datetime
from collections.abc import Mapping

import pytest
import time_machine

from journal.services import registering
from reports.figures.for_outsiders import CoveredSpell, covered_figures_of
from reports.figures.periods import Period, whole_months
from schools.models import School
from tests import factories
from tests.factories import Person

pytestmark = pytest.mark.django_db

AFTERWARDS = datetime.datetime(2027, 9, 10, 6, tzinfo=datetime.UTC)


@pytest.fixture
def school() -> School:
    return factories.make_school(reply_days=5)


@pytest.fixture
def holder(school: School) -> Person:
    with time_machine.travel(datetime.datetime(2026, 9, 1, 6, tzinfo=datetime.UTC), tick=False):
        return factories.make_person(school, "deputy_director", with_key=True)


def wrote(school: School, holder: Person, *, month: int, letters: int = 0, paper: int = 0) -> None:
    """Letters of the site and of paper, taken out in a month of 2027."""
    at = datetime.datetime(2027, month, 12, 6, tzinfo=datetime.UTC)
    with time_machine.travel(at, tick=False):
        for _letter in range(letters):
            factories.registered_entry(school, by=holder)
        for _letter in range(paper):
            registering.register_paper(
                school=school,
                opening=None,
                paper=registering.PaperLetter(text="A", audience="student", signed=False),
                registration=registering.Registration(summary="S", category=None),
                by=holder.fresh(),
                keyring=holder.keyring(),
            )


def waited(school: School, period: Period) -> CoveredSpell:
    """From arrival to the opening, as outsiders are told."""
    with time_machine.travel(AFTERWARDS, tick=False):
        return covered_figures_of(school, period.first, period.last).now.to_reading


@pytest.mark.parametrize("letters", [{1: 1, 2: 1, 3: 1, 4: 1}, {1: 2, 2: 1, 3: 1, 4: 1}])
def test_months_of_few_letters_are_in_no_time(
    school: School, holder: Person, letters: Mapping[int, int]
) -> None:
    """Four months of «1–4»: told of five letters together and not of four, each would be known to be one."""
    for month, number in letters.items():
        wrote(school, holder, month=month, letters=number)
    assert waited(school, whole_months(datetime.date(2027, 1, 1), 4)) == CoveredSpell()


@pytest.mark.parametrize(
    ("letters", "paper", "is_told"),
    [
        (6, 0, True),
        # Of six letters five came by the site: one on paper would be known.
        (5, 1, False),
        (5, 4, False),
        (5, 5, True),
        (4, 6, False),
    ],
)
def test_no_time_tells_how_many_came_on_paper(
    school: School, holder: Person, letters: int, paper: int, is_told: bool
) -> None:
    wrote(school, holder, month=3, letters=letters, paper=paper)
    told = waited(school, whole_months(datetime.date(2027, 3, 1), 1))
    assert (told != CoveredSpell()) == is_told


def test_four_months_with_one_on_paper_each_tell_it_neither(school: School, holder: Person) -> None:
    for month in (1, 2, 3, 4):
        wrote(school, holder, month=month, letters=5, paper=1)
    wrote(school, holder, month=5, letters=5)
    assert waited(school, whole_months(datetime.date(2027, 1, 1), 4)) == CoveredSpell()
    year = waited(school, whole_months(datetime.date(2027, 1, 1), 6))
    assert year == waited(school, whole_months(datetime.date(2027, 5, 1), 1)) != CoveredSpell()
