"""A school's page: what the box is, who reads it, when it is opened next, and the ways to help."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from box.help_now import phones_of
from box.kept_page import KeptPages
from box.readers import posts_of
from box.selectors import SchoolBox, opening_next
from box.views.page import box_or_404, in_its_language, page_of

kept_pages = KeptPages()


@require_safe
@in_its_language
def school_page(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """The same for everybody, so kept for some seconds."""
    box = box_or_404(slug)
    page = kept_pages.filled((box.school.pk, language), lambda: _page(box, language))
    return HttpResponse(page)


def _page(box: SchoolBox, language: str) -> str:
    return page_of(
        "box/school.html",
        language,
        box=box,
        view_name="box:school",
        address=box.school.address_in(language),
        keepers=keepers_of(box),
        opening_next=opening_next(box),
        phones=phones_of(box.phones),
    )


def keepers_of(box: SchoolBox) -> list[str]:
    """Who really can open the letters now, whomever the regulation names: in the language now active."""
    return list(posts_of(box, box.readers).values())
