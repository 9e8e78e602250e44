"""When the box is opened next, and from when to when numbers run. Pure functions over a regulation."""

import datetime
from collections.abc import Iterator

from schools.models.regulation import Regulation

ONE_DAY = datetime.timedelta(days=1)
SEARCH_DAYS = 100  # longer than the longest schedule


def is_opening_day(regulation: Regulation, day: datetime.date) -> bool:
    """Whether the regulation opens the box on that day."""
    schedule = regulation.schedule
    if schedule == Regulation.Schedule.DAILY:
        return True
    if schedule == Regulation.Schedule.WEEKLY:
        return day.weekday() == regulation.weekday
    if schedule == Regulation.Schedule.EVERY_N_DAYS:
        return (day - regulation.counted_from).days % regulation.every_days == 0
    last = last_of_month(day)
    # A month shorter than the day named opens on its last day.
    return day.day in {min(wanted, last) for wanted in regulation.month_days}


def last_of_month(day: datetime.date) -> int:
    """The number of the month's last day."""
    return ((day.replace(day=1) + datetime.timedelta(days=32)).replace(day=1) - ONE_DAY).day


def openings_from(regulation: Regulation, moment: datetime.datetime) -> Iterator[datetime.datetime]:
    """Scheduled openings at or after a moment, in the school's time zone, one after another."""
    local = moment.astimezone(regulation.school.zone)
    day = local.date()
    for _step in range(SEARCH_DAYS):
        if is_opening_day(regulation, day):
            at = datetime.datetime.combine(day, regulation.opens_at, tzinfo=regulation.school.zone)
            if at >= local:
                yield at
        day += ONE_DAY


def next_opening(regulation: Regulation, moment: datetime.datetime) -> datetime.datetime | None:
    """The first scheduled opening at or after a moment; None only without any day named."""
    return next(openings_from(regulation, moment), None)


def period_of(year: str, day: datetime.date) -> tuple[datetime.date, datetime.date]:
    """First and last day of the calendar year, or of the school year (from 1 September), with that day in it."""
    if year == Regulation.Year.CALENDAR:
        return datetime.date(day.year, 1, 1), datetime.date(day.year, 12, 31)
    start = day.year if day.month >= 9 else day.year - 1
    return datetime.date(start, 9, 1), datetime.date(start + 1, 8, 31)
