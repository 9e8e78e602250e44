"""Which days the regulation names for opening the box, and from when to when numbers run. Pure functions."""

import datetime

from schools.models.regulation import Regulation

ONE_DAY = datetime.timedelta(days=1)


def is_opening_day(regulation: Regulation, day: datetime.date) -> bool:
    """Whether the regulation names that day, whatever the calendar says of it (``schools.openings`` asks that too)."""
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


def period_of(year: str, day: datetime.date) -> tuple[datetime.date, datetime.date]:
    """First and last day of the calendar year, or of the school year (from 1 September), with that day in it."""
    if year == Regulation.Year.CALENDAR:
        return datetime.date(day.year, 1, 1), datetime.date(day.year, 12, 31)
    start = day.year if day.month >= 9 else day.year - 1
    return datetime.date(start, 9, 1), datetime.date(start + 1, 8, 31)
