"""A process that turns pages of HTML into pieces of a PDF: ``python -m reports.render_worker``.

It knows no database, no key and no Django: plain data comes in by its standard input, pieces go out by its
standard output, nothing is written anywhere. It ends when its input does, so it never outlives the server.

A message is four bytes of length and JSON, both ways; an answer is followed by the bytes of its objects. A question:
``{"html": …, "css": …, "kind": "table" | "cover" | "closing" | "footers", "last": bool}``.
"""

import gc
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

FONTS = Path(__file__).resolve().parent.parent / "static" / "fonts"
# The only addresses that a printed page may ask for, and the files behind them.
ALLOWED = {
    "font:regular": FONTS / "GolosText-Regular.ttf",
    "font:bold": FONTS / "GolosText-Bold.ttf",
}
ROW_ID = "row-"


def read_message(stream: BinaryIO) -> dict[str, Any] | None:
    """The next message, None at the end."""
    head = stream.read(4)
    if len(head) < 4:
        return None
    return json.loads(stream.read(int.from_bytes(head, "big")))


def write_message(stream: BinaryIO, message: dict[str, Any], *blobs: bytes) -> None:
    """One message, and the bytes that belong to it."""
    data = json.dumps(message, ensure_ascii=False).encode()
    stream.write(len(data).to_bytes(4, "big"))
    stream.write(data)
    for blob in blobs:
        stream.write(blob)
    stream.flush()


class Renderer:
    """WeasyPrint, warm: one font configuration for all the pieces of a book."""

    def __init__(self) -> None:
        # Only here: without the system's libraries everything but printing works.
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher, URLFetcherResponse

        class OwnFilesOnly(URLFetcher):
            """No network, no file of the machine: a letter may hold any address."""

            def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
                path = ALLOWED.get(url)
                if path is None:
                    raise ValueError("A printed page asks for nothing from outside.")
                return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": "font/ttf"})

        self.fetcher = OwnFilesOnly()
        self.fonts = FontConfiguration()
        self.sheets: dict[str, Any] = {}

    def _sheet(self, css: str) -> Any:
        from weasyprint import CSS

        if css not in self.sheets:
            self.sheets[css] = CSS(string=css, font_config=self.fonts, url_fetcher=self.fetcher)
        return self.sheets[css]

    def _laid_out(self, html: str, css: str) -> Any:
        from weasyprint import HTML

        return HTML(string=html, url_fetcher=self.fetcher).render(
            stylesheets=[self._sheet(css)], font_config=self.fonts
        )

    def render(self, *, html: str, css: str, kind: str, last: bool) -> tuple[dict, list[bytes]]:
        """The piece: what stands on its pages, and its PDF objects as bytes."""
        document = self._laid_out(html, css)
        rows = [list(_rows_of(page._page_box)) for page in document.pages]
        if kind == "table" and (long := _too_long(document, rows)):
            # WeasyPrint drops the head where a row that is to stay whole does not: let such rows flow.
            for row in long:
                whole = f'<tr id="{ROW_ID}{row}">'
                html = html.replace(whole, f'<tr id="{ROW_ID}{row}" class="long">')
            document = self._laid_out(html, css)
            rows = [list(_rows_of(page._page_box)) for page in document.pages]
        starts = _beginnings(rows)
        kept, next_row = len(document.pages), None
        if kind == "table" and not last:
            kept, next_row = _whole_pages(starts)
        found: list[Any] = []
        if kept:
            with suppress(_Drawn):
                document.copy(document.pages[:kept]).write_pdf(
                    finisher=_keep(found), pdf_variant=None if kind == "footers" else "pdf/ua-1"
                )
        piece: dict[str, Any] = {
            "starts": starts[:kept],
            "rows": rows[:kept],
            "next": next_row,
        }
        if not found:
            return {**piece, "pages": [], "objects": []}, []
        described, blobs = _taken_apart(found[0], kind)
        if kind == "cover":
            piece["headings"] = _headings(document.make_bookmark_tree())
        return {**piece, **described}, blobs


def _headings(tree: list[Any]) -> list[list[Any]]:
    """Label, page (from 0) and what is under it, of each heading."""
    return [[label, place[0], _headings(under)] for label, place, under, _state in tree]


class _Drawn(Exception):
    """The objects are there; the file is put together elsewhere."""


def _keep(found: list[Any]) -> Callable[[Any, Any], None]:
    def finish(_document: Any, pdf: Any) -> None:
        found.append(pdf)
        raise _Drawn

    return finish


