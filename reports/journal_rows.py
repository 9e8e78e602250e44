"""Rows of the printed journal, read and opened when they are asked for, a batch at a time.

A book of any length then takes the memory of a batch, and the school's book is locked only while the numbers and
versions of its entries are noted. What is read later must still be of that version: an entry changes by a step, and
every step raises it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, overload

from django.db.models import QuerySet

from journal.models import Entry

ROWS_AT_ONCE = 200


class BookMoved(Exception):
    """An entry was changed while its book was being printed."""


@dataclass(frozen=True)
class Row:
    """An entry as printed. ``closed``: its content does not open for the person who prints."""

    number: int
    cells: tuple[str, ...]
    closed: bool = False


class Noted(NamedTuple):
    """What was noted of an entry while the book was locked."""

    number: int
    version: int
    school_key: int | None


class RegisteredRows(Sequence[Row]):
    """The rows of these entries in the order of their numbers. Raises BookMoved when one is read that has changed.

    ``noted`` is all of them; ``closed`` the places of the rows, of those read until now, that did not open.
    """

    def __init__(self, entries: QuerySet[Entry], read: Callable[[list[Entry]], list[Row]]) -> None:
        self._entries = entries.select_related(None).select_related("category").order_by("number")
        self._read = read
        listed = self._entries.values_list("number", "version", "school_key_id")
        self.noted = [Noted(*one) for one in listed]
        self.closed: set[int] = set()

    def __len__(self) -> int:
        return len(self.noted)

    @overload
    def __getitem__(self, place: int) -> Row: ...

    @overload
    def __getitem__(self, place: slice) -> list[Row]: ...

    def __getitem__(self, place: int | slice) -> Row | list[Row]:
        if isinstance(place, slice):
            places = range(len(self))[place]
            if places.step != 1:
                raise ValueError("Rows are read one after another.")
            return self._rows(places.start, places.stop)
        place = range(len(self))[place]
        return self._rows(place, place + 1)[0]

    def __iter__(self) -> Iterator[Row]:
        for start in range(0, len(self), ROWS_AT_ONCE):
            yield from self._rows(start, min(start + ROWS_AT_ONCE, len(self)))

    def _rows(self, start: int, stop: int) -> list[Row]:
        noted = self.noted[start:stop]
        if not noted:
            return []
        entries = list(
            self._entries.filter(number__gte=noted[0].number, number__lte=noted[-1].number)
        )
        if [(one.number, one.version) for one in entries] != [one[:2] for one in noted]:
            raise BookMoved
        rows = self._read(entries)
        self.closed.update(place for place, row in enumerate(rows, start=start) if row.closed)
        return rows
