"""How series are told apart: by lightness, by texture and by the shape of their marks; the colour is one more help.

Textures are lines and dots that are really drawn, not patterns: every program draws them, at every size, and no id of
one drawing meets that of another.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from reports.charts.shapes import Box, Dots, Point, Polygon, Segment, Shape, Strokes, outline

INK, QUIET, GRID, PAPER = "#1d2b2f", "#4f6064", "#d7d9d1", "#ffffff"
STEP = 5.0  # between the lines of a texture

Texture = Callable[[float, float, float, float], Iterator[Segment]]


def _multiples(first: float, last: float, step: float) -> Iterator[float]:
    """Multiples of the step strictly between: textures of neighbours run on into each other."""
    place = math.floor(first / step) + 1
    while place * step < last:
        yield place * step
        place += 1


def _rising(x: float, y: float, width: float, height: float) -> Iterator[Segment]:
    for total in _multiples(x + y, x + width + y + height, STEP):
        left, right = max(x, total - y - height), min(x + width, total - y)
        yield left, total - left, right, total - right


def _falling(x: float, y: float, width: float, height: float) -> Iterator[Segment]:
    for lead in _multiples(x - y - height, x + width - y, STEP):
        left, right = max(x, lead + y), min(x + width, lead + y + height)
        yield left, left - lead, right, right - lead


def _crossed(x: float, y: float, width: float, height: float) -> Iterator[Segment]:
    yield from _rising(x, y, width, height)
    yield from _falling(x, y, width, height)


def _upright(x: float, y: float, width: float, height: float) -> Iterator[Segment]:
    for place in _multiples(x, x + width, STEP * 0.8):
        yield place, y, place, y + height


def _level(x: float, y: float, width: float, height: float) -> Iterator[Segment]:
    for place in _multiples(y, y + height, STEP * 0.8):
        yield x, place, x + width, place


def _dots(x: float, y: float, width: float, height: float) -> tuple[Point, ...]:
    return tuple(
        (across, down)
        for row, down in enumerate(_multiples(y + 1, y + height - 1, STEP * 0.9))
        for across in _multiples(x + 1 + (row % 2) * STEP / 2, x + width - 1, STEP)
    )


@dataclass(frozen=True)
class Look:
    """One series: the ground, the ink of its texture and edge, the texture, and the corners of its marks."""

    fill: str
    ink: str
    texture: Texture | None = None
    is_dotted: bool = False
    corners: int = 0
    turned: float = 0.0

    def filled(self, x: float, y: float, width: float, height: float) -> Iterator[Shape]:
        """A rectangle that looks so."""
        yield Box(x, y, width, height, self.fill)
        if self.texture is not None:
            yield Strokes(tuple(self.texture(x, y, width, height)), self.ink, 1.1)
        if self.is_dotted:
            yield Dots(_dots(x, y, width, height), 1.0, self.ink)
        yield outline(x, y, width, height, self.ink)

    def mark(self, x: float, y: float, radius: float = 5.0) -> Shape:
        """A mark that looks so: round, or with corners."""
        count = self.corners or 20
        return Polygon(
            tuple(
                (
                    x + radius * math.sin(math.tau * (place + self.turned) / count),
                    y - radius * math.cos(math.tau * (place + self.turned) / count),
                )
                for place in range(count)
            ),
            self.fill,
            self.ink,
        )


# In grey they go from black to white by steps that a printer keeps; no two have the same texture.
LOOKS = (
    Look("#14505a", "#0d3a42"),
    Look("#b9d6d8", "#14505a", _rising, corners=4),
    Look("#f6e3b8", "#7a4d00", is_dotted=True, corners=3),
    Look("#e0968c", "#7c1513", _crossed, corners=4, turned=0.5),
    Look("#ffffff", "#37474b", _level, corners=3, turned=1.5),
    Look("#c9d2ea", "#2b3a6b", _upright, corners=5),
)
