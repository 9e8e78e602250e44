"""What the author and the school write to each other: who reads it, in which order, and what happens at once."""

from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
from django.db import transaction
from django.utils import translation

from box.models import Letter, Message
from box.services import messaging
from box.services.submitting import Submitted
from journal.models import Alert, TakenLetter, Trail
from journal.services import arrivals, key_keeping, verifying
from schools.errors import Refused
from schools.models import KeyGrant, Membership, School, User
from schools.services.keys import take_key
from schools.services.signing_in import open_pair, reset_password
from tests import factories
from tests.factories import Person
from tests.races import at_once
from vault.errors import NotForThisKey
from vault.receipts import author_pair, lookup_hash, new_code

pytestmark = pytest.mark.django_db(transaction=True)

CODE = "K7QX-9M2T-4HWD-PZ3A"


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def letter(school: School, keeper: Person) -> Letter:
    return factories.send_letter(school, code=CODE)


def form() -> bytes:
    """The hash of a form of its own."""
    return lookup_hash(new_code())


def write(letter: Letter, text: str = "He did it again.", **facts: Any) -> Any:
    return messaging.write_back(
        **{"letter": letter, "text": text, "danger": False, "form_hash": form(), **facts}
    )


@transaction.atomic
def answer(letter: Letter, by: Person, text: str = "Come to room 12.", **facts: Any) -> Message:
    return messaging.add_from_school(
        **{
            "letter": letter,
            "kind": Message.Kind.ANSWER,
            "text": text,
            "role": "psychologist",
            "keyring": by.keyring(),
            **facts,
        }
    )


def said(letter: Letter) -> list[tuple[str, str]]:
    turns = messaging.conversation(letter=letter, pair=author_pair(CODE))
    return [(turn.message.kind, turn.text) for turn in turns]


class TestBothSidesRead:
    def test_in_order_with_who_answers(self, letter: Letter, keeper: Person) -> None:
        write(letter, "One")
        answer(letter, keeper, "Two")
        write(letter, "Three")
        turns = messaging.conversation(letter=letter, pair=author_pair(CODE))
        assert [(turn.text, turn.role, turn.from_author) for turn in turns] == [
            ("One", "", True),
            ("Two", "psychologist", False),
            ("Three", "", True),
        ]
        assert [turn.message.position for turn in turns] == [1, 2, 3]
        texts = [row.read(keeper.keyring())["text"] for row in Message.objects.all()]
        assert texts == ["One", "Two", "Three"]

    def test_another_code_reads_nothing(self, letter: Letter, keeper: Person) -> None:
        answer(letter, keeper)
        with pytest.raises(NotForThisKey):
            messaging.conversation(letter=letter, pair=author_pair(new_code()))

    def test_the_authors_key_of_a_message_does_not_open_the_letter(
        self, letter: Letter, keeper: Person
    ) -> None:
        message = answer(letter, keeper)
        assert message.content_key(keeper.keyring()) != letter.content_key(keeper.keyring())

    def test_the_hour_alone_is_kept(self, letter: Letter, keeper: Person) -> None:
        write(letter)
        answer(letter, keeper)
        for message in Message.objects.all():
            moment = message.sent_hour
            assert (moment.minute, moment.second, moment.microsecond) == (0, 0, 0)

    def test_read_by_the_author_is_seen(self, letter: Letter, keeper: Person) -> None:
        write(letter)
        answer(letter, keeper)
        first, again = (
            messaging.conversation(letter=letter, pair=author_pair(CODE)) for _time in range(2)
        )
        assert [turn.is_new for turn in first] == [False, True]
        assert [turn.is_new for turn in again] == [False, False]
        assert list(Message.objects.values_list("kind", "seen")) == [
            ("from_author", False),
            ("answer", True),
        ]

    def test_as_many_queries_for_one_and_for_fifty(
        self, letter: Letter, keeper: Person, django_assert_num_queries: Any
    ) -> None:
        for count in (1, 49):
            for _place in range(count):
                answer(letter, keeper)
            with django_assert_num_queries(2):
                messaging.conversation(letter=letter, pair=author_pair(CODE))


