"""Where a visitor comes in, and what a school's page says."""

import re

import pytest
from django.test import Client
from django.utils import translation

from schools.emergency import EMERGENCY_NUMBERS, emergency_numbers
from schools.models import Region, School, TrustPhone
from schools.roles import ROLE_NAMES
from tests.box.author import Author, words
from tests.factories import Person, make_person, make_school

pytestmark = pytest.mark.django_db


def get(path: str, accept: str = "") -> object:
    return Client(headers={"accept-language": accept} if accept else {}).get(path)


class TestStart:
    @pytest.mark.parametrize(
        ("accept", "language"),
        [
            ("ru-RU,ru", "ru"),
            ("kk", "kk"),
            ("en-US,ru;q=0.5", "kk"),
            ("fr", "kk"),
            ("", "kk"),
            ("*;;", "kk"),
        ],
    )
    def test_one_school_in_the_best_language(
        self, school: School, accept: str, language: str
    ) -> None:
        for path in ("/", "/school-1/"):
            response = get(path, accept)
            assert response.status_code == 302
            assert response.headers["Location"] == f"/{language}/school-1/"
            assert "Accept-Language" in response.headers["Vary"]

    def test_one_school_in_a_language_asked_for(self, school: School) -> None:
        assert get("/en/").headers["Location"] == "/en/school-1/"

    def test_several_schools(self, school: School) -> None:
        make_school("school-2", country="KG", names={"ky": "Экинчи мектеп"})
        response = get("/", "ru")
        assert response.headers["Content-Language"] == "ru"
        page = words(response)
        assert "Первая школа" in page
        assert '<span lang="ky">Экинчи мектеп</span>' in page
        assert 'href="/ru/school-2/"' in page

    @pytest.mark.parametrize(
        ("typed", "found"),
        [
            ("перв", ["school-1"]),
            ("МЕКТЕП", ["school-1", "school-2"]),
            ("nothing", []),
            ("first SCHOOL", ["school-1"]),
        ],
    )
    def test_search(self, school: School, typed: str, found: list[str]) -> None:
        make_school("school-2", country="KG", names={"ky": "Экинчи мектеп"})
        page = words(Client().get("/en/", {"q": typed}))
        assert sorted(set(re.findall(r'href="/en/(school-\d)/"', page))) == found
        assert f'value="{typed}"' in page
        assert ("No school was found" in page) == (not found)

    @pytest.mark.parametrize("typed", ["\0", "x" * 5000, "%ff", "<b>", "\ud800"])
    def test_search_for_anything(self, school: School, typed: str) -> None:
        make_school("school-2")
        response = Client().get("/en/", {"q": typed.encode("utf-8", "surrogatepass")})
        assert response.status_code == 200
        assert "<b>" not in words(response) or typed == "<b>"

    def test_list_costs_the_same_for_many(
        self, school: School, django_assert_num_queries: object
    ) -> None:
        for number in range(2, 60):
            make_school(f"school-{number}")
        with django_assert_num_queries(2):
            page = words(get("/en/"))
        assert "And 9 more schools" in page

    def test_no_school_yet(self) -> None:
        assert "no school here yet" in words(get("/", "en"))

    def test_reply_without_a_language(self) -> None:
        assert get("/reply/", "ky").headers["Location"] == "/ky/reply/"


