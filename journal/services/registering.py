"""Giving letters their numbers, or setting them aside."""

import datetime
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from box.models import Letter
from box.services import following
from journal.models import Entry, Opening, TakenLetter, Trail
from journal.models.trail import Book
from journal.services import alerting
from journal.services.numbering import next_number
from journal.services.refusing import refusal_stays
from journal.services.trail import append, lock_book
from schools.errors import Conflict, Refused
from schools.models import Category, Regulation, School, User
from schools.models.regulation import Source
from schools.selectors import key_in_use, regulation_of
from schools.working_days import calendar_of
from vault.errors import NotForThisKey
from vault.keyring import Keyring

IDENTITY = ("full_name", "address", "age", "phone")
EMPTY_CONTENT = {
    "summary": "",
    "full_name": "",
    "address": "",
    "age": "",
    "class_group": "",
    "phone": "",
    "text": "",
    "sent_to": "",
    "outcome": "",
    "measures": "",
}


@dataclass(frozen=True)
class Registration:
    """What the person who registers a letter writes into the journal."""

    summary: str
    category: Category | None
    class_group: str = ""
    danger: bool = False


@dataclass(frozen=True)
class PaperLetter:
    """A paper letter (or a call, or a letter brought in person) as typed in."""

    text: str
    audience: str
    signed: bool
    source: str = Source.PAPER
    # full_name, address, age, phone; of a signed letter only.
    identity: dict[str, str] = field(default_factory=dict, repr=False)
    received_at: datetime.datetime | None = None


def _check(school: School, by: User, registration: Registration | None) -> None:
    if not by.has_perm("journal.register_letter", school):
        raise Refused(_("Your role does not register letters in this school."))
    if registration and registration.category and registration.category.school_id != school.pk:
        raise Refused(_("This category belongs to another school."))


@dataclass(frozen=True)
class _Rules:
    """What the regulation says of an entry; read before the book is locked, so that nobody waits for it."""

    regulation: Regulation
    taken_on: datetime.date
    due_on: datetime.date | None
    forward_by: datetime.date | None


def _rules_for(school: School, taken_on: datetime.date) -> _Rules:
    regulation = regulation_of(school)
    calendar = calendar_of(school, regulation)

    def within(days: int | None) -> datetime.date | None:
        return calendar.add(taken_on, days) if days else None

    return _Rules(
        regulation=regulation,
        taken_on=taken_on,
        due_on=within(regulation.reply_days),
        forward_by=within(regulation.forward_days),
    )


def _new_entry(
    *,
    school: School,
    rules: _Rules,
    source: Source,
    by: User,
    opening: Opening | None,
    **fields: object,
) -> Entry:
    """The next number of its book. The school's book is locked."""
    volume, number = next_number(
        school=school, day=school.today(), regulation=rules.regulation, source=source
    )
    return Entry(
        school=school,
        volume=volume,
        number=number,
        source=source,
        opening=opening,
        taken_on=rules.taken_on,
        due_on=rules.due_on,
        forward_by=rules.forward_by,
        registered_by=by,
        registered_at=timezone.now(),
        **fields,
    )


def _finish(*, book: Book, entry: Entry, by: User) -> None:
    entry.save(force_insert=True)
    append(
        book=book,
        step=Trail.Step.REGISTERED,
        by=by,
        entry=entry,
        facts={"number": entry.number, "source": entry.source, "to": entry.state},
    )


def _waiting(taken_id: int) -> TakenLetter:
    taken = (
        TakenLetter.objects.select_for_update(of=("self",))
        .select_related("opening__school", "letter")
        .get(pk=taken_id)
    )
    if not taken.is_waiting:
        raise Conflict(_("Somebody else has registered this letter or set it aside already."))
    return taken


@refusal_stays
@transaction.atomic
def register_letter(
    *, taken: TakenLetter, registration: Registration, by: User, keyring: Keyring
) -> Entry:
    """A letter from the site gets the next number. Raises Refused and Conflict."""
    school = taken.opening.school
    _check(school, by, registration)
    if taken.letter is None:
        raise Refused(_("Type the paper letter in first."))
    rules = _rules_for(school, taken.letter.taken_on)
    book = lock_book(school)
    taken = _waiting(taken.pk)
    letter = taken.letter
    try:
        written = letter.read(keyring)
        entry = _new_entry(
            school=school,
            rules=rules,
            by=by,
            opening=taken.opening,
            source=Source.WEB,
            letter=letter,
            received_at=letter.arrived_hour,
            category=registration.category,
            audience=letter.audience,
            signed=letter.signed,
            danger=letter.danger or registration.danger,
        )
        key = entry.lock_like(letter, keyring)
    except NotForThisKey:
        raise Refused(_("This letter is closed to you: you do not hold its key.")) from None
    identity = {name: written.get(name, "") for name in IDENTITY} if letter.signed else {}
    entry.write(
        {
            **EMPTY_CONTENT,
            **identity,
            "class_group": registration.class_group,
            "summary": registration.summary,
        },
        key=key,
    )
    _finish(book=book, entry=entry, by=by)
    taken.entry = entry
    taken.save(update_fields=["entry"])
    if letter.danger:
        alerting.raise_alert(letter=letter)
    elif entry.danger:
        alerting.raise_alert(entry=entry)
    following.tell_registered(
        letter_id=letter.pk,
        number=str(entry.number),
        book=entry.volume.book,
        due_on=entry.due_on,
    )
    return entry


