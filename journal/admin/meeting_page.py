"""The page of one meeting, and the page on which its protocol is written."""

from typing import Any

from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from journal.admin.pages import day_of, moment_at, staff_page
from journal.meeting_forms import DoneForm, ProtocolForms, lines_of
from journal.models import CommissionMember, Decision, Meeting
from journal.services.meetings import members_on
from schools.languages import in_language
from schools.selectors import staff_of


def meeting_page(
    request: HttpRequest, meeting: Meeting, *, bound: dict[int, DoneForm] | None = None
) -> TemplateResponse:
    """The agenda; once held, who came, what was heard and decided. ``bound``: forms that were refused."""
    content = meeting.read_or_none(request.keyring)
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
    return [
        {"point": point, "said": content["heard"], "topic": content["topic"]}
        for point in meeting.points.all()
        if (content := point.read_or_none(request.keyring)) is not None
    ]


def _decisions(
    request: HttpRequest, meeting: Meeting, holds: bool, bound: dict[int, DoneForm]
) -> list[dict[str, Any]]:
    today = meeting.school.today()
    rows: list[dict[str, Any]] = []
    for decision in meeting.decisions.all():
        content = decision.read_or_none(request.keyring)
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
        data=request.POST if request.method == "POST" else None,
    )


def _members(meeting: Meeting) -> list[CommissionMember]:
    day = meeting.planned_for.astimezone(meeting.school.zone).date()
    return list(members_on(school=meeting.school, day=day))


def protocol_page(request: HttpRequest, meeting: Meeting, forms: ProtocolForms) -> TemplateResponse:
    """The page on which the protocol is written."""
    context = {
        "title": _("Write the protocol"),
        "meeting": meeting,
        "school": meeting.school,
        "forms": forms,
        "points": list(zip(forms.points, forms.entries, strict=True)),
        "planned_for": moment_at(meeting.planned_for, meeting.school),
    }
    return staff_page(request, "journal/protocol.html", context)
