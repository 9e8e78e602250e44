"""How long is kept what letters say, and the report by which causes are removed."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from schools.regulation_text.document import Said
from schools.regulation_text.rules import Rules


def clauses(rules: Rules) -> Iterator[Said]:
    """In the language that is spoken."""
    yield _report(rules.regulation.report_day)
    yield from _times(rules)


def _report(day: int) -> Said:
    return Said(
        "report",
        ("regulation.report_day",),
        _(
            "By day %(day)s of each month a report on the letters of the month before is prepared for the head of the "
            "school: how many there were and what about, how they were answered, and why it happened. It names nobody."
        )
        % {"day": day},
    )


def _times(rules: Rules) -> Iterator[Said]:
    regulation = rules.regulation
    yield Said(
        "keep_years",
        ("regulation.keep_years",),
        ngettext(
            "When the work on a letter is finished, its entry is kept whole for %(count)s year. After that what the "
            "letter says and who wrote it are destroyed, by a list that the commission approves and with an act; "
            "number, dates, category and outcome stay in the journal. "
            "What a court or an inquiry needs is not destroyed.",
            "When the work on a letter is finished, its entry is kept whole for %(count)s years. After that what the "
            "letter says and who wrote it are destroyed, by a list that the commission approves and with an act; "
            "number, dates, category and outcome stay in the journal. "
            "What a court or an inquiry needs is not destroyed.",
            regulation.keep_years,
        )
        % {"count": regulation.keep_years},
    )
    yield Said(
        "keep_aside",
        ("regulation.keep_aside_months",),
        ngettext(
            "What a letter says that was set aside is kept for %(count)s month.",
            "What a letter says that was set aside is kept for %(count)s months.",
            regulation.keep_aside_months,
        )
        % {"count": regulation.keep_aside_months},
    )
    yield Said(
        "keep_unread_files",
        ("regulation.keep_unread_files_months",),
        ngettext(
            "A file sent with a letter that nobody has opened is kept for %(count)s month after the work on the letter "
            "is finished.",
            "A file sent with a letter that nobody has opened is kept for %(count)s months after the work on the "
            "letter is finished.",
            regulation.keep_unread_files_months,
        )
        % {"count": regulation.keep_unread_files_months},
    )
