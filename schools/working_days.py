"""Working days of a country, by which deadlines are counted."""

import datetime
from functools import lru_cache

import holidays
from holidays import HolidayBase


@lru_cache(maxsize=8)
def _days_off(country: str) -> HolidayBase:
    return holidays.country_holidays(country)


def is_working_day(country: str, day: datetime.date) -> bool:
    """Neither a Saturday or Sunday nor a public holiday. ``country``: KZ or KG."""
    return day.weekday() < 5 and day not in _days_off(country)


def add_working_days(country: str, day: datetime.date, count: int) -> datetime.date:
    """The day by which ``count`` whole working days have passed after ``day``."""
    while count > 0:
        day += datetime.timedelta(days=1)
        count -= is_working_day(country, day)
    return day
