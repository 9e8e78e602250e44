"""Looking up a letter by its code."""

import datetime

import pytest
from django.test import Client

from box.models import Letter
from tests.box.author import Author, hidden, words
from tests.factories import Person, send_letter

pytestmark = pytest.mark.django_db

CODE = "K7QX-9M2T-4HWD-PZ3A"


@pytest.fixture
def letter(keeper: Person, school: object) -> Letter:
    return send_letter(school, code=CODE)


def look_up(code: str, language: str = "en", **more: str) -> object:
    client = Client(enforce_csrf_checks=True)
    page = client.get(f"/{language}/reply/")
    return client.post(
        f"/{language}/reply/",
        {"csrfmiddlewaretoken": hidden(page, "csrfmiddlewaretoken"), "code": code, **more},
    )


@pytest.mark.parametrize("typed", [CODE, CODE.lower(), "k7qx 9m2t 4hwd pz3a", "K7QX9M2T4HWDPZ3A"])
def test_code_as_people_type_it(letter: Letter, typed: str) -> None:
    response = look_up(typed)
    assert response.status_code == 200
    assert "It is in the box" in words(response)
    assert "no-store" in response.headers["Cache-Control"]


STATES = {
    "in_box": "It is in the box",
    "taken_out": "It was taken out of the box",
    "registered": "It was read and has a number",
    "in_review": "It is being looked into",
    "answered": "It was answered",
    "closed": "The work on it is finished",
    "set_aside": "It was read and put aside",
    "at_region": "It is with somebody outside the school",
}


def test_every_state_has_its_words() -> None:
    # Of a letter withdrawn by its author the code opens no page.
    assert set(STATES) == set(Letter.State.values) - {"withdrawn"}


@pytest.mark.parametrize(("state", "says"), STATES.items())
def test_state_and_number(letter: Letter, state: str, says: str) -> None:
    taken = None if state in ("in_box", "at_region") else datetime.date(2026, 11, 20)
    number = "" if state in ("in_box", "taken_out", "set_aside", "at_region") else "17/2026"
    Letter.objects.filter(pk=letter.pk).update(state=state, taken_on=taken, number=number)
    page = words(look_up(CODE))
    assert says in page
    assert sum(other in page for other in STATES.values()) == 1
    assert ("17/2026" in page) == bool(number)
    assert ("20 November 2026" in page) == bool(taken)


def test_unknown_and_malformed_get_the_same_answer(letter: Letter) -> None:
    pages = []
    for wrong in ("K7QX-9M2T-4HWD-PZ3B", "hello-everybody-xx", "üüüü-9M2T-4HWD-PZ3A"):
        response = look_up(wrong)
        assert response.status_code == 200
        page = words(response).replace(wrong, "")
        pages.append(page.replace(hidden(response, "csrfmiddlewaretoken"), ""))
    assert "There is no letter with this code" in pages[0]
    assert pages[0] == pages[1] == pages[2]


def test_unknown_and_malformed_ask_the_same_of_the_database(
    letter: Letter, django_assert_num_queries: object
) -> None:
    look_up("what is kept for some seconds is read")
    for wrong in ("K7QX-9M2T-4HWD-PZ3B", "hello"):
        with django_assert_num_queries(1):
            look_up(wrong)


def test_code_in_an_address_is_not_read(letter: Letter) -> None:
    assert "It is in the box" not in words(Client().get(f"/en/reply/?code={CODE}"))


def test_trying_codes_is_slowed_and_the_code_kept(letter: Letter) -> None:
    for number in range(30):
        assert look_up(f"guess {number}").status_code == 200
    response = look_up(CODE)
    assert response.status_code == 429
    assert response.headers["Retry-After"] == "60"
    assert CODE in words(response)
    assert "It is in the box" not in words(response)


def test_right_codes_are_not_counted(letter: Letter) -> None:
    assert {look_up(CODE).status_code for _time in range(40)} == {200}


def test_language_switch_keeps_the_code(letter: Letter) -> None:
    response = look_up("half a co", "ky", switch="ky")
    assert 'value="half a co"' in words(response)
    assert "aria-invalid" not in words(response)
    assert response.headers["Content-Language"] == "ky"


def test_letter_of_the_form_is_found(keeper: Person) -> None:
    author = Author()
    assert "It is in the box" in words(look_up(author.code_after(author.write())))


def test_nothing_of_the_letter_is_on_the_page(keeper: Person, school: object) -> None:
    send_letter(school, code=CODE, text="unmistakable words", signed=True)
    page = words(look_up(CODE))
    assert "unmistakable" not in page
    assert "Айгүл" not in page
