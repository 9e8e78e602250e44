"""Adding a row to a school's trail."""

import datetime
from typing import Any

from django.utils import timezone

from box.models import Letter
from journal import chain
from journal.models import Book, Entry, Opening, Trail
from schools.models import School, User


def lock_book(school: School) -> Book:
    """The end of the school's chain, locked until the transaction ends. Whoever changes the book does this first."""
    locked = Book.objects.select_for_update()
    book = locked.filter(school=school).first()
    if book is None:
        Book.objects.get_or_create(school=school, defaults={"last_hash": chain.FIRST_HASH})
        book = locked.get(school=school)
    return book


def append(
    *,
    book: Book,
    step: str,
    by: User | None,
    entry: Entry | None = None,
    opening: Opening | None = None,
    letter: Letter | None = None,
    at: datetime.datetime | None = None,
    facts: dict[str, Any] | None = None,
    former: bytes = b"",
) -> Trail:
    """One more row. ``book`` comes from ``lock_book`` in the same transaction.

    ``at`` is for a letter's arrival, of which only the hour is kept; every other row has the moment itself.
    """
    row = Trail(
        school_id=book.school_id,
        position=book.rows + 1,
        at=at or timezone.now(),
        by=by,
        by_name=by.username if by else "",
        step=step,
        entry=entry,
        opening=opening,
        facts=facts or {},
        former=former,
        previous_hash=bytes(book.last_hash),
    )
    if entry is not None:
        row.about = f"entry {entry.volume.number}/{entry.number}"
        row.digest = chain.entry_digest(entry)
    elif opening is not None:
        row.about = f"opening {opening.year}/{opening.number}"
        row.digest = chain.opening_digest(opening)
    elif letter is not None:
        row.about = chain.letter_name(letter)
        row.digest = chain.letter_digest(letter)
    row.row_hash = chain.row_hash(row)
    row.save(force_insert=True)
    book.rows, book.last_hash = row.position, row.row_hash
    book.save(update_fields=["rows", "last_hash"])
    return row
