"""What the answering machine of a trust phone says: the school's own words, or ours with the hours of its phones."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from schools.emergency import RESCUE
from schools.languages import speaking
from schools.models import Regulation, School, TrustPhone
from schools.phone_hours import hours_in_words
from schools.working_days import Calendar


def answering_text(
    *,
    school: School,
    regulation: Regulation,
    phones: Sequence[TrustPhone],
    calendar: Calendar,
    language: str,
) -> str:
    """The text in a language, a paragraph a line; the school's own where it wrote one in that language."""
    own = (regulation.answering_texts or {}).get(language, "")
    if own:
        return own
    with speaking(language):
        hours = hours_of(phones, calendar, language)
        lines = [
            _("Hello! This is the trust phone.") + " " + school.name_in(language) + ".",
            _("Nobody can answer just now.")
            + (" " + _("We answer: %(hours)s.") % {"hours": "; ".join(hours)} if hours else ""),
            _(
                "After the signal please say your name, your address, your phone number and your question. "
                "You may leave out your name."
            ),
            _("If somebody is in danger, do not wait for us: call %(number)s.")
            % {"number": RESCUE.number},
        ]
    return "\n".join(lines)


def hours_of(phones: Sequence[TrustPhone], calendar: Calendar, language: str) -> list[str]:
    """When the phones are answered, each hours once, in the language that is spoken; with a number where they differ.

    A phone whose hours are not known has the school's own word on them, or is left out.
    """
    known = {
        phone.number: hours_in_words(phone, calendar, language) or phone.hours_in(language)
        for phone in phones
    }
    known = {number: hours for number, hours in known.items() if hours}
    if len(set(known.values())) <= 1:
        return list(dict.fromkeys(known.values()))
    return [f"{number}: {hours}" for number, hours in known.items()]
