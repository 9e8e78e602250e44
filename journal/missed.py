"""Openings that the regulation asked for and that were not held."""

import datetime
from collections.abc import Iterable
from dataclasses import replace

from django.db.models import Max, Min, QuerySet

from journal.models import Opening
from schools.models import Regulation, School, SchoolKey
from schools.openings import SEARCH_DAYS, is_held_on
from schools.schedule import ONE_DAY
from schools.working_days import Calendar, calendars_of

LONGEST_AGO = 120  # days: what was missed before is no news any more


def missed_openings(school: School) -> list[datetime.date]:
    """Days before today, and after the last opening, on which the box was to be opened."""
    return missed_of([school])[school.pk]


def missed_of(schools: Iterable[School]) -> dict[int, list[datetime.date]]:
    """The same for each school by its id, in a fixed number of queries."""
    schools = list(schools)
    ids = [school.pk for school in schools]
    rules = _regulations(ids)
    calendars = calendars_of(schools)
    opened = _moments(Opening.objects.filter(school__in=ids), Max("opened_at"))
    keys = _moments(SchoolKey.objects.filter(school__in=ids), Min("made_at"))
    return {
        school.pk: _missed(
            school,
            since=opened.get(school.pk) or keys.get(school.pk),
            regulations=rules.get(school.pk, []),
            calendar=calendars[school.pk],
        )
        for school in schools
    }


def opening_due(school: School) -> datetime.date | None:
    """The first day after the last opening (before one: after the first key) on which the box is to be opened.

    In the past it is owed. None without a key, or where no day is named for a long time.
    """
    opened = Opening.objects.filter(school=school).aggregate(Max("opened_at"))["opened_at__max"]
    since = (
        opened or SchoolKey.objects.filter(school=school).aggregate(Min("made_at"))["made_at__min"]
    )
    if since is None:
        return None
    regulations = _regulations([school.pk]).get(school.pk, [])
    calendar = calendars_of([school])[school.pk]
    day = since.astimezone(school.zone).date()
    for _step in range(SEARCH_DAYS):
        day += ONE_DAY
        if _is_held(regulations, calendar, day):
            return day
    return None


def _is_held(regulations: list[Regulation], calendar: Calendar, day: datetime.date) -> bool:
    """Whether the box is to be opened on a day, by the rules of that day."""
    regulation = next((row for row in reversed(regulations) if row.holds_from <= day), None)
    return regulation is not None and is_held_on(regulation, _by(regulation, calendar), day)


def _moments(rows: QuerySet, which: Max | Min) -> dict[int, datetime.datetime]:
    return dict(rows.order_by().values_list("school_id").annotate(moment=which))


def _regulations(ids: list[int]) -> dict[int, list[Regulation]]:
    """All rules of each school, oldest first: a day missed in March is measured by the rules of March."""
    found: dict[int, list[Regulation]] = {}
    for regulation in Regulation.objects.filter(school__in=ids).order_by("holds_from"):
        found.setdefault(regulation.school_id, []).append(regulation)
    return found


def _missed(
    school: School,
    *,
    since: datetime.datetime | None,
    regulations: list[Regulation],
    calendar: Calendar,
) -> list[datetime.date]:
    if since is None:
        return []  # a box without a key was never opened, and nothing could lie in it
    today = school.today()
    day = max(since.astimezone(school.zone).date(), today - LONGEST_AGO * ONE_DAY) + ONE_DAY
    missed: list[datetime.date] = []
    while day < today:
        if _is_held(regulations, calendar, day):
            missed.append(day)
        day += ONE_DAY
    return missed


def _by(regulation: Regulation, calendar: Calendar) -> Calendar:
    only = regulation.works == Regulation.Works.SCHOOL_YEAR
    return replace(calendar, school_year_only=only)
