"""An author erases a letter that nothing obliges the school to keep; what the law asks for stays, as the page says."""

import pytest
from django.core.files.storage import default_storage
from django.db import connection, transaction

from box.models import Attachment, Letter
from box.services import messaging, withdrawing
from box.services.withdrawing import can_be_erased
from journal.bound import unbind
from journal.models import Opening, TakenLetter, Trail
from journal.services.trail import lock_book
from journal.services.verifying import Broken, verify_files, verify_school
from schools.errors import Refused
from schools.models import School
from tests import factories
from tests.box.author import words
from tests.box.files.samples import picture
from tests.box.test_conversation import CODE, Reader
from tests.factories import Person
from tests.journal.keeping.case import LONG_AGO, NOW, at, closed_entry, destroyed, put_aside
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def letter(school: School, keeper: Person) -> Letter:
    return factories.send_letter(school, code=CODE, files=[picture("JPEG")])


def erased_by(reader: Reader) -> str:
    reader.press()
    asked = words(reader.press("leave"))
    assert "Take it away and erase the letter" in asked
    return words(reader.press("erase"))


def test_a_letter_that_nobody_has_read_is_gone_with_its_files(
    school: School, keeper: Person, letter: Letter
) -> None:
    file = Attachment.objects.get()
    assert default_storage.exists(file.stored_as)
    assert "Your letter is erased" in erased_by(Reader())

    letter = Letter.objects.get()
    assert letter.state == Letter.State.WITHDRAWN
    assert letter.read_or_none(keeper.keyring()) is None
    assert Attachment.objects.get().read_or_none(keeper.keyring()) is None
    assert not default_storage.exists(file.stored_as)
    assert "There is no letter with this code" in words(Reader().press())
    opening = factories.open_box(school, by=keeper)
    assert opening.web_count == 0 and not TakenLetter.objects.exists()
    row = Trail.objects.get(step=Trail.Step.AUTHOR_LEFT)
    assert row.facts == {"erased": True} and row.by is None and row.at.minute == 0
    verify_school(school)
    assert verify_files(school) == 0


def test_a_letter_set_aside_too(school: School, keeper: Person) -> None:
    taken = put_aside(school, by=keeper, code=CODE)
    assert "Your letter is erased" in erased_by(Reader())
    taken.refresh_from_db()
    assert taken.destroyed_on == school.today() and taken.set_aside_as
    assert taken.read_or_none(keeper.keyring()) is None
    assert taken.letter.state == Letter.State.SET_ASIDE
    with transaction.atomic():
        lock_book(school)
    verify_school(school)
    page = factories.signed_in_client(keeper).get(
        f"/admin/journal/opening/{taken.opening_id}/change/"
    )
    assert "erased by its author" in page.content.decode()


class TestStays:
    """Where the law asks for it."""

    def refused(self, letter: Letter) -> None:
        letter = Letter.objects.get(pk=letter.pk)
        assert not can_be_erased(letter)
        reader = Reader()
        reader.press()
        page = words(reader.press("leave"))
        assert "erase the letter" not in page
        assert "5 years after the work is finished" in page
        assert "it cannot be erased" in words(reader.press("erase"))
        assert not Letter.objects.get(pk=letter.pk).opens_to_nobody

    def test_a_letter_with_a_number(self, school: School, keeper: Person) -> None:
        self.refused(factories.registered_entry(school, by=keeper, code=CODE).letter)

    def test_a_letter_taken_out(self, school: School, keeper: Person, letter: Letter) -> None:
        factories.open_box(school, by=keeper)
        self.refused(letter)

    def test_a_cry_for_help(self, school: School, keeper: Person) -> None:
        self.refused(factories.send_letter(school, code=CODE, danger=True))

    def test_a_letter_followed_by_a_cry_for_help(self, letter: Letter) -> None:
        Reader().write(danger="on")
        self.refused(letter)


def test_opened_and_erased_at_once_it_is_one_of_both(
    school: School, keeper: Person, letter: Letter
) -> None:
    def take_out() -> str:
        factories.open_box(school, by=keeper)
        return "opened"

    def erase() -> str:
        try:
            withdrawing.erase(letter=Letter.objects.get(pk=letter.pk))
        except Refused:
            return "refused"
        return "erased"

    acts = (take_out, erase)
    done = at_once(2, lambda place: acts[place]())
    assert set(done) <= {"opened", "erased", "refused"}
    letter = Letter.objects.get()
    if "erased" in done:
        assert letter.opens_to_nobody and not TakenLetter.objects.exists()
        assert Opening.objects.get().web_count == 0
    else:
        assert not letter.opens_to_nobody and TakenLetter.objects.count() == 1
    verify_school(school)


def test_erased_behind_the_program_s_back_is_found(school: School, letter: Letter) -> None:
    with transaction.atomic():
        lock_book(school)
    unbind(connection)
    Letter.objects.update(sealed_key=b"", taken_away=True, state=Letter.State.WITHDRAWN)
    with pytest.raises(Broken):
        verify_school(school)


def test_a_destroyed_letter_says_so_to_its_author_and_takes_no_message(
    school: School, keeper: Person
) -> None:
    with at(LONG_AGO):
        entry = closed_entry(school, by=keeper, code=CODE)
    reader = Reader()
    reader.press()
    deputy = factories.make_person(school, "deputy_director")
    with at(NOW):
        destroyed(school, by=keeper, approver=deputy)
    page = words(reader.press("write", text="Are you there?"))
    assert "It is not kept any more" in page and f"<b>{entry.number}</b>" in page
    with pytest.raises(messaging.LetterGone):
        messaging.write_back(
            letter=Letter.objects.get(),
            text="Once more.",
            danger=False,
            form_hash=bytes(32),
        )
