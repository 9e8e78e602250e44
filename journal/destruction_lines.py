"""What a line of a list for destruction says: for the page, and for the papers."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from journal.keeping import lines_of
from journal.models import Destruction, Doomed, Entry


@dataclass(frozen=True)
class Line:
    """``what`` in words; ``since``: the day from which it was kept. ``category`` is empty where it is not told."""

    doomed: Doomed
    what: str
    category: str
    taken_on: datetime.date
    since: datetime.date | None

    @property
    def entry(self) -> Entry | None:
        """The entry that the line is, if it is one."""
        return self.doomed.entry


def told_lines(
    destruction: Destruction, *, language: str, person_id: int | None = None
) -> list[Line]:
    """The lines in order, in the language that is active. Two queries at most.

    Of what is withheld from the person only its number and day are told; without a person (a paper that goes through
    many hands), of all that is sealed to some people in person.
    """
    return [_line(row, language, person_id) for row in lines_of(destruction)]


def _line(row: Doomed, language: str, person_id: int | None) -> Line:
    if row.entry is not None:
        entry = row.entry
        told = _told(entry, person_id)
        return Line(
            doomed=row,
            what=_("Entry %(entry)s, %(volume)s") % {"entry": entry, "volume": _volume(entry)},
            category=entry.category.name_in(language) if told and entry.category else "",
            taken_on=entry.taken_on,
            since=kept_since(entry) if told else None,
        )
    if row.taken is not None:
        taken, opening = row.taken, row.taken.opening
        told = taken.letter is None or _told(taken.letter, person_id)
        opened_on = opening.opened_at.astimezone(row.destruction.school.zone).date()
        return Line(
            doomed=row,
            what=_("Letter set aside, opening %(opening)s, place %(place)s")
            % {"opening": opening, "place": taken.position},
            category=str(taken.get_set_aside_as_display()) if told else "",
            taken_on=opened_on,
            since=opened_on if told else None,
        )
    entry = row.file.letter.entry
    told = _told(entry, person_id)
    return Line(
        doomed=row,
        what=_("File that nobody opened, with entry %(entry)s, %(volume)s")
        % {"entry": entry, "volume": _volume(entry)},
        category=f"{capfirst(row.file.get_kind_display())} {row.file.position}" if told else "",
        taken_on=entry.taken_on,
        since=kept_since(entry) if told else None,
    )


def _volume(entry: Entry) -> str:
    return _("Volume %(volume)s") % {"volume": entry.volume}


def _told(row: object, person_id: int | None) -> bool:
    if person_id is None:
        return row.school_key_id is not None
    return not row.is_withheld_from(person_id)


def kept_since(entry: Entry) -> datetime.date:
    """The day from which its years count (``journal.keeping.finished_on``)."""
    return entry.closed_on or entry.answered_on or entry.taken_on


def counts_of(lines: Iterable[Line]) -> dict[str, int]:
    """How many entries, letters set aside and files are on it; what is kept all the same is left out."""
    counts = {"entries": 0, "letters": 0, "files": 0}
    for line in lines:
        if line.doomed.spared:
            continue
        if line.doomed.entry_id:
            counts["entries"] += 1
        elif line.doomed.taken_id:
            counts["letters"] += 1
        else:
            counts["files"] += 1
    return counts
