"""A finished drawing, and how it becomes SVG or PNG. Nothing here knows what is drawn."""

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from django.utils.html import format_html

from reports.charts.looks import INK, PAPER
from reports.charts.shapes import Box, Dots, Polygon, Segment, Shape, Strokes

FONTS = Path(__file__).resolve().parent.parent.parent / "static" / "fonts"
_FAMILY = "Golos Text, Golos, Segoe UI, Noto Sans, Helvetica, Arial, sans-serif"
_KEY = re.compile(r"[a-z][a-z0-9-]*")
# XML knows no control characters.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Picture:
    """A drawing with its words. Raises ValueError when ``key`` is no plain word."""

    key: str
    title: str
    description: str
    width: float
    height: float
    shapes: tuple[Shape, ...]

    def __post_init__(self) -> None:
        if not _KEY.fullmatch(self.key):
            raise ValueError("The key of a picture is a plain word.")

    @property
    def alt(self) -> str:
        """Its words where only one text has a place."""
        return f"{self.title}. {self.description}" if self.description else self.title

    @property
    def svg(self) -> str:
        """The inline SVG: texts escaped, everything said by attributes of drawing, no style and no script."""
        ids = [f"chart-{self.key}-title", *([f"chart-{self.key}-desc"] if self.description else [])]
        root = ET.Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "class": "chart",
                "role": "img",
                "aria-labelledby": " ".join(ids),
                "viewBox": f"0 0 {_plain(self.width)} {_plain(self.height)}",
                "width": _plain(self.width),
                "height": _plain(self.height),
                "font-family": _FAMILY,
            },
        )
        for tag, ident, words in zip(
            ("title", "desc"), ids, (self.title, self.description), strict=False
        ):
            ET.SubElement(root, tag, {"id": ident}).text = _CONTROL.sub(" ", words)
        for shape in self.shapes:
            _add(root, shape)
        return ET.tostring(root, encoding="unicode")

    def __html__(self) -> str:
        return self.svg

    def __str__(self) -> str:
        # A template asks for the text before it asks whether it is safe.
        return format_html("{}", self)

    def png(self, *, scale: float = 3.0) -> bytes:
        """The same as a PNG, each drawing unit ``scale`` pixels."""
        from PIL import Image, ImageDraw

        size = (round(self.width * scale), round(self.height * scale))
        image = Image.new("RGB", size, PAPER)
        painter = _Painter(ImageDraw.Draw(image), scale)
        for shape in self.shapes:
            painter.paint(shape)
        file = io.BytesIO()
        # As many colours as a drawing of few has: the file is small.
        image.quantize(64).save(file, "PNG", optimize=True)
        return file.getvalue()


def _plain(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _path(segments: Iterable[Segment]) -> str:
    return "".join(
        f"M{_plain(x1)} {_plain(y1)}L{_plain(x2)} {_plain(y2)}" for x1, y1, x2, y2 in segments
    )


def _add(root: ET.Element, shape: Shape) -> None:
    if isinstance(shape, Box):
        given = {"x": shape.x, "y": shape.y, "width": shape.width, "height": shape.height}
        ET.SubElement(
            root, "rect", {name: _plain(one) for name, one in given.items()} | {"fill": shape.fill}
        )
    elif isinstance(shape, Strokes):
        if shape.segments:
            ET.SubElement(
                root,
                "path",
                {
                    "d": _path(shape.segments),
                    "stroke": shape.colour,
                    "stroke-width": _plain(shape.thickness),
                    "fill": "none",
                },
            )
    elif isinstance(shape, Dots):
        for x, y in shape.centres:
            given = {"cx": x, "cy": y, "r": shape.radius}
            ET.SubElement(
                root,
                "circle",
                {name: _plain(one) for name, one in given.items()} | {"fill": shape.colour},
            )
    elif isinstance(shape, Polygon):
        ET.SubElement(
            root,
            "polygon",
            {
                "points": " ".join(f"{_plain(x)},{_plain(y)}" for x, y in shape.points),
                "fill": shape.fill,
                "stroke": shape.colour,
                "stroke-width": "1.3",
            },
        )
    else:
        words = ET.SubElement(
            root,
            "text",
            {
                "x": _plain(shape.x),
                "y": _plain(shape.y),
                "font-size": _plain(shape.size),
                "fill": INK,
                "text-anchor": shape.anchor,
                **({"font-weight": "bold"} if shape.is_bold else {}),
            },
        )
        words.text = _CONTROL.sub(" ", shape.text)


class _Painter:
    """Paints shapes with Pillow, in the letters of our papers."""

    def __init__(self, draw: Any, scale: float) -> None:
        self._draw, self._scale = draw, scale
        self._fonts: dict[tuple[float, bool], Any] = {}

    def _font(self, size: float, is_bold: bool) -> Any:
        from PIL import ImageFont

        found = self._fonts.get((size, is_bold))
        if found is None:
            name = f"GolosText-{'Bold' if is_bold else 'Regular'}.ttf"
            found = ImageFont.truetype(FONTS / name, size * self._scale)
            self._fonts[size, is_bold] = found
        return found

    def paint(self, shape: Shape) -> None:
        by, draw = self._scale, self._draw
        if isinstance(shape, Box):
            right, below = shape.x + shape.width, shape.y + shape.height
            draw.rectangle((shape.x * by, shape.y * by, right * by, below * by), fill=shape.fill)
        elif isinstance(shape, Strokes):
            width = max(1, round(shape.thickness * by))
            for segment in shape.segments:
                draw.line([place * by for place in segment], fill=shape.colour, width=width)
        elif isinstance(shape, Dots):
            for x, y in shape.centres:
                draw.circle((x * by, y * by), shape.radius * by, fill=shape.colour)
        elif isinstance(shape, Polygon):
            points = [(x * by, y * by) for x, y in shape.points]
            draw.polygon(points, fill=shape.fill, outline=shape.colour, width=max(1, round(by)))
        else:
            draw.text(
                (shape.x * by, shape.y * by),
                _CONTROL.sub(" ", shape.text),
                fill=INK,
                font=self._font(shape.size, shape.is_bold),
                anchor={"start": "ls", "middle": "ms", "end": "rs"}[shape.anchor],
            )
