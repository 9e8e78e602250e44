"""From when to when numbers run."""

import pytest

from schools.schedule import last_of_month, period_of
from tests.factories import day

pytestmark = pytest.mark.once("sqlite")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2026-02-10", 28), ("2028-02-29", 29), ("2026-12-31", 31), ("2026-11-01", 30)],
)
def test_last_of_month(text: str, expected: int) -> None:
    assert last_of_month(day(text)) == expected


@pytest.mark.parametrize(
    ("year", "text", "first", "last"),
    [
        ("calendar", "2026-01-01", "2026-01-01", "2026-12-31"),
        ("calendar", "2026-12-31", "2026-01-01", "2026-12-31"),
        ("school", "2026-08-31", "2025-09-01", "2026-08-31"),
        ("school", "2026-09-01", "2026-09-01", "2027-08-31"),
        ("school", "2027-01-15", "2026-09-01", "2027-08-31"),
        ("school", "2028-02-29", "2027-09-01", "2028-08-31"),
    ],
)
def test_period_of(year: str, text: str, first: str, last: str) -> None:
    assert period_of(year, day(text)) == (day(first), day(last))
