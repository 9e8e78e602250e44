"""Lines under each other: for divisions, whose names may be long. Pure."""

from collections.abc import Iterable, Sequence

from reports.charts.amounts import Amount, Row, checked, top_of, words_of
from reports.charts.lettering import SMALL, label, legend, width_of
from reports.charts.looks import LOOKS, QUIET, Look
from reports.charts.picture import Picture
from reports.charts.shapes import Shape, Strokes, Words, dashed, outline

_BAR, _GAP, _BETWEEN = 13.0, 3.0, 11.0


def bars(
    *,
    key: str,
    title: str,
    description: str,
    series: Sequence[str],
    rows: Iterable[Row],
    width: float = 440.0,
) -> Picture:
    """A bar for each amount, its number at its end. A lone series may be nameless (``[""]``). Raises ValueError."""
    rows = checked(rows, series, len(LOOKS))
    top = top_of(rows)
    words = max(
        (width_of(words_of(amount), SMALL) for row in rows for amount in row.amounts), default=0.0
    )
    room = width - words - 10
    shapes, y = legend(series, width)
    for row in rows:
        named, y = label(row.label, 0, y, width)
        shapes += named
        begins = y = y + 2
        for look, amount in zip(LOOKS, row.amounts, strict=False):
            shapes += _bar(look, amount, y, room / top)
            y += _BAR + _GAP
        shapes.append(Strokes(((0.5, begins - 2, 0.5, y - 1),), QUIET, 1.2))
        y += _BETWEEN
    return Picture(key, title, description, width, max(y - _BETWEEN + 3, 1), tuple(shapes))


def _bar(look: Look, amount: Amount | None, y: float, unit: float) -> list[Shape]:
    shapes: list[Shape] = []
    ends = 0.5
    if amount is not None:
        solid = ends + amount.low * unit
        ends = 0.5 + amount.most * unit
        if not amount.is_exact:
            shapes.append(dashed(outline(solid, y, ends - solid, _BAR, look.ink)))
        if amount.low:
            shapes += look.filled(0.5, y, solid - 0.5, _BAR)
    shapes.append(Words(ends + 6, y + _BAR - 2, words_of(amount), SMALL))
    return shapes
