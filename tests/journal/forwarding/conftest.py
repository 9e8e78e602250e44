"""A school with bodies, whose book has columns for what is sent on; a key holder; an entry."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from journal.models import Entry
from schools.models import School
from schools.services.bodies import give_bodies
from tests import factories
from tests.factories import Person, make_person
from tests.journal.forwarding.case import COLUMNS


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def school() -> School:
    made = factories.make_school(columns=COLUMNS)
    give_bodies(school=made)
    return made


@pytest.fixture
def holder(school: School) -> Person:
    return make_person(school, "psychologist", with_key=True)


@pytest.fixture
def entry(school: School, holder: Person) -> Entry:
    return factories.registered_entry(school, by=holder, signed=True)
