"""The page of a letter: what became of it, writing back, taking it away. Everything by POST, nothing typed is lost."""

import datetime
from typing import Any
from unittest import mock

import pytest
from django.db import OperationalError, transaction
from django.http import HttpResponse
from django.test import Client

from box import limits
from box.models import Letter, Message
from box.services import messaging
from journal.models import Alert
from schools.models import KeyGrant, School
from tests import factories
from tests.box.author import hidden, words
from tests.factories import Person
from tests.races import at_once
from vault.errors import NotForThisKey
from vault.receipts import author_pair

pytestmark = pytest.mark.django_db(transaction=True)

CODE = "M4RX-7K2T-5HWD-QZ8A"
TEXT = "He did it again today. I am afraid to go to school."


@pytest.fixture
def letter(school: School, keeper: Person) -> Letter:
    return factories.send_letter(school, code=CODE)


class Reader:
    """A browser at the reply page. ``form`` is what the form on the screen carries."""

    def __init__(self, language: str = "en", code: str = CODE) -> None:
        self.client, self.language = Client(enforce_csrf_checks=True), language
        page = self.client.get(self.address())
        self.form = {"csrfmiddlewaretoken": hidden(page, "csrfmiddlewaretoken"), "code": code}

    def address(self, language: str = "") -> str:
        return f"/{language or self.language}/reply/"

    def press(self, do: str = "look", *, language: str = "", **typed: Any) -> HttpResponse:
        data = {**self.form, **({"do": do} if do else {}), **typed}
        response = self.client.post(self.address(language), data)
        for name in ("csrfmiddlewaretoken", "token", "page"):
            if f'name="{name}" value="' in response.content.decode():
                self.form[name] = hidden(response, name)
        return response

    def write(self, text: str = TEXT, **typed: Any) -> HttpResponse:
        """Open the letter and write back."""
        self.press()
        return self.press("write", text=text, **typed)


def answer(letter: Letter, by: Person, text: str, kind: str = "answer") -> Message:
    with transaction.atomic():
        return messaging.add_from_school(
            letter=letter, kind=kind, text=text, role="psychologist", keyring=by.keyring()
        )


def texts() -> list[str]:
    rows = Message.objects.select_related("letter").order_by("position")
    return [row.read_by_author(author_pair(CODE))["text"] for row in rows]


class TestWritingBack:
    def test_is_stored_and_stands_on_the_page(self, letter: Letter) -> None:
        response = Reader().write()
        assert response.status_code == 200
        assert "Your message is sent." in words(response)
        assert words(response).count(TEXT) == 1
        assert texts() == [TEXT]
        assert "no-store" in response.headers["Cache-Control"]

    def test_page_loaded_anew_sends_nothing_twice(self, letter: Letter) -> None:
        reader = Reader()
        reader.press()
        form = dict(reader.form)
        for _time in range(3):
            reader.form = dict(form)
            page = reader.press("write", text=TEXT)
            assert "Your message is sent." in words(page)
            assert words(page).count(TEXT) == 1
        assert texts() == [TEXT]

    def test_eight_clicks_at_once_are_one_message(self, letter: Letter) -> None:
        reader = Reader()
        reader.press()
        cookie = reader.client.cookies["csrftoken"].value

        def click(_place: int) -> int:
            client = Client(enforce_csrf_checks=True)
            client.cookies["csrftoken"] = cookie
            data = {**reader.form, "do": "write", "text": TEXT}
            return client.post(reader.address(), data).status_code

        assert at_once(8, click) == [200] * 8
        assert texts() == [TEXT]

    def test_the_next_message_is_another_form(self, letter: Letter) -> None:
        reader = Reader()
        reader.write("One and the same")
        reader.press("write", text="One and the same")
        assert texts() == ["One and the same"] * 2

    def test_both_sides_stand_in_order(self, letter: Letter, keeper: Person) -> None:
        reader = Reader()
        reader.write("First of mine")
        answer(letter, keeper, "Come to <b>room 12</b>\nafter lessons")
        page = words(reader.press())
        assert page.index("First of mine") < page.index("Come to")
        assert "<b>room 12</b>" in page
        assert b"<b>room 12" not in reader.press().content
        assert "<b>Psychologist</b>" in page
        assert page.count('class="mark">New') == 1
        assert 'class="mark">New' not in words(reader.press())

    def test_danger_raises_the_alert_and_shows_whom_to_call(self, letter: Letter) -> None:
        page = words(Reader().write(danger="on"))
        assert Alert.objects.get().message == Message.objects.get()
        assert "You wrote that somebody is in danger" in page
        for number in ("111", "112", "150"):
            assert f'href="tel:{number}"' in page


