"""Printing the journal: at once, or as work that shows how far it is.

A page waits for a short journal. A long one is printed by a thread of the server, with a process beside it: what they
draw stays in memory, the finished file is sealed to whoever asked for it. The trail's row comes before the file in
either way.
"""

import datetime
import logging
import threading
import time
from dataclasses import dataclass, field

from django.db import close_old_connections, connection, transaction
from django.db.models import Q
from django.utils import timezone

from journal.models import Volume
from journal.services.reading import note_journal_printed
from reports.closing import note_issued
from reports.journal_book import JournalBook, entries_of, read_book
from reports.journal_pdf import Progress, render_journal
from reports.journal_rows import BookMoved
from reports.keeping import forget_old_sheets, shelf_for
from reports.models import PrintJob
from reports.rendering import LibrariesMissing, RenderingFailed
from schools.models import User
from vault.keyring import Keyring
from vault.pairs import seal

logger = logging.getLogger(__name__)

AT_ONCE = 1000  # entries for which a person waits on the page: about a second
KEPT_FOR = datetime.timedelta(hours=1)
SILENT_FOR = datetime.timedelta(seconds=30)
PULSE_SECONDS = 0.5
TRIES = 5  # when entries are changed again and again while their book is being printed


@dataclass(frozen=True)
class Wish:
    """What somebody wants printed: a volume, or what was taken out on some of its days."""

    volume: Volume
    language: str
    since: datetime.date | None
    until: datetime.date | None
    by: User
    keyring: Keyring = field(repr=False)

    @property
    def takes_long(self) -> bool:
        """Whether a person should not have to wait for it on the page."""
        entries = entries_of(self.volume, by=self.by, since=self.since, until=self.until)
        return entries.count() > AT_ONCE


def print_journal(wish: Wish, *, progress: Progress | None = None) -> bytes:
    """The PDF, its row in the trail written. Raises LibrariesMissing and RenderingFailed: then there is no row."""
    file, book = _printed(wish, progress)
    _note(wish, book)
    return file


def _printed(wish: Wish, progress: Progress | None) -> tuple[bytes, JournalBook]:
    """The PDF and the book that it shows."""
    for _try in range(TRIES):
        book = read_book(
            wish.volume,
            language=wish.language,
            since=wish.since,
            until=wish.until,
            by=wish.by,
            keyring=wish.keyring,
        )
        whole = wish.since is None and wish.until is None
        shelf = shelf_for(wish.volume, book, wish.keyring) if whole else None
        try:
            file = render_journal(book, progress=progress, shelf=shelf)
        except BookMoved:
            continue
        if shelf is not None:
            shelf.store()
        return file, book
    raise RenderingFailed("the book was changed each time it was printed")


@transaction.atomic
def _note(wish: Wish, book: JournalBook) -> None:
    if book.closing is not None:
        note_issued(volume=wish.volume, end=book.end, by=wish.by)
    note_journal_printed(
        volume=wish.volume,
        since=wish.since,
        until=wish.until,
        language=wish.language,
        count=len(book.rows),
        by=wish.by,
    )


def begin_job(wish: Wish) -> PrintJob:
    """Begin printing in the background; the same wish again, while it is being worked on, is the same job."""
    forget_old()
    now = timezone.now()
    running = PrintJob.objects.filter(
        volume=wish.volume,
        by=wish.by,
        language=wish.language,
        since=wish.since,
        until=wish.until,
        state=PrintJob.State.RUNNING,
        heartbeat__gte=now - SILENT_FOR,
    ).first()
    if running is not None:
        return running
    job = PrintJob.objects.create(
        volume=wish.volume,
        by=wish.by,
        language=wish.language,
        since=wish.since,
        until=wish.until,
        made_at=now,
        heartbeat=now,
    )
    transaction.on_commit(
        # A daemon: a server that is to stop does not wait for it. The key is in its memory, and nowhere else.
        lambda: threading.Thread(target=_work, args=(job, wish), daemon=True).start()
    )
    return job


def _work(job: PrintJob, wish: Wish) -> None:
    """Print, and tell the database how far it is."""
    close_old_connections()
    try:
        _finish(job, wish, *_printed(wish, _Pulse(job)))
    except LibrariesMissing:
        _end(job, PrintJob.State.UNABLE)
    except Exception as error:
        # Its kind only: the text of an error could quote a letter.
        logger.error("printing failed: %s", type(error).__name__)
        _end(job, PrintJob.State.FAILED)
    finally:
        connection.close()
    _forget_later()


class _Pulse:
    """Tells the job how far it is, now and then. Where it stands still, the work has ended."""

    def __init__(self, job: PrintJob) -> None:
        self._job = job
        self._told = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        if time.monotonic() - self._told < PULSE_SECONDS:
            return
        self._told = time.monotonic()
        PrintJob.objects.filter(pk=self._job.pk).update(
            done=done, total=total, heartbeat=timezone.now()
        )


def _end(job: PrintJob, state: str) -> None:
    try:
        PrintJob.objects.filter(pk=job.pk).update(state=state)
    except Exception as error:
        # Whoever waits sees that the heart stands still.
        logger.error("printing ended: %s", type(error).__name__)


def _finish(job: PrintJob, wish: Wish, file: bytes, book: JournalBook) -> None:
    sealed = seal(file, to=bytes(job.by.public_key))
    with transaction.atomic():
        _note(wish, book)
        PrintJob.objects.filter(pk=job.pk).update(
            state=PrintJob.State.READY, sealed_file=sealed, heartbeat=timezone.now()
        )


def is_interrupted(job: PrintJob) -> bool:
    """Whether the file will never come: the work failed, or the process that did it is gone."""
    if job.state == PrintJob.State.RUNNING:
        return job.heartbeat < timezone.now() - SILENT_FOR
    return job.state == PrintJob.State.FAILED


@transaction.atomic
def take_file(*, job: PrintJob, keyring: Keyring) -> bytes | None:
    """The finished file, once: it is gone from here afterwards. None when it is not there (any more).

    Raises NotForThisKey: it stays then.
    """
    job = PrintJob.objects.select_for_update().filter(pk=job.pk).first()
    if job is None or job.state != PrintJob.State.READY:
        return None
    file = keyring.open_for_person(job.sealed_file)
    job.delete()
    return file


def forget_old() -> None:
    """Files nobody took within the hour go away, and so do what was interrupted and sheets kept for too long."""
    forget_old_sheets()
    now = timezone.now()
    PrintJob.objects.filter(
        Q(made_at__lt=now - KEPT_FOR, heartbeat__lt=now - SILENT_FOR)
        | Q(state=PrintJob.State.READY, heartbeat__lt=now - KEPT_FOR)
    ).delete()


def _forget_later() -> None:
    timer = threading.Timer(KEPT_FOR.total_seconds() + 1, _forget_in_thread)
    timer.daemon = True
    timer.start()


def _forget_in_thread() -> None:
    close_old_connections()
    try:
        forget_old()
    finally:
        connection.close()
