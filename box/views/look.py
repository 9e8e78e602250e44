"""A school's style and logo, kept by browsers for a year: their addresses change with what they hold."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from box.look import logo_mark, style_address, style_in
from box.views.page import box_or_404
from schools.models import Logo

A_YEAR = "public, max-age=31536000, immutable"


@require_safe
def style(request: HttpRequest, slug: str, **_mark: str) -> HttpResponse:
    """The style with the school's colour."""
    box = box_or_404(slug)
    if style_address(box) != request.path:
        # A page kept for some seconds still asks for the colour of before.
        response = HttpResponseRedirect(style_address(box))
        response.headers["Cache-Control"] = "no-store"
        return response
    found = style_in(box.school.colour)
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(found.compressed if packed else found.plain, content_type="text/css")
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ["Accept-Encoding"])
    response.headers["Cache-Control"] = A_YEAR
    return response


@require_safe
def logo(_request: HttpRequest, slug: str, mark: str) -> HttpResponse:
    """The school's logo as a PNG."""
    found = Logo.objects.filter(school=box_or_404(slug).school).first()
    if found is None or logo_mark(found) != mark:
        raise Http404
    response = HttpResponse(bytes(found.png), content_type="image/png")
    response.headers["Cache-Control"] = A_YEAR
    return response
