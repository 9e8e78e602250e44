"""What figures are counted from: open columns of a school's rows, read in a fixed number of queries."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, Q

from journal.missed import LONGEST_AGO, missed_openings
from journal.models import Entry, Forwarding, Meeting, Opening, TakenLetter
from reports.figures.among import Among
from reports.figures.periods import Period
from schools.models import School
from schools.models.regulation import Source
from schools.schedule import ONE_DAY


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A registered letter. ``arrived_on``: None of a paper letter, of which nobody knows when it was put in."""

    pk: int
    taken_on: datetime.date
    arrived_on: datetime.date | None
    source: str
    category: int | None
    audience: str
    level: int | None
    signed: bool
    danger: bool
    state: str
    due_on: datetime.date | None
    answered_on: datetime.date | None
    closed_on: datetime.date | None
    finding: str
    cause: int | None
    no_reply: bool
    repeat_of: int | None

    @property
    def came_on(self) -> datetime.date:
        """The day from which its way is counted."""
        return self.arrived_on or self.taken_on

    @property
    def answered_late(self) -> bool:
        """Whether the reply came after its day."""
        return (
            self.answered_on is not None
            and self.due_on is not None
            and self.answered_on > self.due_on
        )

    def owed_after(self, day: datetime.date) -> bool:
        """Whether at the end of that day a reply was still owed."""
        return (
            self.taken_on <= day
            and (self.answered_on is None or self.answered_on > day)
            and (self.closed_on is None or self.closed_on > day)
        )


@dataclass(frozen=True, slots=True)
class TakenRow:
    """A letter taken out that got no number (yet): ``set_aside_as`` is empty while it waits."""

    taken_on: datetime.date
    set_aside_as: str


@dataclass(frozen=True, slots=True)
class ForwardingRow:
    """A letter sent on to a body."""

    body: int
    sent_on: datetime.date
    due_on: datetime.date
    answered_on: datetime.date | None


@dataclass(frozen=True, slots=True)
class OpeningRow:
    """An opening, and days before it on which there was none. ``untyped``: paper letters counted and not typed in."""

    opened_on: datetime.date
    kind: str
    missed: tuple[datetime.date, ...]
    untyped: int


@dataclass(frozen=True)
class Rows:
    """All rows of some periods. ``owed``: days since the last opening on which the box should have been opened."""

    entries: list[EntryRow]
    taken: list[TakenRow]
    forwardings: list[ForwardingRow]
    openings: list[OpeningRow]
    owed: list[datetime.date]
    meetings: list[datetime.date]


def rows_of(school: School, periods: Iterable[Period], among: Among) -> Rows:
    """Everything that belongs to one of the periods: as many queries for one row as for fifty."""
    periods = list(periods)
    return Rows(
        entries=entries_of(school, periods, among),
        taken=_taken(school, periods, among),
        forwardings=_forwardings(school, periods, among),
        openings=_openings(school, periods),
        owed=missed_openings(school),
        meetings=list(
            Meeting.objects.filter(_within("held_on", periods), school=school)
            .order_by()
            .values_list("held_on", flat=True)
        ),
    )


def _within(column: str, periods: Iterable[Period]) -> Q:
    condition = Q(pk__in=[])
    for period in periods:
        condition |= Q(**{f"{column}__gte": period.first, f"{column}__lte": period.last})
    return condition


def _moments(column: str, school: School, periods: Iterable[Period], *, longer: int = 0) -> Q:
    """The same for a moment, by the school's clock; ``longer``: days after the last one that count too."""
    condition = Q(pk__in=[])
    for period in periods:
        first, after = (
            datetime.datetime.combine(day, datetime.time(), tzinfo=school.zone)
            for day in (period.first, period.last + (longer + 1) * ONE_DAY)
        )
        condition |= Q(**{f"{column}__gte": first, f"{column}__lt": after})
    return condition


def entries_of(school: School, periods: list[Period], among: Among) -> list[EntryRow]:
    """Letters taken out, answered or finished in one of the periods, or owed a reply past its day when it ended."""
    wanted = (
        _within("taken_on", periods)
        | _within("answered_on", periods)
        | _within("closed_on", periods)
    )
    for period in periods:
        wanted |= Q(
            Q(answered_on__isnull=True) | Q(answered_on__gt=period.last),
            Q(closed_on__isnull=True) | Q(closed_on__gt=period.last),
            due_on__lte=period.last,
            taken_on__lte=period.last,
        )
    return plain_entries(school, wanted, among)


def plain_entries(school: School, wanted: Q, among: Among) -> list[EntryRow]:
    """Letters of the school by any condition: one query."""
    zone = school.zone
    rows = (
        Entry.objects.filter(wanted, among.rows(), school=school)
        .order_by()
        .values_list(
            "pk",
            "taken_on",
            "received_at",
            "source",
            "category_id",
            "audience",
            "class_level",
            "signed",
            "danger",
            "state",
            "due_on",
            "answered_on",
            "closed_on",
            "finding",
            "cause_id",
            "no_reply",
            "repeat_of_id",
        )
    )
    return [
        EntryRow(pk, taken, at.astimezone(zone).date() if at else None, *rest)
        for pk, taken, at, *rest in rows
    ]


def _taken(school: School, periods: list[Period], among: Among) -> list[TakenRow]:
    rows = (
        TakenLetter.objects.filter(
            _moments("opening__opened_at", school, periods),
            among.rows("letter__"),
            opening__school=school,
            entry__isnull=True,
        )
        .order_by()
        .values_list("opening__opened_at", "set_aside_as")
    )
    return [TakenRow(at.astimezone(school.zone).date(), aside) for at, aside in rows]


def _forwardings(school: School, periods: list[Period], among: Among) -> list[ForwardingRow]:
    rows = (
        Forwarding.objects.filter(_within("sent_on", periods), among.rows(), school=school)
        .order_by()
        .values_list("body_id", "sent_on", "due_on", "answered_on")
    )
    return [ForwardingRow(*row) for row in rows]


def _openings(school: School, periods: list[Period]) -> list[OpeningRow]:
    """Also those after a period: they tell which of its days were missed."""
    rows = (
        Opening.objects.filter(
            _moments("opened_at", school, periods, longer=LONGEST_AGO), school=school
        )
        .order_by()
        .annotate(typed=Count("taken_letters", filter=Q(taken_letters__source=Source.PAPER)))
        .values_list("opened_at", "kind", "missed", F("paper_count") - F("typed"))
    )
    return [
        OpeningRow(
            at.astimezone(school.zone).date(),
            kind,
            tuple(datetime.date.fromisoformat(day) for day in missed),
            max(0, untyped),
        )
        for at, kind, missed, untyped in rows
    ]
