"""«You told us, we did»: written by one, approved by another; public neither before nor after it is taken back."""

import json
from collections.abc import Iterator

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from box.models import PublicNote
from box.services.public_notes import (
    MOST_LENGTH,
    Stage,
    approve_note,
    names_a_class,
    stage_of,
    withdraw_note,
    write_note,
)
from box.views import changes
from box.views import school as school_view
from schools.errors import Conflict, Refused
from schools.models import School
from tests.box.author import words
from tests.factories import Person, make_operator, make_person, make_school

pytestmark = pytest.mark.django_db

TEXTS = {"kk": "Енді жарық жанады.", "en": "The light works again."}
PAGES = ("/{}/school-1/", "/{}/school-1/changes/")


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def deputy(school: School) -> Person:
    return make_person(school, "deputy_director")


def write(by: Person, school: School, **facts: object) -> PublicNote:
    return write_note(
        **{"school": school, "texts": TEXTS, "about_nobody": True, "by": by.fresh(), **facts}
    )


def page(address: str, language: str = "en") -> str:
    school_view.kept_pages.forget()
    changes.kept_pages.forget()
    return words(Client().get(address.format(language)))


class TestTheWay:
    def test_from_one_to_the_page_of_all(
        self, school: School, keeper: Person, deputy: Person
    ) -> None:
        note = write(keeper, school)
        assert stage_of(note) is Stage.WAITING
        assert not [one for one in PAGES if "The light" in page(one)]
        note = approve_note(note=note, by=deputy.fresh())
        assert stage_of(note) is Stage.PUBLIC
        assert (note.written_by, note.approved_by) == (keeper.user, deputy.user)
        assert note.approved_on == school.today()
        for one in PAGES:
            assert "<p>The light works again.</p>" in page(one)
            # No name of anybody stands there.
            assert keeper.user.full_name not in page(one)
        assert 'href="/en/school-1/changes/"' in page(PAGES[0])
        note = withdraw_note(note=note, seen=Stage.PUBLIC, by=keeper.fresh())
        assert stage_of(note) is Stage.WITHDRAWN
        assert not [one for one in PAGES if "The light" in page(one)]
        assert (note.written_by, note.approved_by) == (keeper.user, deputy.user)

    def test_every_step_is_in_the_log_with_who_took_it_and_without_words(
        self, school: School, keeper: Person, deputy: Person
    ) -> None:
        note = approve_note(note=write(keeper, school), by=deputy.fresh())
        withdraw_note(note=note, seen=Stage.PUBLIC, by=keeper.fresh())
        rows = list(LogEntry.objects.order_by("pk"))
        assert [row.user for row in rows] == [keeper.user, deputy.user, keeper.user]
        assert {row.object_id for row in rows} == {str(note.pk)}
        told = [json.loads(row.change_message) for row in rows]
        assert told[0] == [{"added": {}}]
        assert told[1:] == [
            [{"changed": {"fields": ["approved"]}}],
            [{"changed": {"fields": ["taken off the page"]}}],
        ]
        assert "light" not in repr(list(LogEntry.objects.values()))

    def test_one_that_waits_is_put_aside(self, school: School, keeper: Person) -> None:
        note = withdraw_note(note=write(keeper, school), seen=Stage.WAITING, by=keeper.fresh())
        assert stage_of(note) is Stage.WITHDRAWN


