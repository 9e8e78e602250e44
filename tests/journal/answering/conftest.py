"""One school, one psychologist with the key, and a letter of theirs in review."""

import pytest

from journal.models import Entry
from schools.models import School
from tests import factories
from tests.factories import Person
from tests.journal.answering.case import coded_entry


@pytest.fixture
def school() -> School:
    return factories.make_school(reply_days=5)


@pytest.fixture
def holder(school: School) -> Person:
    return factories.make_person(school, "psychologist", with_key=True)


@pytest.fixture
def coded(school: School, holder: Person) -> tuple[Entry, str]:
    return coded_entry(school, by=holder)


@pytest.fixture
def entry(coded: tuple[Entry, str]) -> Entry:
    return coded[0]


@pytest.fixture
def code(coded: tuple[Entry, str]) -> str:
    return coded[1]
