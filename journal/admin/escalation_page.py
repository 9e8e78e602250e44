"""The pages of the named person of a region: what has reached them, and one of it with its words and its steps."""

from typing import Any

from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from box.models import Attachment, Letter, Message
from journal.admin.case_keeping import keeping_of
from journal.admin.pages import day_of, hour_at, moment_at, staff_page
from journal.conversation import mark_seen, said_in
from journal.destruction_forms import CarryOutForm
from journal.escalation_forms import (
    CloseEscalationForm,
    HoldCaseForm,
    RegionMessageForm,
    ReleaseCaseForm,
)
from journal.escalations import (
    alerts_at_region,
    escalations_for,
    lend,
    to_hand_over,
    waiting_at_region,
)
from journal.keeping_at_region import cases_due, closed_on
from journal.models import Entry, Escalation
from journal.services import escalating
from journal.written import FIELD_NAMES, who_wrote
from schools.models import User
from schools.roles import ROLE_NAMES
from vault.keyring import Keyring

MOST_SHOWN = 200
SHOWN_IN_BAR = 2
Lines = list[tuple[str, str]]
Files = dict[int | None, list[dict[str, Any]]]


def may_enter(user: User) -> bool:
    """Whether there is, or may be, anything here for this person."""
    return user.has_perm("schools.answer_for_region") or user.hands_over


def region_bar(user: User) -> dict[str, Any]:
    """For the frame of every staff page: what has reached the person and is not in hand; empty for everybody else."""
    if not may_enter(user):
        return {}
    waiting = waiting_at_region(user)
    return {
        "lines": [
            {"case": case, "came": hour_at(case.reached_hour, case.school)}
            for case in waiting[:SHOWN_IN_BAR]
        ],
        "more": max(len(waiting) - SHOWN_IN_BAR, 0),
        "to_hand_over": len(to_hand_over(user)),
    }


def list_page(request: HttpRequest) -> TemplateResponse:
    """Everything that has reached the person, what waits first; what may be destroyed, and what they can hand over."""
    cases = list(escalations_for(request.user)[:MOST_SHOWN])
    cases.sort(key=lambda case: (bool(case.outcome), not case.waits))
    return staff_page(
        request,
        "journal/escalation_list.html",
        {
            "title": _("What has reached you"),
            "cases": [
                {"case": case, "came": hour_at(case.reached_hour, case.school)} for case in cases
            ],
            "due": [
                {
                    "case": case,
                    "came": hour_at(case.reached_hour, case.school),
                    "closed_on": day_of(closed_on(case)),
                }
                for case in cases_due(request.user)
            ],
            "to_hand_over": [
                {"case": case, "came": hour_at(case.reached_hour, case.school)}
                for case in to_hand_over(request.user)
            ],
        },
    )


def escalation_page(
    request: HttpRequest,
    case: Escalation,
    *,
    message: RegionMessageForm | None = None,
    closing: CloseEscalationForm | None = None,
    keeping: HoldCaseForm | ReleaseCaseForm | CarryOutForm | None = None,
    status: int = 200,
) -> TemplateResponse:
    """The page, with a form that was refused as it was typed. Reading the words leaves a row."""
    user, keyring = request.user, request.keyring
    written = _written(case, user, keyring)
    files = _files(case, user, keyring)
    said = _conversation(case, user, keyring, files)
    if request.method == "GET" and (written is not None or any(turn["text"] for turn in said)):
        escalating.note_read(escalation=case, by=user)
        if case.letter is not None and case.letter.state == Letter.State.AT_REGION:
            mark_seen([turn["turn"] for turn in said])
    alerts = list(alerts_at_region(case))
    shared = case.reason == Escalation.Reason.DANGER
    # A form that was sent is shown again also where its step is not possible any more: what was typed is kept.
    can_write = case.letter is not None and not case.letter.taken_away and not case.waits
    return staff_page(
        request,
        "journal/escalation.html",
        {
            "title": _("What has reached you"),
            "case": case,
            "school": case.school,
            "came": hour_at(case.reached_hour, case.school),
            "taken_at": moment_at(case.taken_at, case.school) if case.taken_at else "",
            "closed_at": _closed_at(case),
            "destroyed_on": day_of(case.destroyed_on),
            "withdrawn": case.outcome == Escalation.Outcome.WITHDRAWN,
            "keeping": keeping_of(case, user=user, keyring=keyring, form=keeping),
            "written": written,
            "lines": _lines(written, case),
            "about": [ROLE_NAMES.get(role, role) for role in (written or {}).get("about", ())],
            "language": case.letter.language if case.letter is not None else "",
            "conversation": said,
            "files": files.get(None, []),
            "answered_by_school": [
                alert for alert in alerts if not alert.waits and alert.answered_by_id != user.pk
            ],
            "notes": (case.read_or_none(keyring) or {}).get("notes", []) if case.content else [],
            "message_form": message or (RegionMessageForm() if can_write else None),
            "closing": _closing_forms(closing, shared)
            if closing or not (case.waits or case.outcome)
            else [],
        },
        status=status,
    )


