"""Registration and account: numbers, books, the journal's columns, and what is never undone."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from schools.models import Regulation
from schools.models.regulation import Column
from schools.regulation_text import wording
from schools.regulation_text.document import Said
from schools.regulation_text.rules import Rules

Year = Regulation.Year


def clauses(rules: Rules) -> Iterator[Said]:
    """In the language that is spoken."""
    yield from _numbers(rules)
    yield from _journal(rules)
    yield from _never_undone(rules)


def _numbers(rules: Rules) -> Iterator[Said]:
    regulation = rules.regulation
    yield Said(
        "numbers",
        ("regulation.numbering",),
        _(
            "Every letter that is registered gets the next number of the journal. Numbers run without a gap, are "
            "given once and are never changed."
        )
        + " "
        + (
            _("They begin anew from 1 on 1 January of each year.")
            if regulation.numbering == Year.CALENDAR
            else _("They begin anew from 1 on 1 September of each school year.")
        ),
    )
    yield Said(
        "books",
        ("regulation.books",),
        _("One journal is kept for letters that come by all ways.")
        if regulation.books == Regulation.Books.ONE
        else _(
            "A journal of its own is kept for letters of each way in, and each has numbers of its own."
        ),
    )
    if rules.ways_besides_box:
        yield Said(
            "besides_box",
            ("regulation.sources",),
            _(
                "Letters that come by these ways are registered without waiting for an opening of the box:"
            ),
            tuple(wording.way_in(source) for source in rules.ways_besides_box),
        )


def _journal(rules: Rules) -> Iterator[Said]:
    regulation = rules.regulation
    yield Said(
        "columns",
        ("regulation.columns",),
        _("The journal has these columns, in this order:"),
        tuple(_heading(slug) for slug in regulation.columns),
    )
    if Column.NAME in regulation.columns:
        yield Said("anonymous_mark", ("regulation.anonymous_marks",), _mark(rules))
    if regulation.two_languages and len(rules.school.languages) > 1:
        first, second = rules.school.languages[:2]
        yield Said(
            "two_languages",
            ("regulation.two_languages", "school.languages"),
            _(
                "The headings of the columns are printed in two languages: %(first)s, and under it %(second)s."
            )
            % {
                "first": wording.language_named(first),
                "second": wording.language_named(second),
            },
        )
    yield Said(
        "cover_year",
        ("regulation.cover_year",),
        _("On its cover the journal has the calendar year for which it is kept.")
        if regulation.cover_year == Year.CALENDAR
        else _("On its cover the journal has the school year for which it is kept."),
    )


def _heading(slug: str) -> str:
    return pgettext("in the regulation", "“%(heading)s”") % {"heading": wording.column(slug)}


def _mark(rules: Rules) -> str:
    marks = rules.regulation.anonymous_marks or {}
    if not any(marks.values()):
        return _(
            "Of an anonymous letter the column for the applicant’s name stays empty, and so do those for address, "
            "age and phone where the journal has them."
        )
    usual = pgettext("mark of an anonymous author in the journal", "anonymous")
    return _(
        "Of an anonymous letter the column for the applicant’s name has the mark “%(mark)s”; address, age and phone "
        "stay empty where the journal has columns for them."
    ) % {"mark": marks.get(rules.language) or usual}


def _never_undone(rules: Rules) -> Iterator[Said]:
    yield Said(
        "set_aside",
        (),
        _(
            "Advertising, tests, doubles and the like get no number: they are set aside with a stated reason and "
            "stay in the list of the opening."
        ),
    )
    yield Said(
        "unalterable",
        (),
        _(
            "Nothing in the journal can be deleted or numbered anew. A mistake is corrected with a stated reason, "
            "and it stays on record that and when it was corrected. Every step of the work with a letter is recorded "
            "with its time and the name of whoever took it."
        ),
    )
    yield Said(
        "printed",
        (),
        _(
            "The journal can be printed at any time, with a cover, numbered pages and a closing page. The closing "
            "page has a control number by which anybody can see whether the print agrees with the journal."
        ),
    )
    yield Said(
        "closed_volume",
        ("regulation.numbering",),
        _(
            "When the calendar year is over, its volume of the journal is closed. Letters on which the work is not "
            "finished are carried over under their numbers, and the work on them goes on."
        )
        if rules.regulation.numbering == Year.CALENDAR
        else _(
            "When the school year is over, its volume of the journal is closed. Letters on which the work is not "
            "finished are carried over under their numbers, and the work on them goes on."
        ),
    )
    yield Said(
        "repeats",
        (),
        _(
            "A letter that repeats an earlier one gets a number of its own; the journal can refer it to the earlier "
            "one."
        ),
    )
