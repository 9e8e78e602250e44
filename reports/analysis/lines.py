"""What the lines of a report are called, and how a covered number is written."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from journal.models import Entry, TakenLetter
from reports.figures.covering import Covered
from schools.models.regulation import Audience, Source

# Every division in the order of the report.
TITLES: Mapping[str, Promise] = {
    "by_category": gettext_lazy("What the letters were about"),
    "by_source": gettext_lazy("By which way they came"),
    "by_audience": gettext_lazy("Who wrote"),
    "by_stage": gettext_lazy("Year of study"),
    "by_signature": gettext_lazy("Signed and anonymous letters"),
    "by_danger": gettext_lazy("Letters that told of danger"),
    "by_repeat": gettext_lazy("First letters and repeated ones"),
    "states": gettext_lazy("How far the work on them is"),
    "set_aside": pgettext_lazy("of letters", "Set aside without a number"),
    "findings": gettext_lazy("What the check found, of letters finished"),
    "by_cause": gettext_lazy("Causes, of letters finished"),
    "sent_to": gettext_lazy("Sent on to other bodies"),
}
LABELS: Mapping[str, Mapping[str, Promise]] = {
    "by_source": dict(Source.choices),
    "by_audience": dict(Audience.choices),
    "states": dict(Entry.State.choices),
    "set_aside": dict(TakenLetter.SetAside.choices),
    "findings": dict(Entry.Finding.choices),
    # Named by their first year of study.
    "by_stage": {
        "1": pgettext_lazy("classes or courses", "years 1–4"),
        "5": pgettext_lazy("classes or courses", "years 5–9"),
        "10": pgettext_lazy("classes or courses", "years 10–12"),
    },
    "by_signature": {
        "signed": pgettext_lazy("of letters", "signed"),
        "anonymous": pgettext_lazy("of letters", "anonymous"),
    },
    "by_danger": {
        "danger": pgettext_lazy("of letters", "told of danger"),
        "no_danger": pgettext_lazy("of letters", "did not"),
    },
    "by_repeat": {
        "first": pgettext_lazy("of letters", "first ones"),
        "repeat": pgettext_lazy("of letters", "repeat an earlier one"),
    },
}
# Where nothing is to be said.
NONE = "—"


def written(number: Covered) -> str:
    """«7», or «1–4» where it is covered."""
    return str(number.low) if number.is_exact else f"{number.low}–{number.high}"
