"""The commission: its members, meetings, quorum and protocols."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from schools.regulation_text.document import Said
from schools.regulation_text.rules import Rules


def clauses(rules: Rules) -> Iterator[Said]:
    """In the language that is spoken."""
    regulation = rules.regulation
    yield Said(
        "commission",
        (),
        _(
            "Letters that several people have to decide on together are considered by a commission. Its members are "
            "entered in a list with the day from which, and the day until which, each of them belongs to it."
        ),
    )
    yield Said(
        "meetings",
        ("regulation.meetings_a_half_year",),
        ngettext(
            "The commission meets as needed, but at least %(count)s time in each half-year "
            "(from 1 September to 31 December and from 1 January to 31 May).",
            "The commission meets as needed, but at least %(count)s times in each half-year "
            "(from 1 September to 31 December and from 1 January to 31 May).",
            regulation.meetings_a_half_year,
        )
        % {"count": regulation.meetings_a_half_year}
        if regulation.meetings_a_half_year
        else _("The commission meets as needed."),
    )
    yield Said(
        "quorum",
        ("regulation.quorum",),
        _(
            "There is a quorum when this share of the members, rounded up to a whole number, is present: "
            "%(percent)s%%. The protocol says whether there was a quorum."
        )
        % {"percent": regulation.quorum},
    )
    yield Said(
        "protocol",
        (),
        _(
            "A protocol is written of every meeting. Protocols are numbered from 1 in each school year, from 1 "
            "September. A protocol holds:"
        ),
        _of_protocol(),
    )
    yield Said(
        "protocol_final",
        (),
        _(
            "A protocol is not changed after it was recorded. The chair and the secretary of the meeting sign it."
        ),
    )
    yield Said(
        "decisions",
        (),
        _(
            "A decision about a letter is entered in the journal among the measures taken on it. A decision with a "
            "day and a responsible person is kept in view until it is carried out."
        ),
    )
    yield Said(
        "closed_to_a_reader",
        (),
        _(
            "A letter that is closed to one of those who read letters is not put on the agenda of a meeting."
        ),
    )


def _of_protocol() -> tuple[str, ...]:
    return (
        pgettext("of a protocol", "its number and the date of the meeting"),
        pgettext("of a protocol", "the members present and absent"),
        pgettext("of a protocol", "those invited"),
        pgettext("of a protocol", "the agenda"),
        pgettext("of a protocol", "what was heard"),
        pgettext("of a protocol", "what was decided, in numbered points"),
        pgettext("of a protocol", "the chair and the secretary"),
    )
