"""Crockford's base32, for what people copy by hand: no I, L, O or U, and no difference of case.

Source: https://www.crockford.com/base32.html
"""

import re

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BITS = 5

_READ_AS = str.maketrans("OIL", "011")
_BETWEEN = re.compile(r"[\s\-–—‐‑−_.]+")


def letters_of(number: int, count: int) -> str:
    """The number as ``count`` letters, the highest bits first."""
    return "".join(
        ALPHABET[(number >> shift) & 31] for shift in range(BITS * (count - 1), -1, -BITS)
    )


def number_of(letters: str) -> int:
    """The number that some letters of the alphabet mean."""
    number = 0
    for letter in letters:
        number = number << BITS | ALPHABET.index(letter)
    return number


def read(typed: str) -> str | None:
    """The letters meant by what a person typed, without spaces and dashes; None when some are not of the alphabet."""
    letters = _BETWEEN.sub("", typed).upper().translate(_READ_AS)
    return letters if all(letter in ALPHABET for letter in letters) else None
