"""The form without a cookie: in a frame on the school's own site, and at a computer that everybody uses.

What differs from the form's own page is said in ``box.ways``.
"""

from functools import wraps

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from box.files.uploads import takes_files
from box.form_tokens import BadToken, read_token
from box.views.page import View, box_or_404, in_its_language
from box.views.refused import bad_request
from box.views.sent import code_at, without_code
from box.views.writing import form_again, form_at, once_more
from box.ways import EMBED, KIOSK, Way, comes_from_elsewhere, origin_of

REFUSED = 403
_METHODS = ["GET", "HEAD", "POST"]
# Nothing of what was typed or shown stays in the browser's memory of pages; cookies are the staff's.
_CLEARED = '"cache", "storage"'


def framed(view: View) -> View:
    """The answer may stand in a frame of the school's own site, and of no other. Without a site, in none."""

    @wraps(view)
    def wrapped(request: HttpRequest, slug: str, **rest: str) -> HttpResponse:
        try:
            response = view(request, slug=slug, **rest)
        except RequestDataTooBig as error:
            # Said inside the frame: outside of it the browser would show nothing.
            response = bad_request(request, error)
        origin = origin_of(box_or_404(slug).school.site)
        if origin:
            response.xframe_options_exempt = True
            response._csp_replace = {"frame-ancestors": [origin]}
        return response

    return wrapped


def cleared(view: View) -> View:
    """The browser forgets the pages of this site before it shows the answer."""

    @wraps(view)
    def wrapped(*args: HttpRequest, **rest: str) -> HttpResponse:
        response = view(*args, **rest)
        response.headers["Clear-Site-Data"] = _CLEARED
        return response

    return wrapped


def _form(request: HttpRequest, language: str, slug: str, way: Way) -> HttpResponse:
    box = box_or_404(slug)
    if request.method == "POST" and (
        comes_from_elsewhere(request) or not _is_ours(request.POST.get("token", ""))
    ):
        notice = "" if "switch" in request.POST else once_more()
        return form_again(request, box, language, way=way, notice=notice, status=REFUSED)
    return form_at(request, box, language, way)


def _code(request: HttpRequest, language: str, slug: str, way: Way) -> HttpResponse:
    box = box_or_404(slug)
    if request.method == "POST" and (
        comes_from_elsewhere(request) or not _is_ours(request.POST.get("t", ""))
    ):
        return without_code(box, language, way, status=REFUSED)
    return code_at(request, box, language, way)


def _is_ours(token: str) -> bool:
    try:
        read_token(token)
    except BadToken:
        return False
    return True


@csrf_exempt
@takes_files
@require_http_methods(_METHODS)
@framed
@in_its_language
def embed(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """The form in a frame."""
    return _form(request, language, slug, EMBED)


@csrf_exempt
@require_http_methods(_METHODS)
@framed
@in_its_language
def embed_sent(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """The code in a frame."""
    return _code(request, language, slug, EMBED)


@csrf_exempt
@require_http_methods(_METHODS)
@cleared
@in_its_language
def kiosk(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """The form at a computer that everybody uses. It takes no files: choosing one opens the computer's own folders."""
    return _form(request, language, slug, KIOSK)


@csrf_exempt
@require_http_methods(_METHODS)
@cleared
@in_its_language
def kiosk_sent(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """The code there, for as long as it takes to write it down."""
    return _code(request, language, slug, KIOSK)
