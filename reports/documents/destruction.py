"""The list for destruction that goes to the commission, and the act of destruction."""

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from journal.destruction_lines import Line, counts_of, told_lines
from journal.models import Destruction
from reports.documents.opening_act import frame_of
from reports.documents.paper import Block, Facts, Paper, Signer, Table, Words
from reports.documents.signing import approval, signatures
from schools.dates import long_date, short_date
from schools.languages import in_language, speaking
from schools.models import Regulation, School
from schools.numerals import with_words
from schools.roles import ROLE_NAMES
from schools.selectors import regulation_of

WIDTHS = (6, 40, 24, 15, 15)


def list_in(destruction: Destruction, language: str) -> Paper:
    """What is to be destroyed, with a column for what the commission decides about each line."""
    school = destruction.school
    with speaking(language):
        lines = told_lines(destruction, language=language)
        drawn_up_by = destruction.drawn_up_by
        blocks: list[Block] = [
            Words(_terms(regulation_of(school, destruction.drawn_up_on)), _("Why it is due")),
            _table(lines, language, decisions=True),
            Words(_totals(lines, language), _("In all"), strong=True),
            signatures((Signer(_post_of(school, drawn_up_by.pk), str(drawn_up_by)),)),
        ]
        return _paper(
            destruction,
            language,
            heading=_("List for destruction № %(number)s") % {"number": destruction.number},
            day=long_date(destruction.drawn_up_on, language),
            blocks=blocks,
        )


def act_in(destruction: Destruction, language: str) -> Paper:
    """What was destroyed, when, by whose decision and by whom. Of a list that was carried out."""
    school, meeting = destruction.school, destruction.meeting
    with speaking(language):
        lines = [
            line for line in told_lines(destruction, language=language) if not line.doomed.spared
        ]
        basis = _(
            "List № %(number)s of %(date)s; protocol № %(protocol)s of the meeting of the commission of %(held)s"
        ) % {
            "number": destruction.number,
            "date": short_date(destruction.drawn_up_on, language),
            "protocol": meeting.number,
            "held": short_date(meeting.held_on, language),
        }
        blocks: list[Block] = [
            Facts(
                (
                    (pgettext("of an act", "Basis"), basis),
                    (_("Time of keeping"), _terms(regulation_of(school, destruction.drawn_up_on))),
                    (_("Carried out by"), str(destruction.done_by)),
                )
            ),
            _table(lines, language, decisions=False),
            Words(_totals(lines, language), _("In all"), strong=True),
            Words(
                _(
                    "The keys were destroyed under which these letters, entries, messages, files and notes "
                    "were locked, and the stored files with them: nobody can restore what they said. Numbers, "
                    "dates, categories and outcomes stay in the journal, and its chain of records holds."
                ),
                _("How it was destroyed"),
            ),
            Facts(((_("Backup copies made before were deleted on (date, who)"), ""),)),
            signatures(
                (
                    *(
                        Signer(in_language(one.get("posts") or {}, language), one["name"])
                        for one in meeting.present
                    ),
                    Signer(_post_of(school, destruction.done_by_id), str(destruction.done_by)),
                )
            ),
        ]
        return _paper(
            destruction,
            language,
            heading=_("Act of destruction № %(number)s") % {"number": destruction.number},
            day=long_date(destruction.done_on, language),
            blocks=blocks,
        )


def _paper(
    destruction: Destruction, language: str, *, heading: str, day: str, blocks: list[Block]
) -> Paper:
    school = destruction.school
    frame: dict[str, Any] = frame_of(school, regulation_of(school, destruction.drawn_up_on))
    return Paper(
        language=language,
        school=in_language(frame["school"], language, main=frame["main"]),
        short=heading,
        heading=heading,
        subheading=in_language(frame["box"], language, main=frame["main"]),
        place_and_day=("", day),
        approval=approval(frame["director"]),
        blocks=tuple(blocks),
    )


def _table(lines: list[Line], language: str, *, decisions: bool) -> Table:
    last = _("Decision of the commission") if decisions else _("Kept since")
    return Table(
        heading=_("What is to be destroyed") if decisions else _("What was destroyed"),
        head=(
            pgettext("of a line", "№"),
            pgettext("is destroyed", "What"),
            _("Category, reason or kind"),
            _("Taken out") if not decisions else _("Kept since"),
            last,
        ),
        widths=WIDTHS,
        rows=tuple(
            _row(place, line, language, decisions) for place, line in enumerate(lines, start=1)
        ),
    )


def _row(place: int, line: Line, language: str, decisions: bool) -> tuple[str, ...]:
    since = short_date(line.since, language) if line.since else "—"
    days = (since, _spared(line)) if decisions else (short_date(line.taken_on, language), since)
    return (str(place), line.what, line.category or "—", *days)


def _spared(line: Line) -> str:
    return _("kept all the same") if line.doomed.spared else ""


def _totals(lines: list[Line], language: str) -> str:
    counts = counts_of(lines)
    return _("Entries: %(entries)s, letters set aside: %(letters)s, files: %(files)s.") % {
        name: with_words(number, language) for name, number in counts.items()
    }


def _terms(rules: Regulation) -> str:
    """How long each is kept by the regulation."""
    years, aside, unread = rules.keep_years, rules.keep_aside_months, rules.keep_unread_files_months
    return " ".join(
        (
            ngettext(
                "By the regulation a finished entry is kept for %(count)s year.",
                "By the regulation a finished entry is kept for %(count)s years.",
                years,
            )
            % {"count": years},
            ngettext(
                "A letter set aside is kept for %(count)s month.",
                "A letter set aside is kept for %(count)s months.",
                aside,
            )
            % {"count": aside},
            ngettext(
                "A file that nobody opened is kept for %(count)s month after the work was finished.",
                "A file that nobody opened is kept for %(count)s months after the work was finished.",
                unread,
            )
            % {"count": unread},
        )
    )


def _post_of(school: School, person_id: int) -> str:
    role = school.memberships.filter(user=person_id).order_by("pk").first()
    return capfirst(str(ROLE_NAMES.get(role.role_id, ""))) if role else ""
