"""The poster and the cards, public as the page they lead to."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from box.addresses import school_address
from box.views.page import box_or_404, in_its_language, page_of
from box.ways import portal_address, short_address
from reports.documents.poster import Kind, side_of, way_in
from reports.kept_files import Busy
from reports.rendering import RenderingFailed
from reports.ways_in import way_in_file
from schools.languages import LANGUAGES

UNAVAILABLE = 503


@require_safe
@in_its_language
def poster(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """The A4 poster."""
    return _file(request, language, slug, Kind.POSTER)


@require_safe
@in_its_language
def cards(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """Eight cards on an A4 page."""
    return _file(request, language, slug, Kind.CARDS)


def _file(request: HttpRequest, language: str, slug: str, kind: Kind) -> HttpResponse:
    box = box_or_404(slug)
    also = request.GET.get("also", language)
    if also not in LANGUAGES or box.has_left:
        raise Http404
    portal = portal_address(request, box.school)
    short = short_address(portal, box.school)
    sides = tuple(
        side_of(box, one, link=portal + school_address("school", one, slug), address=short)
        for one in dict.fromkeys((language, also))
    )
    try:
        file = way_in_file(way_in(kind, box, sides))
    except Busy:
        words = _("Others are being made just now. Please try again in a minute.")
        return _refused(language, words)
    except RenderingFailed:
        words = _("If this comes again, please tell whoever looks after this site.")
        return _refused(language, words)
    response = HttpResponse(file, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{kind.value}.pdf"'
    return response


def _refused(language: str, words: str) -> HttpResponse:
    page = page_of(
        "box/refused.html",
        language,
        heading=_("The file could not be made"),
        words=words,
        status=UNAVAILABLE,
    )
    response = HttpResponse(page, status=UNAVAILABLE)
    response.headers["Retry-After"] = "60"
    return response
