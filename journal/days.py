"""What waits in a school today: counts and dates, never content. For the first page, the list and the morning's mail.

Everything is counted by each school's own date and its own working days, in a fixed number of queries however many
schools there are. What is withheld from a person is in none of their counts.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Exists, F, Max, OuterRef, Q

from box.models import Letter, Message
from journal.destruction_days import ToDestroy, to_destroy
from journal.models import Entry, Forwarding, Opening, TakenLetter
from schools.models import School, User
from schools.models.regulation import Source
from schools.models.sealed import not_withheld_from
from schools.openings import next_opening
from schools.selectors import regulations_in_force
from schools.working_days import Calendar, calendars_of

DUE_SOON_DAYS = 2
OPEN_STATES = (Entry.State.REGISTERED, Entry.State.IN_REVIEW)


@dataclass(frozen=True)
class Horizon:
    """A school's date, and the last day that is still soon: two working days on."""

    today: datetime.date
    soon: datetime.date


def horizons_of(
    schools: Iterable[School], calendars: Mapping[int, Calendar] | None = None
) -> dict[int, Horizon]:
    """By the school's id; without ``calendars`` at hand, the queries of ``schools.working_days.calendars_of``."""
    schools = list(schools)
    calendars = calendars or calendars_of(schools)
    found: dict[int, Horizon] = {}
    for school in schools:
        today = school.today()
        found[school.pk] = Horizon(today=today, soon=calendars[school.pk].add(today, DUE_SOON_DAYS))
    return found


def where(horizons: Mapping[int, Horizon], condition: Callable[[Horizon], Q]) -> Q:
    """The condition for the rows of each school by its own horizon; schools that share one share a clause."""
    shared: dict[Horizon, list[int]] = {}
    for school, horizon in horizons.items():
        shared.setdefault(horizon, []).append(school)
    found = Q(pk__isnull=True)
    for horizon, ids in shared.items():
        found |= Q(school__in=ids) & condition(horizon)
    return found


def overdue(horizon: Horizon) -> Q:
    """Of open entries and of open forwardings: the day has passed."""
    return Q(due_on__lt=horizon.today)


def due_today(horizon: Horizon) -> Q:
    """The last day is today."""
    return Q(due_on=horizon.today)


def due_soon(horizon: Horizon) -> Q:
    """Within two working days, today too."""
    return Q(due_on__gte=horizon.today, due_on__lte=horizon.soon)


def in_time(horizon: Horizon) -> Q:
    """The day has not passed."""
    return Q(due_on__gte=horizon.today)


def to_send_on(horizon: Horizon) -> Q:
    """Of entries: nobody has looked yet whether it is for another body, and the time to send it on ends soon or has.

    Who takes a letter into review has decided that the school itself deals with it; who has sent it on, that not.
    """
    return Q(state=Entry.State.REGISTERED, forward_by__lte=horizon.soon) & ~Exists(
        Forwarding.objects.filter(entry=OuterRef("pk"))
    )


@dataclass(frozen=True)
class SchoolDay:
    """What waits in one school today.

    ``unregistered`` counts letters from the site taken out and paper letters counted at an opening but not
    typed in yet (``paper_left`` of them). ``due`` are open entries whose day has not passed, ``due_soon`` those of
    them within two working days (``due_today`` of them today), ``in_work`` all open entries. ``newest_unfinished``
    is the opening to go on with. ``forwardings_overdue``: bodies that have not answered in time. ``new_messages``:
    of authors of registered letters, that nobody has opened; ``aside_messages``: the same of letters set aside, the
    newest of them taken out at ``aside_opening``. ``sources``: the ways in, by the regulation. ``begins_month``: it is
    the first working day of the month.
    """

    school: School
    waiting: int
    waiting_danger: int
    unregistered: int
    next_opening: datetime.datetime | None
    due: int
    overdue: int
    newest_unfinished: int | None
    paper_left: int = 0
    in_work: int = 0
    has_regulation: bool = True
    due_soon: int = 0
    due_today: int = 0
    to_send_on: int = 0
    forwardings_overdue: int = 0
    new_messages: int = 0
    aside_messages: int = 0
    aside_opening: int | None = None
    sources: tuple[str, ...] = ()
    begins_month: bool = False


