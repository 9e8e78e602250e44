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
from pathlib import Path

from django.conf import settings
from django.core.mail import get_connection
from django.db import OperationalError, connection
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from schools.mailing import OUTDATED, UNWANTED, mail_leaves, wants_mail
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
# Seconds between the tries to write down that a mail has left.
NOTING_PAUSES = (0.5, 2.0, 5.0)
GIVEN_UP_AFTER = datetime.timedelta(days=3)
# Whoever asked for a test has long looked elsewhere.
TEST_GIVEN_UP_AFTER = datetime.timedelta(hours=2)
KEPT_FOR = datetime.timedelta(days=14)
TASKS_KEPT_FOR = datetime.timedelta(hours=1)
KEPT_FOR_UNFINISHED = datetime.timedelta(days=1)


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
    done = _finish(mail, Mail.State.SENT)
    if mail.kind == Mail.Kind.DANGER:
        _told_by(mail)
    return done


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
    """A newer mail tells what older ones of its kind would: a server back after days brings one morning, not five."""
    Mail.objects.filter(
        state=Mail.State.WAITING,
        person=mail.person_id,
        school=mail.school_id,
        kind=mail.kind,
        pk__lt=mail.pk,
        in_hand_since=None,
    ).update(state=Mail.State.DROPPED, fault=OUTDATED)


def forget_old() -> int:
    """Forget mails two weeks after they left or were dropped, and what the worker did hours ago. Returns how many."""
    now = timezone.now()
    mails = Mail.objects.exclude(state=Mail.State.WAITING).filter(written_at__lt=now - KEPT_FOR)
    # A task keeps the minute; nobody needs it once the mail has left.
    tasks = DBTaskResult.objects.filter(
        Q(finished_at__lt=now - TASKS_KEPT_FOR)
        | Q(status=TaskResultStatus.RUNNING, started_at__lt=now - KEPT_FOR_UNFINISHED)
    )
    # Asked first: on SQLite a deletion waits for every writer, also when there is nothing to delete.
    return sum(rows.delete()[0] for rows in (mails, tasks) if rows.exists()) + _empty_outbox(now)


def _empty_outbox(now: datetime.datetime) -> int:
    """Without a mail server mails are files; those of two weeks ago go as well."""
    folder = getattr(settings, "EMAIL_FILE_PATH", None)
    if mail_leaves() or not folder:
        return 0
    oldest = (now - KEPT_FOR).timestamp()
    old = [path for path in Path(folder).glob("*.log") if path.stat().st_mtime < oldest]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _hand_over(mail: Mail) -> None:
    message = written(mail)
    server = get_connection()
    server.open()
    try:
        message.connection = server
        message.send()
    finally:
        # Taken is taken: how the server says good-bye changes nothing.
        with suppress(OSError):
            server.close()


def _told_by(mail: Mail) -> None:
    """A server back after hours brings one call for help, not one for each time it was repeated meanwhile."""
    Mail.objects.filter(
        state=Mail.State.WAITING,
        person=mail.person_id,
        school=mail.school_id,
        kind=mail.kind,
        in_hand_since=None,
    ).exclude(fault="").update(state=Mail.State.DROPPED, fault=OUTDATED)


def _finish(mail: Mail, state: str, fault: str = "") -> Sent:
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    _note(
        mail,
        state=state,
        fault=fault,
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
    patience = TEST_GIVEN_UP_AFTER if mail.kind == Mail.Kind.TEST else GIVEN_UP_AFTER
    if now - mail.written_at > patience:
        return _finish(mail, Mail.State.DROPPED, fault)
    danger = mail.kind == Mail.Kind.DANGER
    pauses = PAUSES_IN_DANGER if danger else PAUSES
    pause = pauses[min(mail.tries, len(pauses)) - 1]
    if not danger and _for_good(error):
        pause = PAUSES[-1]
    _note(mail, fault=fault, next_try_at=now + pause)
    if _silent(error):
        due(now).exclude(kind=Mail.Kind.DANGER).filter(in_hand_since=None).update(
            fault=fault, next_try_at=now + SILENCE
        )
    return Sent.LATER


def _note(mail: Mail, **facts: object) -> None:
    """Write down how it went, unless it took so long that another has the mail in hand by now.

    A database that cannot be written just now is asked again: what is not noted leaves a second time.
    """
    for pause in (*NOTING_PAUSES, None):
        try:
            Mail.objects.filter(pk=mail.pk, in_hand_since=mail.in_hand_since).update(
                in_hand_since=None, **facts
            )
        except OperationalError:
            if pause is None or connection.in_atomic_block:
                raise
            connection.close()
            time.sleep(pause)
        else:
            return


def _silent(error: Exception) -> bool:
    """Whether no mail at all would be taken now: no connection, no answer, or the portal's own name refused."""
    of_this_mail = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError)
    return isinstance(error, OSError) and not isinstance(error, of_this_mail)


def _for_good(error: Exception) -> bool:
    """Whether the server says that it will not take this mail at all (5xx)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500
