"""The key comes back from its sheet of paper."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from box.limits import Buckets
from journal.admin.key_pages import fetch_to_change
from journal.admin.pages import staff_page
from journal.key_forms import SheetLinesForm
from journal.key_state import key_states
from journal.services import key_keeping
from schools.errors import Refused
from schools.models import School

# A typing error or two in eight lines are usual; trying out sheets and passwords is not.
attempts = Buckets(at_once=lambda: 10, a_minute=lambda: 2)


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def restore(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for the eight lines; then the person holds the key again."""
    school = fetch_to_change(request, slug)
    if request.keyring.person is None:
        raise PermissionDenied
    if request.method == "GET":
        return _page(request, school, SheetLinesForm(by=request.user))
    if not attempts.take(str(request.user.pk).encode()):
        form = SheetLinesForm(by=request.user, initial={"lines": request.POST.get("lines", "")})
        messages.error(request, _("Too many attempts. Wait a few minutes, then try again."))
        return _page(request, school, form, status=429)
    form = SheetLinesForm(request.POST, by=request.user)
    if not form.is_valid():
        return _page(request, school, form)
    try:
        key_keeping.restore_from_sheet(school=school, lines=form.typed(), by=request.user)
    except Refused as refused:
        form.add_error(None, str(refused))
        return _page(request, school, form, status=409)
    if key_states([school])[school.pk].changing:
        messages.success(
            request,
            _("The old letters can be opened again. Now they are sealed to the new key: go on."),
        )
        return HttpResponseRedirect(reverse("admin:keys_change", args=[slug]))
    messages.success(request, _("You hold the key of the box again."))
    return HttpResponseRedirect(reverse("admin:keys", args=[slug]))


def _page(
    request: HttpRequest, school: School, form: SheetLinesForm, *, status: int = 200
) -> HttpResponse:
    context = {"title": _("Restore the key from the sheet"), "school": school, "form": form}
    return staff_page(request, "journal/key_restore.html", context, status=status)
