"""Days and moments as people write them into a table, in figures or with the month in words of any language."""

import datetime
import re

from django.utils.translation import gettext as _

from schools.dates import MONTHS, MONTHS_ALONE
from schools.languages import in_every_language

# Nobody kept such a box before.
FIRST_DAY = datetime.date(1990, 1, 1)

_CLOCK = re.compile(r"(?:^|[\s,T])(\d{1,2})[:.](\d{2})(?::(\d{2}))?\s*$")
_ISO = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})")
_USUAL = re.compile(r"(\d{1,2})\s*[-./]\s*(\d{1,2})\s*[-./]\s*(\d{4}|\d{2})")
_WORDS = re.compile(r"[^\W\d_]+")
_FIGURES = re.compile(r"\d+")
# What may follow a day: «г.», «года», «ж.», «жыл».
_YEAR_WORD = re.compile(r"(?:[\s.]*[^\W\d_]{1,4}\.?)?[\s.,]*$")


def not_a_day() -> ValueError:
    """The refusal, in the language that is spoken."""
    return ValueError(_("This is no day. Write it like this: 21.11.2026."))


def month_names() -> dict[str, int]:
    """Which month a word means, in every language; of a long one its first three letters too."""
    found: dict[str, int] = {}
    for names in (MONTHS, MONTHS_ALONE):
        for number, name in enumerate(names, start=1):
            for text in in_every_language(name).values():
                found.setdefault(text.casefold(), number)
                found.setdefault(text.casefold()[:3], number)
    return found


def parted(text: str) -> tuple[str, datetime.time | None]:
    """A moment's day and its time of day, where it has one. Raises ValueError."""
    text = text.strip()
    clock = _CLOCK.search(text)
    # «21.11.26» is no time of day, though it ends like one.
    if clock is None or not text[: clock.start()].strip(" ,T"):
        return text, None
    hour, minute, second = (int(part or 0) for part in clock.groups())
    try:
        return text[: clock.start()].strip(" ,"), datetime.time(hour, minute, second)
    except ValueError:
        raise not_a_day() from None


def day_of(text: str, months: dict[str, int]) -> datetime.date:
    """The day. Raises ValueError, its text for the person."""
    text = text.strip()
    try:
        if (found := _ISO.match(text)) and _YEAR_WORD.match(text, found.end()):
            year, month, day = (int(part) for part in found.groups())
        elif (found := _USUAL.match(text)) and _YEAR_WORD.match(text, found.end()):
            day, month, year = (int(part) for part in found.groups())
            year += 2000 if year < 100 else 0
        else:
            year, month, day = _in_words(text, months)
        return datetime.date(year, month, day)
    except ValueError:
        raise not_a_day() from None


def _in_words(text: str, months: dict[str, int]) -> tuple[int, int, int]:
    """«21 November 2026», «21 ноября 2026 года», «2026 жылғы 21 қараша», «2026-жылдын 21-ноябры»."""
    figures = [int(one) for one in _FIGURES.findall(text)]
    words = [one.casefold() for one in _WORDS.findall(text)]
    named = {months[one] for one in words if one in months}
    if len(figures) != 2 or len(named) != 1 or len(text) > 40:
        raise ValueError(text)
    day, year = sorted(figures)
    if year < 1000:
        raise ValueError(text)
    return year, named.pop(), day
