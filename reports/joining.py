"""One tagged PDF out of pieces drawn apart.

Ordinary joining (pypdf's too) drops the tags, and reading a thousand rows' tags back from a file takes longer
than drawing them. So pieces come as PDF objects, and joining only moves their numbers. What is relied on in
WeasyPrint 70: a page's structure elements hang directly under the document's, and headers are named by numbers.
"""

import io
import re
from dataclasses import dataclass

import pydyf

from reports.rendering import Piece, RenderingFailed

_REFERENCE = re.compile(rb"\b(\d+) 0 R\b")
_HEADER_ID = re.compile(rb"\((\d+)-(\d+)-(\d+)\)")
_STREAM = b"\nstream\n"


@dataclass(frozen=True)
class Bookmark:
    """A line of the PDF's contents: where it leads (page from 0), with lines under it."""

    label: str
    page: int
    under: tuple["Bookmark", ...] = ()


class _Drawn(pydyf.Object):
    """An object as another process has written it."""

    def __init__(self, data: bytes, is_stream: bool) -> None:
        super().__init__()
        self._data = data
        self._is_stream = is_stream

    @property
    def data(self) -> bytes:
        return self._data

    @property
    def compressible(self) -> bool:
        return not self._is_stream


class Joiner:
    """Takes pages one after another, and gives the file."""

    def __init__(self, *, title: str, language: str) -> None:
        self._pdf = pydyf.PDF()
        self._pdf.info["Title"] = pydyf.String(title)
        self._pdf.info["Producer"] = pydyf.String("trust box")
        self._document = pydyf.Dictionary(
            {"Type": "/StructElem", "S": "/Document", "K": pydyf.Array()}
        )
        self._parents = pydyf.Dictionary({"Nums": pydyf.Array()})
        root = pydyf.Dictionary({"Type": "/StructTreeRoot"})
        for item in (self._document, self._parents, root):
            self._pdf.add_object(item)
        root["K"] = pydyf.Array([self._document.reference])
        root["ParentTree"] = self._parents.reference
        self._document["P"] = root.reference
        self._pdf.catalog |= {
            "StructTreeRoot": root.reference,
            "MarkInfo": pydyf.Dictionary({"Marked": "true"}),
            "ViewerPreferences": pydyf.Dictionary({"DisplayDocTitle": "true"}),
            "Lang": pydyf.String(language),
        }
        self._pages: list[_Drawn] = []
        self._resources: list[bytes] = []

    def add(self, piece: Piece) -> None:
        """The pages of a piece."""
        chosen = piece.pages
        # Page 1 and catalogue 2 of a piece stand for those of the file; the rest moves up.
        offset = len(self._pdf.objects)
        wanted = sorted(piece.objects)
        place = {number: offset + index for index, number in enumerate(wanted)}
        place[1] = self._pdf.pages.number
        if piece.document is not None:
            place[piece.document] = self._document.number
        page_numbers = {page["number"] for page in chosen}
        for number in wanted:
            data, is_stream = piece.objects[number]
            drawn = _Drawn(moved(data, is_stream, place, offset), is_stream)
            if number in page_numbers:
                self._pdf.add_page(drawn)
            else:
                self._pdf.add_object(drawn)
        for page in chosen:
            drawn = self._pdf.objects[place[page["number"]]]
            key = len(self._pages)
            drawn._data = re.sub(
                rb"/StructParents \d+", b"/StructParents %d" % key, drawn.data, count=1
            )
            self._pages.append(drawn)
            self._resources.append(self._pdf.objects[place[page["resources"]]].data)
            self._document["K"].extend(b"%d 0 R" % place[kid] for kid in page["kids"])
            self._parents["Nums"].append(key)
            self._parents["Nums"].append(
                pydyf.Array([b"%d 0 R" % place[number] for number in page["nums"]])
            )
        if piece.metadata is not None and "Metadata" not in self._pdf.catalog:
            self._pdf.catalog["Metadata"] = b"%d 0 R" % place[piece.metadata]

    def stamp(self, footers: Piece, first_page: int) -> None:
        """Put the drawn footers under the pages from ``first_page`` (from 0) on, outside the tags."""
        if len(footers.pages) != len(self._pages) - first_page:
            raise RenderingFailed("footers and pages do not match")
        offset = len(self._pdf.objects)
        numbers = sorted(footers.objects)
        place = {number: offset + index for index, number in enumerate(numbers)}
        for number in numbers:
            data, is_stream = footers.objects[number]
            self._pdf.add_object(_Drawn(moved(data, is_stream, place, offset), is_stream))
        draw = pydyf.Stream([b"/Artifact BMC q /Footer Do Q EMC"])
        self._pdf.add_object(draw)
        for index, footer in enumerate(footers.pages, start=first_page):
            page = self._pages[index]
            # Beside what is drawn on the page itself.
            named = b"/XObject <</Footer %d 0 R" % place[footer["number"]]
            resources, changed = re.subn(rb"/XObject <<", named, self._resources[index], count=1)
            # The footer first: a page's own stream leaves its turned coordinates behind.
            data, pages = re.subn(
                rb"/Contents (\d+ 0 R)", rb"/Contents [%s \1]" % draw.reference, page.data, count=1
            )
            data, kept = re.subn(rb"/Resources \d+ 0 R", b"/Resources " + resources, data, count=1)
            if not (changed and pages and kept):
                raise RenderingFailed("a page has another form than expected")
            page._data = data

    def bookmarks(self, lines: list[Bookmark]) -> None:
        """The PDF's contents."""
        root = pydyf.Dictionary({"Type": "/Outlines"})
        self._pdf.add_object(root)
        self._pdf.catalog["Outlines"] = root.reference
        self._outline(root, lines)

    def _outline(self, parent: pydyf.Dictionary, lines: list[Bookmark]) -> None:
        items: list[pydyf.Dictionary] = []
        for line in lines:
            item = pydyf.Dictionary(
                {
                    "Title": pydyf.String(line.label),
                    "Parent": parent.reference,
                    "Dest": pydyf.Array([self._pages[line.page].reference, "/Fit"]),
                }
            )
            self._pdf.add_object(item)
            if items:
                item["Prev"] = items[-1].reference
                items[-1]["Next"] = item.reference
            items.append(item)
            if line.under:
                self._outline(item, list(line.under))
                item["Count"] = -len(line.under)  # closed at first
        if items:
            parent |= {"First": items[0].reference, "Last": items[-1].reference}
            parent["Count"] = len(items)

    def file(self) -> bytes:
        """The whole PDF."""
        output = io.BytesIO()
        self._pdf.write(output, version=b"1.7", identifier=True, compress=True)
        return output.getvalue()


def moved(data: bytes, is_stream: bool, place: dict[int, int], offset: int) -> bytes:
    """The object with its references, and the names of table headers, moved to their place in the file."""
    head, mark, body = data.partition(_STREAM) if is_stream else (data, b"", b"")
    head = _REFERENCE.sub(lambda found: b"%d 0 R" % place.get(int(found[1]), 0), head)
    if not is_stream:
        head = _HEADER_ID.sub(
            lambda found: b"(%d-%s-%s)" % (int(found[1]) + offset, found[2], found[3]), head
        )
    return head + mark + body
