"""Of what a drawing is made: five kinds of shapes in drawing units, x to the right and y downwards. Pure."""

from dataclasses import dataclass
from typing import Literal

Segment = tuple[float, float, float, float]
Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float
    fill: str


@dataclass(frozen=True)
class Strokes:
    """Straight lines of one colour."""

    segments: tuple[Segment, ...]
    colour: str
    thickness: float = 1.0


@dataclass(frozen=True)
class Dots:
    """Small filled circles of one colour."""

    centres: tuple[Point, ...]
    radius: float
    colour: str


@dataclass(frozen=True)
class Polygon:
    """A filled polygon with an edge."""

    points: tuple[Point, ...]
    fill: str
    colour: str


@dataclass(frozen=True)
class Words:
    """One line of text. ``y`` is the line on which the letters stand."""

    x: float
    y: float
    text: str
    size: float
    anchor: Literal["start", "middle", "end"] = "start"
    is_bold: bool = False


Shape = Box | Strokes | Dots | Polygon | Words


def outline(x: float, y: float, width: float, height: float, colour: str) -> Strokes:
    """The four edges of a rectangle."""
    right, below = x + width, y + height
    return Strokes(
        (
            (x, y, right, y),
            (right, y, right, below),
            (right, below, x, below),
            (x, below, x, y),
        ),
        colour,
    )


def dashed(strokes: Strokes, dash: float = 3.0, gap: float = 2.5) -> Strokes:
    """The same lines in pieces: not every program that draws knows dashes."""
    pieces: list[Segment] = []
    for x1, y1, x2, y2 in strokes.segments:
        length = max(abs(x2 - x1), abs(y2 - y1))
        begins = 0.0
        while begins < length:
            first, last = begins / length, min(begins + dash, length) / length
            pieces.append(
                (
                    x1 + (x2 - x1) * first,
                    y1 + (y2 - y1) * first,
                    x1 + (x2 - x1) * last,
                    y1 + (y2 - y1) * last,
                )
            )
            begins += dash + gap
    return Strokes(tuple(pieces), strokes.colour, strokes.thickness)
