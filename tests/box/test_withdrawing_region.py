"""What the author of a letter that went to the region alone may erase, and until when: as the page says."""

from unittest import mock

import pytest
from django.core.files.storage import default_storage
from django.db import transaction

from box.models import Attachment, Letter
from box.services import messaging, withdrawing
from box.services.withdrawing import can_be_erased
from journal.models import Escalation, Trail
from journal.services import at_region, escalating
from journal.services.keeping_cases import destroy_case
from journal.services.trail import lock_book
from journal.services.verifying import verify_files, verify_school
from schools.errors import Conflict, Refused
from schools.models import Mail
from tests import factories
from tests.box.author import words
from tests.box.files.samples import picture
from tests.box.test_conversation import CODE, Reader
from tests.journal.keeping.case import LONG_AGO, NOW, at
from tests.journal.region.kept import closed_case, letter_for_region
from tests.journal.region.regional import EVERYBODY, Regional, officer_of, regional_school
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place() -> Regional:
    return regional_school(keep_years=5)


@pytest.fixture
def case(place: Regional) -> Escalation:
    return letter_for_region(place, code=CODE, files=[picture("JPEG")])


def test_nobody_has_taken_it_in_hand_and_it_is_gone(place: Regional, case: Escalation) -> None:
    # Reading it is not taking it in hand.
    escalating.note_read(escalation=case, by=place.officer.fresh())
    file = Attachment.objects.get()
    reader = Reader()
    assert "Nobody has begun to deal with it yet." in words(reader.press())
    asked = words(reader.press("leave"))
    assert "Nobody has begun to deal with your letter yet. You can erase it too" in asked
    assert "the person outside the school keeps the letter and reads it" in asked
    assert (
        "The school" not in asked.partition("Take this conversation away?")[2].partition("<form")[0]
    )
    assert "Your letter is erased" in words(reader.press("erase"))

    letter = Letter.objects.get()
    assert letter.state == Letter.State.WITHDRAWN and letter.opens_to_nobody
    assert not default_storage.exists(file.stored_as)
    assert "There is no letter with this code" in words(Reader().press())
    case.refresh_from_db()
    assert case.outcome == "withdrawn" and case.closed_at.minute == 0
    assert not Mail.objects.filter(kind=Mail.Kind.ESCALATED, state=Mail.State.WAITING).exists()
    with transaction.atomic():
        lock_book(place.school)
    row = Trail.objects.get(step=Trail.Step.AUTHOR_LEFT)
    assert row.facts == {"erased": True} and row.by is None and row.at.minute == 0
    verify_school(place.school)
    assert verify_files(place.school) == 0


def test_afterwards_nobody_is_called_to_it(place: Regional, case: Escalation) -> None:
    withdrawing.erase(letter=Letter.objects.get())
    Mail.objects.all().delete()
    officer_of(place.part, "new.officer")
    assert at_region.look_after() == 0
    assert not Mail.objects.exists()
    with pytest.raises(Conflict):
        escalating.take(escalation=case, by=place.officer.fresh())
    case.refresh_from_db()
    assert case.officer == place.officer.user and case.taken_at is None


def test_erased_before_it_was_passed_on_it_is_passed_on_to_nobody(place: Regional) -> None:
    with mock.patch.object(at_region, "reach_with_letter", side_effect=RuntimeError):
        letter = factories.send_letter(place.school, about=EVERYBODY, code=CODE)
    withdrawing.erase(letter=letter)
    assert at_region.reach_with_letter(letter.pk) is None and at_region.look_after() == 0
    assert not Escalation.objects.exists()


class TestStays:
    """As the page says, with how long."""

    def refused(self) -> None:
        assert not can_be_erased(Letter.objects.get())
        reader = Reader()
        reader.press()
        asked = words(reader.press("leave"))
        assert "erase the letter" not in asked and "in its journal" not in asked
        assert "it was taken in hand there, or it says that somebody is in danger" in asked
        assert "5 years after the work is finished" in asked
        assert "it cannot be erased" in words(reader.press("erase"))
        assert not Letter.objects.get().opens_to_nobody

    def test_what_is_in_hand(self, place: Regional, case: Escalation) -> None:
        escalating.take(escalation=case, by=place.officer.fresh())
        self.refused()

    def test_what_was_in_hand_of_somebody_before(self, place: Regional, case: Escalation) -> None:
        escalating.take(escalation=case, by=place.officer.fresh())
        officer_of(place.part, "new.officer")
        at_region.look_after()
        case.refresh_from_db()
        assert case.waits
        self.refused()

    def test_what_is_closed(self, place: Regional) -> None:
        closed_case(place, code=CODE)
        self.refused()

    def test_a_cry_for_help_that_nobody_answered(self, place: Regional) -> None:
        letter_for_region(place, code=CODE, danger=True)
        self.refused()

    def test_a_letter_followed_by_a_cry_for_help(self, case: Escalation) -> None:
        messaging.write_back(
            letter=Letter.objects.get(), text="Help.", danger=True, form_hash=bytes(32)
        )
        self.refused()


def test_the_conversation_can_be_taken_away_all_the_same(place: Regional) -> None:
    case = closed_case(place, code=CODE)
    reader = Reader()
    reader.press()
    reader.press("leave")
    assert "It is taken away" in words(reader.press("left"))
    letter = Letter.objects.get()
    assert letter.taken_away and letter.read(place.officer.keyring())
    assert case.pk == letter.escalation.pk


def test_destroyed_after_its_years_it_says_so_to_its_author(place: Regional) -> None:
    with at(LONG_AGO):
        closed_case(other := regional_school("school-2", keep_years=5), code=CODE)
    reader = Reader()
    reader.press()
    with at(NOW):
        destroy_case(escalation=Escalation.objects.get(), by=other.officer.fresh())
        page = words(reader.press("write", text="Are you there?"))
    assert "It is not kept any more" in page
    assert "The time for which letters are kept is over" in page
    assert "Taken out of the box" not in page


def test_taken_in_hand_and_erased_at_once_it_is_one_of_both(
    place: Regional, case: Escalation
) -> None:
    def take() -> str:
        escalating.take(escalation=case, by=place.officer.fresh())
        return "taken"

    def erase() -> str:
        withdrawing.erase(letter=Letter.objects.get())
        return "erased"

    acts = (take, erase)
    done = at_once(2, lambda number: acts[number]())
    letter, now = Letter.objects.get(), Escalation.objects.get()
    if done[0] == "taken":
        assert isinstance(done[1], Refused) and not letter.opens_to_nobody and now.taken_at
    else:
        assert isinstance(done[0], Conflict) and done[1] == "erased"
        assert letter.opens_to_nobody and now.outcome == "withdrawn" and now.taken_at is None
    with transaction.atomic():
        lock_book(place.school)
    verify_school(place.school)