class TestRefusals:
    def test_nobody_approves_their_own(self, school: School, deputy: Person) -> None:
        note = write(deputy, school)
        with pytest.raises(Refused, match="ask a colleague"):
            approve_note(note=note, by=deputy.fresh())
        director = make_person(school, "director")
        assert stage_of(approve_note(note=note, by=director.fresh())) is Stage.PUBLIC

    def test_the_database_knows_that_too(self, school: School, deputy: Person) -> None:
        note = write(deputy, school)
        for wrong in (
            {"approved_on": school.today(), "approved_by": deputy.user},
            {"approved_on": school.today()},
            {"approved_by": make_person(school, "director").user},
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                PublicNote.objects.filter(pk=note.pk).update(**wrong)

    @pytest.mark.parametrize(
        ("role", "writes", "approves"),
        [
            ("psychologist", True, False),
            ("social_pedagogue", True, False),
            ("deputy_director", True, True),
            ("director", False, True),
            ("phone_officer", False, False),
            ("commission_member", False, False),
            ("administrator", False, False),
        ],
    )
    def test_by_role(
        self, school: School, keeper: Person, role: str, *, writes: bool, approves: bool
    ) -> None:
        person = make_person(school, role, username=f"{role}.asked")
        note = write(keeper, school)
        if writes:
            assert write(person, school).pk
        else:
            with pytest.raises(Refused):
                write(person, school)
        if not (writes or approves):
            with pytest.raises(Refused):
                withdraw_note(note=note, seen=Stage.WAITING, by=person.fresh())
        if approves:
            assert approve_note(note=note, by=person.fresh()).is_public
        else:
            with pytest.raises(Refused):
                approve_note(note=note, by=person.fresh())

    def test_another_school_and_the_operator(self, school: School, keeper: Person) -> None:
        note = write(keeper, school)
        stranger = make_person(make_school("school-2"), "deputy_director")
        for person in (stranger, make_operator()):
            with pytest.raises(Refused):
                write(person, school)
            with pytest.raises(Refused):
                approve_note(note=note, by=person.fresh())
            with pytest.raises(Refused):
                withdraw_note(note=note, seen=Stage.WAITING, by=person.fresh())
        assert stage_of(PublicNote.objects.get()) is Stage.WAITING

    @pytest.mark.parametrize(
        ("facts", "why"),
        [
            ({"texts": {}}, "one language at least"),
            ({"texts": {"en": " \n "}}, "one language at least"),
            ({"about_nobody": False}, "nobody can be recognised"),
            ({"texts": {"en": "x" * (MOST_LENGTH + 1)}}, "is short"),
            ({"texts": {"en": "We answered K7QX-9M2T-4HWD-PZ3A."}}, "code of a letter"),
            ({"texts": {"en": "Fine.", "ru": "В 7Б теперь тихо."}}, "name a class"),
        ],
    )
    def test_what_is_not_written(
        self, school: School, keeper: Person, facts: dict[str, object], why: str
    ) -> None:
        with pytest.raises(Refused, match=why):
            write(keeper, school, **facts)
        assert not PublicNote.objects.exists()
        assert not LogEntry.objects.exists()

    def test_twice_and_too_late(self, school: School, keeper: Person, deputy: Person) -> None:
        note = write(keeper, school)
        approve_note(note=note, by=deputy.fresh())
        with pytest.raises(Conflict):
            approve_note(note=note, by=deputy.fresh())
        with pytest.raises(Conflict):
            withdraw_note(note=note, seen=Stage.WAITING, by=keeper.fresh())
        withdraw_note(note=note, seen=Stage.PUBLIC, by=keeper.fresh())
        for seen in Stage:
            with pytest.raises(Conflict):
                withdraw_note(note=note, seen=seen, by=keeper.fresh())
        with pytest.raises(Conflict):
            approve_note(note=note, by=deputy.fresh())


class TestWhatAClassIs:
    @pytest.mark.parametrize(
        "text", ["7Б", "в 10-А классе", "9 «В»", "11«А»", "7 “B”", "5A!", "(8Ә)", "12-Ғ сынып"]
    )
    def test_named(self, text: str) -> None:
        assert names_a_class(text)

    @pytest.mark.parametrize(
        "text",
        [
            "в 5–9 классах", "с 9 до 15 часов", "3D-принтер", "13Б", "в 7 Большой зал", "кабинет 207А",
            "№ 9 А. Орозбеков", "2026", "7-сынып", "за 5 Б.", "",
        ],
    )  # fmt: skip
    def test_not_named(self, text: str) -> None:
        assert not names_a_class(text)

    @given(st.text(max_size=200))
    def test_any_text_is_looked_at(self, text: str) -> None:
        assert names_a_class(f"{text} 7Б")


class TestOnThePages:
    def test_in_the_page_s_language_else_marked(
        self, school: School, keeper: Person, deputy: Person
    ) -> None:
        approve_note(note=write(keeper, school), by=deputy.fresh())
        for one in PAGES:
            assert '<div class="words" dir="auto"><p>The light works again.' in page(one)
            # Russian is missing: the school's main language stands in, and says which it is.
            assert '<div class="words" dir="auto" lang="kk"><p>Енді жарық' in page(one, "ru")

    def test_the_newest_three_and_all_of_them(
        self, school: School, keeper: Person, deputy: Person
    ) -> None:
        for number in range(1, 6):
            note = write(keeper, school, texts={"en": f"Change {number}."})
            approve_note(note=note, by=deputy.fresh())
        first, every = (page(one) for one in PAGES)
        assert [f"Change {number}." in first for number in range(1, 6)] == [False] * 2 + [True] * 3
        assert [f"Change {number}." in every for number in range(1, 6)] == [True] * 5
        assert every.index("Change 5.") < every.index("Change 1.")

    def test_words_are_words(self, school: School, keeper: Person, deputy: Person) -> None:
        note = write(keeper, school, texts={"en": "<b>New</b>\n\nlight & <script>"})
        approve_note(note=note, by=deputy.fresh())
        shown = Client().get("/en/school-1/changes/").content.decode()
        assert "&lt;b&gt;New&lt;/b&gt;</p>" in shown
        assert "<script>" not in shown

    def test_of_another_school_nothing_shows(
        self, school: School, keeper: Person, deputy: Person
    ) -> None:
        approve_note(note=write(keeper, school), by=deputy.fresh())
        make_school("school-2")
        assert "The light" not in page("/{}/school-2/changes/")
        assert "Nothing stands here yet." in page("/{}/school-2/changes/")
        assert "You told us" not in page("/{}/school-2/")

    def test_queries_are_the_same_for_many(
        self,
        school: School,
        keeper: Person,
        deputy: Person,
        django_assert_num_queries: object,
    ) -> None:
        Client().get("/en/school-1/")
        for count in (1, 30):
            for _number in range(count):
                approve_note(note=write(keeper, school), by=deputy.fresh())
            for one in PAGES:
                school_view.kept_pages.forget()
                changes.kept_pages.forget()
                with django_assert_num_queries(1):
                    Client().get(one.format("en"))

    def test_a_school_that_is_not(self) -> None:
        assert Client().get("/en/nowhere/changes/").status_code == 404
