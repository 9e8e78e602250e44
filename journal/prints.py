"""What a print says of the book it was made from, and whether a print and the book still agree.

A print carries the number of rows and the last hash of the school's chain. As long as that hash stands in the chain
at the same row, nothing up to that row was changed: ``verify_journal`` proves that every hash follows from the rows.
"""

import re
from dataclasses import dataclass

from journal import chain
from journal.models import Book, Trail
from schools.models import School

DIGITS = 2 * len(chain.FIRST_HASH)
LEAST_DIGITS = 16  # so many nobody hits by chance, and a person can still type them
GROUP = 4

_BETWEEN = re.compile(r"[\s\-–—.,:_]+")


class NoHash(ValueError):
    """What was typed cannot be a hash of a book, nor its beginning."""


@dataclass(frozen=True)
class EndOfBook:
    """How many rows a school's chain has, and the hash of the last."""

    rows: int
    last_hash: bytes

    @property
    def groups(self) -> str:
        """The hash as people compare it: groups of four digits."""
        digits = self.last_hash.hex()
        return " ".join(digits[at : at + GROUP] for at in range(0, DIGITS, GROUP))


def end_of_book(school: School) -> EndOfBook:
    """The end of the school's chain as it is now."""
    book = Book.objects.filter(school=school).first()
    return end_as_in(book) if book else EndOfBook(0, chain.FIRST_HASH)


def end_as_in(book: Book) -> EndOfBook:
    """The end of the chain of a book that is at hand (and perhaps locked)."""
    return EndOfBook(book.rows, bytes(book.last_hash))


def digits_typed(typed: str) -> str:
    """The hex digits of a hash, or of its beginning, as a person types them. Raises NoHash."""
    digits = _BETWEEN.sub("", typed).lower()
    if not LEAST_DIGITS <= len(digits) <= DIGITS or not re.fullmatch("[0-9a-f]+", digits):
        raise NoHash
    return digits


def row_with_hash(school: School, typed: str) -> int | None:
    """The row of the school's chain that has this hash; None when none has. Raises NoHash."""
    digits = digits_typed(typed)
    lowest, highest = (bytes.fromhex(digits.ljust(DIGITS, end)) for end in "0f")
    return (
        Trail.objects.filter(school=school, row_hash__gte=lowest, row_hash__lte=highest)
        .values_list("position", flat=True)
        .first()
    )
