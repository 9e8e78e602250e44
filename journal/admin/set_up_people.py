"""The step of the set-up in which people get their accounts, roles and links, several at once."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_POST

from journal.admin.link_sheets import link_sheets
from journal.admin.pages import conflict_page, staff_page
from journal.admin.set_up_frame import fetch, steps_frame
from journal.set_up import Step, set_up_of
from journal.set_up_forms import NewcomerFormSet, lines_for
from schools.errors import Conflict
from schools.models import Membership, School, User
from schools.roles import ROLE_NAMES
from schools.services.hiring import Hired, Newcomer, PersonFault, hire, people_in_school
from schools.services.inviting import can_mail


@require_GET
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """Who works with the box: who is there already, and a form for several more."""
    school = fetch(request, slug)
    return _page(request, school, adds=request.user.has_perm("schools.add_user", school))


@sensitive_variables()
@require_POST
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """Several people at once, and then their links."""
    school = fetch(request, slug)
    if not request.user.has_perm("schools.add_user", school):
        raise PermissionDenied
    lines = NewcomerFormSet(request.POST, prefix="people")
    known = request.POST.get("known", "")
    if not lines.is_valid():
        return _page(request, school, adds=True, lines=lines)
    filled = [form for form in lines if form.has_changed()]
    if not filled:
        return _page(request, school, adds=True, lines=lines, nobody=True)
    try:
        hired = hire(
            school=school,
            people=[_newcomer(form.cleaned_data) for form in filled],
            by=request.user,
            people_before=int(known) if known.isdecimal() and len(known) < 9 else -1,
        )
    except PersonFault as fault:
        form = filled[fault.place]
        for name, texts in fault.faults.items():
            form.add_error(name if name in form.fields else None, texts)
        return _page(request, school, adds=True, lines=lines)
    except Conflict as conflict:
        return conflict_page(
            request,
            message=str(conflict),
            back=reverse("admin:set_up_people", args=[slug]),
            back_label=_("Back to the people"),
            school=school,
            form=filled,
        )
    return _links(request, school, hired)


def _newcomer(typed: dict[str, Any]) -> Newcomer:
    return Newcomer(
        full_name=typed["full_name"],
        roles=[typed["role"]],
        username=typed["username"],
        email=typed["email"],
        language=typed["language"],
    )


def _page(
    request: HttpRequest,
    school: School,
    *,
    adds: bool,
    lines: Any = None,
    nobody: bool = False,
) -> HttpResponse:
    set_up = set_up_of(school)
    if lines is None:
        lines = NewcomerFormSet(prefix="people", initial=lines_for(set_up))
    context = {
        **steps_frame(request, set_up, Step.PEOPLE),
        "adds": adds,
        "lines": lines,
        "nobody": nobody,
        "known": people_in_school(school),
        "colleagues": _colleagues(request, school),
        "mails": can_mail(),
    }
    return staff_page(request, "journal/set_up_people.html", context)


def _colleagues(request: HttpRequest, school: School) -> list[dict[str, Any]]:
    """Everybody with a role in the school, by name, and whether they have come in."""
    found: dict[User, list[str]] = {}
    rows = Membership.objects.filter(school=school).select_related("user")
    for row in rows.order_by("user__full_name", "user_id", "role"):
        found.setdefault(row.user, []).append(str(ROLE_NAMES.get(row.role_id, row.role_id)))
    invites = request.user.has_perm("schools.change_user", school)
    return [
        {
            "person": person,
            "roles": ", ".join(roles),
            "has_come": person.has_pair,
            "invites": invites and person.is_active and not person.has_pair,
        }
        for person, roles in found.items()
    ]


def _links(request: HttpRequest, school: School, hired: list[Hired]) -> HttpResponse:
    """The links, shown now and never again; mailed too where there is an address and a server that takes it."""
    context = {
        **steps_frame(request, set_up_of(school), Step.PEOPLE),
        "title": _("Links for the colleagues"),
        "sheets": link_sheets(request, hired, school),
    }
    return staff_page(request, "journal/set_up_links.html", context)
