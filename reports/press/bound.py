"""Sheets bound into one file: what a PDF has once, the lines below the sheets, and where everything stands."""

import hashlib
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

from reports.joining import Bookmark
from reports.press.glyphs import BOLD, REGULAR, Face
from reports.press.setting import Setter
from reports.press.sheet import (
    BOLD_FONT,
    CATALOG,
    DOCUMENT,
    FONTS,
    HEIGHT,
    IDS,
    INFO,
    INNER_WIDTH,
    LEFT,
    METADATA,
    MM,
    NAME_BELOW,
    OUTLINES,
    PAGES,
    PARENTS,
    REGULAR_FONT,
    RESOURCES,
    ROOT,
    WIDTH,
    Sheets,
    packed_stream,
    stream,
)

BELOW_SIZE = 8.5
BELOW_BASE = 14.5 * MM  # from the sheet's lower edge
_OPEN = b"<</Type/Metadata/Subtype/XML/Length %d>>stream\n%s\nendstream"


@dataclass(frozen=True)
class Binding:
    """What the file says of itself. ``below``: what stands below each sheet at the right, empty where nothing does."""

    title: str
    language: str
    below: tuple[str, ...]
    bookmarks: tuple[Bookmark, ...]


def bind(sheets: Sheets, *, order: list[int], next_object: int, binding: Binding) -> bytes:
    """The file. ``order``: places in ``sheets.facts`` as the sheets lie; ``next_object``: a number nobody has."""
    facts = [sheets.facts[place] for place in order]
    parts = [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"]
    length = len(parts[0])
    places: dict[int, int] = {}

    def put(number: int, body: bytes) -> None:
        nonlocal length
        places[number] = length
        written = b"%d 0 obj\n%s\nendobj\n" % (number, body)
        parts.append(written)
        length += len(written)

    for number, body in _once(binding):
        put(number, body)
    packed = list(sheets.packed)
    kids = " ".join(f"{fact.page} 0 R" for fact in facts)
    put(PAGES, f"<</Type/Pages/Count {len(facts)}/Kids[{kids}]>>".encode())
    tags = " ".join(f"{tag} 0 R" for fact in facts for tag in fact.tags)
    put(DOCUMENT, f"<</Type/StructElem/S/Document/P {ROOT} 0 R/K[{tags}]>>".encode())
    owners = " ".join(f"{place} {fact.owners} 0 R" for place, fact in enumerate(facts))
    put(PARENTS, f"<</Nums[{owners}]>>".encode())
    names = " ".join(f"{fact.ids} 0 R" for fact in facts if fact.ids)
    put(IDS, f"<</Kids[{names}]>>".encode() if names else b"<</Names[]>>")
    outlines = _outlines(binding.bookmarks, [fact.page for fact in facts], next_object + 1)
    put(OUTLINES, outlines.pop(0).encode())
    put(next_object, packed_stream(next_object + 1, outlines))
    packed.append((next_object + 1, len(outlines), next_object))
    last = next_object + 1 + len(outlines)
    for number, body in zip((fact.footer for fact in facts), _below(binding.below), strict=True):
        put(number, body)
    places |= {number: place + length for number, place in sheets.objects}
    parts.append(sheets.data)
    length += len(sheets.data)
    places[last] = length
    parts.append(_table(last, places, packed, b"".join(parts[:-1])))
    parts.append(b"startxref\n%d\n%%%%EOF\n" % length)
    return b"".join(parts)


def _text(text: str) -> str:
    """A string of the PDF that may hold any letter."""
    return f"<FEFF{text.encode('utf-16-be').hex().upper()}>"


def _once(binding: Binding) -> Iterator[tuple[int, bytes]]:
    """What the file has once and does not depend on its sheets."""
    catalog = (
        f"<</Type/Catalog/Pages {PAGES} 0 R/StructTreeRoot {ROOT} 0 R/MarkInfo<</Marked true>>"
        f"/Metadata {METADATA} 0 R/Outlines {OUTLINES} 0 R/Lang({binding.language})"
        "/ViewerPreferences<</DisplayDocTitle true>>>>"
    )
    yield CATALOG, catalog.encode()
    yield INFO, f"<</Title{_text(binding.title)}/Producer(trust box)>>".encode()
    yield (
        ROOT,
        f"<</Type/StructTreeRoot/K[{DOCUMENT} 0 R]/ParentTree {PARENTS} 0 R/IDTree {IDS} 0 R>>".encode(),
    )
    about = (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title><rdf:Alt>'
        f'<rdf:li xml:lang="x-default">{escape(binding.title)}</rdf:li>'
        "</rdf:Alt></dc:title></rdf:Description></rdf:RDF></x:xmpmeta>"
        '<?xpacket end="r"?>'
    ).encode()
    yield METADATA, _OPEN % (len(about), about)
    yield RESOURCES, f"<<{FONTS}/XObject<</Name {NAME_BELOW} 0 R>>>>".encode()
    for first, path in ((REGULAR_FONT, REGULAR), (BOLD_FONT, BOLD)):
        for place, body in enumerate(_font(path, first)):
            yield first + place, body
    lines = Setter(Face(REGULAR), BELOW_SIZE).lines(binding.title, INNER_WIDTH - 60 * MM) or []
    name = f"BT /F1 {BELOW_SIZE} Tf {LEFT:.2f} {BELOW_BASE:.2f} Td {lines[0].shown if lines else ''} ET"
    head = f"/Type/XObject/Subtype/Form/BBox[0 0 {WIDTH:.2f} {HEIGHT:.2f}]/Resources<<{FONTS}>>"
    yield NAME_BELOW, stream(head, name.encode())


def _below(lines: tuple[str, ...]) -> Iterator[bytes]:
    """What stands below each sheet: the book's name, and at the right its own line."""
    setter = Setter(Face(REGULAR), BELOW_SIZE)
    right = LEFT + INNER_WIDTH
    for line in lines:
        set_line = (setter.lines(line, 100 * MM) or [None])[0] if line else None
        if set_line is None:
            yield b"<</Length 0>>stream\n\nendstream"
            continue
        drawn = (
            "/Artifact<</Type/Pagination/Subtype/Footer>>BDC /Name Do "
            f"BT /F1 {BELOW_SIZE} Tf {right - set_line.width:.2f} {BELOW_BASE:.2f} Td {set_line.shown} ET EMC"
        ).encode()
        yield b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn)


