"""A school with every way in, somebody who holds its key, and a phone officer who does not."""

import pytest
from django.test import Client

from schools.models import School
from schools.services.bodies import give_bodies
from tests import factories
from tests.factories import Person, make_person, signed_in_client


@pytest.fixture
def school() -> School:
    made = factories.make_school(
        "college", sources=["web", "paper", "phone", "email", "person"], reply_days=5
    )
    give_bodies(school=made)
    return made


@pytest.fixture
def holder(school: School) -> Person:
    return make_person(school, "psychologist", with_key=True)


@pytest.fixture
def officer(school: School, holder: Person) -> Person:
    return make_person(school, "phone_officer")


@pytest.fixture
def client(officer: Person) -> Client:
    return signed_in_client(officer)
