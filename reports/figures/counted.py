"""What is counted of one period: plain data, and how it comes from the rows. Pure."""

import datetime
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field

from journal.models import Entry, Opening, TakenLetter
from reports.figures.periods import Period
from reports.figures.rows import EntryRow, ForwardingRow, Rows
from reports.figures.spells import Spell, WorkedDays, spell_of
from schools.models import Body
from schools.models.regulation import Audience, Source
from schools.schedule import ONE_DAY

# Years of study as outsiders see them, each stage by its first one: for single years there are too few letters.
STAGES = (1, 5, 10)


@dataclass(frozen=True)
class Line:
    """One line of a split. ``label`` as text is in the language that is active; empty keys are «not known»."""

    key: str
    number: int
    label: object = field(default="", compare=False, repr=False)


@dataclass(frozen=True)
class Split:
    """How a number divides: every letter is in one line. Lines stand in the order shown, those with nothing too."""

    lines: tuple[Line, ...] = ()

    @property
    def total(self) -> int:
        """All lines together."""
        return sum(line.number for line in self.lines)

    def number(self, key: str) -> int:
        """Of one line; 0 where there is none."""
        return next((line.number for line in self.lines if line.key == key), 0)


@dataclass(frozen=True)
class SentTo:
    """Letters sent on to one body in the period, and what came of them until today."""

    body: str
    sent: int
    answered_in_time: int
    answered_late: int
    waiting: int
    overdue: int
    label: object = field(default="", compare=False, repr=False)


@dataclass(frozen=True)
class Counted:
    """The figures of one period.

    ``by_…``, ``registered``, ``repeats`` and ``states`` are of the letters taken out in the period; ``set_aside`` and
    ``waiting`` of what was taken out and has no number. ``to_reading`` (the day it was taken out) is of those of them
    of which the day of arrival is known; ``to_reply``, ``in_time`` and ``late`` of the letters answered in the period,
    ``to_closing``, ``findings`` and ``by_cause`` of those finished in it. ``overdue`` were owed a reply past its day
    when the period ended.
    """

    period: Period
    registered: int
    by_source: Split
    by_category: Split
    by_audience: Split
    by_class_level: Split
    by_stage: Split
    by_signature: Split
    by_danger: Split
    by_repeat: Split
    states: Split
    set_aside: Split
    waiting: int
    to_reading: Spell
    to_reply: Spell
    to_closing: Spell
    answered: Split
    overdue: int
    closed: int
    findings: Split
    by_cause: Split
    sent_to: tuple[SentTo, ...]
    openings: Split
    openings_missed: int
    meetings: int

    @property
    def danger(self) -> int:
        """Letters that told of danger."""
        return self.by_danger.number("danger")

    @property
    def repeats(self) -> int:
        """Letters that repeat an earlier one."""
        return self.by_repeat.number("repeat")

    @property
    def in_time(self) -> int:
        """Replies within their day, or without one."""
        return self.answered.number("in_time")

    @property
    def late(self) -> int:
        """Replies after their day."""
        return self.answered.number("late")

    @property
    def openings_held(self) -> int:
        """Openings of every kind."""
        return self.openings.total


@dataclass(frozen=True)
class Names:
    """What lines are called: rows of the school by their id, in its order."""

    categories: Mapping[int, object]
    causes: Mapping[int, object]
    bodies: Mapping[int, Body]
    # Short names, which stay the same in another installation.
    category_slugs: Mapping[int, str]
    cause_slugs: Mapping[int, str]


def split_of(
    keys: Iterable[str], shown: Iterable[tuple[str, object]], *, unknown: object = None
) -> Split:
    """The keys counted, in the order of what is shown; ``unknown`` names the empty key where there is such."""
    counts = Counter(keys)
    lines = [Line(key, counts.pop(key, 0), label) for key, label in shown]
    if counts[""]:
        lines.append(Line("", counts[""], unknown or ""))
    return Split(tuple(lines))


def level_key(level: int | None) -> str:
    """How a year of study is named among the lines; empty where it is unknown."""
    return "" if level is None else str(level)


def stage_key(level: int | None) -> str:
    """How the stage of a year of study is named among the lines; the year before the first belongs to the first."""
    if level is None:
        return ""
    return str(max((first for first in STAGES if first <= level), default=STAGES[0]))


