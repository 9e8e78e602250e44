"""What the figures say, in whole sentences of the language that is spoken.

Drawn from covered figures alone, so a sentence tells nothing that the tables do not: where a number is covered, it is
said so or left out, and two periods are compared only where the bounds leave no doubt.
"""

import math
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.analysis.freezing import Told
from reports.analysis.lines import written
from reports.analysis.naming import label_of
from reports.analysis.tables import tells
from reports.figures.covering import SMALL, Covered
from reports.figures.for_outsiders import DIVISIONS, CoveredLine, CoveredSpell, CoveredSplit
from reports.models import PeriodReport

# How many categories are named that have grown.
MOST_GROWN = 2
# Shares in tens of a hundred that are said in words.
_NEARLY_ALL, _HARDLY_ANY = 100, 0


def paragraphs(told: Told, language: str) -> tuple[str, ...]:
    """The findings, one paragraph a subject; ``language`` is the one that is spoken."""
    subjects = (
        _letters(told),
        _about(told, language),
        _replies(told),
        _endings(told, language),
        _work(told),
    )
    return tuple(" ".join(sentences) for subject in subjects if (sentences := list(subject)))


def _letters(told: Told) -> Iterator[str]:
    number = told.now.registered
    if number.exact == 0:
        yield _("No letter was registered in this period.")
    elif number.is_exact:
        yield ngettext(
            "%(count)s letter was registered in this period.",
            "%(count)s letters were registered in this period.",
            number.low,
        ) % {"count": number.low}
    elif number == Covered(1, SMALL - 1):
        yield _("From one to four letters were registered in this period.")
    else:
        yield ngettext(
            "From %(low)s to %(high)s letter was registered in this period.",
            "From %(low)s to %(high)s letters were registered in this period.",
            number.high,
        ) % {"low": number.low, "high": number.high}
    if "former" in told.compared:
        yield from _beside_former(number, told.former.registered)
    if "year_ago" in told.compared:
        yield from _beside_year_ago(number, told.year_ago.registered)
    if number.high and not any(tells(getattr(told.now, name)) for name in DIVISIONS):
        yield _("Of months with few letters nothing more is told, so that nobody is recognised.")


def _beside_former(now: Covered, then: Covered) -> Iterator[str]:
    if now.is_exact and then.is_exact:
        more = now.low - then.low
        if more > 0:
            yield ngettext(
                "That is %(count)s letter more than in the period before.",
                "That is %(count)s letters more than in the period before.",
                more,
            ) % {"count": more}
        elif more < 0:
            yield ngettext(
                "That is %(count)s letter fewer than in the period before.",
                "That is %(count)s letters fewer than in the period before.",
                -more,
            ) % {"count": -more}
        elif now.low:
            yield _("In the period before there were as many.")
    elif now.low > then.high:
        yield _("That is more than in the period before.")
    elif now.high < then.low:
        yield _("That is fewer than in the period before.")


def _beside_year_ago(now: Covered, then: Covered) -> Iterator[str]:
    if now.is_exact and then.is_exact:
        more = now.low - then.low
        if more > 0:
            yield ngettext(
                "That is %(count)s letter more than a year ago.",
                "That is %(count)s letters more than a year ago.",
                more,
            ) % {"count": more}
        elif more < 0:
            yield ngettext(
                "That is %(count)s letter fewer than a year ago.",
                "That is %(count)s letters fewer than a year ago.",
                -more,
            ) % {"count": -more}
        elif now.low:
            yield _("A year ago there were as many.")
    elif now.low > then.high:
        yield _("That is more than a year ago.")
    elif now.high < then.low:
        yield _("That is fewer than a year ago.")


def largest(split: CoveredSplit) -> CoveredLine | None:
    """The line that is certainly the largest; None where that is not to be known."""
    lines = sorted(split.lines, key=lambda line: line.number.low, reverse=True)
    if not lines or not lines[0].key or lines[0].number.low < SMALL:
        return None
    first, *others = lines
    return first if all(other.number.high < first.number.low for other in others) else None


def _about(told: Told, language: str) -> Iterator[str]:
    now = told.now
    top = largest(now.by_category)
    if top is not None:
        yield _("The largest number were about “%(name)s” (%(number)s).") % {
            "name": label_of(told, "by_category", top.key, language),
            "number": written(top.number),
        }
    if "former" in told.compared:
        yield from _grown(told, language)
    yield from _some_of_them(told)


def _grown(told: Told, language: str) -> Iterator[str]:
    then = {line.key: line.number for line in told.former.by_category.lines}
    grown = [
        (line, then[line.key])
        for line in told.now.by_category.lines
        if line.key and line.key in then and line.number.low > then[line.key].high
    ]
    grown.sort(key=lambda pair: pair[1].high - pair[0].number.low)
    for line, number in grown[:MOST_GROWN]:
        yield _(
            "About “%(name)s” there were more than in the period before: %(now)s against %(then)s."
        ) % {
            "name": label_of(told, "by_category", line.key, language),
            "now": written(line.number),
            "then": written(number),
        }


