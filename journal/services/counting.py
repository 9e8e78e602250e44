"""Counts of months and how a school stands, changed in the transaction of the step that they count.

What an entry adds to the counts is a pure function of its open columns; a step writes the difference of before and
after, in one statement. Every change is made with the school's book locked, so that the counts of a school are changed
by one transaction at a time. ``recount`` makes all of it anew from the book (after an import, a demonstration's
filling, or a migration), and both ways come to the same.
"""

import datetime
import logging
from collections import Counter
from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import Count, F, Max, Q
from django.db.models.functions import TruncMonth

from journal.missed import opening_due
from journal.models import Book, Entry, Opening, Standing, Tally, Trail
from schools.models import School

log = logging.getLogger(__name__)

Kind = Tally.Kind
# (first day of the month, kind) → how many.
Counts = Counter[tuple[datetime.date, str]]

_ADD = """
    INSERT INTO journal_tally (school_id, month, kind, number) VALUES {rows}
    ON CONFLICT (school_id, month, kind) DO UPDATE SET number = journal_tally.number + excluded.number
"""
_TAKE = """
    UPDATE journal_tally SET number = number - %s
    WHERE school_id = %s AND month = %s AND kind = %s AND number >= %s
"""
_LAST_STEP = """
    INSERT INTO journal_standing (school_id, last_step_on) VALUES (%s, %s)
    ON CONFLICT (school_id) DO UPDATE SET last_step_on = excluded.last_step_on
    WHERE journal_standing.last_step_on IS NULL OR journal_standing.last_step_on < excluded.last_step_on
"""
_OPENING_DUE = """
    INSERT INTO journal_standing (school_id, opening_due_on) VALUES (%s, %s)
    ON CONFLICT (school_id) DO UPDATE SET opening_due_on = excluded.opening_due_on
"""
# Not a step that anybody took.
_NO_STEPS = (
    Trail.Step.REFUSED,
    Trail.Step.SIGN_IN_FAILED,
    # Not of the school's people.
    Trail.Step.REGION_TOOK,
    Trail.Step.REGION_READ,
    Trail.Step.REGION_WROTE,
    Trail.Step.REGION_CLOSED,
    Trail.Step.REGION_HANDED_OVER,
)
# Steps of a school's people, unless they are about a case that went to the region alone.
_ALSO_OF_THE_REGION = (Trail.Step.HELD, Trail.Step.RELEASED, Trail.Step.DESTROYED)


def _stored(day: datetime.date | None) -> object:
    """A day as the database takes it."""
    return connection.ops.adapt_datefield_value(day)


def month_of(day: datetime.date) -> datetime.date:
    """The first day of its month."""
    return day.replace(day=1)


def counts_of(entry: Entry) -> Counts:
    """What the entry as it stands adds to the counts. Pure: asks the database nothing.

    A letter counts in the month in which it was taken out, its reply in the month of the reply, its end in the month
    in which the work was finished. A reply without a deadline is in time.
    """
    counts: Counts = Counter()
    counts[month_of(entry.taken_on), Kind.LETTERS] += 1
    if entry.danger:
        counts[month_of(entry.taken_on), Kind.DANGER] += 1
    if entry.answered_on is not None:
        late = entry.due_on is not None and entry.answered_on > entry.due_on
        kind = Kind.ANSWERED_LATE if late else Kind.ANSWERED_IN_TIME
        counts[month_of(entry.answered_on), kind] += 1
    if entry.closed_on is not None:
        counts[month_of(entry.closed_on), Kind.CLOSED] += 1
    return counts


def opening_counts(opening: Opening) -> Counts:
    """What an opening adds: itself, and the days on which the box should have been opened since the one before."""
    counts: Counts = Counter()
    opened_on = opening.opened_at.astimezone(opening.school.zone).date()
    counts[month_of(opened_on), Kind.OPENINGS_HELD] += 1
    for day in opening.missed:
        counts[month_of(datetime.date.fromisoformat(day)), Kind.OPENINGS_MISSED] += 1
    return counts


def note_entry(*, entry: Entry, before: Counts | None = None) -> None:
    """The entry is saved: write what its step changed in the counts. ``before``: ``counts_of`` it before the step,
    None for a new one. The book is locked."""
    change = counts_of(entry)
    change.subtract(before or {})
    _write(entry.school, change)


