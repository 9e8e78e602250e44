"""Where somebody came from is told to no other site, in a real browser; and forms still reach our own."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.portal import Portal
from tests.test_nothing_readable import WORDS

pytestmark = pytest.mark.once("browser")

SCHOOL = "it-lyceum"


class _Elsewhere(BaseHTTPRequestHandler):
    """Another site, which writes down what its visitors bring along."""

    def do_GET(self) -> None:
        if self.path == "/":
            self.server.brought.append(dict(self.headers))
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<title>Elsewhere</title><p id=from></p>")

    def log_message(self, format: str, *args: object) -> None:
        return


@contextmanager
def elsewhere() -> Iterator[HTTPServer]:
    """Another site, by another name and at another port."""
    server = HTTPServer(("127.0.0.1", 0), _Elsewhere)
    server.brought = []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(params=["with JavaScript", "without JavaScript"])
def context(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    context = chromium.new_context(
        java_script_enabled=request.param == "with JavaScript", locale="ru-RU"
    )
    yield context
    context.close()


def _left(page: Page, site: HTTPServer) -> dict[str, str]:
    """What the other site is told when the page is left by its own button, led to that site.

    The link's own ``rel`` is taken away, so that the page's policy alone is tried.
    """
    leave = page.get_by_role("link", name="Уйти с этой страницы").first
    leave.evaluate(
        "(link, address) => { link.href = address; link.removeAttribute('rel'); }",
        f"http://localhost:{site.server_port}/",
    )
    leave.click()
    page.wait_for_url("http://localhost:*/")
    return site.brought[-1]


@pytest.mark.parametrize("path", [f"/ru/{SCHOOL}/", f"/ru/{SCHOOL}/write/"])
def test_leaving_tells_the_other_site_nothing(
    portal: Portal, context: BrowserContext, path: str
) -> None:
    with elsewhere() as site:
        page = context.new_page()
        page.goto(portal.url + path)
        brought = _left(page, site)
    assert "Referer" not in brought
    assert "Cookie" not in brought
    assert SCHOOL not in str(brought)


def test_a_page_of_a_letter_just_sent_tells_nothing_and_the_form_reached_us(
    portal: Portal, context: BrowserContext
) -> None:
    """A form is refused when the browser sends it as from nowhere: that it arrives shows that ours does not."""
    with elsewhere() as site:
        page = context.new_page()
        page.goto(f"{portal.url}/ru/{SCHOOL}/write/")
        page.locator('input[name="audience"]').first.check()
        page.locator('textarea[name="text"]').fill(WORDS["text"])
        page.wait_for_timeout(1100)
        page.get_by_role("button", name="Отправить письмо").click()
        page.wait_for_url(re.compile("/sent/"))
        assert page.locator(".code").count() == 1
        brought = _left(page, site)
    assert "Referer" not in brought
    assert SCHOOL not in str(brought)
