"""What the named person of a region does with what has reached them: takes it in hand by name, reads it, writes to its
author, ends it, and hands over what is sealed to them and is somebody else's by now.

Each step is a row of the school's trail. Nobody but whoever has the case now takes any.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from box.models import Attachment, Letter, Message
from box.services import following, messaging
from box.services.attaching import OpenedFile, open_file
from journal.escalations import alerts_at_region, is_open_to, lend
from journal.models import Escalation, Trail
from journal.services import alerting, at_region, spare_keys
from journal.services.refusing import refusal_stays
from journal.services.trail import lock_book
from schools.errors import Conflict, Refused
from schools.models import Sealed, User
from vault.errors import NotForThisKey
from vault.keyring import Keyring

Outcome = Escalation.Outcome


def _check(escalation: Escalation, by: User) -> None:
    if escalation.officer_id != by.pk or not by.is_active:
        raise Refused(_("This has not reached you: it belongs to somebody else."))


@refusal_stays
@transaction.atomic
def take(*, escalation: Escalation, by: User) -> Escalation:
    """«I am dealing with it»: from now on nobody is called. Raises Refused, and Conflict when it is taken already."""
    book = lock_book(escalation.school)
    case = at_region.locked(escalation.pk)
    _check(case, by)
    if not case.waits:
        raise Conflict(_("You are dealing with it already."))
    case.taken_at = timezone.now()
    case.save(update_fields=["taken_at"])
    for alert in alerts_at_region(case).select_for_update(of=("self",)):
        if alert.waits:
            alerting.put_in_hand(alert=alert, by=by)
    if case.letter_id is not None:
        following.tell_taken_by_region(letter_id=case.letter_id, on=case.school.today())
    at_region.note(book=book, case=case, step=Trail.Step.REGION_TOOK, by=by)
    return case


@refusal_stays
@transaction.atomic
def note_read(*, escalation: Escalation, by: User) -> None:
    """The officer has the words on the screen; what the author wrote is new to nobody any more. Raises Refused."""
    book = lock_book(escalation.school)
    case = at_region.locked(escalation.pk)
    _check(case, by)
    at_region.note(book=book, case=case, step=Trail.Step.REGION_READ, by=by)


@refusal_stays
def read_file(
    *, escalation: Escalation, attachment: Attachment, by: User, keyring: Keyring
) -> OpenedFile:
    """A file of the letter, or of a message that is open to the officer, with a row.

    Raises Refused and NotForThisKey.
    """
    with transaction.atomic():
        book = lock_book(escalation.school)
        case = at_region.locked(escalation.pk)
        _check(case, by)
        if attachment.letter_id != case.letter_id:
            raise Refused(_("This has not reached you: it belongs to somebody else."))
        lend([attachment], escalation=case, person=by)
        attachment.read(keyring)
        at_region.note(
            book=book, case=case, step=Trail.Step.REGION_READ, by=by, file=attachment.position
        )
    return open_file(attachment=attachment, keyring=keyring)


@refusal_stays
@transaction.atomic
def write_to_author(*, escalation: Escalation, text: str, by: User) -> Message:
    """A message that the author reads by the code. Raises Refused, and Conflict where nothing is left of the letter.

    Whoever could not open the letter may write as well: to ask for the words once more.
    """
    book = lock_book(escalation.school)
    case = at_region.locked(escalation.pk)
    _check(case, by)
    if case.letter is not None and case.letter.opens_to_nobody:
        raise Conflict(
            _("The letter was withdrawn by its author, or destroyed: nobody reads here.")
        )
    if case.waits:
        raise Refused(_("First say that you are dealing with it."))
    if case.letter is None:
        raise Refused(
            _("This letter did not come from the site: its author has no code to read by.")
        )
    if not text.strip():
        raise Refused(_("Write what the author is to read."))
    message = messaging.add_from_region(letter=case.letter, text=text.strip(), by=by)
    at_region.note(book=book, case=case, step=Trail.Step.REGION_WROTE, by=by, also=[message])
    return message


@refusal_stays
@transaction.atomic
def close(
    *, escalation: Escalation, outcome: str, note: str, by: User, keyring: Keyring
) -> Escalation:
    """It is over; ``note`` says what was done, or why there was nothing to do. Raises Refused and Conflict.

    Of a danger that the officer answered, those who read the letter at the school see the note as well.
    """
    book = lock_book(escalation.school)
    case = at_region.locked(escalation.pk)
    _check(case, by)
    if case.outcome:
        raise Conflict(_("This is closed already."))
    if case.waits:
        raise Refused(_("First say that you are dealing with it."))
    if outcome not in (Outcome.HELPED, Outcome.FALSE_ALARM):
        raise Refused(_("Choose how it ended."))
    if not note.strip():
        raise Refused(_("Write what was done, or why there was nothing to do."))
    notes = [*(case.read_or_none(keyring) or {}).get("notes", []), note.strip()]
    case.write({"notes": notes}, key=case.lock_for_people([(by.pk, bytes(by.public_key))]))
    case.outcome, case.closed_at = outcome, timezone.now()
    case.save()
    # Of what is with the region alone nobody else could end them, whoever answered.
    alone = case.reason == Escalation.Reason.ABOUT_READERS
    for alert in alerts_at_region(case).select_for_update(of=("self",)):
        if (alone or alert.answered_by_id == by.pk) and not (alert.waits or alert.outcome):
            alerting.put_to_end(alert=alert, outcome=outcome, note=note)
    at_region.note(book=book, case=case, step=Trail.Step.REGION_CLOSED, by=by, outcome=case.outcome)
    return case


@refusal_stays
@transaction.atomic
def hand_over(*, escalation: Escalation, by: User, keyring: Keyring) -> Escalation:
    """Seal to whoever has the case now what is sealed to ``by``, and leave them nothing of it. Raises Refused."""
    book = lock_book(escalation.school)
    case = at_region.locked(escalation.pk)
    to = case.officer
    if to is None or to.pk == by.pk or not to.is_active or not to.has_pair:
        raise Refused(_("There is nobody yet to whom this could be handed over."))
    done = spare_keys.hand_over(escalation=case, to=to, keyring=keyring)
    if case.letter_id is not None:
        done += _hand_over_letter(case.letter_id, to=to, by=by, keyring=keyring)
    if not done or not is_open_to(at_region.locked(case.pk), to):
        raise Refused(_("Nothing of this is sealed to you: you cannot hand it over."))
    _hand_over_row(case, to=to, by=by, keyring=keyring)  # what was noted when it was closed before
    case.former_officer = None
    case.save(update_fields=["former_officer", "personal_keys"])
    at_region.note(book=book, case=case, step=Trail.Step.REGION_HANDED_OVER, by=by, to=to.username)
    return case


def _hand_over_letter(letter_id: int, *, to: User, by: User, keyring: Keyring) -> int:
    """Of a letter that lies with the region: it, its messages and its files."""
    rows = [
        *Letter.objects.select_for_update().filter(pk=letter_id, state=Letter.State.AT_REGION),
    ]
    if rows:
        rows += [*Message.objects.select_for_update().filter(letter=letter_id)]
        rows += [*Attachment.objects.select_for_update().filter(letter=letter_id)]
    done = 0
    for row in rows:
        if _hand_over_row(row, to=to, by=by, keyring=keyring):
            row.save(update_fields=["personal_keys"])
            done += 1
    return done


def _hand_over_row(row: Sealed, *, to: User, by: User, keyring: Keyring) -> bool:
    """Whether it opened, and is sealed to the other alone of the two now (not saved)."""
    try:
        key = row.content_key(keyring)
    except NotForThisKey:
        return False
    row.share_with(to.pk, bytes(to.public_key), key=key)
    row.personal_keys.pop(str(by.pk), None)
    return True
