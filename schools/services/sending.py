"""Sending what was put down: one mail at a time, whoever sends, however often it is tried.

A mail is taken in hand by one UPDATE that only one worker wins, given to the mail server, and marked as sent. A worker
that dies in between leaves it in hand; another takes it over some minutes later. If the server had taken it from the
first already, the second copy carries the same Message-ID: the one case in which a mail leaves twice.
"""

import datetime
import enum
import logging
import smtplib
import time
from contextlib import suppress

from django.core.mail import get_connection
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils import timezone

from schools.mailing import OUTDATED, UNWANTED, wants_mail
from schools.models import Mail
from schools.services.mail_texts import written

log = logging.getLogger(__name__)

# Longer than any server is waited for: a dozen answers of ten seconds each.
TAKEN_OVER_AFTER = datetime.timedelta(minutes=3)
_MINUTE = datetime.timedelta(minutes=1)
PAUSES = [count * _MINUTE for count in (1, 2, 5, 15, 60)]
PAUSES_IN_DANGER = [datetime.timedelta(seconds=count) for count in (10, 20, 30, 60, 60, 120, 300)]
# The server does not answer: nobody else's mail need try within a minute.
SILENCE = _MINUTE
GIVEN_UP_AFTER = datetime.timedelta(days=3)
KEPT_FOR = datetime.timedelta(days=14)


class Sent(enum.Enum):
    """How one try went."""

    DONE = "sent"
    LATER = "later"
    DROPPED = "dropped"
    NOTHING = "nothing to do"  # sent already, not due yet, or in another worker's hand


def due(now: datetime.datetime) -> QuerySet[Mail]:
    """Mails to try now: those nobody has in hand, or somebody who must have died."""
    return Mail.objects.filter(
        Q(in_hand_since=None) | Q(in_hand_since__lt=now - TAKEN_OVER_AFTER),
        state=Mail.State.WAITING,
        next_try_at__lte=now,
    )


def send(number: int) -> Sent:
    """Try one mail by its number, outside of any transaction. Raises only what the database raises."""
    now = timezone.now()
    mine = due(now).filter(pk=number).update(in_hand_since=now, tries=F("tries") + 1)
    if not mine:
        return Sent.NOTHING
    mail = Mail.objects.select_related("person").get(pk=number)
    if not wants_mail(mail.person, mail.kind):
        return _finish(mail, Mail.State.DROPPED, UNWANTED)
    try:
        _hand_over(mail)
    except Exception as error:
        return _put_off(mail, error)
    return _finish(mail, Mail.State.SENT)


def send_due(*, seconds: float) -> int:
    """Try what is due, danger first, for so many seconds. Returns how many were sent."""
    until = time.monotonic() + seconds
    first = Case(When(kind=Mail.Kind.DANGER, then=Value(0)), default=Value(1))
    numbers = due(timezone.now()).order_by(first, "pk").values_list("pk", flat=True)
    done = 0
    for number in list(numbers):
        done += send(number) is Sent.DONE
        if time.monotonic() > until:
            break
    return done


def drop_older(*, mail: Mail) -> None:
    """Today's mail tells what an older one of its kind would: a server back after days is not flooded with mornings."""
    older = Mail.objects.filter(
        person=mail.person_id, kind=mail.kind, pk__lt=mail.pk, in_hand_since=None
    )
    older.filter(state=Mail.State.WAITING).update(state=Mail.State.DROPPED, fault=OUTDATED)


def prune_mails() -> int:
    """Forget mails that were sent or dropped two weeks ago. Returns how many."""
    gone, _rows = (
        Mail.objects.exclude(state=Mail.State.WAITING)
        .filter(written_at__lt=timezone.now() - KEPT_FOR)
        .delete()
    )
    return gone


def _hand_over(mail: Mail) -> None:
    message = written(mail)
    connection = get_connection()
    connection.open()
    try:
        message.connection = connection
        message.send()
    finally:
        # Taken is taken: how the server says good-bye changes nothing.
        with suppress(OSError):
            connection.close()


def _finish(mail: Mail, state: str, fault: str = "") -> Sent:
    """Mark it, unless it took so long that another has it in hand by now."""
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    Mail.objects.filter(pk=mail.pk, in_hand_since=mail.in_hand_since).update(
        state=state,
        fault=fault,
        in_hand_since=None,
        next_try_at=hour,
        sent_at=hour if state == Mail.State.SENT else None,
    )
    return Sent.DONE if state == Mail.State.SENT else Sent.DROPPED


def _put_off(mail: Mail, error: Exception) -> Sent:
    """Later, with growing pauses; after days it is dropped, and shown as such."""
    now = timezone.now()
    fault = type(error).__name__[:60]
    if not isinstance(error, OSError):
        log.error("A mail could not be written.", exc_info=error)
    if now - mail.written_at > GIVEN_UP_AFTER:
        return _finish(mail, Mail.State.DROPPED, fault)
    danger = mail.kind == Mail.Kind.DANGER
    pauses = PAUSES_IN_DANGER if danger else PAUSES
    pause = pauses[min(mail.tries, len(pauses)) - 1]
    if not danger and _for_good(error):
        pause = PAUSES[-1]
    Mail.objects.filter(pk=mail.pk, in_hand_since=mail.in_hand_since).update(
        fault=fault, in_hand_since=None, next_try_at=now + pause
    )
    if _silent(error):
        due(now).exclude(kind=Mail.Kind.DANGER).filter(in_hand_since=None).update(
            fault=fault, next_try_at=now + SILENCE
        )
    return Sent.LATER


def _silent(error: Exception) -> bool:
    """Whether no mail at all would be taken now: no connection, no answer, or the portal's own name refused."""
    of_this_mail = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError)
    return isinstance(error, OSError) and not isinstance(error, of_this_mail)


def _for_good(error: Exception) -> bool:
    """Whether the server says that it will not take this mail at all (5xx)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500
