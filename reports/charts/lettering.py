"""Texts in a drawing: how wide they are about, and how they are broken into lines. Pure.

The letters are those of whoever looks at the page, so nobody knows their width; it is taken for rather more than it is.
"""

from collections.abc import Iterator, Sequence

from reports.charts.looks import LOOKS
from reports.charts.shapes import Shape, Words

SIZE, SMALL = 14.0, 12.5
LEADING = 1.25

_NARROW = frozenset("ijltfr.,:;!'’|()[] -–·іїјл/")
# Apart with spaces: they are letters, and no words.
_WIDE = frozenset("m w M W @ % ш щ ж ю м ф ы Ш Щ Ж Ю М Ф Ы Ө Ң Қ Ғ ә ө ң қ ғ —") - {" "}


def width_of(text: str, size: float) -> float:
    """About how wide a line is."""
    ems = 0.0
    for letter in text:
        if letter in _NARROW:
            ems += 0.38
        elif letter in _WIDE:
            ems += 0.9
        elif letter.isupper():
            ems += 0.74
        else:
            ems += 0.645
    return ems * size


def broken(text: str, size: float, room: float, *, most: int = 3) -> list[str]:
    """The text in lines no wider than ``room``; what is too long for ``most`` lines ends in «…»."""
    lines: list[str] = []
    for word in text.split():
        rest = word
        if lines and width_of(f"{lines[-1]} {rest}", size) <= room:
            lines[-1] = f"{lines[-1]} {rest}"
            continue
        while width_of(rest, size) > room and len(rest) > 1:
            fits = next(
                place
                for place in range(len(rest) - 1, 0, -1)
                if place == 1 or width_of(rest[:place], size) <= room
            )
            lines.append(rest[:fits])
            rest = rest[fits:]
        lines.append(rest)
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and width_of(f"{last}…", size) > room:
        last = last[:-1]
    return [*lines[: most - 1], f"{last.rstrip()}…"]


def label(
    text: str, x: float, y: float, room: float, *, size: float = SIZE, is_bold: bool = False
) -> tuple[list[Shape], float]:
    """A text from ``y`` (its top) on, and where it ends."""
    shapes: list[Shape] = []
    for line in broken(text, size, room):
        shapes.append(Words(x, y + size * 0.95, line, size, is_bold=is_bold))
        y += size * LEADING
    return shapes, y


def legend(names: Sequence[str], width: float) -> tuple[list[Shape], float]:
    """What the looks mean, from the top of the drawing on, and where it ends; nothing for a nameless series."""
    shapes: list[Shape] = []
    x, y, swatch = 0.5, 1.0, 18.0
    for line in _legend_lines(names, width, swatch):
        for place, name in line:
            shapes += LOOKS[place].filled(x, y + 1, swatch, 12)
            shapes.append(Words(x + swatch + 6, y + 12, name, SMALL))
            x += swatch + 6 + width_of(name, SMALL) + 14
        x, y = 0.5, y + SMALL * 1.5
    return shapes, y + 7 if shapes else 1.0


def _legend_lines(
    names: Sequence[str], width: float, swatch: float
) -> Iterator[list[tuple[int, str]]]:
    line: list[tuple[int, str]] = []
    taken = 0.0
    for place, name in enumerate(names):
        if not name.strip():
            continue
        shown = broken(name, SMALL, width - swatch - 6, most=1)[0]
        wide = swatch + 6 + width_of(shown, SMALL) + 14
        if line and taken + wide - 14 > width:
            yield line
            line, taken = [], 0.0
        line.append((place, shown))
        taken += wide
    if line:
        yield line
