"""A cry for help: told at once, then to more people, until somebody answers it by name.

What an author does leaves the hour alone, here too: the alert and the rows that the program writes of it have the
hour. The minute stands nowhere but in ``next_stage_at``, without which nobody could be called in time, and goes when
the alert is answered. What the staff do has its time.
"""

import datetime
import logging
from collections.abc import Callable
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from box.models import Letter, Message
from box.services.submitting import hour_of
from journal.alert_stages import (
    has_left,
    last_stage_of,
    left_alone,
    next_round_at,
    people_of,
    rules_of,
    told_so_far,
)
from journal.models import Alert, Entry, Trail
from journal.models.trail import Book
from journal.services import at_region, spare_keys
from journal.services.refusing import refusal_stays
from journal.services.trail import append, entry_about, lock_book
from schools.errors import Conflict, Refused
from schools.mailing import OUTDATED
from schools.models import Mail, Sealed, User
from schools.services.posting import post
from vault.errors import NotForThisKey
from vault.keyring import Keyring

log = logging.getLogger(__name__)

# Letters that nobody has given a number or set aside: both see to it that there is an alert.
_UNREGISTERED = (Letter.State.IN_BOX, Letter.State.TAKEN_OUT, Letter.State.AT_REGION)


@transaction.atomic
def raise_alert(
    *,
    letter: Letter | None = None,
    message: Message | None = None,
    entry: Entry | None = None,
    in_hand: bool = True,
) -> Alert:
    """Somebody is in danger: write it down, and tell those who may read it. The same one again is the same alert.

    By a letter, a message of its author (``letter`` may be left out then), or an entry that the staff marked: that
    one is answered at once, by whoever registered it, unless it is not ``in_hand``: whoever took a call may neither
    read it again nor work on it.
    """
    if message is not None:
        letter = message.letter
    marked = message or letter or entry
    if marked is None:
        raise ValueError("An alert is of a letter, a message or an entry.")
    school = letter.school if letter is not None else entry.school
    book = lock_book(school)
    former = _former(letter, message, entry)
    if former is not None:
        return former
    alert = Alert(
        school=school,
        letter=letter,
        message=message,
        entry=entry,
        raised_at=_raised_at(letter, message, entry),
    )
    _lock_like(alert, marked)
    by = entry.registered_by if entry is not None else None
    if by is not None and in_hand:
        alert.answered_by, alert.answered_at = by, alert.raised_at
    alert.save(force_insert=True)
    _append(book, alert, Trail.Step.ALERT_RAISED, by=by)
    if alert.answered_by is not None:
        _append(book, alert, Trail.Step.ALERT_ANSWERED, by=by)
    else:
        _tell(book, alert, now=timezone.now(), stage=Alert.Stage.KEY_HOLDERS)
    return alert


def _former(letter: Letter | None, message: Message | None, entry: Entry | None) -> Alert | None:
    if message is not None:
        return Alert.objects.filter(message=message).first()
    if entry is not None:
        return Alert.objects.filter(entry=entry).first()
    return Alert.objects.filter(letter=letter, message=None, entry=None).first()


def _raised_at(
    letter: Letter | None, message: Message | None, entry: Entry | None
) -> datetime.datetime:
    if message is not None:
        return message.sent_hour
    return entry.registered_at if entry is not None else letter.arrived_hour


def _lock_like(alert: Alert, marked: Sealed) -> bytes:
    """Seal a fresh content key of the alert to whom the marked row is sealed; needs no key. Returns the content key."""
    if marked.school_key is not None:
        return alert.lock_for_school(marked.school_key)
    people = User.objects.filter(pk__in=[int(person) for person in marked.personal_keys])
    key = alert.lock_for_people(
        (user.pk, bytes(user.public_key)) for user in people if user.has_pair
    )
    # Whoever has no pair just now is one of them none the less.
    alert.personal_keys = {**dict.fromkeys(marked.personal_keys, ""), **alert.personal_keys}
    return key


