"""The form in a frame: on the school's own site it takes a letter, without any cookie; on another there is no form."""

import json
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, expect, sync_playwright

from tests.browser.test_writing import CODE, letters
from tests.browser.visits import PHONE, READING_SECONDS
from tests.conftest import CHROMIUM, CHROMIUM_ARGUMENTS
from tests.portal import Portal

SCHOOL = "zheenbaev"
WORDS = "Бул кат мектептин сайтынан жазылды: ңөү — 😢 & <b>"
_SET_SITE = """
from schools.models import School
School.objects.filter(slug="{school}").update(site="{site}")
"""


class _Site(BaseHTTPRequestHandler):
    """A school's site: its first page has the snippet; ``/counted/`` asks whether its own cookie came back."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        if self.path == "/counted/":
            self.send_header("Set-Cookie", "seen=1; SameSite=None; Secure; Path=/")
        self.end_headers()
        page = self.server.snippet
        if self.path == "/counted/":
            page = "came back" if "seen=1" in self.headers.get("Cookie", "") else "none came"
        self.wfile.write(f"<!doctype html><title>School</title><p>{page}</p>".encode())

    def log_message(self, format: str, *args: object) -> None:
        return


@contextmanager
def site(snippet: str = "") -> Iterator[ThreadingHTTPServer]:
    """A site by another name than the portal's, at a port of its own."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    server.snippet = snippet
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _frame_of(portal: Portal, language: str = "ky") -> str:
    address = f"{portal.url}/{language}/{SCHOOL}/embed/"
    return f'<iframe src="{address}" title="box" width="100%" height="1400"></iframe>'


def _wait_for_policy(portal: Portal, origin: str) -> None:
    """The public pages keep a school in memory for some seconds."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with urllib.request.urlopen(f"{portal.url}/ky/{SCHOOL}/embed/", timeout=10) as answer:
            if f"frame-ancestors {origin}" in answer.headers["Content-Security-Policy"]:
                return
        time.sleep(0.3)
    pytest.fail("The school's site is not allowed.")


@pytest.fixture(scope="module")
def own_site(portal: Portal) -> Iterator[ThreadingHTTPServer]:
    """The site that stands in the school's settings."""
    with site(_frame_of(portal)) as server:
        origin = f"http://localhost:{server.server_port}"
        portal.manage("shell", "-c", _SET_SITE.format(school=SCHOOL, site=f"{origin}/contacts/"))
        _wait_for_policy(portal, origin)
        yield server
        portal.manage("shell", "-c", _SET_SITE.format(school=SCHOOL, site=""))


