"""How invented schools keep their box: most well, some late, some not any more."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from journal.models import Entry

State = Entry.State
CLOSED_AFTER = 2  # days, after the reply


@dataclass(frozen=True)
class Fate:
    """What has become of an entry by now."""

    state: str
    answered_on: datetime.date | None = None
    closed_on: datetime.date | None = None


@dataclass(frozen=True)
class Habits:
    """``answers_after``: days. Every so many-th letter stays without a reply, every so many-th opening is missed
    (0: none). ``worked_until``: the last day on which anybody worked.
    """

    answers_after: int
    forgets: int
    misses: int
    worked_until: datetime.date

    def fate_of(self, place: int, taken_on: datetime.date) -> Fate:
        """Of the ``place``-th letter."""
        answered_on = taken_on + datetime.timedelta(days=self.answers_after)
        closed_on = answered_on + datetime.timedelta(days=CLOSED_AFTER)
        if (
            self.forgets
            and place % self.forgets == self.forgets - 1
            or (answered_on > self.worked_until)
        ):
            return Fate(State.IN_REVIEW if taken_on < self.worked_until else State.REGISTERED)
        if closed_on > self.worked_until:
            return Fate(State.ANSWERED, answered_on)
        return Fate(State.CLOSED, answered_on, closed_on)

    def held(
        self, days: Iterable[datetime.date]
    ) -> list[tuple[datetime.date, list[datetime.date]]]:
        """Of the days on which the box was to be opened: those on which it was, each with those missed before."""
        found: list[tuple[datetime.date, list[datetime.date]]] = []
        missed: list[datetime.date] = []
        for place, day in enumerate(days, start=1):
            if day > self.worked_until:
                break
            if self.misses and place % self.misses == 0:
                missed.append(day)
            else:
                found.append((day, missed))
                missed = []
        return found


def habits_of(number: int, today: datetime.date) -> Habits:
    """Of the school with this number: the same each time."""
    yesterday = today - datetime.timedelta(days=1)
    return Habits(
        answers_after=20 if number % 10 == 3 else 1 + number % 6,
        forgets=(0, 90, 35, 12)[number // 4 % 4],
        misses=5 if number % 6 == 5 else 0,
        worked_until=yesterday - datetime.timedelta(days=45 if number % 23 == 0 else 0),
    )
