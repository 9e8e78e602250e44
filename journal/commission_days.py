"""What the commission and the schedule still owe today: tasks, meetings, missed openings. By school, few queries."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from journal.missed import missed_of
from journal.models import Decision, Meeting
from schools.models import School, User
from schools.selectors import regulations_in_force

# A half-year of lessons; what it lacks is said this long before its end.
HALVES = (((9, 1), (12, 31)), ((1, 1), (5, 31)))
SAID_BEFORE = datetime.timedelta(days=30)


@dataclass(frozen=True)
class Owed:
    """What a school owes by its own rules.

    ``missed``: days on which the box was to be opened. ``tasks``: decisions not carried out yet that this person sees
    (their own, or all of them for who holds meetings), overdue ones first. ``meetings``: how many more the half-year
    asks for, when it ends soon on ``half_ends``; else 0.
    """

    missed: tuple[datetime.date, ...] = ()
    tasks: tuple[Decision, ...] = ()
    overdue: int = 0
    meetings: int = 0
    half_ends: datetime.date | None = None


def owed_by(schools: Iterable[School], user: User) -> dict[int, Owed]:
    """By the school's id; the same number of queries for one school and for fifty."""
    schools = list(schools)
    missed = missed_of(schools)
    tasks = _tasks(schools, user)
    lacking = _meetings_lacking(schools)
    found: dict[int, Owed] = {}
    for school in schools:
        mine = tasks.get(school.pk, [])
        today = school.today()
        count, ends = lacking.get(school.pk, (0, None))
        found[school.pk] = Owed(
            missed=tuple(missed[school.pk]),
            tasks=tuple(mine),
            overdue=sum(task.due_on < today for task in mine),
            meetings=count,
            half_ends=ends,
        )
    return found


def _tasks(schools: list[School], user: User) -> dict[int, list[Decision]]:
    held = user.schools_allowing("journal.hold_meeting")
    rows = (
        Decision.objects.filter(
            Q(meeting__school__in=held) | Q(responsible=user),
            meeting__school__in=[school.pk for school in schools],
            due_on__isnull=False,
            done_on__isnull=True,
        )
        .select_related("meeting", "responsible")
        .order_by("due_on", "pk")
    )
    found: dict[int, list[Decision]] = {}
    for row in rows:
        found.setdefault(row.meeting.school_id, []).append(row)
    return found


def half_of(day: datetime.date) -> tuple[datetime.date, datetime.date] | None:
    """First and last day of the half-year of lessons with that day in it; None in the summer."""
    for first, last in HALVES:
        if first <= (day.month, day.day) <= last:
            return datetime.date(day.year, *first), datetime.date(day.year, *last)
    return None


def _meetings_lacking(schools: list[School]) -> dict[int, tuple[int, datetime.date]]:
    regulations = regulations_in_force(schools)
    ending: dict[int, tuple[datetime.date, datetime.date]] = {}
    for school in schools:
        half = half_of(school.today())
        asked = regulations[school.pk].meetings_a_half_year if school.pk in regulations else 0
        if half and asked and half[1] - school.today() <= SAID_BEFORE:
            ending[school.pk] = half
    where = Q(pk__isnull=True)
    for school, (first, last) in ending.items():
        where |= Q(school=school, held_on__gte=first, held_on__lte=last)
    rows = (
        Meeting.objects.filter(where, state=Meeting.State.HELD)
        .order_by()
        .values_list("school_id")
        .annotate(count=Count("pk"))
    )
    held = dict(rows)
    lacking: dict[int, tuple[int, datetime.date]] = {}
    for school, half in ending.items():
        count = regulations[school].meetings_a_half_year - held.get(school, 0)
        if count > 0:
            lacking[school] = (count, half[1])
    return lacking
