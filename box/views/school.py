"""A school's page: what the box is, who reads it, when it is opened next, and the ways to help."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from box.help_now import Phone, phones_of
from box.kept_page import KeptPages
from box.look import logo_address
from box.readers import posts_of, region_in_words
from box.said import Said, said
from box.selectors import SchoolBox, opening_next, public_notes_of
from box.views.changes import notes_in
from box.views.home_screen import name_under_icon
from box.views.page import box_or_404, in_its_language, page_of
from box.ways import PAGE

NOTES_SHOWN = 3

kept_pages = KeptPages()


@require_safe
@in_its_language
def school_page(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """The same for everybody, so kept for some seconds; of a school that has left, where it is now."""
    box = box_or_404(slug)
    if box.has_left:
        return HttpResponse(
            page_of("box/left.html", language, box=box, view_name="box:school", way=PAGE)
        )
    page = kept_pages.filled((box.school.pk, language), lambda: _page(box, language))
    return HttpResponse(page)


def _page(box: SchoolBox, language: str) -> str:
    phones = phones_of(box)
    return page_of(
        "box/school.html",
        language,
        box=box,
        view_name="box:school",
        keepers=keepers_of(box),
        region_reader=region_in_words(box),
        opening_next=opening_next(box),
        phones=phones,
        answering=_answering_machine(box, phones, language),
        notes=notes_in(
            public_notes_of(box.school)[:NOTES_SHOWN], language, main=box.school.main_language
        ),
        logo=logo_address(box),
        name_under_icon=name_under_icon(),
    )


def _answering_machine(box: SchoolBox, phones: list[Phone], language: str) -> Said | None:
    """What a caller hears now, where a phone is closed and the school has such a text."""
    if box.regulation is None or not any(phone.is_answered is False for phone in phones):
        return None
    return said(box.regulation.answering_texts, language, main=box.school.main_language) or None


def keepers_of(box: SchoolBox) -> list[str]:
    """Who really can open the letters now, whomever the regulation names: in the language now active."""
    return list(posts_of(box, box.readers).values())
