"""What came of letters sent on to other bodies; for key holders alone."""

from django.utils.translation import pgettext_lazy

from journal.exporting.cells import Cell
from reports.figures.counted import SentTo

BODY_HEADS = (
    pgettext_lazy("column of bodies", "Sent to"),
    pgettext_lazy("column of bodies", "Sent"),
    pgettext_lazy("column of bodies", "Answered in time"),
    pgettext_lazy("column of bodies", "Answered late"),
    pgettext_lazy("column of bodies", "Not answered yet"),
    pgettext_lazy("column of bodies", "Of these overdue"),
)


def body_cells(one: SentTo) -> list[Cell]:
    """One body: its name, then numbers."""
    return [
        str(one.label),
        one.sent,
        one.answered_in_time,
        one.answered_late,
        one.waiting,
        one.overdue,
    ]
