"""The letter form: what is taken, what is refused, and that no word is lost."""

import datetime

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from box import form_tokens
from box.models import Letter
from schools.models import Category, School
from tests.box.author import LETTER, SIGNED, Author, words
from tests.factories import Person

pytestmark = pytest.mark.django_db


def content_of(letter: Letter, keeper: Person) -> dict[str, str]:
    return letter.read(keeper.keyring())


def test_anonymous_letter_is_sealed_and_found_by_its_code(keeper: Person) -> None:
    author = Author(language="kk")
    response = author.write(danger="on")
    assert response.status_code == 303
    assert response.headers["Location"].startswith("/kk/school-1/sent/?f=")
    letter = Letter.objects.get()
    assert content_of(letter, keeper) == {
        "text": LETTER["text"],
        "full_name": "",
        "address": "",
        "age": "",
        "class_group": "",
        "phone": "",
    }
    assert (letter.language, letter.audience, letter.signed, letter.danger, letter.state) == (
        "kk",
        "student",
        False,
        True,
        Letter.State.IN_BOX,
    )
    assert letter.category.slug == "bullying"
    assert letter.arrived_hour == letter.arrived_hour.replace(minute=0, second=0, microsecond=0)
    assert datetime.datetime.now(datetime.UTC) - letter.arrived_hour < datetime.timedelta(hours=2)


def test_signed_letter_keeps_who_wrote(keeper: Person) -> None:
    assert Author().write(SIGNED).status_code == 303
    letter = Letter.objects.get()
    assert letter.signed
    assert content_of(letter, keeper) == {
        "text": LETTER["text"],
        "full_name": "Айгүл Серікқызы",
        "address": "Абай көшесі 5",
        "age": "13",
        "class_group": "7Б",
        "phone": "+77011234567",
    }


def test_identity_of_an_anonymous_letter_is_dropped_even_when_wrong(keeper: Person) -> None:
    wrong = {
        "phone": "12",
        "age": "old",
        "full_name": "x" * 500,
        "address": "\ufffd",
        "consent": "on",
    }
    assert Author().write(**wrong).status_code == 303
    read = content_of(Letter.objects.get(), keeper)
    assert {name: value for name, value in read.items() if value} == {"text": LETTER["text"]}


def test_nothing_readable_in_the_row(keeper: Person) -> None:
    Author().write(SIGNED, text="unmistakablewords in a letter")
    row = repr(Letter.objects.values().get()).encode()
    stored = b"".join(
        bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
        for value in Letter.objects.values_list().get()
    )
    for secret in ("unmistakablewords", "Айгүл", "Абай", "7Б", "7011234567"):
        assert secret.encode() not in row + stored


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"text": ""}, "text", "The letter is still empty"),
        ({"text": " short \n"}, "text", "at least 10 characters"),
        ({"text": "x" * 10_001}, "text", "longer than 10,000 characters"),
        ({"text": "It was \ufffd\ufffd bad, very bad"}, "text", "type them again"),
        ({"audience": ""}, "audience", "Please choose who you are"),
        ({"audience": "ghost"}, "audience", "Please choose one of the answers"),
        ({"signed": ""}, "signed", "with your name or without"),
        ({"category": "nosuch"}, "category", "Please choose one of the answers"),
        ({"full_name": ""}, "full_name", "Please write your name"),
        ({"consent": ""}, "consent", "Please tick this"),
        ({"phone": "8 701 123"}, "phone", "does not look right"),
        ({"age": "twelve"}, "age", "as a number"),
        ({"age": "²"}, "age", "as a number"),
    ],
)
def test_error_names_the_field_and_keeps_every_word(
    keeper: Person, changes: dict[str, str], field: str, says: str
) -> None:
    response = Author().write({**SIGNED, **changes})
    page = words(response)
    assert response.status_code == 200
    assert not Letter.objects.exists()
    assert says in page
    assert f'href="#id_{field}' in page
    assert f'id="id_{field}_error"' in page
    for name in ("full_name", "address", "age", "class_group", "phone", "text"):
        assert {**SIGNED, **changes}[name].strip() in page


def test_error_is_tied_to_its_control(keeper: Person) -> None:
    page = words(Author().write(text="no"))
    assert 'aria-invalid="true" aria-describedby="id_text_helptext id_text_error"' in page
    assert 'role="alert"' in page


def test_line_breaks_count_once_and_controls_are_taken_out(keeper: Person) -> None:
    text = "\r\n".join(["z" * 99] * 100)  # 9,999 characters as a person sees them
    assert Author().write(text=f"{text}!\x07\x00").status_code == 303
    read = content_of(Letter.objects.get(), keeper)["text"]
    assert read == text.replace("\r\n", "\n") + "!"
    assert len(read) == 10_000


