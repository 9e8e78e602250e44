"""A school with a few finished months of letters, and who looks at its figures."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager

import time_machine
from django.test import Client

from journal.models import Entry
from schools.models import School
from tests import factories
from tests.factories import Person

# By the school's clock noon; after it comes the month in which somebody looks.
SEPTEMBER = datetime.datetime(2026, 9, 15, 7, tzinfo=datetime.UTC)
OCTOBER = datetime.datetime(2026, 10, 15, 7, tzinfo=datetime.UTC)
NOVEMBER = datetime.datetime(2026, 11, 20, 7, tzinfo=datetime.UTC)


@contextmanager
def at(moment: datetime.datetime) -> Iterator[None]:
    """That moment, by every clock."""
    with time_machine.travel(moment, tick=False):
        yield


def letters(school: School, by: Person, count: int, **letter: object) -> list[Entry]:
    """So many letters written, taken out and registered now."""
    return [factories.registered_entry(school, by=by, **letter) for _one in range(count)]


def seen_by(person: Person) -> Client:
    """A browser in which the person is signed in."""
    return factories.signed_in_client(person)