def days_of(schools: Iterable[School], user: User) -> list[SchoolDay]:
    """What waits today in each school, in a fixed number of queries however many schools there are.

    A letter withheld from this person counts where it lies in the box and nowhere else: what became of it, and
    whether it tells of danger, is not for them.
    """
    schools = list(schools)
    ids = [school.pk for school in schools]
    box = {
        row["school_id"]: row
        for row in Letter.objects.filter(school__in=ids, state=Letter.State.IN_BOX)
        .order_by()
        .values("school_id")
        .annotate(
            waiting=Count("pk"),
            danger=Count("pk", filter=Q(danger=True) & not_withheld_from(user.pk)),
        )
    }
    regulations = regulations_in_force(schools)
    calendars = calendars_of(schools, regulations)
    horizons = horizons_of(schools, calendars)
    work = _work_of(horizons, user)
    bodies = _bodies_late(horizons, user)
    messages = _messages_new(ids, user)
    aside = _messages_aside(ids, user)
    unfinished, paper = _unfinished_of(ids, user)
    days: list[SchoolDay] = []
    for school in schools:
        in_box, in_work = box.get(school.pk, {}), work.get(school.pk, {})
        typed, on_paper = unfinished.get(school.pk, {}), paper.get(school.pk, {})
        regulation = regulations.get(school.pk)
        days.append(
            SchoolDay(
                school=school,
                waiting=in_box.get("waiting", 0),
                waiting_danger=in_box.get("danger", 0),
                unregistered=typed.get("count", 0) + on_paper.get("count", 0),
                next_opening=next_opening(regulation, school.now(), calendars[school.pk])
                if regulation
                else None,
                due=in_work.get("due", 0),
                overdue=in_work.get("overdue", 0),
                newest_unfinished=max(typed.get("newest", 0), on_paper.get("newest", 0)) or None,
                paper_left=on_paper.get("count", 0),
                in_work=in_work.get("open", 0),
                has_regulation=regulation is not None,
                due_soon=in_work.get("soon", 0),
                due_today=in_work.get("today", 0),
                to_send_on=in_work.get("send_on", 0),
                forwardings_overdue=bodies.get(school.pk, 0),
                new_messages=messages.get(school.pk, 0),
                aside_messages=aside.get(school.pk, (0, None))[0],
                aside_opening=aside.get(school.pk, (0, None))[1],
                sources=tuple(regulation.sources) if regulation else (),
                begins_month=_begins_month(horizons[school.pk].today, calendars[school.pk]),
            )
        )
    return days


def _begins_month(today: datetime.date, calendar: Calendar) -> bool:
    return calendar.is_working_day(today) and calendar.count(today.replace(day=1), today) == 1


@dataclass(frozen=True)
class Morning:
    """What a person is told of a school each morning. Each count stands for itself: ``due_soon`` without today's.

    What waits for destruction can wait: ``to_list`` and the lists are told on the first working day of a month alone.
    """

    school: School
    waiting: int
    opening_at: datetime.datetime | None
    unregistered: int
    due_today: int
    due_soon: int
    overdue: int
    to_send_on: int
    forwardings_overdue: int
    new_messages: int
    to_list: int = 0
    lists_to_approve: int = 0
    lists_to_carry_out: int = 0

    @property
    def has_news(self) -> bool:
        """Whether there is anything to tell."""
        return self.opening_at is not None or any(
            (
                self.waiting,
                self.unregistered,
                self.due_today,
                self.due_soon,
                self.overdue,
                self.to_send_on,
                self.forwardings_overdue,
                self.new_messages,
                self.to_list,
                self.lists_to_approve,
                self.lists_to_carry_out,
            )
        )


