"""A letter's arrival is a row of the book, so that one quietly taken out of the box before it is opened is found."""

from box.models import Letter
from journal.models import Trail
from journal.services.trail import append, lock_book


def note_arrival(*, letter: Letter) -> None:
    """The row for a letter just stored, in the same transaction. It has the hour, and nobody as its author."""
    append(
        book=lock_book(letter.school),
        step=Trail.Step.ARRIVED,
        by=None,
        letter=letter,
        at=letter.arrived_hour,
    )
