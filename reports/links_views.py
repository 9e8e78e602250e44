"""The links of the people of many schools, given out once as a table or on paper."""

from io import BytesIO

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from journal.admin.pages import staff_page
from journal.exporting.formats import FORMATS
from journal.services.giving_links import Link, give_out, links_kept
from reports.links import heads, links_pdf, rows
from reports.rendering import LibrariesMissing, RenderingFailed
from schools.errors import Conflict

PDF = "pdf"
FORMS = (PDF, "xlsx")
# An eighth of a second for each school: more than these would outlast the patience of a proxy.
MOST_ON_PAPER = 100


def _links(request: HttpRequest, pk: int) -> list[Link] | None:
    if not request.user.has_perm("schools.add_school"):
        raise PermissionDenied
    return links_kept(pk=pk, by=request.user, keyring=request.keyring)


def _schools(found: list[Link]) -> int:
    return len({link.slug for link in found})


def _forms(found: list[Link]) -> list[str]:
    """In which forms so many links are given out."""
    return [form for form in FORMS if form != PDF or _schools(found) <= MOST_ON_PAPER]


@require_safe
def links(request: HttpRequest, pk: int) -> HttpResponse:
    """How many links there are, and in which form they are taken."""
    found = _links(request, pk)
    if found is None:
        return _gone(request)
    context = {
        "title": _("Links for the colleagues"),
        "pk": pk,
        "schools": _schools(found),
        "people": len(found),
        "mailed": sum(not link.address for link in found),
        "forms": _forms(found),
        "most_on_paper": 0 if PDF in _forms(found) else MOST_ON_PAPER,
    }
    return staff_page(request, "reports/links.html", context)


@sensitive_variables()
@require_POST
def take_links(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The file; then nothing of the links stays here."""
    found = _links(request, pk)
    if found is None or form not in _forms(found):
        return _gone(request)
    try:
        # Made before they are forgotten: what cannot be printed is not lost.
        file, content_type = _file(found, form)
        give_out(pk=pk, by=request.user)
    except Conflict as conflict:
        messages.error(request, str(conflict))
        return HttpResponseRedirect(reverse("admin:import_schools"))
    except LibrariesMissing:
        return _not_printed(request, "libraries")
    except RenderingFailed:
        return _not_printed(request, "failed")
    response = HttpResponse(file, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="links.{form}"'
    patch_cache_control(response, no_store=True, private=True)
    return response


def _file(found: list[Link], form: str) -> tuple[bytes, str]:
    if form == PDF:
        return links_pdf(found, language=get_language()), "application/pdf"
    write, content_type = FORMATS[form]
    file = BytesIO()
    write(file, heads(), rows(found))
    return file.getvalue(), content_type


def _gone(request: HttpRequest) -> HttpResponse:
    messages.error(request, _("These links were given out already."))
    return HttpResponseRedirect(reverse("admin:import_schools"))


def _not_printed(request: HttpRequest, reason: str) -> HttpResponse:
    context = {"title": _("The document was not printed"), "school": None, "reason": reason}
    return staff_page(request, "reports/paper_refused.html", context, status=503)
