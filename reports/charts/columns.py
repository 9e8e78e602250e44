"""Side by side along time. Pure."""

from collections.abc import Iterable, Sequence

from reports.charts.amounts import Amount, Row, checked, ticks, top_of, words_of
from reports.charts.lettering import SMALL, broken, legend, width_of
from reports.charts.looks import GRID, LOOKS, QUIET, Look
from reports.charts.picture import Picture
from reports.charts.shapes import Shape, Strokes, Words, dashed, outline

_TALL, _SIZE, _WIDEST = 150.0, 11.0, 34.0
MOST_ROWS = 24


def columns(
    *,
    key: str,
    title: str,
    description: str,
    series: Sequence[str],
    rows: Iterable[Row],
    width: float = 440.0,
) -> Picture:
    """A column for each amount over the label of its row; numbers stand over them where there is room. ValueError."""
    rows = checked(rows, series, len(LOOKS))
    if not 1 <= len(rows) <= MOST_ROWS:
        raise ValueError(f"From one to {MOST_ROWS} rows stand side by side.")
    steps = ticks(top_of(rows))
    shapes, above = legend(series, width)
    above += _SIZE + 4
    left = width_of(str(steps[-1]), _SIZE) + 8
    ground, unit = above + _TALL, _TALL / steps[-1]
    for step in steps:
        y = ground - step * unit
        shapes.append(Strokes(((left, y, width, y),), QUIET if step == 0 else GRID, 1.0))
        shapes.append(Words(left - 5, y + _SIZE * 0.35, str(step), _SIZE, anchor="end"))
    slot = (width - left) / len(rows)
    thick = min(_WIDEST, slot * 0.8 / len(series))
    below = ground
    for place, row in enumerate(rows):
        middle = left + slot * (place + 0.5)
        room = slot if len(series) == 1 else thick
        x = middle - thick * len(series) / 2
        for look, amount in zip(LOOKS, row.amounts, strict=False):
            shapes += _column(look, amount, x=x, ground=ground, thick=thick, unit=unit, room=room)
            x += thick
        y = ground + 4
        for line in broken(row.label, _SIZE, slot):
            y += _SIZE * 1.2
            shapes.append(Words(middle, y, line, _SIZE, anchor="middle"))
        below = max(below, y)
    return Picture(key, title, description, width, below + 6, tuple(shapes))


def _column(
    look: Look,
    amount: Amount | None,
    *,
    x: float,
    ground: float,
    thick: float,
    unit: float,
    room: float,
) -> list[Shape]:
    shapes: list[Shape] = []
    ends = ground
    if amount is not None:
        solid, ends = ground - amount.low * unit, ground - amount.most * unit
        if not amount.is_exact:
            shapes.append(dashed(outline(x + 1, ends, thick - 2, solid - ends, look.ink)))
        if amount.low:
            shapes += look.filled(x + 1, solid, thick - 2, ground - solid)
    said = words_of(amount) if amount is None or amount.most else ""
    if said and width_of(said, SMALL - 1.5) <= room * 0.92:
        shapes.append(Words(x + thick / 2, ends - 4, said, SMALL - 1.5, anchor="middle"))
    return shapes
