"""The first page: what waits today in each school, and who waits for a key. Counts alone, never content."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils import formats
from django.utils.translation import gettext as _

from journal.admin.alert_page import AlertsOfDay, alerts_of_day
from journal.admin.pages import day_of
from journal.admin.public_notes import notes_waiting
from journal.commission_days import Owed, owed_by
from journal.days import SchoolDay, days_of
from journal.destruction_days import ToDestroy, to_destroy
from journal.key_state import KeyState, key_states
from journal.services.entering import WRITTEN
from schools.models import School
from schools.models.regulation import Source
from schools.schedule import ONE_DAY
from schools.selectors import Waiting, keys_in_use, schools_for, waiting_for_key

MOST_OWED = 10  # days and tasks that a card names


@dataclass(frozen=True)
class DayCard:
    """A school's day as its card shows it to this person."""

    day: SchoolDay
    next_opening: str
    opens_today: bool
    has_key: bool
    holds_key: bool
    may_hold: bool
    may_open: bool
    registers: bool
    waiting_people: list[Waiting]
    key_state: KeyState
    alerts: AlertsOfDay | None
    owed: dict[str, Any]
    may_call: bool
    takes_calls: bool
    types_in: bool
    notes_waiting: int
    to_destroy: ToDestroy


def today(request: HttpRequest) -> dict[str, Any]:
    """For the template: a card for each school of the person; none for who reads no letters."""
    user = request.user
    schools = list(schools_for(user, "journal.view_entry"))
    if not schools:
        return {"cards": []}
    keys = keys_in_use(schools)
    waiting = waiting_for_key(schools)
    states = key_states(schools)
    alerts = alerts_of_day(schools, user)
    owed = owed_by(schools, user)
    notes = notes_waiting(schools, user)
    destruction = to_destroy(schools, user)
    cards: list[DayCard] = []
    for day in days_of(schools, user):
        school = day.school
        key = keys.get(school.pk)
        holds = key is not None and request.keyring.opens_school_key(key.pk)
        gives = holds and user.has_perm("schools.grant_key", school)
        cards.append(
            DayCard(
                day=day,
                next_opening=_next_opening(day),
                opens_today=day.next_opening is not None
                and day.next_opening.date() == school.today(),
                has_key=key is not None,
                holds_key=holds,
                may_hold=user.has_perm("schools.hold_key", school),
                may_open=user.has_perm("journal.open_box", school),
                owed=_owed_in_words(owed[school.pk], school),
                may_call=user.has_perm("journal.hold_meeting", school),
                registers=user.has_perm("journal.register_letter", school),
                takes_calls=key is not None
                and Source.PHONE in day.sources
                and user.has_perm("journal.take_call", school),
                types_in=holds
                and any(source in WRITTEN for source in day.sources)
                and user.has_perm("journal.register_letter", school),
                waiting_people=waiting.get(school.pk, []) if gives else [],
                key_state=states[school.pk],
                alerts=alerts.get(school.pk),
                notes_waiting=notes.get(school.pk, 0),
                to_destroy=destruction.get(school.pk, ToDestroy()),
            )
        )
    return {"cards": cards}


def _next_opening(day: SchoolDay) -> str:
    """«today at 15:00», «tomorrow at 15:00», or the date with the hour."""
    at = day.next_opening
    if at is None:
        return ""
    hour = formats.time_format(at.time(), "TIME_FORMAT")
    if at.date() == day.school.today():
        return _("today at %(hour)s") % {"hour": hour}
    if at.date() == day.school.today() + ONE_DAY:
        return _("tomorrow at %(hour)s") % {"hour": hour}
    return _("%(date)s at %(hour)s") % {"date": day_of(at.date()), "hour": hour}


def _owed_in_words(owed: Owed, school: School) -> dict[str, Any]:
    """For the card: what the commission and the schedule still owe."""
    today_there = school.today()
    return {
        "missed_days": ", ".join(day_of(day) for day in owed.missed[:MOST_OWED]),
        "meetings": owed.meetings,
        "half_ends": day_of(owed.half_ends),
        "tasks": [
            {
                "meeting": task.meeting_id,
                "number": task.meeting.number,
                "position": task.position,
                "due_on": day_of(task.due_on),
                "overdue": task.due_on < today_there,
                "who": str(task.responsible or ""),
            }
            for task in owed.tasks[:MOST_OWED]
        ],
        "more": max(len(owed.tasks) - MOST_OWED, 0),
    }
