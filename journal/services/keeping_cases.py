"""What becomes of a letter that went to a region's named person alone: held for a court, or destroyed after its years.

No list and no commission: at the school nobody must learn of it. Each step is a row of the trail about the letter,
which no page of the school shows. Whoever has the case takes it, and only while they are named for the school: where
nobody is named, nothing is destroyed, and the case waits for the next person.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from journal.keeping_at_region import is_due, rules_of
from journal.models import CaseHold, Escalation, Trail
from journal.models.trail import Book
from journal.services import at_region
from journal.services.forgetting import forget_letters
from journal.services.refusing import refusal_stays
from journal.services.trail import lock_book
from schools.errors import Conflict, Refused
from schools.models import User
from schools.region_officers import officers_of


@refusal_stays
@transaction.atomic
def hold_case(*, escalation: Escalation, reason: str, by: User) -> Escalation:
    """From now on it is not destroyed, whatever its age. Raises Refused and Conflict.

    Not before somebody deals with it: until then its author may erase the letter.
    """
    if not reason.strip():
        raise Refused(_("Say who asked for it, or for which matter it is kept."))
    book, case = _locked(escalation, by)
    if case.held:
        raise Conflict(_("This case is held already."))
    if case.waits:
        raise Refused(_("First say that you are dealing with it."))
    return _set_hold(book, case, by, reason, begins=True)


@refusal_stays
@transaction.atomic
def release_case(*, escalation: Escalation, reason: str, by: User) -> Escalation:
    """The hold ends; its years count as before. Raises Refused and Conflict."""
    if not reason.strip():
        raise Refused(_("Say why the hold ends."))
    book, case = _locked(escalation, by)
    if not case.held:
        raise Conflict(_("This case is not held any more."))
    return _set_hold(book, case, by, reason, begins=False)


@refusal_stays
@transaction.atomic
def destroy_case(*, escalation: Escalation, by: User) -> Escalation:
    """The keys of the letter and of everything that was written about it are gone. It cannot be undone.

    Raises Refused and Conflict.
    """
    book, case = _locked(escalation, by)
    if case.held:
        raise Refused(_("This case is held for a court or an inquiry: it cannot be destroyed."))
    if not is_due(case, rules_of(case)):
        raise Refused(_("The time for which this case is kept is not over."))
    case.destroyed_on = case.school.today()
    case.save(update_fields=["destroyed_on"])
    forget_letters([case.letter])
    at_region.note(
        book=book,
        case=case,
        step=Trail.Step.DESTROYED,
        by=by,
        on=case.destroyed_on.isoformat(),
    )
    return at_region.locked(case.pk)


def _locked(escalation: Escalation, by: User) -> tuple[Book, Escalation]:
    """The book and the case, for whoever has it and is named for the school. Raises Refused and Conflict."""
    book = lock_book(escalation.school)
    case = at_region.locked(escalation.pk)
    named = [officer.person for officer in officers_of(case.school)]
    if case.officer_id != by.pk or by not in named:
        raise Refused(_("This has not reached you: it belongs to somebody else."))
    if case.reason != Escalation.Reason.ABOUT_READERS:
        raise Refused(
            _("The school has these words too: they are kept, and destroyed, with its own.")
        )
    if case.outcome == Escalation.Outcome.WITHDRAWN:
        raise Conflict(_("The author has withdrawn this letter: nothing is left to keep."))
    if case.destroyed_on is not None:
        raise Conflict(_("This case was destroyed already."))
    return book, case


def _set_hold(book: Book, case: Escalation, by: User, reason: str, *, begins: bool) -> Escalation:
    said = CaseHold(escalation=case, begins=begins)
    key = said.lock_for_people([(by.pk, bytes(by.public_key))])
    said.write({"reason": reason.strip()}, key=key)
    said.save(force_insert=True)
    case.held = begins
    case.save(update_fields=["held"])
    step = Trail.Step.HELD if begins else Trail.Step.RELEASED
    at_region.note(book=book, case=case, step=step, by=by)
    return case