@pytest.mark.parametrize(
    "text",
    [
        "Мені қорқытады ғой, әке-шешем білмейді",
        "我很害怕，请帮帮我，谢谢你们",
        "\N{CRYING FACE}\N{ZERO WIDTH JOINER}\N{SQUARED SOS}" * 5,
        "<b>bold</b> & 'quotes' \t tab",
        "أنا خائف جدا من المدرسة",
    ],
)
def test_any_script_arrives_as_it_was_typed(keeper: Person, text: str) -> None:
    assert Author().write(text=text).status_code == 303
    assert content_of(Letter.objects.get(), keeper)["text"] == text


def test_markup_is_shown_as_words(keeper: Person) -> None:
    response = Author().write(text="<script>", full_name='"><img src=x>')
    assert b"<script>\n" not in response.content
    assert b"&lt;script&gt;" in response.content
    assert b"<img src=x>" not in response.content


@pytest.mark.parametrize(
    ("country", "typed", "kept"),
    [
        ("KZ", "8 701 123 45 67", "+77011234567"),
        ("KZ", "+7 (701) 123-45-67", "+77011234567"),
        ("KZ", "701 123 45 67", "+77011234567"),
        ("KZ", "8 7172 55 12 34", "+77172551234"),
        ("KG", "0555 123 456", "+996555123456"),
        ("KG", "+996 312 66 12 34", "+996312661234"),
        ("KG", "996555123456", "+996555123456"),
        ("KG", "8 701 123", None),
        ("KZ", "0000000000", None),
        ("KZ", "call me", None),
    ],
)
def test_phones_as_people_type_them(country: str, typed: str, kept: str | None) -> None:
    from box.phones import phone_in_full

    assert phone_in_full(typed, country) == kept


def test_category_may_be_left_open(keeper: Person) -> None:
    assert Author().write(category="").status_code == 303
    assert Letter.objects.get().category is None


def test_school_without_categories_asks_for_none(school: School, keeper: Person) -> None:
    Category.objects.filter(school=school).update(in_use=False)
    author = Author()
    assert b'name="category"' not in author.look().content
    assert author.press().status_code == 303
    assert Letter.objects.get().category is None


def test_only_the_audiences_of_the_school(keeper: Person) -> None:
    author = Author()
    page = words(author.look())
    assert 'value="parent"' in page
    assert 'value="teacher"' not in page
    assert author.press(audience="teacher").status_code == 200
    assert not Letter.objects.exists()


class TestLanguageSwitch:
    def test_keeps_words_and_checks_nothing(self, keeper: Person) -> None:
        author = Author(language="en")
        author.look()
        token = author.form["token"]
        typed = {**SIGNED, "text": "abc", "phone": "77", "danger": "on"}
        response = author.press(typed, to=author.address(language="ru"), switch="ru")
        page = words(response)
        assert response.status_code == 200
        assert '<html lang="ru">' in page
        assert response.headers["Content-Language"] == "ru"
        for value in ("Айгүл Серікқызы", "Абай көшесі 5", ">\nabc</textarea>", 'value="77"'):
            assert value in page
        assert 'value="yes" id="id_signed_1" checked' in page
        assert 'value="bullying" selected' in page
        assert page.count(" checked") == 4  # danger, student, signed, consent
        assert "aria-invalid" not in page
        assert author.form["token"] == token
        assert not Letter.objects.exists()

    def test_buttons_lead_to_the_other_languages(self, keeper: Person) -> None:
        page = words(Author(language="kk").look())
        for code in ("ru", "ky", "en"):
            assert f'formaction="/{code}/school-1/write/" formnovalidate lang="{code}"' in page
        assert 'formaction="/kk/' not in page


