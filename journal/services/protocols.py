"""Protocols: a meeting was held, heard and decided; later a decision was carried out."""

import datetime
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from journal import rules
from journal.models import AgendaPoint, CommissionMember, Decision, Entry, Meeting, Trail
from journal.services.meetings import (
    Point,
    check_points,
    key_for_meetings,
    members_on,
    school_year_of,
    still_planned,
)
from journal.services.refusing import refusal_stays
from journal.services.stepping import take_step
from journal.services.trail import append, lock_book
from schools.dates import short_date
from schools.errors import Conflict, Refused
from schools.languages import speaking
from schools.models import Regulation, School, SchoolKey, User
from schools.selectors import regulation_of
from vault.errors import NotForThisKey
from vault.keyring import Keyring


@dataclass(frozen=True)
class Heard:
    """Who said what to a point (its place in the agenda, from 1)."""

    point: int
    speaker: str = field(repr=False)
    what: str = field(repr=False)


@dataclass(frozen=True)
class Decided:
    """A decision. ``votes``: for, against, abstained; None where nobody voted. With ``due_on`` it is a task."""

    text: str = field(repr=False)
    who: str = field(default="", repr=False)
    responsible: User | None = None
    due_on: datetime.date | None = None
    point: int | None = None
    votes: tuple[int, int, int] | None = None


@dataclass(frozen=True)
class Officer:
    """The chair or the secretary of a meeting, as the protocol names them."""

    name: str
    posts: dict[str, str] = field(default_factory=dict)


def enough_present(*, present: int, members: int, quorum: int) -> bool:
    """Whether the meeting is valid: ``quorum`` per cent of the members, rounded up, are present."""
    return members > 0 and present >= least_for(members=members, quorum=quorum)


