"""Which months of a region can be looked at: those that are over, under names that the figures of a school know too."""

import datetime

import pytest
from django.utils import translation

from reports.figures.periods import Period
from reports.region.spans import Spans, spans_until
from reports.showing.choosing import from_address

DAYS = [datetime.date(2026, 1, 1) + datetime.timedelta(days=9 * step) for step in range(120)]


def spans(day: str) -> Spans:
    return spans_until(datetime.date.fromisoformat(day))


def keys(found: Spans, place: int) -> list[str]:
    return [span.key for span in found.groups[place][1]]


def test_every_span_is_over_and_named_as_it_is_counted():
    for today in DAYS:
        found = spans_until(today)
        seen = [span for _label, group in found.groups for span in group]
        for span in seen:
            assert span.period.is_whole_months
            assert span.period.last < today.replace(day=1)
            assert from_address(span.key) == span.period
            assert found.named(span.key).period == span.period
        assert found.usual in seen


@pytest.mark.parametrize(
    ("today", "usual"),
    [
        ("2026-11-20", "2026-09-2"),
        ("2026-10-01", "2026-09-1"),
        # The first month of the new school year is not over: the one before.
        ("2026-09-15", "2025-09-12"),
        ("2026-07-01", "2025-09-10"),
    ],
)
def test_the_usual_is_the_school_year_as_far_as_it_is_over(today, usual):
    assert spans(today).usual.key == usual


def test_the_newest_stand_first():
    found = spans("2026-11-20")
    assert keys(found, 0) == ["2026-09-2", "2025-09-12", "2024-09-12"]
    assert keys(found, 1)[:3] == ["2026-10-1", "2026-09-1", "2026-08-1"]
    assert len(keys(found, 1)) == 12
    assert keys(found, 2) == ["2026-10-1", "2026-07-3", "2026-04-3", "2026-01-3"]
    assert keys(found, 3) == ["2026-07-4", "2026-01-6", "2025-07-6", "2025-01-6"]
    assert keys(found, 4) == ["2026-01-10", "2025-01-12", "2024-01-12"]


def test_any_other_whole_months_are_shown_as_far_as_they_are_over():
    found = spans("2026-11-20")
    other = found.named("2026-02-5")
    assert other.period == Period(datetime.date(2026, 2, 1), datetime.date(2026, 6, 30))
    assert found.offered(other)[-1][1] == (other,)
    assert found.named("2026-08-12").key == "2026-08-3"
    for none in ("2026-11-1", "2027-01-1", "2026-13-1", "", "x", "2026-09-99"):
        assert found.named(none) == found.usual


def test_what_still_runs_says_so():
    with translation.override("en"):
        labels = {
            span.key: span.label for _name, group in spans("2026-11-20").groups for span in group
        }
    assert labels["2026-09-2"] == "School year 2026/2027, as far as it is over"
    assert labels["2026-01-6"] == "01.2026 – 06.2026"
    assert labels["2025-01-12"] == "Year 2025"
