"""Putting a letter into the box: sealed in memory, stored by one INSERT; a cry for help calls people besides."""

import datetime
from collections.abc import Callable, Collection, Mapping, Sequence
from enum import Enum
from functools import cache, partial
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from box.files.worker import CleanFile
from box.form_tokens import Receipt
from box.models import Letter
from box.services import attaching
from box.services.danger import FreshKeys, cry_for_help, lock_book_of
from box.services.staying import is_here
from schools.models import Category, School, SchoolKey
from schools.region_officers import reader_of
from schools.selectors import people_in, readers_besides
from vault.receipts import author_pair, lookup_hash

# A resend soon after the hour has struck is still the same sitting.
MINUTES_OF_GRACE = 10


class Submitted(Enum):
    """What became of a form that was sent."""

    STORED = "stored"
    SENT_BEFORE = "sent before"


class NobodyElse(Exception):
    """Everybody who could read the letter is somebody it is about, and the region has nobody to read it instead.

    Nothing was stored.
    """


class NotStored(Exception):
    """The school's key, a category or the school changed in this moment, or it has left. Nothing was stored."""


@cache
def _pass_on() -> Callable[[int], None]:
    # As below.
    return import_string(settings.REGION_RECORDER)


@cache
def _note_arrival() -> Callable[[int], None]:
    # The book lies in a room above this one: the settings join them.
    return import_string(settings.ARRIVAL_RECORDER)


def hour_of(moment: datetime.datetime) -> datetime.datetime:
    """All that is kept of the time a letter came."""
    return moment.replace(minute=0, second=0, microsecond=0)


def submit(
    *,
    school: School,
    school_key: SchoolKey,
    language: str,
    audience: str,
    signed: bool,
    danger: bool,
    category: Category | None,
    content: Mapping[str, Any],
    receipt: Receipt,
    about: Collection[str] = (),
    files: Sequence[CleanFile] = (),
) -> Submitted:
    """Seal ``content`` to the school's key and store the letter. Raises NotStored, NobodyElse and NotPutAway.

    ``about`` names the roles the letter is about: it is sealed to the other key holders in person instead, and the
    sealed content says whom it is about (``about``, and ``about_people`` with their uids). ``files`` are sealed to the
    same people; no transaction waits for the storage. A letter about all of them is sealed to the named person of the
    school's region alone, and lies in no box.

    The same form sent again makes no second letter; its author, who may have seen nothing of the first answer, may
    then see the code again.
    """
    letter = Letter(
        school=school,
        arrived_hour=hour_of(timezone.now()),
        language=language,
        audience=audience,
        signed=signed,
        danger=danger,
        category=category,
        receipt_hash=lookup_hash(receipt.code),
        author_key=author_pair(receipt.code).public,
        form_hash=receipt.form_hash,
    )
    try:
        with attaching.stored(files):
            if danger:
                _store_and_cry(letter, content, school_key, about, files)
            else:
                _store(letter, content, school_key, about, files, fresh=FreshKeys())
    except IntegrityError as error:
        if not Letter.objects.filter(form_hash=receipt.form_hash).exists():
            raise NotStored from error
        _let_code_be_shown_again(receipt)
        return Submitted.SENT_BEFORE
    transaction.on_commit(partial(_note_arrival(), school.pk))
    if letter.state == Letter.State.AT_REGION:
        transaction.on_commit(partial(_pass_on(), letter.pk))
    return Submitted.STORED


@transaction.atomic
def _store_and_cry(
    letter: Letter,
    content: Mapping[str, Any],
    school_key: SchoolKey,
    about: Collection[str],
    files: Sequence[CleanFile],
) -> None:
    lock_book_of(letter.school)
    fresh = FreshKeys()
    _store(letter, content, school_key, about, files, fresh=fresh)
    if letter.state != Letter.State.AT_REGION:
        fresh.keep_for_region(letter=letter)
    cry_for_help(letter=letter)


@transaction.atomic
def _store(
    letter: Letter,
    content: Mapping[str, Any],
    school_key: SchoolKey,
    about: Collection[str],
    files: Sequence[CleanFile],
    *,
    fresh: FreshKeys,
) -> None:
    if not is_here(letter.school):
        raise NotStored
    if about:
        _store_for_the_others(letter, content, about, files, fresh)
        return
    lock = fresh.noting(lambda row: row.lock_for_school(school_key))
    letter.write(content, key=lock(letter))
    letter.save(force_insert=True)
    attaching.attach(letter=letter, files=files, lock=lock)


def _store_for_the_others(
    letter: Letter,
    content: Mapping[str, Any],
    about: Collection[str],
    files: Sequence[CleanFile],
    fresh: FreshKeys,
) -> None:
    # Whoever takes a key from somebody locks it first: nobody ceases to hold it before the letter is stored.
    list(
        SchoolKey.objects.select_for_update().filter(school=letter.school, retired_at__isnull=True)
    )
    others = readers_besides(letter.school, about)
    if not others:
        officer = reader_of(letter.school)
        if officer is None:
            raise NobodyElse
        others, letter.state = [officer.person], Letter.State.AT_REGION
    concerned = people_in(letter.school, about).order_by("pk").values_list("uid", flat=True)
    readers = [(user.pk, bytes(user.public_key)) for user in others]
    lock = fresh.noting(lambda row: row.lock_for_people(readers))
    about_whom = {"about": sorted(set(about)), "about_people": list(map(str, concerned))}
    letter.write({**content, **about_whom}, key=lock(letter))
    letter.save(force_insert=True)
    attaching.attach(letter=letter, files=files, lock=lock)


def _let_code_be_shown_again(receipt: Receipt) -> None:
    """For a double click and a lost answer; not for somebody else at the same computer later in the day."""
    since = hour_of(timezone.now() - datetime.timedelta(minutes=MINUTES_OF_GRACE))
    Letter.objects.filter(form_hash=receipt.form_hash, arrived_hour__gte=since).update(
        receipt_shown=False
    )


def show_code_once(*, school: School, receipt: Receipt) -> bool:
    """Whether the code may be shown now; of two who ask at once, one is told yes."""
    return bool(
        Letter.objects.filter(
            school=school,
            form_hash=receipt.form_hash,
            receipt_hash=lookup_hash(receipt.code),
            receipt_shown=False,
        ).update(receipt_shown=True)
    )


def cries_for_help(*, receipt: Receipt) -> bool:
    """Whether the letter says that somebody is in danger."""
    return Letter.objects.filter(
        form_hash=receipt.form_hash, receipt_hash=lookup_hash(receipt.code), danger=True
    ).exists()


def readers_in_person(*, receipt: Receipt) -> frozenset[int] | None:
    """Ids of the only people to whom the letter is sealed; None where it is sealed to the school's key."""
    letter = (
        Letter.objects.filter(
            form_hash=receipt.form_hash, receipt_hash=lookup_hash(receipt.code), school_key=None
        )
        .only("personal_keys")
        .first()
    )
    return frozenset(map(int, letter.personal_keys)) if letter else None


def lies_with_region(*, receipt: Receipt) -> bool:
    """Whether nobody at the school can open the letter: it is sealed to the named person of the region."""
    return Letter.objects.filter(
        form_hash=receipt.form_hash,
        receipt_hash=lookup_hash(receipt.code),
        state=Letter.State.AT_REGION,
    ).exists()


def show_code_once_more(*, receipt: Receipt, code: str) -> None:
    """Somebody who has the code before them may see its page once more."""
    if code == receipt.code:
        Letter.objects.filter(form_hash=receipt.form_hash, receipt_hash=lookup_hash(code)).update(
            receipt_shown=False
        )
