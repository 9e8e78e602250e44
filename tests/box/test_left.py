"""A school that has left: its pages say where its box is now and what helps at once, and take nothing."""

import datetime
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from box.models import Letter, Message
from box.selectors import forget_boxes
from box.services import messaging
from box.services.submitting import NotStored
from schools.errors import Refused
from schools.models import School
from tests import factories
from tests.box.author import LETTER, Author, words
from tests.box.test_conversation import CODE, TEXT, Reader
from tests.factories import Person
from vault.receipts import author_pair

pytestmark = pytest.mark.django_db(transaction=True)

NEW = "https://box.school1.kz/kk/school-1/"
LANGUAGES = ["kk", "ru", "ky", "en"]
NOTHING_WRITTEN = "The school has left with its trust box: nothing is written to this letter here."
SAID = "The trust box of this school is somewhere else now."


@pytest.fixture
def letter(school: School, keeper: Person) -> Letter:
    return factories.send_letter(school, code=CODE)


def leave(school: School, address: str = NEW) -> None:
    School.objects.filter(pk=school.pk).update(
        left_on=datetime.date(2026, 11, 2), new_address=address
    )
    forget_boxes()


def said_in(language: str, sentence: str) -> str:
    with translation.override(language):
        return gettext(sentence)


def helps(page: str) -> bool:
    return all(f'"tel:{number}"' in page for number in ("111", "112", "150"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", ["", "write/"])
def test_the_page_says_where_the_box_is(
    school: School, keeper: Person, language: str, page: str
) -> None:
    leave(school)
    answer = Client().get(f"/{language}/school-1/{page}")
    text = words(answer)
    assert answer.status_code == 200
    assert said_in(language, SAID) in text
    assert f'<a href="{NEW}"' in text
    assert helps(text)
    assert "<form" not in text and "/write/" not in text
    other = next(one for one in LANGUAGES if one != language)
    assert f'href="/{other}/school-1/"' in text


def test_without_an_address_the_school_is_asked(school: School, keeper: Person) -> None:
    School.objects.filter(pk=school.pk).update(phone="8 7272 11 22 33", site="https://school1.kz/")
    leave(school, "")
    text = words(Client().get("/en/school-1/"))
    assert "We do not know its new address." in text
    assert "8 7272 11 22 33" in text and "https://school1.kz/" in text
    assert helps(text)


@pytest.mark.parametrize("way", ["embed", "kiosk"])
def test_so_do_the_other_ways_to_the_form(school: School, keeper: Person, way: str) -> None:
    leave(school)
    text = words(Client().get(f"/en/school-1/{way}/"))
    assert SAID in text and NEW in text
    assert 'name="text"' not in text
    # At a computer that everybody uses nothing leads away from the page.
    assert (f'<a href="{NEW}"' in text) is (way == "embed")


@pytest.mark.parametrize("page", ["regulation/", "regulation.pdf", "poster.pdf", "cards.pdf"])
def test_no_paper_leads_here_any_more(school: School, keeper: Person, page: str) -> None:
    leave(school)
    assert Client().get(f"/en/school-1/{page}").status_code == 404


def test_who_was_writing_keeps_the_words(school: School, keeper: Person) -> None:
    author = Author()
    author.look()
    leave(school)
    answer = author.write()
    assert answer.status_code == 409
    assert SAID in words(answer) and LETTER["text"] in words(answer)
    assert not Letter.objects.exists()


def test_nothing_is_stored_by_whoever_still_thinks_it_open(school: School, keeper: Person) -> None:
    author = Author()
    author.look()
    # Another process closed the box: this one remembers for some seconds how it was.
    School.objects.update(left_on=datetime.date(2026, 11, 2), new_address=NEW)
    answer = author.write()
    assert SAID in words(answer) and LETTER["text"] in words(answer)
    for danger, about in ((False, ()), (True, ()), (False, ("director",))):
        with pytest.raises(NotStored):
            factories.send_letter(school, danger=danger, about=about)
    assert not Letter.objects.exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_code_of_an_older_letter_says_where_to_ask(
    school: School, letter: Letter, language: str
) -> None:
    leave(school)
    text = words(Reader(language).press())
    assert said_in(language, SAID) in text
    said = "Did you write here before? Your letter and its answers have moved along. Type the same code there."
    assert said_in(language, said) in text
    assert f'<a href="{NEW}"' in text
    assert helps(text)
    assert 'name="text"' not in text
    assert factories.TEXT not in text


def test_the_language_is_changed_on_that_page_too(school: School, letter: Letter) -> None:
    leave(school)
    reader = Reader("en")
    reader.press()
    answer = reader.press("", language="ru", switch="ru")
    assert said_in("ru", SAID) in words(answer)


@pytest.mark.parametrize("do", ["write", "leave", "erase", "leave_for_good"])
def test_nothing_is_done_to_it_here(school: School, letter: Letter, do: str) -> None:
    reader = Reader()
    reader.press()
    leave(school)
    before = Letter.objects.values().get()
    assert SAID in words(reader.press(do, text=TEXT))
    assert Letter.objects.values().get() == before
    assert not Message.objects.exists()


def test_no_message_comes_to_it_from_either_side(
    school: School, letter: Letter, keeper: Person
) -> None:
    keyring = keeper.keyring()  # read before: now it would open nothing
    leave(school)
    assert not keeper.keyring().schools
    written: dict[str, Any] = {"letter": letter, "text": TEXT}
    with pytest.raises(Refused, match=said_in("ru", NOTHING_WRITTEN)):
        messaging.write_back(**written, danger=False, form_hash=b"1" * 32)
    with pytest.raises(Refused, match=said_in("ru", NOTHING_WRITTEN)), transaction.atomic():
        messaging.add_from_school(**written, kind="answer", role="psychologist", keyring=keyring)
    assert not Message.objects.exists()


def test_what_lies_with_the_region_goes_on_here(school: School, letter: Letter) -> None:
    Letter.objects.update(state=Letter.State.AT_REGION)
    leave(school)
    assert SAID not in words(Reader().write())
    turns = messaging.conversation(letter=Letter.objects.get(), pair=author_pair(CODE))
    assert [turn.text for turn in turns] == [TEXT]


def test_other_schools_are_as_before(school: School, keeper: Person) -> None:
    leave(school)
    other = factories.make_school("school-2")
    factories.make_person(other, "psychologist", with_key=True)
    assert Author("school-2").write().status_code == 303


def test_a_school_that_came_back_is_open_again(school: School, keeper: Person) -> None:
    leave(school)
    School.objects.update(left_on=None)
    forget_boxes()
    assert Author().write().status_code == 303
