"""One sheet as PDF objects: what is drawn on it, and the tags that say what it is.

A sheet's objects are numbered one after another from a number given to it, and nothing in them points to a later sheet.
So the sheets at the beginning of a book stay the same to the byte when the book grows at its end.
"""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from reports.joining import moved
from reports.press.foreign import ForeignLine
from reports.press.setting import Line

MM = 72 / 25.4
WIDTH, HEIGHT = 297 * MM, 210 * MM
LEFT, TOP = 30 * MM, HEIGHT - 20 * MM  # where the printed part of a sheet begins
INNER_WIDTH, INNER_HEIGHT = 257 * MM, 170 * MM

# Objects of which a file has one each; those of the sheets come after them.
CATALOG, PAGES, INFO, ROOT, DOCUMENT, PARENTS, OUTLINES, METADATA, IDS = range(1, 10)
REGULAR_FONT, BOLD_FONT, RESOURCES, NAME_BELOW = 10, 15, 20, 21
FIRST_FREE = 22
FONTS = f"/Font<</F1 {REGULAR_FONT} 0 R/F2 {BOLD_FONT} 0 R>>"
AnyLine = Line | ForeignLine


class SheetFacts(NamedTuple):
    """Numbers of a sheet's objects, and the first and last row that begin on it (both -1 when none does)."""

    page: int
    footer: int
    tags: tuple[int, ...]  # of what hangs directly under the document
    owners: int  # the list of the tags that own its marked pieces
    ids: int  # names of its tags, 0 when none has one
    first: int
    last: int
    begins: bool = True  # with a row, and not in the middle of one


@dataclass
class Sheets:
    """Finished sheets: their objects as bytes, and where each stands in them."""

    data: bytes = b""
    objects: list[tuple[int, int]] = field(default_factory=list)  # number, place in ``data``
    packed: list[tuple[int, int, int]] = field(default_factory=list)  # first, how many, holder
    facts: list[SheetFacts] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """All but the bytes."""
        return {"objects": self.objects, "packed": self.packed, "facts": self.facts}

    @classmethod
    def from_json(cls, told: dict[str, Any], data: bytes) -> "Sheets":
        """What ``as_json`` gave."""
        return cls(
            data=data,
            objects=[tuple(one) for one in told["objects"]],
            packed=[tuple(one) for one in told["packed"]],
            facts=[
                SheetFacts(page, footer, tuple(tags), *rest)
                for page, footer, tags, *rest in told["facts"]
            ],
        )

    def apart(self) -> Iterator["Sheets"]:
        """One after another."""
        starts = {fact.page for fact in self.facts}
        groups: list[list[tuple[int, int]]] = []
        for number, place in self.objects:
            if number in starts:
                groups.append([])
            groups[-1].append((number, place))
        ends = [*(group[0][1] for group in groups[1:]), *([len(self.data)] if groups else [])]
        for fact, packed, group, end in zip(self.facts, self.packed, groups, ends, strict=True):
            begin = group[0][1]
            objects = [(number, place - begin) for number, place in group]
            yield Sheets(self.data[begin:end], objects, [packed], [fact])

    @classmethod
    def together(cls, parts: Iterable["Sheets"]) -> "Sheets":
        """Sheets one after another."""
        whole, data, length = cls(), [], 0
        for part in parts:
            whole.objects += [(number, place + length) for number, place in part.objects]
            whole.packed += part.packed
            whole.facts += part.facts
            data.append(part.data)
            length += len(part.data)
        whole.data = b"".join(data)
        return whole


def stream(head: str, data: bytes) -> bytes:
    """A compressed stream object."""
    body = zlib.compress(data, 6)
    return b"<<%s/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (
        head.encode(),
        len(body),
        body,
    )


def packed_stream(first: int, objects: list[str]) -> bytes:
    """Objects numbered from ``first`` on, held together in one stream."""
    places, place = [], 0
    for offset, written in enumerate(objects):
        places.append(f"{first + offset} {place}")
        place += len(written) + 1
    head = " ".join(places) + "\n"
    data = head + "\n".join(objects)
    return stream(f"/Type/ObjStm/N {len(objects)}/First {len(head)}", data.encode("latin-1"))


class _Tag:
    """An element of the tag tree."""

    __slots__ = ("extra", "kids", "kind", "parent")

    def __init__(self, kind: str, parent: int, extra: str) -> None:
        self.kind, self.parent, self.extra = kind, parent, extra
        self.kids: list[str] = []


