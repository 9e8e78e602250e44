"""Whether anything was done by a regulation already: then it stays as it is, and a change is a new one from a date."""

import datetime
from collections.abc import Callable

from django.conf import settings
from django.utils.module_loading import import_string

from schools.models import Regulation, School
from schools.schedule import ONE_DAY


def _work_done() -> Callable[..., bool]:
    return import_string(settings.WORK_DONE)


def is_in_use(regulation: Regulation) -> bool:
    """Whether the box was opened, a letter registered or a meeting held while these were the rules."""
    school = regulation.school
    if regulation.holds_from > school.today():
        return False
    return _work_done()(school=school, first=regulation.holds_from, before=ends_before(regulation))


def ends_before(regulation: Regulation) -> datetime.date | None:
    """The day from which the next regulation holds; None while there is no next."""
    later = Regulation.objects.filter(
        school=regulation.school_id, holds_from__gt=regulation.holds_from
    )
    return later.order_by("holds_from").values_list("holds_from", flat=True).first()


def may_hold_from(school: School, day: datetime.date) -> bool:
    """Whether other rules can hold from that day on: nothing was done on it or after it."""
    return not _work_done()(school=school, first=day, before=None)


def earliest_day(school: School) -> datetime.date:
    """From when new rules can hold at the earliest, for who decides today: today, or tomorrow."""
    today = school.today()
    return today if may_hold_from(school, today) else today + ONE_DAY
