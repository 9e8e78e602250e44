"""Lines with letters that our font lacks: an emoji, another script. WeasyPrint draws them, each a form to put in."""

from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from itertools import groupby
from types import TracebackType

from reports.rendering import Piece, RenderProcess
from schools.scripts import runs_from_right

# The page that such a line is drawn on is taller than the line, and never takes a second one.
ROOM = 1.5


@dataclass(eq=False)
class ForeignLine:
    """A line drawn elsewhere: ``place`` of its page in the piece, and how far that page reaches below the baseline."""

    piece: Piece
    place: int
    width: float
    below: float
    names: dict[int, str] = field(default_factory=dict)  # sheet → what it is called there


class Foreign:
    """Draws such lines. Its process is started by the first that comes."""

    def __init__(self, language: str, start: Callable[[], RenderProcess] = RenderProcess) -> None:
        self._language = language
        self._start = start
        self._process: RenderProcess | None = None

    def __enter__(self) -> "Foreign":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None:
            self._process.__exit__(kind, error, trace)

    def lines(
        self,
        text: str,
        *,
        width: float,
        size: float,
        leading: float,
        base: float,
        middle: bool,
        bold: bool,
    ) -> list[ForeignLine]:
        """The text in lines of this width; ``base``: from a line's top down to its baseline. All in points."""
        if self._process is None:
            self._process = self._start()
        css = (
            "@font-face { font-family: Golos; src: url(font:regular); font-weight: 400 }"
            "@font-face { font-family: Golos; src: url(font:bold); font-weight: 700 }"
            f"@page {{ size: {width:.3f}pt {leading * ROOM:.3f}pt; margin: 0 }}"
            f"html {{ font: {700 if bold else 400} {size}pt/{leading:.3f}pt Golos, sans-serif }}"
            "body { margin: 0 }"
            "p { margin: 0; white-space: pre-line; overflow-wrap: anywhere; orphans: 1; widows: 1;"
            f" text-align: {'center' if middle else 'left'} }}"
            f".from-right {{ direction: rtl; text-align: {'center' if middle else 'right'} }}"
        )
        html = f'<!DOCTYPE html><html lang="{self._language}"><title>-</title>{_paragraphs(text)}</html>'
        piece = self._process.render(html=html, css=css, kind="pictures")
        below = leading * ROOM - base
        return [ForeignLine(piece, place, width, below) for place in range(len(piece.pages))]


def _paragraphs(text: str) -> str:
    """The text as HTML: a line that runs from the right is a paragraph of its own, with its own direction."""
    made: list[str] = []
    for from_right, lines in groupby(text.split("\n"), runs_from_right):
        if from_right:
            made += [f'<p class="from-right">{escape(line)}</p>' for line in lines]
        else:
            made.append(f"<p>{escape(chr(10).join(lines))}</p>")
    return "".join(made)
