"""Many schools in a few lines: by part of the region, by how they answer, and month by month.

Everything is a sum of what the rows of the schools show (``reports.figures.of_schools``); nothing is counted anew.
"""

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Case, F, QuerySet, Sum, When
from django.utils import timezone

from journal.models import Tally
from reports.figures.covering import SMALL, Covered
from reports.figures.of_schools import BAND_HIGH, BAND_LOW, SILENT_AFTER, rows_as_shown
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


_SUMS = """
SELECT s.region_id, shown.answered_on_time, COUNT(*), SUM(low), SUM(high), SUM(held), SUM(missed), {bands},
    SUM(CASE WHEN overdue > 0 THEN 1 ELSE 0 END), SUM(CASE WHEN alerts > 0 THEN 1 ELSE 0 END),
    SUM(CASE WHEN opening_owed IS NOT NULL THEN 1 ELSE 0 END),
    SUM(CASE WHEN last_step_on IS NULL OR last_step_on < %s THEN 1 ELSE 0 END)
FROM shown JOIN schools_school s ON s.id = shown.school_id
GROUP BY s.region_id, shown.answered_on_time
"""
_BANDS = ", ".join(
    f"SUM({bound.format(name)})"
    for name in ("overdue", "alerts")
    for bound in (BAND_LOW, BAND_HIGH)
)


def overview_of(schools: QuerySet[School], period: Period) -> Overview:
    """The schools together, for months that are over: two queries, whatever their number."""
    table, values = rows_as_shown(schools, period)
    silent = connection.ops.adapt_datefield_value(timezone.localdate() - SILENT_AFTER)
    with connection.cursor() as cursor:
        cursor.execute(table + _SUMS.format(bands=_BANDS), [*values, silent])
        rows = cursor.fetchall()
    by_region: dict[int | None, Line] = {}
    by_share: Counter[int | None] = Counter()
    for region, share, *numbers in rows:
        by_region[region] = by_region.get(region, Line()) + _line(map(int, numbers))
        by_share[None if share is None else int(share)] += int(numbers[0])
    return Overview(by_region, by_share)


def _line(numbers: Iterable[int]) -> Line:
    count, low, high, held, missed, late, latest, cries, criest, *with_ = numbers
    return Line(
        count,
        Covered(low, high),
        held,
        missed,
        Covered(late, latest),
        Covered(cries, criest),
        *with_,
    )


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
