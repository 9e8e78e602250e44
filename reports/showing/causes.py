"""The table of causes as a page and a spreadsheet show it; for key holders alone."""

from django.utils.translation import gettext_lazy, pgettext_lazy

from journal.exporting.cells import Cell
from reports.figures.causes import CauseLine
from reports.figures.counted import level_key
from reports.showing.lines import line_name

CAUSE_HEADS = (
    pgettext_lazy("column of causes", "Cause"),
    pgettext_lazy("column of causes", "Category"),
    pgettext_lazy("column of causes", "Year of study"),
    pgettext_lazy("column of causes", "Letters finished"),
    pgettext_lazy("finding of a check", "justified"),
    pgettext_lazy("finding of a check", "partly justified"),
    pgettext_lazy("finding of a check", "not justified"),
    pgettext_lazy("column of causes", "Answered"),
    pgettext_lazy("column of causes", "Finished without a reply"),
    pgettext_lazy("column of causes", "Repeated since"),
    pgettext_lazy("column of causes", "The same again since"),
)
NOTE = gettext_lazy(
    "Of letters finished in the period. “Repeated since”: letters linked as repeats of these, taken out after these "
    "were finished. “The same again since”: finished later with the same cause, category and year of study."
)


def cause_cells(line: CauseLine) -> list[Cell]:
    """One line: names, then numbers; an empty cell where nothing can be said."""
    return [
        line_name("by_cause", line.cause, line.cause_label),
        line_name("by_category", line.category, line.category_label),
        line_name("by_class_level", level_key(line.level), line.level),
        line.letters,
        line.justified,
        line.partly,
        line.not_justified,
        line.answered,
        line.without_reply,
        line.repeats,
        "" if line.again is None else line.again,
    ]
