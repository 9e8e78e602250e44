"""What leaves a school for the named person of its region: a danger that nobody there answered, and a letter about
everybody who could read it.

It belongs to whoever is named for the school now. When somebody else is named, it becomes theirs, and whoever could
open it before hands it over; should nobody be named, it waits for the next one. So does, without its words, what is
closed and still kept.
"""

import datetime
import logging

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from box.models import Letter
from box.services import following
from box.services.submitting import hour_of
from journal.escalations import alerts_at_region, escalation_of, is_open_to, whom_to_call
from journal.models import Alert, Entry, Escalation, Trail
from journal.models.trail import Book
from journal.services import spare_keys
from journal.services.trail import append, entry_about, lock_book
from schools.mailing import OUTDATED
from schools.models import Mail, Membership, Region, School, User
from schools.region_officers import Officer, officers_of
from schools.services.posting import post

log = logging.getLogger(__name__)

Reason = Escalation.Reason
_HOUR = datetime.timedelta(hours=1)
# Who has not taken something in hand is told of it each day, for so long.
REMINDED_FOR = datetime.timedelta(days=60)


def reach(*, book: Book, alert: Alert) -> None:
    """Nobody at the school has answered the alert: its words open to whoever is called. The book is locked.

    Safe to repeat. Should it fail, the people of the alert are told all the same, and it is tried at the next round.
    """
    try:
        with transaction.atomic():
            _reach(book, alert)
    except Exception:
        log.exception("A danger alert did not open to the region; it is tried again.")


def _reach(book: Book, alert: Alert) -> None:
    officer = whom_to_call(alert)
    case = escalation_of(alert)
    if case is None:
        case = _begin(
            book,
            school=alert.school,
            letter=alert.letter,
            entry=alert.entry if alert.letter_id is None else None,
            officer=officer,
        )
    elif not case.waits:
        # The author cries for help again, or the staff marked it anew: somebody has to say again that they see to it.
        case.taken_at, case.closed_at, case.outcome = None, None, Escalation.Outcome.OPEN
        case.save(update_fields=["taken_at", "closed_at", "outcome"])
        note(book=book, case=case, step=Trail.Step.REGION_CALLED)
    _give_to_present(book, case)
    spare_keys.give(alert=alert, escalation=case)
    if alert.letter_id is not None:
        following.tell_with_region(letter_id=alert.letter_id)


def _begin(
    book: Book,
    *,
    school: School,
    letter: Letter | None,
    entry: Entry | None = None,
    officer: Officer | None,
) -> Escalation:
    about = letter is not None and letter.state == Letter.State.AT_REGION
    case = Escalation.objects.create(
        school=school,
        officer=officer.person if officer is not None else None,
        letter=letter,
        entry=entry,
        reason=Reason.ABOUT_READERS if about else Reason.DANGER,
        reached_hour=hour_of(timezone.now()),
    )
    note(book=book, case=case, step=Trail.Step.REGION_CALLED)
    return case


@transaction.atomic
def reach_with_letter(letter_id: int) -> Escalation | None:
    """A letter about everybody who could read it was sealed to the region's person: it is theirs. Safe to repeat.

    None: its author has erased it meanwhile.
    """
    book = lock_book(Letter.objects.select_related("school").get(pk=letter_id).school)
    letter = Letter.objects.select_related("school").get(pk=letter_id)
    former = Escalation.objects.filter(letter=letter).first()
    if former is not None or letter.state != Letter.State.AT_REGION:
        return former
    case = _begin(book, school=letter.school, letter=letter, officer=officer_of_letter(letter))
    following.tell_with_region(letter_id=letter.pk)
    _tell(case, first=True)
    return case


def reach_soon(letter_id: int) -> None:
    """As ``reach_with_letter``, after the letter is safely stored. Should it fail, the worker tries again."""
    try:
        reach_with_letter(letter_id)
    except Exception:
        log.exception("A letter for the region was not passed on; it is tried again.")


def officer_of_letter(letter: Letter) -> Officer | None:
    """Of those who may be called for the letter's school: whoever can open it, else the first with a pair."""
    officers = officers_of(letter.school)
    readers = [
        officer
        for officer in officers
        if officer.has_pair
        and letter.is_sealed_to(officer.person.pk, bytes(officer.person.public_key))
    ]
    ready = [officer for officer in officers if officer.has_pair]
    return next(iter([*readers, *ready, *officers]), None)


def note(
    *, book: Book, case: Escalation, step: str, by: User | None = None, **facts: object
) -> None:
    """A row about the entry of the case, or its letter before it has one. What the program writes has the hour."""
    also = facts.pop("also", ())
    entry = entry_about(case)
    append(
        book=book,
        step=step,
        by=by,
        entry=entry,
        letter=case.letter if entry is None else None,
        facts={"escalation": str(case.uid), **facts},
        also=also,
        at=None if by is not None else hour_of(timezone.now()),
    )


