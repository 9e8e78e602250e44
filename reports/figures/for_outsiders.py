"""The figures of a school for whoever does not hold its key: whole months that are over, small numbers covered.

How it is covered, and why nothing can be worked out, stands in ``reports.figures.covering``. What the school does
itself (openings, meetings, how long it took) says nothing of who wrote; it is shown as it is, times from five letters
on and without their number. The time until the opening is of those months alone of which each way in is told: a letter
on paper has none, and whether there are five others would tell how many came on paper, or how few a month had. How many
were answered in time is a share in tens. What was found, causes and bodies are divisions of their own; the table of
causes by class is not for outsiders at all. Years of study are told by stages alone, on no page and in no paper by
themselves: then nothing of a stage can be worked out from its years.

The number of letters is of all there are, as the region sees it too: two numbers of which one leaves out the letters
closed to some readers would tell of these. The divisions leave them out, as one line more that is never shown.
"""

import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from journal.models import Trail
from reports.figures.among import COMMON, EVERYTHING
from reports.figures.counted import Counted, Names, Split, count
from reports.figures.covering import (
    SMALL,
    Covered,
    cover,
    cover_lines,
    cover_months,
    tens,
    total_of,
)
from reports.figures.of_school import names_of, worked_days
from reports.figures.periods import Period, end_of_month, month_of
from reports.figures.rows import Rows, entries_of, rows_of
from reports.figures.spells import Spell, WorkedDays, spell_of
from schools.models import School
from schools.models.regulation import Source

DIVISIONS = (
    "by_source",
    "by_category",
    "by_audience",
    "by_stage",
    "by_signature",
    "by_danger",
    "by_repeat",
    "states",
)
ENDINGS = ("findings", "by_cause")
# Of these divisions something may be unknown.
WITH_UNKNOWN = ("by_category", "by_stage", "findings", "by_cause")
# No key of any line: the letters that are closed to some of the readers.
WITHHELD = "\0"
# By the first day of each month: its lines.
CoveredMonths = Mapping[datetime.date, Mapping[str, Covered]]


@dataclass(frozen=True)
class CoveredLine:
    """One line of a division, from so many to so many."""

    key: str
    number: Covered
    label: object = field(default="", compare=False, repr=False)


@dataclass(frozen=True)
class CoveredSplit:
    """A division in lines. They add up to no sum: add the bounds only."""

    lines: tuple[CoveredLine, ...] = ()


@dataclass(frozen=True)
class CoveredSpell:
    """How long it took, in working days: the middle one and what nine in ten do not exceed; None of fewer than five."""

    median: float | None = None
    ninetieth: int | None = None


@dataclass(frozen=True)
class CoveredCounted:
    """``Counted`` of whole months as outsiders see it. ``on_time``: replies in time, in tens of per cent."""

    period: Period
    registered: Covered
    by_source: CoveredSplit
    by_category: CoveredSplit
    by_audience: CoveredSplit
    by_stage: CoveredSplit
    by_signature: CoveredSplit
    by_danger: CoveredSplit
    by_repeat: CoveredSplit
    states: CoveredSplit
    set_aside: CoveredSplit
    findings: CoveredSplit
    by_cause: CoveredSplit
    sent_to: CoveredSplit
    to_reading: CoveredSpell
    to_reply: CoveredSpell
    to_closing: CoveredSpell
    on_time: int | None
    overdue: Covered
    openings_held: int
    openings_missed: int
    meetings: int


@dataclass(frozen=True)
class CoveredFigures:
    """One period, the period before, and the same a year ago."""

    school: School
    now: CoveredCounted
    former: CoveredCounted
    year_ago: CoveredCounted


def last_finished(school: School) -> datetime.date:
    """The last day of the last month that is over: no period for outsiders ends later."""
    return school.today().replace(day=1) - datetime.timedelta(days=1)


def covered_figures_of(school: School, first: datetime.date, last: datetime.date) -> CoveredFigures:
    """The figures of whole months that are over. Raises ValueError for any other period."""
    period = Period(first, last)
    if not period.is_whole_months or last > last_finished(school):
        raise ValueError("Outsiders see whole months that are over.")
    periods = [period, period.former(), period.year_ago()]
    rows = rows_of(school, periods, COMMON)
    maker = _Maker(
        school=school,
        rows=rows,
        letters=Counter(
            row.taken_on.replace(day=1) for row in entries_of(school, periods, EVERYTHING)
        ),
        names=names_of(school),
        days=worked_days(school, rows),
        today=school.today(),
        secret=_secret_of(school),
    )
    return CoveredFigures(school, *(maker.cover(one) for one in periods))


