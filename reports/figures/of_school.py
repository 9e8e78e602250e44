"""The figures of one school for any period, compared with the former one and the same a year ago.

They are counted from the school's own rows, by open columns alone: no key is asked for. What leaves the circle of the
school's key holders goes through ``reports.figures.covering`` first.
"""

import datetime
from dataclasses import dataclass

from reports.figures.among import EVERYTHING, Among
from reports.figures.causes import CauseLine, cause_lines
from reports.figures.counted import Counted, Names, count
from reports.figures.periods import Period
from reports.figures.rows import Rows, rows_of
from reports.figures.spells import WorkedDays
from schools.models import Body, Category, Cause, School
from schools.working_days import calendar_of


@dataclass(frozen=True)
class Figures:
    """One period, the period before, the same a year ago; and the table of causes of the first."""

    school: School
    now: Counted
    former: Counted
    year_ago: Counted
    causes: tuple[CauseLine, ...]


def figures_of(
    school: School, first: datetime.date, last: datetime.date, *, among: Among = EVERYTHING
) -> Figures:
    """The figures of the days from ``first`` to ``last``. ``among``: whose letters count (``seen_by(user)`` on a
    page, ``COMMON`` for a paper). As many queries for one letter as for a thousand. Raises ValueError when the days run
    backwards.
    """
    period = Period(first, last)
    periods = [period, period.former(), period.year_ago()]
    rows = rows_of(school, periods, among)
    names = names_of(school)
    days = worked_days(school, rows)
    today = school.today()
    now, former, year_ago = (
        count(rows, one, names=names, days=days, today=today) for one in periods
    )
    return Figures(
        school=school,
        now=now,
        former=former,
        year_ago=year_ago,
        causes=cause_lines(school, rows.entries, period, names=names, among=among),
    )


def names_of(school: School) -> Names:
    """What the lines are called, those out of use too: three queries."""
    categories = list(Category.objects.filter(school=school))
    causes = list(Cause.objects.filter(school=school))
    bodies = Body.objects.filter(school=school)
    return Names(
        categories={row.pk: row for row in categories},
        causes={row.pk: row for row in causes},
        bodies={row.pk: row for row in bodies},
        category_slugs={row.pk: row.slug for row in categories},
        cause_slugs={row.pk: row.slug for row in causes},
    )


def worked_days(school: School, rows: Rows) -> WorkedDays:
    """The working days of the school between all days that the rows name."""
    days = {
        day
        for row in rows.entries
        for day in (row.came_on, row.taken_on, row.answered_on, row.closed_on)
        if day is not None
    }
    return WorkedDays(calendar_of(school), days)
