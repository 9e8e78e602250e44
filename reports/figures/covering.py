"""Small numbers covered, for everybody who does not hold the school's key. Pure.

A number under five could point at a child, and so could one that is worked out by taking away. So it is decided once,
at the finest grain that is ever shown (one school, one month, one division), what is shown and what is covered; and
everything coarser (a quarter, a year, a region) is a sum of what is shown there, from so many to so many. Nothing
coarser is ever counted anew, so no subtraction of periods, divisions or regions tells more than the months themselves.

What a month tells:

- its number of letters: as it is when it is none, or five and more; else «one to four»;
- of each division (by category, by stage of school …) of a month with five letters and more: lines with five and more
  as they are; all smaller ones are covered, the empty ones among them, and with them one line more that is not small,
  so that taking the others from the sum of the month gives the covered lines together and no single one. Which line is
  covered besides does not depend on the numbers and is not to be guessed: an outsider who knows these rules as well
  cannot tell it from the small ones. Where no line is left, all are covered. Where all small lines are empty, nothing
  is;
- of a month with fewer letters no division at all.

A part of the year (January to June, July and August, September to December: of these, half-years, calendar years and
school years are made) tells its exact number of letters besides, when its months of one to four letters are two at
least, have five letters together, and are neither all ones nor all fours: then for each of these months more than one
number remains possible. In every other case some numbers would be certain, and the part tells the sum of its months
only.
"""

import datetime
import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

SMALL = 5
# First and last months of the parts of a year.
PARTS = ((1, 6), (7, 8), (9, 12))


@dataclass(frozen=True, order=True)
class Covered:
    """A number as it may be shown: from ``low`` to ``high``, both possible as far as an outsider can know."""

    low: int = 0
    high: int = 0

    def __add__(self, other: "Covered") -> "Covered":
        return Covered(self.low + other.low, self.high + other.high)

    @property
    def is_exact(self) -> bool:
        """Whether the number is shown as it is."""
        return self.low == self.high

    @property
    def exact(self) -> int | None:
        """The number, or None where it is covered."""
        return self.low if self.is_exact else None


def shown(number: int) -> Covered:
    """A number as it is."""
    return Covered(number, number)


def total_of(parts: Iterable[Covered]) -> Covered:
    """The sum of what is shown: a coarser number."""
    return sum(parts, Covered())


def cover(number: int) -> Covered:
    """A number that stands for itself: as it is when none or five and more, else «one to four»."""
    return Covered(1, SMALL - 1) if 0 < number < SMALL else shown(number)


def cover_lines(cells: Mapping[str, int], *, secret: bytes, place: str) -> dict[str, Covered]:
    """The lines of one division of one month, whose sum is known where it is none, or five and more.

    ``secret`` and ``place`` (what is divided, and when) decide which line is covered besides the small ones: the same
    each time, and not to be guessed without the secret.
    """
    total = sum(cells.values())
    if 0 < total < SMALL:
        return dict.fromkeys(cells, Covered(0, SMALL - 1))
    small = {key for key, number in cells.items() if number < SMALL}
    if not any(cells[key] for key in small):
        return {key: shown(number) for key, number in cells.items()}
    others = sorted(
        (key for key in cells if key not in small),
        key=lambda key: hmac.digest(secret, f"{place}|{key}".encode(), hashlib.sha256),
    )
    covered = small | set(others[:1])
    together = sum(cells[key] for key in covered)
    return {
        key: Covered(0, together) if key in covered else shown(number)
        for key, number in cells.items()
    }


def part_of_year(month: datetime.date) -> tuple[int, int, int]:
    """The year, the first and the last month of the part in which a month lies."""
    first, last = next(part for part in PARTS if part[0] <= month.month <= part[1])
    return month.year, first, last


def tells_its_sum(covered: Sequence[int]) -> bool:
    """Whether a whole part of the year, whose months of one to four letters are these, may tell its exact number."""
    count, together = len(covered), sum(covered)
    if not count:
        return True
    return count > 1 and together >= SMALL and count < together < (SMALL - 1) * count


def cover_months(numbers: Mapping[datetime.date, int]) -> Covered:
    """The letters of some months (their first days), each named with its number, also with none.

    Parts of the year that lie wholly among them tell what they may tell; the other months tell their own.
    """
    parts: dict[tuple[int, int, int], dict[datetime.date, int]] = {}
    for month, number in numbers.items():
        parts.setdefault(part_of_year(month), {})[month] = number
    return total_of(
        _cover_part(list(months.values()), whole=len(months) == last - first + 1)
        for (_year, first, last), months in parts.items()
    )


def _cover_part(numbers: list[int], *, whole: bool) -> Covered:
    if whole and tells_its_sum([number for number in numbers if 0 < number < SMALL]):
        return shown(sum(numbers))
    return total_of(cover(number) for number in numbers)


def tens(part: int, whole: int) -> int | None:
    """A share in per cent, to the nearest ten, so that it tells no number; None of fewer than five."""
    return None if whole < SMALL else (20 * part + whole) // (2 * whole) * 10
