"""Registration and account, its second half: deadlines, replies, and letters sent on to other bodies."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from schools.models import Regulation, School
from schools.regulation_text import wording
from schools.regulation_text.document import Said
from schools.regulation_text.rules import Rules


def clauses(rules: Rules) -> Iterator[Said]:
    """In the language that is spoken."""
    regulation = rules.regulation
    yield Said("reply", ("regulation.reply_days",), _reply(regulation))
    if regulation.reply_days:
        yield Said(
            "extension",
            ("regulation.reply_days",),
            _(
                "Where more time is needed, the deadline for the reply can be put off with a stated reason. Who "
                "wrote on the site is told the new date and the reason there."
            )
            if rules.has_site
            else _(
                "Where more time is needed, the deadline for the reply can be put off with a stated reason."
            ),
        )
    yield Said("forward", ("regulation.forward_days",), _forward(regulation))
    if regulation.reply_days or regulation.forward_days:
        yield Said("counted_from", ("regulation.sources",), _counted_from(rules))
    yield Said(
        "working_days",
        (
            "school.working_week",
            "school.country",
            "school.calendar_days",
            "school.vacations",
            "regulation.works",
        ),
        _working_days(rules),
    )
    yield Said(
        "clock",
        ("school.time_zone",),
        _("All days and hours are those of the school’s clock. Time zone: %(zone)s.")
        % {"zone": rules.school.time_zone},
    )
    yield from _replies(rules)
    yield Said(
        "reminders",
        ("school.digest_at",),
        _(
            "What waits and what is due is shown to the staff who work with letters each time they sign in. Where the "
            "portal sends e-mails, their address is known and they have not declined it, they are reminded by "
            "e-mail as well; hour of this reminder: %(time)s."
        )
        % {"time": wording.clock(rules.school.digest_at)},
    )


def _reply(regulation: Regulation) -> str:
    if regulation.reply_days:
        return _("The author gets a reply. Deadline for the reply: %(days)s.") % {
            "days": wording.working_days(regulation.reply_days)
        }
    return _(
        "The author gets a reply as soon as the letter has been looked into; no fixed deadline is set for it."
    )


def _forward(regulation: Regulation) -> str:
    told = _(
        "What the school cannot decide itself is sent on to the body that can. A day is set by which that body "
        "answers, and the work on the letter is not finished before it has answered."
    )
    if regulation.forward_days:
        deadline = _(
            "Deadline for sending on what lies outside the school’s competence: %(days)s; a later sending needs a "
            "stated reason."
        ) % {"days": wording.working_days(regulation.forward_days)}
        return f"{told} {deadline}"
    return told


def _counted_from(rules: Rules) -> str:
    told = _(
        "The first day of a deadline is the working day after the day on which the letter was taken out of the box."
    )
    if rules.ways_besides_box:
        rest = _(
            "For a letter that did not come through the box it is the working day after the day on which it came."
        )
        return f"{told} {rest}"
    return told


def _working_days(rules: Rules) -> str:
    six = rules.school.working_week == 6
    told = {
        School.Country.KAZAKHSTAN: (
            _(
                "Working days are the days from Monday to Friday, except the public holidays of Kazakhstan and days "
                "off moved by the state."
            ),
            _(
                "Working days are the days from Monday to Saturday, except the public holidays of Kazakhstan and "
                "days off moved by the state."
            ),
        ),
        School.Country.KYRGYZSTAN: (
            _(
                "Working days are the days from Monday to Friday, except the public holidays of Kyrgyzstan and days "
                "off moved by the state."
            ),
            _(
                "Working days are the days from Monday to Saturday, except the public holidays of Kyrgyzstan and "
                "days off moved by the state."
            ),
        ),
    }[School.Country(rules.school.country)][six]
    sentences = [told]
    if rules.regulation.works == Regulation.Works.SCHOOL_YEAR:
        sentences.append(
            _("Days of a vacation and the days from 1 June to 31 August are no working days.")
        )
    sentences.append(
        _(
            "A day that the school itself has entered in its calendar as worked or as free counts as entered."
        )
    )
    return " ".join(sentences)


def _replies(rules: Rules) -> Iterator[Said]:
    signed = (
        pgettext("how a letter is answered", "in person"),
        pgettext("how a letter is answered", "by phone"),
        pgettext("how a letter is answered", "by letter"),
    )
    anonymous = (
        pgettext("how a letter is answered", "a reply placed at the box"),
        pgettext("how a letter is answered", "a notice on the stand"),
        pgettext("how a letter is answered", "an invitation to come and talk in person"),
    )
    site = (
        (pgettext("how a letter is answered", "on the site, by the author’s code"),)
        if rules.has_site
        else ()
    )
    yield Said(
        "reply_signed",
        ("regulation.sources",),
        _("Ways in which the author of a signed letter is answered:"),
        (*signed, *site),
    )
    yield Said(
        "reply_anonymous",
        ("regulation.sources",),
        _("Ways in which the author of an anonymous letter is answered:"),
        (*anonymous, *site),
    )
    if rules.has_site:
        yield Said(
            "code",
            ("regulation.sources",),
            _(
                "Whoever sends a letter on the site gets a code once. With this code the author, and nobody else "
                "outside the school, sees the number and the state of the letter, reads what the school writes and "
                "can write back, without telling who they are. The author can take this conversation away from the "
                "site at any time."
            ),
        )
    yield Said(
        "no_reply",
        (),
        _("The work on a letter is finished without a reply only for a stated reason."),
    )
