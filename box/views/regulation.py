"""The regulation of a box in full, as the school's settings say it now."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from box.kept_page import KeptPages
from box.selectors import SchoolBox
from box.views.page import box_or_404, in_its_language, page_of
from schools.regulation_text import read_text

kept_pages = KeptPages()


@require_safe
@in_its_language
def regulation(_request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """The same for everybody, so kept for some seconds. A box without rules, or elsewhere, has no such page."""
    box = box_or_404(slug)
    if box.regulation is None or box.has_left:
        raise Http404
    page = kept_pages.filled((box.school.pk, language), lambda: _page(box, language))
    return HttpResponse(page)


def _page(box: SchoolBox, language: str) -> str:
    return page_of(
        "box/regulation.html",
        language,
        box=box,
        view_name="box:regulation",
        text=read_text(box.regulation, language),
    )
