"""The order of work: who keeps the key, when the box is opened, who is there, and what is drawn up."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from schools.dates import WEEKDAYS, long_date
from schools.models import Regulation
from schools.models.regulation import Source
from schools.regulation_text import wording
from schools.regulation_text.document import Said
from schools.regulation_text.rules import Rules
from schools.selectors import roles_allowing

Schedule = Regulation.Schedule
# In every month; a later day is not in all of them.
LAST_DAY_OF_EVERY_MONTH = 28


def clauses(rules: Rules) -> Iterator[Said]:
    """In the language that is spoken."""
    yield from _key(rules)
    yield from _schedule(rules)
    yield from _opening(rules)
    yield from _papers(rules)


def _key(rules: Rules) -> Iterator[Said]:
    regulation = rules.regulation
    yield Said(
        "keepers",
        ("regulation.keepers",),
        _("Posts of the staff to whom the key of the box is entrusted:"),
        tuple(wording.post(role) for role in regulation.keepers),
    )
    yield Said(
        "key_given",
        ("roles",),
        _(
            "Whoever holds the key and one of these posts can give the key to a colleague and take it away again; "
            "both are recorded:"
        ),
        tuple(wording.post(role) for role in roles_allowing("schools.grant_key")),
    )
    yield Said(
        "key_taken",
        ("roles",),
        _(
            "Without a key nobody can read a letter. The key can be given to the holders of these posts alone:"
        ),
        tuple(wording.post(role) for role in roles_allowing("schools.hold_key")),
    )
    yield Said(
        "names",
        ("regulation.names_published",),
        _(
            "The page of the box tells the posts and the names of those who read the letters at present."
        )
        if regulation.names_published
        else _(
            "The page of the box tells the posts of those who read the letters at present, without their names."
        ),
    )


def _schedule(rules: Rules) -> Iterator[Said]:
    regulation = rules.regulation
    yield Said("schedule", _settings_of_schedule(regulation), _times(rules))
    if regulation.works == Regulation.Works.SCHOOL_YEAR:
        yield Said(
            "vacations",
            ("regulation.works", "school.vacations"),
            _(
                "An opening whose day falls into a vacation of the school or into the time from 1 June to 31 August "
                "is not held and not made up for."
            ),
        )
    if regulation.schedule != Schedule.DAILY:
        yield Said(
            "days_off",
            ("regulation.on_working_days",),
            _(
                "If the day of an opening is no working day, the opening is held on the next working day at the same "
                "hour."
            )
            if regulation.on_working_days
            else _("The opening is held on its day also where that is no working day."),
        )
    if any((regulation.place or {}).values()):
        yield Said(
            "place",
            ("regulation.place",),
            _("Place of the opening: %(place)s.") % {"place": rules.own(regulation.place)},
        )


def _settings_of_schedule(regulation: Regulation) -> tuple[str, ...]:
    of_kind = {
        Schedule.DAILY: ("on_working_days",),
        Schedule.WEEKLY: ("weekday",),
        Schedule.EVERY_N_DAYS: ("every_days", "counted_from"),
        Schedule.MONTHLY: ("month_days",),
    }[Schedule(regulation.schedule)]
    return tuple(f"regulation.{name}" for name in ("schedule", *of_kind, "opens_at"))


def _times(rules: Rules) -> str:
    regulation = rules.regulation
    at = wording.clock(regulation.opens_at)
    if regulation.schedule == Schedule.DAILY:
        if regulation.on_working_days:
            return _("The box is opened every working day. Hour of the opening: %(time)s.") % {
                "time": at
            }
        return _(
            "The box is opened every day, days off included. Hour of the opening: %(time)s."
        ) % {"time": at}
    if regulation.schedule == Schedule.WEEKLY:
        weekday = WEEKDAYS[regulation.weekday]
        return _(
            "The box is opened once a week. Day of the opening: %(weekday)s, hour: %(time)s."
        ) % {"weekday": weekday, "time": at}
    if regulation.schedule == Schedule.EVERY_N_DAYS:
        return _(
            "The box is opened at even intervals. Interval: %(days)s; the first opening from which it is counted: "
            "%(date)s; hour of the opening: %(time)s."
        ) % {
            "days": wording.days(regulation.every_days),
            "date": long_date(regulation.counted_from, rules.language),
            "time": at,
        }
    days = sorted(set(regulation.month_days))
    told = _(
        "The box is opened every month. Days of the month: %(days)s; hour of the opening: %(time)s."
    ) % {"days": wording.listed([str(day) for day in days]), "time": at}
    if days and days[-1] > LAST_DAY_OF_EVERY_MONTH:
        rest = _("In a month without such a day the box is opened on its last day.")
        return f"{told} {rest}"
    return told


def _opening(rules: Rules) -> Iterator[Said]:
    regulation = rules.regulation
    least = ngettext(
        "An opening is held in the presence of at least %(count)s person.",
        "An opening is held in the presence of at least %(count)s people.",
        regulation.least_present,
    ) % {"count": regulation.least_present}
    yield Said("present", ("regulation.least_present",), least)
    if regulation.must_be_present:
        yield Said(
            "must_be_present",
            ("regulation.must_be_present",),
            _("The holders of these posts must be present at an opening:"),
            tuple(wording.post(role) for role in regulation.must_be_present),
        )
    yield Said(
        "reasons",
        (),
        _(
            "If fewer are present than this regulation asks for, the reason is written down before the box is "
            "opened. The reason is written down also where an opening was missed, and where the box is opened out of "
            "turn."
        ),
    )
    if rules.has_site:
        yield Said(
            "opened_in_danger",
            ("regulation.sources",),
            _(
                "If the author of a letter on the site has marked that somebody is in danger, the box is opened at "
                "once, on whatever day and at whatever hour; no other condition of an opening applies then."
            ),
        )
    yield Said(
        "taken_out",
        (),
        _(
            "At an opening every letter that lies in the box is taken out. Each of them is registered, or set aside "
            "with a reason."
        ),
    )


def _papers(rules: Rules) -> Iterator[Said]:
    regulation = rules.regulation
    acts = Regulation.Acts
    if regulation.acts == acts.ALWAYS:
        told = _(
            "An act is drawn up of every opening, also where there was no letter in the box. Acts are numbered from "
            "1 in each calendar year; those present sign them."
        )
    elif regulation.acts == acts.WITH_LETTERS:
        told = _(
            "An act of withdrawal is drawn up of an opening at which there were letters in the box. Acts are "
            "numbered from 1 in each calendar year; those present sign them."
        )
    else:
        told = _(
            "No act is drawn up of an opening; its record in the journal of openings is enough."
        )
    yield Said("acts", ("regulation.acts",), told)
    yield Said(
        "journal_of_openings",
        (),
        _(
            "Every opening, also of an empty box, is entered in the journal of openings: its number in the calendar "
            "year, the date and time, those present and how many letters were found."
        ),
    )
    if Source.PAPER in regulation.sources:
        yield Said(
            "paper_counted",
            ("regulation.sources",),
            _(
                "Paper letters are counted at the opening, and the text of each is typed in or its scan added."
            ),
        )
