"""What the author and the school write to each other: each message sealed to both sides, in one order.

A message has a content key of its own. The author is given that one, and never the letter's: under the letter's key lie
the notes that the school takes for itself.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from box.files.worker import CleanFile
from box.models import Letter, Message
from box.services import attaching
from box.services.danger import FreshKeys, cry_for_help, lock_book_of
from box.services.staying import is_here
from box.services.submitting import Submitted, hour_of
from schools.errors import Refused
from schools.models import School, SchoolKey, Sealed, User
from schools.region_officers import WRITES_AS, officers_of, reader_of
from schools.selectors import has_key_holder, key_in_use, readers_in_person
from vault.errors import NotForThisKey
from vault.keyring import Keyring
from vault.pairs import KeyPair

log = logging.getLogger(__name__)


class NobodyReads(Exception):
    """There is nobody to whom a new message about the letter could be sealed."""


class LetterGone(Exception):
    """The author took the conversation away in this moment: for the code there is no letter any more."""


@dataclass(frozen=True)
class Turn:
    """One message as its author's page shows it. ``role`` is empty of the author's own."""

    message: Message
    text: str
    role: str
    files: int
    # Whether the author has it on the screen for the first time.
    is_new: bool

    @property
    def from_author(self) -> bool:
        """Whether the author wrote it."""
        return self.message.from_author


def _called(setting: str) -> Callable[..., object]:
    # The book lies in a room above this one: the settings join them.
    return import_string(getattr(settings, setting))


def _locked(letter: Letter) -> Letter:
    """The letter's row, locked: one message at a time takes its place in the conversation."""
    return (
        Letter.objects.select_for_update(of=("self",), no_key=True)
        .select_related("school")
        .get(pk=letter.pk)
    )


def _add(
    letter: Letter, lock: Callable[[Sealed], bytes], content: dict[str, str], **facts: object
) -> Message:
    """The next message of the locked letter, sealed by ``lock`` and to the author.

    Raises Refused: the school has left with the letter.
    """
    if letter.state != Letter.State.AT_REGION and not is_here(letter.school):
        raise Refused(
            _("The school has left with its trust box: nothing is written to this letter here.")
        )
    last = Message.objects.filter(letter=letter).aggregate(last=Max("position"))["last"] or 0
    message = Message(letter=letter, position=last + 1, sent_hour=hour_of(timezone.now()), **facts)
    key = lock(message)
    message.seal_to_author(key=key)
    message.write(content, key=key)
    message.save(force_insert=True)
    return message


def lock_as_of(letter: Letter) -> Callable[[Sealed], bytes]:
    """What seals a new row to those who read the letter now, and gives the row's content key. Raises NobodyReads.

    The school's key in use; of a letter sealed in person, its people of now, also those to whom it was opened later:
    never one whom the letter is about. Called inside a transaction.
    """
    if letter.school_key_id is None:
        people = (
            readers_at_region(letter)
            if letter.state == Letter.State.AT_REGION
            else readers_in_person(letter.school, letter)
        )
        if not people:
            raise NobodyReads
        return lambda row: row.lock_for_people(
            (person.pk, bytes(person.public_key)) for person in people
        )
    school_key = key_in_use(letter.school)
    if school_key is None or not has_key_holder(letter.school):
        raise NobodyReads
    return lambda row: row.lock_for_school(school_key)


def readers_at_region(letter: Letter) -> list[User]:
    """Who reads a letter that lies with the region: the people it is sealed to, with the pair they had then, or with a
    new one as long as they may be called; and whoever is named for its school now."""
    now, called = reader_of(letter.school), {one.person for one in officers_of(letter.school)}
    people = User.objects.filter(
        pk__in=[int(person) for person in letter.personal_keys], is_active=True
    ).exclude(public_key=b"")
    readers = [
        person
        for person in people.order_by("pk")
        if person in called or letter.is_sealed_to(person.pk, bytes(person.public_key))
    ]
    if now is not None and now.person not in readers:
        readers.append(now.person)
    return readers


def add_from_region(*, letter: Letter, text: str, by: User) -> Message:
    """A message to the author from the named person of the region, whom the caller has let write; in its transaction.

    Who reads the letter at the school reads it too; where nobody does, its writer alone. Raises Refused: its author
    took the conversation away.
    """
    letter = _locked(letter)
    if letter.taken_away:
        raise Refused(_taken_away())
    try:
        lock = lock_as_of(letter)
    except NobodyReads:

        def lock(row: Sealed) -> bytes:
            return row.lock_for_people([(by.pk, bytes(by.public_key))])

    fresh = FreshKeys()
    content = {"text": text, "role": WRITES_AS}
    message = _add(letter, fresh.noting(lock), content, kind=Message.Kind.MESSAGE)
    fresh.keep_for_region(letter=letter, message=message)
    return message


def _taken_away() -> str:
    return _(
        "The author has taken the conversation away from the site and would not see the message. "
        "Choose another way to answer."
    )


