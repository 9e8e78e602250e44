"""What a print says of the book, and the page and the command that check it."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from box.selectors import forget_boxes
from journal import chain, public
from journal.bound import bind, unbind
from journal.models import Book, Trail
from journal.prints import EndOfBook, NoHash, end_of_book, row_with_hash
from journal.services.verifying import verify_chain
from schools.models import School
from tests import factories
from tests.box.author import hidden, words
from tests.factories import Person

pytestmark = pytest.mark.django_db
LANGUAGES = ["kk", "ru", "ky", "en"]


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    forget_boxes()
    public.checks.forget()


@pytest.fixture
def school() -> School:
    return factories.make_school()


@pytest.fixture
def holder(school: School) -> Person:
    return factories.make_person(school, "psychologist", with_key=True)


@pytest.fixture
def hashes(school: School, holder: Person) -> list[str]:
    """The hash of each row, by position from 1."""
    factories.registered_entry(school, by=holder)
    rows = Trail.objects.filter(school=school).order_by("position")
    return ["", *(bytes(row.row_hash).hex() for row in rows)]


def ask(slug: str, typed: str, language: str = "en", **more: str):
    client = Client(enforce_csrf_checks=True)
    page = client.get(f"/{language}/check/")
    token = hidden(page, "csrfmiddlewaretoken")
    return client.post(
        f"/{language}/check/",
        {"csrfmiddlewaretoken": token, "school": slug, "hash": typed, **more},
    )


class TestEndOfBook:
    def test_is_the_last_row(self, school: School, hashes: list[str]) -> None:
        end = end_of_book(school)
        assert end.rows == len(hashes) - 1
        assert end.last_hash.hex() == hashes[-1]
        assert end.groups.replace(" ", "") == hashes[-1]
        assert {len(group) for group in end.groups.split()} == {4}

    def test_a_school_without_a_book_has_no_rows(self, school: School) -> None:
        assert end_of_book(school) == EndOfBook(0, bytes(32))
        assert row_with_hash(school, "0" * 64) is None


class TestTyped:
    def test_each_row_is_found_by_its_hash(self, school: School, hashes: list[str]) -> None:
        assert len(hashes) > 4
        for position, digits in enumerate(hashes[1:], start=1):
            assert row_with_hash(school, digits) == position

    def test_as_people_type_it(self, school: School, hashes: list[str]) -> None:
        groups = end_of_book(school).groups
        last = len(hashes) - 1
        for typed in (
            groups,
            groups.upper(),
            groups.replace(" ", "-"),
            f"  {groups}\n",
            hashes[-1][:16],
            hashes[-1][:17],
            hashes[-1][:63],
        ):
            assert row_with_hash(school, typed) == last

    def test_one_wrong_digit_is_another_hash(self, school: School, hashes: list[str]) -> None:
        for at in (0, 15, 16, 40, 63):
            wrong = "0" if hashes[-1][at] != "0" else "1"
            assert row_with_hash(school, hashes[-1][:at] + wrong + hashes[-1][at + 1 :]) is None

    @pytest.mark.parametrize(
        "typed", ["", "abc", "0" * 15, "0" * 65, "g" * 64, "zz" * 20, "０" * 64]
    )
    def test_what_is_no_hash(self, school: School, typed: str) -> None:
        with pytest.raises(NoHash):
            row_with_hash(school, typed)

    def test_another_schools_hash_is_not_found(self, hashes: list[str]) -> None:
        assert row_with_hash(factories.make_school("school-2"), hashes[-1]) is None


class TestPage:
    def test_a_print_that_matches(self, hashes: list[str]) -> None:
        for position, digits in enumerate(hashes[1:], start=1):
            page = ask("school-1", digits)
            assert page.status_code == 200
            assert f"matches the book up to row {position}." in words(page)

    def test_a_print_that_does_not(self, hashes: list[str]) -> None:
        page = ask("school-1", "12" * 32)
        assert "no such hash in this school’s book" in words(page)
        assert 'value="' + "12" * 32 in words(page)

    def test_of_another_school(self, hashes: list[str]) -> None:
        factories.make_school("school-2")
        assert "no such hash" in words(ask("school-2", hashes[-1]))

    def test_tells_nothing_but_the_row(self, hashes: list[str], holder: Person) -> None:
        page = words(ask("school-1", hashes[2]))
        for told in (holder.user.username, holder.user.full_name, factories.TEXT, "registered"):
            assert told not in page
        assert "no-store" in ask("school-1", hashes[2])["Cache-Control"]

    @pytest.mark.parametrize("typed", ["", "abc", "x" * 5000, "\0" * 16, "�" * 64])
    def test_what_is_no_hash_is_said(self, hashes: list[str], typed: str) -> None:
        page = ask("school-1", typed)
        assert page.status_code == 200
        assert 'class="summary"' in words(page)
        assert "up to row" not in words(page)

    @pytest.mark.parametrize("slug", ["", "nowhere", "../admin", "\0"])
    def test_an_unknown_school_is_said(self, hashes: list[str], slug: str) -> None:
        page = ask(slug, hashes[1])
        assert page.status_code == 200
        assert "up to row" not in words(page)

    def test_without_the_browsers_token_nothing_is_checked(self, hashes: list[str]) -> None:
        client = Client(enforce_csrf_checks=True)
        response = client.post("/en/check/", {"school": "school-1", "hash": hashes[1]})
        assert response.status_code == 403

    def test_a_switch_of_language_keeps_what_was_typed(self, hashes: list[str]) -> None:
        factories.make_school("school-2")
        page = ask("school-2", "00ff 1", language="ru", switch="ru")
        assert 'value="00ff 1"' in words(page)
        assert '<option value="school-2" selected>' in words(page)
        assert 'class="summary"' not in words(page)

    def test_too_many_at_once_are_asked_to_wait(self, hashes: list[str]) -> None:
        answers = [ask("school-1", hashes[1]) for _ in range(31)]
        assert {answer.status_code for answer in answers[:30]} == {200}
        assert answers[30].status_code == 429
        assert answers[30]["Retry-After"] == "60"
        assert hashes[1] in words(answers[30])
        assert "up to row" not in words(answers[30])

    def test_no_school_may_be_called_so(self) -> None:
        with pytest.raises(ValidationError):
            School(
                slug="check", names={"ru": "x"}, country="KZ", time_zone="Asia/Almaty"
            ).clean_fields(exclude=["languages"])

    def test_asks_the_database_as_often_for_a_long_book(
        self, school: School, holder: Person, hashes: list[str]
    ) -> None:
        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                ask("school-1", hashes[1])
            return len(queries)

        ask("school-1", hashes[1])
        before = cost()
        for _ in range(10):
            factories.registered_entry(school, by=holder)
        assert cost() == before


class TestCommand:
    def test_a_print_that_matches(self, school: School, hashes: list[str], capsys) -> None:
        call_command("check_hash", "school-1", *end_of_book(school).groups.split())
        rows = len(hashes) - 1
        assert f"matches the book up to row {rows} of {rows}." in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("slug", "typed", "said"),
        [
            ("nowhere", "0" * 64, "No school is called nowhere"),
            ("school-1", "12" * 32, "no such hash"),
            ("school-1", "12", "This is no hash"),
        ],
    )
    def test_what_does_not(self, hashes: list[str], slug: str, typed: str, said: str) -> None:
        with pytest.raises(CommandError, match=said):
            call_command("check_hash", slug, typed)

    def test_a_book_changed_before_the_row_is_found(
        self, school: School, hashes: list[str]
    ) -> None:
        unbind(connection)
        Trail.objects.filter(school=school, position=2).update(facts={"web": 7})
        bind(connection)
        call_command("check_hash", "school-1", hashes[1])
        with pytest.raises(CommandError, match="trail row 2 was changed"):
            call_command("check_hash", "school-1", hashes[-1])


def test_a_rewritten_chain_does_not_have_the_printed_hash(
    school: School, hashes: list[str]
) -> None:
    """Whoever rewrites the whole book makes it whole again; the print finds it."""
    printed = hashes[-1]
    unbind(connection)
    previous = chain.FIRST_HASH
    for row in Trail.objects.filter(school=school).order_by("position"):
        row.by_name = "somebody-else" if row.position == 1 else row.by_name
        row.previous_hash = previous
        previous = row.row_hash = chain.row_hash(row)
        row.save()
    Book.objects.filter(school=school).update(last_hash=previous)
    bind(connection)
    verify_chain(school)
    assert row_with_hash(school, printed) is None