def least_for(*, members: int, quorum: int) -> int:
    """How many of the members must be present."""
    return max(1, -(-members * quorum // 100))


@refusal_stays
@transaction.atomic
def record_protocol(
    *,
    school: School,
    meeting: Meeting,
    held_on: datetime.date,
    place: str,
    present: list[CommissionMember],
    chair: Officer,
    secretary: Officer,
    elected_chair: bool,
    invited: list[dict[str, str]],
    points: list[Point],
    heard: list[Heard],
    decided: list[Decided],
    by: User,
    keyring: Keyring,
    version: int,
) -> Meeting:
    """The meeting was held: it gets the next protocol number of the school year, and is not written anew afterwards.

    Each decision about an entry becomes one of its measures. Raises Refused and Conflict.
    """
    key = key_for_meetings(school=school, by=by, keyring=keyring)
    check_points(school=school, points=points)
    if held_on > school.today():
        raise Refused(
            _("A protocol is written of a meeting that was held: its day is not in the future.")
        )
    if not points:
        raise Refused(_("A meeting needs at least one point on its agenda."))
    for row in [*heard, *decided]:
        if row.point is not None and not 1 <= row.point <= len(points):
            raise Refused(_("Something was said to a point that is not on the agenda."))
    if any(one.due_on is not None and one.due_on < held_on for one in decided):
        raise Refused(_("A task is done after the meeting that gave it: its day is not before."))
    try:
        quorum = regulation_of(school, held_on).quorum
    except Regulation.DoesNotExist:
        raise Refused(_("No regulation of this school was in force on that day.")) from None
    members = list(members_on(school=school, day=held_on))
    book = lock_book(school)
    meeting = still_planned(school=school, meeting=meeting, version=version)
    there = {member.pk for member in present}
    strangers = [str(member) for member in present if member.pk not in {row.pk for row in members}]
    if strangers:
        raise Refused(
            _("Not in the commission on that day: %(names)s.") % {"names": ", ".join(strangers)}
        )
    year = school_year_of(held_on)
    newest = Meeting.objects.filter(school=school, school_year=year).aggregate(Max("number"))
    meeting.school_year = year
    meeting.number = (newest["number__max"] or 0) + 1
    meeting.held_on = held_on
    meeting.state = Meeting.State.HELD
    meeting.present = [_as_that_day(member) for member in members if member.pk in there]
    meeting.absent = [_as_that_day(member) for member in members if member.pk not in there]
    meeting.members_in_all = len(members)
    meeting.quorum_met = enough_present(
        present=len(meeting.present), members=len(members), quorum=quorum
    )
    meeting.chair = {"name": chair.name, "posts": chair.posts}
    meeting.secretary = {"name": secretary.name, "posts": secretary.posts}
    meeting.elected_chair = elected_chair
    meeting.version += 1
    meeting.write(
        {"place": place, "invited": invited, "notes": ""}, key=meeting.lock_for_school(key)
    )
    meeting.save()
    rows = _write_points(meeting, points, heard, key)
    decisions = _write_decisions(meeting, rows, decided, key)
    append(
        book=book,
        step=Trail.Step.MEETING_HELD,
        by=by,
        facts={
            "number": meeting.number,
            "present": len(meeting.present),
            "members": len(members),
            "points": len(rows),
            "decisions": len(decisions),
        },
        also=[meeting],
    )
    _into_measures(meeting, decided, rows, by=by, keyring=keyring)
    return meeting


def _as_that_day(member: CommissionMember) -> dict[str, object]:
    return {
        "name": member.name,
        "posts": member.posts,
        "comes_from": member.comes_from,
    }


def _write_points(
    meeting: Meeting, points: list[Point], heard: list[Heard], key: SchoolKey
) -> list[AgendaPoint]:
    # What was planned may have been put otherwise in the meeting itself: the protocol's agenda counts.
    meeting.points.all().delete()
    rows: list[AgendaPoint] = []
    for position, point in enumerate(points, start=1):
        row = AgendaPoint(meeting=meeting, position=position, entry=point.entry)
        said = [
            {"speaker": one.speaker, "what": one.what} for one in heard if one.point == position
        ]
        row.write({"topic": point.topic, "heard": said}, key=row.lock_for_school(key))
        rows.append(row)
    return AgendaPoint.objects.bulk_create(rows)


def _write_decisions(
    meeting: Meeting, points: list[AgendaPoint], decided: list[Decided], key: SchoolKey
) -> list[Decision]:
    rows: list[Decision] = []
    for position, one in enumerate(decided, start=1):
        point = points[one.point - 1] if one.point else None
        row = Decision(
            meeting=meeting,
            position=position,
            point=point,
            entry=point.entry if point else None,
            responsible=one.responsible,
            due_on=one.due_on,
        )
        votes = (
            dict(zip(("for", "against", "abstained"), one.votes, strict=True)) if one.votes else {}
        )
        row.write(
            {"text": one.text, "who": one.who, "votes": votes, "done_note": ""},
            key=row.lock_for_school(key),
        )
        rows.append(row)
    return Decision.objects.bulk_create(rows)


def _into_measures(
    meeting: Meeting,
    decided: list[Decided],
    points: list[AgendaPoint],
    *,
    by: User,
    keyring: Keyring,
) -> None:
    """Each decision about an entry joins its measures, in the school's main language.

    An entry that a closed volume holds is left as it is.
    """
    language = meeting.school.main_language
    for one in decided:
        named = points[one.point - 1].entry_id if one.point else None
        if named is None:
            continue
        # Read anew for each decision: the one before may have been about the same entry.
        entry = Entry.objects.select_related("volume", "school").get(pk=named)
        if rules.is_locked(entry):
            continue  # its row in the closed volume stays; the decision stands in the protocol alone
        take_step(
            entry=entry,
            step=Trail.Step.DECIDED,
            by=by,
            keyring=keyring,
            version=entry.version,
            append_to={"measures": _measure(meeting, one, language)},
            facts={"protocol": meeting.number, "year": meeting.school_year},
        )


def _measure(meeting: Meeting, one: Decided, language: str) -> str:
    with speaking(language):
        parts = [
            _("Protocol № %(number)s of %(date)s: %(decision)s")
            % {
                "number": meeting.number,
                "date": short_date(meeting.held_on, language),
                "decision": one.text,
            }
        ]
        if one.who:
            parts.append(_("Responsible: %(who)s.") % {"who": one.who})
        if one.due_on:
            parts.append(_("By %(date)s.") % {"date": short_date(one.due_on, language)})
    return " ".join(parts)


@refusal_stays
@transaction.atomic
def carry_out(
    *,
    school: School,
    decision: Decision,
    done_on: datetime.date,
    note: str,
    by: User,
    keyring: Keyring,
) -> Decision:
    """A decision was carried out, on a day, with a few words. Raises Refused and Conflict."""
    if not (
        by.has_perm("journal.hold_meeting", school)
        or (decision.responsible_id == by.pk and by.has_perm("journal.view_meeting", school))
    ):
        raise Refused(_("Your role does not allow this step."))
    book = lock_book(school)
    decision = (
        Decision.objects.select_for_update(of=("self",))
        .select_related("meeting__school")
        .get(pk=decision.pk, meeting__school=school)
    )
    if decision.done_on is not None:
        raise Conflict(_("Somebody else has recorded already that this was carried out."))
    if not decision.meeting.held_on <= done_on <= school.today():
        raise Refused(_("The day lies between the meeting and today."))
    try:
        key = decision.content_key(keyring)
        content = decision.read(keyring)
    except NotForThisKey:
        raise Refused(_("You do not hold the key of this school’s box.")) from None
    decision.write({**content, "done_note": note}, key=key)
    decision.done_on, decision.done_by = done_on, by
    decision.save(update_fields=["content", "done_on", "done_by"])
    append(
        book=book,
        step=Trail.Step.DECISION_DONE,
        by=by,
        entry=None,
        facts={
            "protocol": decision.meeting.number,
            "year": decision.meeting.school_year,
            "decision": decision.position,
            "on": done_on.isoformat(),
        },
        also=[decision.meeting],
    )
    return decision
