"""Periods for which figures are made, and those they are compared with. Pure."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from schools.schedule import ONE_DAY, last_of_month


def month_of(day: datetime.date) -> datetime.date:
    """The first day of its month."""
    return day.replace(day=1)


def months_later(month: datetime.date, count: int) -> datetime.date:
    """The first day of the month that many months later (earlier when negative)."""
    place = month.year * 12 + month.month - 1 + count
    return datetime.date(place // 12, place % 12 + 1, 1)


def end_of_month(day: datetime.date) -> datetime.date:
    """The last day of its month."""
    return day.replace(day=last_of_month(day))


# The first half of a school year, by its first month and their number; the second is January to June.
_AUTUMN = (9, 4)
_SPRING_MONTHS = 6


@dataclass(frozen=True, order=True)
class Period:
    """From one day to another, both counted. Raises ValueError when it runs backwards."""

    first: datetime.date
    last: datetime.date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("A period does not run backwards.")

    def __contains__(self, day: datetime.date | None) -> bool:
        return day is not None and self.first <= day <= self.last

    @property
    def is_whole_months(self) -> bool:
        """Whether it begins with a month and ends with one."""
        return self.first.day == 1 and self.last == end_of_month(self.last)

    @property
    def months(self) -> int:
        """How many months it touches."""
        first, last = self.first, self.last
        return (last.year - first.year) * 12 + last.month - first.month + 1

    def each_month(self) -> Iterator[datetime.date]:
        """First days of the months that it touches."""
        for step in range(self.months):
            yield months_later(month_of(self.first), step)

    def former(self) -> "Period":
        """As many whole months before it; of other periods as many days.

        Before the first half of a school year it is the second half of the year before, and not the summer.
        """
        if self._is_autumn:
            return whole_months(self.first.replace(month=1), _SPRING_MONTHS)
        if self.is_whole_months:
            return Period(months_later(self.first, -self.months), self.first - ONE_DAY)
        return Period(self.first - (self.last - self.first) - ONE_DAY, self.first - ONE_DAY)

    def next(self) -> "Period":
        """As many whole months after it; after the first half of a school year its second."""
        after = self.last + ONE_DAY
        return whole_months(after, _SPRING_MONTHS if self._is_autumn else self.months)

    @property
    def _is_autumn(self) -> bool:
        return self.is_whole_months and (self.first.month, self.months) == _AUTUMN

    def year_ago(self) -> "Period":
        """The same one a year before; 29 February is the 28th then, and a whole February stays whole."""
        first = _year_before(self.first)
        if self.is_whole_months:
            return Period(first, end_of_month(_year_before(month_of(self.last))))
        return Period(first, _year_before(self.last))


def _year_before(day: datetime.date) -> datetime.date:
    last = last_of_month(datetime.date(day.year - 1, day.month, 1))
    return datetime.date(day.year - 1, day.month, min(day.day, last))


def whole_months(first: datetime.date, count: int) -> Period:
    """So many months from the month of a day on: a month (1), a quarter (3), a half-year (6), a year (12)."""
    begins = month_of(first)
    return Period(begins, months_later(begins, count) - ONE_DAY)
