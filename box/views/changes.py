"""«You told us, we did»: every public note of a school, the newest first."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from box.kept_page import KeptPages
from box.models import PublicNote
from box.said import Said, said
from box.selectors import public_notes_of
from box.views.page import box_or_404, in_its_language, page_of
from schools.dates import long_date

kept_pages = KeptPages()


@dataclass(frozen=True)
class NoteShown:
    """A note for a page: its words, and since when it stands there."""

    words: Said
    day: str


def notes_in(notes: Iterable[PublicNote], language: str, *, main: str) -> list[NoteShown]:
    """The notes in a language, else in the school's main one, else in any."""
    return [
        NoteShown(said(note.texts, language, main=main), long_date(note.approved_on, language))
        for note in notes
    ]


@require_safe
@in_its_language
def changes(_request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """All of them; the same for everybody, so kept for some seconds."""
    box = box_or_404(slug)

    def page() -> str:
        return page_of(
            "box/changes.html",
            language,
            box=box,
            view_name="box:changes",
            notes=notes_in(public_notes_of(box.school), language, main=box.school.main_language),
        )

    return HttpResponse(kept_pages.filled((box.school.pk, language), page))
