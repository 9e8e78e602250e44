"""What the journal tells the author of a letter: pushed down here, so that public pages read the box alone."""

import datetime
from collections.abc import Iterable

from box.models import Letter


def tell_taken_out(*, letter_ids: Iterable[int], on: datetime.date) -> None:
    """The letters were taken out of the box."""
    Letter.objects.filter(pk__in=list(letter_ids), state=Letter.State.IN_BOX).update(
        state=Letter.State.TAKEN_OUT, taken_on=on
    )


def tell_registered(
    *, letter_id: int, number: str, book: str, due_on: datetime.date | None
) -> None:
    """The letter has a number in one of the school's books ("" where there is one), and a day of the answer."""
    Letter.objects.filter(pk=letter_id).update(
        state=Letter.State.REGISTERED, number=number, book=book, due_on=due_on
    )


def tell_due(*, letter_id: int, due_on: datetime.date | None) -> None:
    """The day by which the letter is answered is another one now."""
    Letter.objects.filter(pk=letter_id).update(due_on=due_on)


def tell_state(*, letter_id: int, state: str) -> None:
    """The work on the letter has come this far; ``state`` is one of Letter.State."""
    Letter.objects.filter(pk=letter_id).update(state=Letter.State(state))


def tell_with_region(*, letter_id: int) -> None:
    """The named person of the region can read the letter now."""
    Letter.objects.filter(pk=letter_id).update(with_region=True)


def tell_taken_by_region(*, letter_id: int, on: datetime.date) -> None:
    """The named person of the region deals with a letter that lies with them alone."""
    Letter.objects.filter(pk=letter_id, state=Letter.State.AT_REGION).update(taken_on=on)
