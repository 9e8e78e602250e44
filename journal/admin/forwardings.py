"""Where a letter was sent on to: the part of an entry's page that shows it, and writing down what came back."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from journal.admin.pages import conflict_page, day_of
from journal.forwarding_forms import PART_NAMES, OutcomeForm
from journal.models import Entry, Forwarding, Trail
from journal.rules import TRANSITIONS, can_take
from journal.selectors import entries_for
from journal.services.forwarding import record_outcome
from journal.services.refusing import Withheld, note_step_refused
from schools.errors import Conflict, Refused
from schools.languages import in_language
from schools.models import User
from vault.keyring import Keyring


@dataclass(frozen=True)
class SentOn:
    """One forwarding as the entry's page shows it. ``form`` is for what came back, where this person may write it."""

    forwarding: Forwarding
    body: str
    sent_on: str
    due_on: str
    answered_on: str
    overdue: bool
    parts: list[str]
    covering: str = field(repr=False)
    outcome: str = field(repr=False)
    form: OutcomeForm | None = None
    unfolded: bool = False


def sent_on_context(
    entry: Entry, *, by: User, keyring: Keyring, refused: OutcomeForm | None = None
) -> dict[str, Any]:
    """For the entry's page. ``refused`` is an outcome form as it was typed.

    Call it for somebody who reads the entry: forwardings are open to the same people.
    """
    rows = list(
        Forwarding.objects.filter(entry=entry).select_related("body", "sent_by").order_by("pk")
    )
    for row in rows:
        row.entry = entry
    today = entry.school.today()
    may_record = can_take(Trail.Step.BODY_ANSWERED, entry, by)
    return {
        "sent_on": [_shown(row, keyring, today, may_record, refused) for row in rows],
        "sheet_languages": entry.school.languages_to_offer(),
        "main_language": entry.school.main_language,
        "prints": by.has_perm("journal.print_journal", entry.school),
    }


def _shown(
    row: Forwarding,
    keyring: Keyring,
    today: datetime.date,
    may_record: bool,
    refused: OutcomeForm | None,
) -> SentOn:
    said = row.read(keyring)
    typed = refused is not None and refused.forwarding.pk == row.pk
    form = None
    if row.is_open and may_record:
        form = refused if typed else outcome_form(row)
    return SentOn(
        forwarding=row,
        body=in_language(row.body_names, get_language() or ""),
        sent_on=day_of(row.sent_on),
        due_on=day_of(row.due_on),
        answered_on=day_of(row.answered_on),
        overdue=row.is_open and row.due_on < today,
        parts=[str(PART_NAMES[part]) for part in said["parts"]],
        covering=said["covering"],
        outcome=said["outcome"],
        form=form,
        unfolded=typed,
    )


def outcome_form(forwarding: Forwarding, data: Any = None) -> OutcomeForm:
    """The form for one forwarding; its fields' names differ from another's on the page."""
    return OutcomeForm(data, prefix=f"outcome-{forwarding.pk}", forwarding=forwarding)


def fetch_forwarding(request: HttpRequest, pk: int, permission: str) -> Forwarding:
    """The forwarding with its entry, of the schools in which this person may do that; else 404.

    That an entry withheld from them was sent on is not told either: 404, and a row of the trail.
    """
    entries = entries_for(request.user, permission).select_related(
        "school", "volume", "category", "letter", "reviewer", "registered_by", "opening"
    )
    found = Forwarding.objects.filter(pk=pk).select_related("body").first()
    entry = entries.filter(pk=found.entry_id).first() if found else None
    if found is None or entry is None:
        raise Http404
    if entry.is_withheld_from(request.user.pk):
        note_step_refused(entry=entry, step=Trail.Step.FORWARDED, by=request.user)
        raise Http404
    found.entry = entry
    return found


@require_POST
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what a body answered."""
    # The entry's page shows the form again; it knows of this module.
    from journal.admin.entry_page import entry_page

    forwarding = fetch_forwarding(request, pk, "journal.view_entry")
    entry, step = forwarding.entry, Trail.Step.BODY_ANSWERED
    if not request.user.has_perm(TRANSITIONS[step].permission, entry.school):
        raise PermissionDenied
    if entry.read_or_none(request.keyring) is None:
        note_step_refused(entry=entry, step=step, by=request.user)
        raise Withheld
    form = outcome_form(forwarding, request.POST)
    if form.is_valid():
        try:
            record_outcome(
                forwarding=forwarding,
                answered_on=form.cleaned_data["answered_on"],
                outcome=form.cleaned_data["outcome"],
                by=request.user,
                keyring=request.keyring,
                version=form.cleaned_data["version"],
            )
        except Conflict as conflict:
            return _conflict(request, entry, str(conflict), form)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            done = _("%(entry)s: what came back is written down.")
            messages.success(request, done % {"entry": entry})
            return HttpResponseRedirect(reverse("admin:journal_entry_change", args=[entry.pk]))
    elif not forwarding.is_open:
        answered = _("The answer of this body has been written down already.")
        return _conflict(request, entry, answered, form)
    return entry_page(request, entry, outcome=form)


def _conflict(request: HttpRequest, entry: Entry, message: str, form: OutcomeForm) -> HttpResponse:
    return conflict_page(
        request,
        message=message,
        back=reverse("admin:journal_entry_change", args=[entry.pk]),
        back_label=_("See %(entry)s as it is now") % {"entry": entry},
        school=entry.school,
        form=form,
    )


staff_urlpatterns: list[URLPattern] = [
    path("journal/forwarding/<int:pk>/outcome/", record, name="journal_forwarding_outcome"),
]
