"""A former journal as a whole: its rows checked, and the volumes they make."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from journal.importing.checking import Checked, Layout, Rows, finding
from journal.importing.columns import JOURNAL, is_numbering
from journal.importing.entries import Choices, EntryResource, Kept, Terms
from journal.importing.order import Group, groups_of, wrong_numbers
from journal.importing.words import NOTHING, plain
from journal.models import Volume
from schools.models import School
from schools.models.regulation import Column


@dataclass
class Journal:
    """What was checked, and the volumes that the rows belong to; with findings none of it can be taken over."""

    checked: Checked
    groups: list[Group] = field(default_factory=list)
    # Rows that have no name but an address, an age or a phone, which are not taken over.
    without_name: int = 0

    @property
    def rows(self) -> list[Kept]:
        """All rows, of an import without findings."""
        return self.checked.rows


def under_the_heads(rows: Rows, layout: Layout) -> Rows:
    """The rows below the heads, without one that only numbers the columns."""
    below = rows[layout.head + 1 :]
    return below[1:] if below and is_numbering(below[0][1]) else below


def unknown_categories(rows: Rows, layout: Layout, school: School) -> list[str]:
    """Names in the column of categories that the school has not, each once, as they stand there."""
    place = layout.columns.get(Column.CATEGORY)
    if place is None:
        return []
    known = Terms(school, Choices()).categories
    found: dict[str, str] = {}
    for _number, cells in under_the_heads(rows, layout):
        text = cells[place].strip() if place < len(cells) else ""
        if text not in NOTHING and plain(text) and plain(text) not in known:
            found.setdefault(plain(text), text)
    return list(found.values())


def check_journal(*, school: School, rows: Rows, layout: Layout, choices: Choices) -> Journal:
    """Everything that is wrong at once; the same number of queries for one row and for thousands."""
    terms = Terms(school, choices)
    terms.tells_replies = Column.ANSWERED_ON in layout.columns
    below = under_the_heads(rows, layout)
    checked = EntryResource().checked(below, layout, JOURNAL, terms=terms)
    checked.findings += _beyond(rows, below, layout)
    groups, wrong = groups_of(checked.all_rows, terms)
    volumes = {
        (one.book, (one.period_from, one.period_to)): one
        for one in Volume.objects.filter(school=school)
    }
    for group in groups:
        wrong += wrong_numbers(group, volumes)
    checked.findings += [finding(*one, layout, JOURNAL) for one in wrong]
    checked.findings.sort(key=lambda one: (one.row, one.column))
    return Journal(
        checked=checked, groups=groups, without_name=_without_name(below, layout, checked)
    )


def _beyond(rows: Rows, below: Rows, layout: Layout) -> list:
    """Rows that go on where no head stands: something has slipped to the right there."""
    width = len(rows[layout.head][1])
    text = _("This row has more cells than there are heads: something has slipped to the right.")
    return [
        finding(number, "", text, layout, JOURNAL) for number, cells in below if len(cells) > width
    ]


def _without_name(below: Rows, layout: Layout, checked: Checked) -> int:
    places = [
        layout.columns[name]
        for name in (Column.ADDRESS, Column.AGE, Column.PHONE)
        if name in layout.columns
    ]
    return sum(
        1
        for (_number, cells), kept in zip(below, checked.all_rows, strict=True)
        if not kept.signed and _any_of(cells, places)
    )


def _any_of(cells: Sequence[str], places: Sequence[int]) -> bool:
    return any(place < len(cells) and cells[place].strip() not in NOTHING for place in places)
