"""Reading and printing leave a row in the trail."""

import datetime

from django.db import transaction

from journal.models import Entry, Opening, Trail, Volume
from journal.services.trail import append, lock_book
from schools.models import User


@transaction.atomic
def note_entry_read(*, entry: Entry, by: User) -> None:
    """Somebody opened the entry with its letter."""
    append(book=lock_book(entry.school), step=Trail.Step.READ, by=by, entry=entry)


@transaction.atomic
def note_opening_read(*, opening: Opening, by: User) -> None:
    """Somebody looked at the letters taken out at an opening."""
    append(book=lock_book(opening.school), step=Trail.Step.READ, by=by, opening=opening)


@transaction.atomic
def note_journal_printed(
    *,
    volume: Volume,
    since: datetime.date | None,
    until: datetime.date | None,
    language: str,
    count: int,
    by: User,
) -> Trail:
    """Somebody printed a volume, or the entries of some days of it."""
    return append(
        book=lock_book(volume.school),
        step=Trail.Step.PRINTED,
        by=by,
        facts={
            "volume": volume.number,
            "since": since.isoformat() if since else "",
            "until": until.isoformat() if until else "",
            "language": language,
            "count": count,
        },
    )
