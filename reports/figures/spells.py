"""How long something took, in the working days of a school: median and 90th percentile. Pure."""

import datetime
import math
import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from schools.schedule import ONE_DAY
from schools.working_days import Calendar


@dataclass(frozen=True)
class Spell:
    """Of how many letters, and in working days: the middle one, and the one that nine in ten do not exceed.

    ``ninetieth`` is the smallest number that at least 90 in 100 do not exceed (nearest rank). None without letters.
    """

    letters: int = 0
    median: float | None = None
    ninetieth: int | None = None


def spell_of(days: Iterable[int]) -> Spell:
    """Of numbers of working days."""
    ordered = sorted(days)
    if not ordered:
        return Spell()
    rank = math.ceil(len(ordered) * 9 / 10)
    return Spell(len(ordered), float(statistics.median(ordered)), ordered[rank - 1])


class WorkedDays:
    """How many working days have passed after one day until another, for all days of a span; counted once."""

    def __init__(self, calendar: Calendar, days: Iterable[datetime.date]) -> None:
        """``days``: all that will be asked for."""
        days = list(days)
        self._first = min(days, default=datetime.date.min)
        span = (max(days, default=self._first) - self._first).days
        worked = (
            calendar.is_working_day(self._first + step * ONE_DAY) for step in range(1, span + 1)
        )
        self._passed = [0, *accumulate(worked)]

    def between(self, first: datetime.date, last: datetime.date) -> int:
        """Working days after ``first`` up to ``last``; 0 where it lies before. As deadlines are counted."""
        passed = self._passed
        return max(0, passed[(last - self._first).days] - passed[(first - self._first).days])
