"""On which days the box is opened: what the regulation names, by the calendar of the school.

Where the regulation says so, a day off is left out (a box opened every day) or gives way to the next working day. In
vacations a box that works in the school year only is not opened at all; a danger letter opens it whatever the day.
"""

import datetime
from collections.abc import Iterator

from schools.models import Regulation
from schools.schedule import ONE_DAY, is_opening_day
from schools.working_days import Calendar

SEARCH_DAYS = 200  # longer than the longest schedule, and than a summer
LONGEST_PAUSE = 30  # days off in a row over which an opening is still moved


def is_held_on(regulation: Regulation, calendar: Calendar, day: datetime.date) -> bool:
    """Whether the box is to be opened that day."""
    if calendar.school_year_only and calendar.in_vacation(day):
        return False
    if not regulation.on_working_days:
        return is_opening_day(regulation, day)
    if not calendar.is_working_day(day):
        return False
    if is_opening_day(regulation, day):
        return True
    if regulation.schedule == Regulation.Schedule.DAILY:
        return False
    return _moved_to(regulation, calendar, day)


def _moved_to(regulation: Regulation, calendar: Calendar, day: datetime.date) -> bool:
    """Whether an opening that fell on the days off just before is held this day instead."""
    for _step in range(LONGEST_PAUSE):
        day -= ONE_DAY
        if calendar.is_working_day(day):
            return False
        in_pause = calendar.school_year_only and calendar.in_vacation(day)
        if not in_pause and is_opening_day(regulation, day):
            return True
    return False


def openings_from(
    regulation: Regulation, moment: datetime.datetime, calendar: Calendar
) -> Iterator[datetime.datetime]:
    """Openings at or after a moment, in the school's time zone, one after another, for some months."""
    local = moment.astimezone(regulation.school.zone)
    day = local.date()
    for _step in range(SEARCH_DAYS):
        if is_held_on(regulation, calendar, day):
            at = datetime.datetime.combine(day, regulation.opens_at, tzinfo=regulation.school.zone)
            if at >= local:
                yield at
        day += ONE_DAY


def next_opening(
    regulation: Regulation, moment: datetime.datetime, calendar: Calendar
) -> datetime.datetime | None:
    """The first opening at or after a moment; None without any day named."""
    return next(openings_from(regulation, moment, calendar), None)
