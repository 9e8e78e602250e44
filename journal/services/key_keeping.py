"""Making, granting and taking a school's key, with the trail."""

from django.db import transaction

from journal.models import Trail
from journal.services.trail import append, lock_book
from schools.models import School, User
from schools.services import keys
from vault.keyring import Keyring


@transaction.atomic
def make_key(*, school: School, by: User) -> None:
    """The school's first key. Raises Refused."""
    book = lock_book(school)
    keys.make_school_key(school=school, by=by)
    append(book=book, step=Trail.Step.KEY_MADE, by=by)


@transaction.atomic
def grant(*, school: School, to: User, by: User, keyring: Keyring) -> None:
    """Give the key to a colleague. Raises Refused."""
    book = lock_book(school)
    keys.grant_key(school=school, to=to, by=by, keyring=keyring)
    append(book=book, step=Trail.Step.KEY_GRANTED, by=by, facts={"to": to.username})


@transaction.atomic
def take_away(*, school: School, holder: User, by: User, keyring: Keyring) -> None:
    """Take the key from a holder. Raises Refused."""
    book = lock_book(school)
    keys.take_key(school=school, holder=holder, by=by, keyring=keyring)
    append(book=book, step=Trail.Step.KEY_TAKEN, by=by, facts={"from": holder.username})