def _exact(split: CoveredSplit, key: str) -> int | None:
    """A line's number where it is told as it is."""
    return next((line.number.exact for line in split.lines if line.key == key), None)


def _some_of_them(told: Told) -> Iterator[str]:
    now = told.now
    danger = _exact(now.by_danger, "danger")
    if danger:
        yield ngettext(
            "%(count)s letter told of danger.", "%(count)s letters told of danger.", danger
        ) % {"count": danger}
    elif danger == 0 and now.registered.low:
        yield _("No letter told of danger.")
    anonymous = _exact(now.by_signature, "anonymous")
    if anonymous:
        yield ngettext(
            "%(count)s letter was anonymous.", "%(count)s letters were anonymous.", anonymous
        ) % {"count": anonymous}
    repeats = _exact(now.by_repeat, "repeat")
    if repeats:
        yield ngettext(
            "%(count)s letter repeated an earlier one.",
            "%(count)s letters repeated an earlier one.",
            repeats,
        ) % {"count": repeats}


def _replies(told: Told) -> Iterator[str]:
    now = told.now
    if now.on_time is not None:
        if now.on_time == _NEARLY_ALL:
            yield _("Nearly all replies were given in time.")
        elif now.on_time == _HARDLY_ANY:
            yield _("Hardly any reply was given in time.")
        else:
            yield _("About %(share)s%% of the replies were given in time.") % {"share": now.on_time}
        then = told.former.on_time
        if "former" in told.compared and then is not None and then != now.on_time:
            yield _("In the period before it was about %(share)s%%.") % {"share": then}
    yield from _how_long(now.to_reply)
    yield from _overdue(now.overdue)


def _how_long(spell: CoveredSpell) -> Iterator[str]:
    if spell.median is None or spell.ninetieth is None:
        return
    half, most = math.floor(spell.median), spell.ninetieth
    if not half:
        yield _("Half of the replies were given on the day the letter came.")
    else:
        yield ngettext(
            "Half of the replies were given within %(count)s working day.",
            "Half of the replies were given within %(count)s working days.",
            half,
        ) % {"count": half}
    if most > half:
        yield ngettext(
            "Nine replies in ten were given within %(count)s working day.",
            "Nine replies in ten were given within %(count)s working days.",
            most,
        ) % {"count": most}


def _overdue(number: Covered) -> Iterator[str]:
    if number.exact == 0:
        yield _("When the period ended no reply was overdue.")
    elif number.is_exact:
        yield ngettext(
            "When the period ended the reply to %(count)s letter was overdue.",
            "When the period ended the replies to %(count)s letters were overdue.",
            number.low,
        ) % {"count": number.low}
    else:
        yield _("When the period ended from one to four replies were overdue.")


def _endings(told: Told, language: str) -> Iterator[str]:
    now = told.now
    justified, partly = _exact(now.findings, "justified"), _exact(now.findings, "partly")
    if justified:
        yield ngettext(
            "Of the letters finished %(count)s was found justified.",
            "Of the letters finished %(count)s were found justified.",
            justified,
        ) % {"count": justified}
    if partly:
        yield ngettext(
            "Of the letters finished %(count)s was found justified in part.",
            "Of the letters finished %(count)s were found justified in part.",
            partly,
        ) % {"count": partly}
    cause = largest(now.by_cause)
    if cause is not None:
        yield _("The most frequent cause was “%(name)s” (%(number)s).") % {
            "name": label_of(told, "by_cause", cause.key, language),
            "number": written(cause.number),
        }
    for line in now.sent_to.lines:
        if line.number.exact:
            yield ngettext(
                "%(count)s letter was sent on to “%(name)s”.",
                "%(count)s letters were sent on to “%(name)s”.",
                line.number.low,
            ) % {
                "count": line.number.low,
                "name": label_of(told, "sent_to", line.key, language),
            }


def _work(told: Told) -> Iterator[str]:
    now = told.now
    if not now.openings_held:
        yield _("The box was not opened in this period.")
    else:
        yield ngettext(
            "The box was opened %(count)s time.",
            "The box was opened %(count)s times.",
            now.openings_held,
        ) % {"count": now.openings_held}
    if now.openings_missed:
        yield ngettext(
            "%(count)s opening that the rules ask for was not held.",
            "%(count)s openings that the rules ask for were not held.",
            now.openings_missed,
        ) % {"count": now.openings_missed}
    elif now.openings_held:
        yield _("No opening was missed.")
    if now.meetings:
        yield ngettext(
            "The commission met %(count)s time.",
            "The commission met %(count)s times.",
            now.meetings,
        ) % {"count": now.meetings}
    elif told.kind != PeriodReport.Kind.MONTH:
        yield _("The commission did not meet.")
