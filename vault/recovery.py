"""A school's key on paper: groups of letters with a checksum in each line, so that a typing error is named.

40 bytes (the key's 32, then 8 of a BLAKE2b hash over them) in eight lines of eight characters of Crockford's base32;
after each line two more characters are its own checksum, which covers the line's number too.
"""

import hashlib

from vault.base32 import letters_of, number_of, read
from vault.errors import LockError
from vault.pairs import KEY_BYTES, KeyPair, pair_of_private

LINES = 8
BYTES_A_LINE = 5
LETTERS_A_LINE = 8
CHECK_LETTERS = 2
CHECK_BYTES = LINES * BYTES_A_LINE - KEY_BYTES


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


def pair_from_lines(lines: list[str]) -> KeyPair:
    """The pair of a sheet as typed. Raises BadRecoveryLine naming the first wrong line, BadRecoverySheet."""
    data = b""
    for place in range(LINES):
        typed = read(lines[place]) if place < len(lines) else None
        if typed is None or len(typed) != LETTERS_A_LINE + CHECK_LETTERS:
            raise BadRecoveryLine(place + 1)
        part = number_of(typed[:LETTERS_A_LINE]).to_bytes(BYTES_A_LINE, "big")
        if _line_check(place + 1, part) != typed[LETTERS_A_LINE:]:
            raise BadRecoveryLine(place + 1)
        data += part
    private = data[:KEY_BYTES]
    if _sheet_check(private) != data[KEY_BYTES:]:
        raise BadRecoverySheet
    return pair_of_private(private)