class TestTheSameFormTwice:
    def test_is_one_message(self, letter: Letter) -> None:
        same = form()
        assert isinstance(write(letter, form_hash=same), Message)
        assert write(letter, form_hash=same) is Submitted.SENT_BEFORE
        assert Message.objects.count() == 1

    def test_eight_at_once_are_one_message(self, letter: Letter) -> None:
        same = form()
        results = at_once(8, lambda place: write(letter, form_hash=same))
        assert sum(isinstance(result, Message) for result in results) == 1
        assert sum(result is Submitted.SENT_BEFORE for result in results) == 7
        assert Message.objects.count() == 1


def test_a_mail_that_fails_costs_no_message(letter: Letter) -> None:
    def broken(letter: Letter) -> None:
        School.objects.filter(pk=letter.school_id).update(names={"kk": "half a state"})
        list(School.objects.raw("SELECT nothing FROM nowhere"))

    with mock.patch("journal.services.reminding.tell_author_wrote", broken):
        message = write(letter)
    assert Message.objects.get() == message
    assert said(letter) == [("from_author", "He did it again.")]
    before = letter.school.names
    letter.school.refresh_from_db()
    assert letter.school.names == before  # what the broken mail did is undone


def test_both_sides_at_once_each_have_a_place(letter: Letter, keeper: Person) -> None:
    def either(place: int) -> Message:
        if place % 2:
            return write(letter, f"author {place}", danger=place % 4 == 1)
        return answer(letter, keeper, f"school {place}")

    results = at_once(12, either)
    assert all(isinstance(result, Message) for result in results), results
    positions = Message.objects.order_by("position").values_list("position", flat=True)
    assert list(positions) == list(range(1, 13))
    assert len(said(letter)) == 12


class TestLetterAboutAReader:
    @pytest.fixture
    def other(self, school: School, keeper: Person) -> Person:
        person = factories.make_person(school, "deputy_director")
        factories.give_key(school, to=person, by=keeper)
        return person

    @pytest.fixture
    def third(self, school: School, keeper: Person) -> Person:
        person = factories.make_person(school, "social_pedagogue")
        factories.give_key(school, to=person, by=keeper)
        return person

    @pytest.fixture
    def closed(self, school: School, other: Person, third: Person) -> Letter:
        return factories.send_letter(school, code=CODE, about=["psychologist"])

    def test_messages_go_to_the_same_people(
        self, closed: Letter, keeper: Person, other: Person, third: Person
    ) -> None:
        for message in (write(closed), answer(closed, other)):
            assert set(message.personal_keys) == {str(other.user.pk), str(third.user.pk)}
            assert message.school_key_id is None
            assert message.is_withheld_from(keeper.user.pk)
            assert message.read(third.keyring())["text"]
            with pytest.raises(NotForThisKey):
                message.read(keeper.keyring())

    def test_the_one_concerned_cannot_cut_the_readers_off(
        self, school: School, closed: Letter, keeper: Person, other: Person, third: Person
    ) -> None:
        """Whom the letter is about may take the school's key from them; what they read in person stays theirs."""
        for reader in (other, third):
            take_key(school=school, holder=reader.user, by=keeper.fresh(), keyring=keeper.keyring())
        message = write(closed)
        assert set(message.personal_keys) == {str(other.user.pk), str(third.user.pk)}
        assert message.read(third.keyring())["text"]

    def test_not_to_one_who_lost_the_role_or_left(
        self, school: School, closed: Letter, other: Person, third: Person
    ) -> None:
        Membership.objects.filter(user=third.user).delete()
        assert set(write(closed).personal_keys) == {str(other.user.pk)}
        User.objects.filter(pk=other.user.pk).update(is_active=False)
        with pytest.raises(Refused, match="still here"):
            write(closed)
        assert Message.objects.count() == 1

    def test_whoever_invites_a_reader_anew_gains_nothing(
        self, school: School, closed: Letter, keeper: Person, other: Person, third: Person
    ) -> None:
        """A new password by invitation is a new pair: nothing is sealed to it before a colleague gave the key."""
        reset_password(user=third.user, new="another long password")
        pair = open_pair(user=third.user, password="another long password")
        assert set(write(closed).personal_keys) == {str(other.user.pk)}
        again = Person(user=third.user, password="another long password", pair=pair)
        factories.give_key(school, to=again, by=keeper)
        message = write(closed)
        assert message.read(again.keyring())["text"]

    def test_nobody_left_loses_nothing(
        self, school: School, closed: Letter, keeper: Person
    ) -> None:
        Membership.objects.exclude(user=keeper.user).delete()
        with pytest.raises(Refused, match="still here"):
            write(closed)
        assert not Message.objects.exists()

    def test_the_one_concerned_cannot_answer(self, closed: Letter, keeper: Person) -> None:
        with pytest.raises(Refused, match="closed to you"):
            answer(closed, keeper)
        assert not Message.objects.exists()

    def test_key_taken_while_messages_come(
        self, school: School, closed: Letter, keeper: Person, other: Person, third: Person
    ) -> None:
        """Nothing stands still, and whoever reads the letter in person reads on."""

        def act(place: int) -> Any:
            if place:
                return write(closed, f"Message {place}")
            return take_key(
                school=school, holder=third.user, by=keeper.fresh(), keyring=keeper.keyring()
            )

        results = at_once(6, act)
        assert results[0] is None
        assert all(isinstance(message, Message) for message in results[1:]), results
        readers = {str(other.user.pk), str(third.user.pk)}
        assert all(set(message.personal_keys) == readers for message in results[1:])


