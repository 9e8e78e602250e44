"""The charts of a report, each with the numbers of a table."""

from collections.abc import Callable, Mapping

from django.utils import formats
from django.utils.translation import gettext as _

from reports.analysis.freezing import Told
from reports.analysis.lines import TITLES
from reports.analysis.tables import Columns, lines_of, span_of_months
from reports.charts import Amount, Picture, Row, bars, columns
from reports.figures.covering import Covered

# Of the paper's width, in units of the drawing: letters come out as large as those of the tables.
WIDTH = 620.0
# Of a division with more lines the largest are drawn; the table has all.
MOST_LINES = 8
DRAWN = ("by_category", "by_stage", "by_cause")


def drawing_of(told: Told, name: str, language: str, *, width: float = WIDTH) -> Picture | None:
    """The chart that belongs to a table (``tables_of``), in the language that is spoken; None where there is none."""
    if name in DRAWN:
        return _division(told, name, language, width)
    make = _OTHERS.get(name)
    return make(told, width) if make else None


def _amount(number: Covered) -> Amount:
    return Amount(number.low, number.high)


def _explained(words: str) -> str:
    covered = _(
        "Where a number is covered, it lies between the end of the solid part and that of the dashed one."
    )
    return f"{words} {covered}"


def _division(told: Told, name: str, language: str, width: float) -> Picture | None:
    side_by_side = Columns(told, language)
    lines = sorted(
        lines_of(side_by_side, name),
        key=lambda line: (line[1][0].low, line[1][0].high),
        reverse=True,
    )[:MOST_LINES]
    if not any(number.low for _label, numbers in lines for number in numbers):
        return None
    periods = [span_of_months(one.period) for one in side_by_side.counted]
    return bars(
        key=name.replace("_", "-"),
        title=str(TITLES[name]),
        description=_explained(_("Bars, the longest first: how many letters each line has.")),
        series=periods,
        rows=[Row(label, tuple(map(_amount, numbers))) for label, numbers in lines],
        width=width,
    )


def _months(told: Told, width: float) -> Picture | None:
    if len(told.months) == 1 or not any(number.high for _month, number in told.months):
        return None
    return columns(
        key="by-month",
        title=_("Letters registered in each month"),
        description=_explained(_("Columns, one for each month of the period.")),
        series=[""],
        rows=[
            Row(formats.date_format(month, "m.Y"), (_amount(number),))
            for month, number in told.months
        ],
        width=width,
    )


_OTHERS: Mapping[str, Callable[[Told, float], Picture | None]] = {"months": _months}
