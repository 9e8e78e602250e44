"""The page of one meeting, and the page on which its protocol is written."""

import datetime
from typing import Any

from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from journal.admin.pages import day_of, moment_at, staff_page
from journal.destroyed import acts_of_entries, destroyed_by, protocol_opens
from journal.meeting_forms import DoneForm, PlanForm, lines_of
from journal.models import CommissionMember, Decision, Meeting
from journal.protocol_forms import ProtocolForms
from journal.selectors import talkable_entries
from journal.services.meetings import members_on
from schools.languages import in_language
from schools.models import Regulation
from schools.selectors import regulation_of, staff_of


def meeting_page(
    request: HttpRequest, meeting: Meeting, *, bound: dict[int, DoneForm] | None = None
) -> TemplateResponse:
    """The agenda; once held, who came, what was heard and decided. ``bound``: forms that were refused."""
    content = meeting.read_or_none(request.keyring)
    if content is None and protocol_opens(meeting, request.keyring):
        content = {"place": "", "invited": []}
    holds = request.user.has_perm("journal.hold_meeting", meeting.school)
    language = get_language() or meeting.school.main_language
    context = {
        "title": _title(meeting),
        "meeting": meeting,
        "school": meeting.school,
        "content": content,
        "closed": content is None,
        "planned_for": moment_at(meeting.planned_for, meeting.school),
        "held_on": day_of(meeting.held_on),
        "may_write": holds and content is not None and meeting.state == Meeting.State.PLANNED,
        "present": [_named(row, language) for row in meeting.present],
        "absent": [_named(row, language) for row in meeting.absent],
        "chair": _named(meeting.chair, language) if meeting.chair else "",
        "secretary": _named(meeting.secretary, language) if meeting.secretary else "",
        "invited": lines_of((content or {}).get("invited", [])).splitlines(),
        "points": _points(request, meeting) if content is not None else [],
        "decisions": _decisions(request, meeting, holds, bound or {})
        if content is not None
        else [],
    }
    return staff_page(request, "journal/meeting.html", context)


def _title(meeting: Meeting) -> str:
    if meeting.number is None:
        return _("Meeting of the commission")
    return _("Protocol № %(number)s") % {"number": meeting.number}


def _named(row: dict[str, Any], language: str) -> str:
    post = in_language(row.get("posts") or {}, language)
    return ", ".join(filter(None, (row["name"], post)))


def _points(request: HttpRequest, meeting: Meeting) -> list[dict[str, Any]]:
    points = list(meeting.points.all())
    acts = acts_of_entries(point.entry for point in points if point.entry is not None)
    rows: list[dict[str, Any]] = []
    for point in points:
        content = point.read_or_none(request.keyring)
        if point.entry is not None and point.entry.destroyed_on is not None:
            said = destroyed_by(acts.get(point.entry_id), day_of)
            rows.append({"point": point, "said": [], "topic": said})
        elif content is not None:
            rows.append({"point": point, "said": content["heard"], "topic": content["topic"]})
    return rows


def _decisions(
    request: HttpRequest, meeting: Meeting, holds: bool, bound: dict[int, DoneForm]
) -> list[dict[str, Any]]:
    today = meeting.school.today()
    rows: list[dict[str, Any]] = []
    for decision in meeting.decisions.all():
        content = decision.read_or_none(request.keyring)
        if decision.entry is not None and decision.entry.destroyed_on is not None:
            content = {"text": _("The content was destroyed.")}
        if content is None:
            continue
        mine = holds or decision.responsible_id == request.user.pk
        form = bound.get(decision.position)
        if form is None and decision.is_open and mine:
            form = DoneForm(prefix=f"done-{decision.position}", initial={"done_on": today})
        rows.append(
            {
                "decision": decision,
                "content": content,
                "due_on": day_of(decision.due_on),
                "done_on": day_of(decision.done_on),
                "overdue": is_overdue(decision, meeting),
                "form": form,
            }
        )
    return rows


def is_overdue(decision: Decision, meeting: Meeting) -> bool:
    """Whether a task's day has passed by the school's clock."""
    return decision.is_open and decision.due_on < meeting.school.today()


def protocol_forms(request: HttpRequest, meeting: Meeting) -> ProtocolForms:
    """The forms of the meeting's protocol, filled from its plan, or as they were sent."""
    points = [(point, point.read(request.keyring)) for point in meeting.points.all()]
    return ProtocolForms(
        meeting=meeting,
        content=meeting.read(request.keyring),
        points=points,
        members=_members(meeting),
        staff=list(staff_of(meeting.school)),
        quorum=_quorum(meeting),
        data=request.POST if request.method == "POST" else None,
    )


def _planned_day(meeting: Meeting) -> datetime.date:
    return meeting.planned_for.astimezone(meeting.school.zone).date()


def _quorum(meeting: Meeting) -> int:
    """By the rules of the planned day; without any, one member is enough to begin with."""
    try:
        return regulation_of(meeting.school, _planned_day(meeting)).quorum
    except Regulation.DoesNotExist:
        return 0


def _members(meeting: Meeting) -> list[CommissionMember]:
    return list(members_on(school=meeting.school, day=_planned_day(meeting)))


def plan_form(request: HttpRequest, meeting: Meeting) -> PlanForm:
    """The form of a planned meeting as it stands, or as it was sent. What is on its agenda stays choosable."""
    content = meeting.read(request.keyring)
    points = [
        (point, point.read(request.keyring)["topic"])
        for point in meeting.points.select_related("entry__volume")
    ]
    on_agenda = [(point.entry, topic) for point, topic in points if point.entry is not None]
    there = {entry.pk for entry, _topic in on_agenda}
    others = [
        (entry, summary)
        for entry, summary in talkable_entries(meeting.school, request.keyring)
        if entry.pk not in there
    ]
    planned = meeting.planned_for.astimezone(meeting.school.zone)
    return PlanForm(
        request.POST if request.method == "POST" else None,
        school=meeting.school,
        entries=[*on_agenda, *others],
        initial={
            "day": planned.date(),
            "hour": planned.time(),
            "place": content["place"],
            "entries": [str(pk) for pk in there],
            "topics": "\n".join(topic for point, topic in points if point.entry is None),
            "invited": lines_of(content["invited"]),
            "version": meeting.version,
        },
    )


def protocol_page(request: HttpRequest, meeting: Meeting, forms: ProtocolForms) -> TemplateResponse:
    """The page on which the protocol is written."""
    context = {
        "title": _("Write the protocol"),
        "meeting": meeting,
        "school": meeting.school,
        "forms": forms,
        "no_members": not forms.members,
        "planned_for": moment_at(meeting.planned_for, meeting.school),
    }
    return staff_page(request, "journal/protocol.html", context)