def note_entries(*, school: School, entries: Iterable[Entry]) -> None:
    """The same for many new entries of one school at once. The book is locked."""
    change: Counts = Counter()
    for entry in entries:
        change.update(counts_of(entry))
    _write(school, change)


def note_opening(*, opening: Opening) -> None:
    """The box was opened: count it, and when it is due next. The book is locked."""
    _write(opening.school, opening_counts(opening))
    note_calendar(school=opening.school)


def note_calendar(*, school: School) -> None:
    """The next day of opening may be another: after an opening, a first key, a change of rules or calendar."""
    with connection.cursor() as cursor:
        cursor.execute(_OPENING_DUE, [school.pk, _stored(opening_due(school))])


def note_rows(*, book: Book, rows: Iterable[Trail]) -> None:
    """People took these steps: the day of the last one. The book is locked."""
    moments = [
        row.at
        for row in rows
        if row.by_id is not None and row.step not in _NO_STEPS and not _is_of_the_region(row)
    ]
    if moments:
        day = max(moments).astimezone(book.school.zone).date()
        with connection.cursor() as cursor:
            cursor.execute(_LAST_STEP, [book.school_id, _stored(day)])


def _is_of_the_region(row: Trail) -> bool:
    return row.step in _ALSO_OF_THE_REGION and "escalation" in row.facts


def _write(school: School, change: Counts) -> None:
    """One statement for all that is more; what is less (a letter returned, a date moved) is rare, and always there."""
    more = sorted((key, number) for key, number in change.items() if number > 0)
    less = sorted((key, number) for key, number in change.items() if number < 0)
    with connection.cursor() as cursor:
        if more:
            values = [
                value
                for (month, kind), number in more
                for value in (school.pk, _stored(month), kind, number)
            ]
            places = ", ".join(["(%s, %s, %s, %s)"] * len(more))
            cursor.execute(_ADD.format(rows=places), values)
        for (month, kind), number in less:
            cursor.execute(_TAKE, [-number, school.pk, _stored(month), kind, -number])
            if not cursor.rowcount:
                # Somebody was at the table. Work on a letter does not stop for a count: it is made anew.
                log.error("The counts of school %s were not as its book; made anew.", school.pk)
                recount(school)
                return


@transaction.atomic
def recount(school: School) -> None:
    """Make the counts of a school anew from its book."""
    Book.objects.select_for_update().filter(school=school).first()
    counts = _counted(school)
    Tally.objects.filter(school=school).delete()
    Tally.objects.bulk_create(
        Tally(school=school, month=month, kind=kind, number=number)
        for (month, kind), number in sorted(counts.items())
    )
    last = (
        Trail.objects.filter(school=school, by__isnull=False)
        .exclude(step__in=_NO_STEPS)
        .exclude(step__in=_ALSO_OF_THE_REGION, facts__has_key="escalation")
        .aggregate(Max("at"))["at__max"]
    )
    Standing.objects.update_or_create(
        school=school,
        defaults={
            "last_step_on": last.astimezone(school.zone).date() if last else None,
            "opening_due_on": opening_due(school),
        },
    )


def _counted(school: School) -> Counts:
    """All counts of the school by the database, and not by ``counts_of``."""
    entries = Entry.objects.filter(school=school).order_by()
    late = Q(due_on__isnull=False, answered_on__gt=F("due_on"))
    asked = [
        (Kind.LETTERS, "taken_on", Q()),
        (Kind.DANGER, "taken_on", Q(danger=True)),
        (Kind.ANSWERED_LATE, "answered_on", late),
        (Kind.ANSWERED_IN_TIME, "answered_on", ~late),
        (Kind.CLOSED, "closed_on", Q()),
    ]
    counts: Counts = Counter()
    for kind, day, condition in asked:
        rows = (
            entries.filter(condition, **{f"{day}__isnull": False})
            .values_list(TruncMonth(day))
            .annotate(Count("pk"))
        )
        for month, number in rows:
            counts[month, kind] += number
    openings = Opening.objects.filter(school=school).only("opened_at", "missed", "school")
    for opening in openings:
        opening.school = school
        counts.update(opening_counts(opening))
    return counts
