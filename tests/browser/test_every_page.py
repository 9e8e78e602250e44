"""Every page in four languages, on a phone and on a desk: no axe finding, nothing beyond the edge, one language.

A page is opened once and looked at in both widths: axe, the edge and the words are asked of the same page.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from schools.languages import LANGUAGES
from tests.browser import places, public_places, reached_places, report_places
from tests.browser.coming import Way
from tests.browser.visits import DESKTOP, PHONE, Visit, visiting
from tests.browser.words import foreign_words
from tests.portal import Portal, serving

WCAG = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"],
    "resultTypes": ["violations"],
}
# A school for each language, so that no test waits for the letters of another.
SCHOOLS = {"kk": "it-lyceum", "ru": "sport-college", "ky": "zheenbaev", "en": "orozbekov"}
SMALLEST_PHONE, TABLET = 320, 820

axe = Axe()


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A portal of its own with a school that is not open yet as well, with one that has left, and with reports."""
    with serving(tmp_path_factory.mktemp("every-page")) as portal:
        portal.manage("shell", "-c", public_places.MAKE_NOT_OPEN + public_places.MAKE_LEFT)
        portal.manage("shell", "-c", report_places.MAKE_REPORTS)
        portal.manage("shell", "-c", reached_places.MAKE_REACHED)
        yield portal


@pytest.fixture(scope="module")
def visitor(chromium: Browser, furnished: Portal) -> Iterator[Visit]:
    """Somebody who has not signed in."""
    with visiting(chromium, furnished) as visit:
        yield visit


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return request.param


def _signed_in(chromium: Browser, portal: Portal, account: str, language: str) -> Iterator[Visit]:
    with visiting(chromium, portal) as visit:
        visit.sign_in(account, language)
        yield visit


@pytest.fixture(scope="module")
def key_holder(chromium: Browser, furnished: Portal, language: str) -> Iterator[Visit]:
    """A psychologist whose staff pages are in the language."""
    yield from _signed_in(chromium, furnished, f"psychologist.{SCHOOLS[language]}", language)


@pytest.fixture(scope="module")
def director(chromium: Browser, furnished: Portal, language: str) -> Iterator[Visit]:
    """The one who holds no key."""
    yield from _signed_in(chromium, furnished, f"director.{SCHOOLS[language]}", language)


@pytest.fixture(scope="module")
def operator(chromium: Browser, furnished: Portal, language: str) -> Iterator[Visit]:
    """The technical account."""
    yield from _signed_in(chromium, furnished, "operator", language)


@pytest.fixture(scope="module")
def analyst(chromium: Browser, furnished: Portal, language: str) -> Iterator[Visit]:
    """Somebody who sees the figures of a region's schools."""
    yield from _signed_in(chromium, furnished, "analyst.akzhol", language)


@pytest.fixture(scope="module")
def named(chromium: Browser, furnished: Portal, language: str) -> Iterator[Visit]:
    """The named person of a region."""
    yield from _signed_in(chromium, furnished, reached_places.ACCOUNT, language)


def axe_violations(page: Page) -> list[dict[str, Any]]:
    """What axe finds wrong; it is put into a page once, whatever the width."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe.axe_script)
    return page.evaluate("how => axe.run(how).then(found => found.violations)", WCAG)


def look_at(visit: Visit, name: str, way: Way, language: str, narrow: int) -> None:
    """Come to the page; it must be whole, readable to all, and in one language."""
    page = visit.page
    page.set_viewport_size(DESKTOP)
    way(visit, language, SCHOOLS[language])
    faults: list[str] = []
    if page.locator("html").get_attribute("lang") != language:
        faults.append("another language than asked for")
    faults += foreign_words(page, language)
    faults += visit.complaints
    for width in (DESKTOP, PHONE):
        page.set_viewport_size(width)
        faults += [
            f"{width['width']} px: {finding['id']}: {finding['nodes'][0]['html'][:200]}"
            for finding in axe_violations(page)
        ]
        visit.picture(f"{name}-{language}-{width['width']}")
    page.set_viewport_size({"width": narrow, "height": 800})
    beyond = visit.hidden_beyond_the_edge()
    if beyond > 0:
        faults.append(f"{narrow} px: {beyond} px beyond the edge")
    visit.complaints.clear()  # what axe itself tried; the page's own are among the faults
    assert not faults, "\n".join(dict.fromkeys(faults))


@pytest.mark.parametrize("name", [*public_places.PUBLIC, *places.SIGNED_OUT])
def test_a_page_for_everybody(visitor: Visit, language: str, name: str) -> None:
    way = (public_places.PUBLIC | places.SIGNED_OUT)[name]
    look_at(visitor, name, way, language, SMALLEST_PHONE)


@pytest.mark.parametrize("name", places.KEY_HOLDER)
def test_a_page_of_a_key_holder(key_holder: Visit, language: str, name: str) -> None:
    look_at(key_holder, name, places.KEY_HOLDER[name], language, TABLET)


@pytest.mark.parametrize("name", places.WITHOUT_KEY)
def test_a_page_without_the_key(director: Visit, language: str, name: str) -> None:
    look_at(director, name, places.WITHOUT_KEY[name], language, TABLET)


@pytest.mark.parametrize("name", places.ANALYST)
def test_a_page_of_an_analyst(analyst: Visit, language: str, name: str) -> None:
    look_at(analyst, name, places.ANALYST[name], language, TABLET)


@pytest.mark.parametrize("name", reached_places.NAMED)
def test_a_page_of_a_named_person(named: Visit, language: str, name: str) -> None:
    look_at(named, name, reached_places.NAMED[name], language, TABLET)


@pytest.mark.parametrize("name", places.OPERATOR)
def test_a_page_of_the_operator(operator: Visit, language: str, name: str) -> None:
    look_at(operator, name, places.OPERATOR[name], language, TABLET)
