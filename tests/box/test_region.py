"""The public pages say who outside the school reads a letter, and when: in plain words, and only what is kept."""

import pytest
from django.test import Client

from box.models import Letter
from box.selectors import forget_boxes
from box.services import following
from box.views import school as school_view
from box.views import writing
from journal.services import at_region
from schools.models import Region, Regulation, School, SignOfLife
from schools.services.being_there import be_seen
from tests import factories
from tests.box.author import LETTER, Author, code_on, words
from tests.factories import Person, make_person
from tests.journal.region.regional import officer_of
from vault import receipts

pytestmark = pytest.mark.django_db
WHO = "named person of the region, en oblast"
NOT_BEFORE = "can open your letter then. Not before."


def forget() -> None:
    forget_boxes()
    writing.kept_pages.forget()
    school_view.kept_pages.forget()


@pytest.fixture
def officer(school: School, keeper: Person) -> Person:
    """The region has a named person, and a worker runs the clock."""
    be_seen()
    school.region = factories.make_region("oblast")
    school.save()
    person = officer_of(school.region, "officer", full_name="Айша Омарова")
    forget()
    return person


def page(address: str) -> str:
    return " ".join(words(Client().get(address)).split())


def found(officer: Person, name: str = "") -> str:
    return page(f"/en/school-1/{name}")


class TestBefore:
    def test_the_schools_page_says_who_and_when(self, officer: Person) -> None:
        text = found(officer)
        assert WHO in text
        assert "Is it about all of them? Then nobody at the school can open it" in text
        assert "nobody at the school answers, and can open your letter then. Not before." in text

    def test_the_form_says_it_with_minutes(self, officer: Person, school: School) -> None:
        Regulation.objects.filter(school=school).update(
            danger_minutes=10, danger_minutes_at_night=40
        )
        forget()
        text = found(officer, "write/")
        assert "has answered after 30 min (at night 120 min)" in text and NOT_BEFORE in text
        assert "If you tick this, nobody at the school can open your letter" in text
        assert "please call one of the numbers above instead" not in text

    def test_the_name_stands_there_where_names_are_published(
        self, officer: Person, school: School
    ) -> None:
        assert "Айша Омарова" not in found(officer)
        Regulation.objects.filter(school=school).update(names_published=True)
        forget()
        assert f"{WHO} (Айша Омарова)" in found(officer)

    def test_of_danger_nothing_is_promised_where_nobody_runs_the_clock(
        self, officer: Person
    ) -> None:
        SignOfLife.objects.all().delete()
        forget()
        for name in ("", "write/"):
            assert NOT_BEFORE not in found(officer, name)
            assert WHO in found(officer, name)

    @pytest.mark.parametrize("why", ["nobody", "no pair", "inside"])
    def test_nothing_is_said_where_there_is_nobody(
        self, officer: Person, school: School, why: str
    ) -> None:
        if why == "nobody":
            Region.objects.update(officer=None)
        elif why == "no pair":
            officer.user.public_key = b""
            officer.user.save()
        else:
            officer.user.memberships.create(school=school, role_id="administrator")
        forget()
        for name in ("", "write/"):
            text = found(officer, name)
            assert "outside the school" not in text and WHO not in text
        assert "please call one of the numbers above instead" in found(officer, "write/")

    @pytest.mark.parametrize("language", ["kk", "ru", "ky", "en"])
    def test_in_every_language(self, officer: Person, language: str) -> None:
        assert f"{language} oblast" in page(f"/{language}/school-1/")
        assert f"{language} oblast" in page(f"/{language}/school-1/write/")


class TestAfter:
    def sent(self, **more: object) -> tuple[str, str]:
        author = Author()
        response = author.write({**LETTER, "about": ["psychologist"], **more})
        shown = author.client.get(response.headers["Location"])
        return " ".join(words(shown).split()), code_on(shown) or ""

    def test_a_letter_about_everybody_says_who_alone_can_open_it(self, officer: Person) -> None:
        text, _code = self.sent()
        assert "Thank you. Your letter is sent." in text
        assert f"Only one person, outside the school, can open it: <b>{WHO}</b>" in text
        assert "Nobody at the school can open it or learns of it." in text
        assert "It gets a number" not in text
        assert Letter.objects.get().state == Letter.State.AT_REGION

    def test_danger_in_it_is_told_as_it_is(self, officer: Person) -> None:
        text, _code = self.sent(danger="on")
        assert "Nobody at the school can open your letter. It is for somebody outside" in text
        assert "The people of the school see it" not in text and NOT_BEFORE not in text

    def test_the_code_shows_with_whom_it_is(self, officer: Person) -> None:
        _text, code = self.sent()
        letter = Letter.objects.get()
        assert "It is with somebody outside the school" in self.looked_up(code)
        at_region.reach_with_letter(letter.pk)
        following.tell_taken_by_region(letter_id=letter.pk, on=letter.school.today())
        text = self.looked_up(code)
        assert "Somebody outside the school is dealing with it" in text and WHO in text
        assert "Taken out of the box" not in text

    def test_the_code_shows_that_somebody_else_was_called(
        self, officer: Person, school: School
    ) -> None:
        code = receipts.new_code()
        letter = factories.send_letter(school, danger=True, code=code)
        assert "somebody outside the school was called too" not in self.looked_up(code)
        following.tell_with_region(letter_id=letter.pk)
        assert "somebody outside the school was called too" in self.looked_up(code)

    def looked_up(self, code: str) -> str:
        return " ".join(words(Client().post("/en/reply/", {"code": code})).split())


def test_an_analyst_is_nobody_to_whom_letters_go(school: School, keeper: Person) -> None:
    make_person(school, "region_analyst")
    forget()
    assert "outside the school" not in page("/en/school-1/")