class TestHoldingOff:
    def test_honeypot_loses_no_letter(self, keeper: Person) -> None:
        author = Author()
        response = author.write(website="http://spam.example/")
        page = words(response)
        assert "once more" in page
        assert LETTER["text"] in page
        assert "spam.example" not in page
        assert not Letter.objects.exists()
        assert author.press().status_code == 303

    def test_too_quick(self, keeper: Person, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(form_tokens, "TOO_QUICK_SECONDS", 1.0)
        author = Author()
        response = author.write()
        assert "once more" in words(response)
        assert LETTER["text"] in words(response)
        assert not Letter.objects.exists()
        monkeypatch.setattr(form_tokens, "TOO_QUICK_SECONDS", 0.0)
        assert author.press().status_code == 303

    @pytest.mark.parametrize("token", ["", "forged", "A" * 51, "é", "\x00"])
    def test_forged_token_gets_a_fresh_one(self, keeper: Person, token: str) -> None:
        author = Author()
        author.look()
        response = author.press(token=token)
        assert LETTER["text"] in words(response)
        assert not Letter.objects.exists()
        assert author.press().status_code == 303

    def test_token_of_yesterday(self, keeper: Person, monkeypatch: pytest.MonkeyPatch) -> None:
        author = Author()
        author.look()
        monkeypatch.setattr(form_tokens, "GOOD_FOR_SECONDS", -1)
        assert "once more" in words(author.press())
        assert not Letter.objects.exists()
        monkeypatch.undo()

    def test_beyond_the_limit_words_are_kept(self, keeper: Person, settings: object) -> None:
        settings.LETTERS_AT_ONCE = 2
        author = Author()
        assert [author.write(text=f"{LETTER['text']} {n}").status_code for n in range(2)] == [
            303
        ] * 2
        response = author.write()
        assert response.status_code == 429
        assert response.headers["Retry-After"] == "60"
        assert "wait a minute" in words(response)
        assert LETTER["text"] in words(response)
        assert Letter.objects.count() == 2

    def test_refused_forms_use_up_nothing(self, keeper: Person, settings: object) -> None:
        settings.LETTERS_AT_ONCE = 1
        author = Author()
        for _time in range(3):
            author.write(text="short")
        assert author.write().status_code == 303

    def test_two_hundred_letters_of_one_school_pass(self, keeper: Person) -> None:
        author = Author()
        author.look()
        codes = {author.press(text=f"Letter number {n}").status_code for n in range(200)}
        assert codes == {303}
        assert Letter.objects.count() == 200


class TestNotOpen:
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_without_key_holder_no_form(self, school: School, method: str) -> None:
        author = Author()
        author.client.handler.enforce_csrf_checks = False
        response = getattr(author.client, method)(author.address(), LETTER)
        page = words(response)
        assert response.status_code == (200 if method == "get" else 409)
        assert "not open yet" in page
        assert 'name="text"' not in page
        assert (LETTER["text"] in page) == (method == "post")
        for number in ("111", "112", "150"):
            assert f'href="tel:{number}"' in page
        assert not Letter.objects.exists()

    def test_holder_who_left_closes_it(self, keeper: Person) -> None:
        keeper.user.is_active = False
        keeper.user.save()
        assert "not open yet" in words(Author().look())

    def test_without_rules(self, school: School, keeper: Person) -> None:
        school.regulations.all().delete()
        assert "not open yet" in words(Author().look())


class TestTraces:
    def test_only_the_csrf_cookie(self, keeper: Person) -> None:
        author = Author()
        response = author.write()
        author.client.get(response.headers["Location"])
        author.client.get("/en/school-1/")
        author.client.get("/en/reply/")
        assert set(author.client.cookies) == {"csrftoken"}
        cookie = author.client.cookies["csrftoken"]
        assert cookie["max-age"] == ""
        assert cookie["httponly"]

    def test_no_store(self, keeper: Person) -> None:
        author = Author()
        response = author.write()
        for page in (author.look(), response, author.client.get(response.headers["Location"])):
            assert "no-store" in page.headers["Cache-Control"]

    def test_a_letter_costs_one_question_and_one_row(self, keeper: Person) -> None:
        author = Author()
        author.look()
        with CaptureQueriesContext(connection) as heard:
            assert author.press().status_code == 303
        said = [one["sql"].partition(" ")[0] for one in heard]
        assert [word for word in said if word in {"SELECT", "INSERT", "UPDATE"}] == [
            "SELECT",
            "INSERT",
        ]

    def test_the_form_from_memory_costs_none(
        self, keeper: Person, django_assert_num_queries: object
    ) -> None:
        Author().look()
        with django_assert_num_queries(0):
            first, second = Author().look(), Author().look()
        assert first.content != second.content
        assert len(first.content) == len(second.content)


def test_a_database_that_stands_still_loses_no_word(
    keeper: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **facts: object) -> None:
        raise OperationalError("database is locked")

    author = Author()
    with monkeypatch.context() as broken:
        broken.setattr("box.views.writing.submit", fail)
        response = author.write()
    assert response.status_code == 503
    assert LETTER["text"] in words(response)
    assert "nothing is lost" in words(response)
    assert "locked" not in words(response)
    author.write()
    assert Letter.objects.count() == 1
