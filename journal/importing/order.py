"""Whether the numbers of a former journal run as numbers of a book do: from 1, without a gap or a double, day by day.

One slip is to be named once, in its own row: which row does not fit is told by the longest run of rows that do.
"""

import datetime
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from journal.importing.entries import Kept, Terms
from journal.models import Volume
from journal.services.numbering import book_for
from schools.models.regulation import Column
from schools.schedule import period_of

# Of a longer gap the first and the last number are named.
_MOST_NAMED = 8

Period = tuple[datetime.date, datetime.date]
Wrong = tuple[int, str, str]  # the row, the column's name, what is wrong


@dataclass
class Group:
    """The rows of one volume, in the order of the file."""

    book: str
    period: Period
    rows: list[Kept] = field(default_factory=list)


def groups_of(rows: Sequence[Kept], terms: Terms) -> tuple[list[Group], list[Wrong]]:
    """The volumes to which the rows belong, and the rows whose day does not fit between those around it.

    Of rows with errors of their own the number is 0 and the day None where they could not be read.
    """
    wrong: list[Wrong] = []
    groups: dict[tuple[str, Period], Group] = {}
    for book, own in _by_book(rows, terms).items():
        dated = [kept for kept in own if kept.taken_on]
        if not dated:
            continue
        days = [kept.taken_on.toordinal() for kept in dated]
        fitting = _longest_rising(days if days[0] <= days[-1] else [-day for day in days])
        off = {kept.row for place, kept in enumerate(dated) if place not in fitting}
        text = _("This day does not fit between the days of the rows before and after.")
        wrong += [(row, Column.TAKEN_ON, text) for row in sorted(off)]
        period = _period(next(kept.taken_on for kept in dated if kept.row not in off), terms)
        for kept in own:
            # A row whose day does not fit, or is not known, belongs where the one before it does.
            if kept.taken_on and kept.row not in off:
                period = _period(kept.taken_on, terms)
            groups.setdefault((book, period), Group(book, period)).rows.append(kept)
    return sorted(groups.values(), key=lambda group: (group.period, group.book)), wrong


def _by_book(rows: Sequence[Kept], terms: Terms) -> dict[str, list[Kept]]:
    found: dict[str, list[Kept]] = {}
    day = next((kept.taken_on for kept in rows if kept.taken_on), terms.today)
    for kept in rows:
        day = kept.taken_on or day
        source = kept.source or terms.choices.source
        found.setdefault(book_for(regulation=terms.regulation(day), source=source), []).append(kept)
    return found


def _period(day: datetime.date, terms: Terms) -> Period:
    return period_of(terms.regulation(day).numbering, day)


def _longest_rising(values: Sequence[Any], *, strictly: bool = False) -> set[int]:
    """Places of the longest part of the values, in their order, that never falls (``strictly``: always rises)."""
    bisect = bisect_left if strictly else bisect_right
    tails: list[Any] = []
    ends: list[int] = []
    before: list[int] = []
    for place, value in enumerate(values):
        length = bisect(tails, value)
        if length == len(tails):
            tails.append(value)
            ends.append(place)
        elif not strictly or tails[length] != value:  # of two that are the same the first stays
            tails[length], ends[length] = value, place
        before.append(ends[length - 1] if length else -1)
    found: set[int] = set()
    place = ends[-1] if ends else -1
    while place >= 0:
        found.add(place)
        place = before[place]
    return found


def wrong_numbers(group: Group, volumes: Mapping[tuple[str, Period], Volume]) -> Iterator[Wrong]:
    """What is wrong with the numbers of one volume. ``volumes``: those of the school, by book and period."""
    volume = volumes.get((group.book, group.period))
    if volume is not None and volume.last_number:
        text = _(
            "The volume of this year has entries already: former numbers can be kept only in one that has none."
        )
        yield group.rows[0].row, Column.NUMBER, text
        return
    numbers = [kept.number for kept in group.rows]
    if sorted(numbers) == list(range(1, len(numbers) + 1)):
        return
    read = [number for number in numbers if number]
    newest_first = len(read) > 1 and read[0] > read[-1]
    yield from _out_of_order(group.rows[::-1] if newest_first else group.rows)


def _out_of_order(rows: Sequence[Kept]) -> Iterator[Wrong]:
    """Doubles, and gaps that no row with another error fills."""
    read = [place for place, kept in enumerate(rows) if kept.number]
    fitting = _longest_rising([rows[place].number for place in read], strictly=True)
    run = [read[place] for place in sorted(fitting)]
    in_run = set(run)
    known = {rows[place].number for place in run}
    last_place, last_number = -1, 0
    for place in run:
        kept = rows[place]
        # Rows in between whose number could not be read, or is a slip, stand for as many numbers.
        missing = kept.number - last_number - 1
        if missing > place - last_place - 1:
            text = _("Numbers are missing before this one: %(numbers)s.")
            yield (
                kept.row,
                Column.NUMBER,
                text % {"numbers": _named(last_number + 1, kept.number - 1)},
            )
        last_place, last_number = place, kept.number
    for place in read:
        kept = rows[place]
        if place in in_run:
            continue
        if kept.number in known:
            text = _("Number %(number)s stands here for the second time.")
        else:
            text = _("Number %(number)s does not follow the one before.")
        yield kept.row, Column.NUMBER, text % {"number": kept.number}


def _named(first: int, last: int) -> str:
    if last - first < _MOST_NAMED:
        return ", ".join(str(number) for number in range(first, last + 1))
    return f"{first} – {last}"