@pytest.fixture(params=["with JavaScript", "without JavaScript"])
def context(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    context = chromium.new_context(
        viewport=PHONE, java_script_enabled=request.param == "with JavaScript"
    )
    yield context
    context.close()


@contextmanager
def _own_browser(folder: Path, *, blocks: bool) -> Iterator[BrowserContext]:
    """Chromium as its owner has set it: with or without third-party cookies (a private window blocks them anyway)."""
    preferences = folder / "Default" / "Preferences"
    preferences.parent.mkdir(parents=True)
    chosen = {"cookie_controls_mode": 1 if blocks else 0, "block_third_party_cookies": blocks}
    preferences.write_text(json.dumps({"profile": chosen}))
    browser: dict[str, Any] = {"executable_path": CHROMIUM, "args": CHROMIUM_ARGUMENTS}
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(folder, viewport=PHONE, **browser)
        yield context
        context.close()


def _write(frame: FrameLocator) -> None:
    frame.locator("input[name=audience]").first.check()
    frame.locator("[name=text]").fill(WORDS)


def _send(page: Page, frame: FrameLocator) -> str:
    page.wait_for_timeout(READING_SECONDS * 1000)
    frame.locator("form.letter button.btn-primary").click()
    return frame.locator(".code").inner_text()


def _newest(portal: Portal, code: str) -> str:
    """What the letter's author reads with the code."""
    found = portal.manage(
        "shell",
        "-c",
        "from box.models import Letter; from vault.receipts import lookup_hash; "
        f"print('slug', Letter.objects.get(receipt_hash=lookup_hash('{code}')).school.slug)",
    )
    return found.rpartition("slug ")[2].strip()


def _sends_a_letter(portal: Portal, page: Page, server: ThreadingHTTPServer) -> None:
    before = letters(portal)
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    page.goto(f"http://localhost:{server.server_port}/")
    frame = page.frame_locator("iframe")
    _write(frame)
    code = _send(page, frame)
    assert CODE.fullmatch(code)
    assert letters(portal) - before == 1
    assert _newest(portal, code) == SCHOOL
    assert page.context.cookies() == []
    assert page.url == f"http://localhost:{server.server_port}/"
    assert [one for one in complaints if "404" not in one] == []  # the site has no icon


def test_a_letter_is_written_and_sent_inside_of_the_school_s_site(
    portal: Portal, own_site: ThreadingHTTPServer, context: BrowserContext
) -> None:
    page = context.new_page()
    _sends_a_letter(portal, page, own_site)
    frame = page.frame_locator("iframe")
    # The code is shown in another language, checked, and then no more.
    code = frame.locator(".code").inner_text()
    frame.locator("nav.languages button[value=ru]").click()
    expect(frame.locator("html")).to_have_attribute("lang", "ru")
    assert frame.locator(".code").inner_text() == code
    frame.locator("[name=typed]").fill(code)
    frame.locator("button[value=check]").click()
    expect(frame.locator("h1")).to_have_text("Верно. Ваш код сохранён.")
    # Only the frame goes back: Playwright's own way waits for the whole page.
    for _step in range(3):
        page.evaluate("history.back()")
        page.wait_for_timeout(400)
        assert code not in frame.locator("body").inner_text()


def test_the_switch_of_languages_and_an_error_stay_inside_and_keep_every_word(
    portal: Portal, own_site: ThreadingHTTPServer, context: BrowserContext
) -> None:
    page = context.new_page()
    page.goto(f"http://localhost:{own_site.server_port}/")
    frame = page.frame_locator("iframe")
    frame.locator("[name=text]").fill(WORDS)
    frame.locator("nav.languages button[value=ru]").click()
    expect(frame.locator("html")).to_have_attribute("lang", "ru")
    assert frame.locator("[name=text]").input_value() == WORDS
    page.wait_for_timeout(READING_SECONDS * 1000)
    frame.locator("form.letter button.btn-primary").click()
    expect(frame.locator(".summary li")).to_have_count(1)
    assert frame.locator("[name=text]").input_value() == WORDS
    assert [one.url for one in page.frames[1:]] == [f"{portal.url}/ru/{SCHOOL}/embed/"]
    _write(frame)
    assert CODE.fullmatch(_send(page, frame))


def test_a_photo_goes_along(
    portal: Portal, own_site: ThreadingHTTPServer, context: BrowserContext
) -> None:
    from tests.box.files.samples import every_kind

    page = context.new_page()
    page.goto(f"http://localhost:{own_site.server_port}/")
    frame = page.frame_locator("iframe")
    _write(frame)
    photo = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": every_kind()["jpeg"]}
    frame.locator("[name=attachments]").set_input_files(photo)
    code = _send(page, frame)
    count = portal.manage(
        "shell",
        "-c",
        "from box.models import Attachment; from vault.receipts import lookup_hash; "
        f"print('n', Attachment.objects.filter(letter__receipt_hash=lookup_hash('{code}')).count())",
    )
    assert count.rpartition("n ")[2].strip() == "1"


def test_leaving_leaves_the_whole_page_and_the_rest_opens_beside_it(
    portal: Portal, own_site: ThreadingHTTPServer, context: BrowserContext
) -> None:
    page = context.new_page()
    context.route("https://ky.wikipedia.org/**", lambda route: route.fulfill(body="encyclopedia"))
    page.goto(f"http://localhost:{own_site.server_port}/")
    frame = page.frame_locator("iframe")
    with context.expect_page() as opened:
        frame.get_by_role("link", name="Жаңы терезеде ачуу").click()
    expect(opened.value).to_have_url(f"{portal.url}/ky/{SCHOOL}/write/")
    frame.get_by_role("link", name="Бул барактан кетүү").click()
    page.wait_for_url("https://ky.wikipedia.org/")


@pytest.mark.parametrize("page", ["embed/", "write/", "sent/", "kiosk/", ""])
def test_another_site_shows_no_page_of_it(
    portal: Portal, own_site: ThreadingHTTPServer, chromium: Browser, page: str
) -> None:
    """Nor does the school's own site show any but the form."""
    address = f"{portal.url}/ky/{SCHOOL}/{page}"
    sites = [_frame_of(portal).replace(f"{portal.url}/ky/{SCHOOL}/embed/", address)]
    context = chromium.new_context()
    try:
        with site(*sites) as third:
            tab = context.new_page()
            tab.goto(f"http://localhost:{third.server_port}/")
            tab.wait_for_timeout(500)
            assert tab.frames[1].url.startswith("chrome-error:")
            if page != "embed/":
                own_site.snippet, kept = third.snippet, own_site.snippet
                tab.goto(f"http://localhost:{own_site.server_port}/")
                tab.wait_for_timeout(500)
                own_site.snippet = kept
                assert tab.frames[1].url.startswith("chrome-error:")
    finally:
        context.close()


def _walk(folder: Path, blocks: bool, counted: int, port: int, out: dict[str, Any]) -> None:
    with _own_browser(folder, blocks=blocks) as context:
        page = context.new_page()
        page.goto(f"http://localhost:{counted}/")
        for _time in range(2):
            page.reload()
        out["cookie"] = page.frame_locator("iframe").locator("p").inner_text()
        page.goto(f"http://localhost:{port}/")
        frame = page.frame_locator("iframe")
        _write(frame)
        out["code"] = _send(page, frame)
        out["cookies"] = [one["name"] for one in context.cookies()]


@pytest.mark.parametrize(("blocks", "cookie"), [(False, "came back"), (True, "none came")])
def test_a_letter_is_sent_whether_third_party_cookies_are_blocked_or_not(
    portal: Portal, own_site: ThreadingHTTPServer, tmp_path: Path, blocks: bool, cookie: str
) -> None:
    before = letters(portal)
    out: dict[str, Any] = {}
    with site() as counting, site() as around:
        counted = f"http://127.0.0.1:{counting.server_port}/counted/"
        around.snippet = f'<iframe src="{counted}"></iframe>'
        # In a thread: Playwright's shared browser is busy in this one.
        where = (tmp_path, blocks, around.server_port, own_site.server_port, out)
        thread = threading.Thread(target=_walk, args=where)
        thread.start()
        thread.join(120)
    assert out["cookie"] == cookie, "the browser does as it was set"
    assert CODE.fullmatch(out["code"])
    assert set(out["cookies"]) <= {"seen"}
    assert letters(portal) - before == 1
