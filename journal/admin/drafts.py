"""Keeping what is typed to an author: by a button without JavaScript, by a script every few seconds with it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from journal.admin.entry_page import entry_page
from journal.admin.entry_steps import first_answers_for
from journal.admin.steps import form_for
from journal.forms import TEXT_LENGTH
from journal.models import Entry, Trail
from journal.selectors import entries_for
from journal.services.answering import can_be_written_to
from journal.services.drafting import (
    DraftGone,
    KeptDraft,
    keep_draft,
    throw_away_draft,
)
from journal.services.refusing import Withheld, note_step_refused
from journal.step_forms import WriteForm

PREFIX = Trail.Step.WRITTEN_TO.value
CONFLICT, TOO_LONG = 409, 413


@require_POST
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the words, throw them away, or put one of the first answers into the form, by which button was pressed."""
    entry = get_object_or_404(
        entries_for(request.user).select_related(
            "school", "volume", "category", "letter", "reviewer", "registered_by", "opening"
        ),
        pk=pk,
    )
    if not request.user.has_perm("journal.write_to_author", entry.school):
        raise PermissionDenied
    if entry.is_withheld_from(request.user.pk) or entry.is_closed_to(request.keyring):
        note_step_refused(entry=entry, step=Trail.Step.WRITTEN_TO, by=request.user)
        raise Withheld
    if not can_be_written_to(entry):
        raise PermissionDenied
    button = request.POST.get("draft", "")
    back = HttpResponseRedirect(reverse("admin:journal_entry_change", args=[pk]))
    if button == "throw_away":
        throw_away_draft(entry=entry, by=request.user)
        messages.success(request, _("The draft is thrown away."))
        return back
    if button == "first_answer":
        return _with_first_answer(request, entry)
    by_script = request.headers.get("Accept", "") == "application/json"
    text = _typed(request, "text")
    if len(text) > TEXT_LENGTH:
        return _said(request, by_script, _("The draft is too long to be kept."), TOO_LONG) or back
    try:
        kept = keep_draft(
            entry=entry,
            text=text,
            kind=_kind(request),
            stamp=request.POST.get("stamp", ""),
            version=_version(request),
            by=request.user,
        )
    except DraftGone:
        gone = _("This draft was sent or thrown away in another window: it is not kept again.")
        return _said(request, by_script, gone, CONFLICT) or back
    words = _words(kept, entry)
    if by_script:
        return JsonResponse({"said": words, "stamp": kept.stamp if kept else ""})
    messages.success(request, words)
    return back


def _said(request: HttpRequest, by_script: bool, words: str, status: int) -> HttpResponse | None:
    """What went wrong: to the script, or as a message above the page it comes back to."""
    if by_script:
        return JsonResponse({"said": words}, status=status)
    messages.error(request, words)
    return None


def _words(kept: KeptDraft | None, entry: Entry) -> str:
    if kept is None:
        return _("There are no words to keep.")
    hour = formats.time_format(kept.kept_at.astimezone(entry.school.zone), "TIME_FORMAT")
    if kept.replaced:
        return _(
            "Kept as a draft at %(hour)s, in place of what another window had kept: the newer words count."
        ) % {"hour": hour}
    return _("Kept as a draft at %(hour)s. Only you can read it.") % {"hour": hour}


def _typed(request: HttpRequest, name: str) -> str:
    return request.POST.get(f"{PREFIX}-{name}", "").replace("\r\n", "\n").replace("\r", "\n")


def _kind(request: HttpRequest) -> str:
    typed = _typed(request, "kind")
    return typed if typed in (WriteForm.ANSWER, WriteForm.MESSAGE) else ""


def _version(request: HttpRequest) -> int | None:
    typed = _typed(request, "version")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None


def _with_first_answer(request: HttpRequest, entry: Entry) -> HttpResponse:
    """The page with the chosen text after what was typed already; nothing is kept or sent."""
    answers = first_answers_for(entry)
    place = request.POST.get("first_answer", "")
    chosen = ""
    if place.isascii() and place.isdigit() and len(place) < 5 and int(place) < len(answers):
        chosen = answers[int(place)][1]
    content: dict[str, Any] = entry.read(request.keyring)
    form = form_for(
        Trail.Step.WRITTEN_TO,
        entry=entry,
        content=content,
        by=request.user,
        keyring=request.keyring,
    )
    form.initial["text"] = "\n\n".join(
        text for text in (_typed(request, "text").strip(), chosen) if text
    )
    form.initial["kind"] = _kind(request)
    return entry_page(request, entry, bound={Trail.Step.WRITTEN_TO: form})


def draft_urlpatterns(guarded: Any) -> list[URLPattern]:
    """The address of an entry's draft; ``guarded`` is the site's own guard of its pages."""
    return [path("<int:pk>/draft/", guarded(draft), name="journal_entry_draft")]
