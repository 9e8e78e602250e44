"""An author erases a letter that nothing obliges anybody to keep: one in the box, one without a number, or one that
went to the region alone and that nobody there has taken in hand."""

from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from box.models import Letter, Message
from schools.errors import Refused

ERASABLE = (Letter.State.IN_BOX, Letter.State.SET_ASIDE)
# What nobody has begun to work on: erased, it never was with anybody.
_UNTOUCHED = (Letter.State.IN_BOX, Letter.State.AT_REGION)


def can_be_erased(letter: Letter) -> bool:
    """Whether the law leaves it to its author: it is not in the journal, and nobody in danger was told of in it.

    With the region it is an appeal that an authority deals with as soon as somebody has taken it in hand; what came of
    it must be there for its years, also once it is closed. A cry for help stays: whoever hurts a child may be the one
    who holds the phone.
    """
    waits_at_region = letter.state == Letter.State.AT_REGION and letter.taken_on is None
    if not (letter.state in ERASABLE or waits_at_region) or letter.danger:
        return False
    return not Message.objects.filter(letter=letter, danger=True).exists()


@transaction.atomic
def erase(*, letter: Letter) -> None:
    """The keys of the letter, its messages and its files are destroyed; that it came stays. The code opens nothing.

    The book gets its row as of an arrival: with the hour alone. Twice is once. Raises Refused.
    """
    # Whoever opens the box, or takes a letter in hand, locks the book too: that is done, or it is erased, and never
    # half of each.
    import_string(settings.BOOK_LOCK)(letter.school)
    letter = (
        Letter.objects.select_for_update(of=("self",)).select_related("school").get(pk=letter.pk)
    )
    if letter.taken_away:
        return
    if not can_be_erased(letter):
        raise Refused(_why_not(letter))
    state = Letter.State.WITHDRAWN if letter.state in _UNTOUCHED else letter.state
    Letter.objects.filter(pk=letter.pk).update(taken_away=True, bound=False, state=state)
    import_string(settings.LETTER_ERASER)(letter)
    transaction.on_commit(partial(import_string(settings.ARRIVAL_RECORDER), letter.school_id))


def _why_not(letter: Letter) -> str:
    if letter.state == Letter.State.AT_REGION:
        return _(
            "Somebody outside the school has taken your letter in hand, or it says that somebody is in danger: "
            "it cannot be erased. You can still take the conversation away."
        )
    return _(
        "The school has your letter in its journal now, or has to keep it for another reason: "
        "it cannot be erased. You can still take the conversation away."
    )
