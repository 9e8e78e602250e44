"""Pages for what cannot be done: unknown address, forged form, too much at once, a fault of ours.

None of them asks the database, and none shows anything of what was sent but to keep a letter's words.
"""

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from box.addresses import language_of_path
from box.views.page import box_or_404, page_of
from box.views.reply import code_again
from box.views.writing import form_again

_LAST_WORDS = "500. Something broke on our side. Please try again in a minute.\n"


def _language(request: HttpRequest) -> str:
    if request.path_info.startswith(reverse("admin:index")):
        return translation.get_language() or language_of_path(request)
    return language_of_path(request)


def _page(request: HttpRequest, status: int, heading: str, words: str) -> HttpResponse:
    language = translation.get_language()
    page = page_of("box/refused.html", language, heading=heading, words=words, status=status)
    response = HttpResponse(page, status=status)
    response.headers["Content-Language"] = language
    response.headers["Cache-Control"] = "no-store"
    return response


def forged_request(request: HttpRequest) -> HttpResponse:
    """A form without this browser's token: a letter keeps its words, anything else is a plain page."""
    with translation.override(_language(request)):
        match = request.resolver_match
        if match is not None and match.view_name == "box:write" and request.method == "POST":
            try:
                return _letter_again(request, **match.kwargs)
            except (Http404, UnreadablePostError, MultiPartParserError):
                pass
        if match is not None and match.view_name == "box:reply" and request.method == "POST":
            try:
                return _code_again(request, **match.kwargs)
            except (UnreadablePostError, MultiPartParserError):
                pass
        return _page(
            request,
            403,
            _("Please try once more"),
            _(
                "This page was open for a long time, or your browser does not accept cookies. "
                "Nothing was stored. Go back, load the page anew and try again."
            ),
        )


def _letter_again(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    notice = ""
    if "switch" not in request.POST:
        notice = _(
            "Your letter is not sent yet, and nothing is lost. Please press “Send the letter” once more. "
            "If this comes again, allow cookies for this site: one is needed to send a letter."
        )
    response = form_again(request, box_or_404(slug), language, notice=notice, status=403)
    response.headers["Content-Language"] = language
    response.headers["Cache-Control"] = "no-store"
    return response


def _code_again(request: HttpRequest, language: str) -> HttpResponse:
    """Nothing is opened by it: a page of another site may have sent the form."""
    notice = ""
    if "switch" not in request.POST:
        notice = _(
            "This page was open for a long time. Nothing is lost: please press the button once more. "
            "If this comes again, allow cookies for this site: one is needed here."
        )
    with translation.override(language):
        response = code_again(request, language, notice=notice, status=403)
    response.headers["Content-Language"] = language
    response.headers["Cache-Control"] = "no-store"
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400; 413 for what is too big."""
    with translation.override(_language(request)):
        if isinstance(exception, RequestDataTooBig):
            return _page(
                request,
                413,
                _("This is too big"),
                _(
                    "A letter may be up to 10,000 characters long. Nothing was stored. "
                    "Go back: your words are still there. Make them shorter and send again."
                ),
            )
        return _page(
            request,
            400,
            _("This did not arrive as it should"),
            _("Nothing was stored. Go back, load the page anew and try again."),
        )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    with translation.override(_language(request)):
        return _page(request, 403, _("You cannot do this here"), _("Nothing was changed."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    with translation.override(_language(request)):
        return _page(
            request,
            404,
            _("There is no such page"),
            _("Perhaps a letter in the address is wrong. Here you can find your school:"),
        )


def broken(request: HttpRequest) -> HttpResponse:
    """500. Stands also when the templates or the static files are what broke."""
    try:
        with translation.override(_language(request)):
            return _page(
                request,
                500,
                _("Something broke on our side"),
                _(
                    "It is not your fault. Please go back and try again in a minute. "
                    "If you need help at once, call the number below."
                ),
            )
    except Exception:  # the page for a fault must not be a second fault
        return HttpResponse(_LAST_WORDS, status=500, content_type="text/plain; charset=utf-8")
