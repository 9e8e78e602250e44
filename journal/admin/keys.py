"""The key of a school: making it, who holds it, who waits for it, giving it and taking it away."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from journal.admin import key_change, key_recovery
from journal.admin.key_pages import fetch, fetch_to_change, gives_keys, schools_with_keys
from journal.admin.pages import day_of, moment_at, staff_page
from journal.forms import PasswordForm
from journal.key_forms import LossForm
from journal.key_history import key_history
from journal.key_state import key_states
from journal.services import key_keeping
from schools.admin.choosing import schools_found, the_only
from schools.errors import Refused
from schools.models import School, User
from schools.region_officers import officers_of
from schools.selectors import holders_of, key_in_use, may_hold_key, waiting_for_key


@require_GET
def keys_list(request: HttpRequest) -> HttpResponse:
    """The schools to choose from; straight on to the only one."""
    schools = schools_with_keys(request.user)
    if not schools.exists():
        raise PermissionDenied
    if only := the_only(schools):
        return HttpResponseRedirect(reverse("admin:keys", args=[only.slug]))
    context = {"title": _("Keys"), "found": schools_found(request, schools)}
    return staff_page(request, "journal/keys_list.html", context)


@require_GET
def keys(request: HttpRequest, slug: str) -> HttpResponse:
    """Who holds the key, and who waits."""
    return _keys_page(request, fetch(request, slug))


def _keys_page(
    request: HttpRequest,
    school: School,
    *,
    bound: PasswordForm | None = None,
    loss: LossForm | None = None,
    status: int = 200,
) -> HttpResponse:
    key = key_in_use(school)
    state = key_states([school])[school.pk]
    allowed = set(may_hold_key(school).values_list("pk", flat=True))
    gives = gives_keys(request, school)
    may_hold = request.user.has_perm("schools.hold_key", school)
    grants = list(holders_of(key)) if key else []
    active = [grant for grant in grants if grant.holder.is_active and grant.holder_id in allowed]
    sheet_is_printed = key is not None and key.sheet_printed_at is not None

    def form_of(person: User) -> PasswordForm | None:
        if not gives:
            return None
        prefix = f"person-{person.pk}"
        return (
            bound
            if bound and bound.prefix == prefix
            else PasswordForm(by=request.user, prefix=prefix)
        )

    waiting = waiting_for_key([school]).get(school.pk, [])
    context: dict[str, Any] = {
        "title": _("The key of the box"),
        "school": school,
        "key": key,
        "made": day_of(key.made_at.astimezone(school.zone).date()) if key else "",
        "makes": key is None and may_hold,
        "gives": gives,
        "may_hold": may_hold,
        "holds": key is not None and request.keyring.opens_school_key(key.pk),
        "state": state,
        "loss_form": (loss or LossForm(by=request.user, prefix="loss"))
        if state.lost and may_hold
        else None,
        "sheet_printed": day_of(key.sheet_printed_at.astimezone(school.zone).date())
        if key and key.sheet_printed_at
        else "",
        "history": [(moment_at(sentence.at, school), sentence) for sentence in key_history(school)],
        "holders": [
            {
                "grant": grant,
                "since": day_of(grant.granted_at.astimezone(school.zone).date()),
                "allowed": grant.holder_id in allowed,
                "is_me": grant.holder == request.user,
                "form": form_of(grant.holder) if [grant] != active or sheet_is_printed else None,
            }
            for grant in grants
        ],
        "waiting": [
            {
                "person": row.user,
                "ready": row.ready,
                "is_me": row.user == request.user,
                "form": form_of(row.user) if row.ready else None,
            }
            for row in waiting
        ],
        "only_one": len(active) == 1,
        "called": officers_of(school),
    }
    return staff_page(request, "journal/keys.html", context, status=status)


@require_POST
def make(request: HttpRequest, slug: str) -> HttpResponse:
    """The school's first key, or one after a loss, which is confirmed; who makes it holds it."""
    school = fetch_to_change(request, slug)
    lost = key_states([school])[school.pk].lost
    form = LossForm(request.POST, by=request.user, prefix="loss") if lost else None
    if form is not None and not form.is_valid():
        return _keys_page(request, school, loss=form)
    try:
        key_keeping.make_key(school=school, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return _keys_page(request, school, status=409)
    messages.success(request, _("The key is made, and you hold it. The box can be used now."))
    return HttpResponseRedirect(reverse("admin:keys", args=[slug]))


def _hand_over(
    request: HttpRequest, slug: str, pk: int, act: Callable[[School, User], None], done: str
) -> HttpResponse:
    school = fetch_to_change(request, slug)
    person = get_object_or_404(
        User.objects.filter(
            Q(memberships__school=school) | Q(key_grants__key__school=school)
        ).distinct(),
        pk=pk,
    )
    form = PasswordForm(request.POST, by=request.user, prefix=f"person-{pk}")
    if not form.is_valid():
        return _keys_page(request, school, bound=form)
    try:
        act(school, person)
    except Refused as refused:
        messages.error(request, str(refused))
        return _keys_page(request, school, status=409)
    messages.success(request, done % {"person": person})
    return HttpResponseRedirect(reverse("admin:keys", args=[slug]))


@require_POST
def grant(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Give the key to a colleague who waits, confirmed by the giver's own password."""

    def act(school: School, person: User) -> None:
        key_keeping.grant(school=school, to=person, by=request.user, keyring=request.keyring)

    return _hand_over(request, slug, pk, act, _("%(person)s holds the key now."))


@require_POST
def take(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take the key from a holder, confirmed likewise."""

    def act(school: School, person: User) -> None:
        key_keeping.take_away(
            school=school, holder=person, by=request.user, keyring=request.keyring
        )

    return _hand_over(request, slug, pk, act, _("%(person)s does not hold the key any more."))


staff_urlpatterns: list[URLPattern] = [
    path("keys/", keys_list, name="keys_list"),
    path("keys/<slug:slug>/", keys, name="keys"),
    path("keys/<slug:slug>/make/", make, name="keys_make"),
    path("keys/<slug:slug>/restore/", key_recovery.restore, name="keys_restore"),
    path("keys/<slug:slug>/change/", key_change.change, name="keys_change"),
    path("keys/<slug:slug>/change/go-on/", key_change.go_on, name="keys_go_on"),
    path("keys/<slug:slug>/<int:pk>/grant/", grant, name="keys_grant"),
    path("keys/<slug:slug>/<int:pk>/take/", take, name="keys_take"),
]
