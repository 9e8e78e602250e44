"""What happened in a school, in plain records: written down by hand, from what was asked for and not from the rows."""

import datetime
from dataclasses import dataclass, field

from schools.models import School
from tests.factories import Person

ONE_DAY = datetime.timedelta(days=1)
BEGINS = datetime.date(2026, 1, 12)
CLASSES = {"7Б": 7, "11 «А»": 11, "2 курс": 2, "Самбо": 9, "": None, "хор": None}
# Fridays off in Kazakhstan in these years, and the working day on which the box is opened instead.
MOVED = {
    datetime.date(2026, 5, 1): datetime.date(2026, 5, 4),
    datetime.date(2027, 1, 1): datetime.date(2027, 1, 5),
    datetime.date(2027, 5, 7): datetime.date(2027, 5, 11),
}


def history_friday(day: datetime.date) -> bool:
    """Whether the box is to be opened that day, by lists written out."""
    return day in MOVED.values() or (day.weekday() == 4 and day not in MOVED)


@dataclass
class Told:
    """A letter as the history tells it."""

    source: str
    audience: str
    signed: bool
    danger: bool
    category: str | None
    class_group: str
    arrived_on: datetime.date | None
    taken_on: datetime.date | None = None
    level: int | None = None
    entry: int | None = None
    state: str = "in_box"
    aside: str = ""
    due_on: datetime.date | None = None
    answered_on: datetime.date | None = None
    closed_on: datetime.date | None = None
    finding: str = ""
    cause: str | None = None
    no_reply: bool = False
    repeats: "Told | None" = None
    letter: int | None = None


@dataclass
class Sent:
    """A forwarding as the history tells it."""

    entry: int
    sent_on: datetime.date
    due_on: datetime.date
    answered_on: datetime.date | None = None
    pk: int = 0


@dataclass
class History:
    """A school, who works in it, and everything that happened."""

    school: School
    person: Person
    today: datetime.date = BEGINS
    letters: list[Told] = field(default_factory=list)
    openings: list[tuple[datetime.date, list[datetime.date]]] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    meetings: list[datetime.date] = field(default_factory=list)
    last_step_on: datetime.date = BEGINS

    def moment(self) -> datetime.datetime:
        """Some time of the day by the school's clock."""
        return datetime.datetime.combine(self.today, datetime.time(10, 30), tzinfo=self.school.zone)
