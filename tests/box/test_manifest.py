"""The school's page on a phone's home screen: a plain word under a plain icon, and no script anywhere."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image

from box.selectors import forget_boxes
from schools.models import School
from tests.box.author import words
from tests.factories import Person

pytestmark = pytest.mark.django_db

STATIC = Path(settings.STATICFILES_DIRS[0])
# What would tell a stranger who looks at the phone.
TELLING = ("trust", "довер", "сенім", "ишеним", "box", "ящик", "letter", "хат", "кат", "help")


def manifest(language: str = "en") -> dict[str, object]:
    return json.loads(Client().get(f"/{language}/school-1/manifest.webmanifest").content)


def file_of(icon: dict[str, str]) -> Path:
    return STATIC / icon["src"].removeprefix("/static/")


@pytest.mark.parametrize(
    ("language", "word"), [("kk", "Мектеп"), ("ru", "Школа"), ("ky", "Мектеп"), ("en", "School")]
)
def test_under_the_icon_stands_a_plain_word(school: School, language: str, word: str) -> None:
    told = manifest(language)
    assert told["short_name"] == word
    assert told["name"] == school.name_in(language)
    shown = f"{told['name']} {told['short_name']}".casefold()
    assert not [sign for sign in TELLING if sign in shown]
    page = words(Client().get(f"/{language}/school-1/"))
    assert f'<meta name="apple-mobile-web-app-title" content="{word}">' in page
    assert f"“{word}”" in page or f"«{word}»" in page, "the page says what will stand there"


def test_opens_the_school_s_page_in_the_browser_itself(school: School) -> None:
    told = manifest("kk")
    assert told["start_url"] == told["id"] == "/kk/school-1/"
    assert Client().get(told["start_url"]).status_code == 200
    # In a window without the browser's bars «Leave this page» would lead to a page that lies over this one.
    assert told["display"] == "browser"
    assert told["start_url"].startswith(told["scope"])
    assert told["lang"] == "kk"


def test_icons_are_what_they_are_said_to_be(school: School) -> None:
    icons = manifest()["icons"]
    assert [(icon["sizes"], icon["purpose"]) for icon in icons] == [
        ("192x192", "any"),
        ("512x512", "any"),
        ("512x512", "maskable"),
    ]
    for icon in icons:
        with Image.open(file_of(icon)) as opened:
            assert f"{opened.width}x{opened.height}" == icon["sizes"]
            assert Image.MIME[opened.format] == icon["type"] == "image/png"
            corner = opened.convert("RGBA").getpixel((0, 0))
        # What is cut into a circle must be full to its edge.
        assert corner[3] == (255 if icon["purpose"] == "maskable" else 0)
        assert file_of(icon).stat().st_size < 10_000
    with Image.open(STATIC / "box/home-180.png") as apple:
        assert apple.size == (180, 180)
        assert apple.convert("RGBA").getpixel((0, 0))[3] == 255


def test_how_it_is_served(school: School, keeper: Person) -> None:
    answer = Client().get("/en/school-1/manifest.webmanifest")
    assert answer.headers["Content-Type"] == "application/manifest+json"
    assert "Set-Cookie" not in answer.headers
    assert "manifest-src 'self'" in answer.headers["Content-Security-Policy"]
    assert Client().get("/en/nowhere/manifest.webmanifest").status_code == 404
    assert Client().post("/en/school-1/manifest.webmanifest").status_code == 405
    page = words(Client().get("/en/school-1/"))
    assert '<link rel="manifest" href="/en/school-1/manifest.webmanifest">' in page
    assert '<link rel="apple-touch-icon" href="/static/box/home-180.png">' in page
    # The form, which must be light on a slow phone, asks for none of it.
    form = words(Client().get("/en/school-1/write/"))
    assert not re.search("manifest|apple-touch-icon", form)


def test_the_colour_of_the_school_is_that_of_the_bar(school: School) -> None:
    assert manifest()["theme_color"] == "#0f6b6b"
    School.objects.update(colour="#1f5fa8")
    forget_boxes()
    assert manifest()["theme_color"] == "#1f5fa8"


def test_no_service_worker_anywhere() -> None:
    sources = [*STATIC.rglob("*.js"), *Path("templates").rglob("*.html")]
    assert len(sources) > 50
    assert not [path for path in sources if "serviceWorker" in path.read_text()]
