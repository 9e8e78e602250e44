"""What a column of a file can be, and telling it by its head."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from journal.importing.words import plain, said
from schools.models.regulation import Column

# Above the heads there may stand a title, a school's name, a date.
_MOST_LINES_ABOVE = 20


@dataclass(frozen=True)
class Target:
    """Something that a list has: its name, its label, and heads under which people keep it (``|`` between)."""

    name: str
    label: Any
    also: Any = ""
    needed: bool = False


def _column(column: Column, also: Any, *, needed: bool = False) -> Target:
    return Target(column.value, column.label, also, needed)


AUDIENCE, DANGER, STATE = "audience", "danger", "state"

JOURNAL = (
    _column(
        Column.NUMBER,
        pgettext_lazy("head of a number in a journal, parted by |", "number|no|entry number|registration number"),
        needed=True,
    ),
    _column(
        Column.TAKEN_ON,
        pgettext_lazy(
            "head of a day in a journal, parted by |",
            "date|date of registration|date taken out|registered on|day",
        ),
    ),
    _column(
        Column.RECEIVED_AT,
        pgettext_lazy(
            "head of a moment in a journal, parted by |",
            "received|date received|date and time|time|date of the call|received on",
        ),
    ),
    _column(
        Column.SOURCE,
        pgettext_lazy("head of the way in, parted by |", "source|way in|how it came|kind of letter"),
    ),
    _column(
        Column.NAME,
        pgettext_lazy(
            "head of a name in a journal, parted by |",
            "name|full name|author|applicant|surname and name|who wrote|surname, name, patronymic",
        ),
    ),
    _column(
        Column.ADDRESS,
        pgettext_lazy("head of an address, parted by |", "address|home address|place of living"),
    ),
    _column(Column.AGE, pgettext_lazy("head of an age, parted by |", "age|years old")),
    _column(
        Column.CLASS_GROUP,
        pgettext_lazy("head of a class, parted by |", "class|group|form|grade|class or group"),
    ),
    _column(
        Column.PHONE,
        pgettext_lazy("head of a phone, parted by |", "phone|telephone|phone number|contacts"),
    ),
    _column(
        Column.CATEGORY,
        pgettext_lazy("head of a category, parted by |", "category|topic|theme|kind of question"),
    ),
    _column(
        Column.SUMMARY,
        pgettext_lazy(
            "head of a summary, parted by |",
            "summary|content|short content|contents of the letter|what it is about|text",
        ),
        needed=True,
    ),
    _column(
        Column.SENT_TO,
        pgettext_lazy("head of where a letter was sent, parted by |", "sent to|forwarded to|executor|where sent"),
    ),
    _column(
        Column.ANSWERED_ON,
        pgettext_lazy(
            "head of the day of a reply, parted by |",
            "reply|date of reply|answered on|date of answer|date of execution",
        ),
    ),
    _column(
        Column.OUTCOME, pgettext_lazy("head of an outcome, parted by |", "outcome|result|results")
    ),
    _column(
        Column.MEASURES,
        pgettext_lazy("head of measures, parted by |", "measures|measures taken|what was done|work done"),
    ),
    Target(
        AUDIENCE,
        _("Who writes"),
        pgettext_lazy("head of who writes, parted by |", "who writes|audience|status of the author"),
    ),
    Target(
        DANGER,
        _("Danger"),
        pgettext_lazy("head of danger, parted by |", "danger|urgent|somebody is in danger"),
    ),
    Target(STATE, _("State"), pgettext_lazy("head of a state, parted by |", "state|status")),
)  # fmt: skip

STAFF = (
    Target(
        "full_name",
        _("Full name"),
        pgettext_lazy("head of a name in a list of staff, parted by |", "name|full name|surname and name|employee"),
        needed=True,
    ),
    Target(
        "role",
        pgettext_lazy("of a person in a school", "Role"),
        pgettext_lazy("head of a role, parted by |", "role|post|position|duty"),
        needed=True,
    ),
    Target(
        "email",
        _("E-mail"),
        pgettext_lazy("head of an e-mail address, parted by |", "email|e-mail|mail|e-mail address"),
    ),
    Target(
        "username",
        _("User name"),
        pgettext_lazy("head of a user name, parted by |", "user name|username|login"),
    ),
)  # fmt: skip

CLASSES = (
    Target(
        "name",
        _("Class or group"),
        pgettext_lazy("head of a class in a list of classes, parted by |", "class|group|name|class or group"),
        needed=True,
    ),
    Target(
        "level",
        _("Year of study"),
        pgettext_lazy("head of a year of study, parted by |", "year of study|year|level|parallel|course|grade"),
    ),
)  # fmt: skip


class Heads:
    """Tells columns by their heads, in every language at once."""

    def __init__(self, targets: Sequence[Target]) -> None:
        self._words = [
            (target.name, list(dict.fromkeys([*said(target.label), *said(target.also)])))
            for target in targets
        ]

    def told(self, heads: Sequence[str]) -> dict[str, int]:
        """Which column of the file is what: the surest first, none twice."""
        sure: list[tuple[int, int, str]] = []
        for place, head in enumerate(heads):
            text = plain(head) or head.strip()
            for name, words in self._words:
                points = max((_likeness(text, word) for word in words), default=0)
                if points:
                    sure.append((-points, place, name))
        found: dict[str, int] = {}
        for _points, place, name in sorted(sure):
            if name not in found and place not in found.values():
                found[name] = place
        return found

    def line(self, rows: Sequence[Sequence[str]]) -> int:
        """Which of the first rows holds the heads: the one of which most are known; else the first of two cells."""
        top = rows[:_MOST_LINES_ABOVE]
        known = [len(self.told(cells)) for cells in top]
        if max(known, default=0) >= 2:
            return known.index(max(known))
        return next((place for place, cells in enumerate(top) if sum(map(bool, cells)) > 1), 0)


def _likeness(head: str, word: str) -> int:
    """1000 for the same; else the longer the known words that stand in the head, the more; 0 where none do."""
    if not head or not word:
        return 0
    if head == word:
        return 1000
    if len(word) >= 3 and f" {word} " in f" {head} ":
        return 100 + min(len(word), 99) if not head.startswith(word) else 300 + min(len(word), 99)
    return 0


def is_numbering(cells: Sequence[str]) -> bool:
    """Whether a row only numbers the columns: 1, 2, 3 … as forms printed long ago do."""
    return len(cells) > 2 and list(cells) == [str(place) for place in range(1, len(cells) + 1)]
