"""Dates in words of the four languages.

Django has no date formats for Kazakh, and a document must not depend on the language of whoever prints it:
so the words stand here, and the language is always given. An unknown language reads as English.
"""

import datetime

# As they stand after a day's number: genitive in Russian, possessive in Kyrgyz.
MONTHS: dict[str, tuple[str, ...]] = {
    "kk": (
        "қаңтар",
        "ақпан",
        "наурыз",
        "сәуір",
        "мамыр",
        "маусым",
        "шілде",
        "тамыз",
        "қыркүйек",
        "қазан",
        "қараша",
        "желтоқсан",
    ),
    "ru": (
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ),
    "ky": (
        "январы",
        "февралы",
        "марты",
        "апрели",
        "майы",
        "июну",
        "июлу",
        "августу",
        "сентябры",
        "октябры",
        "ноябры",
        "декабры",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}

# Without a year before it the Kyrgyz month takes no possessive.
KYRGYZ_MONTHS_ALONE: tuple[str, ...] = (
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
)

# Monday first, as ``date.weekday`` counts.
WEEKDAYS: dict[str, tuple[str, ...]] = {
    "kk": ("дүйсенбі", "сейсенбі", "сәрсенбі", "бейсенбі", "жұма", "сенбі", "жексенбі"),
    "ru": ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье"),
    "ky": ("дүйшөмбү", "шейшемби", "шаршемби", "бейшемби", "жума", "ишемби", "жекшемби"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}

# Without a year (public pages: the day is near), and with one (documents).
_DAY_AND_MONTH = {
    "kk": "{day} {month}",
    "ru": "{day} {month}",
    "ky": "{day}-{month}",
    "en": "{day} {month}",
}
_LONG = {
    "kk": "{year} жылғы {day} {month}",
    "ru": "{day} {month} {year} года",
    "ky": "{year}-жылдын {day}-{month}",
    "en": "{day} {month} {year}",
}


def _spoken(language: str) -> str:
    return language if language in MONTHS else "en"


def _local(moment: datetime.datetime, zone: datetime.tzinfo) -> datetime.datetime:
    if moment.tzinfo is None:
        raise ValueError("A moment without a time zone has no hour.")
    return moment.astimezone(zone)


def month_name(day: datetime.date, language: str) -> str:
    """The month as it stands after the day's number."""
    return MONTHS[_spoken(language)][day.month - 1]


def weekday_name(day: datetime.date, language: str) -> str:
    """The day of the week."""
    return WEEKDAYS[_spoken(language)][day.weekday()]


def long_date(day: datetime.date, language: str) -> str:
    """«2026 жылғы 21 қараша», «21 ноября 2026 года», «2026-жылдын 21-ноябры», «21 November 2026»."""
    return _LONG[_spoken(language)].format(
        day=day.day, month=month_name(day, language), year=f"{day.year:04}"
    )


def short_date(day: datetime.date, language: str) -> str:
    """21.11.2026; in English 21 Nov 2026, because there the order of numbers is read in two ways."""
    if _spoken(language) == "en":
        return f"{day.day} {month_name(day, 'en')[:3]} {day.year:04}"
    return f"{day.day:02}.{day.month:02}.{day.year:04}"


def date_and_time(moment: datetime.datetime, language: str, zone: datetime.tzinfo) -> str:
    """«21.11.2026, 15:00» by the clock of ``zone``. Raises ValueError for a moment that is not aware."""
    local = _local(moment, zone)
    return f"{short_date(local.date(), language)}, {local:%H:%M}"


def weekday_and_date(day: datetime.date, language: str) -> str:
    """«сәрсенбі, 25 қараша», «среда, 25 ноября», «шаршемби, 25-ноябрь», «Wednesday, 25 November»."""
    return f"{weekday_name(day, language)}, {day_and_month(day, language)}"


def day_and_month(day: datetime.date, language: str) -> str:
    """«25 қараша», «25 ноября», «25-ноябрь», «25 November»: a near day, its year understood."""
    month = month_name(day, language)
    if _spoken(language) == "ky":
        month = KYRGYZ_MONTHS_ALONE[day.month - 1]
    return _DAY_AND_MONTH[_spoken(language)].format(day=day.day, month=month)


def weekday_date_and_time(moment: datetime.datetime, language: str, zone: datetime.tzinfo) -> str:
    """«среда, 25 ноября, 15:00» by the clock of ``zone``. Raises ValueError for a moment that is not aware."""
    local = _local(moment, zone)
    return f"{weekday_and_date(local.date(), language)}, {local:%H:%M}"
