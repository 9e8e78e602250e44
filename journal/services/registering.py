"""Giving letters their numbers, or setting them aside."""

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from box.files.worker import CleanFile
from box.models import Letter
from box.services import attaching, following
from journal.models import Entry, Opening, TakenLetter, Trail
from journal.services import alerting
from journal.services.entering import (
    EMPTY_CONTENT,
    IDENTITY,
    WRITTEN,
    PaperLetter,
    Registration,
    check_way_in,
    finish,
    new_entry,
    refuse_second_of,
    rules_for,
    write_in,
)
from journal.services.refusing import refusal_stays
from journal.services.trail import append, lock_book
from schools.errors import Conflict, Refused
from schools.models import School, User
from schools.models.regulation import Source
from schools.selectors import key_in_use
from vault.errors import NotForThisKey
from vault.keyring import Keyring


def _check(school: School, by: User, registration: Registration | None) -> None:
    if not by.has_perm("journal.register_letter", school):
        raise Refused(_("Your role does not register letters in this school."))
    if registration and registration.category and registration.category.school_id != school.pk:
        raise Refused(_("This category belongs to another school."))


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
    rules = rules_for(school, taken_on=taken.letter.taken_on, class_group=registration.class_group)
    book = lock_book(school)
    taken = _waiting(taken.pk)
    letter = taken.letter
    try:
        written = letter.read(keyring)
        entry = new_entry(
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
    finish(book=book, entry=entry, by=by)
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
def register_paper(
    *,
    school: School,
    opening: Opening | None,
    paper: PaperLetter,
    registration: Registration,
    by: User,
    keyring: Keyring,
    typed_before: int | None = None,
    files: Sequence[CleanFile] = (),
) -> Entry:
    """A paper letter typed in, or scanned (``files``), gets the next number. Raises Refused and NotPutAway.

    ``typed_before`` is how many paper letters of the opening were typed in when the form was shown, or, without an
    opening, ``newest_typed_in`` then: when it is given and another came since, the form was probably sent twice.
    Raises Conflict then.
    """
    _check(school, by, registration)
    if not (paper.text or files):
        raise Refused(_("Type the letter in, or attach a scan of it."))
    key = key_in_use(school)
    if key is None or not keyring.opens_school_key(key.pk):
        raise Refused(_("You do not hold the key of this school’s box."))
    if opening is not None and opening.school_id != school.pk:
        raise Refused(_("This opening belongs to another school."))
    rules = rules_for(
        school, taken_on=_day_of(paper, opening, school), class_group=registration.class_group
    )
    if opening is None:
        check_way_in(paper, regulation=rules.regulation)
    with attaching.stored(files), transaction.atomic():
        book = lock_book(school)
        if opening is not None:
            _refuse_second(opening, typed_before)
        else:
            refuse_second_of(school=school, by=by, sources=WRITTEN, newest_before=typed_before)
        entry, _key = write_in(
            book=book,
            rules=rules,
            key=key,
            opening=opening,
            paper=paper,
            registration=registration,
            by=by,
            files=files,
        )
        if opening is not None:
            _note_paper(opening, entry=entry, signed=paper.signed)
        if entry.danger:
            alerting.raise_alert(entry=entry)
    return entry


def _day_of(paper: PaperLetter, opening: Opening | None, school: School) -> datetime.date:
    moment = opening.opened_at if opening is not None else paper.received_at
    return moment.astimezone(school.zone).date() if moment else school.today()


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