def _append(
    book: Book,
    alert: Alert,
    step: str,
    *,
    by: User | None = None,
    at: datetime.datetime | None = None,
    **facts: object,
) -> None:
    """A row about the alert's entry, or the letter before it has one. What the program writes has the hour."""
    entry = entry_about(alert)
    append(
        book=book,
        step=step,
        by=by,
        entry=entry,
        letter=alert.letter if entry is None else None,
        facts={"alert": str(alert.uid), **facts},
        at=None if by is not None else at or alert.raised_at,
    )


def _tell(book: Book, alert: Alert, *, now: datetime.datetime, stage: int) -> None:
    """Tell everybody up to ``stage``, or up to the first stage after it that reaches somebody new by e-mail.

    A stage whose people are told already, or have no address, would be minutes waited for nothing. Told at the
    region, the words open to its named person.
    """
    last = last_stage_of(alert)
    known = {person.pk for person in told_so_far(alert)} if alert.rounds else set()
    while stage < last:
        added = [person for person in people_of(alert, stage) if person.pk not in known]
        if any(person.email for person in added):
            break
        _append(book, alert, Trail.Step.ALERT_SENT, at=hour_of(now), stage=stage, told=0)
        stage += 1
    alert.stage = min(stage, last)
    if alert.stage == Alert.Stage.REGION:
        at_region.reach(book=book, alert=alert)
    alert.rounds += 1
    alert.next_stage_at = next_round_at(rules_of(alert.school), now, rounds=alert.rounds)
    alert.save(update_fields=["stage", "rounds", "next_stage_at"])
    told = [
        post(
            person=person,
            school=alert.school,
            kind=Mail.Kind.DANGER,
            occasion=f"danger:{alert.pk}:{alert.rounds}:{person.pk}",
            figures={},
        )
        for person in told_so_far(alert)
    ]
    _append(
        book,
        alert,
        Trail.Step.ALERT_SENT,
        at=hour_of(now),
        stage=alert.stage,
        told=sum(mail is not None for mail in told),
    )


def escalate_due(now: datetime.datetime | None = None) -> int:
    """Raise what is missing, and tell the next ones of what nobody answered in time; returns how many alerts moved.

    Safe to repeat, and with several workers at once: each alert moves under the lock of its school's book. What fails
    for one alert is logged, and the others are told.
    """
    now = now or timezone.now()
    moved = 0
    letters = Letter.objects.filter(danger=True, state__in=_UNREGISTERED).exclude(
        pk__in=Alert.objects.filter(message=None, letter__isnull=False).values("letter")
    )
    for letter in letters.select_related("school").order_by("school_id", "pk"):
        moved += _tried(partial(raise_alert, letter=letter))
    messages = Message.objects.filter(danger=True, kind=Message.Kind.FROM_AUTHOR, alert=None)
    for message in messages.select_related("letter__school").order_by("pk"):
        moved += _tried(partial(raise_alert, message=message))
    for pk in left_alone():
        moved += _tried(partial(_wait_again, pk, now))
    due = Alert.objects.filter(answered_at__isnull=True, next_stage_at__lte=now).order_by("pk")
    for pk in due.values_list("pk", flat=True):
        moved += _tried(partial(_go_on, pk, now))
    return moved


def _tried(tell: Callable[[], Alert | bool]) -> int:
    try:
        return int(bool(tell()))
    except Exception:
        log.exception("A danger alert could not be told; it is tried again.")
        return 0


@transaction.atomic
def _go_on(pk: int, now: datetime.datetime) -> bool:
    book = lock_book(Alert.objects.select_related("school").get(pk=pk).school)
    alert = _locked(pk)
    # Another worker may have been quicker, or somebody has answered.
    if not alert.waits or alert.next_stage_at is None or alert.next_stage_at > now:
        return False
    _tell(book, alert, now=now, stage=alert.stage + 1)
    return True


@transaction.atomic
def _wait_again(pk: int, now: datetime.datetime) -> bool:
    """Whoever said that they deal with it has left: everybody who may read it is told once more, and those named for
    it at once. Who it was stays in the trail."""
    book = lock_book(Alert.objects.select_related("school").get(pk=pk).school)
    alert = _locked(pk)
    if alert.waits or alert.outcome or not has_left(alert):
        return False
    alert.answered_by, alert.answered_at, alert.stage = None, None, Alert.Stage.KEY_HOLDERS
    alert.save(update_fields=["answered_by", "answered_at", "stage"])
    _append(book, alert, Trail.Step.ALERT_RAISED, at=hour_of(now), again=True)
    _tell(book, alert, now=now, stage=Alert.Stage.DEPUTIES)
    return True


