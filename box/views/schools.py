"""Where a visitor comes in: the one school, or the list of schools with a search."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from box.addresses import language_of_browser, school_address
from box.selectors import schools_named_like
from box.views.page import box_or_404, in_its_language, page_of
from schools.models import School

MOST_SHOWN = 50
MOST_TYPED = 100


def _best_language(request: HttpRequest, school: School) -> str:
    wanted = language_of_browser(request)
    return wanted if wanted in school.spoken_languages else school.main_language


def _by_browser(response: HttpResponse) -> HttpResponse:
    patch_vary_headers(response, ["Accept-Language"])
    response.headers["Cache-Control"] = "no-store"
    return response


def _schools_here(request: HttpRequest) -> list[School]:
    """Whether there is one school or several; under a school's own name there is that school alone."""
    if request.hosted_slug is not None:
        return [box_or_404(request.hosted_slug).school]
    return list(School.objects.all()[:2])


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The one school in the browser's language if it has it, else in its main one; or the list."""
    schools = _schools_here(request)
    if len(schools) == 1:
        language = _best_language(request, schools[0])
        return _by_browser(
            HttpResponseRedirect(school_address("school", language, schools[0].slug))
        )
    language = language_of_browser(request) or settings.LANGUAGE_CODE
    with translation.override(language):
        response = _list(request, language)
    response.headers["Content-Language"] = language
    return _by_browser(response)


@require_safe
def start_of_school(request: HttpRequest, slug: str) -> HttpResponse:
    """A school's short address: on to its page in the best language."""
    school = box_or_404(slug).school
    language = _best_language(request, school)
    return _by_browser(HttpResponseRedirect(school_address("school", language, slug)))


@require_safe
def start_of_reply(request: HttpRequest) -> HttpResponse:
    """The short address of the reply page."""
    language = language_of_browser(request) or settings.LANGUAGE_CODE
    return _by_browser(HttpResponseRedirect(reverse("box:reply", kwargs={"language": language})))


@require_safe
@in_its_language
def list_of_schools(request: HttpRequest, language: str) -> HttpResponse:
    """The list in a language; a single school's page when there is no other."""
    schools = _schools_here(request)
    if len(schools) == 1:
        return HttpResponseRedirect(school_address("school", language, schools[0].slug))
    return _list(request, language)


def _list(request: HttpRequest, language: str) -> HttpResponse:
    words = request.GET.get("q", "").replace("\0", "")[:MOST_TYPED]
    found = schools_named_like(words, language)
    return HttpResponse(
        page_of(
            "box/schools.html",
            language,
            query=f"?{urlencode({'q': words})}" if words else "",
            words=words,
            demo=bool(found) and all(one.is_demo for one in found),
            schools=[
                (
                    school_address("school", language, one.slug),
                    one.name.on_page_in(language),
                    one.region.on_page_in(language),
                )
                for one in found[:MOST_SHOWN]
            ],
            more=max(0, len(found) - MOST_SHOWN),
        )
    )
