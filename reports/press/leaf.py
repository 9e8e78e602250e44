"""A single sheet of lines put where they belong: a cover, a closing page."""

from collections.abc import Iterable
from dataclasses import dataclass

from reports.press.foreign import Foreign
from reports.press.glyphs import BOLD, REGULAR, Face
from reports.press.setting import Setter
from reports.press.sheet import INNER_WIDTH, LEFT, MM, TOP, Sheet, Sheets


@dataclass(frozen=True)
class Block:
    """A text, in millimetres from the left and from the top of the sheet's printed part.

    ``top`` None: below the block before, with ``over`` in between. ``parts`` are shown one beside another, each
    (millimetres from the left, text), as one thing.
    """

    text: str = ""
    tag: str = "P"
    left: float = 0
    width: float = INNER_WIDTH / MM
    top: float | None = None
    over: float = 0
    size: float = 12
    leading: float = 1.3
    bold: bool = False
    middle: bool = False
    gap: int = 0
    parts: tuple[tuple[float, str], ...] = ()


@dataclass(frozen=True)
class Rule:
    """A line to write on, in millimetres."""

    left: float
    top: float
    width: float


def draw_leaf(
    blocks: Iterable[Block],
    *,
    rules: Iterable[Rule] = (),
    foreign: Foreign,
    key: int,
    first: int,
) -> tuple[Sheets, int, float]:
    """The sheet, the next free number, and how far down (millimetres) its last block reaches."""
    faces = {False: Face(REGULAR), True: Face(BOLD)}
    sheet = Sheet(key=key, first=first)
    set_blocks = []
    down = 0.0
    for block in blocks:
        setter = Setter(faces[block.bold], block.size, gap=block.gap)
        leading = block.size * block.leading
        top = block.top if block.top is not None else down + block.over
        pieces = []
        for left, text in block.parts or ((0.0, block.text),):
            width = (block.width - left) * MM
            lines = setter.lines(text, width)
            if lines is None:
                lines = foreign.lines(
                    text,
                    width=width,
                    size=block.size,
                    leading=leading,
                    base=setter.baseline(leading),
                    middle=block.middle,
                    bold=block.bold,
                )
            sheet.bring(lines, {})
            pieces.append((block.left + left, width, lines))
        down = top + max(len(lines) for _left, _width, lines in pieces) * leading / MM
        set_blocks.append((block, setter, leading, top, pieces))
    for block, setter, leading, top, pieces in set_blocks:
        tag = sheet.tag(block.tag)
        sheet.draw(f"/F{2 if block.bold else 1} {block.size} Tf")
        for left, width, lines in pieces:
            sheet.lines(
                tag,
                lines,
                left=LEFT + left * MM,
                base=TOP - top * MM - setter.baseline(leading),
                leading=leading,
                width=width if block.middle else 0,
            )
    drawn = []
    for rule in rules:
        left, y = LEFT + rule.left * MM, TOP - rule.top * MM
        drawn.append(f"{left:.2f} {y:.2f} m {left + rule.width * MM:.2f} {y:.2f} l")
    if drawn:
        sheet.draw(f"/Artifact BMC .5 w {' '.join(drawn)} S EMC")
    return sheet.finish(), sheet.next_object, down
