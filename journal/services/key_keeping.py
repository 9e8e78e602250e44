"""Making, granting and taking a school's key, with the trail."""

from collections.abc import Iterable

from django.db import transaction

from journal.models import Trail
from journal.services.counting import note_calendar
from journal.services.refusing import refusal_stays
from journal.services.trail import append, lock_book
from schools.errors import Refused
from schools.models import School, User
from schools.selectors import key_in_use
from schools.services import keys, rotation
from vault.keyring import Keyring


@refusal_stays
@transaction.atomic
def make_key(*, school: School, by: User) -> None:
    """The school's first key, or a new one after the former was lost. Raises Refused."""
    book = lock_book(school)
    lost = key_in_use(school) is not None
    keys.make_school_key(school=school, by=by)
    note_calendar(school=school)
    append(book=book, step=Trail.Step.KEY_MADE, by=by, facts={"after_loss": True} if lost else {})


@refusal_stays
@transaction.atomic
def grant(*, school: School, to: User, by: User, keyring: Keyring) -> None:
    """Give the key to a colleague. Raises Refused."""
    book = lock_book(school)
    keys.grant_key(school=school, to=to, by=by, keyring=keyring)
    append(book=book, step=Trail.Step.KEY_GRANTED, by=by, facts={"to": to.username})


@refusal_stays
@transaction.atomic
def take_away(*, school: School, holder: User, by: User, keyring: Keyring) -> None:
    """Take the key from a holder. Raises Refused."""
    book = lock_book(school)
    keys.take_key(school=school, holder=holder, by=by, keyring=keyring)
    append(book=book, step=Trail.Step.KEY_TAKEN, by=by, facts={"from": holder.username})


def lines_of_sheet(*, school: School, by: User, keyring: Keyring) -> list[str]:
    """The lines of the recovery sheet, to be drawn before ``print_sheet`` notes that it is printed. Raises Refused."""
    return keys.lines_of_sheet(school=school, by=by, keyring=keyring)


@refusal_stays
@transaction.atomic
def print_sheet(*, school: School, by: User, keyring: Keyring) -> list[str]:
    """The lines of the recovery sheet. Raises Refused."""
    book = lock_book(school)
    lines = keys.print_sheet(school=school, by=by, keyring=keyring)
    append(book=book, step=Trail.Step.SHEET_PRINTED, by=by)
    return lines


def restore_from_sheet(*, school: School, lines: list[str], by: User) -> None:
    """The key comes back from paper. Raises Refused, of which a row stays, BadRecoveryLine and BadRecoverySheet."""
    try:
        _restore(school, lines, by)
    except Refused:
        _note_refused_sheet(school, by)
        raise


@transaction.atomic
def _restore(school: School, lines: list[str], by: User) -> None:
    book = lock_book(school)
    keys.restore_from_sheet(school=school, lines=lines, by=by)
    append(book=book, step=Trail.Step.SHEET_USED, by=by)


@transaction.atomic
def _note_refused_sheet(school: School, by: User) -> None:
    append(book=lock_book(school), step=Trail.Step.REFUSED, by=by, facts={"what": "recovery sheet"})


@refusal_stays
@transaction.atomic
def begin_change(*, school: School, keep: Iterable[User], by: User, keyring: Keyring) -> None:
    """A new key for those who keep one; ``carry_on_change`` does the rest. Raises Refused."""
    book = lock_book(school)
    keep = list(keep)
    rotation.begin_rotation(school=school, keep=keep, by=by, keyring=keyring)
    append(
        book=book,
        step=Trail.Step.KEY_CHANGE_BEGUN,
        by=by,
        facts={"keep": sorted({user.username for user in keep} | {by.username})},
    )


@refusal_stays
@transaction.atomic
def carry_on_change(
    *, school: School, by: User, keyring: Keyring, at_most: int
) -> rotation.Progress:
    """One batch of the change; the last one leaves a row. Raises Refused."""
    book = lock_book(school)
    was_running = not rotation.progress_of(school).finished
    progress = rotation.reseal_some(school=school, keyring=keyring, at_most=at_most)
    if was_running and progress.finished:
        append(book=book, step=Trail.Step.KEY_CHANGED, by=by)
    return progress
