"""What is read of the journal, narrowed to the schools of whoever asks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from journal.models import (
    Destruction,
    Entry,
    Forwarding,
    Meeting,
    Opening,
    Trail,
    Volume,
)
from schools.models import School, User
from schools.models.sealed import not_withheld_from
from schools.searching import as_searched
from schools.selectors import may_hold_key, narrowed, people_in
from vault import content as sealing
from vault.errors import NotForThisKey
from vault.keyring import Keyring

MOST_TALKABLE = 100  # open entries offered for an agenda


def entries_for(user: User, permission: str = "journal.view_entry") -> QuerySet[Entry]:
    """Entries of the person's schools, newest first."""
    return narrowed(
        Entry.objects.select_related("school", "volume", "category", "letter"),
        user=user,
        permission=permission,
    )


def openings_for(user: User, permission: str = "journal.view_opening") -> QuerySet[Opening]:
    """Openings of the person's schools, newest first."""
    return narrowed(
        Opening.objects.select_related("school", "opened_by"), user=user, permission=permission
    )


def meetings_for(user: User, permission: str = "journal.view_meeting") -> QuerySet[Meeting]:
    """Meetings of the commissions of the person's schools, newest first."""
    return narrowed(Meeting.objects.select_related("school"), user=user, permission=permission)


def talkable_entries(school: School, keyring: Keyring) -> list[tuple[Entry, str]]:
    """Entries a meeting can talk about, newest first, each with its summary: not finished, and closed to no reader."""
    rows = (
        Entry.objects.filter(school=school, school_key__isnull=False)
        .exclude(state=Entry.State.CLOSED)
        .select_related("volume")
        .order_by("-pk")[:MOST_TALKABLE]
    )
    found: list[tuple[Entry, str]] = []
    for entry in rows:
        content = entry.read_or_none(keyring)
        if content is not None:
            found.append((entry, content["summary"]))
    return found


def destructions_for(
    user: User, permission: str = "journal.view_destruction"
) -> QuerySet[Destruction]:
    """Lists for destruction of the person's schools, newest first."""
    rows = Destruction.objects.select_related("school", "meeting", "drawn_up_by", "done_by")
    return narrowed(rows, user=user, permission=permission)


def volumes_for(user: User, permission: str = "journal.view_volume") -> QuerySet[Volume]:
    """Volumes of the person's schools, newest first."""
    return narrowed(Volume.objects.select_related("school"), user=user, permission=permission)


def forwardings_for(user: User, permission: str = "journal.view_entry") -> QuerySet[Forwarding]:
    """Forwardings of the person's schools, those withheld from this person left out."""
    return narrowed(
        Forwarding.objects.select_related("entry__volume", "school", "body", "sent_by"),
        user=user,
        permission=permission,
    ).filter(not_withheld_from(user.pk))


def forwardings_open(user: User, permission: str = "journal.view_entry") -> QuerySet[Forwarding]:
    """Those of them that no body has answered yet, the most pressing first."""
    open_ones = forwardings_for(user, permission).filter(answered_on__isnull=True)
    return open_ones.order_by("due_on", "pk")


def was_printed(forwarding: Forwarding) -> bool:
    """Whether the trail knows of a print of its sheet."""
    prints = Trail.objects.filter(entry_id=forwarding.entry_id, step=Trail.Step.PRINTED)
    return prints.filter(facts__forwarding=str(forwarding)).exists()


def concerned_by(school: School, written: Mapping[str, Any]) -> QuerySet[User]:
    """Whom a letter is about: the people who had the roles it names when it came, and those who have them now."""
    return User.objects.filter(
        Q(uid__in=written.get("about_people", ()))
        | Q(pk__in=people_in(school, written.get("about", ())))
    )


@dataclass(frozen=True)
class Sharing:
    """To whom an entry sealed in person is open, and to which colleagues it may be opened."""

    open_to: list[User]
    colleagues: list[User]


def sharing_of(entry: Entry, written: Mapping[str, Any]) -> Sharing:
    """``written`` is the content of the entry's letter. Whoever it is about is never among the colleagues.

    Somebody who has had a new password set by others reads nothing that was sealed to them before, so the same
    people may be chosen again.
    """
    readers = [int(person) for person in entry.personal_keys]
    colleagues = (
        may_hold_key(entry.school)
        .exclude(public_key=b"")
        .exclude(pk__in=concerned_by(entry.school, written))
    )
    return Sharing(open_to=list(User.objects.filter(pk__in=readers)), colleagues=list(colleagues))


def history_of(entry: Entry) -> QuerySet[Trail]:
    """The entry's rows of the trail in order, without mere readings."""
    return (
        Trail.objects.filter(entry=entry)
        .exclude(step__in=[Trail.Step.READ, Trail.Step.FILE_READ])
        .select_related("by")
        .order_by("position")
    )


def matching(entries: Iterable[Entry], words: str, keyring: Keyring) -> list[int]:
    """Ids of the entries in whose number or content (the letter's own text too) every word stands.

    Everything is decrypted in memory, and nothing is kept.
    """
    wanted = as_searched(words).split()
    found: list[int] = []
    for entry in entries:
        text = _searched(entry, keyring)
        if all(word in text for word in wanted):
            found.append(entry.pk)
    return found


def _searched(entry: Entry, keyring: Keyring) -> str:
    """The entry's number and all that stands in it and in its letter, in one case; closed content is left out."""
    texts: list[str] = [str(entry.number)]
    try:
        key = entry.content_key(keyring)
    except NotForThisKey:
        return texts[0]
    texts += _words(sealing.decrypt(entry.content, key=key, context=entry.sealing_context()))
    letter = entry.letter
    if letter is not None:
        if bytes(letter.sealed_key) == bytes(entry.sealed_key) and letter.school_key_id:
            # One key for both, and opening it is what takes the time.
            written = sealing.decrypt(letter.content, key=key, context=letter.sealing_context())
        else:
            written = letter.read_or_none(keyring) or {}
        texts += _words(written)
    return as_searched("\n".join(texts))


def _words(content: Mapping[str, Any]) -> list[str]:
    """What people wrote; not, for one, whom a letter is about."""
    return [text for text in content.values() if isinstance(text, str)]


def for_search(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """The same entries with only what a search opens."""
    mine = ("number", "volume_id", "school_key_id", "sealed_key", "personal_keys", "content")
    letters = (
        "receipt_hash",
        "school_key_id",
        "sealed_key",
        "personal_keys",
        "content",
    )
    return (
        entries.select_related(None)
        .select_related("letter", "volume")
        .only(*mine, "volume__uid", *(f"letter__{name}" for name in letters))
    )
