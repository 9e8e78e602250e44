"""What a report says, frozen: covered figures and names in every language, and back again to figures."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Min

from journal.models import Entry, Opening, Tally
from reports.documents.opening_act import frame_of
from reports.figures.covering import Covered, cover
from reports.figures.for_outsiders import (
    DIVISIONS,
    ENDINGS,
    CoveredCounted,
    CoveredFigures,
    CoveredLine,
    CoveredSpell,
    CoveredSplit,
    covered_figures_of,
)
from reports.figures.periods import Period
from schools.languages import in_language
from schools.models import Body, Category, Cause, Membership, School
from schools.selectors import regulation_of

SPLITS = (*DIVISIONS, "set_aside", *ENDINGS, "sent_to")
SPELLS = ("to_reading", "to_reply", "to_closing")
COVERED = ("registered", "overdue")
PLAIN = ("on_time", "openings_held", "openings_missed", "meetings")
FORMER = ("now", "former", "year_ago")
# Whose lines have names of the school's own.
NAMED = ("by_category", "by_cause", "sent_to")


@dataclass(frozen=True)
class Told:
    """A frozen report as figures again. ``months``: letters of each month of the period."""

    kind: str
    now: CoveredCounted
    former: CoveredCounted
    year_ago: CoveredCounted
    months: tuple[tuple[datetime.date, Covered], ...]
    names: Mapping[str, Mapping[str, Mapping[str, str]]]
    main: str
    # The periods in which the school's book was kept already: «former», «year_ago».
    compared: tuple[str, ...] = ()

    @property
    def period(self) -> Period:
        """Of what it tells."""
        return self.now.period

    def name_of(self, split: str, key: str, language: str) -> str:
        """What the school calls a line of its own; empty for lines that are not its own."""
        return in_language(self.names.get(split, {}).get(key), language, main=self.main)


def freeze_report(school: School, kind: str, period: Period) -> dict[str, Any]:
    """Everything that the report says, in no language. Raises ValueError for months that are not over."""
    figures = covered_figures_of(school, period.first, period.last)
    regulation = regulation_of(school, period.last)
    return {
        **frame_of(school, regulation),
        "kind": kind,
        "year": regulation.cover_year,
        "keepers": _keepers(school, regulation.keepers),
        "months": _months(school, period),
        "names": _names(school),
        "compared": _compared(school, figures),
        **{name: _counted(getattr(figures, name)) for name in FORMER},
    }


def _compared(school: School, figures: CoveredFigures) -> list[str]:
    """The periods that stand beside it; before a year there is one, which is the same a year ago."""
    names = FORMER[1:2] if figures.former.period == figures.year_ago.period else FORMER[1:]
    return [name for name in names if _was_kept(school, getattr(figures, name).period)]


def _was_kept(school: School, period: Period) -> bool:
    """Whether the book was kept when a period began, to its month: before that no letter says nothing."""
    first = period.first.replace(day=1)
    began = [
        Opening.objects.filter(school=school).aggregate(day=Min("opened_at"))["day"],
        Entry.objects.filter(school=school).aggregate(day=Min("taken_on"))["day"],
    ]
    days = [
        day.astimezone(school.zone).date() if isinstance(day, datetime.datetime) else day
        for day in began
        if day is not None
    ]
    return bool(days) and min(days).replace(day=1) <= first


def _months(school: School, period: Period) -> list[list[Any]]:
    """The number of letters of each month as it is shown: the finest grain there is."""
    rows = Tally.objects.filter(
        school=school,
        kind=Tally.Kind.LETTERS,
        month__gte=period.first,
        month__lte=period.last,
    )
    numbers = dict(rows.values_list("month", "number"))
    return [
        [month.isoformat(), *_bounds(cover(numbers.get(month, 0)))] for month in period.each_month()
    ]


def _names(school: School) -> dict[str, dict[str, dict[str, str]]]:
    return {
        "by_category": {row.slug: row.names for row in Category.objects.filter(school=school)},
        "by_cause": {row.slug: row.names for row in Cause.objects.filter(school=school)},
        "sent_to": {str(row.pk): row.names for row in Body.objects.filter(school=school)},
    }


def _keepers(school: School, roles: Iterable[str]) -> list[dict[str, str]]:
    """Who signs: each role that keeps the key, with its person where there is exactly one."""
    known: dict[str, list[str]] = {role: [] for role in roles}
    rows = Membership.objects.filter(school=school, role__in=known, user__is_active=True)
    for row in rows.select_related("user").order_by("pk"):
        known[row.role_id].append(str(row.user))
    return [
        {"role": role, "name": people[0] if len(people) == 1 else ""}
        for role, people in known.items()
    ]


def _bounds(number: Covered) -> list[int]:
    return [number.low, number.high]


def _counted(counted: CoveredCounted) -> dict[str, Any]:
    return {
        "first": counted.period.first.isoformat(),
        "last": counted.period.last.isoformat(),
        **{name: _bounds(getattr(counted, name)) for name in COVERED},
        **{name: getattr(counted, name) for name in PLAIN},
        **{
            name: [[line.key, *_bounds(line.number)] for line in getattr(counted, name).lines]
            for name in SPLITS
        },
        **{name: _spell(getattr(counted, name)) for name in SPELLS},
    }


def _spell(spell: CoveredSpell) -> list[int | None]:
    """The middle one in halves of a day: whole numbers are the same in every database."""
    return [None if spell.median is None else round(2 * spell.median), spell.ninetieth]


def thaw(frozen: Mapping[str, Any]) -> Told:
    """The figures of a frozen report."""
    return Told(
        kind=frozen["kind"],
        months=tuple(
            (datetime.date.fromisoformat(month), Covered(low, high))
            for month, low, high in frozen["months"]
        ),
        names=frozen["names"],
        main=frozen["main"],
        compared=tuple(frozen["compared"]),
        **{name: _thawed(frozen[name]) for name in FORMER},
    )


def _thawed(counted: Mapping[str, Any]) -> CoveredCounted:
    first, last = (datetime.date.fromisoformat(counted[name]) for name in ("first", "last"))
    return CoveredCounted(
        period=Period(first, last),
        **{name: Covered(*counted[name]) for name in COVERED},
        **{name: counted[name] for name in PLAIN},
        **{
            name: CoveredSplit(
                tuple(CoveredLine(key, Covered(low, high)) for key, low, high in counted[name])
            )
            for name in SPLITS
        },
        **{name: _thawed_spell(*counted[name]) for name in SPELLS},
    )


def _thawed_spell(halves: int | None, ninetieth: int | None) -> CoveredSpell:
    return CoveredSpell(None if halves is None else halves / 2, ninetieth)
