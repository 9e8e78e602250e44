"""Shades of a school’s own colour: white letters on it stay readable, and its darkest shade on its palest."""

from dataclasses import dataclass

from schools.models.school import contrast_with_white

# How much of the colour is left in a darker shade, and in the palest one.
UNDER_THE_POINTER, PRESSED, PALE = 0.82, 0.62, 0.12


@dataclass(frozen=True)
class Shades:
    """Of buttons, as ``#rrggbb``: the colour, under the pointer, pressed (and letters on ``pale``), and palest."""

    own: str
    hover: str
    pressed: str
    pale: str


def shades_of(colour: str) -> Shades:
    """The shades of a colour ``#rrggbb``. A darker one keeps the contrast that the colour itself has with white."""
    parts = tuple(int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return Shades(
        own=_written(parts),
        hover=_written(tuple(part * UNDER_THE_POINTER for part in parts)),
        pressed=_written(tuple(part * PRESSED for part in parts)),
        pale=_written(tuple(255 - (255 - part) * PALE for part in parts)),
    )


def _written(parts: tuple[float, ...]) -> str:
    return "#" + "".join(f"{int(part):02x}" for part in parts)


def contrast(one: str, other: str) -> float:
    """Contrast of two colours ``#rrggbb``, from 1 to 21 (WCAG 2.2)."""
    lighter, darker = sorted((contrast_with_white(one), contrast_with_white(other)))
    return darker / lighter
