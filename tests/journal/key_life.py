"""What the tests of a key's life share: a sheet in hand, a password forgotten, two minutes gone by."""

import datetime

from django.utils import timezone

from journal.services import key_keeping
from schools.models import School, SchoolKey, User
from schools.services.signing_in import open_pair, reset_password
from tests.factories import PASSWORD, Person


def sheet_of(school: School, by: Person) -> list[str]:
    """The lines of the school's sheet, printed now."""
    return key_keeping.print_sheet(school=school, by=by.fresh(), keyring=by.keyring())


def forget_password(person: Person) -> Person:
    """A new password without the old one, and the first sign-in with it."""
    reset_password(user=person.fresh(), new=PASSWORD)
    user: User = person.fresh()
    return Person(user=user, password=PASSWORD, pair=open_pair(user=user, password=PASSWORD))


def two_minutes_pass(school: School) -> None:
    """As if the school's former keys had been retired longer ago."""
    SchoolKey.objects.filter(school=school, retired_at__isnull=False).update(
        retired_at=timezone.now() - datetime.timedelta(minutes=3)
    )
