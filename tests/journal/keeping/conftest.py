"""One school that works by short terms, a psychologist who holds the key, and a deputy who approves."""

import pytest

from schools.models import School
from tests import factories
from tests.factories import Person


@pytest.fixture
def school() -> School:
    return factories.make_school(
        keep_years=5, keep_aside_months=6, keep_unread_files_months=12, reply_days=5
    )


@pytest.fixture
def holder(school: School) -> Person:
    return factories.make_person(school, "psychologist", with_key=True)


@pytest.fixture
def deputy(school: School, holder: Person) -> Person:
    return factories.make_person(school, "deputy_director", with_key=True)
