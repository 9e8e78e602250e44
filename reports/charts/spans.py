"""How long something took: a mark at the middle one, a line to what nine in ten do not exceed. Pure."""

from collections.abc import Iterable, Sequence

from reports.charts.amounts import Amount, Row, checked, ticks, top_of, words_of
from reports.charts.lettering import SMALL, label, legend, width_of
from reports.charts.looks import GRID, LOOKS, Look
from reports.charts.picture import Picture
from reports.charts.shapes import Shape, Strokes, Words

_LINE, _BETWEEN, _AXIS = 17.0, 9.0, 11.0


def spans(
    *,
    key: str,
    title: str,
    description: str,
    series: Sequence[str],
    rows: Iterable[Row],
    width: float = 440.0,
) -> Picture:
    """For each amount a mark at ``low`` and a line with an end at ``high``; its words stand after it. ValueError."""
    rows = checked(rows, series, len(LOOKS))
    steps = ticks(top_of(rows), most=6)
    words = max(
        (width_of(words_of(amount), SMALL) for row in rows for amount in row.amounts), default=0.0
    )
    left = 7.0
    unit = (width - left - words - 14) / steps[-1]
    shapes, y = legend(series, width)
    begins = y
    drawn: list[Shape] = []
    for row in rows:
        named, y = label(row.label, 0, y, width)
        drawn += named
        y += 2
        for look, amount in zip(LOOKS, row.amounts, strict=False):
            drawn += _span(look, amount, y + _LINE / 2, left, unit)
            y += _LINE
        y += _BETWEEN
    for step in steps:
        x = left + step * unit
        shapes.append(Strokes(((x, begins, x, y - 2),), GRID, 1.0))
        shapes.append(Words(x, y + _AXIS, str(step), _AXIS, anchor="middle"))
    return Picture(key, title, description, width, y + _AXIS + 5, (*shapes, *drawn))


def _span(look: Look, amount: Amount | None, y: float, left: float, unit: float) -> list[Shape]:
    if amount is None:
        return [Words(left, y + SMALL * 0.35, words_of(None), SMALL)]
    middle, end = left + amount.low * unit, left + amount.most * unit
    return [
        Strokes(((middle, y, end, y), (end, y - 4, end, y + 4)), look.ink, 2.0),
        look.mark(middle, y),
        Words(max(end, middle + 5) + 7, y + SMALL * 0.35, words_of(amount), SMALL),
    ]
