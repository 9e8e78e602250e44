"""A letter about one of its readers: asked in the form, sealed to the others, and never lost when there are none."""

import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from box.form_tokens import Receipt
from box.forms import LetterForm
from box.models import Letter
from box.selectors import forget_boxes
from box.services import submitting
from box.views import school as school_view
from box.views import writing
from journal.services import key_keeping
from schools.emergency import emergency_numbers
from schools.languages import LANGUAGES
from schools.models import KeyGrant, Membership, Regulation, School, User
from schools.selectors import key_in_use, readers_besides, readers_of
from tests import factories
from tests.box.author import LETTER, SIGNED, Author, hidden, words
from tests.factories import Person, give_key, make_person
from vault import receipts
from vault.errors import NotForThisKey

pytestmark = pytest.mark.django_db

NOT_SENT = "Your letter is not sent, and nothing is lost"


@pytest.fixture
def deputy(school: School, keeper: Person) -> Person:
    """A second person who holds the key."""
    person = make_person(school, "deputy_director", full_name="Болат Сериков")
    give_key(school, to=person)
    forget_boxes()
    return person


def forget() -> None:
    forget_boxes()
    writing.kept_pages.forget()
    school_view.kept_pages.forget()


def ticks(page: str) -> list[str]:
    """The roles that the form offers."""
    return [
        part.partition('value="')[2].partition('"')[0]
        for part in page.split("<input")
        if 'name="about"' in part
    ]


class TestForm:
    def test_asks_in_a_childs_words_and_names_the_posts(self, deputy: Person) -> None:
        page = words(Author().look())
        assert "Is the letter about one of the people who read the letters?" in page
        assert ticks(page) == ["psychologist", "deputy_director"]
        assert "Болат" not in page

    def test_names_stand_there_where_the_school_publishes_them(
        self, school: School, deputy: Person
    ) -> None:
        Regulation.objects.filter(school=school).update(names_published=True)
        forget()
        page = words(Author().look())
        assert "Deputy director for upbringing (Болат Сериков)" in page

    def test_only_who_holds_the_key_now_is_named(
        self, school: School, keeper: Person, deputy: Person
    ) -> None:
        make_person(school, "director")
        other = factories.make_school("school-2")
        make_person(other, "social_pedagogue", with_key=True)
        forget()
        assert ticks(words(Author().look())) == ["psychologist", "deputy_director"]
        key_keeping.take_away(
            school=school, holder=deputy.user, by=keeper.fresh(), keyring=keeper.keyring()
        )
        forget()
        assert ticks(words(Author().look())) == ["psychologist"]

    def test_who_alone_has_the_key_is_told_before_writing(self, keeper: Person) -> None:
        page = words(Author().look())
        assert "nobody else at this school has the key" in page

    def test_with_two_nobody_is_alone(self, deputy: Person) -> None:
        assert "nobody else at this school has the key" not in words(Author().look())

    def test_two_in_one_role_are_alone_in_it(self, school: School, keeper: Person) -> None:
        second = make_person(school, "psychologist", username="second")
        give_key(school, to=second)
        forget()
        assert "nobody else at this school has the key" in words(Author().look())

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_a_switch_of_language_keeps_the_ticks(self, deputy: Person, language: str) -> None:
        author = Author()
        author.look()
        page = words(
            author.press(
                {**LETTER, "about": ["psychologist", "deputy_director"]},
                to=author.address(language=language),
                switch=language,
            )
        )
        assert page.count("checked") >= 2
        for role in ("psychologist", "deputy_director"):
            tick = next(part for part in page.split("<input") if f'value="{role}"' in part)
            assert " checked" in tick.partition(">")[0]
        assert not Letter.objects.exists()

    def test_the_school_page_tells_it(self, deputy: Person) -> None:
        assert "Is your letter about one of them?" in words(Author().client.get("/en/school-1/"))

    def test_asking_costs_the_same_for_two_readers_and_for_twelve(
        self, school: School, deputy: Person
    ) -> None:
        def cost() -> int:
            forget()
            with CaptureQueriesContext(connection) as queries:
                Author().look()
            return len(queries)

        before = cost()
        for number in range(10):
            give_key(school, to=make_person(school, "director", username=f"director-{number}"))
        assert cost() == before


