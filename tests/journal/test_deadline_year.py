"""A year of deadlines in the four demonstration schools: a letter every day, each date and count counted again."""

import datetime

import pytest
import time_machine

from journal.days import days_of
from journal.models import Entry
from journal.services import registering
from schools.models import Membership, Regulation, School
from tests import factories
from trustbox.demo.loading import add_school
from trustbox.demo.schools import SCHOOLS

ONE_DAY = datetime.timedelta(days=1)
BEGINS, ENDS = datetime.date(2026, 1, 1), datetime.date(2026, 12, 31)

# Weekdays without work, and Saturdays with, by the countries' lists; January of 2027 for what is due then.
FREE = {
    "KZ": """2026-01-01 2026-01-02 2026-01-07 2026-03-09 2026-03-23 2026-03-24 2026-03-25 2026-05-01 2026-05-07
    2026-05-11 2026-05-27 2026-07-06 2026-10-26 2026-12-16 2027-01-01 2027-01-04 2027-01-07""",
    "KG": """2026-01-01 2026-01-02 2026-01-05 2026-01-06 2026-01-07 2026-01-08 2026-01-09 2026-03-20 2026-05-01
    2026-05-04 2026-05-05 2026-05-06 2026-05-07 2026-05-08 2026-05-27 2026-08-31
    2027-01-01 2027-01-04 2027-01-05 2027-01-06 2027-01-07""",
}
MADE_UP = {"KZ": set(), "KG": {"2026-02-07", "2026-04-25"}}
# Reply and sending on, in working days, as the four regulations say.
PERIODS = {
    "it-lyceum": (15, None),
    "zheenbaev": (14, None),
    "sport-college": (None, 3),
    "orozbekov": (5, None),
}


def works(school: School, day: datetime.date) -> bool:
    """Recounted without the portal: from lists written out."""
    text = day.isoformat()
    if school.slug == "orozbekov":
        if text == "2026-12-12":
            return True
        summer = day.month in (6, 7, 8)
        if summer or "2026-12-30" <= text <= "2027-01-10":
            return False
    if text in MADE_UP[school.country]:
        return True
    return day.weekday() < 5 and text not in FREE[school.country].split()


def due(school: School, taken: datetime.date, period: int | None) -> datetime.date | None:
    if period is None:
        return None
    while period:
        taken += ONE_DAY
        period -= works(school, taken)
    return taken


# Days are reckoned in Python; that both engines count the same is asked in test_days.
@pytest.mark.once("sqlite")
@pytest.mark.django_db
def test_a_year_of_deadlines() -> None:
    schools = [add_school(data) for data in SCHOOLS]
    assert {school.slug for school in schools} == set(PERIODS)
    # All of them typed in, whatever the regulation's ways in are.
    Regulation.objects.update(sources=["paper"])
    person = factories.make_person(schools[0], "psychologist")
    for school in schools:
        Membership.objects.get_or_create(user=person.user, school=school, role_id="psychologist")
        factories.give_key(school, to=person)
    user, keyring = person.fresh(), person.keyring()
    registered: dict[str, list[Entry]] = {school.slug: [] for school in schools}
    flips: dict[str, int] = dict.fromkeys(registered, 0)
    overdue_before = dict.fromkeys(registered, 0)
    day = BEGINS
    while day <= ENDS:
        for school in schools:
            reply, forward = PERIODS[school.slug]
            # By the school's own clock the day has one hour left; in Greenwich it has more.
            late = datetime.datetime.combine(day, datetime.time(23, 0), tzinfo=school.zone)
            with time_machine.travel(late, tick=False):
                entry = registering.register_paper(
                    school=school,
                    opening=None,
                    paper=registering.PaperLetter(text="A", audience="parent", signed=False),
                    registration=registering.Registration(summary="S", category=None),
                    by=user,
                    keyring=keyring,
                )
            assert entry.taken_on == day
            assert entry.due_on == due(school, day, reply), (school.slug, day)
            assert entry.forward_by == due(school, day, forward), (school.slug, day)
            registered[school.slug].append(entry)
        # Half an hour after midnight in Bishkek it is half an hour before midnight in Almaty.
        seen_at = datetime.datetime.combine(day, datetime.time(18, 30), tzinfo=datetime.UTC)
        with time_machine.travel(seen_at, tick=False):
            found = {one.school.slug: one for one in days_of(schools, user)}
        for school in schools:
            today = day + ONE_DAY if school.country == "KG" else day
            soon = due(school, today, 2)
            days = [entry.due_on for entry in registered[school.slug] if entry.due_on]
            send = [entry.forward_by for entry in registered[school.slug] if entry.forward_by]
            told = found[school.slug]
            assert told.in_work == len(registered[school.slug])
            assert told.overdue == sum(each < today for each in days), (school.slug, today)
            assert told.due_today == sum(each == today for each in days), (school.slug, today)
            assert told.due_soon == sum(today <= each <= soon for each in days), today
            assert told.to_send_on == sum(each <= soon for each in send), (school.slug, today)
            flips[school.slug] += told.overdue != overdue_before[school.slug]
            overdue_before[school.slug] = told.overdue
        day += ONE_DAY
    # It was a year in which something happened: overdue grew the day after each working day that had one due.
    assert flips["it-lyceum"] > 200
    assert flips["zheenbaev"] > 200
    assert flips["orozbekov"] > 120
    assert flips["sport-college"] == 0
