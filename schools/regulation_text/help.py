"""The order of work, its second half: phones, and what happens where somebody is in danger."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from schools.emergency import emergency_numbers
from schools.models import TrustPhone
from schools.phone_hours import hours_in_words
from schools.regulation_text import wording
from schools.regulation_text.document import Said
from schools.regulation_text.rules import Rules
from schools.roles import ROLE_NAMES

PHONE_SETTINGS = (
    "names",
    "number",
    "hours",
    "weekdays",
    "answered_from",
    "answered_to",
    "on_days_off",
    "order",
)


def clauses(rules: Rules) -> Iterator[Said]:
    """In the language that is spoken."""
    yield from _phones(rules)
    yield from _danger(rules)
    yield Said(
        "emergency",
        ("school.country",),
        _("Numbers that help at once, free of charge and from any phone:"),
        tuple(
            _("%(number)s – %(answers)s") % {"number": one.number, "answers": one.answers}
            for one in emergency_numbers(rules.school.country)
        ),
    )


def _phones(rules: Rules) -> Iterator[Said]:
    if rules.phones:
        yield Said(
            "phones",
            tuple(f"phone.{name}" for name in PHONE_SETTINGS),
            _("The school publishes these phones beside the box:"),
            tuple(_phone(phone, rules) for phone in rules.phones),
        )
    if not rules.has_calls:
        return
    yield Said(
        "calls",
        ("regulation.sources",),
        _(
            "Whoever takes a call on the trust phone writes down what the caller says and registers it like any "
            "other letter, with the date and the time of the call. A caller does not have to give a name."
        ),
    )
    answering = rules.regulation.answering_texts or {}
    if any(answering.values()):
        yield Said(
            "answering_machine",
            ("regulation.answering_texts",),
            _("When nobody answers the trust phone, the caller hears: “%(text)s”")
            % {"text": rules.own_sentences(answering)},
        )


def _phone(phone: TrustPhone, rules: Rules) -> str:
    parts = [_("%(name)s: %(number)s") % {"name": rules.own(phone.names), "number": phone.number}]
    hours = hours_in_words(phone, rules.calendar, rules.language)
    if hours:
        parts.append(hours)
    if rules.own(phone.hours):
        parts.append(rules.own(phone.hours))
    return ", ".join(parts)


def _danger(rules: Rules) -> Iterator[Said]:
    if rules.has_site:
        yield Said(
            "danger_told",
            ("regulation.sources",),
            _(
                "A letter or message on the site whose author has marked that somebody is in danger raises an alert. "
                "Everybody who reads the letter is told at once, by e-mail too where the portal sends e-mails and "
                "the address is known. The alert stands on the pages of the staff until one of them answers it by "
                "name."
            ),
        )
        yield Said(
            "danger_minutes",
            (
                "regulation.danger_minutes",
                "regulation.danger_minutes_at_night",
                "regulation.day_begins",
                "regulation.day_ends",
            ),
            _minutes(rules),
        )
        yield Said("danger_next", ("membership.called_in_danger",), *_called(rules))
        yield Said(
            "danger_closed",
            (),
            _(
                "Whoever answered an alert writes down how it ended: what was done, or why it was a false alarm. "
                "Nobody whom the letter is about is told of the alert."
            ),
        )
    if rules.ways_besides_site:
        yield Said(
            "danger_by_staff",
            ("regulation.sources",),
            _(
                "If a letter that the staff write down says that somebody is in danger, whoever registers it marks "
                "that, and has thereby answered the alert and acts at once."
            ),
        )


def _minutes(rules: Rules) -> str:
    regulation = rules.regulation
    if regulation.day_begins == regulation.day_ends:
        return _("An alert is answered in this time, at whatever hour it comes: %(minutes)s.") % {
            "minutes": wording.minutes(regulation.danger_minutes)
        }
    return _(
        "Time in which an alert is answered: by day (%(begins)s–%(ends)s) – %(day)s, at night – %(night)s."
    ) % {
        "begins": wording.clock(regulation.day_begins),
        "ends": wording.clock(regulation.day_ends),
        "day": wording.minutes(regulation.danger_minutes),
        "night": wording.minutes(regulation.danger_minutes_at_night),
    }


def _called(rules: Rules) -> tuple[str, tuple[str, ...]]:
    named = {member.role_id for member in rules.members if member.called_in_danger}
    roles = [role for role in ROLE_NAMES if role in named] or ["deputy_director"]
    return (
        _(
            "If nobody has answered the alert in this time, these are told in the same way, one after the other:"
        ),
        (*(wording.post(role) for role in roles if role != "director"), wording.post("director")),
    )
