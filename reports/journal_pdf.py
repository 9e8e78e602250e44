"""The journal as a PDF: rows read and set at the same time on two cores, sheets that did not change taken as they are.

Where a sheet ends depends on every row before it, so the table is set from the first row on, and one process is fast
enough for that: what takes longer is opening the entries. So a second process sets while this one opens.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from django.utils.translation import gettext as _

from reports.joining import Bookmark
from reports.journal_book import JournalBook
from reports.journal_layout import below_sheets, closing_page, cover_page, table_style
from reports.press.bound import Binding, bind
from reports.press.foreign import Foreign
from reports.press.leaf import draw_leaf
from reports.press.sheet import FIRST_FREE, INNER_HEIGHT, MM, SheetFacts, Sheets
from reports.press.table import Table
from reports.rendering import RenderingFailed, TableProcess
from schools.languages import speaking

ROWS_AT_ONCE = 100  # memory stays flat, and progress is seen
SHARED_FROM = 150  # fewer rows are not worth a second process
SECTION_SHEETS = 16

# Sheets done, and sheets in all as far as is known by now.
Progress = Callable[[int, int], None]


class Place(NamedTuple):
    """Where a sheet begins: its place in the book (the cover is 0), its first row, and its first object's number."""

    sheet: int
    row: int
    number: int


BEGINNING = Place(sheet=1, row=0, number=FIRST_FREE)


@dataclass(frozen=True)
class Section:
    """Some whole sheets of the table, between two places at which a row begins a sheet."""

    start: Place
    stop: Place
    sheets: Sheets


class Shelf(Protocol):
    """Where sections are kept from one printing to the next."""

    def starts(self) -> Collection[Place]:
        """Where those begin that would be drawn like that now, if a sheet began there."""

    def take(self, start: Place) -> Section:
        """The one that begins there."""

    def put(self, section: Section) -> None:
        """One that was drawn anew."""


def render_journal(
    book: JournalBook,
    *,
    progress: Progress | None = None,
    processes: int = 2,
    shelf: Shelf | None = None,
) -> bytes:
    """The book as a tagged PDF (PDF/UA-1).

    Raises LibrariesMissing, RenderingFailed, and what the book's rows raise when they are read.
    """
    drawing = _Drawing(book, processes, progress)
    starts = shelf.starts() if shelf else ()
    place: Place | None = BEGINNING
    before: Section | None = None
    while place is not None:
        if place in starts:
            before = shelf.take(place)
            place = drawing.reuse(before)
        else:
            place = drawing.draw(place, starts, _Keeper(place, shelf, before))
            before = None
    table = Sheets.together(drawing.parts)
    _check(table.facts, len(book.rows))
    return _bound(book, table, drawing.next_number)


class _Drawing:
    """The sheets of the table, one after another, drawn or taken as they were."""

    def __init__(self, book: JournalBook, processes: int, progress: Progress | None) -> None:
        self._book, self._processes, self._progress = book, processes, progress
        self._style = table_style(book)
        self._total = len(book.rows)
        self.parts: list[Sheets] = []
        self._done = 0
        self.next_number = FIRST_FREE

    def reuse(self, section: Section) -> Place:
        """Take sheets as they were; where it goes on."""
        self._add(section.sheets)
        self.next_number = section.stop.number
        return section.stop

    def draw(self, start: Place, starts: Collection[Place], keeper: "_Keeper") -> Place | None:
        """Draw sheets up to one that begins where kept ones go on; None at the end."""
        hint = min((one.row for one in starts if one.row > start.row), default=self._total)
        with closing(self._sheets(start, hint)) as sheets:
            for place, sheet in sheets:
                if place in starts and place != start:
                    keeper.end(place)
                    return place
                if sheet is not None:
                    keeper.add(place, sheet)
                    self._add(sheet)
        keeper.leave()
        return None

    def _add(self, part: Sheets) -> None:
        self.parts.append(part)
        self._done += len(part.facts)
        rows = max((fact.last for fact in part.facts), default=-1) + 1
        if self._progress and rows:
            # With the cover before, and the closing page behind.
            self._progress(self._done + 1, round(self._done * self._total / rows) + 2)

    def _sheets(self, start: Place, hint: int) -> Iterator[tuple[Place, Sheets | None]]:
        """Each sheet with its place, and where one begins that is not full yet."""
        shared = self._processes > 1 and hint - start.row >= SHARED_FROM
        for part, waiting in self._beside(start, hint) if shared else self._here(start, hint):
            for sheet in part.apart():
                (fact,) = sheet.facts
                place = Place(self._done + 1, fact.first if fact.begins else -1, fact.page)
                yield place, sheet
            self.next_number = waiting.number
            yield waiting, None

    def _batches(self, start: int, hint: int) -> Iterator[tuple[list[tuple[int, list[str]]], bool]]:
        """Rows with their places, and whether the last is among them. ``hint``: a row at which it may end."""
        while True:
            stop = min(start + ROWS_AT_ONCE, self._total)
            if start <= hint < stop:
                stop, hint = hint + 1, self._total
            rows = [
                (start + at, list(row.cells)) for at, row in enumerate(self._book.rows[start:stop])
            ]
            yield rows, stop == self._total
            if stop == self._total:
                return
            start = stop

    def _here(self, start: Place, hint: int) -> Iterator[tuple[Sheets, Place]]:
        with Foreign(self._style.language) as foreign:
            table = Table(self._style, foreign, key=start.sheet, first_object=start.number)
            for rows, last in self._batches(start.row, hint):
                parts = [part for place, cells in rows for part in table.add(place, cells)]
                if last:
                    parts += table.end()
                yield Sheets.together(parts), Place(*table.next_sheet)

    def _beside(self, start: Place, hint: int) -> Iterator[tuple[Sheets, Place]]:
        with TableProcess() as process:
            style = self._style.as_json()
            process.ask({"style": style, "key": start.sheet, "first": start.number})
            asked = False
            for rows, last in self._batches(start.row, hint):
                # These rows were read and opened while the other process set those before.
                if asked:
                    yield _answer(process)
                process.ask({"rows": rows, "last": last})
                asked = True
            yield _answer(process)