def _closed_at(case: Escalation) -> str:
    """Of what its author withdrew the hour alone."""
    if case.closed_at is None:
        return ""
    shown = hour_at if case.outcome == Escalation.Outcome.WITHDRAWN else moment_at
    return shown(case.closed_at, case.school)


def _closing_forms(bound: CloseEscalationForm | None, shared: bool) -> list[CloseEscalationForm]:
    return [
        bound
        if bound is not None and bound.outcome == outcome
        else CloseEscalationForm(outcome=outcome, shared=shared)
        for outcome in (Escalation.Outcome.HELPED, Escalation.Outcome.FALSE_ALARM)
    ]


def _written(case: Escalation, user: User, keyring: Keyring) -> dict[str, Any] | None:
    """The words of the letter or the call; None where they are closed to the person."""
    if case.letter_id is not None:
        row: Letter | Entry = Letter.objects.get(pk=case.letter_id)
    else:
        row = Entry.objects.get(pk=case.entry_id)
    lend([row], escalation=case, person=user)
    return row.read_or_none(keyring)


def _lines(written: dict[str, Any] | None, case: Escalation) -> Lines:
    if written is None:
        return []
    found = who_wrote(written)
    if case.entry_id is not None and written.get("summary"):
        found.append((FIELD_NAMES["summary"], written["summary"]))
    return found


def _conversation(
    case: Escalation, user: User, keyring: Keyring, files: Files
) -> list[dict[str, Any]]:
    """What came after the letter, oldest first; without a text where it is closed to the person."""
    if case.letter_id is None:
        return []
    messages = list(Message.objects.filter(letter=case.letter_id).order_by("position"))
    lend(messages, escalation=case, person=user)
    turns = [said_in(message, case.letter, keyring) for message in messages]
    return [
        {
            "turn": turn,
            "text": turn.text,
            "when": hour_at(turn.message.sent_hour, case.school),
            "files": files.get(turn.message.pk, []),
        }
        for turn in turns
    ]


def _files(case: Escalation, user: User, keyring: Keyring) -> Files:
    """Files that open to the person, for ``journal/_files.html``: of the letter under None, of its messages under
    their ids."""
    if case.letter_id is None:
        return {}
    rows = list(Attachment.objects.filter(letter=case.letter_id).order_by("position"))
    lend(rows, escalation=case, person=user)
    found: Files = {}
    for row in rows:
        said = row.read_or_none(keyring)
        if said is None:
            continue
        is_picture = row.kind == Attachment.Kind.PICTURE
        line = {
            "label": f"{capfirst(row.get_kind_display())} {row.position}",
            "size": filesizeformat(said["size"]),
            "download": reverse("admin:reached_file", args=[case.pk, row.position]),
            "preview": reverse("admin:reached_preview", args=[case.pk, row.position])
            if is_picture
            else "",
        }
        found.setdefault(row.message_id, []).append(line)
    return found
