"""Opening the box: everything comes out once, for whoever was first."""

import pytest

from box.models import Letter
from journal.models import Opening, TakenLetter, Trail
from schools.errors import Conflict, Refused
from schools.models import School
from tests import factories
from tests.factories import Person
from tests.races import at_once


@pytest.fixture
def school(db: None) -> School:
    return factories.make_school()


@pytest.fixture
def holder(school: School) -> Person:
    return factories.make_person(school, "psychologist", with_key=True)


def test_every_letter_comes_out_in_the_order_it_came(school: School, holder: Person) -> None:
    letters = [factories.send_letter(school) for _ in range(3)]
    opening = factories.open_box(school, by=holder, paper_count=2)
    taken = TakenLetter.objects.filter(opening=opening)
    assert [row.letter_id for row in taken] == [letter.pk for letter in letters]
    assert [row.position for row in taken] == [1, 2, 3]
    assert (opening.number, opening.web_count, opening.paper_count) == (1, 3, 2)
    assert set(Letter.objects.values_list("state", "taken_on")) == {("taken_out", school.today())}


def test_an_empty_box_still_makes_an_opening(school: School, holder: Person) -> None:
    opening = factories.open_box(school, by=holder)
    assert (opening.web_count, opening.paper_count) == (0, 0)
    assert Trail.objects.filter(opening=opening, step=Trail.Step.BOX_OPENED).count() == 1


def test_openings_are_numbered_within_the_year(school: School, holder: Person) -> None:
    numbers = [factories.open_box(school, by=holder).number for _ in range(3)]
    assert numbers == [1, 2, 3]


def test_letters_of_another_school_stay_in_their_box(school: School, holder: Person) -> None:
    other = factories.make_school("school-2")
    factories.make_person(other, "psychologist", with_key=True)
    theirs = factories.send_letter(other)
    factories.open_box(school, by=holder)
    theirs.refresh_from_db()
    assert theirs.state == Letter.State.IN_BOX


@pytest.mark.parametrize("role", ["director", "phone_officer", "administrator"])
def test_a_role_that_does_not_open_is_refused(school: School, holder: Person, role: str) -> None:
    person = factories.make_person(school, role)
    with pytest.raises(Refused):
        factories.open_box(school, by=person)
    assert not Opening.objects.exists()


def test_a_colleague_without_the_key_is_refused(school: School, holder: Person) -> None:
    colleague = factories.make_person(school, "social_pedagogue")
    factories.send_letter(school)
    with pytest.raises(Refused):
        factories.open_box(school, by=colleague)
    assert Letter.objects.get().state == Letter.State.IN_BOX


def test_a_key_holder_of_another_school_is_refused(school: School, holder: Person) -> None:
    other = factories.make_school("school-2")
    stranger = factories.make_person(other, "psychologist", with_key=True)
    with pytest.raises(Refused):
        factories.open_box(school, by=stranger)


def test_out_of_turn_needs_a_reason_which_is_sealed(school: School, holder: Person) -> None:
    with pytest.raises(Refused):
        factories.open_box(school, by=holder, kind=Opening.Kind.OUT_OF_TURN)
    opening = factories.open_box(
        school, by=holder, kind=Opening.Kind.OUT_OF_TURN, reason="Bolat has called"
    )
    assert opening.read(holder.keyring())["reason"] == "Bolat has called"
    assert "Bolat" not in str(Opening.objects.values().get())


def test_nobody_present_is_refused(school: School, holder: Person) -> None:
    with pytest.raises(Refused):
        factories.open_box(school, by=holder, present=[])


def test_a_form_from_before_another_opening_gets_a_conflict(school: School, holder: Person) -> None:
    factories.open_box(school, by=holder)
    with pytest.raises(Conflict, match=holder.user.full_name):
        factories.open_box(school, by=holder, last_seen=None)
    assert Opening.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_who_press_at_once_one_takes_the_letters() -> None:
    school = factories.make_school()
    holder = factories.make_person(school, "psychologist", with_key=True)
    for _ in range(5):
        factories.send_letter(school)
    results = at_once(8, lambda place: factories.open_box(school, by=holder, last_seen=None))
    assert sum(isinstance(result, Opening) for result in results) == 1
    assert sum(isinstance(result, Conflict) for result in results) == 7, results
    assert TakenLetter.objects.count() == 5
