"""What is drawn: amounts in rows, one for each series. Pure."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Amount:
    """A number, or one that lies from ``low`` to ``high``. ``said``: how it is written, where not as a plain number.

    Raises ValueError below nothing, and where the bounds are the wrong way round.
    """

    low: float
    high: float | None = None
    said: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.most:
            raise ValueError("An amount is none or more, and its bounds run upwards.")

    @property
    def most(self) -> float:
        """The upper bound; of an exact number the number."""
        return self.low if self.high is None else self.high

    @property
    def is_exact(self) -> bool:
        """Whether both bounds are one."""
        return self.low == self.most

    @property
    def words(self) -> str:
        """How it is written beside what is drawn."""
        if self.said:
            return self.said
        return written(self.low) if self.is_exact else f"{written(self.low)}–{written(self.most)}"


def written(number: float) -> str:
    """All its digits, however large: 3, 2.5, 1234567."""
    return f"{number:.0f}" if number % 1 == 0 else f"{number:g}"


UNKNOWN = "–"


def words_of(amount: Amount | None) -> str:
    """How an amount is written, one that is not known too."""
    return UNKNOWN if amount is None else amount.words


@dataclass(frozen=True)
class Row:
    """What belongs to one label: an amount for each series; None where it is not known."""

    label: str
    amounts: tuple[Amount | None, ...]


def known(rows: Iterable[Row]) -> list[Amount]:
    """All amounts that are known."""
    return [amount for row in rows for amount in row.amounts if amount is not None]


def checked(rows: Iterable[Row], series: Sequence[str], looks: int) -> list[Row]:
    """The rows as a list. Raises ValueError where amounts and series do not match, or there are more than looks."""
    rows = list(rows)
    if not 1 <= len(series) <= looks:
        raise ValueError(f"From one to {looks} series can be told apart.")
    if any(len(row.amounts) != len(series) for row in rows):
        raise ValueError("Each row has one amount for each series.")
    return rows


def top_of(rows: Iterable[Row]) -> float:
    """The largest amount; 1 where there is nothing, so that there is something to divide by."""
    return max((amount.most for amount in known(rows)), default=0) or 1


def ticks(top: float, most: int = 5) -> list[int]:
    """Round whole numbers from 0 up to ``top`` or the next round one, ``most`` steps at most."""
    step = 1
    while math.ceil(top / step) > most:
        # 1, 2, 5, 10, 20, 50 …
        step = step * 5 // 2 if str(step)[0] == "2" else step * 2
    return [step * place for place in range(math.ceil(top / step) + 1)]