class TestSending:
    def test_the_letter_is_closed_to_whom_it_is_about(self, keeper: Person, deputy: Person) -> None:
        assert Author().write(about="psychologist").status_code == 303
        letter = Letter.objects.get()
        assert letter.school_key_id is None
        assert bytes(letter.sealed_key) == b""
        with pytest.raises(NotForThisKey):
            letter.read(keeper.keyring())
        content = letter.read(deputy.keyring())
        assert content["text"] == LETTER["text"]
        assert content["about"] == ["psychologist"]
        assert content["about_people"] == [str(keeper.user.uid)]

    def test_a_letter_about_nobody_is_everybodys(self, keeper: Person, deputy: Person) -> None:
        Author().write()
        letter = Letter.objects.get()
        assert letter.school_key_id == key_in_use(letter.school).pk
        assert letter.personal_keys == {}
        for person in (keeper, deputy):
            assert "about" not in letter.read(person.keyring())

    def test_about_two_of_three(self, school: School, keeper: Person, deputy: Person) -> None:
        third = make_person(school, "social_pedagogue")
        give_key(school, to=third)
        Author().write(about=["psychologist", "deputy_director", "psychologist"])
        letter = Letter.objects.get()
        assert list(letter.personal_keys) == [str(third.user.pk)]
        assert letter.read(third.keyring())["about"] == ["deputy_director", "psychologist"]

    def test_somebody_with_two_roles_is_meant_by_either(
        self, school: School, keeper: Person, deputy: Person
    ) -> None:
        Membership.objects.create(user=deputy.user, school=school, role_id="social_pedagogue")
        Author().write(about="social_pedagogue")
        assert list(Letter.objects.get().personal_keys) == [str(keeper.user.pk)]

    def test_a_signed_letter_too(self, keeper: Person, deputy: Person) -> None:
        Author().write(SIGNED, about="psychologist")
        letter = Letter.objects.get()
        assert letter.is_closed_to(keeper.keyring())
        assert letter.read(deputy.keyring())["full_name"] == SIGNED["full_name"]

    def test_a_role_that_lost_the_key_while_somebody_wrote_is_no_error(
        self, school: School, keeper: Person, deputy: Person
    ) -> None:
        author = Author()
        author.look()
        key_keeping.take_away(
            school=school, holder=deputy.user, by=keeper.fresh(), keyring=keeper.keyring()
        )
        forget()
        assert author.press(about="deputy_director").status_code == 303
        assert list(Letter.objects.get().personal_keys) == [str(keeper.user.pk)]

    @pytest.mark.parametrize("role", ["administrator", "nobody", "", "\0", "region_analyst"])
    def test_what_is_no_reader_is_refused_in_words(self, deputy: Person, role: str) -> None:
        page = Author().write(about=["psychologist", role])
        assert page.status_code == 200
        assert "Please choose one of the answers in the list." in words(page)
        assert not Letter.objects.exists()

    def test_a_second_press_makes_no_second_letter(self, deputy: Person) -> None:
        author = Author()
        author.look()
        form = dict(author.form)
        first = author.press(about=["psychologist"])
        second = author.press({**LETTER, **form}, about=["psychologist"])
        assert first["Location"] == second["Location"]
        assert Letter.objects.count() == 1

    def test_readers_are_read_afresh_and_not_from_memory(
        self, school: School, keeper: Person, deputy: Person
    ) -> None:
        author = Author()
        author.look()  # the school is in memory now, with two who hold the key
        key_keeping.take_away(
            school=school, holder=deputy.user, by=keeper.fresh(), keyring=keeper.keyring()
        )
        page = author.press(about="psychologist")
        assert NOT_SENT in words(page)
        assert not Letter.objects.exists()
        late = make_person(school, "social_pedagogue")
        give_key(school, to=late)
        assert author.press(about="psychologist").status_code == 303
        assert list(Letter.objects.get().personal_keys) == [str(late.user.pk)]

    def test_the_receipt_page_says_who_can_open_it(
        self, school: School, keeper: Person, deputy: Person
    ) -> None:
        Regulation.objects.filter(school=school).update(names_published=True)
        forget()
        author = Author()
        sent = author.write(about="psychologist")
        page = words(author.client.get(sent["Location"]))
        assert (
            "Only these people can open it: <b>deputy director for upbringing (Болат Сериков)</b>."
            in page
        )
        assert keeper.user.full_name not in page
        assert "The person it is about cannot open it." in page
        again = words(author.client.get(sent["Location"]))
        assert "Болат" not in again
        assert "The person it is about" not in again

    def test_the_receipt_page_of_another_letter_says_all_readers(self, deputy: Person) -> None:
        author = Author()
        page = words(author.client.get(author.write()["Location"]))
        assert "<b>psychologist</b>, <b>deputy director for upbringing</b>." in page
        assert "The person it is about" not in page

    def test_the_reply_page_shows_nothing_more(self, deputy: Person) -> None:
        pages = []
        for about in ([], ["psychologist"]):
            author = Author()
            code = author.code_after(author.write(about=about))
            token = hidden(author.client.get("/en/reply/"), "csrfmiddlewaretoken")
            answer = author.client.post("/en/reply/", {"code": code, "csrfmiddlewaretoken": token})
            page = words(answer).replace(hidden(answer, "token"), "")
            pages.append(page.replace(code, "").replace(hidden_of(page), ""))
        assert pages[0] == pages[1]


def hidden_of(page: str) -> str:
    return page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]


