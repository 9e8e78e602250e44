"""The working days of a school, by which deadlines are counted.

What decides about a day, the first that says something: the school's own special day; a vacation, where the
regulation lets the box work in the school year only; the country (holidays, days moved or exchanged); the school's
week of five or six days.

In the school year only means also: not from 1 June to 31 August. No lessons are held then in either country, and a
school that has not written its summer down must not owe an answer in July. It can still say of any single day that
it works. A cry for help waits for no working day: none of this touches it.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from schools.models import CalendarDay, Regulation, School, Vacation
from schools.public_holidays import country_year
from schools.schedule import ONE_DAY
from schools.selectors import regulations_in_force

SUMMER = ((6, 1), (8, 31))
# A calendar in which nothing is ever worked must not be searched for ever.
SEARCH_DAYS = 3 * 366


@dataclass(frozen=True)
class Calendar:
    """Which days a school works.

    ``week``: 5 or 6. ``own_days``: special day → whether it is worked. ``vacations``: first and last days.
    ``school_year_only``: days of vacation, and the summer, do not count.
    """

    country: str
    week: int = 5
    own_days: Mapping[datetime.date, bool] = field(default_factory=dict)
    vacations: tuple[tuple[datetime.date, datetime.date], ...] = ()
    school_year_only: bool = False

    def is_working_day(self, day: datetime.date) -> bool:
        """Whether the day counts."""
        own = self.own_days.get(day)
        if own is not None:
            return own
        if self.school_year_only and self.in_vacation(day):
            return False
        year = country_year(self.country, self.week, day.year)
        if day in year.worked:
            return True
        return day.weekday() < self.week and day not in year.off

    def in_vacation(self, day: datetime.date) -> bool:
        """Whether the day lies in a vacation, written down or the summer."""
        first, last = SUMMER
        return first <= (day.month, day.day) <= last or any(
            begins <= day <= ends for begins, ends in self.vacations
        )

    def add(self, day: datetime.date, count: int) -> datetime.date:
        """The day by which ``count`` whole working days have passed after ``day``; ``day`` itself for 0.

        Where three years hold fewer, the last day of the three years.
        """
        for _step in range(SEARCH_DAYS):
            if count <= 0:
                break
            day += ONE_DAY
            count -= self.is_working_day(day)
        return day

    def count(self, first: datetime.date, last: datetime.date) -> int:
        """Working days from ``first`` to ``last``, both counted; 0 when ``last`` lies before."""
        days = range((last - first).days + 1)
        return sum(self.is_working_day(first + step * ONE_DAY) for step in days)


def calendar_of(school: School, regulation: Regulation | None = None) -> Calendar:
    """The school's calendar by its regulation (the one in force when none is given): two queries with one given."""
    regulations = {school.pk: regulation} if regulation else None
    return calendars_of([school], regulations)[school.pk]


def calendars_of(
    schools: Iterable[School], regulations: Mapping[int, Regulation] | None = None
) -> dict[int, Calendar]:
    """The calendar of each school by its id: two queries however many there are, and one for the regulations.

    ``regulations``: those in force by the school's id, when they are at hand.
    """
    schools = list(schools)
    if regulations is None:
        regulations = regulations_in_force(schools)
    ids = [school.pk for school in schools]
    own_days: dict[int, dict[datetime.date, bool]] = {}
    rows = CalendarDay.objects.filter(school__in=ids).order_by()
    for school, day, works in rows.values_list("school_id", "day", "works"):
        own_days.setdefault(school, {})[day] = works
    vacations: dict[int, list[tuple[datetime.date, datetime.date]]] = {}
    periods = Vacation.objects.filter(school__in=ids).order_by("first_day", "pk")
    for school, first, last in periods.values_list("school_id", "first_day", "last_day"):
        vacations.setdefault(school, []).append((first, last))
    found: dict[int, Calendar] = {}
    for school in schools:
        rules = regulations.get(school.pk)
        found[school.pk] = Calendar(
            country=school.country,
            week=school.working_week,
            own_days=own_days.get(school.pk, {}),
            vacations=tuple(vacations.get(school.pk, ())),
            school_year_only=rules is not None and rules.works == Regulation.Works.SCHOOL_YEAR,
        )
    return found
