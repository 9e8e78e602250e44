"""The table of the journal: rows one under another, the head again on each sheet."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from reports.press.foreign import Foreign
from reports.press.glyphs import BOLD, REGULAR, Face
from reports.press.setting import Setter
from reports.press.sheet import (
    INNER_HEIGHT,
    LEFT,
    MM,
    TOP,
    AnyLine,
    Sheet,
    Sheets,
)

RULE = 0.4  # points
PAD_ACROSS, PAD_DOWN = 1.3 * MM, 1.2 * MM
LEAST_LINES = 3  # of a row that goes on overleaf
NONE_PAD = 8 * MM


@dataclass(frozen=True)
class Column:
    """Heading and width (mm). ``centred`` stands in the middle and is never broken: a number."""

    label: str
    width: float
    centred: bool = False


@dataclass(frozen=True)
class TableStyle:
    """How the table looks: its columns, sizes of type (points), room around a heading (mm)."""

    language: str
    columns: tuple[Column, ...]
    none: str  # what stands in a table without rows
    size: float = 9
    leading: float = 1.28
    head_size: float = 8
    head_leading: float = 1.2
    head_across: float = 0.8
    head_down: float = 1.4

    def as_json(self) -> dict[str, Any]:
        """For another process."""
        return asdict(self)

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> "TableStyle":
        """What ``as_json`` gave."""
        columns = tuple(Column(**column) for column in told.pop("columns"))
        return cls(columns=columns, **told)


@dataclass
class _Row:
    """A row, or what of it stands on a sheet: lines of each cell."""

    place: int
    cells: list[list[AnyLine]]
    begins: bool = True

    @property
    def count(self) -> int:
        return max(map(len, self.cells))

    def parted(self, lines: int) -> tuple["_Row", "_Row"]:
        """Its first lines, and the rest."""
        return (
            _Row(self.place, [cell[:lines] for cell in self.cells], self.begins),
            _Row(self.place, [cell[lines:] for cell in self.cells], False),
        )


class Table:
    """Takes rows and gives sheets. ``key``, ``first_object``: of its first sheet."""

    def __init__(self, style: TableStyle, foreign: Foreign, *, key: int, first_object: int) -> None:
        self.style, self._foreign = style, foreign
        self._key, self._next_object = key, first_object
        self._setter = Setter(Face(REGULAR), style.size)
        self._head_setter = Setter(Face(BOLD), style.head_size)
        self._leading = style.size * style.leading
        self._base = self._setter.baseline(self._leading)
        self._head_leading = style.head_size * style.head_leading
        self._edges = [LEFT]
        for column in style.columns:
            self._edges.append(self._edges[-1] + column.width * MM)
        self._widths = [column.width * MM - 2 * PAD_ACROSS - RULE for column in style.columns]
        self._head = [
            self._set(column.label, place, head=True) for place, column in enumerate(style.columns)
        ]
        self._head_height = (
            max(map(len, self._head)) * self._head_leading + 2 * style.head_down * MM + RULE
        )
        self._room = INNER_HEIGHT - self._head_height - RULE
        self._rows: list[_Row] = []
        self._height = 0.0
        self._brought: dict[int, dict[int, int]] = {}
        self._goes_on = False
        self._drawn = 0

    @property
    def next_sheet(self) -> tuple[int, int, int]:
        """Place, first row (-1: it begins with none) and first object of the sheet that is being filled."""
        begins = bool(self._rows) and self._rows[0].begins
        return self._key, self._rows[0].place if begins else -1, self._next_object

    def _set(self, text: str, place: int, *, head: bool = False) -> list[AnyLine]:
        column, style = self.style.columns[place], self.style
        if head:
            width = column.width * MM - 2 * style.head_across * MM - RULE
            setter, leading = self._head_setter, self._head_leading
        else:
            width, setter, leading = self._widths[place], self._setter, self._leading
        lines = setter.lines(text, width, whole_words=column.centred and not head)
        if lines is not None:
            return lines
        return self._foreign.lines(
            text,
            width=width,
            size=setter.size,
            leading=leading,
            base=setter.baseline(leading),
            middle=head or column.centred,
            bold=head,
        )

    def add(self, place: int, cells: list[str]) -> Iterator[Sheets]:
        """Put a row in; the sheets that are full by it."""
        row = _Row(place, [self._set(text, column) for column, text in enumerate(cells)])
        height = self._height_of(row)
        if self._height + height > self._room:
            if height > self._room:
                yield from self._long(row)
                return
            yield self._sheet()
        self._take(row, height)

    def end(self) -> Iterator[Sheets]:
        """The last sheet, of an empty table too."""
        if self._rows or not self._drawn:
            yield self._sheet()

    def _height_of(self, row: _Row) -> float:
        return row.count * self._leading + 2 * PAD_DOWN + RULE

    def _take(self, row: _Row, height: float) -> None:
        self._rows.append(row)
        self._height += height

    def _long(self, row: _Row) -> Iterator[Sheets]:
        """A row that no sheet holds: it goes on overleaf, below the head."""
        while self._height_of(row) > self._room - self._height:
            lines = int((self._room - self._height - 2 * PAD_DOWN - RULE) / self._leading)
            if lines >= LEAST_LINES or not self._rows:
                part, row = row.parted(max(1, lines))
                self._take(part, self._height_of(part))
            self._goes_on = not row.begins
            yield self._sheet()
        self._goes_on = False
        self._take(row, self._height_of(row))

    def _sheet(self) -> Sheets:
        """Draw the sheet that is full, and begin the next."""
        sheet = Sheet(key=self._key, first=self._next_object)
        for row in self._rows:
            for cell in row.cells:
                sheet.bring(cell, self._brought)
        for cell in self._head:
            sheet.bring(cell, {})
        headings = self._draw_head(sheet)
        bottoms = self._draw_rows(sheet, headings) if self._rows else self._draw_none(sheet)
        self._draw_rules(sheet, bottoms)
        begun = [row.place for row in self._rows if row.begins]
        finished = sheet.finish(
            first=begun[0] if begun else -1,
            last=begun[-1] if begun else -1,
            begins=not self._rows or self._rows[0].begins,
        )
        self._key, self._next_object = self._key + 1, sheet.next_object
        self._rows, self._height = [], 0.0
        if not self._goes_on:
            self._brought = {}
        self._drawn += 1
        return finished

    def _draw_head(self, sheet: Sheet) -> list[str]:
        style = self.style
        self._table = sheet.tag("Table")
        row = sheet.tag("TR", sheet.tag("THead", self._table))
        sheet.draw(f"/F2 {style.head_size} Tf")
        names = []
        for place, lines in enumerate(self._head):
            name = f"{sheet.key:06}-{place:02}"
            names.append(name)
            extra = f"/ID({name})/A<</O/Table/Scope/Column>>"
            tag = sheet.tag("TH", row, extra, name)
            over = (self._head_height - RULE - len(lines) * self._head_leading) / 2
            sheet.lines(
                tag,
                lines,
                left=self._edges[place] + style.head_across * MM + RULE / 2,
                base=TOP - RULE - over - self._head_setter.baseline(self._head_leading),
                leading=self._head_leading,
                width=(style.columns[place].width - 2 * style.head_across) * MM - RULE,
            )
        sheet.draw(f"/F1 {style.size} Tf")
        return names

    def _draw_rows(self, sheet: Sheet, headings: list[str]) -> list[float]:
        """The rows below the head; how far down each ends."""
        body = sheet.tag("TBody", self._table)
        extras = [f"/A<</O/Table/Headers[({name})]>>" for name in headings]
        top, bottoms = self._head_height, []
        for row in self._rows:
            line = sheet.tag("TR", body)
            base = TOP - RULE - top - PAD_DOWN - self._base
            for place, lines in enumerate(row.cells):
                tag = sheet.tag("TD", line, extras[place])
                if not any(one.width for one in lines):
                    continue
                column = self.style.columns[place]
                sheet.lines(
                    tag,
                    lines,
                    left=self._edges[place] + PAD_ACROSS + RULE / 2,
                    base=base,
                    leading=self._leading,
                    width=self._widths[place] if column.centred else 0,
                )
            top += self._height_of(row)
            bottoms.append(top)
        return bottoms

    def _draw_none(self, sheet: Sheet) -> list[float]:
        """One cell across the table that says so."""
        width = self._edges[-1] - LEFT
        extra = f"/A<</O/Table/ColSpan {len(self.style.columns)}>>"
        tag = sheet.tag("TD", sheet.tag("TR", sheet.tag("TBody", self._table)), extra)
        lines = self._setter.lines(self.style.none, width - 2 * PAD_ACROSS) or []
        base = TOP - RULE - self._head_height - NONE_PAD - self._base
        sheet.lines(tag, lines, left=LEFT, base=base, leading=self._leading, width=width)
        return [self._head_height + 2 * NONE_PAD + len(lines) * self._leading]

    def _draw_rules(self, sheet: Sheet, bottoms: list[float]) -> None:
        """All rules of the sheet; they say nothing, so they are outside the tags."""
        head, bottom = TOP - RULE / 2 - self._head_height, TOP - RULE / 2 - bottoms[-1]
        across = [TOP - RULE / 2, head, *(TOP - RULE / 2 - down for down in bottoms)]
        left, right = self._edges[0], self._edges[-1]
        # Without rows there is one cell across, and no rule through it.
        low = bottom if self._rows else head
        down = [(edge, bottom if edge in (left, right) else low) for edge in self._edges]
        lines = [f"{left:.2f} {y:.2f} m {right:.2f} {y:.2f} l" for y in across]
        lines += [f"{x:.2f} {TOP:.2f} m {x:.2f} {end:.2f} l" for x, end in down]
        sheet.draw(f"/Artifact BMC {RULE} w {' '.join(lines)} S EMC")
