"""The tables of a report: the period beside the one before and the same a year ago."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reports.analysis.freezing import Told
from reports.analysis.lines import NONE, TITLES, written
from reports.analysis.naming import label_of
from reports.documents.paper import Table
from reports.figures.covering import Covered
from reports.figures.for_outsiders import CoveredCounted, CoveredSpell, CoveredSplit
from reports.figures.periods import Period

SHORT = 2  # letters of a word that does not stand alone on a line
# Divisions that say nothing when all letters are on one side.
TWO_SIDED = frozenset({"by_danger", "by_repeat"})
# Of the label and of each column of numbers, by how many of these there are.
_WIDTHS = {1: (70, 30), 2: (52, 24, 24), 3: (46, 18, 18, 18)}


@dataclass(frozen=True)
class Columns:
    """The periods that a report sets side by side."""

    told: Told
    language: str

    @property
    def counted(self) -> list[CoveredCounted]:
        return [self.told.now, *(getattr(self.told, name) for name in self.told.compared)]

    def table(self, heading: str, rows: list[tuple[str, ...]]) -> Table:
        head = ("", *(span_of_months(one.period) for one in self.counted))
        return Table(heading, head, _WIDTHS[len(self.counted)], tuple(rows))

    def row(self, label: str, tell: Callable[[CoveredCounted], str]) -> tuple[str, ...]:
        return (label, *map(tell, self.counted))


def span_of_months(period: Period) -> str:
    """«November 2026» of one month, «09.2026 – 12.2026» of more."""
    if period.months == 1:
        name = formats.date_format(period.first, "YEAR_MONTH_FORMAT")
        before, space, last = name.rpartition(" ")
        # «2026 г.» is not torn.
        return f"{before}\u00a0{last}" if space and len(last) <= SHORT else name
    return f"{period.first:%m.%Y} – {period.last:%m.%Y}"


def tables_of(told: Told, language: str) -> Iterator[tuple[str, Table]]:
    """Each table under the name of what it divides («all» is the first), in the language that is spoken."""
    columns = Columns(told, language)
    yield "all", columns.table(_("In all"), list(_in_all(columns)))
    if len(told.months) > 1:
        yield "months", _by_month(told)
    for name, title in TITLES.items():
        rows = [(label, *map(written, numbers)) for label, numbers in lines_of(columns, name)]
        if len(rows) > (name in TWO_SIDED):
            yield name, columns.table(str(title), rows)


def _by_month(told: Told) -> Table:
    return Table(
        _("Letters registered in each month"),
        (_("Month"), _("Letters registered")),
        _WIDTHS[1],
        tuple(
            (formats.date_format(month, "YEAR_MONTH_FORMAT"), written(number))
            for month, number in told.months
        ),
    )


def _in_all(columns: Columns) -> Iterator[tuple[str, ...]]:
    row = columns.row
    yield row(_("Letters registered"), lambda one: written(one.registered))
    yield row(_("Replies overdue at the end"), lambda one: written(one.overdue))
    yield row(_("Replies given in time"), lambda one: share(one.on_time))
    for label, name in (
        (_("From arrival to the opening of the box, in working days"), "to_reading"),
        (_("From arrival to the reply, in working days"), "to_reply"),
        (_("From arrival to the end of the work, in working days"), "to_closing"),
    ):
        yield row(label, lambda one, name=name: _spell(getattr(one, name)))
    yield row(_("Openings of the box held"), lambda one: str(one.openings_held))
    yield row(_("Openings missed"), lambda one: str(one.openings_missed))
    yield row(_("Meetings of the commission"), lambda one: str(one.meetings))


def share(tens: int | None) -> str:
    """«≈ 80%»: a share is told in tens; nothing of fewer than five replies."""
    if tens is None:
        return NONE
    return "≈\u00a0" + pgettext("share", "%(share)s%%") % {"share": tens}


def _spell(spell: CoveredSpell) -> str:
    """«2 / 5»: what half did not exceed, and what nine in ten did not."""
    if spell.median is None:
        return NONE
    return f"{formats.number_format(spell.median, 0 if spell.median % 1 == 0 else 1)} / {spell.ninetieth}"


def tells(split: CoveredSplit) -> bool:
    """Whether a division says anything: not where every line could be none."""
    return any(line.number.low for line in split.lines)


def lines_of(columns: Columns, name: str) -> Iterator[tuple[str, list[Covered]]]:
    """Lines of a division: label and a number for each period; those that were empty in every period are left out."""
    splits = [getattr(one, name) for one in columns.counted]
    if not any(map(tells, splits)):
        return
    keys = list({line.key: None for split in splits for line in split.lines})
    known = [{line.key: line.number for line in split.lines} for split in splits]
    for key in sorted(keys, key=lambda key: not key):
        numbers = [numbers.get(key, Covered()) for numbers in known]
        if any(number.high for number in numbers):
            label = label_of(columns.told, name, key, columns.language)
            yield label, numbers


def note_on_spells() -> str:
    """Under the first table."""
    return pgettext(
        "under a table",
        "Of working days the first number is what half of the letters did not exceed, the second what nine in ten "
        "did not. Where there were fewer than five, nothing is told.",
    )


def note_on_cover() -> str:
    """Why some numbers are not there."""
    return pgettext(
        "under a table",
        "This report may be read by people who do not read letters. So small numbers are covered: 1–4 is a number "
        "from one to four. Lines that stay between two numbers do not add up to the sum.",
    )