def _answer(process: TableProcess) -> tuple[Sheets, Place]:
    answer = process.answer()
    return Sheets.from_json(answer, process.take(answer["length"])), Place(*answer["next"])


class _Keeper:
    """Puts sheets that were drawn on the shelf, some at a time; a short section right before is made longer."""

    def __init__(self, start: Place, shelf: Shelf | None, before: Section | None) -> None:
        self._start, self._shelf = start, shelf
        self._sheets: list[Sheets] = []
        self._whole = start  # the last place that a row begins
        self._until = 0  # so many of the sheets are before it
        if before is not None and len(before.sheets.facts) < SECTION_SHEETS:
            self._start, self._sheets = before.start, list(before.sheets.apart())
            self._until = len(self._sheets)

    def add(self, place: Place, sheet: Sheets) -> None:
        """The next sheet, which begins there."""
        if self._shelf is None:
            return
        if place.row >= 0:
            self._whole, self._until = place, len(self._sheets)
            if len(self._sheets) >= SECTION_SHEETS:
                self.end(place)
        self._sheets.append(sheet)

    def end(self, place: Place) -> None:
        """The sheets until now are full, and the next begins with a row."""
        self._whole, self._until = place, len(self._sheets)
        self.leave()
        self._start, self._sheets, self._until = place, [], 0

    def leave(self) -> None:
        """No more come. The last one is not full yet, so it is not kept."""
        if self._shelf is not None and self._until:
            sheets = Sheets.together(self._sheets[: self._until])
            self._shelf.put(Section(self._start, self._whole, sheets))


def _check(facts: list[SheetFacts], rows: int) -> None:
    """Every row begins on one sheet and in order, or there is no file."""
    begun = [row for fact in facts if fact.first >= 0 for row in range(fact.first, fact.last + 1)]
    if begun != list(range(rows)):
        raise RenderingFailed("a row is missing, doubled or out of its place")


def _bound(book: JournalBook, table: Sheets, number: int) -> bytes:
    count = len(table.facts)
    sheets = count + (2 if book.end else 1)
    blocks, rules = cover_page(book, sheets)
    with Foreign(book.language) as foreign:
        first, number, down = draw_leaf(blocks, rules=rules, foreign=foreign, key=0, first=number)
        last = None
        if book.end:
            blocks, rules = closing_page(book, sheets)
            last, number, down_there = draw_leaf(
                blocks, rules=rules, foreign=foreign, key=count + 1, first=number
            )
            down = max(down, down_there)
    if down * MM > INNER_HEIGHT:
        raise RenderingFailed("the cover or the closing page does not fit its sheet")
    whole = Sheets.together([table, first, *([last] if last else [])])
    order = [count, *range(count), *([count + 1] if last else [])]
    binding = Binding(
        title=book.name,
        language=book.language,
        below=below_sheets(book, sheets),
        bookmarks=_bookmarks(book, table.facts),
    )
    return bind(whole, order=order, next_object=number, binding=binding)


def _bookmarks(book: JournalBook, facts: list[SheetFacts]) -> tuple[Bookmark, ...]:
    """The cover, and the entries with the numbers that begin on each page."""
    lines: list[Bookmark] = []
    numbers = book.numbers
    for sheet, fact in enumerate(facts, start=1):
        if fact.first < 0:
            continue
        first, last = numbers[fact.first], numbers[fact.last]
        label = f"№ {first}" if first == last else f"№ {first}–{last}"
        lines.append(Bookmark(label, sheet))
    with speaking(book.language):
        parts = [Bookmark(_("Cover"), 0), Bookmark(_("Entries"), 1, tuple(lines))]
        if book.end:
            parts.append(Bookmark(_("Closing page"), len(facts) + 1))
    return tuple(parts)
