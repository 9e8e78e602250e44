"""The figures as a spreadsheet: one line a number, so that it can be sorted and summed; names of nobody."""

import io
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from journal.exporting.cells import Cell
from journal.exporting.formats import write_sheets
from reports.charts import Amount
from reports.figures.of_school import Figures
from reports.showing.causes import CAUSE_HEADS, cause_cells
from reports.showing.sections import AnyFigures, Section
from reports.showing.sent_on import BODY_HEADS, body_cells

Sheet = tuple[str, list[str], list[list[Cell]]]


def spreadsheet(figures: AnyFigures, sections: tuple[Section, ...]) -> bytes:
    """An XLSX in the language that is spoken: all sections, and of true figures the causes and the bodies."""
    sheets: list[Sheet] = [
        (
            _("Figures"),
            [
                pgettext("column of figures", "Subject"),
                pgettext("column of figures", "Line"),
                *(str(head) for head in sections[0].heads),
            ],
            list(_lines(sections)),
        )
    ]
    by_month = [one for one in sections if one.heads != sections[0].heads]
    sheets += [
        (one.title, ["", *one.heads], [[row.label, *map(_cell, row.amounts)] for row in one.rows])
        for one in by_month
    ]
    if isinstance(figures, Figures):
        sheets += _of_key_holders(figures)
    out = io.BytesIO()
    write_sheets(out, sheets)
    return out.getvalue()


def _lines(sections: tuple[Section, ...]) -> Iterator[list[Cell]]:
    for section in sections:
        if section.heads == sections[0].heads:
            for row in section.apart or section.rows:
                yield [section.title, row.label, *map(_cell, row.amounts)]


def _cell(amount: Amount | None) -> Cell:
    """A number where it is one, else how it is written: «1–4», «about 80 %»."""
    if amount is None:
        return ""
    if not amount.is_exact or "%" in amount.said:
        return amount.words
    return int(amount.low) if amount.low % 1 == 0 else amount.low


def _of_key_holders(figures: Figures) -> Iterator[Sheet]:
    if figures.causes:
        yield (
            pgettext("sheet of figures", "Causes"),
            [str(head) for head in CAUSE_HEADS],
            [cause_cells(line) for line in figures.causes],
        )
    if figures.now.sent_to:
        yield (
            pgettext("sheet of figures", "Sent on"),
            [str(head) for head in BODY_HEADS],
            [body_cells(one) for one in figures.now.sent_to],
        )
