"""Tor Browser's safest level: no script runs, no drawing, font or media comes in. Everything that matters still works.

Chromium stands in for it: scripts are off, SVG (in files and in the page itself), fonts and media are taken away on
their way to it, as that level does.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Route

from tests.browser.visits import READING_SECONDS, Visit, visiting
from tests.portal import Portal

SCHOOL = "sport-college"
TEXT = "Бұл хатты қауіпсіз браузерден жазып отырмын, оны ешкім көрмейді."
NARROWEST = {"width": 320, "height": 640}
_DRAWINGS = re.compile(r"<svg\b.*?</svg>", re.DOTALL)


def _without_drawings(route: Route) -> None:
    if route.request.resource_type in ("font", "media") or ".svg" in route.request.url:
        route.abort()
        return
    answer = route.fetch(max_redirects=0)
    if "text/html" in answer.headers.get("content-type", ""):
        route.fulfill(response=answer, body=_DRAWINGS.sub("", answer.text()))
    else:
        route.fulfill(response=answer)


@pytest.fixture
def safest(chromium: Browser, portal: Portal) -> Iterator[Visit]:
    """A small phone at that level."""
    options = {"viewport": NARROWEST, "java_script_enabled": False, "service_workers": "block"}
    with visiting(chromium, portal, **options) as visit:
        visit.page.route("**/*", _without_drawings)
        yield visit
        visit.complaints.clear()  # what was taken away on purpose


@pytest.mark.parametrize("language", ["kk", "ru", "ky", "en"])
def test_the_school_s_page_says_everything(safest: Visit, language: str) -> None:
    safest.go(f"/{language}/{SCHOOL}/")
    page = safest.page
    assert page.locator("svg").count() == 0
    assert page.locator("a.btn-primary").is_visible()
    for heading in ("help-now", "what-happens", "no-name", "phones", "more"):
        assert page.locator(f"#{heading}").inner_text().strip()
    assert page.locator(".answered b").inner_text().strip()
    # What a fold hides opens without a script.
    page.click("main details summary")
    assert page.locator("main details ul").is_visible()
    for link in page.locator("a").all():
        assert link.inner_text().strip(), link.get_attribute("href")
    widest = max(box["x"] + box["width"] for box in _boxes(safest))
    assert widest <= NARROWEST["width"]


def _boxes(visit: Visit) -> list[dict[str, float]]:
    found = [part.bounding_box() for part in visit.page.locator("main > *, main a, header *").all()]
    return [box for box in found if box]


def test_from_the_page_to_the_reply(safest: Visit) -> None:
    page = safest.page
    safest.go(f"/kk/{SCHOOL}/")
    page.click("a.btn-primary")
    page.check("input[name=audience] >> nth=0")
    page.fill("[name=text]", TEXT)
    page.wait_for_timeout(READING_SECONDS * 1000)
    page.click("form.letter button.btn-primary")
    page.wait_for_url("**/sent/**")
    code = page.inner_text(".code").strip()
    safest.go(f"/kk/{SCHOOL}/")
    page.click(".doors a.btn-quiet")
    page.fill("[name=code]", code)
    page.click("form.letter button.btn-primary")
    page.wait_for_selector("h2#state")
    assert page.locator(".receipt").first.inner_text().strip()


def test_the_page_can_be_put_on_the_home_screen(chromium: Browser, portal: Portal) -> None:
    """Chromium reads the manifest itself, and finds nothing wrong in it."""
    with visiting(chromium, portal) as visit:
        visit.go(f"/ky/{SCHOOL}/")
        wired = visit.page.context.new_cdp_session(visit.page)
        read = wired.send("Page.getAppManifest")
        assert read["url"].endswith(f"/ky/{SCHOOL}/manifest.webmanifest")
        assert read["errors"] == []
        assert '"short_name": "Мектеп"' in read["data"]
        for side in ("180", "192", "512"):
            picture = visit.page.request.get(f"{portal.url}/static/box/home-{side}.png")
            assert picture.headers["content-type"] == "image/png"


def test_a_school_s_colour_is_that_of_its_buttons(chromium: Browser, portal: Portal) -> None:
    with visiting(chromium, portal) as visit:
        visit.go(f"/ru/{SCHOOL}/")
        button = visit.page.locator("a.btn-primary")
        colour = "element => getComputedStyle(element).backgroundColor"
        assert button.evaluate(colour) == "rgb(31, 95, 168)"
        button.hover()
        visit.page.wait_for_timeout(300)
        assert button.evaluate(colour) == "rgb(25, 77, 137)"
        visit.go("/ru/it-lyceum/")
        assert visit.page.locator("a.btn-primary").evaluate(colour) == "rgb(15, 107, 107)"
