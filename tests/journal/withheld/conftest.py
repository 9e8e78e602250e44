"""The school with its two letters, before and after they are registered."""

import pytest

from box.models import Letter
from journal.models import Entry, TakenLetter
from journal.services import reviewing
from schools.models import School
from tests import factories
from tests.factories import Person, make_person
from tests.journal.withheld.case import PAST, SECRET, SUMMARY, Case


@pytest.fixture
def school() -> School:
    return factories.make_school(reply_days=5)


@pytest.fixture
def people(school: School) -> dict[str, Person]:
    concerned = make_person(school, "psychologist", with_key=True)
    reader = make_person(school, "deputy_director", with_key=True)
    other = factories.make_school("school-2")
    return {
        "concerned": concerned,
        "reader": reader,
        "director": make_person(school, "director"),
        "stranger": make_person(other, "psychologist", with_key=True),
    }


@pytest.fixture
def letters(school: School, people: dict[str, Person]) -> tuple[Letter, Letter]:
    """In the box: an ordinary letter, and the one about the psychologist."""
    ordinary = factories.send_letter(school)
    about = factories.send_letter(
        school, text=SECRET, signed=True, danger=True, category="requests", about=["psychologist"]
    )
    late = make_person(school, "social_pedagogue")
    factories.give_key(school, to=late, by=people["reader"])
    people["late"] = late
    return ordinary, about


@pytest.fixture
def case(school: School, people: dict[str, Person], letters: tuple[Letter, Letter]) -> Case:
    reader = people["reader"]
    opening = factories.open_box(school, by=reader)
    ordinary, about = (TakenLetter.objects.get(letter=letter) for letter in letters)
    first = factories.register(ordinary, by=reader, category=letters[0].category)
    second = factories.register(about, by=reader, summary=SUMMARY, category=letters[1].category)
    second = reviewing.take_into_review(
        entry=second, reviewer=reader.user, by=reader.fresh(), keyring=reader.keyring(), version=1
    )
    Entry.objects.filter(pk=second.pk).update(due_on=PAST)
    second.refresh_from_db()
    return Case(school, people, opening, first, second)
