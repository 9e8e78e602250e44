"""An attempt that was refused leaves a row in the trail."""

from django.db import transaction

from journal.models import Entry, TakenLetter, Trail
from journal.services.trail import append, lock_book
from schools.models import User


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