def _outlines(bookmarks: tuple[Bookmark, ...], pages: list[int], first: int) -> list[str]:
    """The root of the contents, and its lines numbered from ``first`` on."""
    lines: list[str] = []

    def put(parent: int, marks: tuple[Bookmark, ...]) -> str:
        """Lines under a parent; what it says of them."""
        numbers: list[int] = []
        for mark in marks:
            lines.append("")
            numbers.append(first + len(lines) - 1)
            kids = put(numbers[-1], mark.under)
            lines[numbers[-1] - first] = (
                f"<</Title{_text(mark.label)}/Parent {parent} 0 R"
                f"/Dest[{pages[mark.page]} 0 R/Fit]{kids}"
            )
        for place, number in enumerate(numbers):
            before = f"/Prev {numbers[place - 1]} 0 R" if place else ""
            after = f"/Next {numbers[place + 1]} 0 R" if place + 1 < len(numbers) else ""
            lines[number - first] += f"{before}{after}>>"
        if not numbers:
            return ""
        # Below a line they are closed at first.
        count = len(numbers) if parent == OUTLINES else -len(numbers)
        return f"/First {numbers[0]} 0 R/Last {numbers[-1]} 0 R/Count {count}"

    root = f"<</Type/Outlines{put(OUTLINES, bookmarks)}>>"
    return [root, *lines]


@cache
def _font(path: Path, first: int) -> tuple[bytes, ...]:
    """The five objects of a font, the whole of which is put in: its glyphs are numbered alike in every book."""
    face = Face(path)
    name = path.stem
    widths = " ".join(map(str, face.advances))
    box = " ".join(map(str, face.box))
    ascent, descent = face.heights
    letters = [
        f"<{glyph:04X}><{chr(letter).encode('utf-16-be').hex().upper()}>"
        for glyph, letter in sorted(face.letters.items())
    ]
    groups = [letters[at : at + 100] for at in range(0, len(letters), 100)]
    mapped = "\n".join(
        f"{len(group)} beginbfchar\n{chr(10).join(group)}\nendbfchar" for group in groups
    )
    to_text = (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n"
        "/CMapName/Adobe-Identity-UCS def\n/CMapType 2 def\n"
        f"1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n{mapped}\n"
        "endcmap\nCMapName currentdict/CMap defineresource pop\nend\nend"
    )
    return (
        (
            f"<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H"
            f"/DescendantFonts[{first + 1} 0 R]/ToUnicode {first + 4} 0 R>>"
        ).encode(),
        (
            f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}/CIDToGIDMap/Identity"
            "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
            f"/FontDescriptor {first + 2} 0 R/W[0[{widths}]]>>"
        ).encode(),
        (
            f"<</Type/FontDescriptor/FontName/{name}/Flags 4/FontBBox[{box}]/ItalicAngle 0"
            f"/Ascent {ascent}/Descent {descent}/CapHeight 700/StemV 80/FontFile2 {first + 3} 0 R>>"
        ).encode(),
        stream(f"/Length1 {len(face.file)}", face.file),
        stream("", to_text.encode()),
    )


@cache
def _two_bytes(count: int) -> tuple[bytes, ...]:
    return tuple(place.to_bytes(2, "big") for place in range(count))


def _table(
    number: int, places: dict[int, int], packed: list[tuple[int, int, int]], before: bytes
) -> bytes:
    """Where each object stands: the table at the file's end, an object itself."""
    rows = bytearray(7 * (number + 1))
    rows[5:7] = b"\xff\xff"
    for one, place in places.items():
        struct.pack_into(">BIH", rows, 7 * one, 1, place, 0)
    for first, count, holder in packed:
        within = b"\x02" + holder.to_bytes(4, "big")
        rows[7 * first : 7 * (first + count)] = b"".join(
            [within + place for place in _two_bytes(count)]
        )
    identity = hashlib.sha256(before).hexdigest()[:32]
    body = zlib.compress(bytes(rows), 1)
    head = (
        f"<</Type/XRef/Size {number + 1}/W[1 4 2]/Root {CATALOG} 0 R/Info {INFO} 0 R"
        f"/ID[<{identity}><{identity}>]/Filter/FlateDecode/Length {len(body)}>>stream\n"
    )
    return b"%d 0 obj\n%s%s\nendstream\nendobj\n" % (number, head.encode(), body)
