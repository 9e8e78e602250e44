"""Why it happened, what was done about it, and what came back: cause × category × class level."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from journal.models import Entry
from reports.figures.among import Among
from reports.figures.counted import Names
from reports.figures.periods import Period
from reports.figures.rows import EntryRow, plain_entries
from schools.models import School

Finding = Entry.Finding


@dataclass(frozen=True)
class CauseLine:
    """Letters finished in the period with one cause, category and year of study.

    Done about it: ``answered``, the findings (``checked`` together), and ``without_reply``. Came back since, until
    today: ``repeats``, letters linked as repeats that were taken out after the letter they repeat was finished;
    ``again``, letters finished with the same cause, category and year of study that were taken out after the first
    of these was finished. Both None where no cause is named.
    """

    cause: str
    category: str
    level: int | None
    letters: int
    answered: int
    without_reply: int
    justified: int
    partly: int
    not_justified: int
    repeats: int
    again: int | None
    cause_label: object = field(default="", compare=False, repr=False)
    category_label: object = field(default="", compare=False, repr=False)

    @property
    def checked(self) -> int:
        """Letters in which something was checked."""
        return self.justified + self.partly + self.not_justified


_Key = tuple[int | None, int | None, int | None]


def _key(row: EntryRow) -> _Key:
    return row.cause, row.category, row.level


def cause_lines(
    school: School, entries: Iterable[EntryRow], period: Period, *, names: Names, among: Among
) -> tuple[CauseLine, ...]:
    """The table of the period: most letters first. Two queries, whatever there is."""
    groups: dict[_Key, list[EntryRow]] = defaultdict(list)
    for row in entries:
        if row.closed_on in period:
            groups[_key(row)].append(row)
    closed = {row.pk: row.closed_on for rows in groups.values() for row in rows}
    repeats = _repeats(school, closed, among)
    later = _later(school, groups, period, among)
    lines = [
        _line(key, rows, names=names, repeats=repeats, later=later) for key, rows in groups.items()
    ]
    order = {slug: place for place, slug in enumerate(names.cause_slugs.values())}
    last = len(order)
    return tuple(
        sorted(
            lines,
            key=lambda line: (
                -line.letters,
                order.get(line.cause, last),
                line.category,
                -1 if line.level is None else line.level,
            ),
        )
    )


def _line(
    key: _Key,
    rows: list[EntryRow],
    *,
    names: Names,
    repeats: Counter[int],
    later: dict[_Key, list[datetime.date]],
) -> CauseLine:
    cause, category, level = key
    first = min(row.closed_on for row in rows)
    return CauseLine(
        cause=names.cause_slugs.get(cause, ""),
        category=names.category_slugs.get(category, ""),
        level=level,
        letters=len(rows),
        answered=sum(row.answered_on is not None for row in rows),
        without_reply=sum(row.no_reply for row in rows),
        justified=sum(row.finding == Finding.JUSTIFIED for row in rows),
        partly=sum(row.finding == Finding.PARTLY for row in rows),
        not_justified=sum(row.finding == Finding.NOT_JUSTIFIED for row in rows),
        repeats=sum(repeats[row.pk] for row in rows),
        again=None if cause is None else sum(day > first for day in later.get(key, ())),
        cause_label=names.causes.get(cause, ""),
        category_label=names.categories.get(category, ""),
    )


def _repeats(school: School, closed: dict[int, datetime.date], among: Among) -> Counter[int]:
    """By the id of a finished letter: how many that repeat it were taken out after it was finished."""
    first = min(closed.values(), default=None)
    rows = plain_entries(
        school,
        Q(repeat_of__isnull=False, taken_on__gt=first) if first else Q(pk__in=[]),
        among,
    )
    return Counter(
        row.repeat_of
        for row in rows
        if row.repeat_of in closed and row.taken_on > closed[row.repeat_of]
    )


def _later(
    school: School, groups: dict[_Key, list[EntryRow]], period: Period, among: Among
) -> dict[_Key, list[datetime.date]]:
    """By cause, category and level: when letters were taken out that were finished with these later."""
    causes = {cause for cause, _category, _level in groups if cause is not None}
    wanted = Q(cause__in=causes, taken_on__gt=period.first, closed_on__isnull=False)
    found: dict[_Key, list[datetime.date]] = defaultdict(list)
    for row in plain_entries(school, wanted if causes else Q(pk__in=[]), among):
        found[_key(row)].append(row.taken_on)
    return found
