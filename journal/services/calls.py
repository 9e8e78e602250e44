"""Taking a call of the trust phone: registered at once, and sent on to a body in the same moment.

Whoever takes a call need not hold the school's key. What they typed is sealed to it, and the key of this one entry is
known as long as the request lasts: with it the call is sent on. After that they see its number alone.
"""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from journal.models import Entry, Forwarding
from journal.services import alerting, spare_keys
from journal.services.entering import (
    CALL_SOURCES,
    PaperLetter,
    Registration,
    check_way_in,
    refuse_second_of,
    rules_for,
    write_in,
)
from journal.services.forwarding import IDENTITY_PARTS, Signer, forward
from journal.services.refusing import refusal_stays
from journal.services.trail import lock_book
from schools.errors import Refused
from schools.models import Body, School, User
from schools.selectors import key_in_use
from vault.keyring import FreshKey, Keyring


@dataclass(frozen=True)
class Sending:
    """To which body a call is sent on at once, by which way, and until when it is to answer."""

    body: Body
    way: str
    due_on: datetime.date
    # Whether it is told who called; of an anonymous call nothing is.
    with_caller: bool
    covering: str = ""
    signer: Signer = Signer()


@dataclass(frozen=True)
class TakenCall:
    """A call as it was registered, and its sending on."""

    entry: Entry
    forwarding: Forwarding | None


@refusal_stays
@transaction.atomic
def register_call(
    *,
    school: School,
    call: PaperLetter,
    registration: Registration,
    sending: Sending | None = None,
    newest_before: int | None = None,
    by: User,
    keyring: Keyring,
) -> TakenCall:
    """A call gets the next number of its book, and is sent on when ``sending`` says so. Raises Refused.

    ``newest_before``: ``entering.newest_typed_in`` of the person's calls when the form was shown. When another
    came since, the form was probably sent twice: raises Conflict.
    """
    if not by.has_perm("journal.take_call", school):
        raise Refused(_("Your role does not take calls in this school."))
    if registration.category and registration.category.school_id != school.pk:
        raise Refused(_("This category belongs to another school."))
    key = key_in_use(school)
    if key is None:
        raise Refused(
            _("The box has no key yet: nothing can be written down that only key holders read.")
        )
    rules = rules_for(
        school,
        taken_on=call.received_at.astimezone(school.zone).date(),
        class_group=registration.class_group,
    )
    check_way_in(call, regulation=rules.regulation)
    book = lock_book(school)
    refuse_second_of(school=school, by=by, sources=CALL_SOURCES, newest_before=newest_before)
    entry, content_key = write_in(
        book=book,
        rules=rules,
        key=key,
        opening=None,
        paper=call,
        registration=registration,
        by=by,
    )
    if entry.danger:
        in_hand = _goes_on_with_it(by, school, keyring, key.pk)
        if not in_hand:
            spare_keys.keep_or_log(fresh=[(entry, content_key)])
        alerting.raise_alert(entry=entry, in_hand=in_hand)
    forwarding = None
    if sending is not None:
        fresh = FreshKey(sealed=bytes(entry.sealed_key), content_key=content_key)
        forwarding = _send_on(entry, sending, by=by, keyring=fresh)
    return TakenCall(entry=entry, forwarding=forwarding)


def _goes_on_with_it(by: User, school: School, keyring: Keyring, key: int) -> bool:
    """Whether whoever took the call can also act upon it: else the others are told of a danger."""
    return keyring.opens_school_key(key) and by.has_perm("journal.review_entry", school)


def _send_on(entry: Entry, sending: Sending, *, by: User, keyring: Keyring) -> Forwarding:
    parts = {"summary"}
    if sending.with_caller and entry.signed:
        parts |= IDENTITY_PARTS
    return forward(
        entry=entry,
        body=sending.body,
        way=sending.way,
        sent_on=entry.school.today(),
        due_on=sending.due_on,
        covering=sending.covering,
        parts=parts,
        out_of_competence=False,
        late_reason="",
        signer=sending.signer,
        by=by,
        keyring=keyring,
        version=entry.version,
    )
