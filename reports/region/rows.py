"""The table of a region's schools in words: the same columns on the page, on paper and in a spreadsheet."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from journal.exporting.cells import Cell
from reports.figures.covering import Covered
from reports.figures.of_schools import Column, SchoolRow

UNKNOWN = "—"


def number_in_words(number: Covered) -> str:
    """«12», or «1–4» where the number is covered."""
    return f"{number.low}" if number.is_exact else f"{number.low}–{number.high}"


def per_cent(share: int | None) -> str:
    """«90 %», or a dash."""
    return (
        UNKNOWN
        if share is None
        else pgettext("share of a whole", "%(share)s %%") % {"share": share}
    )


@dataclass(frozen=True)
class Shown:
    """A column: its head, what is written in it, and what a spreadsheet gets. ``more`` is written small under it."""

    by: Column
    head: str
    words: Callable[[SchoolRow], str]
    cell: Callable[[SchoolRow], Cell]
    more: Callable[[SchoolRow], str] | None = None
    alarms: Callable[[SchoolRow], bool] | None = None


def columns() -> list[Shown]:
    """All columns after the school's name, in the language now active."""
    return [
        Shown(
            Column.LETTERS,
            pgettext("column of a region’s schools", "Letters registered"),
            lambda row: number_in_words(row.letters),
            lambda row: _cell(row.letters),
        ),
        Shown(
            Column.OPENINGS_ON_TIME,
            pgettext("column of a region’s schools", "Openings held on time"),
            lambda row: per_cent(row.openings_on_time),
            lambda row: per_cent(row.openings_on_time),
            _openings,
        ),
        Shown(
            Column.ANSWERED_ON_TIME,
            pgettext("column of a region’s schools", "Answered on time"),
            lambda row: per_cent(row.answered_on_time),
            lambda row: per_cent(row.answered_on_time),
        ),
        Shown(
            Column.OVERDUE,
            pgettext("column of a region’s schools", "Overdue now"),
            lambda row: number_in_words(row.overdue),
            lambda row: _cell(row.overdue),
            alarms=lambda row: row.overdue.high > 0,
        ),
        Shown(
            Column.ALERTS,
            pgettext("column of a region’s schools", "Danger alerts nobody has answered"),
            lambda row: number_in_words(row.alerts),
            lambda row: _cell(row.alerts),
            alarms=lambda row: row.alerts.high > 0,
        ),
        Shown(
            Column.LAST_ACTIVITY,
            pgettext("column of a region’s schools", "Last activity"),
            lambda row: (
                formats.date_format(row.last_activity, "DATE_FORMAT")
                if row.last_activity
                else UNKNOWN
            ),
            lambda row: row.last_activity or UNKNOWN,
        ),
    ]


def _openings(row: SchoolRow) -> str:
    """How many were held, how many missed, and since when one is owed."""
    said = []
    if row.openings_missed:
        words = {"held": row.openings_held, "missed": row.openings_missed}
        said.append(pgettext("openings of a school", "held: %(held)s, missed: %(missed)s") % words)
    if row.opening_owed:
        day = formats.date_format(row.opening_owed, "DATE_FORMAT")
        said.append(pgettext("an opening of the box", "owed since %(day)s") % {"day": day})
    return "; ".join(said)


def _cell(number: Covered) -> Cell:
    return number.low if number.is_exact else number_in_words(number)


def how_it_is_covered() -> list[str]:
    """What whoever reads the table must know, sentence by sentence."""
    return [
        _(
            "Numbers from one to four are not told: “1–4” means that it is one of them. So nobody can be recognised."
        ),
        _("The share answered on time is rounded to tens, and told from five replies on."),
        _(
            "Letters, openings and replies are counted in whole months that are over; what is overdue and what nobody "
            "has answered is as of today."
        ),
    ]
