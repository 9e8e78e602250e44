"""Many schools at once: a row for each, from counts kept up to date; never a word, a name or a class.

Letters are covered as ``reports.figures.covering`` says, and rows are sorted by what is shown and not by what is true:
the order tells nothing besides. How a school works is shown as it is: openings, the share answered in time (in tens),
the last day on which somebody worked. What waits now is none, one to four, or its number.

Three queries, whatever the number of schools: which they are with the clocks they go by, the page's rows with all of
them together, and the schools of the page.
"""

import datetime
import enum
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from journal.models import Tally
from reports.figures.covering import PARTS, SMALL, Covered
from reports.figures.periods import Period, month_of, months_later
from schools.models import School

Kind = Tally.Kind
PAGE = 50
# So long without anybody's step is silence.
SILENT_AFTER = datetime.timedelta(days=30)


class Column(enum.StrEnum):
    """What the rows can be sorted by."""

    LETTERS = "letters"
    OPENINGS_ON_TIME = "openings_on_time"
    ANSWERED_ON_TIME = "answered_on_time"
    OVERDUE = "overdue"
    ALERTS = "alerts"
    LAST_ACTIVITY = "last_activity"
    SCHOOL = "school"


class Only(enum.StrEnum):
    """Which rows are wanted."""

    ALL = "all"
    OVERDUE = "overdue"
    ALERTS = "alerts"
    OPENING_OWED = "opening_owed"
    OPENINGS_MISSED = "openings_missed"
    SILENT = "silent"  # nobody has worked there for a month


@dataclass(frozen=True)
class SchoolRow:
    """One school in the span of months, and as it stands now.

    ``openings_on_time``: per cent, of those held and missed; None without any. ``answered_on_time``: per cent in tens,
    None of fewer than five replies. ``opening_owed``: the day since which one is owed.
    """

    school: School
    letters: Covered
    openings_held: int
    openings_missed: int
    openings_on_time: int | None
    answered_on_time: int | None
    overdue: Covered
    alerts: Covered
    opening_owed: datetime.date | None
    last_activity: datetime.date | None


@dataclass(frozen=True)
class Together:
    """All wanted schools together: sums of what their rows show."""

    schools: int
    letters: Covered
    openings_held: int
    openings_missed: int
    overdue: Covered
    alerts: Covered
    with_overdue: int
    with_alerts: int
    with_opening_owed: int


@dataclass(frozen=True)
class Group:
    """Schools of one region that answered the same share in time, whichever rows are wanted, together.

    ``silent``: in how many of them nobody has worked for a month.
    """

    region_id: int | None
    answered_on_time: int | None
    together: Together
    silent: int


@dataclass(frozen=True)
class SchoolsPage:
    """A page of rows (``number`` from 1 of ``pages``) and all of them together. ``period``: the months counted.

    ``groups``: all schools of the query set, also those that are not wanted.
    """

    period: Period
    rows: tuple[SchoolRow, ...]
    together: Together
    number: int
    pages: int
    groups: tuple[Group, ...] = ()


def finished_months(first: datetime.date, last: datetime.date) -> Period:
    """The months from one day's to another's that are over by now. Raises ValueError when there is none."""
    over = months_later(month_of(timezone.localdate()), 0)
    end = min(months_later(month_of(last), 1), over)
    return Period(month_of(first), end - datetime.timedelta(days=1))


