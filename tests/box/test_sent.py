"""One form is one letter, and its code is shown once."""

import datetime

import pytest
import time_machine
from django.test import Client

from box.models import Letter
from schools.models import Category, School
from tests.box.author import LETTER, Author, code_on, hidden, words
from tests.factories import Person, make_person, make_school
from tests.races import at_once
from vault.receipts import lookup_hash

pytestmark = pytest.mark.django_db(transaction=True)


def test_code_opens_the_letter_and_is_shown_once(keeper: Person) -> None:
    author = Author()
    response = author.write()
    first = author.client.get(response.headers["Location"])
    code = code_on(first)
    assert bytes(Letter.objects.get().receipt_hash) == lookup_hash(code)
    assert code not in response.headers["Location"]
    for number in ("111", "112", "150"):
        assert f'href="tel:{number}"' in words(first)
    again = author.client.get(response.headers["Location"])
    assert code_on(again) is None
    assert code not in words(again)
    assert "shown only once" in words(again)


def test_double_click_is_one_letter_and_one_code(keeper: Person) -> None:
    author = Author()
    author.look()
    answers = [author.press(), author.press()]
    assert {answer.status_code for answer in answers} == {303}
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert Letter.objects.count() == 1
    assert author.code_after(answers[1])


def test_first_answer_lost_after_the_code_was_taken(keeper: Person) -> None:
    author = Author()
    author.look()
    code = author.code_after(author.press())
    assert author.code_after(author.press()) == code
    assert Letter.objects.count() == 1


def test_resend_much_later_shows_no_code(keeper: Person) -> None:
    author = Author()
    author.look()
    code = author.code_after(author.press())
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=2)):
        answer = author.press()
        assert answer.status_code == 303
        page = author.client.get(answer.headers["Location"])
    assert code_on(page) is None
    assert code not in words(page)
    assert Letter.objects.count() == 1


def test_other_words_in_the_same_form_are_another_letter(keeper: Person) -> None:
    author = Author()
    author.look()
    first = author.code_after(author.press())
    second = author.code_after(author.press(text="Something quite different happened."))
    assert first != second
    assert Letter.objects.count() == 2


def test_eight_clicks_at_once_are_one_letter(keeper: Person) -> None:
    author = Author()
    author.look()
    cookie = author.client.cookies["csrftoken"].value

    def click(_place: int) -> tuple[int, str]:
        client = Client(enforce_csrf_checks=True)
        client.cookies["csrftoken"] = cookie
        answer = client.post(author.address(), {**author.form, **LETTER})
        return answer.status_code, answer.headers.get("Location", "")

    answers = at_once(8, click)
    assert len(set(answers)) == 1
    assert answers[0][0] == 303
    assert Letter.objects.count() == 1


def test_of_eight_who_ask_at_once_one_sees_the_code(keeper: Person) -> None:
    author = Author()
    address = author.write().headers["Location"]
    cookie = author.client.cookies["csrftoken"].value

    def ask(_place: int) -> str | None:
        client = Client()
        client.cookies["csrftoken"] = cookie
        return code_on(client.get(address))

    codes = at_once(8, ask)
    assert len([code for code in codes if code]) == 1
    assert all(code is None or isinstance(code, str) for code in codes)


def test_sixteen_authors_at_once(keeper: Person) -> None:
    def write(place: int) -> str | None:
        author = Author()
        return author.code_after(author.write(text=f"Letter number {place} of sixteen"))

    codes = at_once(16, write)
    assert len({code for code in codes if isinstance(code, str)}) == 16
    assert Letter.objects.count() == 16


def test_address_alone_shows_nothing(keeper: Person) -> None:
    author = Author()
    address = author.write().headers["Location"]
    assert code_on(Client().get(address)) is None
    somebody = Author()
    somebody.look()
    assert code_on(somebody.client.get(address)) is None
    assert not Letter.objects.get().receipt_shown
    assert code_on(author.client.get(address))


@pytest.mark.parametrize("mark", ["", "x", "A" * 22, "A" * 500, "é", "%00", "===="])
def test_invented_mark(keeper: Person, mark: str) -> None:
    author = Author()
    author.look()
    response = author.client.get(f"/en/school-1/sent/?f={mark}")
    assert response.status_code == 200
    assert code_on(response) is None


def test_head_uses_nothing_up(keeper: Person) -> None:
    author = Author()
    address = author.write().headers["Location"]
    author.client.head(address)
    assert code_on(author.client.get(address))


