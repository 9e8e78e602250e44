"""What waits for destruction today, for the first page and the morning's mail: counts and lists, by school.

Files that nobody opened are not counted here. Who opened a file stands in the trail alone, and to ask it about every
file of a school is too much for a first page; the page on which a list is drawn up does.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import (
    Case,
    DateField,
    DateTimeField,
    Field,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from journal.keeping import (
    APPROVES,
    DRAWS_UP,
    MOST_LINES,
    end_of_aside,
    entries_kept_from,
    last_of_entries,
    letters_set_aside_before,
    open_lists,
)
from journal.models import Destruction
from schools.models import School, User
from schools.models.sealed import not_withheld_from
from schools.selectors import regulations_in_force


@dataclass(frozen=True)
class ToDestroy:
    """What a person can do about destruction in a school today; nothing of what they may not do.

    ``due``: entries and letters set aside that may be put on a list, counted up to as many as one list holds.
    ``to_approve``: lists before the commission. ``to_carry_out``: lists that it has approved.
    """

    due: int = 0
    to_approve: tuple[Destruction, ...] = ()
    to_carry_out: tuple[Destruction, ...] = ()

    @property
    def is_cut(self) -> bool:
        """Whether there may be more than were counted."""
        return self.due >= MOST_LINES


def to_destroy(schools: Iterable[School], user: User) -> dict[int, ToDestroy]:
    """By the school's id, of those in which the person may draw up or approve lists.

    Three queries for one school and for fifty, and none of them reads more of a school than one list holds. What is
    withheld from the person is not counted.
    """
    draws, approves = user.schools_allowing(DRAWS_UP), user.schools_allowing(APPROVES)
    schools = [school for school in schools if school.pk in draws | approves]
    if not schools:
        return {}
    due = _due_in_each([school for school in schools if school.pk in draws], user)
    lists: dict[int, list[Destruction]] = {school.pk: [] for school in schools}
    for row in open_lists(*schools).order_by("number"):
        lists[row.school_id].append(row)
    return {
        pk: ToDestroy(
            due=due.get(pk, 0),
            to_approve=tuple(row for row in rows if row.approved_on is None and pk in approves),
            to_carry_out=tuple(row for row in rows if row.approved_on is not None and pk in draws),
        )
        for pk, rows in lists.items()
    }


class _Counted(Subquery):
    """How many rows a query has, up to as many as a list holds, for each row of the query around it."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()

    def __init__(self, rows: QuerySet) -> None:
        super().__init__(rows.values("pk")[:MOST_LINES])


def _due_in_each(schools: Iterable[School], user: User) -> dict[int, int]:
    found = regulations_in_force(schools)
    if not found:
        return {}
    entries = entries_kept_from(OuterRef("pk"), OuterRef("entries_until"))
    aside = letters_set_aside_before(OuterRef("pk"), OuterRef("aside_until"))
    told = Q(letter__isnull=True) | not_withheld_from(user.pk, "letter__")
    days = {pk: last_of_entries(rules.school, rules) for pk, rules in found.items()}
    moments = {pk: end_of_aside(rules.school, rules) for pk, rules in found.items()}
    rows = (
        School.objects.filter(pk__in=found)
        .annotate(
            entries_until=_of_each(days, DateField()),
            aside_until=_of_each(moments, DateTimeField()),
        )
        .annotate(
            # In the order of the index, so that it is taken; whatever else there is, is not read.
            entries_due=_Counted(entries.filter(not_withheld_from(user.pk)).order_by("kept_from")),
            aside_due=_Counted(aside.filter(told).order_by()),
        )
        .order_by()
        .values_list("pk", "entries_due", "aside_due")
    )
    return {pk: min(of_entries + of_aside, MOST_LINES) for pk, of_entries, of_aside in rows}


def _of_each(values: Mapping[int, datetime.date], kind: Field) -> Case:
    """The value of each school by its id; those that share one share a clause."""
    shared: dict[datetime.date, list[int]] = {}
    for school, value in values.items():
        shared.setdefault(value, []).append(school)
    whens = [
        When(pk__in=ids, then=Value(value, output_field=kind)) for value, ids in shared.items()
    ]
    return Case(*whens, output_field=kind)