class TestDanger:
    @pytest.mark.parametrize("about", [(), ("psychologist",)])
    def test_calls_people_with_the_message(
        self, school: School, keeper: Person, about: tuple[str, ...]
    ) -> None:
        deputy = factories.make_person(school, "deputy_director")
        factories.give_key(school, to=deputy, by=keeper)
        letter = factories.send_letter(school, code=CODE, about=about)
        message = write(letter, danger=True)
        alert = Alert.objects.get()
        assert (alert.message, alert.letter) == (message, letter)
        assert alert.is_withheld_from(keeper.user.pk) == bool(about)
        assert verifying.verify_school(school) == []

    def test_many_cries_while_keys_change_hands(self, school: School, keeper: Person) -> None:
        """Everybody locks the book first: nobody stands in another's way for good."""
        deputy = factories.make_person(school, "deputy_director")
        factories.give_key(school, to=deputy, by=keeper)
        closed = factories.send_letter(school, about=["psychologist"])

        def act(place: int) -> Any:
            if place % 4 == 0:
                return write(closed, f"cry {place}", danger=True)
            if place % 4 == 1:
                return factories.send_letter(school, danger=True, about=["psychologist"])
            if place % 4 == 2:
                return answer(closed, deputy)
            return key_keeping.print_sheet(
                school=school, by=keeper.fresh(), keyring=keeper.keyring()
            )

        results = at_once(8, act)
        assert not [result for result in results if isinstance(result, Exception)], results


def test_nobody_holds_the_schools_key(letter: Letter) -> None:
    KeyGrant.objects.all().delete()
    with pytest.raises(Refused, match="call one of the numbers"):
        write(letter)
    assert not Message.objects.exists()


