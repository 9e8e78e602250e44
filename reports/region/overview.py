"""Many schools in a few lines: by part of the region, by how they answer, and month by month.

Everything is a sum of what the rows of the schools show (``reports.figures.of_schools``); nothing is counted anew.
"""

import datetime
from collections import Counter
from dataclasses import dataclass

from django.db.models import Case, F, QuerySet, Sum, When

from journal.models import Tally
from reports.figures.covering import SMALL, Covered
from reports.figures.of_schools import SchoolsPage
from reports.figures.periods import Period
from schools.models import School


@dataclass(frozen=True)
class Line:
    """Some schools together."""

    schools: int = 0
    letters: Covered = Covered()
    openings_held: int = 0
    openings_missed: int = 0
    overdue: Covered = Covered()
    alerts: Covered = Covered()
    with_overdue: int = 0
    with_alerts: int = 0
    with_opening_owed: int = 0
    silent: int = 0

    @property
    def openings_on_time(self) -> int | None:
        """Per cent, of those held and missed; None without any."""
        whole = self.openings_held + self.openings_missed
        return (200 * self.openings_held + whole) // (2 * whole) if whole else None

    def __add__(self, other: "Line") -> "Line":
        return Line(
            *(mine + theirs for mine, theirs in zip(*map(_fields, (self, other)), strict=True))
        )


def _fields(line: Line) -> list[int | Covered]:
    return list(vars(line).values())


@dataclass(frozen=True)
class Overview:
    """``by_region``: a line for each region's id, None for schools in none. ``by_share``: how many schools answered so
    many per cent in time (in tens; None of fewer than five replies).
    """

    by_region: dict[int | None, Line]
    by_share: Counter[int | None]

    @property
    def whole(self) -> Line:
        """All of them."""
        return sum(self.by_region.values(), Line())


def overview_of(page: SchoolsPage) -> Overview:
    """All schools of a page's question together, whichever of them its rows show."""
    by_region: dict[int | None, Line] = {}
    by_share: Counter[int | None] = Counter()
    for group in page.groups:
        line = Line(**vars(group.together), silent=group.silent)
        by_region[group.region_id] = by_region.get(group.region_id, Line()) + line
        by_share[group.answered_on_time] += line.schools
    return Overview(by_region, by_share)


def letters_by_month(
    schools: QuerySet[School], period: Period
) -> list[tuple[datetime.date, Covered]]:
    """Letters of each month: the sum of what each school's month shows."""
    small = {"number__gt": 0, "number__lt": SMALL}
    rows = (
        Tally.objects.filter(
            school__in=schools.order_by().values("pk"),
            kind=Tally.Kind.LETTERS,
            month__gte=period.first,
            month__lte=period.last,
        )
        .order_by()
        .values("month")
        .annotate(
            low=Sum(Case(When(**small, then=1), default=F("number"))),
            high=Sum(Case(When(**small, then=SMALL - 1), default=F("number"))),
        )
        .values_list("month", "low", "high")
    )
    known = {month: Covered(low, high) for month, low, high in rows}
    return [(month, known.get(month, Covered())) for month in period.each_month()]