def of_schools(
    schools: QuerySet[School],
    first: datetime.date,
    last: datetime.date,
    *,
    by: Column = Column.SCHOOL,
    descending: bool = False,
    only: Only = Only.ALL,
    page: int = 1,
    size: int = PAGE,
) -> SchoolsPage:
    """A page of the schools of a query set, for the months from ``first`` to ``last`` that are over."""
    period = finished_months(first, last)
    table, values = rows_as_shown(schools, period)
    where = _WANTED[only]
    silent = _day(timezone.localdate() - SILENT_AFTER)
    narrowing = [silent] if only == Only.SILENT else []
    direction = "DESC" if descending else "ASC"
    # Rows without the value stand at the end, whichever way.
    order = f"CASE WHEN {_ORDER[by]} IS NULL THEN 1 ELSE 0 END, {_ORDER[by]} {direction}, slug"
    skipped = (max(page, 1) - 1) * size
    with connection.cursor() as cursor:
        cursor.execute(
            table + _PAGE.format(where=where, order=order, sums=_SUMS, shown=_SHOWN),
            [*values, *narrowing, *narrowing, size, skipped, skipped, size, size, silent],
        )
        everything = cursor.fetchall()
    found = [row[1:] for row in everything if not row[0]]
    together = _together(found[0][:_SUMMED])
    pages = max(1, -(-together.schools // size))
    # Without a school there is one row, with the sums alone.
    rows = [row[_SUMMED:] for row in found if row[_SUMMED] is not None]
    known = School.objects.in_bulk([row[0] for row in rows])
    return SchoolsPage(
        period=period,
        rows=tuple(_row(known[row[0]], row) for row in rows),
        together=together,
        number=min(max(page, 1), pages),
        pages=pages,
        groups=tuple(_group(row[1:]) for row in everything if row[0]),
    )


_SHOWN = (
    "school_id, low, high, held, missed, openings_on_time, answered_on_time, overdue, alerts, "
    "opening_owed, last_step_on"
)
BAND_LOW = "CASE WHEN {0} BETWEEN 1 AND 4 THEN 1 ELSE {0} END"
BAND_HIGH = "CASE WHEN {0} BETWEEN 1 AND 4 THEN 4 ELSE {0} END"
_SUMS = ", ".join(
    [
        "COUNT(*) AS schools",
        *(
            f"COALESCE(SUM({one}), 0) AS sum_{place}"
            for place, one in enumerate(
                (
                    "low",
                    "high",
                    "held",
                    "missed",
                    BAND_LOW.format("overdue"),
                    BAND_HIGH.format("overdue"),
                    BAND_LOW.format("alerts"),
                    BAND_HIGH.format("alerts"),
                    "CASE WHEN overdue > 0 THEN 1 ELSE 0 END",
                    "CASE WHEN alerts > 0 THEN 1 ELSE 0 END",
                    "CASE WHEN opening_owed IS NOT NULL THEN 1 ELSE 0 END",
                )
            )
        ),
    ]
)
_SUMMED = 12
# Past the end it is the last page.
_PAGE = """, summed AS (SELECT {sums} FROM shown WHERE {where}),
page AS (
    SELECT {shown}, ROW_NUMBER() OVER (ORDER BY {order}) AS place
    FROM shown WHERE {where} ORDER BY place LIMIT %s
    OFFSET (
        SELECT CASE WHEN schools > %s THEN %s WHEN schools > 0 THEN (schools - 1) / %s * %s ELSE 0 END FROM summed
    )
)
SELECT 0 AS grouped, summed.*, {shown}, place FROM summed LEFT JOIN page ON 1 = 1
UNION ALL
SELECT 1, {sums}, s.region_id, NULL, NULL, NULL, NULL, NULL, answered_on_time,
    SUM(CASE WHEN last_step_on IS NULL OR last_step_on < %s THEN 1 ELSE 0 END), NULL, NULL, NULL, 0
FROM shown JOIN schools_school s ON s.id = shown.school_id
GROUP BY s.region_id, answered_on_time
ORDER BY grouped, place
"""
_ORDER = {
    Column.LETTERS: "(low + high)",
    Column.OPENINGS_ON_TIME: "openings_on_time",
    Column.ANSWERED_ON_TIME: "answered_on_time",
    Column.OVERDUE: f"({BAND_LOW.format('overdue')})",
    Column.ALERTS: f"({BAND_LOW.format('alerts')})",
    Column.LAST_ACTIVITY: "last_step_on",
    Column.SCHOOL: "slug",
}
_WANTED = {
    Only.ALL: "1 = 1",
    Only.OVERDUE: "overdue > 0",
    Only.ALERTS: "alerts > 0",
    Only.OPENING_OWED: "opening_owed IS NOT NULL",
    Only.OPENINGS_MISSED: "missed > 0",
    Only.SILENT: "(last_step_on IS NULL OR last_step_on < %s)",
}

_TABLE = """
WITH wanted AS MATERIALIZED ({wanted}),
here AS (
    SELECT s.id AS school_id, s.slug, {today} AS today FROM schools_school s WHERE s.id IN (SELECT id FROM wanted)
),
parts AS (
    SELECT school_id, kind, {part} AS part, SUM(number) AS told,
        COUNT(CASE WHEN number BETWEEN 1 AND 4 THEN 1 END) AS covered,
        SUM(CASE WHEN number BETWEEN 1 AND 4 THEN number ELSE 0 END) AS together
    FROM journal_tally
    WHERE month BETWEEN %s AND %s AND kind IN ({kinds}) AND school_id IN (SELECT id FROM wanted)
    GROUP BY 1, 2, 3
),
counts AS (
    SELECT school_id,
        SUM(CASE WHEN kind <> 'letters' THEN 0 WHEN {tells} THEN told ELSE told - together + covered END) AS low,
        SUM(CASE WHEN kind <> 'letters' THEN 0 WHEN {tells} THEN told ELSE told - together + 4 * covered END) AS high,
        SUM(CASE WHEN kind = 'openings_held' THEN told ELSE 0 END) AS held,
        SUM(CASE WHEN kind = 'openings_missed' THEN told ELSE 0 END) AS missed,
        SUM(CASE WHEN kind = 'answered_in_time' THEN told ELSE 0 END) AS in_time,
        SUM(CASE WHEN kind IN ('answered_in_time', 'answered_late') THEN told ELSE 0 END) AS answered
    FROM parts GROUP BY 1
),
crying AS (
    SELECT school_id, COUNT(*) AS number FROM journal_alert
    WHERE answered_at IS NULL AND school_id IN (SELECT id FROM wanted)
    GROUP BY 1
),
shown AS MATERIALIZED (
    SELECT h.school_id, h.slug, COALESCE(w.low, 0) AS low, COALESCE(w.high, 0) AS high,
        COALESCE(w.held, 0) AS held, COALESCE(w.missed, 0) AS missed,
        CASE WHEN w.held + w.missed > 0
            THEN CAST(200 * w.held + w.held + w.missed AS integer) / CAST(2 * (w.held + w.missed) AS integer)
        END AS openings_on_time,
        CASE WHEN w.answered >= 5
            THEN CAST(20 * w.in_time + w.answered AS integer) / CAST(2 * w.answered AS integer) * 10
        END AS answered_on_time,
        (
            -- School by school: each is a short stretch of the index of open entries.
            SELECT COUNT(*) FROM journal_entry e
            WHERE e.school_id = h.school_id AND e.state IN ('registered', 'in_review') AND e.due_on < h.today
        ) AS overdue,
        COALESCE(c.number, 0) AS alerts,
        CASE WHEN st.opening_due_on < h.today THEN st.opening_due_on END AS opening_owed, st.last_step_on
    FROM here h
    LEFT JOIN counts w ON w.school_id = h.school_id
    LEFT JOIN crying c ON c.school_id = h.school_id
    LEFT JOIN journal_standing st ON st.school_id = h.school_id
)
"""
_COUNTED = (
    Kind.LETTERS,
    Kind.OPENINGS_HELD,
    Kind.OPENINGS_MISSED,
    Kind.ANSWERED_IN_TIME,
    Kind.ANSWERED_LATE,
)
# As ``covering.tells_its_sum``; parts that are not whole have negative numbers.
_TELLS = (
    "(covered = 0 OR (part >= 0 AND covered > 1 AND together >= 5 AND together > covered "
    "AND together < 4 * covered))"
)


def _day(day: datetime.date) -> Any:
    return connection.ops.adapt_datefield_value(day)


def rows_as_shown(schools: QuerySet[School], period: Period) -> tuple[str, list[Any]]:
    """The rows of all wanted schools as they may be shown, as a common table ``shown``, and its values.

    Which schools these are is asked first. The database is given their ids, and no question inside the question, so
    that it knows how many they are: else it may take a thousand for four, and look at each with all the others.
    """
    zone_of = dict(schools.order_by().values_list("pk", "time_zone"))
    wanted, ids = _listed(list(zone_of))
    zones = sorted(set(zone_of.values()))
    now = timezone.now()
    days = {zone: now.astimezone(School(time_zone=zone).zone).date() for zone in zones}
    latest = max(days.values(), default=timezone.localdate())
    today, clocks = _today(days, latest)
    part, months = _part(period)
    table = _TABLE.format(
        wanted=wanted,
        today=today,
        part=part,
        tells=_TELLS,
        kinds=", ".join(f"'{kind.value}'" for kind in _COUNTED),
    )
    span = [_day(period.first), _day(month_of(period.last))]
    return table, [ids, *clocks, *months, *span]


def _listed(ids: list[int]) -> tuple[str, Any]:
    """A query of these ids, and its one value."""
    if connection.vendor == "postgresql":
        return "SELECT unnest(CAST(%s AS bigint[])) AS id", ids
    return "SELECT value AS id FROM json_each(%s)", json.dumps(ids)


def _today(days: dict[str, datetime.date], latest: datetime.date) -> tuple[str, list[Any]]:
    """The date by a school's own clock, in SQL."""
    cast = "CAST(%s AS date)" if connection.vendor == "postgresql" else "%s"
    if len(set(days.values())) < 2:
        return cast, [_day(latest)]
    whens = "".join(f" WHEN %s THEN {cast}" for _zone in days)
    values = [value for zone, day in days.items() for value in (zone, _day(day))]
    return f"CASE s.time_zone{whens} ELSE {cast} END", [*values, _day(latest)]


def _part(period: Period) -> tuple[str, list[Any]]:
    """Which part of the year a month is in, in SQL: from 0 on for parts wholly in the period, else negative."""
    whens, values = [], []
    for year in range(period.first.year, period.last.year + 1):
        for first, last in PARTS:
            begins, ends = datetime.date(year, first, 1), datetime.date(year, last, 1)
            if ends < period.first or begins > period.last:
                continue
            whole = period.first <= begins and ends <= period.last
            place = len(whens) if whole else -1 - len(whens)
            whens.append(f"WHEN month BETWEEN %s AND %s THEN {place}")
            values += [_day(begins), _day(ends)]
    return f"CASE {' '.join(whens)} ELSE -1000 END", values


def _band(number: int) -> Covered:
    return Covered(1, SMALL - 1) if 0 < number < SMALL else Covered(number, number)


def _row(school: School, row: Sequence[Any]) -> SchoolRow:
    _pk, low, high, held, missed, openings, answered, overdue, alerts, owed, last, _place = row
    return SchoolRow(
        school=school,
        letters=Covered(int(low), int(high)),
        openings_held=int(held),
        openings_missed=int(missed),
        openings_on_time=None if openings is None else int(openings),
        answered_on_time=None if answered is None else int(answered),
        overdue=_band(int(overdue)),
        alerts=_band(int(alerts)),
        opening_owed=_as_day(owed),
        last_activity=_as_day(last),
    )


def _group(row: Sequence[Any]) -> Group:
    region, *_unused, answered, silent = row[_SUMMED : _SUMMED + 8]
    return Group(
        region_id=region,
        answered_on_time=None if answered is None else int(answered),
        together=_together(row[:_SUMMED]),
        silent=int(silent),
    )


def _as_day(value: Any) -> datetime.date | None:
    """A day as the engine gives it: SQLite knows texts only."""
    return datetime.date.fromisoformat(value) if isinstance(value, str) else value


def _together(row: Iterable[Any]) -> Together:
    count, low, high, held, missed, late, latest, cries, criest, *with_ = map(int, row)
    return Together(
        schools=count,
        letters=Covered(low, high),
        openings_held=held,
        openings_missed=missed,
        overdue=Covered(late, latest),
        alerts=Covered(cries, criest),
        with_overdue=with_[0],
        with_alerts=with_[1],
        with_opening_owed=with_[2],
    )