def test_another_school_shows_nothing(keeper: Person) -> None:
    make_person(make_school("school-2"), "psychologist", username="other", with_key=True)
    author = Author()
    address = author.write().headers["Location"].replace("school-1", "school-2")
    assert code_on(author.client.get(address)) is None


class TestOtherLanguage:
    def test_code_moves_to_the_other_language(self, keeper: Person) -> None:
        author = Author()
        page = author.client.get(author.write().headers["Location"])
        sent = {name: hidden(page, name) for name in ("csrfmiddlewaretoken", "f", "code")}
        answer = author.client.post("/ru/school-1/sent/", {**sent, "switch": "ru"})
        assert answer.status_code == 303
        moved = author.client.get(answer.headers["Location"])
        assert moved.headers["Content-Language"] == "ru"
        assert code_on(moved) == code_on(page)
        assert code_on(author.client.get(answer.headers["Location"])) is None

    def test_without_the_code_it_stays_hidden(self, keeper: Person) -> None:
        author = Author()
        page = author.client.get(author.write().headers["Location"])
        sent = {name: hidden(page, name) for name in ("csrfmiddlewaretoken", "f")}
        for code in ("", "0000-0000-0000-0000"):
            answer = author.client.post("/ru/school-1/sent/", {**sent, "code": code})
            assert code_on(author.client.get(answer.headers["Location"])) is None


class TestCheck:
    """«Type it once»: right or wrong, and nobody else who uses the computer sees the code by it."""

    def check(self, author: Author, page: object, typed: str, **changes: str) -> tuple[str, object]:
        """The address to which the answer leads, and the page there."""
        data = {name: hidden(page, name) for name in ("csrfmiddlewaretoken", "f", "code")}
        answer = author.client.post(
            author.address("sent"), {**data, "do": "check", "typed": typed, **changes}
        )
        assert answer.status_code == 303
        return answer.headers["Location"], author.client.get(answer.headers["Location"])

    @pytest.fixture
    def author(self, keeper: Person) -> Author:
        return Author()

    @pytest.fixture
    def page(self, author: Author) -> object:
        return author.client.get(author.write().headers["Location"])

    def test_right_as_people_type_it(self, author: Author, page: object) -> None:
        code = code_on(page)
        address, after = self.check(author, page, code.lower().replace("-", " "))
        assert "You have kept your code" in words(after)
        assert code not in words(after)
        assert code not in address
        assert code_on(author.client.get(address)) is None

    @pytest.mark.parametrize("typed", ["", "K7QX", "0000-0000-0000-0000", "üü", "x" * 10_000])
    def test_wrong_shows_it_once_more_to_mend_the_note(
        self, author: Author, page: object, typed: str
    ) -> None:
        code = code_on(page)
        address, after = self.check(author, page, typed)
        assert "This is not the code" in words(after)
        assert code_on(after) == code
        assert code not in address
        assert not typed or typed not in address
        again = author.client.get(address)
        assert code_on(again) is None
        assert code not in words(again)

    def test_whoever_has_not_the_page_before_them_is_shown_nothing(
        self, author: Author, page: object
    ) -> None:
        for code in ("", "0000-0000-0000-0000"):
            _address, after = self.check(author, page, "wrong", code=code)
            assert code_on(after) is None
            assert "shown only once" in words(after)

    def test_in_another_browser_nothing_is_right(self, author: Author, page: object) -> None:
        other = Author()
        other.look()
        token = other.form["csrfmiddlewaretoken"]
        address, after = self.check(other, page, code_on(page), csrfmiddlewaretoken=token)
        assert "right" not in address
        assert "You have kept" not in words(after)

    def test_an_address_alone_uses_nothing_up(self, author: Author) -> None:
        address = author.write().headers["Location"]
        assert code_on(author.client.get(f"{address}&checked=right")) is None
        assert code_on(author.client.get(address))


def test_nothing_but_the_form_and_the_slip_holds_the_code(keeper: Person) -> None:
    author = Author()
    page = author.client.get(author.write().headers["Location"])
    assert words(page).count(code_on(page)) == 1
    assert hidden(page, "code") == code_on(page)
    assert code_on(page) not in words(page).split("<title>")[1].split("</title>")[0]


def test_key_changed_in_this_moment_loses_no_letter(school: School, keeper: Person) -> None:
    from box.selectors import box_of

    author = Author()
    author.look()
    Category.objects.filter(pk=box_of("school-1").categories[0].pk).delete()
    answer = author.press()
    assert answer.status_code == 200
    assert "once more" in words(answer)
    assert LETTER["text"] in words(answer)
    assert not Letter.objects.exists()
    assert author.press(category="requests").status_code == 303
