"""What pages, prints and exports say of what was destroyed: by which act, and when."""

import datetime
from collections.abc import Callable, Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from journal.models import AgendaPoint, Doomed, Entry, Meeting, TakenLetter, Volume
from vault.keyring import Keyring

# Number of the act, and its day.
Act = tuple[int, datetime.date]


def _done(**lines: object) -> QuerySet[Doomed]:
    return Doomed.objects.filter(spared=False, destruction__done_on__isnull=False, **lines)


def _acts(lines: QuerySet[Doomed], name: str) -> dict[int, Act]:
    rows = lines.values_list(name, "destruction__number", "destruction__done_on")
    return {row: (number, day) for row, number, day in rows}


def acts_of_entries(entries: Iterable[Entry]) -> dict[int, Act]:
    """By the entry's id. Asks the database only where something was destroyed."""
    ids = [entry.pk for entry in entries if entry.destroyed_on is not None]
    return _acts(_done(entry__in=ids), "entry_id") if ids else {}


def acts_of_volume(volume: Volume) -> dict[int, Act]:
    """The same of a whole volume, in one query."""
    return _acts(_done(entry__volume=volume), "entry_id")


def acts_of_letters(taken: Iterable[TakenLetter]) -> dict[int, Act]:
    """Of letters set aside, by the id of the taken letter."""
    ids = [row.pk for row in taken if row.destroyed_on is not None]
    return _acts(_done(taken__in=ids), "taken_id") if ids else {}


def acts_of_files(letter_id: int) -> dict[int, Act]:
    """Of files of a letter that were destroyed without it, by their ids."""
    return _acts(_done(file__letter=letter_id), "file_id")


def tells_of_destroyed(meeting: Meeting) -> bool:
    """Whether something that the meeting talked about is destroyed."""
    return AgendaPoint.objects.filter(meeting=meeting, entry__destroyed_on__isnull=False).exists()


def protocol_opens(meeting: Meeting, keyring: Keyring) -> bool:
    """Whether this person reads a meeting: also one whose guests were destroyed with the last entry it talked about."""
    if meeting.state == Meeting.State.HELD and meeting.opens_to_nobody:
        return keyring.opens_school_key(meeting.school_key_id)
    return meeting.read_or_none(keyring) is not None


def destroyed_by(act: Act | None, day: Callable[[datetime.date], str]) -> str:
    """«Destroyed by act № 3 of 21.11.2026», in the language that is active; ``day`` writes the date."""
    if act is None:
        return _("The content was destroyed.")
    number, on = act
    return _("Destroyed by act № %(number)s of %(date)s") % {"number": number, "date": day(on)}
