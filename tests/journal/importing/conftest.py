"""A school that keeps every column, somebody who holds its key, and their browser."""

import pytest
from django.test import Client

from schools.models import School
from schools.models.regulation import Column
from tests import factories
from tests.factories import Person


@pytest.fixture
def school(db: None) -> School:
    return factories.make_school(columns=[one.value for one in Column], reply_days=5)


@pytest.fixture
def holder(school: School) -> Person:
    return factories.make_person(school, "psychologist", with_key=True)


@pytest.fixture
def client(holder: Person) -> Client:
    return factories.signed_in_client(holder)
