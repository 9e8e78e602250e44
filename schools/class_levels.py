"""Which year of study a class or group is in, as people write it: pure functions."""

import re
from collections.abc import Iterable

LAST_LEVEL = 12
# «7 «Б»», «7-Б», «11А», «2 курс», «5-сынып», «0 класс»: what comes after the number does not matter.
LEADING_NUMBER = re.compile(r"\s*(\d{1,2})(?!\d)")
BESIDE_THE_POINT = re.compile(r"[\s«»“”„\"'’`.,\-–—_/]+")


def bare(name: str) -> str:
    """A class or group as it is compared: without spaces, quotes and hyphens, in one case."""
    return BESIDE_THE_POINT.sub("", name).casefold()


def class_level(text: str, groups: Iterable[tuple[str, int | None]] = ()) -> int | None:
    """The year of study of what was typed in, or None where nobody can tell.

    ``groups``: the school's own classes and groups, name and year of study; one that matches decides, also that
    there is no year. Else the number with which the text begins, when it is one that a school has.
    """
    wanted = bare(text)
    if not wanted:
        return None
    for name, level in groups:
        if bare(name) == wanted:
            return level
    found = LEADING_NUMBER.match(text)
    level = int(found[1]) if found else LAST_LEVEL + 1
    return level if level <= LAST_LEVEL else None
