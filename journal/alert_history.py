"""What the history of an entry says of danger alerts, in the language that is active."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from journal.models import Alert, Trail

Facts = dict[str, Any]


def _raised(facts: Facts, names: dict[str, str], before: Facts, after: Facts) -> str:
    if facts.get("again"):
        return _("Whoever was dealing with the danger alert has left: it waits for somebody again.")
    return _("A danger alert was raised.")


def _sent(facts: Facts, names: dict[str, str], before: Facts, after: Facts) -> str:
    told = facts.get("told", 0)
    return ngettext(
        "The danger alert went to: %(stage)s. %(count)d person was told by e-mail.",
        "The danger alert went to: %(stage)s. %(count)d people were told by e-mail.",
        told,
    ) % {"stage": Alert.Stage(facts.get("stage", 0)).label, "count": told}


def _answered(facts: Facts, names: dict[str, str], before: Facts, after: Facts) -> str:
    return _("The danger alert was answered: somebody is dealing with it.")


def _closed(facts: Facts, names: dict[str, str], before: Facts, after: Facts) -> str:
    if facts.get("outcome") == Alert.Outcome.FALSE_ALARM:
        return _("The danger alert was closed as a false alarm.")
    return _("The danger alert was closed: it was acted upon.")


def _passed_on(facts: Facts, names: dict[str, str], before: Facts, after: Facts) -> str:
    return _("It was passed to the named person of the region.")


def _taken(facts: Facts, names: dict[str, str], before: Facts, after: Facts) -> str:
    return _("The named person of the region is dealing with it.")


def _read(facts: Facts, names: dict[str, str], before: Facts, after: Facts) -> str:
    return _("The named person of the region read it.")


def _wrote(facts: Facts, names: dict[str, str], before: Facts, after: Facts) -> str:
    return _("The named person of the region wrote to the author.")


def _ended(facts: Facts, names: dict[str, str], before: Facts, after: Facts) -> str:
    return _("The named person of the region has finished with it.")


def _handed_over(facts: Facts, names: dict[str, str], before: Facts, after: Facts) -> str:
    return _("It was handed over to another named person of the region.")


ALERT_SENTENCES: dict[str, Callable[[Facts, dict[str, str], Facts, Facts], str]] = {
    Trail.Step.ALERT_RAISED: _raised,
    Trail.Step.ALERT_SENT: _sent,
    Trail.Step.ALERT_ANSWERED: _answered,
    Trail.Step.ALERT_CLOSED: _closed,
    Trail.Step.REGION_CALLED: _passed_on,
    Trail.Step.REGION_TOOK: _taken,
    Trail.Step.REGION_READ: _read,
    Trail.Step.REGION_WROTE: _wrote,
    Trail.Step.REGION_CLOSED: _ended,
    Trail.Step.REGION_HANDED_OVER: _handed_over,
}
