"""Wholes in their parts. Pure."""

from collections.abc import Iterable, Sequence

from reports.charts.amounts import Row, checked, words_of
from reports.charts.lettering import SMALL, label, legend, width_of
from reports.charts.looks import LOOKS, PAPER, QUIET
from reports.charts.picture import Picture
from reports.charts.shapes import Box, Shape, Words, outline

_BAND, _BETWEEN = 24.0, 12.0


def shares(
    *,
    key: str,
    title: str,
    description: str,
    series: Sequence[str],
    rows: Iterable[Row],
    width: float = 440.0,
) -> Picture:
    """A band for each row, its parts as wide as their share, the numbers written in them where there is room.

    A row without anything is an empty band. Raises ValueError, also where an amount is unknown or has two bounds: a
    share of what is not known is not known.
    """
    rows = checked(rows, series, len(LOOKS))
    if any(amount is None or not amount.is_exact for row in rows for amount in row.amounts):
        raise ValueError("Parts of a whole are known numbers.")
    shapes, y = legend(series, width)
    for row in rows:
        named, y = label(row.label, 0, y, width)
        shapes += named
        y += 2
        shapes += _band(row, y, width)
        y += _BAND + _BETWEEN
    return Picture(key, title, description, width, max(y - _BETWEEN + 2, 1), tuple(shapes))


def _band(row: Row, y: float, width: float) -> list[Shape]:
    total = sum(amount.low for amount in row.amounts if amount)
    if not total:
        return [
            outline(0.5, y, width - 1, _BAND, QUIET),
            Words(8, y + _BAND / 2 + SMALL * 0.35, "0", SMALL),
        ]
    shapes: list[Shape] = []
    x = 0.5
    for look, amount in zip(LOOKS, row.amounts, strict=False):
        wide = (amount.low if amount else 0) * (width - 1) / total
        if not wide:
            continue
        shapes += look.filled(x, y, wide, _BAND)
        said = words_of(amount)
        room = width_of(said, SMALL) + 8
        if room + 4 <= wide:
            middle = x + wide / 2
            shapes.append(Box(middle - room / 2, y + 4, room, _BAND - 8, PAPER))
            shapes.append(Words(middle, y + _BAND / 2 + SMALL * 0.35, said, SMALL, anchor="middle"))
        x += wide
    return shapes
