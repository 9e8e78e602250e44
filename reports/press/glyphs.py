"""Words as glyphs of our own font, shaped by HarfBuzz, which the printing libraries bring along."""

import ctypes
import ctypes.util
import struct
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from reports.render_worker import ALLOWED
from reports.rendering import LibrariesMissing

REGULAR, BOLD = ALLOWED["font:regular"], ALLOWED["font:bold"]
EM = 1000  # units in which widths are given
KEPT_WORDS = 50_000
# Arrows for «->» and the like are left out: what is printed is what was written, letter by letter.
_FEATURES = (b"-calt", b"-liga", b"-clig")
_LIBRARY = ("libharfbuzz.so.0", "libharfbuzz.0.dylib", "libharfbuzz-0.dll")
_GLYPH = 5  # numbers that HarfBuzz gives of each glyph


class Word(NamedTuple):
    """Its width in 1/1000 of the type size, and its glyphs as the inside of a PDF's ``[<…>] TJ``."""

    width: int
    body: str


class _Feature(ctypes.Structure):
    _fields_ = (
        ("tag", ctypes.c_uint32),
        ("value", ctypes.c_uint32),
        ("start", ctypes.c_uint),
        ("end", ctypes.c_uint),
    )


@cache
def _harfbuzz() -> Any:
    """The library with the types of what is called. Raises LibrariesMissing."""
    for name in (*_LIBRARY, ctypes.util.find_library("harfbuzz")):
        try:
            library = ctypes.CDLL(name) if name else None
        except OSError:
            continue
        if library is not None:
            break
    else:
        raise LibrariesMissing
    pointer, number, whole = ctypes.c_void_p, ctypes.c_uint, ctypes.c_int
    count = ctypes.POINTER(number)
    for name, result, given in (
        ("hb_blob_create", pointer, (ctypes.c_char_p, number, whole, pointer, pointer)),
        ("hb_face_create", pointer, (pointer, number)),
        ("hb_face_collect_unicodes", None, (pointer, pointer)),
        ("hb_set_create", pointer, ()),
        ("hb_set_next", whole, (pointer, count)),
        ("hb_set_destroy", None, (pointer,)),
        ("hb_font_create", pointer, (pointer,)),
        ("hb_font_get_nominal_glyph", whole, (pointer, number, count)),
        ("hb_font_get_glyph_h_advance", whole, (pointer, number)),
        ("hb_font_destroy", None, (pointer,)),
        ("hb_face_destroy", None, (pointer,)),
        ("hb_blob_destroy", None, (pointer,)),
        ("hb_buffer_create", pointer, ()),
        ("hb_buffer_destroy", None, (pointer,)),
        ("hb_buffer_clear_contents", None, (pointer,)),
        ("hb_buffer_add_utf8", None, (pointer, ctypes.c_char_p, whole, number, whole)),
        ("hb_buffer_guess_segment_properties", None, (pointer,)),
        ("hb_feature_from_string", whole, (ctypes.c_char_p, whole, ctypes.POINTER(_Feature))),
        ("hb_shape", None, (pointer, pointer, ctypes.POINTER(_Feature), number)),
        ("hb_buffer_get_glyph_infos", pointer, (pointer, count)),
        ("hb_buffer_get_glyph_positions", pointer, (pointer, count)),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = result, given
    return library


class Face:
    """One cut of the font (``REGULAR``, ``BOLD``). Not for two threads at once: each printing has its own."""

    def __init__(self, path: Path) -> None:
        self._hb = _harfbuzz()
        self._data = _font_file(path)
        self._blob = self._hb.hb_blob_create(self._data, len(self._data), 1, None, None)
        self._face = self._hb.hb_face_create(self._blob, 0)
        self._font = self._hb.hb_font_create(self._face)
        self._buffer = self._hb.hb_buffer_create()
        self._features = (_Feature * len(_FEATURES))()
        for place, text in enumerate(_FEATURES):
            self._hb.hb_feature_from_string(text, -1, ctypes.byref(self._features[place]))
        self._words: dict[str, Word | None] = {}
        self.letters, self.advances = _glyphs_of(path, self)
        space = self.word(" ")
        self.space_width, self.space = space.width, space.body

    def __del__(self) -> None:
        for name in ("buffer", "font", "face", "blob"):
            if (held := getattr(self, f"_{name}", None)) is not None:
                getattr(self._hb, f"hb_{name}_destroy")(held)

    def word(self, text: str) -> Word | None:
        """The text as glyphs in a row; None when this font does not have all it needs."""
        try:
            return self._words[text]
        except KeyError:
            if len(self._words) >= KEPT_WORDS:
                self._words.clear()
            self._words[text] = found = self._shaped(text)
            return found

    def width(self, text: str) -> float:
        """Its width in 1/1000 of the type size; without end when this font does not have it."""
        word = self.word(text)
        return word.width if word else float("inf")

    def _shaped(self, text: str) -> Word | None:
        hb, buffer, data = self._hb, self._buffer, text.encode()
        hb.hb_buffer_clear_contents(buffer)
        hb.hb_buffer_add_utf8(buffer, data, len(data), 0, len(data))
        hb.hb_buffer_guess_segment_properties(buffer)
        hb.hb_shape(self._font, buffer, self._features, len(self._features))
        count = ctypes.c_uint()
        infos = hb.hb_buffer_get_glyph_infos(buffer, ctypes.byref(count))
        positions = hb.hb_buffer_get_glyph_positions(buffer, ctypes.byref(count))
        length = count.value
        size = length * _GLYPH * 4
        glyphs = struct.unpack(f"={_GLYPH * length}I", ctypes.string_at(infos, size))[::_GLYPH]
        moves = struct.unpack(f"={_GLYPH * length}i", ctypes.string_at(positions, size))
        if any(moves[2::_GLYPH]) or any(moves[3::_GLYPH]):
            return None  # a mark put on a letter: not in a row
        width, parts = 0, []
        for glyph, advance in zip(glyphs, moves[::_GLYPH], strict=True):
            if glyph not in self.letters:
                return None
            width += advance
            closer = self.advances[glyph] - advance
            parts.append(f"{glyph:04X}>{closer}<" if closer else f"{glyph:04X}")
        return Word(width, "".join(parts))

    def find_letters(self) -> dict[int, int]:
        """Glyph → the character it stands for."""
        found: dict[int, int] = {}
        characters, glyph = self._hb.hb_set_create(), ctypes.c_uint()
        self._hb.hb_face_collect_unicodes(self._face, characters)
        character = ctypes.c_uint(0xFFFFFFFF)
        while self._hb.hb_set_next(characters, ctypes.byref(character)):
            if self._hb.hb_font_get_nominal_glyph(self._font, character.value, ctypes.byref(glyph)):
                found.setdefault(glyph.value, character.value)
        self._hb.hb_set_destroy(characters)
        return found

    def find_advances(self) -> list[int]:
        """Width of each glyph in 1/1000 of the type size."""
        advance = self._hb.hb_font_get_glyph_h_advance
        return [advance(self._font, glyph) for glyph in range(_table(self._data, b"maxp")[2])]

    @property
    def box(self) -> tuple[int, ...]:
        """Left, bottom, right and top of all glyphs together."""
        return tuple(_table(self._data, b"head")[18:22])

    @property
    def heights(self) -> tuple[int, int]:
        """How far lines reach above and (negative) below the baseline."""
        ascent, descent = _table(self._data, b"hhea")[2:4]
        return ascent, descent

    @property
    def file(self) -> bytes:
        """The font itself."""
        return self._data


_GLYPHS: dict[Path, tuple[dict[int, int], list[int]]] = {}


def _glyphs_of(path: Path, face: Face) -> tuple[dict[int, int], list[int]]:
    """Letters and widths of the font's glyphs, found once."""
    if path not in _GLYPHS:
        _GLYPHS[path] = face.find_letters(), face.find_advances()
    return _GLYPHS[path]


@cache
def _font_file(path: Path) -> bytes:
    return path.read_bytes()


def _table(font: bytes, name: bytes) -> tuple[int, ...]:
    """A table of a TrueType font as signed 16-bit numbers."""
    for place in range(struct.unpack(">H", font[4:6])[0]):
        entry = font[12 + 16 * place : 28 + 16 * place]
        if entry[:4] == name:
            start, length = struct.unpack(">II", entry[8:16])
            return struct.unpack(f">{length // 2}h", font[start : start + length // 2 * 2])
    raise LibrariesMissing
