"""A drawing read back: its texts, its ids, and how far its shapes reach."""

from collections.abc import Callable, Iterable
from xml.etree import ElementTree as ET

from reports.charts import Amount, Picture, Row, bars, columns, shares, spans
from reports.charts.lettering import width_of
from reports.charts.shapes import Box, Dots, Polygon, Shape, Strokes, Words

KINDS: dict[str, Callable[..., Picture]] = {
    "bars": bars,
    "columns": columns,
    "shares": shares,
    "spans": spans,
}
SVG = "{http://www.w3.org/2000/svg}"


def drawn(kind: str, rows: Iterable[Row] | None = None, **given: object) -> Picture:
    """A chart of this kind with two series, or with what is given."""
    usual = [
        Row("Bullying", (Amount(7), Amount(5))),
        Row("Rights of the child", (Amount(12), Amount(0))),
    ]
    return KINDS[kind](
        **{
            "key": f"by-{kind}",
            "title": "What the letters were about",
            "description": "Two months beside each other.",
            "series": ["September", "August"],
            "rows": usual if rows is None else list(rows),
            **given,
        }
    )


def read(picture: Picture) -> ET.Element:
    """The SVG as a tree."""
    return ET.fromstring(picture.svg)


def said(picture: Picture) -> list[str]:
    """Every text that is drawn."""
    return [shape.text for shape in picture.shapes if isinstance(shape, Words)]


def _span_of_words(words: Words) -> tuple[float, float]:
    wide = width_of(words.text, words.size)
    left = {"start": 0.0, "middle": wide / 2, "end": wide}[words.anchor]
    return words.x - left, words.x - left + wide


def reach(shape: Shape) -> list[tuple[float, float]]:
    """Points between which a shape lies."""
    if isinstance(shape, Box):
        return [(shape.x, shape.y), (shape.x + shape.width, shape.y + shape.height)]
    if isinstance(shape, Strokes):
        return [point for x1, y1, x2, y2 in shape.segments for point in ((x1, y1), (x2, y2))]
    if isinstance(shape, Dots):
        return list(shape.centres)
    if isinstance(shape, Polygon):
        return list(shape.points)
    left, right = _span_of_words(shape)
    return [(left, shape.y - shape.size), (right, shape.y + 2)]
