"""What a phone reads when the school's page is put on its home screen.

A child's phone is looked at by others: under the icon stands a plain «School», and the icon is a book. The page opens
in the browser itself (``display``): only there does «Leave this page» leave nothing behind it. No script takes part.
"""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.templatetags.static import static
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from box.addresses import school_address
from box.look import bar_colour
from box.selectors import SchoolBox
from box.views.page import box_or_404, in_its_language

BACKGROUND = "#f3f8f7"
KEPT_A_DAY = "public, max-age=86400"


@require_safe
@in_its_language
def manifest(_request: HttpRequest, language: str, slug: str) -> JsonResponse:
    """The web app manifest of a school's page in a language (W3C, «Web Application Manifest»)."""
    response = JsonResponse(
        manifest_of(box_or_404(slug), language),
        content_type="application/manifest+json",
        json_dumps_params={"ensure_ascii": False},
    )
    response.headers["Cache-Control"] = KEPT_A_DAY
    return response


def manifest_of(box: SchoolBox, language: str) -> dict[str, Any]:
    """Its members, in the language now active."""
    page = school_address("school", language, box.school.slug)
    return {
        "id": page,
        "lang": language,
        "name": box.school_name(language).text,
        "short_name": name_under_icon(),
        "start_url": page,
        "scope": "/",
        "display": "browser",
        "theme_color": bar_colour(box),
        "background_color": BACKGROUND,
        "icons": [
            *(_icon(f"home-{side}.png", side, "any") for side in (192, 512)),
            _icon("home-maskable-512.png", 512, "maskable"),
        ],
    }


def name_under_icon() -> str:
    """What stands under the icon: a word that says nothing to whoever looks at the phone."""
    return pgettext("under the icon on a phone’s home screen", "School")


def _icon(name: str, side: int, purpose: str) -> dict[str, str]:
    return {
        "src": static(f"box/{name}"),
        "sizes": f"{side}x{side}",
        "type": "image/png",
        "purpose": purpose,
    }