def count(
    rows: Rows, period: Period, *, names: Names, days: WorkedDays, today: datetime.date
) -> Counted:
    """The figures of one of the periods for which the rows were read."""
    taken = [row for row in rows.entries if row.taken_on in period]
    answered = [row for row in rows.entries if row.answered_on in period]
    closed = [row for row in rows.entries if row.closed_on in period]
    aside = [row for row in rows.taken if row.taken_on in period]
    held = [row for row in rows.openings if row.opened_on in period]
    # The morning after the period, or this one.
    morning = min(period.last + ONE_DAY, today)
    return Counted(
        period=period,
        **splits_of(taken, names),
        registered=len(taken),
        set_aside=split_of(
            (row.set_aside_as for row in aside if row.set_aside_as), TakenLetter.SetAside.choices
        ),
        waiting=sum(not row.set_aside_as for row in aside) + sum(row.untyped for row in held),
        to_reading=spell_of(
            days.between(row.arrived_on, row.taken_on) for row in taken if row.arrived_on
        ),
        to_reply=spell_of(days.between(row.came_on, row.answered_on) for row in answered),
        to_closing=spell_of(days.between(row.came_on, row.closed_on) for row in closed),
        answered=split_of(
            ("late" if row.answered_late else "in_time" for row in answered),
            [("in_time", ""), ("late", "")],
        ),
        overdue=sum(
            row.due_on is not None
            and row.due_on < morning
            and row.owed_after(min(period.last, today))
            for row in rows.entries
        ),
        closed=len(closed),
        **closing_splits(closed, names),
        sent_to=_sent_to(rows.forwardings, period, names, today),
        openings=split_of((row.kind for row in held), Opening.Kind.choices),
        openings_missed=len(
            {
                day
                for day in [*(day for row in rows.openings for day in row.missed), *rows.owed]
                if day in period
            }
        ),
        meetings=sum(day in period for day in rows.meetings),
    )


def splits_of(taken: list[EntryRow], names: Names) -> dict[str, Split]:
    """How the letters taken out divide, by the name of the field of ``Counted``."""
    levels = sorted({row.level for row in taken if row.level is not None})
    return {
        "by_source": split_of((row.source for row in taken), Source.choices),
        "by_category": split_of(
            (names.category_slugs.get(row.category, "") for row in taken),
            _named(names.categories, names.category_slugs),
        ),
        "by_audience": split_of((row.audience for row in taken), Audience.choices),
        "by_class_level": split_of(
            (level_key(row.level) for row in taken), [(str(level), level) for level in levels]
        ),
        "by_stage": split_of(
            (stage_key(row.level) for row in taken), [(str(first), "") for first in STAGES]
        ),
        "by_signature": _halves(taken, "signed", "anonymous", lambda row: row.signed),
        "by_danger": _halves(taken, "danger", "no_danger", lambda row: row.danger),
        "by_repeat": _halves(taken, "repeat", "first", lambda row: row.repeat_of is not None),
        "states": split_of((row.state for row in taken), Entry.State.choices),
    }


def closing_splits(closed: list[EntryRow], names: Names) -> dict[str, Split]:
    """How the letters finished divide, by the name of the field of ``Counted``."""
    return {
        "findings": split_of((row.finding for row in closed), Entry.Finding.choices),
        "by_cause": split_of(
            (names.cause_slugs.get(row.cause, "") for row in closed),
            _named(names.causes, names.cause_slugs),
        ),
    }


def _named(rows: Mapping[int, object], slugs: Mapping[int, str]) -> list[tuple[str, object]]:
    return [(slugs[pk], label) for pk, label in rows.items()]


def _halves(rows: list[EntryRow], yes: str, no: str, is_so: Callable[[EntryRow], bool]) -> Split:
    return split_of((yes if is_so(row) else no for row in rows), [(yes, ""), (no, "")])


def _sent_to(
    forwardings: list[ForwardingRow], period: Period, names: Names, today: datetime.date
) -> tuple[SentTo, ...]:
    found: dict[Hashable, Counter[str]] = {}
    for row in forwardings:
        if row.sent_on not in period:
            continue
        counts = found.setdefault(row.body, Counter())
        counts["sent"] += 1
        if row.answered_on is None:
            counts["waiting"] += 1
            counts["overdue"] += row.due_on < today
        else:
            counts["late" if row.answered_on > row.due_on else "in_time"] += 1
    return tuple(
        SentTo(
            body=str(body),
            sent=found[body]["sent"],
            answered_in_time=found[body]["in_time"],
            answered_late=found[body]["late"],
            waiting=found[body]["waiting"],
            overdue=found[body]["overdue"],
            label=label,
        )
        for body, label in names.bodies.items()
        if body in found
    )