class TestInTheBook:
    def test_a_message_left_by_a_crash_is_bound_by_the_worker(
        self, letter: Letter, settings: Any
    ) -> None:
        arrivals.bind_everything()
        settings.ARRIVAL_RECORDER = "operator.abs"  # killed before it came to anything
        message = write(letter)
        assert not Message.objects.get(pk=message.pk).bound
        arrivals.bind_everything()
        assert Message.objects.get(pk=message.pk).bound
        assert Trail.objects.filter(step=Trail.Step.AUTHOR_WROTE).count() == 1

    def test_both_sides_before_and_after_the_number(self, school: School, keeper: Person) -> None:
        letter = factories.send_letter(school, code=CODE)
        write(letter, "before")
        factories.open_box(school, by=keeper)
        factories.register(TakenLetter.objects.get(), by=keeper)
        write(letter, "after")
        about = Trail.objects.filter(step=Trail.Step.AUTHOR_WROTE).values_list("about", flat=True)
        assert [name.split()[0] for name in about] == ["letter", "entry"]
        assert verifying.verify_school(school)


class TestTakenAway:
    def test_no_code_opens_it_and_nobody_reads_the_messages_as_author(
        self, letter: Letter, keeper: Person
    ) -> None:
        answer(letter, keeper)
        messaging.take_away(letter=letter)
        message = Message.objects.select_related("letter").get()
        assert message.letter.taken_away
        with pytest.raises(NotForThisKey):
            message.read_by_author(author_pair(CODE))
        assert message.read(keeper.keyring())["text"] == "Come to room 12."

    def test_nothing_is_added_any_more(self, letter: Letter, keeper: Person) -> None:
        messaging.take_away(letter=letter)
        with pytest.raises(messaging.LetterGone):
            write(letter)
        with pytest.raises(Refused, match="taken the conversation away"):
            answer(letter, keeper)

    @pytest.mark.parametrize("numbered", [False, True])
    def test_the_book_tells_it_once_with_the_hour_alone(
        self, school: School, keeper: Person, numbered: bool
    ) -> None:
        letter = factories.send_letter(school, code=CODE)
        if numbered:
            factories.open_box(school, by=keeper)
            factories.register(TakenLetter.objects.get(), by=keeper)
        for _time in range(2):
            messaging.take_away(letter=letter)
        row = Trail.objects.get(step=Trail.Step.AUTHOR_LEFT)
        assert row.about.startswith("entry" if numbered else "letter")
        assert (row.at.minute, row.at.second, row.at.microsecond) == (0, 0, 0)
        assert (row.by, row.by_name) == (None, "")
        assert Trail.objects.filter(step=Trail.Step.ARRIVED).count() == 1
        assert Letter.objects.get().bound
        verifying.verify_school(school)

    def test_before_the_arrival_is_bound(self, school: School, keeper: Person) -> None:
        """The process was killed between the letter and its row: both rows are written, in their order."""
        with mock.patch("box.services.submitting._note_arrival", return_value=lambda school: None):
            letter = factories.send_letter(school, code=CODE)
        assert not Letter.objects.get().bound
        messaging.take_away(letter=letter)
        steps = Trail.objects.filter(about__startswith="letter").order_by("position")
        assert list(steps.values_list("step", flat=True)) == [
            Trail.Step.ARRIVED,
            Trail.Step.AUTHOR_LEFT,
        ]
        verifying.verify_school(school)

    def test_cut_off_behind_the_programs_back_is_found(
        self, school: School, letter: Letter
    ) -> None:
        Letter.objects.filter(pk=letter.pk).update(taken_away=True)
        with pytest.raises(verifying.Broken, match="cut off"):
            verifying.verify_school(school)

    def test_while_both_sides_write(self, letter: Letter, keeper: Person) -> None:
        def act(place: int) -> Any:
            if place == 0:
                return messaging.take_away(letter=letter)
            return write(letter) if place % 2 else answer(letter, keeper)

        results = at_once(7, act)
        assert results[0] is None
        for result in results[1:]:
            assert isinstance(result, Message | messaging.LetterGone | Refused), result
        assert not Message.objects.exclude(author_sealed_key=b"").exists()
