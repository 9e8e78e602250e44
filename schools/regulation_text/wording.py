"""Words that stand in lists and after dashes: always as they stand in a dictionary, whatever the language."""

import datetime

from django.utils.translation import get_language, get_language_info, ngettext, pgettext

from schools.languages import own_name
from schools.models.regulation import Audience, Column, Source
from schools.roles import ROLE_NAMES


def writers(audience: str) -> str:
    """Who writes, as many."""
    return {
        Audience.STUDENT: pgettext("in the regulation", "pupils"),
        Audience.PARENT: pgettext("in the regulation", "parents and other legal representatives"),
        Audience.TEACHER: pgettext("in the regulation", "teachers"),
        Audience.OTHER: pgettext("in the regulation", "any other persons"),
    }[Audience(audience)]


def way_in(source: str) -> str:
    """A way in, with what it takes."""
    return {
        Source.WEB: pgettext("in the regulation", "the form on the site"),
        Source.PAPER: pgettext("in the regulation", "the box for paper letters"),
        Source.PHONE: pgettext("in the regulation", "the trust phone"),
        Source.EMAIL: pgettext("in the regulation", "e-mail"),
        Source.PERSON: pgettext("in the regulation", "a talk in person"),
    }[Source(source)]


def column(slug: str) -> str:
    """The heading of a column of the journal, as the journal has it."""
    return str(Column(slug).label)


def post(role: str) -> str:
    """The post that a role is."""
    return str(ROLE_NAMES[role])


def language_named(code: str) -> str:
    """A language, in the language that is active; English alone writes it with a capital letter."""
    try:
        named = str(get_language_info(code)["name_translated"])
    except KeyError:
        return own_name(code)
    return named if get_language() == "en" else named.lower()


def clock(at: datetime.time) -> str:
    """«15:00»."""
    return f"{at:%H:%M}"


def working_days(count: int) -> str:
    return ngettext("%(count)s working day", "%(count)s working days", count) % {"count": count}


def days(count: int) -> str:
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": count}


def minutes(count: int) -> str:
    return ngettext("%(count)s minute", "%(count)s minutes", count) % {"count": count}


def listed(words: list[str]) -> str:
    """One after another with commas."""
    return ", ".join(words)
