"""The choice of a period: names in addresses, and what the list offers."""

import datetime

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from reports.figures.periods import Period, whole_months
from reports.showing.choosing import (
    MOST_MONTHS,
    PeriodForm,
    from_address,
    head_name,
    name_in_address,
    period_name,
)
from schools.models import School
from tests import factories
from tests.reports.showing.school import NOVEMBER, at

DAYS = st.dates(datetime.date(2000, 1, 1), datetime.date(2199, 12, 31))


@given(DAYS, st.integers(1, MOST_MONTHS))
def test_an_address_leads_back_to_its_period(day: datetime.date, count: int) -> None:
    period = whole_months(day, count)
    assert from_address(name_in_address(period)) == period


@given(st.text(max_size=12))
def test_nothing_else_is_a_period(text: str) -> None:
    period = from_address(text)
    assert period is None or name_in_address(period) == f"{text[:8]}{int(text[8:])}"


@pytest.mark.parametrize("text", ["2026-00-1", "2026-13-1", "1999-12-1", "2026-09-0", "2026-09-61"])
def test_what_lies_outside_is_none(text: str) -> None:
    assert from_address(text) is None


@pytest.mark.parametrize(
    ("first", "count", "name", "head"),
    [
        ((2026, 9), 1, "September 2026", "09.2026"),
        ((2026, 7), 3, "07.2026 – 09.2026", "07.2026\u00a0– 09.2026"),
        ((2026, 9), 12, "School year 2026/2027", "2026/2027"),
        ((2026, 1), 12, "Year 2026", "2026"),
    ],
)
def test_periods_have_names(first: tuple[int, int], count: int, name: str, head: str) -> None:
    period = whole_months(datetime.date(*first, 1), count)
    with translation.override("en"):
        assert (period_name(period), head_name(period)) == (name, head)


@pytest.mark.django_db
class TestOffered:
    """What the list has in it on 20 November 2026."""

    @pytest.fixture
    def school(self) -> School:
        return factories.make_school()

    def offered(self, school: School, *, whole: bool, **typed: str) -> dict[str, list[str]]:
        with at(NOVEMBER), translation.override("en"):
            form = PeriodForm(typed or None, school=school, whole=whole)
            return {str(group): [name for name, _ in names] for group, names in form.offered()}

    def test_key_holders_choose_what_runs_now_too(self, school: School) -> None:
        found = self.offered(school, whole=False)
        assert list(found) == [
            "Months",
            "Quarters of the calendar year",
            "Half-years",
            "School years",
            "Calendar years",
        ]
        assert found["Months"][:2] == ["2026-11-1", "2026-10-1"]
        assert found["Quarters of the calendar year"][:2] == ["2026-10-3", "2026-07-3"]
        assert found["Half-years"][:3] == ["2026-09-4", "2026-07-6", "2026-01-6"]
        assert found["School years"][:2] == ["2026-09-12", "2025-09-12"]
        assert found["Calendar years"][:2] == ["2026-01-12", "2025-01-12"]

    def test_outsiders_choose_what_is_over(self, school: School) -> None:
        found = self.offered(school, whole=True)
        for names in found.values():
            for name in names:
                assert from_address(name).last <= datetime.date(2026, 10, 31)
        assert found["School years"][0] == "2025-09-12"

    def test_what_was_chosen_is_in_the_list(self, school: School) -> None:
        found = self.offered(school, whole=True, period="2026-03-5")
        assert found["Chosen now"] == ["2026-03-5"]

    def test_one_day_alone_is_an_end_of_the_period(self, school: School) -> None:
        with at(NOVEMBER):
            until = PeriodForm({"until": "2026-10-07"}, school=school, whole=False)
            assert until.chosen == Period(datetime.date(2026, 10, 1), datetime.date(2026, 10, 7))
            since = PeriodForm({"since": "2026-10-07"}, school=school, whole=False)
            assert since.chosen == Period(datetime.date(2026, 10, 7), datetime.date(2026, 11, 20))
