"""«Ways to the box»: what a school hangs up, hands out, puts on its site and into its library, ready to take."""

from dataclasses import dataclass
from itertools import combinations

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from box.look import bar_colour
from box.selectors import SchoolBox, box_of
from box.ways import in_words, origin_of, portal_address, short_address
from journal.admin.pages import staff_page
from schools.admin.choosing import schools_found, the_only
from schools.languages import own_name
from schools.models import School, User
from schools.selectors import schools_for

SEES_WAYS = ("schools.view_school", "journal.view_entry")
FRAME_HEIGHT = 1400
# For a page of another site, which has no style sheet of ours.
_LINK = '<a href="{page}" lang="{language}">{box}</a>'
_BUTTON = (
    '<a href="{page}" lang="{language}" style="display: inline-block; padding: 12px 20px; border-radius: 10px; '
    'background: {colour}; color: #ffffff; font-weight: bold; text-decoration: none">{words}</a>'
)
_FRAME = (
    '<iframe src="{embed}" title="{box}" lang="{language}" width="100%" height="{height}" '
    'style="border: 0" loading="lazy"></iframe>'
)


@dataclass(frozen=True)
class Sheet:
    """Paper in one language or in two."""

    languages: str
    poster: str
    cards: str


@dataclass(frozen=True)
class Snippets:
    """HTML for the school's site, in one language."""

    link: str
    button: str
    frame: str


def schools_with_ways(user: User) -> QuerySet[School]:
    """Schools whose ways this person may take: whoever looks after settings, and whoever works with letters."""
    settings_kept, letters_seen = (schools_for(user, permission) for permission in SEES_WAYS)
    return (settings_kept | letters_seen).distinct()


@require_safe
def ways_list(request: HttpRequest) -> HttpResponse:
    """The schools to choose from; straight on to the only one."""
    schools = schools_with_ways(request.user)
    if not schools.exists():
        raise PermissionDenied
    if only := the_only(schools):
        return HttpResponseRedirect(reverse("admin:ways", args=[only.slug]))
    context = {"title": _("Ways to the box"), "found": schools_found(request, schools)}
    return staff_page(request, "journal/ways_list.html", context)


@require_safe
def ways(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything of one school; ``?language=`` is that of the snippets."""
    school = get_object_or_404(schools_with_ways(request.user), slug=slug)
    box, portal = box_of(slug), portal_address(request, school)
    offered = dict(school.languages_to_offer())
    language = request.GET.get("language", "")
    if language not in offered:
        language = school.main_language
    context = {
        "title": _("Ways to the box"),
        "school": school,
        "is_open": box.is_open,
        "is_public": bool(settings.BASE_URL or school.host),
        "portal": in_words(portal),
        "short": short_address(portal, school),
        "sheets": _sheets(school),
        "offered": offered.items(),
        "language": language,
        "language_name": own_name(language),
        "snippets": _snippets(box, language, portal),
        "site": origin_of(school.site),
        "kiosk": portal + _public("kiosk", school, language),
        "regulations": _regulations(box, offered),
        "changes_school": request.user.has_perm("schools.change_school", school),
    }
    return staff_page(request, "journal/ways.html", context)


def _public(page: str, school: School, language: str) -> str:
    return reverse(f"box:{page}", kwargs={"language": language, "slug": school.slug})


def _sheets(school: School) -> list[Sheet]:
    """Every language of the portal, the school's own first; then its own ones two by two."""
    alone = [(code,) for code, _name in school.languages_to_offer()]
    return [_sheet(school, languages) for languages in (*alone, *combinations(school.languages, 2))]


def _sheet(school: School, languages: tuple[str, ...]) -> Sheet:
    place = {"language": languages[0], "slug": school.slug}
    query = f"?also={languages[1]}" if len(languages) > 1 else ""
    return Sheet(
        languages=pgettext("languages", " and ").join(map(own_name, languages)),
        poster=reverse("reports:poster", kwargs=place) + query,
        cards=reverse("reports:cards", kwargs=place) + query,
    )


def _snippets(box: SchoolBox, language: str, portal: str) -> Snippets:
    with translation.override(language):
        said = {
            "box": str(box.box_name(language)) or _("Trust box"),
            "page": portal + _public("school", box.school, language),
            "embed": portal + _public("embed", box.school, language),
            "words": _("Write to the trust box"),
            "language": language,
            "colour": bar_colour(box),
            "height": FRAME_HEIGHT,
        }
    return Snippets(
        link=format_html(_LINK, **said),
        button=format_html(_BUTTON, **said),
        frame=format_html(_FRAME, **said),
    )


def _regulations(box: SchoolBox, offered: dict[str, str]) -> list[tuple[str, str, str]]:
    """Code, name and address of the regulation in each language; none before there is one."""
    if box.regulation is None:
        return []
    return [(code, name, _public("regulation", box.school, code)) for code, name in offered.items()]


staff_urlpatterns = [
    path("ways/", ways_list, name="ways_list"),
    path("ways/<slug:slug>/", ways, name="ways"),
]
