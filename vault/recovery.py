"""A school's key on paper: groups of letters with a checksum in each line, so that a typing error is named.

40 bytes (the key's 32, then 8 of a BLAKE2b hash over them) in eight lines of eight characters of Crockford's base32;
after each line two more characters are its own checksum, which covers the line's number too.
"""

import hashlib
import re

from vault.base32 import letters_of, number_of, read
from vault.errors import LockError
from vault.pairs import KEY_BYTES, KeyPair, pair_of_private

LINES = 8
BYTES_A_LINE = 5
LETTERS_A_LINE = 8
CHECK_LETTERS = 2
CHECK_BYTES = LINES * BYTES_A_LINE - KEY_BYTES
_NUMBER_BEFORE = re.compile(r"^\s*[1-8]\s*[.)]")


class BadRecoveryLine(LockError):
    """A line of the sheet was typed wrong; ``line`` counts from 1."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line}")
        self.line = line


class BadRecoverySheet(LockError):
    """Every line is right by itself, yet together they are no key: lines of two sheets were mixed."""


def _line_check(place: int, data: bytes) -> str:
    digest = hashlib.blake2b(bytes([place]) + data, digest_size=2, person=b"trustbox line").digest()
    return letters_of(int.from_bytes(digest, "big") >> 6, CHECK_LETTERS)


def _sheet_check(private: bytes) -> bytes:
    return hashlib.blake2b(private, digest_size=CHECK_BYTES, person=b"trustbox sheet").digest()


def sheet_lines(pair: KeyPair) -> list[str]:
    """The private half as eight lines such as ``K7QX 9M2T 4H``."""
    data = pair.private + _sheet_check(pair.private)
    lines = []
    for place in range(LINES):
        part = data[place * BYTES_A_LINE : (place + 1) * BYTES_A_LINE]
        text = letters_of(int.from_bytes(part, "big"), LETTERS_A_LINE)
        lines.append(f"{text[:4]} {text[4:]} {_line_check(place + 1, part)}")
    return lines


def lines_typed(text: str) -> list[str]:
    """The lines of a sheet as typed or pasted: each by itself, with its number or without, or all in one."""
    lines = [_NUMBER_BEFORE.sub("", line) for line in text.splitlines() if line.strip()]
    together = read("".join(lines)) or ""
    length = LETTERS_A_LINE + CHECK_LETTERS
    if len(lines) != LINES and len(together) == LINES * length:
        return [together[start : start + length] for start in range(0, len(together), length)]
    return lines


def _data_of_line(place: int, line: str) -> bytes | None:
    typed = read(line)
    if typed is None or len(typed) != LETTERS_A_LINE + CHECK_LETTERS:
        return None
    part = number_of(typed[:LETTERS_A_LINE]).to_bytes(BYTES_A_LINE, "big")
    return part if _line_check(place, part) == typed[LETTERS_A_LINE:] else None


def wrong_lines(lines: list[str]) -> list[int]:
    """Which of the lines, counted from 1, were typed wrong."""
    return [
        place for place, line in enumerate(lines, start=1) if _data_of_line(place, line) is None
    ]


def pair_from_lines(lines: list[str]) -> KeyPair:
    """The pair of a sheet as typed. Raises BadRecoveryLine naming the first wrong line, BadRecoverySheet."""
    data = b""
    for place in range(1, LINES + 1):
        part = _data_of_line(place, lines[place - 1]) if place <= len(lines) else None
        if part is None:
            raise BadRecoveryLine(place)
        data += part
    private = data[:KEY_BYTES]
    if _sheet_check(private) != data[KEY_BYTES:]:
        raise BadRecoverySheet
    return pair_of_private(private)