def morning_of(schools: Iterable[School], user: User) -> list[Morning]:
    """What waits this morning in each of the schools whose journal the person may see.

    As many queries for one school as for fifty. ``opening_at``: the box is opened today, later than now.
    """
    allowed = user.schools_allowing("journal.view_entry")
    days = days_of([school for school in schools if school.pk in allowed], user)
    destruction = to_destroy([day.school for day in days if day.begins_month], user)
    mornings: list[Morning] = []
    for day in days:
        opens = day.next_opening
        old = destruction.get(day.school.pk, ToDestroy())
        mornings.append(
            Morning(
                school=day.school,
                waiting=day.waiting,
                opening_at=opens if opens and opens.date() == day.school.today() else None,
                unregistered=day.unregistered,
                due_today=day.due_today,
                due_soon=day.due_soon - day.due_today,
                overdue=day.overdue,
                to_send_on=day.to_send_on,
                forwardings_overdue=day.forwardings_overdue,
                new_messages=day.new_messages + day.aside_messages,
                to_list=old.due,
                lists_to_approve=len(old.to_approve),
                lists_to_carry_out=len(old.to_carry_out),
            )
        )
    return mornings


def _work_of(horizons: Mapping[int, Horizon], user: User) -> dict[int, dict[str, int]]:
    """Open entries by school: ``open``, ``due``, ``soon``, ``today``, ``overdue``, ``send_on``."""
    rows = (
        Entry.objects.filter(
            not_withheld_from(user.pk), school__in=list(horizons), state__in=OPEN_STATES
        )
        .order_by()
        .values("school_id")
        .annotate(
            open=Count("pk"),
            due=Count("pk", filter=where(horizons, in_time)),
            soon=Count("pk", filter=where(horizons, due_soon)),
            today=Count("pk", filter=where(horizons, due_today)),
            overdue=Count("pk", filter=where(horizons, overdue)),
            send_on=Count("pk", filter=where(horizons, to_send_on)),
        )
    )
    return {row["school_id"]: row for row in rows}


def _bodies_late(horizons: Mapping[int, Horizon], user: User) -> dict[int, int]:
    """By school: forwardings that a body has not answered in time."""
    rows = (
        Forwarding.objects.filter(
            not_withheld_from(user.pk), where(horizons, overdue), answered_on__isnull=True
        )
        .order_by()
        .values_list("school_id")
        .annotate(Count("pk"))
    )
    return dict(rows)


def _messages_new(ids: list[int], user: User) -> dict[int, int]:
    """By school: what authors of registered letters wrote and nobody has opened yet."""
    rows = (
        Message.objects.filter(
            not_withheld_from(user.pk),
            letter__school__in=ids,
            letter__entry__isnull=False,
            kind=Message.Kind.FROM_AUTHOR,
            seen=False,
        )
        .order_by()
        .values_list("letter__school_id")
        .annotate(Count("pk"))
    )
    return dict(rows)


def _messages_aside(ids: list[int], user: User) -> dict[int, tuple[int, int]]:
    """By school: what authors of letters set aside wrote and nobody has opened, and the newest opening with such."""
    rows = (
        Message.objects.filter(
            not_withheld_from(user.pk),
            letter__school__in=ids,
            letter__state=Letter.State.SET_ASIDE,
            kind=Message.Kind.FROM_AUTHOR,
            seen=False,
        )
        .order_by()
        .values("letter__school_id")
        .annotate(count=Count("pk"), opening=Max("letter__taken__opening_id"))
    )
    return {row["letter__school_id"]: (row["count"], row["opening"]) for row in rows}


def _unfinished_of(
    ids: list[int], user: User
) -> tuple[dict[int, dict[str, int]], dict[int, dict[str, int]]]:
    """By school: letters from the site, and paper letters, still to register (``count``, ``newest`` opening)."""
    web = (
        TakenLetter.objects.filter(
            not_withheld_from(user.pk, "letter__"),
            opening__school__in=ids,
            entry__isnull=True,
            set_aside_as="",
        )
        .order_by()
        .values("opening__school_id")
        .annotate(count=Count("pk"), newest=Max("opening_id"))
    )
    paper: dict[int, dict[str, int]] = {}
    counted = (
        Opening.objects.filter(school__in=ids, paper_count__gt=0)
        .order_by()
        .annotate(typed=Count("taken_letters", filter=Q(taken_letters__source=Source.PAPER)))
        .filter(paper_count__gt=F("typed"))
        .values_list("school_id", "pk", "paper_count", "typed")
    )
    for school, opening, count, typed in counted:
        row = paper.setdefault(school, {"count": 0, "newest": 0})
        row["count"] += count - typed
        row["newest"] = max(row["newest"], opening)
    return {row["opening__school_id"]: row for row in web}, paper
