"""A new key for a school: begun, carried on in batches by whoever holds it, finished."""

import datetime
import math

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from journal.admin.key_pages import fetch_to_change, gives_keys
from journal.admin.pages import staff_page
from journal.key_forms import ChangeKeyForm
from journal.services import key_keeping
from schools.errors import Refused
from schools.models import School, User
from schools.selectors import key_in_use, useful_grants
from schools.services import rotation

BATCH = 500
# With a script the page goes on by itself after so many seconds.
NEXT_BATCH_SECONDS = 0.5
LOOK_AGAIN_SECONDS = 5


def _other_holders(school: School, by: User) -> list[User]:
    grants = useful_grants().filter(key=key_in_use(school)).exclude(holder=by)
    return [grant.holder for grant in grants.select_related("holder").order_by("holder__full_name")]


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask who keeps a key, and begin; while a change is running, how far it is."""
    school = fetch_to_change(request, slug)
    if not rotation.progress_of(school).finished:
        if request.method == "POST":
            messages.error(request, _("The key is being changed already: finish that first."))
            return _progress_page(request, school, status=409)
        return _progress_page(request, school)
    if not gives_keys(request, school):
        raise PermissionDenied
    others = _other_holders(school, request.user)
    form = ChangeKeyForm(request.POST or None, by=request.user, others=others)
    if request.method == "GET" or not form.is_valid():
        return _begin_page(request, school, form)
    try:
        key_keeping.begin_change(
            school=school, keep=form.keepers(), by=request.user, keyring=request.keyring
        )
    except Refused as refused:
        messages.error(request, str(refused))
        return _begin_page(request, school, form, status=409)
    return HttpResponseRedirect(reverse("admin:keys_change", args=[slug]))


@require_POST
def go_on(request: HttpRequest, slug: str) -> HttpResponse:
    """One batch more; the last one ends the change."""
    school = fetch_to_change(request, slug)
    running = not rotation.progress_of(school).finished
    try:
        progress = key_keeping.carry_on_change(
            school=school, by=request.user, keyring=request.keyring, at_most=BATCH
        )
    except Refused as refused:
        messages.error(request, str(refused))
        if running:
            return _progress_page(request, school, status=409)
        return HttpResponseRedirect(reverse("admin:keys", args=[slug]))
    if not progress.finished:
        return HttpResponseRedirect(reverse("admin:keys_change", args=[slug]))
    if running:
        messages.success(
            request,
            _("Done: the old key opens nothing here any more. Print a new recovery sheet now."),
        )
    return HttpResponseRedirect(reverse("admin:keys", args=[slug]))


def _begin_page(
    request: HttpRequest, school: School, form: ChangeKeyForm, *, status: int = 200
) -> HttpResponse:
    context = {"title": _("Change the key"), "school": school, "form": form}
    return staff_page(request, "journal/key_change.html", context, status=status)


def _progress_page(request: HttpRequest, school: School, *, status: int = 200) -> HttpResponse:
    progress = rotation.progress_of(school)
    former = rotation.former_keys(school)
    in_use = key_in_use(school)
    done = rotation.count_sealed([in_use] if in_use else [])
    ends = rotation.ends_after(school)
    seconds = NEXT_BATCH_SECONDS
    if not progress.left and ends is not None:
        left = math.ceil((ends - timezone.now()).total_seconds()) + 1
        seconds = min(max(left, 1), LOOK_AGAIN_SECONDS)
    old_holders = useful_grants().filter(key__in=former).select_related("holder")
    context = {
        "title": _("The key is being changed"),
        "school": school,
        "left": progress.left,
        "done": done,
        "all": done + progress.left,
        # Rounded up to the minute: sooner it would be refused once more.
        "ends": formats.time_format(
            (ends + datetime.timedelta(minutes=1)).astimezone(school.zone).time(), "H:i"
        )
        if ends
        else "",
        "seconds": seconds,
        "goes_on": in_use is not None
        and request.keyring.opens_school_key(in_use.pk)
        and any(request.keyring.opens_school_key(key.pk) for key in former),
        "old_holders": sorted({str(grant.holder) for grant in old_holders}),
    }
    return staff_page(request, "journal/key_progress.html", context, status=status)
