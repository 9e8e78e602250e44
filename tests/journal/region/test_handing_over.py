"""What is sealed to whoever was a region's named person before reaches the one who is it now, whatever came between."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from box.models import Letter
from box.services import messaging
from journal.escalations import escalations_for, lend, to_hand_over
from journal.models import Alert, Escalation
from journal.services import alerting, at_region, escalating
from journal.services.verifying import verify_school
from schools.models import Mail, Region, User
from tests import factories
from tests.factories import Person
from tests.journal.region.regional import (
    EVERYBODY,
    WORDS,
    Regional,
    cry,
    nobody_answers,
    officer_of,
    reads,
    regional_school,
)
from vault.pairs import new_pair

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place() -> Regional:
    return regional_school()


@pytest.fixture
def case(place: Regional) -> Escalation:
    """A danger that nobody answered, taken in hand by the part's person."""
    nobody_answers(Alert.objects.get(letter=cry(place)))
    found = Escalation.objects.get()
    escalating.take(escalation=found, by=place.officer.fresh())
    return found


def with_new_pair(person: Person) -> Person:
    """The same person, come in anew by an invitation."""
    pair = new_pair()
    User.objects.filter(pk=person.user.pk).update(public_key=pair.public)
    return replace(person, pair=pair)


def nobody_in(region: Region) -> None:
    """The region names nobody any more."""
    Region.objects.filter(pk=region.pk).update(officer=None)


def writes(case: Escalation, text: str, mark: int = 1) -> object:
    """Its author writes back."""
    letter = Letter.objects.select_related("school").get(pk=case.letter_id)
    return messaging.write_back(
        letter=letter, text=text, danger=False, form_hash=bytes([mark]) * 32
    )


def hands_over(person: Person, case: Escalation) -> Escalation:
    """By the button on the person's page."""
    assert case in to_hand_over(person.fresh()) and person.fresh().is_staff
    done = escalating.hand_over(escalation=case, by=person.fresh(), keyring=person.keyring())
    assert case not in to_hand_over(person.fresh())
    return done


def said(person: Person, case: Escalation, message: object) -> str | None:
    """A message as the person reads it."""
    message.refresh_from_db()
    lend([message], escalation=case, person=person.fresh())
    return (message.read_or_none(person.keyring()) or {}).get("text")


def test_a_key_for_a_former_pair_does_not_stand_in_the_way(
    place: Regional, case: Escalation
) -> None:
    chief = with_new_pair(place.chief)
    nobody_in(place.part)
    at_region.look_after()
    case.refresh_from_db()
    assert case.officer == chief.user and reads(chief, case) is None
    done = hands_over(place.officer, case)
    assert reads(chief, done) == WORDS and reads(place.officer, done) is None


def test_what_the_author_wrote_to_the_new_one_hides_nothing_of_the_former(
    place: Regional, case: Escalation
) -> None:
    nobody_in(place.whole)
    new = officer_of(place.part, "new.officer")
    at_region.look_after()
    case.refresh_from_db()
    message = writes(case, "Are you still there?")
    assert said(new, case, message) == "Are you still there?" and reads(new, case) is None
    assert reads(new, hands_over(place.officer, case)) == WORDS


def test_over_two_changes_each_hands_over_what_they_have(place: Regional, case: Escalation) -> None:
    nobody_in(place.whole)
    second = officer_of(place.part, "second")
    at_region.look_after()
    case.refresh_from_db()
    message = writes(case, "Are you still there?")
    third = officer_of(place.part, "third")
    at_region.look_after()
    case.refresh_from_db()
    assert case.officer == third.user
    case = hands_over(place.officer, case)
    assert reads(third, case) == WORDS and said(third, case, message) is None
    case = hands_over(second, case)
    assert said(third, case, message) == "Are you still there?"
    assert not second.fresh().is_staff and not place.officer.fresh().is_staff
    verify_school(place.school)


