"""A frozen report holds what outsiders may see, no more, and gives the same figures back."""

import datetime
import json
import random

import pytest
import time_machine

from reports.analysis.freezing import FORMER, freeze_report, thaw
from reports.analysis.tables import tables_of
from reports.figures.covering import cover
from reports.figures.for_outsiders import covered_figures_of
from reports.figures.periods import whole_months
from schools.models import Category
from tests.factories import day, make_person, make_school, registered_entry
from tests.reports.figures.histories import DEEDS, begin, happen
from tests.reports.figures.told import History

pytestmark = pytest.mark.django_db


def a_history() -> History:
    """Forty deeds, the same each time."""
    chance = random.Random(7)
    steps = [
        (
            chance.randint(0, 9),
            chance.choice(DEEDS),
            *(chance.randrange(100) for _three in range(3)),
        )
        for _deed in range(40)
    ]
    return happen(begin(), steps)


def test_what_is_frozen_is_what_outsiders_see() -> None:
    history = a_history()
    after = history.today + datetime.timedelta(days=32)
    moment = datetime.datetime.combine(after, datetime.time(9), datetime.UTC)
    with time_machine.travel(moment, tick=False):
        period = whole_months(day("2026-02-01"), 6)
        figures = covered_figures_of(history.school, period.first, period.last)
        # As the database gives it back.
        told = thaw(json.loads(json.dumps(freeze_report(history.school, "half", period))))
        for name in FORMER:
            assert getattr(told, name) == getattr(figures, name)
        assert any(number.high for _month, number in told.months)
        for month, number in told.months:
            one = whole_months(month, 1)
            alone = covered_figures_of(history.school, one.first, one.last)
            assert number == alone.now.registered


def test_only_the_names_of_lines_and_of_who_signs_stand_in_it() -> None:
    with time_machine.travel(datetime.datetime(2026, 9, 4, 5, tzinfo=datetime.UTC), tick=False):
        school = make_school()
        keeper = make_person(school, "psychologist", with_key=True, full_name="Әбенова Дина")
        identity = {"full_name": "Айгүл Серікқызы", "class_group": "7Б", "phone": "+77011234567"}
        registered_entry(
            school,
            by=keeper,
            text="They hide my bag.",
            summary="A bag.",
            signed=True,
            identity=identity,
        )
    with time_machine.travel(datetime.datetime(2026, 10, 4, 5, tzinfo=datetime.UTC), tick=False):
        frozen = freeze_report(school, "month", whole_months(day("2026-09-01"), 1))
    plain = json.dumps(frozen, ensure_ascii=False)
    for secret in ("bag", "Айгүл", "7Б", "7011234567"):
        assert secret not in plain
    assert frozen["keepers"] == [
        {"role": "psychologist", "name": "Әбенова Дина"},
        {"role": "social_pedagogue", "name": ""},
    ]
    assert frozen["now"]["registered"] == [cover(1).low, cover(1).high] == [1, 4]
    assert frozen["now"]["by_category"] == [
        *([row.slug, 0, 4] for row in Category.objects.filter(school=school)),
        ["", 0, 4],
    ]


def test_periods_before_the_book_was_kept_are_not_set_beside() -> None:
    with time_machine.travel(datetime.datetime(2026, 9, 4, 5, tzinfo=datetime.UTC), tick=False):
        school = make_school()
        registered_entry(school, by=make_person(school, "psychologist", with_key=True))
    with time_machine.travel(datetime.datetime(2027, 11, 4, 5, tzinfo=datetime.UTC), tick=False):
        for first, compared in (
            ("2026-09-01", []),
            ("2026-10-01", ["former"]),
            ("2027-09-01", ["former", "year_ago"]),
        ):
            period = whole_months(day(first), 1)
            assert freeze_report(school, "month", period)["compared"] == compared


def test_beside_a_year_there_is_the_year_before_once() -> None:
    with time_machine.travel(datetime.datetime(2026, 9, 4, 5, tzinfo=datetime.UTC), tick=False):
        school = make_school()
        registered_entry(school, by=make_person(school, "psychologist", with_key=True))
    with time_machine.travel(datetime.datetime(2028, 9, 4, 5, tzinfo=datetime.UTC), tick=False):
        for first, months, compared in (
            ("2027-09-01", 12, ["former"]),
            ("2027-09-01", 4, ["former", "year_ago"]),
        ):
            period = whole_months(day(first), months)
            frozen = freeze_report(school, "year", period)
            assert frozen["compared"] == compared
            (table, *_others) = (table for _name, table in tables_of(thaw(frozen), "en"))
            assert len(table.head) == len(set(table.head)) == 2 + len(compared)


def test_a_month_that_is_not_over_is_not_frozen() -> None:
    school = make_school()
    with pytest.raises(ValueError, match="months that are over"):
        freeze_report(school, "month", whole_months(school.today(), 1))
