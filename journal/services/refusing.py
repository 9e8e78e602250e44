"""An attempt that was refused leaves a row in the trail."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import transaction

from journal.models import Entry, TakenLetter, Trail
from journal.services.trail import append, lock_book
from schools.errors import Conflict, Refused
from schools.models import School, User

Facts = ParamSpec("Facts")
Result = TypeVar("Result")


class Withheld(PermissionDenied):
    """It is closed to this person, and their attempt stands in the trail already."""


def refusal_stays(act: Callable[Facts, Result]) -> Callable[Facts, Result]:
    """For a service: when it raises Refused, a row names the service, after all that it did has been undone.

    Who was merely slower than a colleague (Conflict) attempted nothing wrong.
    """

    @wraps(act)
    def noted(**facts: Facts.kwargs) -> Result:
        try:
            return act(**facts)
        except Conflict:
            raise
        except Refused:
            note_refused(
                school=_school_of(facts),
                by=facts["by"],
                attempt=str(facts.get("step") or act.__name__),
            )
            raise

    return noted


def _school_of(facts: dict[str, object]) -> School:
    if "school" in facts:
        return facts["school"]
    if "taken" in facts:
        return facts["taken"].opening.school
    return next(
        facts[name] for name in ("entry", "opening", "alert", "escalation") if name in facts
    ).school


@transaction.atomic
def note_refused(*, school: School, by: User, attempt: str) -> None:
    """Somebody tried something and was refused; ``attempt`` names it, never what was typed."""
    append(book=lock_book(school), step=Trail.Step.REFUSED, by=by, facts={"attempt": attempt})


def note_forbidden(*, by: User, place: str) -> None:
    """Somebody went where their role does not lead: a row in each of their schools, naming the place."""
    for school in School.objects.filter(pk__in=by.roles_by_school).order_by("pk"):
        note_refused(school=school, by=by, attempt=place)


@transaction.atomic
def note_step_refused(*, entry: Entry, step: str, by: User) -> None:
    """Somebody tried to work on an entry that is closed to them."""
    append(
        book=lock_book(entry.school),
        step=Trail.Step.REFUSED,
        by=by,
        entry=entry,
        facts={"step": step},
    )


@transaction.atomic
def note_letter_refused(*, taken: TakenLetter, by: User) -> None:
    """Somebody tried to register, or to set aside, a letter that is closed to them."""
    append(
        book=lock_book(taken.opening.school),
        step=Trail.Step.REFUSED,
        by=by,
        opening=taken.opening,
        facts={"position": taken.position},
    )