def add_from_school(
    *, letter: Letter, kind: str, text: str, role: str, keyring: Keyring
) -> Message:
    """A message to the author from somebody who can open the letter, in their role; in the caller's transaction.

    Raises Refused: the letter is closed to this keyring, or its author took the conversation away.
    """
    letter = _locked(letter)
    if letter.taken_away:
        raise Refused(_taken_away())
    try:
        letter.content_key(keyring)
    except NotForThisKey:
        raise Refused(_("This letter is closed to you: you do not hold its key.")) from None
    try:
        lock = lock_as_of(letter)
    except NobodyReads:
        raise Refused(
            _(
                "Nobody who may read this letter holds the school’s key: the key has to be given first."
            )
        ) from None
    fresh = FreshKeys()
    content = {"text": text, "role": role}
    message = _add(letter, fresh.noting(lock), content, kind=Message.Kind(kind))
    if letter.with_region:
        fresh.keep_for_region(letter=letter, message=message)
    return message


def write_back(
    *, letter: Letter, text: str, danger: bool, form_hash: bytes, files: Sequence[CleanFile] = ()
) -> Message | Submitted:
    """A message of the author, to everybody who reads the letter; ``Submitted.SENT_BEFORE`` for the same form again.

    Raises Refused (nobody could read it; nothing is stored), LetterGone and NotPutAway.
    """
    with attaching.stored(files):
        return _write_back(letter, text, danger, form_hash, files)


@transaction.atomic
def _write_back(
    letter: Letter, text: str, danger: bool, form_hash: bytes, files: Sequence[CleanFile]
) -> Message | Submitted:
    if danger:
        lock_book_of(letter.school)
    if letter.school_key_id is None:
        _lock_keys(letter.school)
    letter = _locked(letter)
    if letter.taken_away or letter.opens_to_nobody:
        raise LetterGone
    if Message.objects.filter(form_hash=form_hash).exists():
        return Submitted.SENT_BEFORE
    try:
        lock = lock_as_of(letter)
    except NobodyReads:
        lock = _lock_for_region(letter) if danger else None
    if lock is None:
        raise Refused(
            _(
                "Just now there is nobody at the school who could open your message, so it was not sent. "
                "Your words are still here. If you need help, please call one of the numbers below."
            )
        )
    fresh = FreshKeys()
    lock = fresh.noting(lock)
    message = _add(
        letter,
        lock,
        {"text": text},
        kind=Message.Kind.FROM_AUTHOR,
        danger=danger,
        form_hash=form_hash,
    )
    attaching.attach(letter=letter, message=message, files=files, lock=lock)
    if danger or letter.with_region:
        fresh.keep_for_region(letter=letter, message=message)
    if danger:
        cry_for_help(letter=letter, message=message)
    _tell_readers(letter)
    transaction.on_commit(partial(_called("ARRIVAL_RECORDER"), letter.school_id))
    return message


def _lock_for_region(letter: Letter) -> Callable[[Sealed], bytes] | None:
    """Where nobody at the school could open a cry for help: to the named person of the region, if there is one."""
    officer = reader_of(letter.school)
    if officer is None:
        return None
    reader = (officer.person.pk, bytes(officer.person.public_key))
    return lambda row: row.lock_for_people([reader])


def _tell_readers(letter: Letter) -> None:
    """The mail to those who read the letter.

    Should it fail, the message is stored all the same, and counts on the first page and in the morning's mail.
    """
    try:
        with transaction.atomic():
            _called("AUTHOR_WROTE_RECORDER")(letter)
    except Exception:
        log.exception("Nobody was told by e-mail that an author wrote back.")


def _lock_keys(school: School) -> None:
    # Whoever takes a key from somebody locks it first: nobody ceases to hold it before the message is stored.
    list(
        SchoolKey.objects.select_for_update(no_key=True).filter(
            school=school, retired_at__isnull=True
        )
    )


def conversation(*, letter: Letter, pair: KeyPair) -> list[Turn]:
    """Both sides, oldest first, as the author reads them; what the school wrote counts as seen from now on.

    Raises LetterGone.
    """
    messages = list(
        Message.objects.filter(letter=letter)
        .annotate(files=Count("attachments"))
        .order_by("position")
    )
    turns = []
    for message in messages:
        message.letter = letter
        if not message.author_sealed_key:
            # Taken away since the letter was looked up, from another window.
            raise LetterGone
        content = message.read_by_author(pair)
        turns.append(
            Turn(
                message=message,
                text=content["text"],
                role=content.get("role", ""),
                files=message.files,
                is_new=not message.from_author and not message.seen,
            )
        )
    new = [turn.message.pk for turn in turns if turn.is_new]
    if new:
        Message.objects.filter(pk__in=new).update(seen=True)
    return turns


@transaction.atomic
def take_away(*, letter: Letter) -> None:
    """The code opens nothing from now on, and nobody outside reads the messages again. The journal keeps what it has.

    The book gets its row as of an arrival: with the hour alone. Twice is once.
    """
    letter = _locked(letter)
    if letter.taken_away:
        return
    Letter.objects.filter(pk=letter.pk).update(taken_away=True, bound=False)
    Message.objects.filter(letter=letter).update(author_sealed_key=b"")
    transaction.on_commit(partial(_called("ARRIVAL_RECORDER"), letter.school_id))
