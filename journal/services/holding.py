"""A legal hold: what a court or an inquiry may ask for is not destroyed, whatever its age."""

from django.utils.translation import gettext as _

from journal.models import Entry, Trail
from journal.services.stepping import take_step
from schools.errors import Conflict, Refused
from schools.models import User
from vault.keyring import Keyring


def hold(*, entry: Entry, reason: str, by: User, keyring: Keyring, version: int) -> Entry:
    """From now on the entry is on no list for destruction. Raises Refused and Conflict."""
    if not reason.strip():
        raise Refused(_("Say who asked for it, or for which matter it is kept."))

    def is_free(locked: Entry) -> None:
        if locked.held:
            raise Conflict(_("This entry is held already."))

    return take_step(
        entry=entry,
        step=Trail.Step.HELD,
        by=by,
        keyring=keyring,
        version=version,
        fields={"held": True},
        append_to={"hold": reason},
        check=is_free,
    )


def release(*, entry: Entry, reason: str, by: User, keyring: Keyring, version: int) -> Entry:
    """The hold ends; the entry's years count as before. Raises Refused and Conflict."""
    if not reason.strip():
        raise Refused(_("Say why the hold ends."))

    def is_held(locked: Entry) -> None:
        if not locked.held:
            raise Conflict(_("This entry is not held any more."))

    return take_step(
        entry=entry,
        step=Trail.Step.RELEASED,
        by=by,
        keyring=keyring,
        version=version,
        fields={"held": False},
        append_to={"hold": reason},
        check=is_held,
    )
