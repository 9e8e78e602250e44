"""Which months, half-years and years have a report, and what each is called. Pure."""

import datetime
from collections.abc import Iterator

from django.utils import formats
from django.utils.translation import gettext as _

from reports.figures.periods import Period, month_of, months_later, whole_months
from reports.models import PeriodReport
from schools.languages import speaking
from schools.models import Regulation

Kind = PeriodReport.Kind
# A half-year's first month → how many months it has. A school year has four before the new year and six after it:
# its summer is in the report on the year.
_HALVES = {
    Regulation.Year.CALENDAR: {1: 6, 7: 6},
    Regulation.Year.SCHOOL: {9: 4, 1: 6},
}
_BEGINS = {Regulation.Year.CALENDAR: 1, Regulation.Year.SCHOOL: 9}
MONTHS_OF_A_YEAR = 12


def ended_with(month: datetime.date, year: str) -> Iterator[tuple[str, Period]]:
    """What came to its end with a month: the month itself, perhaps a half-year and a year. ``year``: how it runs."""
    month = month_of(month)
    yield Kind.MONTH, whole_months(month, 1)
    for begins, count in _HALVES[year].items():
        first = months_later(month, 1 - count)
        if first.month == begins:
            yield Kind.HALF, whole_months(first, count)
    first = months_later(month, 1 - MONTHS_OF_A_YEAR)
    if first.month == _BEGINS[year]:
        yield Kind.YEAR, whole_months(first, MONTHS_OF_A_YEAR)


def ended_since(
    first: datetime.date, today: datetime.date, year: str
) -> Iterator[tuple[str, Period]]:
    """Everything that ended from the month of ``first`` on, the newest first."""
    month = months_later(month_of(today), -1)
    while month >= month_of(first):
        yield from reversed(list(ended_with(month, year)))
        month = months_later(month, -1)


def span_name(kind: str, period: Period, language: str, *, year: str) -> str:
    """«November 2026», «First half of the school year 2026/2027» …; ``year``: how the school's year runs."""
    with speaking(language):
        if kind == Kind.MONTH:
            return formats.date_format(period.first, "YEAR_MONTH_FORMAT")
        if year == Regulation.Year.SCHOOL:
            return _of_school_year(kind, period)
        return _of_calendar_year(kind, period)


def _ends_a_calendar_year(period: Period) -> bool:
    return period.last.month == MONTHS_OF_A_YEAR


def _of_school_year(kind: str, period: Period) -> str:
    first = period.first
    begins = first.year if first.month == _BEGINS[Regulation.Year.SCHOOL] else first.year - 1
    words = {"year": f"{begins}/{begins + 1}"}
    if kind == Kind.YEAR:
        return _("School year %(year)s") % words
    if _ends_a_calendar_year(period):
        return _("First half of the school year %(year)s") % words
    return _("Second half of the school year %(year)s") % words


def _of_calendar_year(kind: str, period: Period) -> str:
    words = {"year": str(period.first.year)}
    if kind == Kind.YEAR:
        return _("Year %(year)s") % words
    if _ends_a_calendar_year(period):
        return _("Second half of %(year)s") % words
    return _("First half of %(year)s") % words
