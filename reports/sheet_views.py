"""The page that prints the recovery sheet."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from journal.admin.key_pages import fetch_to_change, gives_keys
from journal.admin.pages import day_of, staff_page
from reports.forms import SheetPrintForm
from reports.recovery_sheet import print_recovery_sheet
from reports.rendering import LibrariesMissing, RenderingFailed
from schools.errors import Refused
from schools.models import School
from schools.selectors import key_in_use


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def recovery_sheet(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for the language and the password; then the page itself, once."""
    school = fetch_to_change(request, slug)
    if not gives_keys(request, school):
        raise PermissionDenied
    form = SheetPrintForm(request.POST or None, by=request.user, school=school)
    if request.method == "GET" or not form.is_valid():
        return _page(request, school, form)
    try:
        file = print_recovery_sheet(
            school=school,
            language=form.cleaned_data["language"],
            by=request.user,
            keyring=request.keyring,
        )
    except Refused as refused:
        messages.error(request, str(refused))
        return _page(request, school, form, status=409)
    except LibrariesMissing:
        return _page(request, school, form, status=503, reason="libraries")
    except RenderingFailed:
        return _page(request, school, form, status=503, reason="failed")
    response = HttpResponse(file, content_type="application/pdf")
    # Shown, not saved: a browser that can show it leaves no file behind. The name says nothing.
    response.headers["Content-Disposition"] = 'inline; filename="sheet.pdf"'
    patch_cache_control(response, no_store=True, private=True)
    return response


def _page(
    request: HttpRequest,
    school: School,
    form: SheetPrintForm,
    *,
    status: int = 200,
    reason: str = "",
) -> HttpResponse:
    key = key_in_use(school)
    printed = key.sheet_printed_at if key else None
    context = {
        "title": _("Recovery sheet"),
        "school": school,
        "form": form,
        "reason": reason,
        "printed": day_of(printed.astimezone(school.zone).date()) if printed else "",
    }
    return staff_page(request, "reports/sheet_form.html", context, status=status)
