"""The figures of a period as sections: a chart and, beside it, a table with the same numbers.

True figures and covered ones are shown by the same code: a number is an ``Amount``, from so many to so many.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reports.analysis.lines import TITLES
from reports.charts import Amount, Picture, Row, bars, columns, shares, spans
from reports.charts.amounts import known, words_of
from reports.charts.columns import MOST_ROWS
from reports.figures.counted import Counted, Split
from reports.figures.covering import Covered, shown
from reports.figures.for_outsiders import CoveredCounted, CoveredFigures, CoveredSpell, CoveredSplit
from reports.figures.of_school import Figures
from reports.figures.spells import Spell
from reports.showing.choosing import head_name, short_name
from reports.showing.lines import line_name

# In drawing units: letters of it are large enough on a phone, and not too large on a desk.
_WIDE = 380.0
AnyFigures = Figures | CoveredFigures
AnyCounted = Counted | CoveredCounted
# Divisions in which lines with nothing stay: they are few, and always the same.
_WHOLE = ("by_signature", "by_danger", "by_repeat", "states", "answered", "findings")


@dataclass(frozen=True)
class Section:
    """One subject. ``picture`` is None where there is nothing to draw; ``rows`` are the table, one amount a column.

    ``apart``: the same for a spreadsheet, where a cell of the table holds two numbers.
    """

    key: str
    title: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    picture: Picture | None
    note: str = ""
    apart: tuple[Row, ...] = ()

    @property
    def lines(self) -> list[tuple[str, list[str]]]:
        """The table in words."""
        return [(row.label, [words_of(amount) for amount in row.amounts]) for row in self.rows]


def amount_of(number: int | Covered) -> Amount:
    """A number, or a covered one, as it is drawn and written."""
    bounds = number if isinstance(number, Covered) else shown(number)
    return Amount(bounds.low, bounds.high)


def sections_of(
    figures: AnyFigures, months: Mapping[datetime.date, int | Covered]
) -> tuple[Section, ...]:
    """All sections that have a line, in the language that is spoken. ``months``: letters by the month."""
    maker = _Maker(figures)
    found = [
        maker.by_month(months),
        maker.division("by_category"),
        *(maker.division(name) for name in ("by_source", "by_audience")),
        maker.levels(),
        *(maker.division(name) for name in ("by_signature", "by_danger", "by_repeat", "states")),
        maker.spells(),
        maker.replies(),
        maker.division("findings"),
        maker.division("by_cause"),
        maker.sent_to(),
        maker.division("set_aside"),
        maker.openings(),
    ]
    return tuple(section for section in found if section.rows)


def in_short(figures: AnyFigures) -> Section:
    """The few numbers by which a period is known, without a chart."""
    maker = _Maker(figures)
    is_true = isinstance(figures, Figures)
    rows = [
        maker.row(_("Letters registered"), lambda one: amount_of(one.registered)),
        maker.row(_("Replies given in time"), _on_time),
        maker.row(_("Replies overdue at the end"), lambda one: amount_of(one.overdue)),
        maker.row(_("Openings of the box held"), lambda one: amount_of(one.openings_held)),
        maker.row(_("Openings missed"), lambda one: amount_of(one.openings_missed)),
        maker.row(_("Meetings of the commission"), lambda one: amount_of(one.meetings)),
    ]
    if is_true:
        rows[1:1] = [
            maker.row(_("Taken out and without a number yet"), lambda one: amount_of(one.waiting)),
            maker.row(str(TITLES["set_aside"]), lambda one: amount_of(one.set_aside.total)),
            maker.row(_("Letters answered"), lambda one: amount_of(one.answered.total)),
        ]
        rows.insert(5, maker.row(_("Letters finished"), lambda one: amount_of(one.closed)))
    return Section("in-short", _("In short"), maker.heads, tuple(rows), None)


def _on_time(one: AnyCounted) -> Amount | None:
    """Of replies, in per cent."""
    if isinstance(one, CoveredCounted):
        return None if one.on_time is None else _per_cent(one.on_time, is_about=True)
    answered = one.answered.total
    return _per_cent(round(100 * one.in_time / answered)) if answered else None


def _per_cent(share: int, *, is_about: bool = False) -> Amount:
    pattern = _("about %(share)s%%") if is_about else pgettext("share", "%(share)s%%")
    return Amount(share, said=pattern % {"share": share})


def days_said(days: float) -> str:
    """Working days as the language writes them: 3, 2.5."""
    return formats.number_format(days, 0 if days % 1 == 0 else 1)


def _others(figures: AnyFigures) -> list[AnyCounted]:
    """The former period and the same a year ago: of a year they are one."""
    if figures.former.period == figures.year_ago.period:
        return [figures.former]
    return [figures.former, figures.year_ago]


def is_empty(one: AnyCounted) -> bool:
    """Whether nothing at all was recorded: no letter, no opening, no meeting."""
    return not (amount_of(one.registered).most or one.openings_held or one.meetings)


def nothing_of(figures: AnyFigures) -> list[str]:
    """Names of the periods with which nothing can be compared."""
    return [short_name(one.period) for one in _others(figures) if is_empty(one)]


_NOTHING = Section("nothing", "", (), (), None)


@dataclass(frozen=True)
class _Maker:
    figures: AnyFigures

    @property
    def periods(self) -> tuple[AnyCounted, ...]:
        """The period, and those it is compared with: each once, and none of which there is nothing."""
        figures = self.figures
        return (figures.now, *(one for one in _others(figures) if not is_empty(one)))

    @property
    def heads(self) -> tuple[str, ...]:
        return tuple(head_name(one.period) for one in self.periods)

    @property
    def series(self) -> tuple[str, ...]:
        return tuple(short_name(one.period) for one in self.periods)

    def row(self, label: str, tell: Callable[[AnyCounted], Amount | None]) -> Row:
        return Row(label, tuple(tell(one) for one in self.periods))

    def _section(
        self,
        key: str,
        rows: Iterable[Row],
        draw: Callable[..., Picture] = bars,
        *,
        title: str = "",
        note: str = "",
    ) -> Section:
        rows = tuple(rows)
        title = title or str(TITLES[key])
        name = key.replace("_", "-")
        picture = None
        if any(amount.most for amount in known(rows)):
            picture = draw(
                key=name,
                title=title,
                description=self._described(rows),
                series=self.series,
                rows=rows,
                width=_WIDE,
            )
        return Section(name, title, self.heads, rows, picture, note)

    def _described(self, rows: tuple[Row, ...]) -> str:
        """What a chart shows, for whoever hears the page; the table says the rest."""
        now, *others = self.series
        words = _("The table beside has the same numbers.")
        if others:
            compared = _("%(now)s is compared with %(others)s.") % {
                "now": now,
                "others": pgettext("periods", " and ").join(others),
            }
            words = f"{compared} {words}"
        first = [(row.amounts[0], row.label) for row in rows if row.amounts[0] is not None]
        exact = [(amount.low, amount, label) for amount, label in first if amount.is_exact]
        if len(rows) > 1 and exact and len(exact) == len(first):
            most, amount, label = max(exact, key=lambda one: one[0])
            if most:
                largest = _("The largest in %(now)s: %(line)s, %(number)s.") % {
                    "now": now,
                    "line": label,
                    "number": amount.words,
                }
                return f"{words} {largest}"
        return words

    def by_month(self, months: Mapping[datetime.date, int | Covered]) -> Section:
        """Each month beside the same one a year ago; nothing of a period of one month."""
        now, before = self.figures.now, self.figures.year_ago
        each, then = list(now.period.each_month()), list(before.period.each_month())
        if not 2 <= len(each) == len(then) <= MOST_ROWS:
            return _NOTHING
        beside = [then] if before in self.periods else []
        shown = [now, before][: len(beside) + 1]
        rows = [
            Row(
                formats.date_format(month, "YEAR_MONTH_FORMAT"),
                tuple(amount_of(months[one[place]]) for one in (each, *beside)),
            )
            for place, month in enumerate(each)
        ]
        drawn = [
            Row(
                formats.date_format(month, "M") if len(each) <= 12 else f"{month:%m.%y}",
                row.amounts,
            )
            for month, row in zip(each, rows, strict=True)
        ]
        title = _("Letters by the month")
        picture = None
        if any(amount.most for amount in known(rows)):
            picture = columns(
                key="by-month",
                title=title,
                description=self._described(tuple(rows)),
                series=[short_name(one.period) for one in shown],
                rows=drawn,
                width=_WIDE,
            )
        heads = tuple(head_name(one.period) for one in shown)
        return Section("by-month", title, heads, tuple(rows), picture)

    def _divided(self, name: str) -> Iterator[Row]:
        splits: list[Split | CoveredSplit] = [getattr(one, name) for one in self.periods]
        labels = {line.key: line.label for split in splits for line in split.lines}
        # Whatever is not known stands last.
        keys = sorted(labels, key=lambda key: not key)
        if name == "by_class_level":
            keys.sort(key=lambda key: (not key, int(key or 0)))
        numbers = [{line.key: line.number for line in split.lines} for split in splits]
        for key in keys:
            amounts = tuple(amount_of(one.get(key, 0)) for one in numbers)
            if name in _WHOLE or any(amount.most for amount in amounts):
                yield Row(line_name(name, key, labels[key]), amounts)

    def division(self, name: str) -> Section:
        """How the letters divide. Nothing where there was no letter, and where every line could be none."""
        rows = list(self._divided(name))
        if not any(map(_has, rows)):
            rows = []
        if isinstance(self.figures, Figures) and name in _WHOLE:
            return self._parts(name, rows)
        return self._section(name, rows)

    def levels(self) -> Section:
        """The years of study, one by one; for outsiders by stages."""
        if isinstance(self.figures, CoveredFigures):
            return self.division("by_stage")
        rows = self._divided("by_class_level")
        return self._section("by_class_level", rows, columns, title=str(TITLES["by_stage"]))

    def _parts(self, name: str, rows: list[Row], title: str = "") -> Section:
        """Few lines of known numbers: drawn as parts of the whole of each period."""
        title = title or str(TITLES[name])
        key = name.replace("_", "-")
        picture = None
        if rows:
            picture = shares(
                key=key,
                title=title,
                description=self._described(tuple(rows)),
                series=[row.label for row in rows],
                rows=[
                    Row(head, tuple(row.amounts[place] for row in rows))
                    for place, head in enumerate(self.series)
                ],
                width=_WIDE,
            )
        return Section(key, title, self.heads, tuple(rows), picture)

    def spells(self) -> Section:
        """How long it took: half of the letters, and nine in ten."""
        named = (
            (_("From arrival to the opening of the box"), "to_reading"),
            (_("From arrival to the reply"), "to_reply"),
            (_("From arrival to the end of the work"), "to_closing"),
        )
        rows = [self.row(label, lambda one, name=name: _span(one, name)) for label, name in named]
        if not known(rows):
            return _NOTHING
        title = _("How long it took, in working days")
        picture = spans(
            key="spells",
            title=title,
            description=self._described(()),
            series=self.series,
            rows=rows,
            width=_WIDE,
        )
        note = _(
            "The first number, and the mark, is what half of the letters did not exceed; the second, and the end of "
            "the line, what nine in ten did not. Letters on paper count from the opening of the box."
        )
        apart = (
            self.row(
                words % {"way": label}, lambda one, name=name, field=field: _days(one, name, field)
            )
            for label, name in named
            for words, field in (
                (_("%(way)s: half of the letters"), "median"),
                (_("%(way)s: nine in ten"), "ninetieth"),
            )
        )
        return Section("spells", title, self.heads, tuple(rows), picture, note, tuple(apart))

    def replies(self) -> Section:
        """Replies in time and late; for outsiders the share of those in time."""
        title = _("Replies in time and late")
        if isinstance(self.figures, Figures):
            rows = list(self._divided("answered"))
            return self._parts("answered", rows if any(map(_has, rows)) else [], title)
        rows = [self.row(_("Replies given in time"), _on_time)]
        return self._section("answered", rows if known(rows) else [], title=title)

    def sent_to(self) -> Section:
        """Letters sent on by the body; what came of them is in the table, for this period alone."""
        if isinstance(self.figures, CoveredFigures):
            return self.division("sent_to")
        told = {one.body: one.label for counted in self.periods for one in counted.sent_to}
        numbers = [{one.body: one.sent for one in counted.sent_to} for counted in self.periods]
        rows = [
            Row(str(label), tuple(amount_of(one.get(body, 0)) for one in numbers))
            for body, label in told.items()
        ]
        return self._section("sent_to", rows)

    def openings(self) -> Section:
        """Openings of the box by their kind, and the days on which there was none."""
        if isinstance(self.figures, Figures):
            rows = list(self._divided("openings"))
        else:
            rows = [
                self.row(_("Openings of the box held"), lambda one: amount_of(one.openings_held))
            ]
        rows.append(self.row(_("Openings missed"), lambda one: amount_of(one.openings_missed)))
        if not any(amount.most for amount in known(rows)):
            rows = []
        return self._section("openings", rows, title=pgettext("in figures", "Openings of the box"))


def _has(row: Row) -> bool:
    """Whether there certainly is something in it."""
    return any(amount.low for amount in known([row]))


def _span(one: AnyCounted, name: str) -> Amount | None:
    spell: Spell | CoveredSpell = getattr(one, name)
    if spell.median is None or spell.ninetieth is None:
        return None
    said = f"{days_said(spell.median)} / {spell.ninetieth}"
    return Amount(spell.median, max(spell.median, spell.ninetieth), said=said)


def _days(one: AnyCounted, name: str, field: str) -> Amount | None:
    days = getattr(getattr(one, name), field)
    return None if days is None else Amount(days, said=days_said(days))