def look_after(now: datetime.datetime | None = None) -> int:
    """What the worker does: letters that were not passed on, cases whose person is another by now, and a word each day
    to whoever has not taken one in hand. Returns how many were passed on or changed hands.

    Safe to repeat; what fails for one is logged, and the others are looked after.
    """
    now = now or timezone.now()
    done = 0
    lost = Letter.objects.filter(state=Letter.State.AT_REGION, escalation=None).order_by("pk")
    for letter_id in list(lost.values_list("pk", flat=True)):
        reach_soon(letter_id)
        done += 1
    cases = Escalation.objects.filter(closed_at=None) | closed_of_nobody()
    for pk in list(cases.values_list("pk", flat=True)):
        try:
            done += _look_after(pk, now)
        except Exception:
            log.exception("A case of a region was not looked after; it is tried again.")
    return done


def closed_of_nobody() -> QuerySet[Escalation]:
    """Closed cases that are still kept for the region alone, and whose person is not named for the school any more.

    They too become somebody else's: else nobody could destroy them when their years are over.
    """
    named = Region.objects.filter(
        Q(pk=OuterRef("school__region")) | Q(parts=OuterRef("school__region")),
        officer=OuterRef("officer"),
        officer__is_active=True,
        officer__is_operator=False,
    )
    inside = Membership.objects.filter(school=OuterRef("school"), user=OuterRef("officer"))
    return Escalation.objects.filter(
        Q(~Exists(named)) | Q(Exists(inside)),
        reason=Reason.ABOUT_READERS,
        outcome__in=[Escalation.Outcome.HELPED, Escalation.Outcome.FALSE_ALARM],
        destroyed_on=None,
    )


@transaction.atomic
def _look_after(pk: int, now: datetime.datetime) -> bool:
    case = Escalation.objects.select_related("school", "officer", "letter", "entry").get(pk=pk)
    moved = False
    if _present_of(case) != case.officer:
        book = lock_book(case.school)
        case = locked(pk)
        moved = _give_to_present(book, case)
    if case.officer is not None and case.waits and now - case.reached_hour < REMINDED_FOR:
        _tell(case, first=moved)
    return moved


def locked(pk: int) -> Escalation:
    """The case, locked. The book is locked before.

    Not against a spare key that refers to it: an author who writes at this moment has the letter locked, and whoever
    has the case may want that letter next.
    """
    return (
        Escalation.objects.select_for_update(of=("self",), no_key=True)
        .select_related("school", "officer", "letter", "entry__volume")
        .get(pk=pk)
    )


def _present_of(case: Escalation) -> User | None:
    """Whose the case should be now: whoever has it, as long as they may be called; else whoever can open it; else the
    first who may be called."""
    people = [officer.person for officer in officers_of(case.school)]
    if case.officer in people:
        return case.officer
    able = [person for person in people if is_open_to(case, person)]
    ready = [person for person in people if person.has_pair]
    return next(iter([*able, *ready, *people]), None)


def _give_to_present(book: Book, case: Escalation) -> bool:
    """Whether the case has become somebody else's."""
    present = _present_of(case)
    if present == case.officer:
        return False
    # Whoever never could open it has nothing to hand over: that is still for the one before.
    if case.officer is not None and (case.former_officer is None or is_open_to(case, case.officer)):
        case.former_officer = case.officer
    case.officer = present
    if not case.outcome:
        # Whoever said that they deal with it does not any more.
        case.taken_at = None
    case.save(update_fields=["officer", "former_officer", "taken_at"])
    note(book=book, case=case, step=Trail.Step.REGION_CALLED)
    return True


def note_withdrawn(letter: Letter) -> None:
    """Its author has erased a letter that nobody had taken in hand: nobody is called to it. The book is locked."""
    cases = Escalation.objects.select_for_update(of=("self",)).filter(letter=letter, closed_at=None)
    for case in cases:
        case.outcome = Escalation.Outcome.WITHDRAWN
        case.closed_at = hour_of(timezone.now())
        case.save(update_fields=["outcome", "closed_at"])
        Mail.objects.filter(
            kind=Mail.Kind.ESCALATED,
            occasion__startswith=f"escalated:{case.pk}:",
            state=Mail.State.WAITING,
            in_hand_since__isnull=True,
        ).update(state=Mail.State.DROPPED, fault=OUTDATED)


def _tell(case: Escalation, *, first: bool) -> None:
    """One e-mail a day. Of a danger its alert tells, as long as it goes on; not to somebody it has just come to."""
    going_on = alerts_at_region(case).filter(next_stage_at__isnull=False)
    if case.officer is None or (not first and going_on.exists()):
        return
    day = case.school.today()
    post(
        person=case.officer,
        school=case.school,
        kind=Mail.Kind.ESCALATED,
        occasion=f"escalated:{case.pk}:{case.officer_id}:{day.isoformat()}",
        # When exactly somebody wrote is not told by a mailbox either.
        not_before=hour_of(timezone.now()) + _HOUR if first else None,
    )