class TestAboutEverybody:
    """A letter that is sealed to one person outside the school."""

    @pytest.fixture
    def case(self, place: Regional) -> Escalation:
        factories.send_letter(place.school, text=WORDS, about=EVERYBODY)
        return Escalation.objects.get()

    def test_over_two_changes_it_is_still_for_the_first_to_hand_over(
        self, place: Regional, case: Escalation
    ) -> None:
        second = officer_of(place.part, "second")
        at_region.look_after()
        third = officer_of(place.part, "third")
        at_region.look_after()
        case.refresh_from_db()
        assert case.officer == third.user and case not in to_hand_over(second.fresh())
        assert reads(third, hands_over(place.officer, case)) == WORDS

    def test_a_new_pair_of_whoever_has_it_reads_what_comes(
        self, place: Regional, case: Escalation
    ) -> None:
        nobody_in(place.part)
        other = factories.send_letter(place.school, text=WORDS, about=EVERYBODY)
        case = Escalation.objects.get(letter=other)
        assert case.officer == place.chief.user
        officer_of(place.part, "new.in.the.part")
        chief = with_new_pair(place.chief)
        message = writes(case, "Please read this.")
        assert message.read(chief.keyring())["text"] == "Please read this."

    def test_what_is_closed_and_still_kept_is_handed_over_too(
        self, place: Regional, case: Escalation
    ) -> None:
        former = place.officer
        escalating.take(escalation=case, by=former.fresh())
        escalating.close(
            escalation=case,
            outcome="helped",
            note="Done.",
            by=former.fresh(),
            keyring=former.keyring(),
        )
        new = officer_of(place.part, "new.officer")
        nobody_in(place.whole)
        at_region.look_after()
        case.refresh_from_db()
        assert case.officer == new.user and case.outcome == "helped" and reads(new, case) is None
        case = hands_over(former, case)
        assert reads(new, case) == WORDS and case.read(new.keyring()) == {"notes": ["Done."]}
        assert not former.fresh().is_staff
        verify_school(place.school)

    def test_what_was_noted_is_handed_over_with_it(self, place: Regional, case: Escalation) -> None:
        former = place.officer
        escalating.take(escalation=case, by=former.fresh())
        escalating.close(
            escalation=case,
            outcome="helped",
            note="The first note.",
            by=former.fresh(),
            keyring=former.keyring(),
        )
        letter = Letter.objects.select_related("school").get(pk=case.letter_id)
        messaging.write_back(letter=letter, text="Again.", danger=True, form_hash=bytes(32))
        new = officer_of(place.part, "new.officer")
        at_region.look_after()
        case.refresh_from_db()
        case = hands_over(former, case)
        escalating.take(escalation=case, by=new.fresh())
        escalating.close(
            escalation=case,
            outcome="helped",
            note="The second note.",
            by=new.fresh(),
            keyring=new.keyring(),
        )
        case.refresh_from_db()
        assert case.read(new.keyring()) == {"notes": ["The first note.", "The second note."]}


def test_whoever_it_comes_to_is_told_also_of_a_danger_that_goes_on(place: Regional) -> None:
    nobody_in(place.whole)
    nobody_answers(Alert.objects.get(letter=cry(place)))
    new = officer_of(place.part, "new.officer")
    at_region.look_after()
    assert Mail.objects.filter(person=new.user, kind=Mail.Kind.ESCALATED).count() == 1


def test_a_danger_whose_rounds_are_over_is_told_each_day(place: Regional) -> None:
    nobody_answers(Alert.objects.get(letter=cry(place)))
    at_region.look_after()
    assert not Mail.objects.filter(kind=Mail.Kind.ESCALATED).exists()
    Alert.objects.update(next_stage_at=None)
    at_region.look_after()
    assert Mail.objects.filter(kind=Mail.Kind.ESCALATED).count() == 1


def test_as_many_queries_for_one_case_as_for_six(place: Regional) -> None:
    nobody_in(place.whole)
    for number in range(6):
        nobody_answers(Alert.objects.get(letter=cry(place, text=f"Letter {number}.")))
    officer_of(place.part, "new.officer")
    at_region.look_after()
    former = place.officer.fresh()
    with CaptureQueriesContext(connection) as asked:
        assert len(to_hand_over(former)) == 6
    assert len(asked) == 2


def test_the_list_shows_what_is_open_before_what_was_closed(place: Regional) -> None:
    cases = []
    for number in range(3):
        letter = cry(place, text=f"Letter {number}.")
        nobody_answers(Alert.objects.get(letter=letter))
        cases.append(Escalation.objects.get(letter=letter))
    for case in cases[1:]:
        escalating.take(escalation=case, by=place.officer.fresh())
        escalating.close(
            escalation=case,
            outcome="helped",
            note="Done.",
            by=place.officer.fresh(),
            keyring=place.officer.keyring(),
        )
    assert list(escalations_for(place.officer.fresh())) == [cases[0], cases[2], cases[1]]


def test_a_note_that_nobody_could_open_breaks_no_book(place: Regional) -> None:
    letter = cry(place, about=("psychologist",))
    alert = Alert.objects.get(letter=letter)
    User.objects.filter(pk=place.staffed.second.user.pk).update(public_key=b"")
    reader = place.staffed.second.fresh()
    alerting.answer(alert=alert, by=reader)
    alerting.close(alert=alert, outcome="helped", note="We went there.", by=reader)
    verify_school(place.school)
