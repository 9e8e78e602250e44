"""The addresses of the named person of a region: what has reached them, and what they do with it.

Whether something is there for somebody, ``escalations_for`` decides alone: of anybody else's it is not there at all.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_POST

from box.models import Attachment
from journal.admin.escalation_page import escalation_page, list_page, may_enter
from journal.admin.files import file_answer, gone_page
from journal.admin.pages import conflict_page
from journal.destruction_forms import CarryOutForm
from journal.escalation_forms import (
    CloseEscalationForm,
    HoldCaseForm,
    RegionMessageForm,
    ReleaseCaseForm,
)
from journal.escalations import escalations_for, to_hand_over
from journal.models import Escalation
from journal.services import escalating, keeping_cases
from schools.errors import Conflict, Refused
from vault.errors import NotForThisKey


def _fetch(request: HttpRequest, pk: int) -> Escalation:
    return get_object_or_404(escalations_for(request.user), pk=pk)


@require_GET
def reached(request: HttpRequest) -> HttpResponse:
    """Everything that has reached the person."""
    if not may_enter(request.user):
        raise PermissionDenied
    return list_page(request)


@require_GET
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One of it, with its words and its steps."""
    return escalation_page(request, _fetch(request, pk))


@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """«I am dealing with it»."""
    case = _fetch(request, pk)
    try:
        escalating.take(escalation=case, by=request.user)
    except Conflict:
        # Pressed twice: it is as the person wants it.
        pass
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("You are dealing with it now."))
    return HttpResponseRedirect(_page(case))


@sensitive_variables()
@require_POST
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """A message to the author."""
    case = _fetch(request, pk)
    form = RegionMessageForm(request.POST)
    if form.is_valid():
        try:
            escalating.write_to_author(
                escalation=case, text=form.cleaned_data["text"], by=request.user
            )
        except Conflict as conflict:
            return _conflict(request, case, conflict, form)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, _("The message lies ready: the author reads it with the code.")
            )
            return HttpResponseRedirect(_page(case))
    return escalation_page(request, case, message=form)


@sensitive_variables()
@require_POST
def close(request: HttpRequest, pk: int, outcome: str) -> HttpResponse:
    """It is over."""
    case = _fetch(request, pk)
    if outcome not in (Escalation.Outcome.HELPED, Escalation.Outcome.FALSE_ALARM):
        raise PermissionDenied
    shared = case.reason == Escalation.Reason.DANGER
    form = CloseEscalationForm(request.POST, outcome=outcome, shared=shared)
    if form.is_valid():
        try:
            escalating.close(
                escalation=case,
                outcome=outcome,
                note=form.cleaned_data["note"],
                by=request.user,
                keyring=request.keyring,
            )
        except Conflict as conflict:
            return _conflict(request, case, conflict, form)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("It is closed."))
            return HttpResponseRedirect(_page(case))
    return escalation_page(request, case, closing=form)


@sensitive_variables()
@require_POST
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """It is kept for a court or an inquiry."""
    case, form = _fetch(request, pk), HoldCaseForm(request.POST)
    facts = {"reason": form.cleaned_data["reason"]} if form.is_valid() else None
    done = _("It is held: nothing of it is destroyed until the hold ends.")
    return _keep(request, case, form, step=keeping_cases.hold_case, facts=facts, done=done)


@sensitive_variables()
@require_POST
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """It need not be kept any more."""
    case, form = _fetch(request, pk), ReleaseCaseForm(request.POST)
    facts = {"reason": form.cleaned_data["reason"]} if form.is_valid() else None
    done = _("The hold has ended.")
    return _keep(request, case, form, step=keeping_cases.release_case, facts=facts, done=done)


@sensitive_variables()
@require_POST
def destroy(request: HttpRequest, pk: int) -> HttpResponse:
    """Its years are over: the keys go."""
    case, form = _fetch(request, pk), CarryOutForm(request.POST, by=request.user)
    facts = {} if form.is_valid() else None
    done = _("It is destroyed: nobody can read it any more.")
    return _keep(request, case, form, step=keeping_cases.destroy_case, facts=facts, done=done)


def _keep(
    request: HttpRequest,
    case: Escalation,
    form: HoldCaseForm | ReleaseCaseForm | CarryOutForm,
    *,
    step: Callable[..., object],
    facts: dict[str, str] | None,
    done: str,
) -> HttpResponse:
    """Take a step of keeping; ``facts`` are what was typed, None where something is missing."""
    if facts is None:
        return escalation_page(request, case, keeping=form)
    try:
        step(escalation=case, by=request.user, **facts)
    except Conflict as conflict:
        return _conflict(request, case, conflict, form)
    except Refused as refused:
        form.add_error(None, str(refused))
        return escalation_page(request, case, keeping=form)
    messages.success(request, done)
    return HttpResponseRedirect(_page(case))


@require_POST
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """What is sealed to the person opens to whoever has it now, and to them no more."""
    case = next((case for case in to_hand_over(request.user) if case.pk == pk), None)
    if case is None:
        raise Http404
    try:
        escalating.hand_over(escalation=case, by=request.user, keyring=request.keyring)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(
            request,
            _("%(person)s can open it now, and you cannot any more.") % {"person": case.officer},
        )
    # Whoever has nothing left to hand over may have no place here any more.
    return HttpResponseRedirect(reverse("admin:index"))


@require_GET
def file(request: HttpRequest, pk: int, position: int, preview: bool = False) -> HttpResponse:
    """A file of the letter or of a message."""
    case = _fetch(request, pk)
    attachment = get_object_or_404(Attachment, letter=case.letter_id or 0, position=position)
    if preview and attachment.kind != Attachment.Kind.PICTURE:
        raise Http404
    facts: dict[str, Any] = {"by": request.user, "keyring": request.keyring}
    try:
        opened = escalating.read_file(escalation=case, attachment=attachment, **facts)
    except NotForThisKey:
        raise Http404 from None
    return file_answer(opened, preview=preview) or gone_page(
        request, school=case.school, back=_page(case)
    )


def _conflict(
    request: HttpRequest, case: Escalation, conflict: Conflict, form: forms.Form
) -> HttpResponse:
    return conflict_page(
        request,
        message=str(conflict),
        back=_page(case),
        back_label=_("See it as it is now"),
        school=case.school,
        form=form,
    )


def _page(case: Escalation) -> str:
    return reverse("admin:reached_one", args=[case.pk])


_START = "reached/<int:pk>/"
staff_urlpatterns: list[URLPattern] = [
    path("reached/", reached, name="reached"),
    path(_START, one, name="reached_one"),
    path(f"{_START}take/", take, name="reached_take"),
    path(f"{_START}write/", write, name="reached_write"),
    path(f"{_START}close/<slug:outcome>/", close, name="reached_close"),
    path(f"{_START}hold/", hold, name="reached_hold"),
    path(f"{_START}release/", release, name="reached_release"),
    path(f"{_START}destroy/", destroy, name="reached_destroy"),
    path(f"{_START}hand-over/", hand_over, name="reached_hand_over"),
    path(f"{_START}file/<int:position>/", file, name="reached_file"),
    path(f"{_START}file/<int:position>/preview/", file, {"preview": True}, name="reached_preview"),
]
