"""Printing the journal: at once, or as work that shows how far it is.

A page waits for a short journal. A long one is laid out by a thread of the server, which drives processes of its
own: what they lay out stays in memory, the finished file is sealed to whoever asked for it. The trail's row comes
before the file in either way.
"""

import datetime
import logging
import threading

from django.db import close_old_connections, connection, transaction
from django.db.models import Q
from django.utils import timezone

from journal.models import Volume
from journal.services.reading import note_journal_printed
from reports.journal_book import JournalBook
from reports.journal_pdf import render_journal
from reports.models import PrintJob
from reports.rendering import LibrariesMissing
from schools.models import User
from vault.keyring import Keyring
from vault.pairs import seal

logger = logging.getLogger(__name__)

AT_ONCE = 300  # entries for which a person waits on the page
KEPT_FOR = datetime.timedelta(hours=1)
SILENT_FOR = datetime.timedelta(seconds=30)
PULSE_SECONDS = 0.5


def print_journal(
    *,
    volume: Volume,
    book: JournalBook,
    since: datetime.date | None,
    until: datetime.date | None,
    by: User,
) -> bytes:
    """The PDF, its row in the trail written. Raises LibrariesMissing and RenderingFailed: then there is no row."""
    file = render_journal(book)
    note_journal_printed(
        volume=volume,
        since=since,
        until=until,
        language=book.language,
        count=len(book.rows),
        by=by,
    )
    return file


def begin_job(
    *,
    volume: Volume,
    book: JournalBook,
    since: datetime.date | None,
    until: datetime.date | None,
    by: User,
) -> PrintJob:
    """Begin printing in the background; the same wish again, while it is being worked on, is the same job."""
    forget_old()
    now = timezone.now()
    running = PrintJob.objects.filter(
        volume=volume,
        by=by,
        language=book.language,
        since=since,
        until=until,
        state=PrintJob.State.RUNNING,
        heartbeat__gte=now - SILENT_FOR,
    ).first()
    if running is not None:
        return running
    job = PrintJob.objects.create(
        volume=volume,
        by=by,
        language=book.language,
        since=since,
        until=until,
        total=len(book.rows),
        made_at=now,
        heartbeat=now,
    )
    transaction.on_commit(
        # A daemon: a server that is to stop does not wait for it.
        lambda: threading.Thread(target=_work, args=(job, book), daemon=True).start()
    )
    return job


def _work(job: PrintJob, book: JournalBook) -> None:
    """Lay the book out in one thread, and tell the database how far it is from this one."""
    drawing = _Drawing(book)
    drawing.start()
    try:
        while drawing.is_alive():
            drawing.join(PULSE_SECONDS)
            _beat(job, drawing.done)
        _finish(job, book, drawing)
    except Exception as error:
        # Whoever waits sees that the heart stands still.
        logger.error("printing ended: %s", type(error).__name__)
    finally:
        connection.close()
    _forget_later()


class _Drawing(threading.Thread):
    """The laying out itself; knows neither key nor database."""

    def __init__(self, book: JournalBook) -> None:
        super().__init__(daemon=True)
        self._book = book
        self.done = 0
        self.file: bytes | None = None
        self.failure = PrintJob.State.FAILED

    def run(self) -> None:
        try:
            self.file = render_journal(self._book, progress=self._progress)
        except LibrariesMissing:
            self.failure = PrintJob.State.UNABLE
        except Exception as error:
            # Its kind only: the text of an error could quote a letter.
            logger.error("printing failed: %s", type(error).__name__)

    def _progress(self, done: int, _total: int) -> None:
        self.done = done


def _beat(job: PrintJob, done: int) -> None:
    PrintJob.objects.filter(pk=job.pk).update(done=done, heartbeat=timezone.now())


def _finish(job: PrintJob, book: JournalBook, drawing: _Drawing) -> None:
    if drawing.file is None:
        PrintJob.objects.filter(pk=job.pk).update(state=drawing.failure)
        return
    sealed = seal(drawing.file, to=bytes(job.by.public_key))
    with transaction.atomic():
        note_journal_printed(
            volume=job.volume,
            since=job.since,
            until=job.until,
            language=job.language,
            count=len(book.rows),
            by=job.by,
        )
        PrintJob.objects.filter(pk=job.pk).update(
            state=PrintJob.State.READY,
            done=job.total,
            sealed_file=sealed,
            heartbeat=timezone.now(),
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
    """Files nobody took within the hour go away, and so does what was interrupted."""
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
