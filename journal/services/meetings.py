"""Meetings of the commission: who is a member, calling a meeting, calling it off."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from journal.models import AgendaPoint, CommissionMember, Entry, Meeting, Trail
from journal.services.refusing import refusal_stays
from journal.services.trail import append, lock_book
from schools.errors import Conflict, Refused
from schools.models import Regulation, School, SchoolKey, User
from schools.schedule import period_of
from schools.selectors import key_in_use
from vault.keyring import Keyring


@dataclass(frozen=True)
class Point:
    """A point of the agenda: an entry of the journal, or a free topic."""

    topic: str = field(repr=False)
    entry: Entry | None = None


def members_on(*, school: School, day: datetime.date) -> QuerySet[CommissionMember]:
    """The members of the school's commission on a day, in their order."""
    return CommissionMember.objects.filter(
        Q(until__isnull=True) | Q(until__gte=day), school=school, since__lte=day
    )


def school_year_of(day: datetime.date) -> int:
    """The year in which the school year with that day began."""
    return period_of(Regulation.Year.SCHOOL, day)[0].year


def key_for_meetings(*, school: School, by: User, keyring: Keyring) -> SchoolKey:
    """The key to which a meeting's papers are sealed. Raises Refused where the role or the key is missing."""
    if not by.has_perm("journal.hold_meeting", school):
        raise Refused(_("Your role does not call meetings of the commission in this school."))
    key = key_in_use(school)
    if key is None or not keyring.opens_school_key(key.pk):
        raise Refused(_("You do not hold the key of this school’s box."))
    return key


def check_points(*, school: School, points: Iterable[Point]) -> None:
    """Raises Refused for an entry that cannot be talked about in a meeting of the school."""
    for point in points:
        entry = point.entry
        if entry is None:
            continue
        if entry.school_id != school.pk:
            raise Refused(_("This entry belongs to another school."))
        if entry.school_key_id is None:
            raise Refused(
                _(
                    "%(entry)s is closed to one of those who read letters: it is not talked about in a meeting whose "
                    "papers everybody with the key can read."
                )
                % {"entry": entry}
            )


@refusal_stays
@transaction.atomic
def call_meeting(
    *,
    school: School,
    planned_for: datetime.datetime,
    place: str,
    points: list[Point],
    invited: list[dict[str, str]],
    by: User,
    keyring: Keyring,
) -> Meeting:
    """Plan a meeting with its agenda. ``invited``: ``{"name", "who"}`` each. Raises Refused."""
    key = key_for_meetings(school=school, by=by, keyring=keyring)
    if not points:
        raise Refused(_("A meeting needs at least one point on its agenda."))
    check_points(school=school, points=points)
    book = lock_book(school)
    meeting = Meeting.objects.create(
        school=school,
        school_year=school_year_of(planned_for.astimezone(school.zone).date()),
        planned_for=planned_for,
        called_by=by,
    )
    meeting.write(
        {"place": place, "invited": invited, "notes": ""}, key=meeting.lock_for_school(key)
    )
    meeting.save()
    _put_points(meeting, points, key)
    append(
        book=book,
        step=Trail.Step.MEETING_PLANNED,
        by=by,
        facts={"meeting": str(meeting.uid), "for": planned_for.isoformat(), "points": len(points)},
    )
    return meeting


def _put_points(meeting: Meeting, points: list[Point], key: SchoolKey) -> list[AgendaPoint]:
    rows: list[AgendaPoint] = []
    for position, point in enumerate(points, start=1):
        row = AgendaPoint(meeting=meeting, position=position, entry=point.entry)
        row.write({"topic": point.topic, "heard": []}, key=row.lock_for_school(key))
        rows.append(row)
    return AgendaPoint.objects.bulk_create(rows)


def still_planned(*, school: School, meeting: Meeting, version: int) -> Meeting:
    """The school's meeting, locked, as long as it is planned and nobody has changed it. Raises Conflict."""
    meeting = (
        Meeting.objects.select_for_update(of=("self",))
        .select_related("school")
        .get(pk=meeting.pk, school=school)
    )
    if meeting.version != version:
        raise Conflict(_("Somebody else has changed this meeting meanwhile."))
    if meeting.state != Meeting.State.PLANNED:
        raise Conflict(_("This meeting was held already, or called off."))
    return meeting


@refusal_stays
@transaction.atomic
def change_meeting(
    *,
    school: School,
    meeting: Meeting,
    planned_for: datetime.datetime,
    place: str,
    points: list[Point],
    invited: list[dict[str, str]],
    by: User,
    keyring: Keyring,
    version: int,
) -> Meeting:
    """A planned meeting gets another day, place or agenda, or other guests. Raises Refused and Conflict.

    The agenda is written anew. ``version`` is the version the person saw.
    """
    key = key_for_meetings(school=school, by=by, keyring=keyring)
    if not points:
        raise Refused(_("A meeting needs at least one point on its agenda."))
    check_points(school=school, points=points)
    book = lock_book(school)
    meeting = still_planned(school=school, meeting=meeting, version=version)
    before = meeting.planned_for
    meeting.planned_for = planned_for
    meeting.school_year = school_year_of(planned_for.astimezone(school.zone).date())
    meeting.version += 1
    meeting.write(
        {"place": place, "invited": invited, "notes": ""}, key=meeting.lock_for_school(key)
    )
    meeting.save()
    meeting.points.all().delete()
    _put_points(meeting, points, key)
    append(
        book=book,
        step=Trail.Step.MEETING_CHANGED,
        by=by,
        facts={
            "meeting": str(meeting.uid),
            "before": before.isoformat(),
            "for": planned_for.isoformat(),
            "points": len(points),
        },
    )
    return meeting


@refusal_stays
@transaction.atomic
def call_off(*, school: School, meeting: Meeting, by: User, version: int) -> Meeting:
    """A planned meeting does not take place. Raises Refused and Conflict."""
    if not by.has_perm("journal.hold_meeting", school):
        raise Refused(_("Your role does not call meetings of the commission in this school."))
    book = lock_book(school)
    meeting = still_planned(school=school, meeting=meeting, version=version)
    meeting.state = Meeting.State.CALLED_OFF
    meeting.version += 1
    meeting.save(update_fields=["state", "version"])
    append(
        book=book,
        step=Trail.Step.MEETING_CALLED_OFF,
        by=by,
        facts={"meeting": str(meeting.uid), "for": meeting.planned_for.isoformat()},
    )
    return meeting
