"""A year of a school's calendar in words: what makes a day free, or worked, out of the ordinary week."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from schools.dates import weekday_name
from schools.holiday_names import name_of
from schools.models import CalendarDay, School
from schools.public_holidays import DayOff, country_year
from schools.schedule import ONE_DAY, last_of_month
from schools.working_days import Calendar

# The years for which a school writes down its days, and for which the page is shown.
FIRST_YEAR, LAST_YEAR = 2020, 2045


@dataclass(frozen=True)
class SpecialDay:
    """A day, or days in a row for the same reason, that the week alone does not explain."""

    first: datetime.date
    last: datetime.date
    reason: str
    works: bool

    @property
    def when(self) -> str:
        """«24», «24–28»."""
        one = self.first == self.last
        return str(self.first.day) if one else f"{self.first.day}–{self.last.day}"

    @property
    def weekday(self) -> str:
        """«Monday», or «Monday – Friday» of a row."""
        language = get_language() or ""
        first, last = (weekday_name(day, language) for day in (self.first, self.last))
        return first if self.first == self.last else f"{first} – {last}"


@dataclass(frozen=True)
class Month:
    """A month: its days out of the ordinary, and how many are worked."""

    first: datetime.date
    working: int
    days: list[SpecialDay]

    @property
    def name(self) -> str:
        """Its name and year, as the language writes them."""
        return formats.date_format(self.first, "YEAR_MONTH_FORMAT")


def months_of(calendar: Calendar, school: School, year: int) -> list[Month]:
    """The twelve months of a year; one query, for the school's own notes."""
    begins, ends = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    notes = dict(
        CalendarDay.objects.filter(school=school, day__gte=begins, day__lte=ends)
        .order_by()
        .values_list("day", "note")
    )
    today = school.today()
    months: list[Month] = []
    for number in range(1, 13):
        first = datetime.date(year, number, 1)
        last = first.replace(day=last_of_month(first))
        months.append(
            Month(
                first=first,
                working=calendar.count(first, last),
                days=list(_in_rows(calendar, first, last, notes, today)),
            )
        )
    return months


def _in_rows(
    calendar: Calendar,
    first: datetime.date,
    last: datetime.date,
    notes: dict[datetime.date, str],
    today: datetime.date,
) -> Iterator[SpecialDay]:
    row: SpecialDay | None = None
    for step in range((last - first).days + 1):
        day = first + step * ONE_DAY
        reason = _reason(calendar, day, notes, today)
        works = calendar.is_working_day(day)
        if row and reason == row.reason and works == row.works and row.last == day - ONE_DAY:
            row = SpecialDay(row.first, day, reason, works)
            continue
        if row and row.reason:
            yield row
        row = SpecialDay(day, day, reason, works)
    if row and row.reason:
        yield row


def _reason(
    calendar: Calendar, day: datetime.date, notes: dict[datetime.date, str], today: datetime.date
) -> str:
    """Why the day is free or worked; empty where the ordinary week says it."""
    if day in calendar.own_days:
        own = _("the school works") if calendar.own_days[day] else _("the school’s own day off")
        return f"{own}: {notes[day]}" if notes.get(day) else own
    year = country_year(calendar.country, calendar.week, day.year)
    holidays = ", ".join(
        _holiday(holiday, may_change=day > today) for holiday in year.off.get(day, ())
    )
    if holidays:
        return holidays
    if calendar.school_year_only and calendar.in_vacation(day):
        return _("vacation")
    if day in year.worked:
        return _("worked instead of %(day)s") % {"day": _day(year.worked[day])}
    return ""


def _holiday(holiday: DayOff, *, may_change: bool) -> str:
    name = name_of(holiday)
    if holiday.worked_instead:
        return _("%(holiday)s, worked on %(day)s instead") % {
            "holiday": name,
            "day": _day(holiday.worked_instead),
        }
    if holiday.moved:
        return _("%(holiday)s, moved from a day off") % {"holiday": name}
    if holiday.estimated and may_change:
        return _("%(holiday)s, by the lunar calendar: the day may still change") % {"holiday": name}
    return name


def _day(day: datetime.date) -> str:
    return formats.date_format(day, "DATE_FORMAT")
