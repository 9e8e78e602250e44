"""An author erases a letter that nothing obliges the school to keep: one nobody has read, or one without a number."""

from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from box.models import Letter, Message
from schools.errors import Refused

ERASABLE = (Letter.State.IN_BOX, Letter.State.SET_ASIDE)


def can_be_erased(letter: Letter) -> bool:
    """Whether the law leaves it to its author: it is not in the journal, and nobody in danger was told of in it.

    A cry for help stays: whoever hurts a child may be the one who holds the phone.
    """
    if letter.state not in ERASABLE or letter.danger:
        return False
    return not Message.objects.filter(letter=letter, danger=True).exists()


@transaction.atomic
def erase(*, letter: Letter) -> None:
    """The keys of the letter, its messages and its files are destroyed; that it came stays. The code opens nothing.

    The book gets its row as of an arrival: with the hour alone. Twice is once. Raises Refused.
    """
    # Whoever opens the box locks the book too: a letter is taken out, or erased, and never half of each.
    import_string(settings.BOOK_LOCK)(letter.school)
    letter = (
        Letter.objects.select_for_update(of=("self",)).select_related("school").get(pk=letter.pk)
    )
    if letter.taken_away:
        return
    if not can_be_erased(letter):
        raise Refused(
            _(
                "The school has your letter in its journal now, or has to keep it for another reason: "
                "it cannot be erased. You can still take the conversation away."
            )
        )
    state = Letter.State.WITHDRAWN if letter.state == Letter.State.IN_BOX else letter.state
    Letter.objects.filter(pk=letter.pk).update(taken_away=True, bound=False, state=state)
    import_string(settings.LETTER_ERASER)(letter)
    transaction.on_commit(partial(import_string(settings.ARRIVAL_RECORDER), letter.school_id))