class Sheet:
    """A sheet while it is drawn. ``key``: its place in the book from 0; ``first``: its first object's number."""

    def __init__(self, *, key: int, first: int) -> None:
        self.key = key
        self._page, self._content, self._footer, self._holder = range(first, first + 4)
        self._next = first + 4
        self._foreign: list[tuple[int, bytes]] = []
        self._named: dict[int, str] = {}
        self._tags: list[_Tag] = []
        self._owners: list[int] = []
        self._ids: list[tuple[str, int]] = []
        self._drawn: list[str] = []

    # Tags

    def tag(self, kind: str, parent: int = DOCUMENT, extra: str = "", name: str = "") -> int:
        """A new tag under another; its number. ``name``: what others call it by."""
        number = self._next + len(self._tags)
        self._tags.append(_Tag(kind, parent, extra))
        if parent != DOCUMENT:
            self._tags[parent - self._next].kids.append(f"{number} 0 R")
        if name:
            self._ids.append((name, number))
        return number

    def marked(self, tag: int) -> str:
        """The beginning of a marked piece that the tag owns; ``EMC`` ends it."""
        place = len(self._owners)
        self._owners.append(tag)
        owner = self._tags[tag - self._next]
        owner.kids.append(str(place))
        return f"/{owner.kind}<</MCID {place}>>BDC"

    # What is drawn

    def draw(self, operators: str) -> None:
        """Put operators on the sheet."""
        self._drawn.append(operators)

    def lines(
        self,
        tag: int,
        lines: Iterable[AnyLine],
        *,
        left: float,
        base: float,
        leading: float,
        width: float = 0,
    ) -> None:
        """Lines of text in the type set before, the first on ``base``, as a piece that the tag owns.

        ``width``: of the room in the middle of which each line stands.
        """
        begin = self.marked(tag)
        drawn, pictures = [], []
        for place, line in enumerate(lines):
            x, y = left + max(0.0, (width - line.width) / 2), base - place * leading
            if isinstance(line, ForeignLine):
                pictures.append(
                    f"q 1 0 0 1 {x:.2f} {y - line.below:.2f} cm /{self._name(line)} Do Q"
                )
            elif line.shown:
                drawn.append(f"1 0 0 1 {x:.2f} {y:.2f} Tm {line.shown}")
        text = f"BT {' '.join(drawn)} ET" if drawn else ""
        self._drawn.append(f"{begin} {text}{' '.join(pictures)} EMC")

    def bring(self, lines: Iterable[AnyLine], brought: dict[int, dict[int, int]]) -> None:
        """Take in the objects of foreign lines: before any tag. ``brought``: what sheets before have of them."""
        for line in lines:
            if not isinstance(line, ForeignLine):
                continue
            piece = line.piece
            if id(piece) not in brought:
                numbers = sorted(piece.objects)
                place = {number: self._next + at for at, number in enumerate(numbers)}
                brought[id(piece)] = place
                for number in numbers:
                    data, is_stream = piece.objects[number]
                    self._foreign.append((place[number], moved(data, is_stream, place, 0)))
                self._next += len(numbers)
            number = brought[id(piece)][piece.pages[line.place]["number"]]
            self._named[number] = f"X{number}"
            line.names[self.key] = f"X{number}"

    def _name(self, line: ForeignLine) -> str:
        return line.names[self.key]

    # The end

    def finish(self, *, first: int = -1, last: int = -1, begins: bool = True) -> Sheets:
        """The sheet with its objects. The arguments as in ``SheetFacts``."""
        packed = [
            f"<</Type/StructElem/S/{tag.kind}/P {tag.parent} 0 R/Pg {self._page} 0 R"
            f"{'/K[' + ' '.join(tag.kids) + ']' if tag.kids else ''}{tag.extra}>>"
            for tag in self._tags
        ]
        owners = self._next + len(packed)
        packed.append(f"[{' '.join(f'{owner} 0 R' for owner in self._owners)}]")
        ids = 0
        if self._ids:
            ids = self._next + len(packed)
            names = " ".join(f"({name}){number} 0 R" for name, number in self._ids)
            ends = f"({self._ids[0][0]})({self._ids[-1][0]})"
            packed.append(f"<</Limits[{ends}]/Names[{names}]>>")
        pictures = "".join(f"/{name} {number} 0 R" for number, name in self._named.items())
        resources = (
            f"<<{FONTS}/XObject<</Name {NAME_BELOW} 0 R{pictures}>>>>"
            if pictures
            else f"{RESOURCES} 0 R"
        )
        page = (
            f"<</Type/Page/Parent {PAGES} 0 R/MediaBox[0 0 {WIDTH:.2f} {HEIGHT:.2f}]"
            f"/Resources {resources}/Contents[{self._footer} 0 R {self._content} 0 R]"
            f"/StructParents {self.key}/Tabs/S>>"
        ).encode()
        bodies = [
            (self._page, page),
            (self._content, stream("", "\n".join(self._drawn).encode("latin-1"))),
            *self._foreign,
            (self._holder, packed_stream(self._next, packed)),
        ]
        sheets = Sheets()
        data, place = [], 0
        for number, body in bodies:
            written = b"%d 0 obj\n%s\nendobj\n" % (number, body)
            sheets.objects.append((number, place))
            data.append(written)
            place += len(written)
        sheets.data = b"".join(data)
        sheets.packed.append((self._next, len(packed), self._holder))
        tops = tuple(
            self._next + place for place, tag in enumerate(self._tags) if tag.parent == DOCUMENT
        )
        sheets.facts.append(
            SheetFacts(self._page, self._footer, tops, owners, ids, first, last, begins)
        )
        return sheets

    @property
    def next_object(self) -> int:
        """The first number after this sheet's own, once all its tags are made."""
        return self._next + len(self._tags) + 1 + bool(self._ids)
