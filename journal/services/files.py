"""Handing out a file: who may have it, and the row of the trail that says they had it."""

from django.db import transaction

from box.models import Attachment
from box.services.attaching import OpenedFile, open_file
from journal.models import Entry, EntryFile, TakenLetter, Trail
from journal.services.trail import append, lock_book
from schools.models import User
from vault.keyring import Keyring


@transaction.atomic
def read_file(
    *,
    attachment: Attachment | EntryFile,
    by: User,
    keyring: Keyring,
    entry: Entry | None = None,
    taken: TakenLetter | None = None,
    preview: bool = False,
) -> OpenedFile:
    """The file for somebody who opened an entry, or a letter taken out and not registered yet. Leaves a row.

    Raises NotForThisKey (closed to this keyring); then there is no row.
    """
    opened = open_file(attachment=attachment, keyring=keyring)
    facts = {"file": attachment.position, **({"preview": True} if preview else {})}
    if entry is not None:
        append(
            book=lock_book(entry.school), step=Trail.Step.FILE_READ, by=by, entry=entry, facts=facts
        )
    elif taken is not None:
        append(
            book=lock_book(taken.opening.school),
            step=Trail.Step.FILE_READ,
            by=by,
            opening=taken.opening,
            facts={"position": taken.position, **facts},
        )
    else:
        raise ValueError("A file is read with an entry, or with a letter taken out.")
    return opened
