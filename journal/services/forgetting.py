"""Destroying what is confidential about an entry, a letter or a file: the keys go, and with them what they open.

The sealed bytes stay where they are, so that every digest in the trail still holds; without a key they are noise. Keys
lie in the rows of ``GOES`` below, in the rows of rooms above this one (``settings.CONTENT_DESTROYERS``), and nowhere
else. Files in the storage are deleted when the transaction is over; should that fail, the sweep deletes them later.
"""

import logging
from collections.abc import Iterable
from functools import partial

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.module_loading import import_string

from box.models import Attachment, Letter, Message
from journal.models import (
    AgendaPoint,
    Alert,
    CaseHold,
    Decision,
    Draft,
    Entry,
    EntryFile,
    Escalation,
    Forwarding,
    Incoming,
    Meeting,
    Opening,
    SpareKey,
    TakenLetter,
)
from schools.models import Sealed

log = logging.getLogger(__name__)

# How rows of these models are reached from an entry; they lose their keys with it.
GOES: dict[type[Sealed], str] = {
    Entry: "pk",
    Letter: "entry",
    TakenLetter: "entry",
    Message: "letter__entry",
    Attachment: "letter__entry",
    EntryFile: "entry",
    Forwarding: "entry",
    AgendaPoint: "entry",
    Decision: "entry",
}
# Some that need more words: see ``forget_entries``.
GOES_OTHERWISE: tuple[type[Model], ...] = (Alert, Escalation, CaseHold, Draft, Meeting)
# Why these keep their keys: an opening says nothing of a letter; what is taken over is gone after a day.
STAYS: tuple[type[Model], ...] = (Opening, Incoming)


def forget_entries(entries: list[Entry]) -> None:
    """The keys of everything confidential about these entries are gone. Called in the transaction of the act."""
    ids = [entry.pk for entry in entries]
    letters = [entry.letter_id for entry in entries if entry.letter_id]
    for model, path in GOES.items():
        destroy_keys(model.objects.filter(**{f"{path}__in": ids}))
    for model in (Alert, Escalation):
        destroy_keys(model.objects.filter(Q(entry__in=ids) | Q(letter__in=letters)))
    SpareKey.objects.filter(entry__in=ids).delete()
    _delete_spare_keys(letters)
    Draft.objects.filter(entry__in=ids).delete()
    destroy_keys(_meetings_all_gone(ids))
    _seen(letters)
    delete_files_of(Attachment.objects.filter(letter__in=letters))
    delete_files_of(EntryFile.objects.filter(entry__in=ids))
    for destroy in settings.CONTENT_DESTROYERS:
        import_string(destroy)(entries)


def forget_letters(letters: Iterable[Letter]) -> None:
    """The same of letters that never got a number: set aside, withdrawn by their authors, or with the region alone."""
    ids = [letter.pk for letter in letters]
    destroy_keys(Letter.objects.filter(pk__in=ids))
    for model in (Message, Attachment, TakenLetter, Alert, Escalation):
        destroy_keys(model.objects.filter(letter__in=ids))
    destroy_keys(CaseHold.objects.filter(escalation__letter__in=ids))
    _delete_spare_keys(ids)
    _seen(ids)
    delete_files_of(Attachment.objects.filter(letter__in=ids))


def forget_files(files: Iterable[Attachment]) -> None:
    """Files alone; the letters they came with stay."""
    rows = Attachment.objects.filter(pk__in=[file.pk for file in files])
    destroy_keys(rows)
    SpareKey.objects.filter(attachment__in=rows).delete()
    delete_files_of(rows)


def _delete_spare_keys(letters: list[int]) -> None:
    """Content keys that were sealed to the named person of the region besides."""
    SpareKey.objects.filter(
        Q(letter__in=letters) | Q(message__letter__in=letters) | Q(attachment__letter__in=letters)
    ).delete()


def _meetings_all_gone(entries: list[int]) -> QuerySet[Meeting]:
    """Meetings that talked about some of these entries, and about none that is still kept.

    What a meeting says besides its points is who was invited: that may be whoever wrote one of the letters.
    """
    kept = AgendaPoint.objects.filter(
        meeting=OuterRef("pk"), entry__isnull=False, entry__destroyed_on__isnull=True
    ).exclude(entry__in=entries)
    return Meeting.objects.filter(
        Exists(AgendaPoint.objects.filter(meeting=OuterRef("pk"), entry__in=entries)),
        ~Exists(kept),
        state=Meeting.State.HELD,
    )


def destroy_keys(rows: QuerySet[Sealed]) -> None:
    """Take the keys of these rows away, those of the author too. Inside the transaction of the act."""
    names = ["sealed_key", "personal_keys"]
    if rows.model is Message:
        names.append("author_sealed_key")
    changed = []
    for row in rows.select_for_update(of=("self",)).only("pk", *names).order_by("pk"):
        row.destroy_key()
        if rows.model is Message:
            row.author_sealed_key = b""
        changed.append(row)
    rows.model.objects.bulk_update(changed, names, batch_size=200)


def _seen(letters: Iterable[int]) -> None:
    # What nobody can read waits for nobody.
    Message.objects.filter(letter__in=list(letters), seen=False).update(seen=True)


def delete_files_of(rows: QuerySet[Sealed]) -> None:
    """Delete the stored files of these rows when the transaction is over."""
    names = list(rows.values_list("stored_as", flat=True))
    if names:
        transaction.on_commit(partial(_delete, names))


def _delete(names: list[str]) -> None:
    for name in names:
        try:
            default_storage.delete(name)
        except Exception as error:
            # A storage that does not answer: no key opens the file any more, and the sweep finds it.
            log.error("A destroyed file stays for the sweep: %s", type(error).__name__)
