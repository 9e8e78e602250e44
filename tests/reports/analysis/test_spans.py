"""Which months, half-years and years have a report, and what each is called."""

import datetime

import pytest

from reports.analysis.spans import ended_since, ended_with, span_name
from reports.figures.periods import whole_months
from tests.factories import day


def ends(month: str, year: str) -> list[tuple[str, str, str]]:
    return [
        (kind, period.first.isoformat(), period.last.isoformat())
        for kind, period in ended_with(day(month), year)
    ]


def test_an_ordinary_month_ends_nothing_else() -> None:
    assert ends("2026-10-01", "calendar") == [("month", "2026-10-01", "2026-10-31")]
    assert ends("2026-10-01", "school") == [("month", "2026-10-01", "2026-10-31")]


def test_half_years_and_years_of_the_calendar() -> None:
    assert ends("2026-06-01", "calendar")[1:] == [("half", "2026-01-01", "2026-06-30")]
    assert ends("2026-12-01", "calendar")[1:] == [
        ("half", "2026-07-01", "2026-12-31"),
        ("year", "2026-01-01", "2026-12-31"),
    ]
    assert len(ends("2026-08-01", "calendar")) == 1


def test_half_years_and_years_of_school() -> None:
    assert ends("2026-12-01", "school")[1:] == [("half", "2026-09-01", "2026-12-31")]
    assert ends("2026-06-01", "school")[1:] == [("half", "2026-01-01", "2026-06-30")]
    assert ends("2026-08-01", "school")[1:] == [("year", "2025-09-01", "2026-08-31")]


def test_what_has_ended_the_newest_first() -> None:
    found = [
        (kind, period.first)
        for kind, period in ended_since(day("2026-05-20"), day("2026-08-03"), "calendar")
    ]
    assert found == [
        ("month", datetime.date(2026, 7, 1)),
        ("half", datetime.date(2026, 1, 1)),
        ("month", datetime.date(2026, 6, 1)),
        ("month", datetime.date(2026, 5, 1)),
    ]
    assert list(ended_since(day("2026-08-01"), day("2026-08-31"), "calendar")) == []


NAMES = [
    ("month", "2026-11-01", 1, "calendar", "kk", "2026 жылғы қараша"),
    ("month", "2026-11-01", 1, "calendar", "ky", "2026-ж. ноябрь"),
    ("half", "2026-01-01", 6, "calendar", "ru", "Первое полугодие 2026 года"),
    ("half", "2026-07-01", 6, "calendar", "ky", "2026-жылдын экинчи жарымы"),
    ("half", "2026-09-01", 4, "school", "kk", "2026/2027 оқу жылының бірінші жартысы"),
    ("half", "2026-01-01", 6, "school", "ru", "Второе полугодие 2025/2026 учебного года"),
    ("year", "2025-09-01", 12, "school", "en", "School year 2025/2026"),
    ("year", "2026-01-01", 12, "calendar", "ky", "2026-жыл"),
]


@pytest.mark.parametrize(("kind", "first", "months", "year", "language", "name"), NAMES)
def test_names(kind: str, first: str, months: int, year: str, language: str, name: str) -> None:
    assert span_name(kind, whole_months(day(first), months), language, year=year) == name