class TestNobodyElse:
    def test_nothing_is_stored_and_every_word_is_kept(self, keeper: Person) -> None:
        page = words(Author().write(SIGNED, about="psychologist", danger="on"))
        assert not Letter.objects.exists()
        assert NOT_SENT in page
        for name in ("text", "full_name", "address", "age", "class_group", "phone"):
            assert SIGNED[name] in page
        for tick in ("about", "danger", "consent"):
            control = next(part for part in page.split("<input") if f'name="{tick}"' in part)
            assert " checked" in control.partition(">")[0]

    @pytest.mark.parametrize("country", ["KZ", "KG"])
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_the_outside_numbers_and_the_way_out_stand_there(
        self, country: str, language: str
    ) -> None:
        school = factories.make_school("school-2", country=country)
        make_person(school, "social_pedagogue", with_key=True)
        page = words(Author("school-2", language).write(about="social_pedagogue"))
        notice = page.partition('id="nobody-else"')[2].partition("</section>")[0]
        for item in emergency_numbers(country):
            assert f'href="tel:{item.number}"' in notice
        assert 'href="#id_about_0"' in notice
        assert 'id="id_about_0"' in page
        assert page.count('id="help-now"') == 0

    def test_without_the_tick_the_same_form_is_sent(self, keeper: Person) -> None:
        author = Author()
        author.write(about="psychologist")
        assert author.press().status_code == 303
        assert Letter.objects.get().read(keeper.keyring())["text"] == LETTER["text"]

    def test_a_holder_without_a_role_that_reads_does_not_count(
        self, school: School, keeper: Person, deputy: Person
    ) -> None:
        Membership.objects.filter(user=deputy.user).update(role_id="administrator")
        assert NOT_SENT in words(Author().write(about="psychologist"))

    def test_nor_does_one_who_may_not_sign_in_or_has_no_pair(
        self, keeper: Person, deputy: Person
    ) -> None:
        User.objects.filter(pk=deputy.user.pk).update(is_active=False)
        assert NOT_SENT in words(Author().write(about="psychologist"))
        User.objects.filter(pk=deputy.user.pk).update(is_active=True, public_key=b"")
        assert NOT_SENT in words(Author().write(about="psychologist"))
        assert not Letter.objects.exists()


def submit_about(school: School, *roles: str) -> None:
    submitting.submit(
        school=school,
        school_key=key_in_use(school),
        language="ru",
        audience="student",
        signed=False,
        danger=False,
        category=None,
        content={"text": "A letter about a reader."},
        receipt=Receipt(
            code=receipts.new_code(), form_hash=receipts.lookup_hash(receipts.new_code())
        ),
        about=roles,
    )


@pytest.mark.django_db(transaction=True)
def test_a_key_taken_in_the_same_moment_leaves_no_letter_that_nobody_can_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The key is to be taken between finding the others and storing the letter: it waits until that is done."""
    school = factories.make_school()
    keeper = make_person(school, "psychologist", with_key=True)
    deputy = make_person(school, "deputy_director", with_key=True)
    found, taken = threading.Event(), threading.Event()
    in_order: list[str] = []

    def slow(school: School, roles: list[str]) -> list[User]:
        others = readers_besides(school, roles)
        found.set()
        taken.wait(0.5)
        in_order.append("letter")
        return others

    monkeypatch.setattr(submitting, "readers_besides", slow)
    by, keyring = keeper.fresh(), keeper.keyring()

    def take() -> None:
        try:
            found.wait(5)
            key_keeping.take_away(school=school, holder=deputy.user, by=by, keyring=keyring)
            in_order.append("taken")
            taken.set()
        finally:
            connection.close()

    thread = threading.Thread(target=take)
    thread.start()
    submit_about(school, "psychologist")
    thread.join()
    assert in_order == ["letter", "taken"]
    assert list(Letter.objects.get().personal_keys) == [str(deputy.user.pk)]
    assert not KeyGrant.objects.filter(holder=deputy.user).exists()
    with pytest.raises(submitting.NobodyElse):
        submit_about(school, "psychologist")
    assert Letter.objects.count() == 1


def test_readers_come_in_the_order_of_the_roles_once_for_each(
    school: School, keeper: Person, deputy: Person
) -> None:
    Membership.objects.create(user=deputy.user, school=school, role_id="director")
    Membership.objects.create(user=deputy.user, school=school, role_id="administrator")
    assert [(reader.person_id, reader.role) for reader in readers_of(school)] == [
        (keeper.user.pk, "psychologist"),
        (deputy.user.pk, "deputy_director"),
        (deputy.user.pk, "director"),
    ]


def test_a_form_of_a_school_without_readers_asks_nothing(school: School) -> None:
    make_person(school, "psychologist", with_key=True)
    KeyGrant.objects.all().delete()
    form = LetterForm(box=writing.box_or_404(school.slug))
    assert list(form.fields["about"].choices) == []
