"""A letter's arrival is a row of the book, so that one quietly taken out of the box before it is opened is found.

The row is not written in the transaction that stores the letter: sixteen children at once would wait for one another at
the end of the chain. Letters are bound in bundles instead, half a second later at most, and before any other row of
the book. A letter that a crash left unbound is bound at the next row or at the next start.
"""

import logging
import threading

from django.db import DatabaseError, connection, transaction

from box.models import Letter, Message
from journal.services.trail import lock_book
from schools.models import School

log = logging.getLogger(__name__)

DELAY_SECONDS = 0.5


@transaction.atomic
def bind_now(school_id: int) -> None:
    """Give every letter of the school that has none its row."""
    lock_book(School.objects.get(pk=school_id))


def bind_everything() -> None:
    """Bind the letters and the authors' messages that a crash left unbound, in every school."""
    letters = Letter.objects.filter(bound=False).order_by().values_list("school_id", flat=True)
    messages = Message.objects.filter(bound=False, kind=Message.Kind.FROM_AUTHOR).order_by()
    for school in {*letters, *messages.values_list("letter__school_id", flat=True)}:
        bind_now(school)


class _Soon:
    """Collects schools in which letters arrived, and binds them together a moment later, in a thread of its own."""

    def __init__(self) -> None:
        self._waiting: set[int] = set()
        self._lock = threading.Lock()

    def add(self, school_id: int) -> None:
        with self._lock:
            first = not self._waiting
            self._waiting.add(school_id)
        if first:
            timer = threading.Timer(DELAY_SECONDS, self._bind)
            timer.daemon = True
            timer.start()

    def _bind(self) -> None:
        with self._lock:
            schools, self._waiting = self._waiting, set()
        try:
            for school in schools:
                bind_now(school)
        except DatabaseError:
            log.exception("Arrivals stay unbound until the next row of the book.")
        finally:
            connection.close()


_soon = _Soon()


def bind_soon(school_id: int) -> None:
    """Called when a letter is safely stored: its row follows within half a second, together with others'."""
    _soon.add(school_id)