class TestNothingTypedIsLost:
    @pytest.mark.parametrize(
        ("typed", "says"),
        [
            ({"text": ""}, "The message is still empty"),
            ({"text": "x" * 10_001}, "longer than 10,000"),
            ({"text": f"{TEXT} {CODE}"}, "There seems to be a code in your text"),
            ({"text": TEXT, "website": "http://x"}, "press “Send the message” once more"),
            ({"text": TEXT, "token": "x"}, "press “Send the message” once more"),
        ],
    )
    def test_refused_form(self, letter: Letter, typed: dict[str, str], says: str) -> None:
        reader = Reader()
        reader.press()
        page = words(reader.press("write", danger="on", **typed))
        assert says in page
        assert typed["text"] in page
        assert "checked" in page
        assert not Message.objects.exists()
        assert not Alert.objects.exists()

    def test_sent_once_more_after_a_refusal(self, letter: Letter) -> None:
        reader = Reader()
        reader.write(token="x")
        assert "Your message is sent." in words(reader.press("write", text=TEXT))
        assert texts() == [TEXT]

    def test_nobody_can_open_it(self, letter: Letter) -> None:
        reader = Reader()
        KeyGrant.objects.all().delete()
        page = words(reader.write())
        assert "it was not sent" in page
        assert TEXT in page
        assert not Message.objects.exists()

    def test_database_that_stands_still(
        self, letter: Letter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        reader = Reader()
        reader.press()

        def fail(*args: object, **facts: object) -> None:
            raise OperationalError("database is locked")

        with monkeypatch.context() as broken:
            broken.setattr(messaging, "_write_back", fail)
            response = reader.press("write", text=TEXT, danger="on")
        page = words(response)
        assert response.status_code == 503
        assert "What you typed is still here." in page
        assert TEXT in page
        assert CODE in page
        assert "locked" not in page
        assert not Message.objects.exists()
        # Pressed again it opens the letter, with the message in its form, and that one is sent.
        page = words(reader.press("", text=TEXT, danger="on"))
        assert TEXT in page
        assert "checked" in page
        reader.press("write", text=TEXT, danger="on")
        assert texts() == [TEXT]
        assert Alert.objects.count() == 1

    def test_too_many_letters(self, letter: Letter, settings: Any) -> None:
        settings.LETTERS_AT_ONCE = 1
        reader = Reader()
        reader.write("One")
        response = reader.press("write", text=TEXT)
        assert (response.status_code, response.headers["Retry-After"]) == (429, "60")
        assert TEXT in words(response)
        assert texts() == ["One"]

    def test_too_many_wrong_codes_from_this_school(self, letter: Letter) -> None:
        reader = Reader()
        reader.press()
        while limits.wrong_codes.take(
            limits.sender_of(mock.Mock(META={"REMOTE_ADDR": "127.0.0.1"}))
        ):
            pass
        response = reader.press("write", text=TEXT)
        assert response.status_code == 429
        assert TEXT in words(response)
        assert CODE in words(response)
        limits.wrong_codes.forget()
        assert TEXT in words(reader.press("", text=TEXT))
        assert not Message.objects.exists()

    def test_forged_form(self, letter: Letter) -> None:
        reader = Reader()
        reader.press()
        reader.form["csrfmiddlewaretoken"] = "x" * 64
        response = reader.press("write", text=TEXT, danger="on")
        assert response.status_code == 403
        assert hidden(response, "danger") == "on"
        assert TEXT in words(response)
        assert 'h2 id="state"' not in words(response)
        page = words(reader.press("", text=TEXT, danger="on"))
        assert TEXT in page
        assert 'id="state"' in page

    def test_language_switch(self, letter: Letter) -> None:
        reader = Reader()
        reader.press()
        response = reader.press("", language="ky", switch="ky", text=TEXT, danger="on")
        assert response.headers["Content-Language"] == "ky"
        page = words(response)
        assert TEXT in page
        assert "checked" in page
        assert 'id="state"' in page
        assert "aria-invalid" not in page
        assert not Message.objects.exists()

    def test_looking_for_new_messages(self, letter: Letter) -> None:
        reader = Reader()
        reader.press()
        assert TEXT in words(reader.press(text=TEXT))


class TestWhenSomethingIsDue:
    @pytest.mark.parametrize("state", ["registered", "in_review"])
    def test_in_time_and_too_late(self, letter: Letter, school: School, state: str) -> None:
        for days, says in ((0, "has to answer by"), (5, "has to answer by"), (-1, "it is late")):
            due = school.today() + datetime.timedelta(days=days)
            Letter.objects.filter(pk=letter.pk).update(
                state=state, taken_on=school.today(), number="17", due_on=due
            )
            page = words(Reader().press())
            assert says in page
            assert f"{due.day} {due:%B} {due.year}" in page
            assert ("This is not your fault" in page) == (days < 0)

    @pytest.mark.parametrize("state", ["answered", "closed", "set_aside"])
    def test_nothing_is_due_any_more(self, letter: Letter, school: School, state: str) -> None:
        Letter.objects.filter(pk=letter.pk).update(
            state=state, taken_on=school.today(), due_on=school.today()
        )
        page = words(Reader().press())
        assert "answer by" not in page
        assert 'name="text"' in page


class TestTakingItAway:
    def test_taken_away_from_another_window_in_the_same_moment(
        self, letter: Letter, keeper: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        answer(letter, keeper, "Come to room 12.")
        read = messaging.conversation

        def taken_away_before(**facts: Any) -> Any:
            messaging.take_away(letter=letter)
            return read(**facts)

        monkeypatch.setattr(messaging, "conversation", taken_away_before)
        response = Reader().press()
        assert response.status_code == 200
        assert "There is no letter with this code" in words(response)
        assert "Come to room 12." not in words(response)

    def test_asked_first(self, letter: Letter) -> None:
        reader = Reader()
        reader.press()
        page = words(reader.press("leave", text=TEXT))
        assert "the letter stays in the box and is read" in page
        assert TEXT in page
        assert not Letter.objects.get().taken_away
        assert TEXT in words(reader.press("look", text=TEXT))

    def test_taken_away_is_an_unknown_code(self, letter: Letter, keeper: Person) -> None:
        answer(letter, keeper, "Come to room 12")
        reader = Reader()
        reader.press()
        reader.press("leave")
        page = words(reader.press("left"))
        assert "It is taken away" in page
        assert CODE not in page
        assert Letter.objects.get().taken_away
        with pytest.raises(NotForThisKey):
            Message.objects.select_related("letter").get().read_by_author(author_pair(CODE))
        pages = []
        for code in (CODE, "0000-0000-0000-0000"):
            reader.form["code"] = code
            again = words(reader.press("left")).replace(code, "")
            pages.append(again.replace(reader.form["csrfmiddlewaretoken"], ""))
        assert "There is no letter with this code" in pages[0]
        assert pages[0] == pages[1]

    def test_another_page_still_open_says_so_and_keeps_the_words(self, letter: Letter) -> None:
        reader, other = Reader(), Reader()
        reader.press()
        other.press("left")
        page = words(reader.press("write", text=TEXT))
        assert "There is no letter with this code" in page
        assert TEXT in page

    def test_taken_away_while_a_message_was_on_its_way(self, letter: Letter) -> None:
        reader = Reader()
        reader.press()
        found = messaging._locked

        def late(row: Letter) -> Letter:
            Letter.objects.filter(pk=row.pk).update(taken_away=True)
            return found(row)

        with mock.patch("box.services.messaging._locked", late):
            page = words(reader.press("write", text=TEXT))
        assert "There is no letter with this code" in page
        assert TEXT in page
        assert not Message.objects.exists()

    def test_language_switch_asks_again_and_takes_nothing(self, letter: Letter) -> None:
        reader = Reader()
        reader.press()
        reader.press("leave")
        page = reader.press("", language="ru", switch="ru")
        assert 'value="left"' in words(page)
        assert not Letter.objects.get().taken_away

    def test_no_address_takes_it_away(self, letter: Letter) -> None:
        Client().get(f"/en/reply/?code={CODE}&do=left")
        assert not Letter.objects.get().taken_away


class TestQueries:
    def test_as_many_for_one_message_and_for_fifty(
        self, letter: Letter, keeper: Person, django_assert_num_queries: Any
    ) -> None:
        reader = Reader()
        for count in (1, 49):
            for place in range(count):
                answer(letter, keeper, f"Message {place}")
            reader.press()
            with django_assert_num_queries(2):
                reader.press()


def test_no_code_in_an_address_or_a_title(letter: Letter) -> None:
    for do in ("look", "leave"):
        page = words(Reader().press(do))
        for part in page.split('="')[1:]:
            value = part.split('"')[0]
            assert CODE not in value or value == CODE
        assert CODE not in page.split("<title>")[1].split("</title>")[0]
        assert page.count(CODE) == 1
