"""A school's key on paper comes back whole, and a slip of the finger is named by its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault.base32 import ALPHABET
from vault.pairs import new_pair, pair_of_private
from vault.recovery import (
    BadRecoveryLine,
    BadRecoverySheet,
    lines_typed,
    pair_from_lines,
    sheet_lines,
    wrong_lines,
)

pytestmark = pytest.mark.once("sqlite")

KNOWN = pair_of_private(bytes(range(32)))
KNOWN_LINES = [
    "000G 40R4 6E",
    "0M30 E209 4A",
    "185G R38E Q9",
    "1W81 24GK EY",
    "2GAH C5RR QV",
    "34D1 P70X QT",
    "3RFY 1PM0 EA",
    "SN3E B3Q4 HM",
]


def test_known_lines() -> None:
    assert sheet_lines(KNOWN) == KNOWN_LINES


@given(st.binary(min_size=32, max_size=32))
def test_a_sheet_gives_its_key_back(private: bytes) -> None:
    pair = pair_of_private(private)
    assert pair_from_lines(sheet_lines(pair)) == pair


@given(st.integers(0, 7), st.integers(0, 9), st.sampled_from(ALPHABET))
def test_a_wrong_letter_names_its_line(line: int, place: int, letter: str) -> None:
    lines = [text.replace(" ", "") for text in sheet_lines(KNOWN)]
    right = lines[line]
    lines[line] = right[:place] + letter + right[place + 1 :]
    if lines[line] == right:
        assert pair_from_lines(lines) == KNOWN
        return
    # Ten bits of checksum let one slip in a thousand through the line; the whole sheet's check still stops it.
    with pytest.raises((BadRecoveryLine, BadRecoverySheet)) as refused:
        pair_from_lines(lines)
    if isinstance(refused.value, BadRecoveryLine):
        assert refused.value.line == line + 1


def test_case_spaces_and_likely_confusions_do_not_matter() -> None:
    typed = [
        line.lower().replace("0", "o").replace("1", "l").replace(" ", " - ")
        for line in sheet_lines(KNOWN)
    ]
    assert pair_from_lines(typed) == KNOWN


def test_lines_in_another_order_are_named() -> None:
    lines = sheet_lines(KNOWN)
    with pytest.raises(BadRecoveryLine) as refused:
        pair_from_lines([lines[1], lines[0], *lines[2:]])
    assert refused.value.line == 1


def test_a_missing_line_is_named() -> None:
    with pytest.raises(BadRecoveryLine) as refused:
        pair_from_lines(sheet_lines(KNOWN)[:7])
    assert refused.value.line == 8


def test_lines_of_two_sheets_are_no_key() -> None:
    other = sheet_lines(new_pair())
    with pytest.raises(BadRecoverySheet):
        pair_from_lines([*sheet_lines(KNOWN)[:4], *other[4:]])


@given(
    st.binary(min_size=32, max_size=32),
    st.sampled_from(["\n", "\r\n", "\n\n", " ", "", " - "]),
    st.booleans(),
)
def test_however_the_lines_are_typed(private: bytes, between: str, small: bool) -> None:
    text = between.join(sheet_lines(pair_of_private(private)))
    lines = lines_typed(text.lower() if small else text)
    assert wrong_lines(lines) == []
    assert pair_from_lines(lines) == pair_of_private(private)


@given(st.text(max_size=400))
def test_whatever_else_is_typed_is_no_key(text: str) -> None:
    lines = lines_typed(text)
    assert len(lines) != len(KNOWN_LINES) or wrong_lines(lines)


@given(st.sets(st.integers(1, 8)))
def test_every_wrong_line_is_named(places: set[int]) -> None:
    lines = [
        ("A" if line[0] != "A" else "B") + line[1:] if place in places else line
        for place, line in enumerate(KNOWN_LINES, start=1)
    ]
    assert wrong_lines(lines) == sorted(places)
