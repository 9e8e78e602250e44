"""What the lines of figures are called on a page, in the language that is spoken."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import pgettext, pgettext_lazy

from journal.models import Opening
from reports.analysis.lines import LABELS

_MORE: Mapping[str, Mapping[str, str | Promise]] = {
    **LABELS,
    "answered": {
        "in_time": pgettext_lazy("replies in figures", "in time"),
        "late": pgettext_lazy("replies in figures", "late"),
    },
    "openings": dict(Opening.Kind.choices),
}
# The line of what is not known.
_UNKNOWN: Mapping[str, Promise] = {
    "by_category": pgettext_lazy("line of figures", "without a category"),
    "findings": pgettext_lazy("line of figures", "nothing was to be checked"),
    "by_cause": pgettext_lazy("line of figures", "no cause is named"),
}


def line_name(split: str, key: str, label: object = "") -> str:
    """The name of one line of a division: ``split`` is the field of ``Counted``, ``key`` and ``label`` are the line's.

    Lines of the school's own (categories, causes, bodies) carry their names; years of study are plain numbers.
    """
    if not key:
        return str(_UNKNOWN.get(split) or pgettext("of letters", "not known"))
    return str(_MORE.get(split, {}).get(key) or label or key)
