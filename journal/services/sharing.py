"""A letter about one of its readers is sealed to the others in person; one of them may let a colleague read it too."""

from django.db import transaction
from django.utils.translation import gettext as _

from box.models import Attachment, Letter, Message
from journal.models import Entry, Forwarding, TakenLetter, Trail
from journal.selectors import concerned_by
from journal.services import alerting
from journal.services.refusing import refusal_stays
from journal.services.trail import append, lock_book
from schools.errors import Refused
from schools.models import User
from schools.selectors import may_hold_key
from vault.errors import NotForThisKey
from vault.keyring import Keyring


@refusal_stays
@transaction.atomic
def share(*, entry: Entry, to: User, by: User, keyring: Keyring) -> None:
    """Let a colleague read an entry that was sealed to some people in person. Raises Refused.

    Never somebody whom the letter is about, whoever asks for it.
    """
    book = lock_book(entry.school)
    entry = (
        Entry.objects.select_for_update(of=("self",))
        .select_related("volume", "school")
        .get(pk=entry.pk)
    )
    if entry.school_key_id is not None:
        raise Refused(_("This entry is open to every key holder of the school."))
    if not may_hold_key(entry.school).filter(pk=to.pk).exists() or not to.has_pair:
        raise Refused(_("This person’s role does not read letters in this school."))
    try:
        key = entry.content_key(keyring)
    except NotForThisKey:
        raise Refused(_("This entry is closed to you: you do not hold its key.")) from None
    rows = [entry, *Forwarding.objects.select_for_update().filter(entry=entry)]
    if entry.letter_id:
        letter = Letter.objects.select_for_update().get(pk=entry.letter_id)
        if concerned_by(entry.school, letter.read(keyring)).filter(pk=to.pk).exists():
            raise Refused(_("The letter is about this person: it stays closed to them."))
        rows.append(letter)
        rows += TakenLetter.objects.filter(letter=entry.letter_id)
    for row in rows:
        if row.content:
            row.share_with(to.pk, bytes(to.public_key), key=key)
            row.save(update_fields=["personal_keys"])
    if entry.letter_id:
        _share_conversation(letter, to=to, keyring=keyring)
    alerting.open_to(entry=entry, person=to, keyring=keyring)
    append(book=book, step=Trail.Step.SHARED, by=by, entry=entry, facts={"to": to.username})


def _share_conversation(letter: Letter, *, to: User, keyring: Keyring) -> None:
    """Messages and files have keys of their own. What is closed to whoever shares stays closed to the other too."""
    for model in (Message, Attachment):
        for row in model.objects.select_for_update().filter(letter=letter):
            if row.is_closed_to(keyring):
                continue
            row.share_with(to.pk, bytes(to.public_key), key=row.content_key(keyring))
            row.save(update_fields=["personal_keys"])