@refusal_stays
@transaction.atomic
def register_paper(
    *,
    school: School,
    opening: Opening | None,
    paper: PaperLetter,
    registration: Registration,
    by: User,
    keyring: Keyring,
    typed_before: int | None = None,
) -> Entry:
    """A paper letter typed in gets the next number. Raises Refused.

    ``typed_before`` is how many paper letters of the opening were typed in when the form was shown: when it is
    given and another came since, the form was probably sent twice. Raises Conflict then.
    """
    _check(school, by, registration)
    key = key_in_use(school)
    if key is None or not keyring.opens_school_key(key.pk):
        raise Refused(_("You do not hold the key of this school’s box."))
    if opening is not None and opening.school_id != school.pk:
        raise Refused(_("This opening belongs to another school."))
    rules = _rules_for(
        school, opening.opened_at.astimezone(school.zone).date() if opening else school.today()
    )
    book = lock_book(school)
    _refuse_second(opening, typed_before)
    entry = _new_entry(
        school=school,
        rules=rules,
        by=by,
        opening=opening,
        source=Source(paper.source),
        received_at=paper.received_at,
        category=registration.category,
        audience=paper.audience,
        signed=paper.signed,
        danger=registration.danger,
    )
    identity = {name: paper.identity.get(name, "") for name in IDENTITY} if paper.signed else {}
    entry.write(
        {
            **EMPTY_CONTENT,
            **identity,
            "class_group": registration.class_group,
            "summary": registration.summary,
            "text": paper.text,
        },
        key=entry.lock_for_school(key),
    )
    _finish(book=book, entry=entry, by=by)
    if opening is not None:
        _note_paper(opening, entry=entry, signed=paper.signed)
    if entry.danger:
        alerting.raise_alert(entry=entry)
    return entry


def paper_typed_in(opening: Opening) -> int:
    """How many paper letters of the opening were typed in or set aside so far."""
    return TakenLetter.objects.filter(opening=opening, source=Source.PAPER).count()


def _refuse_second(opening: Opening | None, typed_before: int | None) -> None:
    if opening is None or typed_before is None:
        return
    if paper_typed_in(opening) != typed_before:
        raise Conflict(_("A paper letter of this opening was typed in meanwhile."))


def _note_paper(opening: Opening, **fields: object) -> TakenLetter:
    """A paper letter joins the list of the act; more may be typed in than were counted in haste."""
    position = opening.taken_letters.aggregate(Max("position"))["position__max"] or 0
    return TakenLetter.objects.create(
        opening=opening, position=position + 1, source=Source.PAPER, **fields
    )


@refusal_stays
@transaction.atomic
def set_aside(
    *, taken: TakenLetter, kind: str, note: str, by: User, keyring: Keyring
) -> TakenLetter:
    """A letter from the site gets no number, but stays listed in the act. Raises Refused and Conflict."""
    school = taken.opening.school
    _check(school, by, None)
    book = lock_book(school)
    taken = _waiting(taken.pk)
    _set_aside(taken, kind, note, keyring)
    if taken.letter_id:
        following.tell_state(letter_id=taken.letter_id, state=Letter.State.SET_ASIDE)
    append(
        book=book,
        step=Trail.Step.SET_ASIDE,
        by=by,
        opening=taken.opening,
        facts={"position": taken.position, "as": taken.set_aside_as},
    )
    if taken.letter is not None and taken.letter.danger:
        alerting.raise_alert(letter=taken.letter)  # last: it locks and moves the book for itself
    return taken


@refusal_stays
@transaction.atomic
def set_paper_aside(
    *,
    opening: Opening,
    kind: str,
    note: str,
    by: User,
    keyring: Keyring,
    typed_before: int | None = None,
) -> TakenLetter:
    """A paper letter that gets no number. ``typed_before`` as for ``register_paper``. Raises Refused and Conflict."""
    _check(opening.school, by, None)
    book = lock_book(opening.school)
    _refuse_second(opening, typed_before)
    taken = _note_paper(opening)
    _set_aside(taken, kind, note, keyring)
    append(
        book=book,
        step=Trail.Step.SET_ASIDE,
        by=by,
        opening=opening,
        facts={"position": taken.position, "as": taken.set_aside_as},
    )
    return taken


def _set_aside(taken: TakenLetter, kind: str, note: str, keyring: Keyring) -> None:
    if kind not in TakenLetter.SetAside.values:
        raise Refused(_("Choose why the letter is set aside."))
    if kind == TakenLetter.SetAside.OTHER and not note:
        raise Refused(_("Say in a few words why the letter is set aside."))
    try:
        if taken.letter is not None:
            key = taken.lock_like(taken.letter, keyring)
        else:
            school_key = key_in_use(taken.opening.school)
            if school_key is None or not keyring.opens_school_key(school_key.pk):
                raise NotForThisKey
            key = taken.lock_for_school(school_key)
    except NotForThisKey:
        raise Refused(_("This letter is closed to you: you do not hold its key.")) from None
    taken.set_aside_as = kind
    taken.write({"note": note}, key=key)
    taken.save()
