"""A letter or message that says that somebody is in danger: the alert is raised with it, and never costs it."""

import logging
from collections.abc import Callable
from functools import cache, partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from box.models import Letter, Message
from schools.models import School, Sealed

log = logging.getLogger(__name__)


@cache
def _raise_alert() -> Callable[..., Any]:
    # The alerts lie in a room above this one: the settings join them.
    return import_string(settings.DANGER_RECORDER)


class FreshKeys:
    """Content keys of rows while they are being sealed: whoever is to open them later must be sealed to now.

    In memory, as long as the request lasts.
    """

    def __init__(self) -> None:
        self._kept: list[tuple[Sealed, bytes]] = []

    def noting(self, lock: Callable[[Sealed], bytes]) -> Callable[[Sealed], bytes]:
        """The same way to lock a row, which notes the key it gave."""

        def noted(row: Sealed) -> bytes:
            key = lock(row)
            self._kept.append((row, key))
            return key

        return noted

    def keep_for_region(self, *, letter: Letter, message: Message | None = None) -> None:
        """Let the named person of the region have spare keys, for the case that nobody at the school answers.

        The rows are saved. Should it fail, what was written is stored all the same: they are called, and read nothing.
        """
        try:
            with transaction.atomic():
                import_string(settings.SPARE_KEYS_RECORDER)(
                    letter=letter, message=message, fresh=self._kept
                )
        except Exception:
            log.exception("No spare key was kept for the region.")


def lock_book_of(school: School) -> None:
    """Lock the end of the school's book, in which the alert is a row: whoever changes the book locks it before a key,
    a letter or a message, and who locked them in another order would stand in each other's way.

    Should even that fail, what was written is stored without it.
    """
    try:
        with transaction.atomic():
            import_string(settings.BOOK_LOCK)(school)
    except Exception:
        log.exception("The book was not locked for a danger alert.")


def cry_for_help(*, letter: Letter, message: Message | None = None) -> None:
    """Raise the alert in the transaction that stores the letter or the message.

    Should that fail, what was written is stored all the same: the alert is tried again as soon as it is, and after
    that by the worker (``journal.services.alerting.escalate_due``).
    """
    if not _raised(letter, message):
        transaction.on_commit(partial(_raised, letter, message))


def _raised(letter: Letter, message: Message | None) -> bool:
    try:
        with transaction.atomic():
            _raise_alert()(letter=letter, message=message)
    except Exception:
        log.exception("A danger alert was not raised; it is tried again.")
        return False
    return True
