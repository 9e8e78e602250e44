"""Which volume of which book a letter goes into, and the numbers there."""

import datetime

from django.db.models import Max

from journal.models import Volume
from schools.models import Regulation, School
from schools.schedule import period_of


def book_for(*, regulation: Regulation, source: str) -> str:
    """The book that a letter which came by this way goes into: its own, or "" where one is kept for all."""
    return source if regulation.books == Regulation.Books.BY_SOURCE else ""


def volume_for(
    *, school: School, day: datetime.date, regulation: Regulation, source: str
) -> Volume:
    """The volume into which a letter registered that day goes, begun now if there is none.

    Volumes are counted through all the books of a school, so that the trail names each in one way. Where the rules
    have changed, the volumes of the books kept before stay as they are. Call it with the school's book locked.
    """
    book = book_for(regulation=regulation, source=source)
    volume = Volume.objects.filter(
        school=school, book=book, period_from__lte=day, period_to__gte=day
    ).first()
    if volume is None:
        first, last = period_of(regulation.numbering, day)
        newest = Volume.objects.filter(school=school).aggregate(Max("number"))["number__max"] or 0
        volume = Volume.objects.create(
            school=school,
            number=newest + 1,
            book=book,
            period_from=first,
            period_to=last,
            columns=regulation.columns,
            anonymous_marks=regulation.anonymous_marks,
            two_languages=regulation.two_languages,
            begun_on=day,
        )
    return volume


def next_number(
    *, school: School, day: datetime.date, regulation: Regulation, source: str
) -> tuple[Volume, int]:
    """The volume and the next number in it. The book is locked: no gap when what follows fails, no double."""
    volume = volume_for(school=school, day=day, regulation=regulation, source=source)
    volume.last_number += 1
    volume.save(update_fields=["last_number"])
    return volume, volume.last_number
