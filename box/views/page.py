"""What every public page has: one language, a switch to the others, a way to leave, no trace in the browser."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from box.addresses import LEAVE_TO
from box.look import bar_colour, style_address
from box.selectors import SchoolBox, box_of
from schools.emergency import emergency_numbers
from schools.languages import language_choices
from schools.models import School

View = Callable[..., HttpResponse]


def in_its_language(view: View) -> View:
    """The view runs in the language that its address names, and nothing of it is stored by the browser."""

    @wraps(view)
    def wrapped(request: HttpRequest, language: str, **rest: Any) -> HttpResponse:
        with translation.override(language):
            response = view(request, language=language, **rest)
        response.headers["Content-Language"] = language
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return wrapped


def box_or_404(slug: str) -> SchoolBox:
    """The school's box, or the page that says there is no such school."""
    try:
        return box_of(slug)
    except School.DoesNotExist:
        raise Http404 from None


def page_of(
    template: str,
    language: str,
    *,
    box: SchoolBox | None = None,
    view_name: str = "box:schools",
    query: str = "",
    **context: Any,
) -> str:
    """A public page as HTML. ``view_name`` leads to the same page in the other languages.

    ``box`` is the school's that the page belongs to, if any. No request is passed in: nothing of it can show.
    """
    place = {"slug": box.school.slug} if box and view_name != "box:reply" else {}
    codes = box.school.languages_to_offer() if box else language_choices()
    return render_to_string(
        template,
        {
            "language": language,
            "languages": [
                {
                    "code": code,
                    "name": name,
                    "address": reverse(view_name, kwargs={"language": code, **place}) + query,
                }
                for code, name in codes
            ],
            "leave_to": LEAVE_TO[language],
            "style": style_address(box),
            "bar_colour": bar_colour(box),
            "box": box,
            "school_name": box.school_name(language).on_page_in(language) if box else "",
            "address": box.address(language).on_page_in(language) if box else "",
            "box_name": box.box_name(language).on_page_in(language) if box else "",
            "emergency_numbers": emergency_numbers(box.school.country) if box else (),
            "demo": bool(box and box.school.is_demo),
            **context,
        },
    )
