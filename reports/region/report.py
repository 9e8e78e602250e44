"""The report on a region's schools: a paper with charts, and the same table for a spreadsheet."""

import datetime
from collections.abc import Iterator
from io import BytesIO

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from journal.exporting.cells import Cell
from journal.exporting.formats import write_xlsx
from reports.analysis.drawings import WIDTH
from reports.analysis.tables import span_of_months
from reports.documents.paper import Block, Chart, Facts, Paper, Signer, Table, Words
from reports.documents.signing import signatures
from reports.figures.of_schools import Only, SchoolRow, SchoolsPage, of_schools
from reports.region.asked import Asked, schools_asked
from reports.region.overview import Line, overview_of
from reports.region.page import charts_of, only_names, span_in_words, title_of
from reports.region.rows import (
    UNKNOWN,
    columns,
    how_it_is_covered,
    number_in_words,
    per_cent,
)
from schools.dates import long_date
from schools.models import School, User

MOST_SCHOOLS = 10_000
# Of a whole country nobody reads hundreds of sheets, and drawing them takes minutes: the spreadsheet has them all.
MOST_ON_PAPER = 300
BLANK_LINES = 5
# In hundredths of the text's width: the schools, and the tables beside charts by their number of columns.
_NAME, _OTHERS = 26, (14, 17, 10, 12, 11, 10)
_WIDTHS = {2: (70, 30), 6: (28, 12, 14, 16, 14, 16)}


def all_schools(asked: Asked, schools: QuerySet[School]) -> SchoolsPage:
    """Every school in question, in the order that was asked for."""
    return of_schools(
        schools,
        asked.span.period.first,
        asked.span.period.last,
        by=asked.by,
        descending=asked.descending,
        only=asked.only,
        size=MOST_SCHOOLS,
    )


def region_paper(asked: Asked, *, user: User, language: str, today: datetime.date) -> Paper:
    """The paper, in the language that is spoken now."""
    schools = schools_asked(asked, user)
    heading = pgettext("heading of a paper", "Report on the work of the schools’ trust boxes")
    return Paper(
        language=language,
        school=title_of(asked),
        short=f"{heading}, {span_of_months(asked.span.period)}",
        heading=heading,
        subheading=f"{asked.span.label}, {span_in_words(asked)}",
        place_and_day=("", long_date(today, language)),
        landscape=True,
        blocks=tuple(_blocks(asked, schools)),
    )


def _blocks(asked: Asked, schools: QuerySet[School]) -> Iterator[Block]:
    page = all_schools(asked, schools)
    yield _in_all(overview_of(page).whole)
    for chart in charts_of(asked, schools, page, width=WIDTH):
        yield Words("", chart.title)
        yield Chart(chart.picture)
        yield Table("", chart.head, _WIDTHS[len(chart.head)], chart.rows)
    shown = columns()
    names = {region.pk: str(region) for region in asked.regions}
    heading = _("The schools")
    if asked.only != Only.ALL:
        heading = f"{heading}: {only_names()[asked.only]}"
    yield Table(
        heading,
        (pgettext("column of a region’s schools", "School"), *(one.head for one in shown)),
        (_NAME, *_OTHERS),
        tuple(
            (
                _name(row, names),
                *(
                    "\n".join(filter(None, (one.words(row), one.more(row) if one.more else "")))
                    for one in shown
                ),
            )
            for row in page.rows[:MOST_ON_PAPER]
        ),
    )
    if len(page.rows) > MOST_ON_PAPER:
        yield Words(
            _(
                "These are the first %(count)s schools in this order; the table for Excel has all of them."
            )
            % {"count": MOST_ON_PAPER}
        )
    yield Words("\n".join(how_it_is_covered()), _("How to read the numbers"))
    yield Words("", _("Conclusions"), blank_lines=BLANK_LINES)
    yield Words("", _("Proposals"), blank_lines=BLANK_LINES)
    yield signatures((Signer("", ""),), heading=_("Drawn up by"))


def _name(row: SchoolRow, names: dict[int, str]) -> str:
    part = names.get(row.school.region_id, "")
    return f"{row.school}\n{part}" if part and len(names) > 1 else str(row.school)


def _in_all(line: Line) -> Facts:
    held = f"{per_cent(line.openings_on_time)} ({line.openings_held})"
    return Facts(
        (
            (_("Schools"), str(line.schools)),
            (_("Letters registered"), number_in_words(line.letters)),
            (_("Openings of the box held on time"), held),
            (_("Openings that were missed"), str(line.openings_missed)),
            (_("Replies overdue today"), number_in_words(line.overdue)),
            (_("Danger alerts nobody has answered"), number_in_words(line.alerts)),
        )
    )


def region_sheet(asked: Asked, *, user: User) -> bytes:
    """The table of the schools as a spreadsheet, covered like the page."""
    page = all_schools(asked, schools_asked(asked, user))
    names = {region.pk: str(region) for region in asked.regions}
    shown = columns()
    heads = [
        pgettext("column of a region’s schools", "School"),
        pgettext("head of a table", "Region or part of it"),
        *(one.head for one in shown),
        pgettext("head of a table", "Openings held"),
        pgettext("head of a table", "Openings missed"),
        pgettext("head of a table", "An opening is owed since"),
    ]
    file = BytesIO()
    write_xlsx(
        file,
        heads,
        (
            [
                str(row.school),
                names.get(row.school.region_id, ""),
                *(one.cell(row) for one in shown),
                *_openings(row),
            ]
            for row in page.rows
        ),
    )
    return file.getvalue()


def _openings(row: SchoolRow) -> list[Cell]:
    return [row.openings_held, row.openings_missed, row.opening_owed or UNKNOWN]
