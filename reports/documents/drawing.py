"""How a document becomes a tagged PDF (PDF/UA-1)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from reports.joining import Bookmark, Joiner
from reports.rendering import Heading, Piece, RenderingFailed, ready_process
from schools.languages import speaking

TEMPLATES = Path(settings.BASE_DIR) / "templates" / "reports" / "documents"
_SECTION = b"/S /Sect"


@dataclass(frozen=True)
class Document:
    """What a document says, in one language. Each kind is a subclass with its fields, its template and its styles.

    Nothing here reads the database: the same object drawn twice is the same document.
    """

    TEMPLATE: ClassVar[str]
    STYLES: ClassVar[str]

    language: str

    @property
    def title(self) -> str:
        """What it is called where no content may stand: in the file's title and under each page.

        Asked for, like ``mark``, while the document's language is spoken.
        """
        raise TypeError(f"{type(self).__name__} has no title.")

    @property
    def mark(self) -> str:
        """A word beside the title under each page; usually none."""
        return ""

    def html(self) -> str:
        """The pages as HTML. Call it while the document's language is spoken."""
        return _rendered(self.TEMPLATE, self, {})


def styles(name: str) -> str:
    """A stylesheet of the documents, with what all of them have in common before it."""
    return "\n".join(
        (TEMPLATES / one).read_text(encoding="utf-8") for one in ("document.css", name)
    )


def draw(document: Document) -> bytes:
    """The PDF, its pages counted below. Raises LibrariesMissing and RenderingFailed."""
    css = styles(document.STYLES)
    with speaking(document.language), ready_process() as process:
        pages = process.render(html=document.html(), css=css, kind="cover")
        footers = process.render(html=_footers(document, pages), css=css, kind="footers")
        joiner = Joiner(title=document.title, language=document.language)
    joiner.add(pages)
    joiner.stamp(footers, first_page=0)
    joiner.bookmarks(_bookmarks(pages.headings))
    return joiner.file()


def _bookmarks(headings: Iterable[Heading]) -> list[Bookmark]:
    return [
        Bookmark(" ".join(label.split()), page, tuple(_bookmarks(under)))
        for label, page, under in headings
    ]


def with_languages(piece: Piece, languages: Sequence[str]) -> Piece:
    """The piece with its sections (``<section>``, in order) tagged as being in these languages.

    WeasyPrint tags the language of a whole document alone; a voice that reads the page needs that of each part.
    """
    objects, left = dict(piece.objects), list(languages)
    for number in sorted(objects):
        data, is_stream = objects[number]
        if not is_stream and _SECTION in data and left:
            tagged = data.replace(_SECTION, _SECTION + b"/Lang (%s)" % left.pop(0).encode(), 1)
            objects[number] = (tagged, is_stream)
    if left:
        raise RenderingFailed("a section is missing")
    return replace(piece, objects=objects)


def _footers(document: Document, pages: Piece) -> str:
    count = len(pages.pages)
    lines = [
        _("Page %(page)s of %(pages)s") % {"page": number, "pages": count}
        for number in range(1, count + 1)
    ]
    return _rendered("footers.html", document, {"lines": lines})


def _rendered(template: str, document: Document, more: dict[str, Any]) -> str:
    return render_to_string(f"reports/documents/{template}", {"document": document, **more})
