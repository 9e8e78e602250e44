"""Texts broken into lines of a given width."""

import re
import unicodedata
from typing import NamedTuple

from reports.press.breaking import breaks
from reports.press.glyphs import EM, Face

_LINE_ENDS = re.compile("\r\n|[\r\u0085\u2028\u2029]")
# Spaces at which a line may end; the ones that keep words together are no part of them.
_SPACES = re.compile("[ \t\x0b\x0c\u1680\u2000-\u2006\u2008-\u200a\u205f\u3000]+")
# What has no width and no ink. A soft hyphen is none of ours either: no word is ever divided.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f\u0080-\u0084\u0086-\u009f\u00ad\u200b\u2060\ufeff]"
)


class Line(NamedTuple):
    """A line: its width in points, and what shows it (``[<…>]TJ``)."""

    width: float
    shown: str


def paragraphs(text: str) -> list[list[str]]:
    """The words of each line as written: an end of a line stays, other white space is one space."""
    if text.isprintable():  # the only white space then is the common one
        return [text.split()]
    text = _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text))
    return [[word for word in _SPACES.split(line) if word] for line in text.split("\n")]


class Setter:
    """Breaks texts into lines of one cut and one size of type (points).

    ``gap``: so much more room between words than a space has, in 1/1000 of the size.
    """

    def __init__(self, face: Face, size: float, *, gap: int = 0) -> None:
        self.size = size
        self._face = face
        self._space_width = face.space_width + gap
        self._space = f"{face.space}>{-gap}<" if gap else face.space

    def baseline(self, leading: float) -> float:
        """From the top of a line of this leading (points) down to its baseline."""
        ascent, descent = self._face.heights
        return (leading - (ascent - descent) * self.size / EM) / 2 + ascent * self.size / EM

    def lines(self, text: str, width: float, *, whole_words: bool = False) -> list[Line] | None:
        """The text in lines of this width (points), at least one; None when the font lacks a letter of it.

        A word longer than a line is broken anywhere, but for ``whole_words``: then it sticks out.
        """
        room = width * EM / self.size
        if whole_words:
            room = float("inf")
        lines: list[Line] = []
        for words in paragraphs(text):
            setting = _Paragraph(self, room)
            for word in words:
                if not setting.take(word):
                    return None
            lines += setting.end()
        return lines

    def line(self, bodies: list[str], units: float, *, goes_on: bool) -> Line:
        """Words in a row. A space at the end of a line that goes on keeps words apart for who reads by ear."""
        shown = self._space.join(bodies)
        if goes_on:
            shown += self._face.space
        return Line(units * self.size / EM, f"[<{shown}>]TJ" if shown else "")


class _Paragraph:
    """Lines as they fill up with words."""

    def __init__(self, setter: Setter, room: float) -> None:
        self._setter, self._face, self._room = setter, setter._face, room
        self._lines: list[Line] = []
        self._bodies: list[str] = []
        self._units = 0.0

    def take(self, text: str) -> bool:
        """Put the next word in, on as many lines as it needs. False when the font lacks a letter of it."""
        word = self._face.word(text)
        if word is None:
            return False
        # The usual case first, and without a call: a word that fits.
        taken = self._units + self._setter._space_width if self._bodies else 0
        if taken + word.width <= self._room:
            self._bodies.append(word.body)
            self._units = taken + word.width
            return True
        return self._divide(text)

    def _divide(self, text: str) -> bool:
        while text:
            taken = self._units + self._setter._space_width if self._bodies else 0
            room = self._room - taken
            if self._face.width(text) <= room:
                part = len(text)
            else:
                part = max(
                    (at for at in breaks(text) if self._face.width(text[:at]) <= room), default=0
                )
                if not part and self._bodies:
                    self._close(goes_on=True)
                    continue
                part = part or self._as_many_letters(text, room)
            word = self._face.word(text[:part])
            if word is None:
                return False
            self._bodies.append(word.body)
            self._units = taken + word.width
            text = text[part:]
            if text:
                self._close(goes_on=False)
        return True

    def _as_many_letters(self, text: str, room: float) -> int:
        """How many letters of the text fit; at least one. Widths grow with the text, so halving finds it."""
        least, most = 1, len(text)
        while least < most:
            middle = (least + most + 1) // 2
            if self._face.width(text[:middle]) <= room:
                least = middle
            else:
                most = middle - 1
        while least > 1 and least < len(text) and unicodedata.combining(text[least]):
            least -= 1
        return least

    def _close(self, *, goes_on: bool) -> None:
        self._lines.append(self._setter.line(self._bodies, self._units, goes_on=goes_on))
        self._bodies, self._units = [], 0.0

    def end(self) -> list[Line]:
        if self._bodies or not self._lines:
            self._close(goes_on=False)
        return self._lines