def _secret_of(school: School) -> bytes:
    """What no outsider knows and nothing changes: the hash of the first row of the school's trail."""
    row = Trail.objects.filter(school=school, position=1).values_list("row_hash", flat=True).first()
    return bytes(row) if row else b"no row, no letter"


@dataclass(frozen=True)
class _Maker:
    school: School
    rows: Rows
    # By month, all there are.
    letters: Counter[datetime.date]
    names: Names
    days: WorkedDays
    today: datetime.date
    secret: bytes

    def cover(self, period: Period) -> CoveredCounted:
        months = [Period(month, end_of_month(month)) for month in period.each_month()]
        whole = self._count(period)
        each = {month.first: self._count(month) for month in months}
        return CoveredCounted(
            period=period,
            registered=cover_months({month: self.letters[month] for month in each}),
            **{name: self._lines(name, each) for name in (*DIVISIONS, "set_aside", *ENDINGS)},
            sent_to=self._bodies(each),
            to_reading=_of_enough(self._to_reading(each)),
            to_reply=_of_enough(whole.to_reply),
            to_closing=_of_enough(whole.to_closing),
            on_time=tens(whole.in_time, whole.in_time + whole.late),
            overdue=cover(whole.overdue),
            openings_held=whole.openings_held,
            openings_missed=whole.openings_missed,
            meetings=whole.meetings,
        )

    def _count(self, period: Period) -> Counted:
        return count(self.rows, period, names=self.names, days=self.days, today=self.today)

    def _lines(self, name: str, each: Mapping[datetime.date, Counted]) -> CoveredSplit:
        labels = {
            line.key: line.label for one in each.values() for line in getattr(one, name).lines
        }
        return _summed(self._by_month(name, each, labels), labels)

    def _by_month(
        self, name: str, each: Mapping[datetime.date, Counted], labels: Mapping[str, object]
    ) -> CoveredMonths:
        cells: dict[datetime.date, dict[str, int]] = {}
        for month, counted in each.items():
            split: Split = getattr(counted, name)
            cells[month] = {key: split.number(key) for key in self._keys(name, labels)}
            if name in DIVISIONS:
                cells[month][WITHHELD] = self.letters[month] - counted.registered
        return self._cover_each(name, cells)

    def _to_reading(self, each: Mapping[datetime.date, Counted]) -> Spell:
        sources = dict.fromkeys(Source.values)
        told = {
            month
            for month, lines in self._by_month("by_source", each, sources).items()
            if all(number.is_exact for number in lines.values())
        }
        return spell_of(
            self.days.between(row.arrived_on, row.taken_on)
            for row in self.rows.entries
            if row.arrived_on is not None and month_of(row.taken_on) in told
        )

    def _keys(self, name: str, labels: Mapping[str, object]) -> list[str]:
        """The same lines each month, whoever wrote then: a line that comes and goes would tell of itself."""
        return [*labels, *([""] if name in WITH_UNKNOWN and "" not in labels else [])]

    def _bodies(self, each: Mapping[datetime.date, Counted]) -> CoveredSplit:
        # Covered by names that stay when the school moves: another choice of lines elsewhere would tell the difference.
        marks = {str(pk): str(body.uid) for pk, body in self.names.bodies.items()}
        bodies = {str(body.uid): body for body in self.names.bodies.values()}
        cells = {
            month: dict.fromkeys(bodies, 0) | {marks[one.body]: one.sent for one in counted.sent_to}
            for month, counted in each.items()
        }
        split = _summed(self._cover_each("sent_to", cells), bodies)
        keys = {mark: key for key, mark in marks.items()}
        return CoveredSplit(tuple(replace(line, key=keys[line.key]) for line in split.lines))

    def _cover_each(
        self, name: str, cells: Mapping[datetime.date, Mapping[str, int]]
    ) -> CoveredMonths:
        return {
            month: cover_lines(one, secret=self.secret, place=f"{name}|{month.isoformat()}")
            for month, one in cells.items()
        }


def _summed(covered: CoveredMonths, labels: Mapping[str, object]) -> CoveredSplit:
    keys = {key: None for one in covered.values() for key in one if key != WITHHELD}
    return CoveredSplit(
        tuple(
            CoveredLine(key, total_of(one[key] for one in covered.values()), labels.get(key, ""))
            for key in keys
        )
    )


def _of_enough(spell: Spell) -> CoveredSpell:
    if spell.letters < SMALL:
        return CoveredSpell()
    return CoveredSpell(spell.median, spell.ninetieth)
