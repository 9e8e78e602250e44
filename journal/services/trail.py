"""Adding rows to a school's trail."""

import datetime
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Q
from django.utils import timezone

from box.models import Letter, Message
from box.services.submitting import hour_of
from journal import chain
from journal.models import Alert, Book, Entry, Escalation, Opening, Trail
from journal.services.counting import note_rows
from schools.models import School, User

ROWS_AT_ONCE = 500


def lock_book(school: School) -> Book:
    """The end of the school's chain, locked until the transaction ends. Whoever changes the book does this first.

    Letters that have arrived since the last row get theirs now: what follows in the book follows them.
    """
    locked = Book.objects.select_for_update()
    book = locked.filter(school=school).first()
    if book is None:
        Book.objects.get_or_create(school=school, defaults={"last_hash": chain.FIRST_HASH})
        book = locked.get(school=school)
    book.school = school
    bind_arrivals(book)
    return book


# What an entry's digest is made of besides its own row.
DIGESTED = ("volume", "category", "cause", "letter", "repeat_of__volume")


def entry_about(row: Alert | Escalation) -> Entry | None:
    """The entry that an alert or a case is about, with all that its digest says; None before its letter has one."""
    its_letter_s = Q(letter=row.letter_id, letter__isnull=False)
    entries = Entry.objects.filter(Q(pk=row.entry_id) | its_letter_s)
    return entries.select_related(*DIGESTED).first()


def append(
    *,
    book: Book,
    step: str,
    by: User | None,
    entry: Entry | None = None,
    opening: Opening | None = None,
    letter: Letter | None = None,
    facts: dict[str, Any] | None = None,
    former: bytes = b"",
    also: Iterable[chain.Vouched] = (),
    at: datetime.datetime | None = None,
) -> Trail:
    """One more row. ``book`` comes from ``lock_book`` in the same transaction.

    The row is about an entry, else an opening, else a letter that has no number yet. ``also``: messages, forwardings,
    scans and protocols that the step made or changed; their digests join the facts under ``also``. ``at`` is now,
    unless an author's act made the row: then it is the hour.
    """
    digests = chain.also_of(also)
    row = Trail(
        school_id=book.school_id,
        at=at or timezone.now(),
        by=by,
        by_name=by.username if by else "",
        step=step,
        entry=entry,
        opening=opening,
        facts={**(facts or {}), **({"also": digests} if digests else {})},
        former=former,
    )
    if entry is not None:
        row.about = chain.entry_name(entry)
        row.digest = chain.entry_digest(entry)
    elif opening is not None:
        row.about = chain.opening_name(opening)
        row.digest = chain.opening_digest(opening)
    elif letter is not None:
        row.about = chain.letter_name(letter)
    append_rows(book=book, rows=[row])
    return row


def _insert(rows: list[Trail]) -> None:
    Trail.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)


def append_rows(
    *, book: Book, rows: list[Trail], store: Callable[[list[Trail]], object] = _insert
) -> None:
    """Chain the rows to the book's end in their order, and store them. ``book`` is locked."""
    for row in rows:
        row.position, row.previous_hash = book.rows + 1, bytes(book.last_hash)
        row.row_hash = chain.row_hash(row)
        book.rows, book.last_hash = row.position, row.row_hash
    store(rows)
    book.save(update_fields=["rows", "last_hash"])
    note_rows(book=book, rows=rows)


def arrival_row(letter: Letter) -> Trail:
    """The row that says a letter came: the hour alone, and nobody as its author."""
    return Trail(
        school_id=letter.school_id,
        at=letter.arrived_hour,
        step=Trail.Step.ARRIVED,
        about=chain.letter_name(letter),
        digest=chain.letter_digest(letter),
    )


def parting_row(*, letter: Letter, entry: Entry | None) -> Trail:
    """The row that says an author took the conversation away: the hour alone, and nobody as its author."""
    row = Trail(
        school_id=letter.school_id,
        at=hour_of(timezone.now()),
        step=Trail.Step.AUTHOR_LEFT,
        entry=entry,
        # With the letter itself, where nothing obliges the school to keep it.
        facts={"erased": True} if letter.opens_to_nobody else {},
    )
    if entry is None:
        row.about = chain.letter_name(letter)
    else:
        row.about, row.digest = chain.entry_name(entry), chain.entry_digest(entry)
    return row


def author_row(message: Message) -> Trail:
    """The row that says an author wrote back: the hour alone, and nobody as its author."""
    entry = getattr(message.letter, "entry", None)
    row = Trail(
        school_id=message.letter.school_id,
        at=message.sent_hour,
        step=Trail.Step.AUTHOR_WROTE,
        entry=entry,
        facts={"also": chain.also_of([message])},
    )
    if entry is None:
        row.about = chain.letter_name(message.letter)
    else:
        row.about, row.digest = chain.entry_name(entry), chain.entry_digest(entry)
    return row


def bind_arrivals(book: Book) -> int:
    """Give each letter and each message of an author that has none its row, and each conversation taken away; returns
    how many. ``book`` is locked."""
    letters = list(
        Letter.objects.select_for_update()
        .filter(school_id=book.school_id, bound=False)
        .prefetch_related("attachments")
        .order_by("pk")
    )
    messages = list(
        Message.objects.select_for_update(of=("self",))
        .filter(letter__school_id=book.school_id, kind=Message.Kind.FROM_AUTHOR, bound=False)
        .select_related(
            "letter__entry__volume",
            "letter__entry__category",
            "letter__entry__cause",
            "letter__entry__repeat_of__volume",
        )
        .prefetch_related("attachments")
        .order_by("pk")
    )
    rows = [
        *(arrival_row(letter) for letter in _without_row(book, letters)),
        *(author_row(row) for row in messages),
        *_parting_rows([letter for letter in letters if letter.taken_away]),
    ]
    if rows:
        append_rows(book=book, rows=rows)
        Letter.objects.filter(pk__in=[letter.pk for letter in letters]).update(bound=True)
        Message.objects.filter(pk__in=[row.pk for row in messages]).update(bound=True)
    return len(rows)


def _without_row(book: Book, letters: list[Letter]) -> list[Letter]:
    """The letters that have just come; one whose conversation was taken away has come before."""
    names = [chain.letter_name(letter) for letter in letters if letter.taken_away]
    if not names:
        return letters
    came = set(
        Trail.objects.filter(
            school_id=book.school_id, step=Trail.Step.ARRIVED, about__in=names
        ).values_list("about", flat=True)
    )
    return [letter for letter in letters if chain.letter_name(letter) not in came]


def _parting_rows(letters: list[Letter]) -> list[Trail]:
    if not letters:
        return []
    entries = {
        entry.letter_id: entry
        for entry in Entry.objects.filter(letter__in=letters).select_related(*DIGESTED)
    }
    return [parting_row(letter=letter, entry=entries.get(letter.pk)) for letter in letters]
