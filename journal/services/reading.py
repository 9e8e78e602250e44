"""Reading and printing leave a row in the trail."""

import datetime

from django.db import transaction

from journal.models import Entry, Forwarding, Opening, Trail, Volume
from journal.selectors import was_printed
from journal.services.trail import append, lock_book
from schools.models import School, User


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


@transaction.atomic
def note_sheet_printed(*, forwarding: Forwarding, language: str, by: User) -> bool:
    """Somebody printed the sheet of a forwarding; returns whether it had been printed before."""
    book = lock_book(forwarding.school)
    before = was_printed(forwarding)
    append(
        book=book,
        step=Trail.Step.PRINTED,
        by=by,
        entry=forwarding.entry,
        facts={
            "what": "forwarding sheet",
            "forwarding": str(forwarding),
            "language": language,
            "reprint": before,
        },
    )
    return before


@transaction.atomic
def note_notice_printed(*, entry: Entry, kind: str, languages: list[str], by: User) -> Trail:
    """Somebody printed a notice for the author of an entry."""
    return append(
        book=lock_book(entry.school),
        step=Trail.Step.PRINTED,
        by=by,
        entry=entry,
        facts={"what": "notice", "kind": kind, "languages": languages},
    )


@transaction.atomic
def note_paper_printed(
    *,
    school: School,
    what: str,
    language: str,
    form: str,
    by: User,
    entry: Entry | None = None,
    opening: Opening | None = None,
    **facts: bool | int,
) -> Trail:
    """Somebody printed a paper; ``what`` names its kind and number, ``form`` is ``pdf`` or ``docx``."""
    return append(
        book=lock_book(school),
        step=Trail.Step.PRINTED,
        by=by,
        entry=entry,
        opening=opening,
        facts={"what": what, "language": language, "form": form, **facts},
    )
