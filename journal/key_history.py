"""What happened to a school's key, as sentences in the language that is active."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from journal.history import Sentence
from journal.models import Trail
from schools.book_names import people_called
from schools.models import School

Step = Trail.Step

KEY_STEPS = (
    Step.KEY_MADE,
    Step.KEY_GRANTED,
    Step.KEY_TAKEN,
    Step.KEY_CHANGE_BEGUN,
    Step.KEY_CHANGED,
    Step.SHEET_PRINTED,
    Step.SHEET_USED,
)
SHOWN = 50


def key_history(school: School) -> list[Sentence]:
    """The newest steps first. Three queries."""
    rows = list(
        Trail.objects.filter(school=school)
        .filter(Q(step__in=KEY_STEPS) | Q(step=Step.REFUSED, facts__what="recovery sheet"))
        .select_related("by")
        .defer("former")
        .order_by("-position")[:SHOWN]
    )
    names = _names(school, rows)
    return [
        Sentence(at=row.at, who=str(row.by) if row.by else row.by_name, text=_sentence(row, names))
        for row in rows
    ]


def _mentioned(row: Trail) -> list[str]:
    one = row.facts.get("to") or row.facts.get("from")
    return [one] if one else row.facts.get("keep", [])


def _names(school: School, rows: Iterable[Trail]) -> dict[str, str]:
    found = people_called(school.pk, {name for row in rows for name in _mentioned(row)})
    return {name: str(person) for name, person in found.items()}


def _sentence(row: Trail, names: dict[str, str]) -> str:
    people = get_text_list(
        [names.get(name, name) for name in _mentioned(row)],
        pgettext("between the last two of a list", "and"),
    )
    match row.step:
        case Step.KEY_MADE if row.facts.get("after_loss"):
            text = _("A new key was made, because the former one was lost.")
        case Step.KEY_MADE:
            text = _("The key of the box was made.")
        case Step.KEY_GRANTED:
            text = _("The key was given to: %(person)s.") % {"person": people}
        case Step.KEY_TAKEN:
            text = _("The key was taken away from: %(person)s.") % {"person": people}
        case Step.KEY_CHANGE_BEGUN:
            text = _("A change of the key was begun. The new key is held by: %(people)s.")
            text %= {"people": people}
        case Step.KEY_CHANGED:
            text = _("The change of the key was finished: the old key opens nothing any more.")
        case Step.SHEET_PRINTED:
            text = _("The recovery sheet was printed.")
        case Step.REFUSED:
            text = _("A recovery sheet was typed in that does not open this box.")
        case _:
            text = _("The key was restored from the recovery sheet.")
    return text
