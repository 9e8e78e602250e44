"""Which period is looked at: chosen from a list, or from one day to another.

A period of whole months is named in the address by its first month and their number (``2026-09-3``), so that links lead
to the one before and the one after.
"""

import datetime
import re
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from reports.analysis.spans import span_name
from reports.analysis.tables import span_of_months
from reports.figures.for_outsiders import last_finished
from reports.figures.periods import Period, end_of_month, month_of, months_later, whole_months
from reports.models import PeriodReport
from schools.dates import short_date
from schools.models import Regulation, School

FIRST_DAY = datetime.date(2000, 1, 1)
MOST_MONTHS = 60
# How many of a kind the list offers.
_MONTHS, _QUARTERS, _HALVES, _YEARS = 24, 8, 6, 5
# A half-year of school, and half-years of the calendar: first month and number of months.
_HALF_YEARS = ((9, 4), (7, 6), (1, 6))
_NAMED = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{1,2})")


def name_in_address(period: Period) -> str:
    """Of a period of whole months."""
    return f"{period.first:%Y-%m}-{period.months}"


def from_address(text: str) -> Period | None:
    """The period that an address names; None for anything else."""
    found = _NAMED.fullmatch(text)
    if found is None:
        return None
    year, month, count = map(int, found.groups())
    if not (1 <= month <= 12 and 1 <= count <= MOST_MONTHS and FIRST_DAY.year <= year < 2200):
        return None
    return whole_months(datetime.date(year, month, 1), count)


def period_name(period: Period) -> str:
    """As it is called in the language spoken: «September 2026», «School year 2026/2027», «07.2026 – 09.2026»."""
    if not period.is_whole_months:
        language = get_language() or ""
        return f"{short_date(period.first, language)} – {short_date(period.last, language)}"
    if period.months == 12 and period.first.month in (1, 9):
        runs = Regulation.Year.SCHOOL if period.first.month == 9 else Regulation.Year.CALENDAR
        return span_name(PeriodReport.Kind.YEAR, period, get_language() or "", year=runs)
    return capfirst(span_of_months(period))


def head_name(period: Period) -> str:
    """For the narrow head of a column: «09.2026», «07.2026 – 09.2026», «2026», «2026/2027»."""
    if period.is_whole_months and period.months == 1:
        return f"{period.first:%m.%Y}"
    return short_name(period)


def short_name(period: Period) -> str:
    """Without the words for a year: «September 2026», «07.2026 – 09.2026», «2026», «2026/2027»."""
    if not period.is_whole_months:
        return period_name(period).replace(" –", "\u00a0–")
    if period.months == 12 and period.first.month in (1, 9):
        year = period.first.year
        return str(year) if period.first.month == 1 else f"{year}/{year + 1}"
    return capfirst(span_of_months(period)).replace(" –", "\u00a0–")


def _running(count: int, *begins: int, most: int, today: datetime.date) -> Iterator[Period]:
    """Periods of so many months that begin with one of these months, from the one that runs now backwards."""
    month, found = month_of(today), 0
    while found < most and month >= FIRST_DAY:
        if month.month in begins:
            yield whole_months(month, count)
            found += 1
        month = months_later(month, -1)


def _halves(today: datetime.date) -> list[Period]:
    found = {
        period
        for begins, count in _HALF_YEARS
        for period in _running(count, begins, most=_HALVES // 2, today=today)
    }
    return sorted(found, key=lambda period: (period.first, period.last), reverse=True)


def _groups(today: datetime.date) -> list[tuple[str, list[Period]]]:
    return [
        (
            pgettext("periods", "Months"),
            list(_running(1, *range(1, 13), most=_MONTHS, today=today)),
        ),
        (
            pgettext("periods", "Quarters of the calendar year"),
            list(_running(3, 1, 4, 7, 10, most=_QUARTERS, today=today)),
        ),
        (pgettext("periods", "Half-years"), _halves(today)),
        (pgettext("periods", "School years"), list(_running(12, 9, most=_YEARS, today=today))),
        (pgettext("periods", "Calendar years"), list(_running(12, 1, most=_YEARS, today=today))),
    ]


class PeriodForm(forms.Form):
    """A period from the list, or from one day to another. What is not readable leaves the last month that is over.

    ``whole``: for whoever sees covered numbers: whole months that are over, and nothing else.
    """

    period = forms.CharField(label=gettext_lazy("Period"), required=False)
    since = forms.DateField(
        label=pgettext_lazy("days of a period", "From"),
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
    )
    until = forms.DateField(
        label=pgettext_lazy("days of a period", "To"),
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
    )

    def __init__(self, *args: Any, school: School, whole: bool, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", auto_id="id_%s", **kwargs)
        self.today, self.whole = school.today(), whole
        self.finished = last_finished(school)

    @property
    def usual(self) -> Period:
        """The last month that is over."""
        return whole_months(self.finished, 1)

    @property
    def chosen(self) -> Period:
        """What is looked at, also where something was typed that is none."""
        if self.is_bound and self.is_valid():
            return self.cleaned_data["chosen"]
        return self.usual

    def offered(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The list in its groups; the chosen period is in it whatever it is."""
        chosen = self.chosen
        groups = [
            (group, [(name_in_address(one), period_name(one)) for one in periods if self._may(one)])
            for group, periods in _groups(self.today)
        ]
        shown = {name for _group, names in groups for name, _label in names}
        if chosen.is_whole_months and name_in_address(chosen) not in shown:
            other = (name_in_address(chosen), period_name(chosen))
            groups.append((pgettext("periods", "Chosen now"), [other]))
        return [(group, names) for group, names in groups if names]

    def _may(self, period: Period) -> bool:
        return not self.whole or period.last <= self.finished

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        named, since, until = cleaned["period"], cleaned["since"], cleaned["until"]
        if named:
            period = from_address(named)
            if period is None:
                self.add_error(
                    "period", ValidationError(_("Choose a period from the list."), "none")
                )
                return cleaned
        elif since or until:
            period = self._between(since, until)
        else:
            period = self.usual
        if period is not None:
            self._check(period)
        return {**cleaned, "chosen": period}

    def _between(self, since: datetime.date | None, until: datetime.date | None) -> Period | None:
        """One day alone stands for its end of the period: until today, or the month of the last day."""
        first = since or month_of(until or self.today)
        last = until or max(first, self.today)
        if last < first:
            self.add_error(
                "until", ValidationError(_("The last day is before the first one."), "order")
            )
            return None
        if first < FIRST_DAY or last > datetime.date(2199, 12, 31):
            self.add_error("since", ValidationError(_("Choose later days."), "early"))
            return None
        if self.whole:
            # Whoever sees whole months means those in which the days lie.
            return Period(month_of(first), end_of_month(last))
        return Period(first, last)

    def _check(self, period: Period) -> None:
        if period.months > MOST_MONTHS:
            self.add_error(
                "since", ValidationError(_("A period has five years at most."), "length")
            )
        elif not self._may(period):
            self.add_error(
                "period" if self.cleaned_data.get("period") else "until",
                ValidationError(
                    _("Small numbers are covered for you, so only months that are over are shown."),
                    "running",
                ),
            )

    def neighbours(self) -> list[tuple[str, str, str]]:
        """Links to the period before and the one after: ``prev`` or ``next``, the address and the name."""
        chosen = self.chosen
        if not chosen.is_whole_months:
            return []
        before, after = chosen.former(), chosen.next()
        found = [("prev", before)] if before.first >= FIRST_DAY else []
        if after.first <= self.today and self._may(after):
            found.append(("next", after))
        return [(rel, name_in_address(one), period_name(one)) for rel, one in found]
