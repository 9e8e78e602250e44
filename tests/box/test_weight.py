"""The first visit of the form on a slow phone: under 30 kB, in at most four requests."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings

from tests.box.author import Author
from tests.factories import Person

MOST_BYTES, MOST_REQUESTS = 30_000, 4
HEADERS_EACH = 700

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["kk", "ru", "ky", "en"])
def test_first_visit_is_light(keeper: Person, language: str) -> None:
    page = Author(language=language).look()
    html = page.content.decode()
    files = set(re.findall(r'(?:src|href)="/static/([^"]+)"', html))
    # The page itself carries a token and is sent as it is; the files are compressed once for all.
    weight = len(page.content) + HEADERS_EACH
    for name in files:
        content = (Path(settings.STATICFILES_DIRS[0]) / name).read_bytes()
        weight += len(gzip.compress(content, 9)) + HEADERS_EACH
    assert files == {"box/box.css", "box/box.js", "box/icon.svg"}
    # An icon that is also a picture on the page would be asked for twice.
    assert html.count("icon.svg") == 1
    assert 1 + len(files) <= MOST_REQUESTS
    assert weight < MOST_BYTES


def test_style_asks_for_nothing_more() -> None:
    style = (Path(settings.STATICFILES_DIRS[0]) / "box/box.css").read_text()
    assert all(address.startswith('"data:') for address in re.findall(r"url\(([^)]+)\)", style))
    assert "@import" not in style
    assert "@font-face" not in style
