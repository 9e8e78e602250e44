"""A school's own colour and logo on its public pages: kept long, changed with their address, and nobody else's."""

import gzip
import hashlib
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from box.look import style_in
from box.selectors import forget_boxes
from box.views import school as school_view
from schools.models import Logo, School
from tests.box.author import Author, words
from tests.box.files.samples import picture
from tests.factories import Person, make_school

pytestmark = pytest.mark.django_db

STYLE = re.compile(r'<link rel="stylesheet" href="([^"]+)">')


def fresh(path: str) -> str:
    forget_boxes()
    school_view.kept_pages.forget()
    return words(Client().get(path))


def style_on(page: str) -> str:
    return STYLE.search(page).group(1)


def with_logo(school: School, png: bytes | None = None) -> Logo:
    png = png or picture("PNG", size=(40, 20))
    return Logo.objects.create(
        school=school, png=png, width=40, height=20, digest=hashlib.sha256(png).hexdigest()
    )


def test_without_a_colour_the_page_is_as_it_was(keeper: Person) -> None:
    page = fresh("/en/school-1/")
    assert style_on(page) == "/static/box/box.css"
    assert '<meta name="theme-color" content="#0f6b6b">' in page
    assert "logo" not in page


def test_a_colour_is_in_one_style_of_the_school(school: School, keeper: Person) -> None:
    School.objects.filter(pk=school.pk).update(colour="#7A1F5C")
    for path in ("/en/school-1/", "/en/school-1/write/", "/kk/school-1/changes/"):
        page = fresh(path)
        address = style_on(page)
        assert re.fullmatch(r"/school-1/style-[0-9a-f]{12}\.css", address), path
        assert STYLE.findall(page) == [address], "no request more than without a colour"
        assert '<meta name="theme-color" content="#7A1F5C">' in page
    answer = Client().get(address)
    assert answer.headers["Content-Type"] == "text/css"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    style = answer.content.decode()
    assert ":root{--brand:#7a1f5c;" in style
    assert ".btn-primary" in style and "var(--brand)" in style
    # The school's shades come last: they win over the portal's.
    assert style.rindex("--brand:") > style.index(".btn-primary")
    packed = Client(headers={"accept-encoding": "gzip"}).get(address)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert gzip.decompress(packed.content).decode() == style
    assert len(packed.content) < 9_000


def test_the_form_in_colour_is_as_light_as_without(school: School, keeper: Person) -> None:
    School.objects.filter(pk=school.pk).update(colour="#7a1f5c")
    forget_boxes()
    page = Author(language="en").look().content.decode()
    asked = set(re.findall(r'(?:src|href)="(/static/[^"]+|/school-1/style[^"]+)"', page))
    assert len(asked) + 1 <= 4


def test_a_style_of_before_leads_to_the_one_of_now(school: School, keeper: Person) -> None:
    School.objects.filter(pk=school.pk).update(colour="#7a1f5c")
    old = style_on(fresh("/en/school-1/"))
    School.objects.filter(pk=school.pk).update(colour="#1f5fa8")
    new = style_on(fresh("/en/school-1/"))
    assert old != new
    answer = Client().get(old)
    assert (answer.status_code, answer.headers["Location"]) == (302, new)
    assert answer.headers["Cache-Control"] == "no-store"
    School.objects.filter(pk=school.pk).update(colour="")
    forget_boxes()
    assert Client().get(new).headers["Location"] == "/static/box/box.css"


def test_a_colour_of_another_school_is_not_served(school: School, keeper: Person) -> None:
    make_school("school-2", school_fields={"colour": "#1f5fa8"})
    mark = style_in("#1f5fa8").mark
    assert Client().get(f"/school-2/style-{mark}.css").status_code == 200
    assert Client().get(f"/school-1/style-{mark}.css").status_code == 302
    assert Client().get(f"/nowhere/style-{mark}.css").status_code == 404
    assert Client().post(f"/school-2/style-{mark}.css").status_code == 405


class TestLogo:
    def test_stands_on_the_page_with_its_size_and_the_name_of_the_school(
        self, school: School, keeper: Person
    ) -> None:
        logo = with_logo(school)
        page = fresh("/ru/school-1/")
        address = f"/school-1/logo-{logo.digest[:12]}.png"
        expected = f'src="{address}" width="40" height="20" alt="Первая школа">'
        assert expected in page
        answer = Client().get(address)
        assert answer.content == bytes(logo.png)
        assert answer.headers["Content-Type"] == "image/png"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Set-Cookie" not in answer.headers

    def test_another_picture_has_another_address(self, school: School, keeper: Person) -> None:
        logo = with_logo(school)
        address = f"/school-1/logo-{logo.digest[:12]}.png"
        other = picture("PNG", size=(20, 40))
        Logo.objects.update(png=other, digest=hashlib.sha256(other).hexdigest())
        assert address not in fresh("/ru/school-1/")
        assert Client().get(address).status_code == 404
        Logo.objects.all().delete()
        assert "logo-" not in fresh("/ru/school-1/")

    def test_is_not_read_with_every_page(self, school: School, keeper: Person) -> None:
        with_logo(school)
        forget_boxes()
        school_view.kept_pages.forget()
        with CaptureQueriesContext(connection) as asked:
            Client().get("/en/school-1/")
        logos = [query["sql"] for query in asked if "schools_logo" in query["sql"]]
        assert len(logos) == 1
        assert '"png"' not in logos[0]

    def test_of_a_school_without_one(self, school: School) -> None:
        assert Client().get("/school-1/logo-000000000000.png").status_code == 404
        assert Client().get("/nowhere/logo-000000000000.png").status_code == 404


def test_the_portal_has_no_style_for_a_page_of_no_school(school: School) -> None:
    make_school("school-2", school_fields={"colour": "#1f5fa8"})
    assert style_on(words(Client().get("/en/"))) == "/static/box/box.css"
