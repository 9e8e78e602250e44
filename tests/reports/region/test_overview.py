"""Charts of a region tell nothing that the rows of its schools do not: everything is a sum of what these show."""

import datetime
from collections import Counter
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journal.models import Standing, Tally
from reports.figures.covering import Covered, cover
from reports.figures.of_schools import SILENT_AFTER, Only, SchoolsPage, of_schools
from reports.figures.periods import Period, months_later
from reports.region.overview import Line, letters_by_month, overview_of
from schools.models import Region, School
from tests.reports.figures.histories import undone
from tests.reports.region.oblast import NOW, SEPTEMBER, Oblast, crying, overdue_entries

pytestmark = pytest.mark.django_db
NUMBERS = st.one_of(st.integers(0, 6), st.integers(0, 30))
MONTHS = [months_later(SEPTEMBER, step) for step in range(2)]
PERIOD = Period(MONTHS[0], months_later(MONTHS[-1], 1) - datetime.timedelta(days=1))
SCHOOL = st.fixed_dictionaries(
    {
        "letters": st.lists(NUMBERS, min_size=2, max_size=2),
        "region": st.sampled_from(["north", "east", "west", None]),
        "openings_held": NUMBERS,
        "openings_missed": st.integers(0, 3),
        "answered_in_time": NUMBERS,
        "answered_late": st.integers(0, 5),
        "silent": st.booleans(),
    }
)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


def asked(schools: Any = None, **how: Any) -> SchoolsPage:
    schools = School.objects.all() if schools is None else schools
    return of_schools(schools, PERIOD.first, PERIOD.last, **how)


def made(oblast: Oblast, slug: str, facts: dict) -> School:
    kinds = {name: facts[name] for name in facts if name not in ("letters", "region", "silent")}
    region = Region.objects.filter(slug=facts["region"]).first()
    school = oblast.school(slug, region, facts["letters"][0], **kinds)
    Tally.objects.create(school=school, month=MONTHS[1], kind="letters", number=facts["letters"][1])
    if facts["silent"]:
        Standing.objects.filter(school=school).update(last_step_on=None)
    return school


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(told=st.lists(SCHOOL, min_size=1, max_size=6))
def test_it_is_the_sum_of_the_rows(told) -> None:
    with undone():
        oblast = Oblast()
        for place, facts in enumerate(told):
            made(oblast, f"s{place}", facts)
        # All schools are in it, whichever rows are wanted.
        overview = overview_of(asked(only=Only.SILENT, size=1))
        rows = asked().rows
        assert overview.by_share == Counter(row.answered_on_time for row in rows)
        expected: dict[int | None, Line] = {}
        for row in rows:
            line = Line(
                schools=1,
                letters=row.letters,
                openings_held=row.openings_held,
                openings_missed=row.openings_missed,
                silent=int(row.last_activity is None),
            )
            region = row.school.region_id
            expected[region] = expected.get(region, Line()) + line
        assert overview.by_region == expected
        assert overview.whole.schools == len(told)
        months = [
            (month, sum((cover(facts["letters"][place]) for facts in told), Covered()))
            for place, month in enumerate(MONTHS)
        ]
        assert letters_by_month(School.objects.all(), PERIOD) == months


def test_what_waits_now_is_covered_school_by_school() -> None:
    oblast = Oblast()
    for slug in ("a", "b", "c"):
        oblast.school(slug, oblast.east)
    overdue_entries(oblast.schools["a"], 2)
    overdue_entries(oblast.schools["b"], 6)
    crying(oblast.schools["c"], 1)
    line = overview_of(asked()).by_region[oblast.east.pk]
    assert (line.overdue, line.with_overdue) == (Covered(7, 10), 2)
    assert (line.alerts, line.with_alerts) == (Covered(1, 4), 1)


def test_silence_begins_after_a_month() -> None:
    oblast = Oblast()
    for slug, days in {"a": 30, "b": 31}.items():
        school = oblast.school(slug, oblast.east)
        since = NOW.date() - datetime.timedelta(days=days)
        Standing.objects.filter(school=school).update(last_step_on=since)
    assert SILENT_AFTER.days == 30
    assert overview_of(asked()).whole.silent == 1


def test_without_schools_there_is_nothing() -> None:
    overview = overview_of(asked(School.objects.none()))
    assert (overview.by_region, overview.whole) == ({}, Line())
    assert [number for _month, number in letters_by_month(School.objects.none(), PERIOD)] == [
        Covered(),
        Covered(),
    ]
