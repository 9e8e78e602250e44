"""Whether a school's regulation was worked by in a span of days."""

import datetime

from django.db.models import Q

from journal.models import Entry, Meeting, Opening
from schools.models import School


def work_done(*, school: School, first: datetime.date, before: datetime.date | None) -> bool:
    """Whether the box was opened, a letter got its number or a meeting was held from ``first`` on.

    Up to the day before ``before`` where it is given; days by the school's clock. What was imported counts on the
    day of its import: the years it tells of had rules of their own.
    """

    def moment(day: datetime.date) -> datetime.datetime:
        return datetime.datetime.combine(day, datetime.time(), tzinfo=school.zone)

    def within(name: str) -> Q:
        found = Q(**{f"{name}__gte": moment(first)})
        return found & Q(**{f"{name}__lt": moment(before)}) if before else found

    held = Q(held_on__gte=first)
    if before:
        held &= Q(held_on__lt=before)
    return (
        Opening.objects.filter(within("opened_at"), school=school).exists()
        or Entry.objects.filter(within("registered_at"), school=school).exists()
        or Meeting.objects.filter(held, school=school).exists()
    )
