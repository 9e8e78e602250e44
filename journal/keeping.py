"""What has been kept for as long as the regulation asks, and may be destroyed: days alone decide, no key is needed.

The regulation in force today says how long. Nothing is due that is under a legal hold, or with which somebody still has
to do: an entry that is not closed, a danger alert that has no end, a body that has not answered, a task of the
commission, a meeting that is to talk about it, a message of its author that nobody has read.
"""

import calendar
import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from box.models import Attachment, Message
from journal.models import (
    AgendaPoint,
    Alert,
    Decision,
    Destruction,
    Doomed,
    Entry,
    Escalation,
    Forwarding,
    Meeting,
    TakenLetter,
    Trail,
)
from schools.models import Regulation, School
from schools.selectors import regulation_of

DRAWS_UP, APPROVES = "journal.draw_up_destruction", "journal.approve_destruction"
# For so long what an author writes back waits to be read before it is destroyed with its letter.
UNREAD_FOR = datetime.timedelta(days=365)
# A longer list is read by no meeting; the rest is due the next time.
MOST_LINES = 500


@dataclass(frozen=True)
class Due:
    """What may be destroyed today, each in the order of the books."""

    entries: list[Entry]
    taken: list[TakenLetter]
    files: list[Attachment]

    def __len__(self) -> int:
        return len(self.entries) + len(self.taken) + len(self.files)


def months_before(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months earlier; the last of the month where that one is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(day.day, last))


def due_in(school: School) -> Due:
    """Everything that may be destroyed and stands on no open list, at most ``MOST_LINES`` of it.

    Nothing where the school has no regulation.
    """
    try:
        rules = regulation_of(school)
    except Regulation.DoesNotExist:
        return Due([], [], [])
    entries = list(entries_due(school, rules)[:MOST_LINES])
    left = MOST_LINES - len(entries)
    taken = list(letters_due(school, rules)[:left])
    files = files_due(school, rules, left - len(taken))
    return Due(entries=entries, taken=taken, files=files)


def _listed(name: str) -> Exists:
    """Whether a row stands on a list that is not carried out and not called off."""
    return Exists(
        Doomed.objects.filter(
            destruction__done_on__isnull=True,
            destruction__called_off_on__isnull=True,
            spared=False,
            **{name: OuterRef("pk")},
        )
    )


def finished_on() -> Coalesce:
    """Of an entry, the day from which it is kept: its end, or where that is unknown its reply, or its coming.

    The index ``entry_kept_from`` is in this order.
    """
    return Coalesce(F("closed_on"), F("answered_on"), F("taken_on"))


def entries_due(school: School, rules: Regulation) -> QuerySet[Entry]:
    """Closed entries whose years are over, the oldest first, each with ``kept_from``."""
    return (
        entries_kept_from(school, last_of_entries(school, rules))
        .select_related("volume", "category")
        .order_by("volume__number", "number")
    )


def last_of_entries(school: School, rules: Regulation) -> datetime.date:
    """An entry finished on that day, or earlier, has been kept for long enough today."""
    return months_before(school.today(), 12 * rules.keep_years)


def entries_kept_from(
    school: School | OuterRef, until: datetime.date | OuterRef
) -> QuerySet[Entry]:
    """Entries at rest and on no open list that are kept from that day or an earlier one, each with ``kept_from``."""
    return (
        at_rest(Entry.objects.filter(school=school))
        .annotate(kept_from=finished_on())
        .filter(~_listed("entry"), kept_from__lte=until)
    )