def _locked(pk: int) -> Alert:
    return (
        Alert.objects.select_for_update(of=("self",))
        .select_related("school", "letter", "message", "entry", "answered_by")
        .get(pk=pk)
    )


def _check(alert: Alert, by: User) -> None:
    if not by.has_perm("journal.answer_alert", alert.school) or alert.is_withheld_from(by.pk):
        raise Refused(_("Your role does not answer danger alerts in this school."))


@refusal_stays
@transaction.atomic
def answer(*, alert: Alert, by: User) -> Alert:
    """Somebody deals with it, by name: from now on nobody else is called. Raises Refused, and Conflict naming who was
    first."""
    book = lock_book(alert.school)
    alert = _locked(alert.pk)
    _check(alert, by)
    if not alert.waits:
        raise Conflict(
            _("%(person)s is dealing with this alert already.") % {"person": alert.answered_by}
        )
    put_in_hand(alert=alert, by=by)
    _append(book, alert, Trail.Step.ALERT_ANSWERED, by=by)
    return alert


def put_in_hand(*, alert: Alert, by: User) -> None:
    """It is answered: nobody else is called, and spare keys that were not given are thrown away. The book is locked."""
    alert.answered_by, alert.answered_at, alert.next_stage_at = by, timezone.now(), None
    alert.save(update_fields=["answered_by", "answered_at", "next_stage_at"])
    spare_keys.throw_away(alert=alert)
    # What a mail server has not taken yet would call people hours later for something that is in hand.
    Mail.objects.filter(
        kind=Mail.Kind.DANGER,
        occasion__startswith=f"danger:{alert.pk}:",
        state=Mail.State.WAITING,
        in_hand_since__isnull=True,
    ).update(state=Mail.State.DROPPED, fault=OUTDATED)


@refusal_stays
@transaction.atomic
def close(*, alert: Alert, outcome: str, note: str, by: User) -> Alert:
    """It is over: acted upon, or a false alarm; ``note`` says what was done, or why. Raises Refused and Conflict.

    The note is sealed to those who read the letter; writing it needs no key.
    """
    book = lock_book(alert.school)
    alert = _locked(alert.pk)
    _check(alert, by)
    if alert.outcome:
        raise Conflict(_("Somebody else has closed this alert already."))
    if alert.waits:
        raise Refused(_("First say that you are dealing with it."))
    if outcome not in (Alert.Outcome.HELPED, Alert.Outcome.FALSE_ALARM):
        raise Refused(_("Choose how the alert ended."))
    if not note.strip():
        raise Refused(_("Write what was done, or why it was a false alarm."))
    put_to_end(alert=alert, outcome=outcome, note=note)
    _append(book, alert, Trail.Step.ALERT_CLOSED, by=by, outcome=alert.outcome)
    return alert


def put_to_end(*, alert: Alert, outcome: str, note: str) -> None:
    """Close it with a note for those who read the letter. The book is locked."""
    key = _lock_like(alert, alert.message or alert.letter or alert.entry)
    # Where none of those who read the letter has a pair just now, a note would be sealed to nobody.
    if not alert.opens_to_nobody:
        alert.write({"note": note.strip()}, key=key)
    alert.outcome, alert.closed_at = outcome, timezone.now()
    alert.save()


def open_to(*, entry: Entry, person: User, keyring: Keyring) -> None:
    """A colleague to whom an entry sealed in person is opened sees its alerts too. The book is locked."""
    alerts = Alert.objects.select_for_update().filter(
        Q(entry=entry) | Q(letter=entry.letter_id, letter__isnull=False), school_key__isnull=True
    )
    for alert in alerts:
        try:
            key = alert.content_key(keyring)
        except NotForThisKey:
            # Whoever opens the entry had no pair when the alert was sealed: only its note stays closed.
            alert.personal_keys = {**alert.personal_keys, str(person.pk): ""}
        else:
            alert.share_with(person.pk, bytes(person.public_key), key=key)
        alert.save(update_fields=["personal_keys"])
