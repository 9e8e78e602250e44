"""What the lines of figures are called, in the language that is spoken."""

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from journal.models import Entry, Opening, TakenLetter
from schools.models.regulation import Audience, Source

_CHOICES: dict[str, dict[str, str | Promise]] = {
    "by_source": dict(Source.choices),
    "by_audience": dict(Audience.choices),
    "by_signature": {
        "signed": pgettext_lazy("letters in figures", "signed"),
        "anonymous": pgettext_lazy("letters in figures", "anonymous"),
    },
    "by_danger": {
        "danger": pgettext_lazy("letters in figures", "somebody is in danger"),
        "no_danger": pgettext_lazy("letters in figures", "nobody is in danger"),
    },
    "by_repeat": {
        "repeat": pgettext_lazy("letters in figures", "repeat an earlier one"),
        "first": pgettext_lazy("letters in figures", "for the first time"),
    },
    "states": dict(Entry.State.choices),
    "set_aside": dict(TakenLetter.SetAside.choices),
    "answered": {
        "in_time": pgettext_lazy("replies in figures", "in time"),
        "late": pgettext_lazy("replies in figures", "late"),
    },
    "findings": dict(Entry.Finding.choices),
    "openings": dict(Opening.Kind.choices),
}
# The line of what is not known.
_UNKNOWN: dict[str, str | Promise] = {
    "by_category": pgettext_lazy("line of figures", "without a category"),
    "by_audience": pgettext_lazy("line of figures", "not known"),
    "by_class_level": pgettext_lazy("line of figures", "not known"),
    "findings": pgettext_lazy("line of figures", "nothing was to be checked"),
    "by_cause": pgettext_lazy("line of figures", "no cause is named"),
}


def line_name(split: str, key: str, label: object = "") -> str:
    """The name of one line of a division: ``split`` is the field of ``Counted``, ``key`` and ``label`` are the line's.

    Lines of the school's own (categories, causes, bodies) carry their names; years of study are plain numbers.
    """
    if not key:
        return str(_UNKNOWN.get(split, _UNKNOWN["by_audience"]))
    return str(label or _CHOICES.get(split, {}).get(key, key))