def _rows_of(box: Any) -> Iterator[int]:
    """Places in the book of the rows on a page."""
    if getattr(box, "element_tag", None) == "tr":
        name = (box.element.get("id") or "") if box.element is not None else ""
        if name.startswith(ROW_ID):
            yield int(name.removeprefix(ROW_ID))
        return
    for child in getattr(box, "children", ()):
        yield from _rows_of(child)


def _too_long(document: Any, rows: list[list[int]]) -> set[int]:
    """Rows that do not fit a page below the head: on two pages, or on one without the head."""
    seen: set[int] = set()
    long: set[int] = set()
    for page, on_page in zip(document.pages, rows, strict=True):
        long |= seen.intersection(on_page)
        if on_page and not _has_head(page._page_box):
            long |= set(on_page)
        seen |= set(on_page)
    return long


def _has_head(box: Any) -> bool:
    if getattr(box, "element_tag", None) == "thead":
        return True
    return any(_has_head(child) for child in getattr(box, "children", ()))


def _beginnings(pages: list[list[int]]) -> list[int | None]:
    """The row each page begins with; None where a row only goes on, so that no piece can begin there."""
    found: list[int | None] = []
    last: int | None = None
    for rows in pages:
        found.append(rows[0] if rows and rows[0] != last else None)
        last = rows[-1] if rows else last
    return found


def _whole_pages(starts: list[int | None]) -> tuple[int, int | None]:
    """How many pages stay when rows are still to come, and the row that begins the next.

    The last page is not full yet; it begins again with the next piece.
    """
    for page in range(len(starts) - 1, 0, -1):
        if starts[page] is not None:
            return page, starts[page]
    return 0, None


def _number(reference: bytes | str) -> int:
    text = reference.decode() if isinstance(reference, bytes) else str(reference)
    return int(text.split()[0])


def _taken_apart(pdf: Any, kind: str) -> tuple[dict[str, Any], list[bytes]]:
    """The objects of a PDF with what is needed to join them to others."""
    pages = [int(number) for number in pdf.pages["Kids"][::3]]
    out = {0, 1, 2}
    described: dict[str, Any] = {"pages": [], "document": None, "metadata": None}
    if kind == "footers":
        for number in pages:
            page = pdf.objects[number]
            stream = pdf.objects[_number(page["Contents"])]
            stream.extra |= {
                "Type": "/XObject",
                "Subtype": "/Form",
                "BBox": page["MediaBox"],
                "Resources": page["Resources"],
            }
            described["pages"].append({"number": stream.number})
        out |= set(pages)
    else:
        root = pdf.objects[_number(pdf.catalog["StructTreeRoot"])]
        document = pdf.objects[_number(root["K"][0])]
        tree = pdf.objects[_number(root["ParentTree"])]
        out |= {root.number, document.number, tree.number}
        described["document"] = document.number
        described["metadata"] = _number(pdf.catalog["Metadata"])
        kids: dict[int, list[int]] = {}
        for reference in document["K"]:
            kid = _number(reference)
            kids.setdefault(_number(pdf.objects[kid]["Pg"]), []).append(kid)
        for place, number in enumerate(pages):
            described["pages"].append(
                {
                    "number": number,
                    "resources": _number(pdf.objects[number]["Resources"]),
                    "kids": kids.get(number, []),
                    "nums": [_number(reference) for reference in tree["Nums"][2 * place + 1]],
                }
            )
    blobs: list[bytes] = []
    described["objects"] = []
    for item in pdf.objects:
        if item.number in out:
            continue
        blob = item.data
        described["objects"].append([item.number, len(blob), not item.compressible])
        blobs.append(blob)
    return described, blobs


def main() -> None:
    """Answer until the input ends."""
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    try:
        renderer = Renderer()
    except (ImportError, OSError):
        renderer = None
    while (question := read_message(questions)) is not None:
        if renderer is None:
            write_message(answers, {"error": "libraries"})
            continue
        _answer(renderer, question, answers)
        # It may wait long for the next question: of this document nothing stays.
        del question
        gc.collect()


def _answer(renderer: Renderer, question: dict[str, Any], answers: BinaryIO) -> None:
    try:
        piece, blobs = renderer.render(**question)
    except Exception as error:
        # Its kind only: the text of an error could quote a letter.
        write_message(answers, {"error": type(error).__name__})
        return
    write_message(answers, piece, *blobs)


if __name__ == "__main__":
    main()
