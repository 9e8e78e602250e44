"""The conversation with a letter's author as the staff reads it, and which entries repeat which."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q

from box.models import Letter, Message
from journal.models import Entry
from schools.models import User
from schools.models.sealed import not_withheld_from
from schools.region_officers import WRITERS
from vault.keyring import Keyring


@dataclass(frozen=True)
class Said:
    """One message. ``text`` is None where it is closed to the reader; ``role`` is empty of the author's own."""

    message: Message
    text: str | None = field(repr=False)
    role: str
    # Nobody of the school had opened it before.
    is_new: bool

    @property
    def from_author(self) -> bool:
        """Whether the author wrote it."""
        return self.message.from_author


def conversation_of(entry: Entry, keyring: Keyring) -> list[Said]:
    """Both sides, oldest first; one query however long it is."""
    if entry.letter is None:
        return []
    messages = Message.objects.filter(letter=entry.letter).order_by("position")
    return [said_in(message, entry.letter, keyring) for message in messages]


def added_to(letters: Iterable[Letter], keyring: Keyring) -> dict[int, list[Said]]:
    """What authors wrote after letters that have no number, oldest first, by the letter's id. One query."""
    by_id = {letter.pk: letter for letter in letters}
    found: dict[int, list[Said]] = {}
    for message in Message.objects.filter(letter__in=by_id).order_by("position"):
        letter = by_id[message.letter_id]
        found.setdefault(letter.pk, []).append(said_in(message, letter, keyring))
    return found


def said_in(message: Message, letter: Letter, keyring: Keyring) -> Said:
    message.letter = letter
    content = message.read_or_none(keyring)
    return Said(
        message=message,
        text=content["text"] if content else None,
        role=str(WRITERS.get((content or {}).get("role", ""), "")),
        is_new=message.from_author and not message.seen,
    )


def mark_seen(said: list[Said]) -> None:
    """What the author wrote and this reader has on the screen now is new to nobody any more."""
    new = [turn.message.pk for turn in said if turn.is_new and turn.text is not None]
    if new:
        Message.objects.filter(pk__in=new).update(seen=True)


def wrote_back(person_id: int) -> Exists:
    """The condition for entries whose author wrote what nobody has opened, among those not withheld from a person."""
    return Exists(
        Message.objects.filter(
            not_withheld_from(person_id),
            letter=OuterRef("letter"),
            kind=Message.Kind.FROM_AUTHOR,
            seen=False,
        )
    )


@dataclass(frozen=True)
class Repeats:
    """What an entry repeats and by which it is repeated, as far as it is for this person to know."""

    of: Entry | None
    by: list[Entry]


def repeats_of(entry: Entry, user: User) -> Repeats:
    """Entries withheld from the person are left out on both sides; one query."""
    linked = Q(repeat_of=entry.pk) | Q(pk=entry.repeat_of_id)
    rows = list(
        Entry.objects.filter(linked, not_withheld_from(user.pk), school=entry.school_id)
        .select_related("volume")
        .only("number", "volume", "repeat_of_id")
        .order_by("volume__number", "number")
    )
    return Repeats(
        of=next((row for row in rows if row.pk == entry.repeat_of_id), None),
        by=[row for row in rows if row.repeat_of_id == entry.pk],
    )


def earlier_entry(entry: Entry, *, volume: int, number: int, user: User) -> Entry | None:
    """The entry of the same school with this number in a volume, when it is earlier and the person may know of it."""
    book = Q(volume__book=entry.volume.book)
    before = Q(volume__number__lt=entry.volume.number)
    before |= Q(volume=entry.volume_id, number__lt=entry.number)
    return (
        Entry.objects.filter(
            # In another book of the school the numbers say nothing of what came first.
            (book & before) | (~book & Q(registered_at__lt=entry.registered_at)),
            not_withheld_from(user.pk),
            school=entry.school_id,
            volume__number=volume,
            number=number,
        )
        .select_related("volume", "school")
        .first()
    )
