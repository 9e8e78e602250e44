"""«Ways to the box»: who takes them, and that every piece is whole and without a script."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from box.selectors import forget_boxes
from schools.models import School
from tests.factories import Person, make_operator, make_person, make_school, signed_in_client

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/ways/school-1/"
_AREA = re.compile(r'<textarea id="([^"]+)"[^>]* readonly[^>]*>(.*?)</textarea>', re.DOTALL)


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    forget_boxes()


@pytest.fixture
def school() -> School:
    return make_school(school_fields={"site": "https://school.example.kz/contacts/"})


@pytest.fixture
def keeper(school: School) -> Person:
    return make_person(school, "psychologist", with_key=True)


def pieces(client: Client, query: str = "") -> dict[str, str]:
    """What is there to copy, by its id, as it lands in another page."""
    page = client.get(ADDRESS + query).content.decode()
    return {name: unescape(text) for name, text in _AREA.findall(page)}


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("psychologist", 200),
        ("social_pedagogue", 200),
        ("deputy_director", 200),
        ("director", 200),
        ("administrator", 200),
        ("commission_member", 404),
        ("region_analyst", 404),
    ],
)
def test_who_takes_them(school: School, role: str, status: int) -> None:
    client = signed_in_client(make_person(school, role))
    assert client.get(ADDRESS).status_code == status
    first = client.get("/admin/ways/")
    if status == 200:
        assert first.headers["Location"] == ADDRESS
        assert "/admin/ways/" in client.get("/admin/").content.decode()
    else:
        assert first.status_code == 403
        assert "/admin/ways/" not in client.get("/admin/").content.decode()


def test_another_school_s_are_not_there(keeper: Person) -> None:
    stranger = make_person(make_school("school-2"), "director")
    assert signed_in_client(stranger).get(ADDRESS).status_code == 404
    assert signed_in_client(keeper).post(ADDRESS).status_code == 405


def test_whoever_has_several_schools_chooses(school: School) -> None:
    make_school("school-2")
    page = signed_in_client(make_operator("operator.ways")).get("/admin/ways/").content.decode()
    for slug in ("school-1", "school-2"):
        assert f'href="/admin/ways/{slug}/"' in page


def test_paper_in_each_language_and_in_the_school_s_two(keeper: Person) -> None:
    page = signed_in_client(keeper).get(ADDRESS).content.decode()
    wanted = [f"/{code}/school-1" for code in ("kk", "ru", "ky", "en")]
    for start in wanted:
        assert f'href="{start}/poster.pdf"' in page
        assert f'href="{start}/cards.pdf"' in page
    assert 'href="/kk/school-1/poster.pdf?also=ru"' in page
    assert "Қазақша and Русский" in page
    for link in re.findall(r'href="(/[a-z]{2}/school-1/[^"]+)"', page):
        assert "regulation" in link or "poster" in link or "cards" in link


def test_the_snippets_are_plain_html_in_the_language_that_was_chosen(keeper: Person) -> None:
    client = signed_in_client(keeper)
    found = pieces(client, "?language=ru")
    assert found["snippet-link"] == (
        '<a href="http://testserver/ru/school-1/" lang="ru">Ящик доверия</a>'
    )
    assert found["snippet-button"].startswith('<a href="http://testserver/ru/school-1/"')
    assert "Написать в ящик доверия" in found["snippet-button"]
    assert found["snippet-frame"].startswith('<iframe src="http://testserver/ru/school-1/embed/"')
    assert found["kiosk-address"] == "http://testserver/ru/school-1/kiosk/"
    assert found["kiosk-command"].endswith(" http://testserver/ru/school-1/kiosk/")
    assert "<script" not in "".join(found.values())
    # The school's main language where none, or an unknown one, is asked for.
    for query in ("", "?language=xx"):
        assert 'lang="kk"' in pieces(client, query)["snippet-link"]


def test_what_a_school_calls_its_box_breaks_out_of_no_snippet(
    keeper: Person, school: School
) -> None:
    school.regulations.update(box_names={"kk": '"><script>alert(1)</script>'})
    School.objects.update(colour="#7a1f5a")
    found = pieces(signed_in_client(keeper))
    assert all("<script" not in piece for piece in found.values())
    assert "&quot;&gt;&lt;script&gt;" in found["snippet-frame"]
    assert "#7a1f5a" in found["snippet-button"]


def test_without_a_site_there_is_no_frame_and_it_is_said(school: School, keeper: Person) -> None:
    client = signed_in_client(keeper)
    page = client.get(ADDRESS).content.decode()
    assert "It works on pages of https://school.example.kz alone" in page
    School.objects.update(site="")
    forget_boxes()
    page = client.get(ADDRESS).content.decode()
    assert "snippet-frame" not in page
    assert "name no site yet" in page
    change = f"/admin/schools/school/{school.pk}/change/"
    assert change not in page
    administrator = signed_in_client(make_person(school, "administrator"))
    assert change in administrator.get(ADDRESS).content.decode()


def test_what_is_not_ready_yet_is_said(school: School, settings: Any) -> None:
    client = signed_in_client(make_person(school, "administrator"))
    page = client.get(ADDRESS).content.decode()
    assert "no public address yet" in page
    assert "The box is not open yet" in page
    make_person(school, "psychologist", with_key=True)
    settings.BASE_URL = "https://box.example.kz"
    forget_boxes()
    page = client.get(ADDRESS).content.decode()
    assert "no public address yet" not in page
    assert "The box is not open yet" not in page
    assert "box.example.kz/school-1" in page
    assert pieces(client)["kiosk-address"] == "https://box.example.kz/kk/school-1/kiosk/"


def test_a_school_without_rules(school: School) -> None:
    school.regulations.all().delete()
    page = signed_in_client(make_person(school, "administrator")).get(ADDRESS).content.decode()
    assert "/regulation/" not in page
    assert (
        "Сенім жәшігі" in pieces(signed_in_client(make_person(school, "director")))["snippet-link"]
    )
