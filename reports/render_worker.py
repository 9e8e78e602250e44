"""A process that turns pages of HTML into pieces of a PDF: ``python -m reports.render_worker``.

It knows no database, no key and no Django: plain data comes in by its standard input, pieces go out by its
standard output, nothing is written anywhere. It ends when its input does, so it never outlives the server.
One that stays for the next paper (``reports.standing``) ends by itself when none comes for long.

A message is four bytes of length and JSON, both ways; an answer is followed by the bytes of its objects. A question:
``{"html": …, "css": …, "kind": "cover" | "footers" | "pictures"}``, and for a page with PNGs of ours (a school's logo)
``"images": {name: base64}``: the page asks for them as ``image:name``.
"""

import base64
import json
import select
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

FONTS = Path(__file__).resolve().parent.parent / "static" / "fonts"
# The only addresses that a printed page may ask for, and the files behind them.
ALLOWED = {
    "font:regular": FONTS / "GolosText-Regular.ttf",
    "font:bold": FONTS / "GolosText-Bold.ttf",
}
AS_PICTURES = ("footers", "pictures")  # put on other pages: without tags of their own


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

            images: ClassVar[dict[str, bytes]] = {}

            def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
                if url in self.images:
                    return URLFetcherResponse(url, self.images[url], {"Content-Type": "image/png"})
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

    def render(
        self, *, html: str, css: str, kind: str, images: Mapping[str, str] | None = None
    ) -> tuple[dict, list[bytes]]:
        """The pages as PDF objects: what joins them to others, and their bytes."""
        found: list[Any] = []
        self.fetcher.images = {
            f"image:{name}": base64.b64decode(data) for name, data in (images or {}).items()
        }
        document = self._laid_out(html, css)
        with suppress(_Drawn):
            document.write_pdf(
                finisher=_keep(found), pdf_variant=None if kind in AS_PICTURES else "pdf/ua-1"
            )
        described, blobs = _taken_apart(found[0], kind)
        if kind == "cover":
            described["headings"] = _headings(document.make_bookmark_tree())
        return described, blobs


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


def _number(reference: bytes | str) -> int:
    text = reference.decode() if isinstance(reference, bytes) else str(reference)
    return int(text.split()[0])


def _taken_apart(pdf: Any, kind: str) -> tuple[dict[str, Any], list[bytes]]:
    """The objects of a PDF with what is needed to join them to others."""
    pages = [int(number) for number in pdf.pages["Kids"][::3]]
    out = {0, 1, 2}
    described: dict[str, Any] = {"pages": [], "document": None, "metadata": None}
    if kind in AS_PICTURES:
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
    """Answer until the input ends, or no question has come for as many seconds as the first argument says."""
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    patience = float(sys.argv[1]) if len(sys.argv) > 1 else None
    try:
        renderer = Renderer()
    except (ImportError, OSError):
        renderer = None
    while select.select([questions], [], [], patience)[0]:
        question = read_message(questions)
        if question is None:
            return
        if renderer is None:
            write_message(answers, {"error": "libraries"})
            continue
        try:
            piece, blobs = renderer.render(**question)
        except Exception as error:
            # Its kind only: the text of an error could quote a letter.
            write_message(answers, {"error": type(error).__name__})
            continue
        write_message(answers, piece, *blobs)


if __name__ == "__main__":
    main()
