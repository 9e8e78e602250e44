"""What the history of an entry says of holds and of its destruction, in the language that is active."""

import datetime
from collections.abc import Callable
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from journal.models import Trail

Facts = dict[str, Any]


def _held(facts: Facts, names: dict[str, str], before: Facts, after: Facts) -> str:
    return _("From now on it is kept for a court or an inquiry.")


def _released(facts: Facts, names: dict[str, str], before: Facts, after: Facts) -> str:
    return _("It is no longer kept for a court or an inquiry.")


def _destroyed(facts: Facts, names: dict[str, str], before: Facts, after: Facts) -> str:
    act = {
        "number": facts["act"],
        "date": formats.date_format(datetime.date.fromisoformat(facts["on"]), "DATE_FORMAT"),
        "file": facts.get("file", ""),
    }
    if "file" in facts:
        return (
            _(
                "File %(file)s, which nobody had opened, was destroyed by act № %(number)s of %(date)s."
            )
            % act
        )
    return _("The content was destroyed by act № %(number)s of %(date)s.") % act


KEEPING_SENTENCES: dict[str, Callable[[Facts, dict[str, str], Facts, Facts], str]] = {
    Trail.Step.HELD: _held,
    Trail.Step.RELEASED: _released,
    Trail.Step.DESTROYED: _destroyed,
}