def at_rest(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """Those of the entries with which nobody has anything to do any more, and that no hold keeps."""
    mine = Q(entry=OuterRef("pk"))
    return entries.filter(
        ~Exists(
            Alert.objects.filter(
                mine | Q(letter__isnull=False, letter=OuterRef("letter")), outcome=""
            )
        ),
        ~Exists(
            Escalation.objects.filter(
                mine | Q(letter__isnull=False, letter=OuterRef("letter")), outcome=""
            )
        ),
        ~Exists(Forwarding.objects.filter(mine, answered_on__isnull=True)),
        ~Exists(Decision.objects.filter(mine, due_on__isnull=False, done_on__isnull=True)),
        ~Exists(AgendaPoint.objects.filter(mine, meeting__state=Meeting.State.PLANNED)),
        ~waits_to_be_read(),
        state=Entry.State.CLOSED,
        held=False,
        destroyed_on__isnull=True,
    )


def letters_due(school: School, rules: Regulation) -> QuerySet[TakenLetter]:
    """Letters set aside whose months are over, by the openings at which they were taken out."""
    return (
        letters_set_aside_before(school, end_of_aside(school, rules))
        .select_related("opening", "letter")
        .order_by("opening__year", "opening__number", "position")
    )


def end_of_aside(school: School, rules: Regulation) -> datetime.datetime:
    """A letter set aside at an opening before then has been kept for long enough today."""
    return _end_of(school, months_before(school.today(), rules.keep_aside_months))


def letters_set_aside_before(
    school: School | OuterRef, until: datetime.datetime | OuterRef
) -> QuerySet[TakenLetter]:
    """Letters set aside, on no open list, that were taken out before then and about which nobody is alarmed."""
    return letters_at_rest(TakenLetter.objects.filter(opening__school=school)).filter(
        ~_listed("taken"), opening__opened_at__lt=until
    )


def letters_at_rest(taken: QuerySet[TakenLetter]) -> QuerySet[TakenLetter]:
    """Those of the letters that were set aside, and with which nobody has anything to do any more."""
    mine = {"letter": OuterRef("letter"), "outcome": ""}
    return taken.filter(
        ~Exists(Alert.objects.filter(**mine)),
        ~Exists(Escalation.objects.filter(**mine)),
        ~waits_to_be_read(),
        set_aside_as__gt="",
        destroyed_on__isnull=True,
    )


def waits_to_be_read() -> Exists:
    """Whether the author of a row's letter has written back what nobody has read yet; not for ever."""
    return Exists(
        Message.objects.filter(
            letter=OuterRef("letter"),
            kind=Message.Kind.FROM_AUTHOR,
            seen=False,
            sent_hour__gt=timezone.now() - UNREAD_FOR,
        )
    )


def files_due(school: School, rules: Regulation, at_most: int = MOST_LINES) -> list[Attachment]:
    """Files of closed entries that nobody ever opened, and whose months since the end of the work are over.

    The files of an entry that is itself due are not listed beside it.
    """
    if at_most <= 0:
        return []
    found: list[Attachment] = []
    rows = _files_of_old(school, rules).order_by("pk")
    last = 0
    while batch := list(rows.filter(pk__gt=last)[:MOST_LINES]):
        last = batch[-1].pk
        read = read_of(batch)
        found += [
            file
            for file in batch
            if not file.opens_to_nobody and (file.letter_id, file.position) not in read
        ]
        if len(found) >= at_most:
            break
    return found[:at_most]


def _files_of_old(school: School, rules: Regulation) -> QuerySet[Attachment]:
    today = school.today()
    old = (
        at_rest(Entry.objects.filter(school=school))
        .annotate(kept_from=finished_on())
        .filter(
            kept_from__lte=months_before(today, rules.keep_unread_files_months),
            kept_from__gt=months_before(today, 12 * rules.keep_years),
        )
    )
    came = _end_of(school, months_before(today, rules.keep_unread_files_months))
    return Attachment.objects.filter(
        # What an author sends when the work is over is new, however old the letter is.
        Q(message=None) | Q(message__sent_hour__lt=came),
        ~_listed("file"),
        letter__entry__in=old.values("pk"),
    ).select_related("letter__entry__volume", "letter__taken")


def read_of(files: list[Attachment]) -> set[tuple[int, int]]:
    """Letter and place of those files that somebody opened: under the entry, or before it had its number."""
    by_entry = {file.letter.entry.pk: file.letter_id for file in files}
    by_taken = {
        (taken.opening_id, taken.position): file.letter_id
        for file in files
        if (taken := getattr(file.letter, "taken", None)) is not None
    }
    rows = Trail.objects.filter(
        Q(entry__in=by_entry) | Q(opening__in={opening for opening, _place in by_taken}),
        step=Trail.Step.FILE_READ,
    ).values_list("entry_id", "opening_id", "facts")
    read = {
        (
            by_entry.get(entry) or by_taken.get((opening, facts.get("position"))),
            facts.get("file"),
        )
        for entry, opening, facts in rows
    }
    return {(letter, place) for letter, place in read if letter is not None}


def _end_of(school: School, day: datetime.date) -> datetime.datetime:
    after = day + datetime.timedelta(days=1)
    return datetime.datetime.combine(after, datetime.time(), tzinfo=school.zone)


def letters_resting(taken: Iterable[int]) -> set[int]:
    """Ids of those of the letters set aside that may be destroyed as far as they are concerned."""
    rows = TakenLetter.objects.filter(pk__in=list(taken))
    return set(letters_at_rest(rows).values_list("pk", flat=True))


def resting(entries: Iterable[int]) -> set[int]:
    """Ids of those of the entries that may be destroyed as far as they are concerned: not taken up again, not held."""
    return set(at_rest(Entry.objects.filter(pk__in=list(entries))).values_list("pk", flat=True))


def open_lists(*schools: School) -> QuerySet[Destruction]:
    """Lists that wait for their approval, or to be carried out."""
    return Destruction.objects.filter(
        school__in=schools, done_on__isnull=True, called_off_on__isnull=True
    )


def lines_of(destruction: Destruction) -> Iterator[Doomed]:
    """The lines of a list in their order, with everything that names them. One query."""
    rows = destruction.lines.select_related(
        "entry__volume",
        "entry__category",
        "entry__school",
        "entry__letter",
        "taken__opening",
        "taken__letter",
        "file__letter__entry__volume",
    )
    yield from rows.order_by("pk")
