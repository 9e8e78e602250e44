"""Days off of a country, year by year: the library's, corrected where a government decided otherwise.

Two rules the library leaves to its user, both from the decrees themselves:

- A holiday on a Saturday is moved for the five-day week alone. For who works six days that Saturday is an
  ordinary day that has become free; only a holiday on a Sunday is moved for them.
- A government that lets people rest on a weekday and work on a weekend day instead names that day. Where it is a
  Saturday the decree is for the five-day week; where it is a Sunday (Kazakhstan, 5 January 2025) it is for both.
"""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import holidays
from holidays.calendars.gregorian import SAT
from holidays.observed_holiday_base import SAT_SUN_TO_NEXT_WORKDAY, SUN_TO_NEXT_WORKDAY

# Decided after the library's release, or not in it. Country → day off → the weekend day worked instead.
EXCHANGED: Mapping[str, Mapping[datetime.date, datetime.date]] = {
    "KG": {
        # The Cabinet of Ministers prolonged the New Year holidays to 12 January 2026 for budget organisations with
        # a five-day week: https://24.kg/kyrgyzcha/356123_janyi_jyildyik_kanikuldar_2026-jyildyin_12-yanvaryina_cheyin_uzartyildyi/
        datetime.date(2026, 1, 8): datetime.date(2026, 2, 7),
        datetime.date(2026, 1, 9): datetime.date(2026, 4, 25),
    },
}

EXCHANGE = "Exchanged day off"
_ENDINGS = (" (observed, estimated)", " (observed)", " (estimated)")


@dataclass(frozen=True)
class DayOff:
    """A holiday of the country.

    ``name`` is the library's English one, which ``schools.holiday_names`` knows in four languages. ``moved``: a
    weekday that is free because the holiday itself fell on a day off. ``estimated``: by the lunar calendar, not
    announced yet. ``worked_instead``: of a day exchanged for a weekend day, that day.
    """

    name: str
    moved: bool = False
    estimated: bool = False
    worked_instead: datetime.date | None = None


@dataclass(frozen=True)
class CountryYear:
    """``off``: each day off of the year that has a name; ``worked``: weekend days worked instead of another."""

    off: Mapping[datetime.date, tuple[DayOff, ...]]
    worked: Mapping[datetime.date, datetime.date]


@lru_cache(maxsize=128)
def country_year(country: str, week: int, year: int) -> CountryYear:
    """Days off of ``country`` (KZ, KG) in ``year`` for a week of ``week`` (5 or 6) working days.

    Made whole before anybody sees it: the library fills in a year while it is asked about its first day, and
    another thread asking meanwhile would be told of a year without holidays.
    """
    rule = SUN_TO_NEXT_WORKDAY if week == 6 else SAT_SUN_TO_NEXT_WORKDAY
    source = getattr(holidays, country)(
        years=year, expand=False, language="en_US", observed_rule=rule
    )
    exchanged = dict(_exchanged(country, source))
    off: dict[datetime.date, tuple[DayOff, ...]] = {}
    for day in sorted(source):
        found = tuple(
            DayOff(
                name=_bare(name),
                moved="observed" in name,
                estimated="estimated" in name,
            )
            for name in source.get_list(day)
            if not name.startswith("Day off (substituted")
        )
        if found:
            off[day] = found
    for day, instead in exchanged.items():
        if day.year == year and (week == 5 or instead.weekday() != SAT):
            off[day] = (*off.get(day, ()), DayOff(name=EXCHANGE, worked_instead=instead))
    worked = {
        instead: day
        for day, instead in exchanged.items()
        if instead.year == year and (week == 5 or instead.weekday() != SAT)
    }
    off = dict(sorted(off.items()))
    return CountryYear(off=MappingProxyType(off), worked=MappingProxyType(worked))


def _bare(name: str) -> str:
    for ending in _ENDINGS:
        name = name.removesuffix(ending)
    return name


def _exchanged(
    country: str, source: holidays.HolidayBase
) -> Iterator[tuple[datetime.date, datetime.date]]:
    """Every day off with the weekend day worked instead; a day may be worked in another year than its rest."""
    for year, rows in source.special_public_holidays.items():
        for row in rows if isinstance(rows[0], tuple) else (rows,):
            if len(row) < 4:
                continue  # a day off besides, with a name and without a day worked for it
            month, day, worked_month, worked_day, *worked_year = row
            yield (
                datetime.date(year, month, day),
                datetime.date(*(worked_year or [year]), worked_month, worked_day),
            )
    yield from EXCHANGED.get(country, {}).items()