class TestSchoolPage:
    def test_says_who_when_and_where_to_call(self, school: School, keeper: Person) -> None:
        TrustPhone.objects.create(
            school=school,
            names={"en": "Trust phone"},
            number="+7 715 200 00 33",
            hours={"en": "9–18"},
        )
        page = words(get("/en/school-1/"))
        for said in (
            "psychologist",
            "The box is opened next: <b>Friday",
            "9–18",
        ):
            assert said in page
        assert 'href="tel:+77152000033"' in page
        assert 'href="/en/school-1/write/"' in page
        assert 'href="/en/reply/"' in page

    @pytest.mark.parametrize(
        ("days", "says"),
        [
            (5, "within 5 working days"),
            (1, "within 1 working day."),
            (None, "as soon as they have"),
        ],
    )
    def test_reply_deadline(self, days: int | None, says: str) -> None:
        make_person(make_school(reply_days=days), "psychologist", with_key=True)
        assert says in words(get("/en/school-1/"))

    @pytest.mark.parametrize("language", ["kk", "ru", "ky", "en"])
    def test_every_language_for_every_school(self, keeper: Person, language: str) -> None:
        response = get(f"/{language}/school-1/")
        page = words(response)
        assert f'<html lang="{language}">' in page
        assert response.headers["Content-Language"] == language
        order = re.findall(r'hreflang="(..)"', page)
        assert order == ["kk", "ru", "ky", "en"]

    def test_own_languages_come_first(self) -> None:
        make_school(country="KG")
        order = re.findall(r'hreflang="(..)"', words(get("/en/school-1/")))
        assert order == ["ky", "ru", "kk", "en"]

    def test_name_from_another_language_says_so(self, keeper: Person) -> None:
        assert '<span lang="kk">Бірінші мектеп</span>' in words(get("/ky/school-1/"))

    def test_box_not_open_yet(self, school: School) -> None:
        page = words(get("/en/school-1/"))
        assert "not open yet" in page
        assert "/write/" not in page
        assert 'href="tel:111"' in page

    @pytest.mark.parametrize("is_demo", [True, False])
    def test_demonstration_is_said_on_every_page(self, is_demo: bool) -> None:
        school = make_school(school_fields={"is_demo": is_demo})
        make_person(school, "psychologist", with_key=True)
        author = Author()
        for path in ("/en/school-1/", "/en/school-1/write/", "/en/school-1/sent/", "/en/reply/"):
            assert ("Demonstration" in words(author.client.get(path))) == is_demo, path
        assert ("Demonstration" in words(author.write(text=""))) == is_demo


class TestEmergencyNumbers:
    def test_of_each_country(self) -> None:
        numbers = {
            country: [item.number for item in given] for country, given in EMERGENCY_NUMBERS.items()
        }
        assert numbers == {"KZ": ["111", "112", "150"], "KG": ["111", "112", "102"]}
        assert set(numbers) == set(School.Country.values)
        assert [item.number for item in emergency_numbers("")] == ["112"]

    def test_say_who_answers(self) -> None:
        with translation.override("en"):
            for given in EMERGENCY_NUMBERS.values():
                assert all(str(item.answers) for item in given)


def test_no_page_leads_elsewhere_or_to_nothing(school: School, keeper: Person) -> None:
    author = Author()
    author.look()
    for path in ("/en/school-1/", "/en/school-1/write/", "/en/school-1/sent/", "/en/reply/"):
        page = words(author.client.get(path))
        for address in re.findall(r'(?:href|src|action|formaction)="([^"#]+)"', page):
            if address.startswith(("tel:", "/static/", "https://en.wikipedia.org/")):
                continue
            assert author.client.get(address, follow=True).status_code == 200, address
        assert 'rel="noreferrer" data-leave' in page
        assert " style=" not in page
        assert "onclick" not in page


@pytest.mark.parametrize("page", ["", "write/"])
def test_who_reads_is_told_by_the_key_and_not_by_the_regulation(page: str) -> None:
    school = make_school("other", keepers=["deputy_director"])
    make_person(school, "psychologist", with_key=True)
    make_person(school, "deputy_director")
    shown = words(get(f"/en/{school.slug}/{page}"))
    with translation.override("en"):
        assert str(ROLE_NAMES["psychologist"]) in shown
        assert str(ROLE_NAMES["deputy_director"]) not in shown


def test_schools_of_one_name_are_told_apart_by_their_region(school: School) -> None:
    whole = Region.objects.create(slug="north", names={"en": "North", "ru": "СЕВЕР"})
    for slug, place in (("left", "Left bank"), ("right", "Right bank")):
        region = Region.objects.create(slug=slug, names={"en": place}, parent=whole)
        made = make_school(slug, names={"en": "School 5", "kk": "№ 5 МЕКТЕП"})
        School.objects.filter(pk=made.pk).update(region=region)
    page = words(Client().get("/en/"))
    assert "School 5<br><small>Left bank</small>" in page
    for typed, found in (
        ("school 5 right", ["right"]),
        ("север мектеп", ["left", "right"]),
        ("bank", ["left", "right"]),
    ):
        page = words(Client().get("/en/", {"q": typed}))
        assert sorted(set(re.findall(r'href="/en/(left|right|school-1)/"', page))) == found, typed
