"""A person before a browser: opens pages, signs in, leaves a picture, and hears every complaint of the browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

from tests.portal import Portal

PICTURES = Path(__file__).resolve().parents[2] / "test-artefacts"
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
READING_SECONDS = 1.1  # a form sent within a second was not read by a person


class Visit:
    """One page of a browser, watched: requests, answers, and what the console says."""

    def __init__(self, page: Page, portal: Portal) -> None:
        self.page, self.portal = page, portal
        self.complaints: list[str] = []
        self.requested: list[str] = []
        self.answers: list[Response] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._note)
        page.on("response", self._keep)

    def _hear(self, message: ConsoleMessage) -> None:
        # Chromium itself reports each answer of 400 and above as an error.
        if message.type in ("error", "warning") and "status of 4" not in message.text:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def _note(self, request: Request) -> None:
        # Chromium's own viewer of PDFs is part of it: nobody is asked for it.
        if not request.url.startswith(("data:", "blob:", "chrome-extension:", "chrome:")):
            self.requested.append(request.url)

    def _keep(self, answer: Response) -> None:
        self.answers.append(answer)

    def go(self, address: str) -> Response | None:
        """Open an address of the portal."""
        return self.page.goto(f"{self.portal.url}{address}")

    def picture(self, name: str) -> None:
        """The whole page, kept for whoever wants to look at it."""
        PICTURES.mkdir(exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}.png", full_page=True)

    def say_why(self, words: str) -> None:
        """On the form of an opening: the reasons it asks for."""
        for name in ("few_reason", "missed_reason"):
            if self.page.locator(f"[name={name}]").count():
                self.page.fill(f"[name={name}]", words)
        if self.page.is_checked("input[name=kind][value=out_of_turn]"):
            self.page.fill("[name=reason]", words)

    def sign_in(self, account: str, language: str) -> None:
        """Into the staff site by its own form, then the pages in the person's language."""
        self.go(f"/admin/login/?language={language}")
        self.page.fill("#id_username", account)
        self.page.fill("#id_password", self.portal.password)
        self.page.click("#login-form button[type=submit]")
        self.page.wait_for_url("**/admin/")
        self.go("/admin/own/")
        self.page.check(f"input[name=language][value={language}]")
        self.page.click("main form:has(input[name=language]) button[type=submit]")
        assert self.page.locator("html").get_attribute("lang") == language

    def hidden_beyond_the_edge(self) -> int:
        """By how many pixels the page is wider than the window."""
        return self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )

    def assert_quiet(self) -> None:
        """The browser complained of nothing and asked nobody but the portal."""
        assert self.complaints == []
        host = urlsplit(self.portal.url).netloc
        assert {urlsplit(url).netloc for url in self.requested} <= {host}


@contextmanager
def visiting(chromium: Browser, portal: Portal, **options: Any) -> Iterator[Visit]:
    """A browser of its own, with no cookie of another; at the end the browser has complained of nothing."""
    context = chromium.new_context(**{"viewport": DESKTOP, **options})
    context.set_default_timeout(15_000)
    visit = Visit(context.new_page(), portal)
    try:
        yield visit
        visit.assert_quiet()
    finally:
        context.close()


def write_letter(visit: Visit, school: str, language: str, text: str, **identity: str) -> None:
    """Fill the letter form as a person does, and stop before sending. ``identity`` makes it a signed letter."""
    page = visit.page
    visit.go(f"/{language}/{school}/write/")
    page.check("input[name=audience] >> nth=0")
    if identity:
        page.check("input[name=signed][value=yes]")
        for name, typed in identity.items():
            page.fill(f"[name={name}]", typed)
        page.check("[name=consent]")
    page.fill("[name=text]", text)
    page.wait_for_timeout(READING_SECONDS * 1000)


def send(visit: Visit) -> str:
    """Press the one big button; the code that is shown."""
    visit.page.click("form.letter button.btn-primary")
    visit.page.wait_for_url("**/sent/**")
    return visit.page.inner_text(".code").strip()
