"""Dates in words of a language, as its catalogue gives them.

Django has no date formats for Kazakh, and a document must not depend on the language of whoever prints it: so the
words are the portal's own, and the language is always given. An unknown language reads as English.
"""

import datetime

from django.utils.functional import Promise
from django.utils.translation import pgettext, pgettext_lazy

from schools.languages import words_of

# As they stand after a day's number: genitive in Russian, possessive in Kyrgyz.
MONTHS: tuple[Promise, ...] = (
    pgettext_lazy("month of a date with its year", "January"),
    pgettext_lazy("month of a date with its year", "February"),
    pgettext_lazy("month of a date with its year", "March"),
    pgettext_lazy("month of a date with its year", "April"),
    pgettext_lazy("month of a date with its year", "May"),
    pgettext_lazy("month of a date with its year", "June"),
    pgettext_lazy("month of a date with its year", "July"),
    pgettext_lazy("month of a date with its year", "August"),
    pgettext_lazy("month of a date with its year", "September"),
    pgettext_lazy("month of a date with its year", "October"),
    pgettext_lazy("month of a date with its year", "November"),
    pgettext_lazy("month of a date with its year", "December"),
)

# Without a year beside it the Kyrgyz month takes no possessive.
MONTHS_ALONE: tuple[Promise, ...] = (
    pgettext_lazy("month of a date without a year", "January"),
    pgettext_lazy("month of a date without a year", "February"),
    pgettext_lazy("month of a date without a year", "March"),
    pgettext_lazy("month of a date without a year", "April"),
    pgettext_lazy("month of a date without a year", "May"),
    pgettext_lazy("month of a date without a year", "June"),
    pgettext_lazy("month of a date without a year", "July"),
    pgettext_lazy("month of a date without a year", "August"),
    pgettext_lazy("month of a date without a year", "September"),
    pgettext_lazy("month of a date without a year", "October"),
    pgettext_lazy("month of a date without a year", "November"),
    pgettext_lazy("month of a date without a year", "December"),
)

# Monday first, as ``date.weekday`` counts.
WEEKDAYS: tuple[Promise, ...] = (
    pgettext_lazy("day of the week in a date", "Monday"),
    pgettext_lazy("day of the week in a date", "Tuesday"),
    pgettext_lazy("day of the week in a date", "Wednesday"),
    pgettext_lazy("day of the week in a date", "Thursday"),
    pgettext_lazy("day of the week in a date", "Friday"),
    pgettext_lazy("day of the week in a date", "Saturday"),
    pgettext_lazy("day of the week in a date", "Sunday"),
)


def _local(moment: datetime.datetime, zone: datetime.tzinfo) -> datetime.datetime:
    if moment.tzinfo is None:
        raise ValueError("A moment without a time zone has no hour.")
    return moment.astimezone(zone)


def _filled(pattern: str, day: datetime.date, month: str) -> str:
    """A catalogue's pattern with the parts of a date: a language takes those that it needs."""
    return pattern.format(
        day=day.day,
        day2=f"{day.day:02}",
        month=month,
        short_month=month[:3],
        month2=f"{day.month:02}",
        year=f"{day.year:04}",
    )


def month_name(day: datetime.date, language: str) -> str:
    """The month as it stands after the day's number."""
    with words_of(language):
        return str(MONTHS[day.month - 1])


def weekday_name(day: datetime.date, language: str) -> str:
    """The day of the week."""
    with words_of(language):
        return str(WEEKDAYS[day.weekday()])


def long_date(day: datetime.date, language: str) -> str:
    """«2026 жылғы 21 қараша», «21 ноября 2026 года», «2026-жылдын 21-ноябры», «21 November 2026»."""
    with words_of(language):
        # Translators: {day} 5, {day2} 05, {month} January, {short_month} Jan, {month2} 01, {year} 2026: take any.
        pattern = pgettext("pattern of a date", "{day} {month} {year}")
        return _filled(pattern, day, str(MONTHS[day.month - 1]))


def short_date(day: datetime.date, language: str) -> str:
    """21.11.2026; in English 21 Nov 2026, because there the order of numbers is read in two ways."""
    with words_of(language):
        # Translators: for tables. {day} 5, {day2} 05, {short_month} Jan, {month2} 01, {year} 2026: take any.
        pattern = pgettext("pattern of a date", "{day} {short_month} {year}")
        return _filled(pattern, day, str(MONTHS[day.month - 1]))


def date_and_time(moment: datetime.datetime, language: str, zone: datetime.tzinfo) -> str:
    """«21.11.2026, 15:00» by the clock of ``zone``. Raises ValueError for a moment that is not aware."""
    local = _local(moment, zone)
    return f"{short_date(local.date(), language)}, {local:%H:%M}"


def weekday_and_date(day: datetime.date, language: str) -> str:
    """«сәрсенбі, 25 қараша», «среда, 25 ноября», «шаршемби, 25-ноябрь», «Wednesday, 25 November»."""
    return f"{weekday_name(day, language)}, {day_and_month(day, language)}"


def day_and_month(day: datetime.date, language: str) -> str:
    """«25 қараша», «25 ноября», «25-ноябрь», «25 November»: a near day, its year understood."""
    with words_of(language):
        # Translators: {day} 5, {day2} 05, {month} January, {short_month} Jan, {month2} 01: take any.
        pattern = pgettext("pattern of a date", "{day} {month}")
        return _filled(pattern, day, str(MONTHS_ALONE[day.month - 1]))


def weekday_date_and_time(moment: datetime.datetime, language: str, zone: datetime.tzinfo) -> str:
    """«среда, 25 ноября, 15:00» by the clock of ``zone``. Raises ValueError for a moment that is not aware."""
    local = _local(moment, zone)
    return f"{weekday_and_date(local.date(), language)}, {local:%H:%M}"
