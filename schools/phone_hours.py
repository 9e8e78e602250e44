"""When a trust phone is answered: in words, and whether somebody answers now. Pure functions of calendar and clock.

A phone is answered on its days of the week. Unless it is answered on days off too, a holiday or a free day of the
school closes it; and a weekend day that is worked instead of a weekday is for the phone that weekday. Hours that end
at or before their beginning run over midnight and belong to the day on which they began; the same hour twice is a whole
day.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from schools.dates import weekday_date_and_time, weekday_name
from schools.models import TrustPhone
from schools.public_holidays import country_year
from schools.schedule import ONE_DAY
from schools.working_days import Calendar

# Longer than a summer in which nobody answers.
SEARCH_DAYS = 120
WEEK = 7
LEAST_RUN = 3  # so many days in a row are said by their first and last
_A_MONDAY = datetime.date(2024, 1, 1)
_ON_DAY_AT = (
    gettext_lazy("on Monday at %(hour)s"),
    gettext_lazy("on Tuesday at %(hour)s"),
    gettext_lazy("on Wednesday at %(hour)s"),
    gettext_lazy("on Thursday at %(hour)s"),
    gettext_lazy("on Friday at %(hour)s"),
    gettext_lazy("on Saturday at %(hour)s"),
    gettext_lazy("on Sunday at %(hour)s"),
)


@dataclass(frozen=True)
class PhoneNow:
    """Whether somebody answers. ``changes``: when that ends, in the zone of the moment asked about; None: not soon."""

    is_answered: bool
    changes: datetime.datetime | None


def is_answered_on(phone: TrustPhone, calendar: Calendar, day: datetime.date) -> bool:
    """Whether the phone's hours begin that day."""
    if day.weekday() in phone.weekdays:
        return phone.on_days_off or not _is_free(calendar, day)
    if day.weekday() < calendar.week or not calendar.is_working_day(day):
        return False
    # A weekend day that is worked: instead of a weekday of the country's, or because the school says so.
    instead_of = country_year(calendar.country, calendar.week, day.year).worked.get(day)
    if instead_of is not None:
        return instead_of.weekday() in phone.weekdays
    return _is_of_working_days(phone, calendar)


def _is_free(calendar: Calendar, day: datetime.date) -> bool:
    """A holiday, a vacation that counts, or a free day of the school's own; a weekend by itself is none of these."""
    own = calendar.own_days.get(day)
    if own is not None:
        return not own
    if calendar.school_year_only and calendar.in_vacation(day):
        return True
    year = country_year(calendar.country, calendar.week, day.year)
    return day in year.off and day not in year.worked


def phone_now(phone: TrustPhone, calendar: Calendar, moment: datetime.datetime) -> PhoneNow | None:
    """Whether somebody answers at a moment by the school's clock; None where the phone's hours are not known."""
    if not _has_hours(phone):
        return None
    spans = _spans(phone, calendar, moment)
    begins, ends = next(spans, (None, None))
    if begins is None or begins > moment:
        return PhoneNow(is_answered=False, changes=begins)
    for following, last in spans:
        if following > ends:
            return PhoneNow(is_answered=True, changes=ends)
        ends = last
    # Either nothing follows for months, or it is answered day and night.
    soon = ends - moment < datetime.timedelta(days=SEARCH_DAYS - WEEK)
    return PhoneNow(is_answered=True, changes=ends if soon else None)


def _has_hours(phone: TrustPhone) -> bool:
    return bool(phone.weekdays) and None not in (phone.answered_from, phone.answered_to)


def _spans(
    phone: TrustPhone, calendar: Calendar, moment: datetime.datetime
) -> Iterator[tuple[datetime.datetime, datetime.datetime]]:
    """Beginnings and ends of the hours that are not over at the moment, one after another."""
    over_midnight = phone.answered_to <= phone.answered_from
    for step in range(-1, SEARCH_DAYS):
        day = moment.date() + step * ONE_DAY
        if not is_answered_on(phone, calendar, day):
            continue
        begins = datetime.datetime.combine(day, phone.answered_from, tzinfo=moment.tzinfo)
        ends = datetime.datetime.combine(
            day + over_midnight * ONE_DAY, phone.answered_to, tzinfo=moment.tzinfo
        )
        if ends > moment:
            yield begins, ends


def _is_of_working_days(phone: TrustPhone, calendar: Calendar) -> bool:
    """Whether the phone is answered on every ordinary working day of the school."""
    return set(range(calendar.week)) <= set(phone.weekdays)


def hours_in_words(phone: TrustPhone, calendar: Calendar, language: str) -> str:
    """«working days, 9:00–18:30» in the language now active, which is ``language``; empty where not known."""
    if not _has_hours(phone):
        return ""
    days = sorted(phone.weekdays)
    if not phone.on_days_off and days == list(range(calendar.week)):
        when = pgettext("trust phone", "working days")
    elif len(days) == WEEK:
        when = (
            pgettext("trust phone", "every day")
            if phone.on_days_off
            else pgettext("trust phone", "every day except holidays")
        )
    else:
        when = _days_in_words(days, language)
        if phone.on_days_off:
            when = pgettext("trust phone", "%(days)s, also on holidays") % {"days": when}
    if phone.answered_from == phone.answered_to:
        return pgettext("trust phone", "%(days)s, day and night") % {"days": when}
    return pgettext("trust phone", "%(days)s, %(from)s–%(to)s") % {
        "days": when,
        "from": _hour(phone.answered_from),
        "to": _hour(phone.answered_to),
    }


def _days_in_words(days: list[int], language: str) -> str:
    names = [weekday_name(_A_MONDAY + day * ONE_DAY, language) for day in days]
    if len(days) >= LEAST_RUN and days[-1] - days[0] == len(days) - 1:
        return f"{names[0]} – {names[-1]}"
    return ", ".join(names)


def _hour(moment: datetime.time | datetime.datetime) -> str:
    return f"{moment.hour}:{moment.minute:02}"


def change_in_words(now: PhoneNow, moment: datetime.datetime, language: str) -> str:
    """«until 18:30», «opens on Monday at 9:00», in the language now active; empty when nothing changes soon."""
    changes = now.changes
    if changes is None:
        return ""
    if now.is_answered:
        if changes - moment < ONE_DAY:
            return pgettext("trust phone", "until %(hour)s") % {"hour": _hour(changes)}
        words = weekday_date_and_time(changes, language, changes.tzinfo)
        return pgettext("trust phone", "closes: %(moment)s") % {"moment": words}
    days = (changes.date() - moment.date()).days
    if days >= WEEK:
        words = weekday_date_and_time(changes, language, changes.tzinfo)
        return pgettext("trust phone", "opens again: %(moment)s") % {"moment": words}
    hour = {"hour": _hour(changes)}
    if days == 0:
        when = _("today at %(hour)s") % hour
    elif days == 1:
        when = _("tomorrow at %(hour)s") % hour
    else:
        when = str(_ON_DAY_AT[changes.weekday()]) % hour
    return pgettext("trust phone", "opens %(when)s") % {"when": when}
