"""What the journal shows, and to whom."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from journal import selectors
from schools.models import School
from tests import factories
from tests.factories import Person


@pytest.fixture
def school(db: None) -> School:
    return factories.make_school()


@pytest.fixture
def holder(school: School) -> Person:
    return factories.make_person(school, "psychologist", with_key=True)


def test_only_the_persons_own_schools_are_seen(school: School, holder: Person) -> None:
    other = factories.make_school("school-2")
    stranger = factories.make_person(other, "psychologist", with_key=True)
    entry = factories.registered_entry(school, by=holder)
    theirs = factories.registered_entry(other, by=stranger)
    assert list(selectors.entries_for(holder.fresh())) == [entry]
    assert list(selectors.entries_for(stranger.fresh())) == [theirs]
    assert not selectors.entries_for(factories.make_operator().user).exists()
    assert not selectors.entries_for(factories.make_person(None, None).user).exists()


def test_search_finds_words_of_the_letter_and_of_the_journal(
    school: School, holder: Person
) -> None:
    first = factories.registered_entry(
        school, by=holder, text="Мені асханада ұрды, қорқамын", summary="Зорлық"
    )
    second = factories.registered_entry(school, by=holder, signed=True, summary="О шуме")
    entries = list(selectors.entries_for(holder.fresh()))
    keyring = holder.keyring()
    assert selectors.matching(entries, "АСХАНАДА қорқамын", keyring) == [first.pk]
    assert selectors.matching(entries, "айгүл шуме", keyring) == [second.pk]
    assert selectors.matching(entries, "nothing", keyring) == []


def test_without_a_key_search_sees_numbers_alone(school: School, holder: Person) -> None:
    entry = factories.registered_entry(school, by=holder, text="Мені асханада ұрды, қорқамын")
    director = factories.make_person(school, "director")
    entries = list(selectors.entries_for(director.fresh()))
    assert selectors.matching(entries, "асханада", director.keyring()) == []
    assert selectors.matching(entries, str(entry.number), director.keyring()) == [entry.pk]


def test_a_list_costs_the_same_for_one_entry_and_for_fifty(school: School, holder: Person) -> None:
    user, keyring = holder.fresh(), holder.keyring()

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            for entry in selectors.entries_for(user):
                _ = (entry.volume.number, entry.category, entry.school.slug, entry.letter)
            selectors.matching(selectors.entries_for(user), "x", keyring)
        return len(queries)

    factories.registered_entry(school, by=holder)
    cost()  # the person's roles are read once
    one = cost()
    for _ in range(49):
        factories.send_letter(school)
    opening = factories.open_box(school, by=holder)
    for taken in opening.taken_letters.select_related("opening__school", "letter"):
        factories.register(taken, by=holder)
    assert cost() == one
