"""Lines of type: where they break, what they keep, and which letters are ours."""

import itertools

import pytest

from reports.press import glyphs
from reports.press.breaking import breaks
from reports.press.glyphs import BOLD, REGULAR, Face
from reports.press.setting import Setter, paragraphs
from reports.rendering import LibrariesMissing

pytestmark = pytest.mark.once("sqlite")

OURS = "ӘәҒғҚқҢңӨөҰұҮүҺһІіЁё№«»—–…₸" + "".join(map(chr, range(0x410, 0x450)))


@pytest.fixture(scope="module")
def face() -> Face:
    return Face(REGULAR)


def said(face: Face, shown: str) -> str:
    """The text of what is shown, glyph by glyph."""
    parts = shown.removeprefix("[<").removesuffix(">]TJ").split(">")
    digits = "".join(part.rpartition("<")[2] for part in parts)
    return "".join(
        chr(face.letters[int(digits[at : at + 4], 16)]) for at in range(0, len(digits), 4)
    )


def lines(face: Face, text: str, width: float) -> list[str]:
    return [said(face, line.shown) for line in Setter(face, 9).lines(text, width)]


@pytest.mark.parametrize("path", [REGULAR, BOLD], ids=["regular", "bold"])
def test_every_letter_of_the_three_languages_is_in_the_font(path) -> None:
    face = Face(path)
    assert [letter for letter in OURS if face.word(letter) is None] == []


@pytest.mark.parametrize(
    ("chunk", "parts"),
    [
        ("сөз", ["сөз"]),
        ("кызыл-тазыл", ["кызыл-", "тазыл"]),
        ("-да", ["-да"]),
        ("8-900-12", ["8-900-12"]),
        ("он/беш", ["он/", "беш"]),
        ("1/2", ["1/2"]),
        ("«сөз»,", ["«сөз»,"]),
        ("(сөз).", ["(сөз)."]),
        ("12.03.2026", ["12.03.2026"]),
        ("№5", ["№5"]),
        ("50%", ["50%"]),
        ("сөз—сөз", ["сөз", "—", "сөз"]),
        ("2025–2026", ["2025–", "2026"]),
        ("№\u00a05-б", ["№\u00a05-", "б"]),
        ("Да!Нет", ["Да!", "Нет"]),
        ("1,5", ["1,5"]),
    ],
)
def test_where_a_line_may_end_between_two_spaces(chunk: str, parts: list[str]) -> None:
    assert [chunk[a:b] for a, b in itertools.pairwise([0, *breaks(chunk), len(chunk)])] == parts


def test_no_line_is_wider_than_its_column_and_no_letter_is_lost(face: Face) -> None:
    text = "Сүйлөшүү-8-класс https://bala.kz/a-b?c=1,5%/2 «тырнақша»! " + "ы" * 90
    for width in range(12, 200, 7):
        found = Setter(face, 9).lines(text, width)
        assert all(line.width <= width + 0.001 for line in found), width
        joined = "".join(said(face, line.shown) for line in found)
        assert joined.replace(" ", "") == text.replace(" ", "")


def test_a_line_takes_as_many_words_as_fit(face: Face) -> None:
    found = Setter(face, 9).lines("бір екі үш төрт бес алты жеті", 60)
    for line, after in itertools.pairwise(found):
        word = said(face, after.shown).split()[0]
        assert line.width + (face.width(" ") + face.width(word)) * 9 / 1000 > 60


def test_a_space_at_a_lines_end_keeps_words_apart_for_who_listens(face: Face) -> None:
    assert lines(face, "бірінші екінші", 45) == ["бірінші ", "екінші"]
    assert lines(face, "кызыл-тазыл", 38) == ["кызыл-", "тазыл"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("бір\nекі", [["бір"], ["екі"]]),
        ("бір\r\n\r\nекі\u2028үш", [["бір"], [], ["екі"], ["үш"]]),
        ("  бір \t екі  ", [["бір", "екі"]]),
        ("бі\u00adрін\u200bші\x00", [["бірінші"]]),
        ("№\u00a05 «а\u202fб»", [["№\u00a05", "«а\u202fб»"]]),
        ("", [[]]),
    ],
)
def test_white_space_as_it_was_written(text: str, expected: list[list[str]]) -> None:
    assert paragraphs(text) == expected


def test_what_was_written_is_printed_letter_by_letter(face: Face) -> None:
    # The font would make arrows of these.
    assert lines(face, "-> <- fi и\u0306", 200) == ["-> <- fi й"]


@pytest.mark.parametrize("text", ["😀", "中", "שלום", "ә\u0301"])
def test_letters_that_are_not_ours_are_told_apart(face: Face, text: str) -> None:
    assert Setter(face, 9).lines(f"сөз {text}", 100) is None


def test_without_harfbuzz_it_says_so(monkeypatch) -> None:
    def missing(_name: str) -> None:
        raise OSError

    monkeypatch.setattr(glyphs.ctypes, "CDLL", missing)
    glyphs._harfbuzz.cache_clear()
    try:
        with pytest.raises(LibrariesMissing):
            Face(REGULAR)
    finally:
        glyphs._harfbuzz.cache_clear()
