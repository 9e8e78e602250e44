"""Charts of a region's schools, each with its table. In the language now active."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import formats
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reports.charts import Amount, Picture, Row, bars, columns
from reports.figures.covering import Covered
from reports.region.overview import Line, Overview
from reports.region.rows import UNKNOWN, number_in_words, per_cent

MOST_MONTHS = 24
# Of the drawing, in its own units: beside a table on a page.
ON_A_PAGE = 380.0


@dataclass(frozen=True)
class Chart:
    """A picture and the same numbers as a table: its head, and a row for each line."""

    picture: Picture
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def title(self) -> str:
        """What both are called."""
        return self.picture.title

    @property
    def is_narrow(self) -> bool:
        """Whether the table has room beside the picture."""
        return len(self.head) < 4


def _amount(number: Covered) -> Amount:
    return Amount(number.low, number.high, said=number_in_words(number))


def _count(number: int) -> Amount:
    return Amount(number, said=str(number))


def attention(line: Line, *, width: float) -> Chart:
    """How many schools have something that waits now."""
    facts = [
        (_("A danger alert nobody has answered"), line.with_alerts),
        (_("An overdue reply"), line.with_overdue),
        (_("An opening of the box that is owed"), line.with_opening_owed),
        (_("No activity for a month"), line.silent),
    ]
    title = _("Schools where something waits today")
    return Chart(
        bars(
            key="attention",
            title=title,
            width=width,
            description=_("A bar for each reason; its length is the number of schools."),
            series=[""],
            rows=[Row(label, (_count(number),)) for label, number in facts],
        ),
        (pgettext("head of a table", "What waits"), pgettext("head of a table", "Schools")),
        tuple((label, str(number)) for label, number in facts),
    )


def answering(overview: Overview, *, width: float) -> Chart:
    """How many schools answer how many of their letters in time."""
    bands = [
        (_("all of them"), {100}),
        (_("about %(share)s") % {"share": per_cent(90)}, {90}),
        (_("about %(share)s") % {"share": per_cent(80)}, {80}),
        (_("from half to %(share)s") % {"share": per_cent(70)}, {50, 60, 70}),
        (_("fewer than half"), {0, 10, 20, 30, 40}),
        (_("fewer than five replies: not told"), {None}),
    ]
    facts = [(label, sum(overview.by_share[share] for share in shares)) for label, shares in bands]
    title = _("Schools by how many of their replies were in time")
    return Chart(
        bars(
            key="answering",
            title=title,
            width=width,
            description=_(
                "A bar for each share of replies given in time; its length is the number of schools."
            ),
            series=[""],
            rows=[Row(label, (_count(number),)) for label, number in facts],
        ),
        (pgettext("head of a table", "Replies in time"), pgettext("head of a table", "Schools")),
        tuple((label, str(number)) for label, number in facts),
    )


def by_month(months: Sequence[tuple[datetime.date, Covered]], *, width: float) -> Chart:
    """Letters of all schools, month by month."""
    title = _("Letters registered, month by month")
    head = (pgettext("head of a table", "Month"), pgettext("head of a table", "Letters"))
    many = len(months) > 6
    return Chart(
        columns(
            key="by-month",
            title=title,
            width=width,
            description=_(
                "A column for each month. What is covered is dashed: the number is somewhere between the lower and the "
                "upper edge of the dashed part."
            ),
            series=[""],
            rows=[
                Row(_short(month) if many else _long(month), (_amount(number),))
                for month, number in months
            ],
        ),
        head,
        tuple((_long(month), number_in_words(number)) for month, number in months),
    )


def _long(month: datetime.date) -> str:
    return capfirst(formats.date_format(month, "YEAR_MONTH_FORMAT"))


def _short(month: datetime.date) -> str:
    return f"{month:%m.%y}"


def by_part(lines: Sequence[tuple[str, Line]], *, width: float) -> Chart:
    """The parts of the region beside each other: openings on time, and everything else in the table."""
    title = _("Openings held on time, by part of the region")
    return Chart(
        bars(
            key="by-part",
            title=title,
            width=width,
            description=_("A bar for each part of the region, from 0 to 100 per cent."),
            series=[""],
            rows=[
                Row(
                    label,
                    (
                        None
                        if line.openings_on_time is None
                        else Amount(line.openings_on_time, said=per_cent(line.openings_on_time)),
                    ),
                )
                for label, line in lines
            ],
        ),
        (
            pgettext("head of a table", "Part of the region"),
            pgettext("head of a table", "Schools"),
            pgettext("head of a table", "Letters"),
            pgettext("head of a table", "Openings on time"),
            pgettext("head of a table", "Overdue now"),
            pgettext("head of a table", "Danger alerts nobody has answered"),
        ),
        tuple(
            (
                label,
                str(line.schools),
                number_in_words(line.letters),
                per_cent(line.openings_on_time) if line.schools else UNKNOWN,
                number_in_words(line.overdue),
                number_in_words(line.alerts),
            )
            for label, line in lines
        ),
    )
