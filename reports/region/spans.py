"""Which stretches of finished months can be looked at, and what each is called."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reports.figures.periods import Period, month_of, months_later, whole_months
from reports.showing.choosing import from_address, name_in_address, period_name

SCHOOL_YEAR, CALENDAR_YEAR = 9, 1
MONTHS_BACK, QUARTERS_BACK, HALVES_BACK, YEARS_BACK = 12, 4, 4, 3


@dataclass(frozen=True)
class Span:
    """Months that are over, under a name for people. ``key`` names them in addresses, as for figures of a school."""

    key: str
    label: str
    period: Period


@dataclass(frozen=True)
class Spans:
    """What the list offers, in groups, the newest first in each. ``usual``: the school year as far as it is over."""

    groups: tuple[tuple[str, tuple[Span, ...]], ...]
    usual: Span
    over: datetime.date

    def named(self, key: str) -> Span:
        """The span with this key, in the list or not, as far as it is over; else the usual one."""
        for _label, spans in self.groups:
            for span in spans:
                if span.key == key:
                    return span
        period = from_address(key)
        if period is None or period.first > self.over:
            return self.usual
        return _span(period, self.over)

    def offered(self, chosen: Span) -> list[tuple[str, tuple[Span, ...]]]:
        """The list with what is chosen in it."""
        known = {span.key for _label, spans in self.groups for span in spans}
        other = [(pgettext("periods", "Chosen now"), (chosen,))] if chosen.key not in known else []
        return [*self.groups, *other]


def spans_until(today: datetime.date) -> Spans:
    """What can be chosen on a day, in words of the language now active."""
    over = months_later(month_of(today), -1)  # the last month that is over
    school_years = tuple(_back(SCHOOL_YEAR, 12, YEARS_BACK, over))
    groups = (
        (pgettext("periods", "School years"), school_years),
        (pgettext("periods", "Months"), tuple(_back(over.month, 1, MONTHS_BACK, over))),
        (
            pgettext("periods", "Quarters of the calendar year"),
            tuple(_back(1, 3, QUARTERS_BACK, over)),
        ),
        (pgettext("periods", "Half-years"), tuple(_back(1, 6, HALVES_BACK, over))),
        (pgettext("periods", "Calendar years"), tuple(_back(CALENDAR_YEAR, 12, YEARS_BACK, over))),
    )
    return Spans(groups, school_years[0], over)


def _back(begins: int, months: int, count: int, over: datetime.date) -> Iterator[Span]:
    """The last ``count`` spans of so many months, counted from month ``begins`` of a year on."""
    past = (over.month - begins) % months if months < 12 else (over.month - begins) % 12
    first = months_later(over, -past)
    for back in range(count):
        yield _span(whole_months(months_later(first, -months * back), months), over)


def _span(period: Period, over: datetime.date) -> Span:
    """As far as it is over; a period that still runs says so."""
    if month_of(period.last) <= over:
        return Span(name_in_address(period), period_name(period), period)
    begun = Period(period.first, whole_months(over, 1).last)
    label = _("%(period)s, as far as it is over") % {"period": period_name(period)}
    return Span(name_in_address(begun), label, begun)
