"""What the browser sends, keeps and fetches: little, from nobody else, and nothing that tells who wrote."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from tests.browser.visits import PHONE, Visit, send, visiting, write_letter
from tests.portal import Portal

SCHOOL = "it-lyceum"
A_YEAR = 365 * 24 * 3600
MOST_REQUESTS, MOST_BYTES = 4, 30_000


@dataclass
class Wire:
    """What the browser asked for, as it counts itself: addresses by request, those it had already, and the weight."""

    asked: dict[str, str] = field(default_factory=dict)
    had: set[str] = field(default_factory=set)
    transferred: int = 0


def listening(visit: Visit) -> Wire:
    """A count of what comes over the wire from now on, heads and all."""
    wire = Wire()
    wired = visit.page.context.new_cdp_session(visit.page)
    wired.send("Network.enable")

    def begun(event: dict[str, Any]) -> None:
        # A picture inside the sheet of styles is no request, though the browser tells of it.
        if not event["request"]["url"].startswith("data:"):
            wire.asked[event["requestId"]] = event["request"]["url"]

    def answered(event: dict[str, Any]) -> None:
        if event["response"].get("fromDiskCache"):
            wire.had.add(event["requestId"])

    def finished(event: dict[str, Any]) -> None:
        wire.transferred += int(event["encodedDataLength"])

    wired.on("Network.requestWillBeSent", begun)
    wired.on("Network.requestServedFromCache", lambda event: wire.had.add(event["requestId"]))
    wired.on("Network.responseReceived", answered)
    wired.on("Network.loadingFinished", finished)
    return wire


@pytest.mark.parametrize("language", ["kk", "ru", "ky", "en"])
def test_the_first_visit_of_the_form_is_light(
    chromium: Browser, portal: Portal, language: str
) -> None:
    with visiting(chromium, portal, viewport=PHONE) as visit:
        wire = listening(visit)
        visit.go(f"/{language}/{SCHOOL}/write/")
        visit.page.wait_for_load_state("networkidle")
        assert 3 <= len(wire.asked) <= MOST_REQUESTS
        assert 1_000 < wire.transferred < MOST_BYTES
        wire.asked.clear()
        visit.go(f"/{language}/{SCHOOL}/write/")
        visit.page.wait_for_load_state("networkidle")
        files = {key for key, url in wire.asked.items() if "/static/" in url}
        assert len(files) >= 2
        assert files <= wire.had, "the second visit fetches the page alone"


def test_public_pages_keep_one_cookie_and_nothing_else(chromium: Browser, portal: Portal) -> None:
    with visiting(chromium, portal) as visit:
        visit.go(f"/kk/{SCHOOL}/")
        assert visit.page.context.cookies() == []
        write_letter(visit, SCHOOL, "kk", "Бұл хатты ешкім көрмесін деп жазамын.")
        code = send(visit)
        visit.go("/kk/reply/")
        visit.page.fill("[name=code]", code)
        visit.page.click("form.letter button.btn-primary")
        cookies = visit.page.context.cookies()
        assert [cookie["name"] for cookie in cookies] == ["csrftoken"]
        assert cookies[0]["sameSite"] in ("Lax", "Strict")
        kept = "[localStorage.length, sessionStorage.length, document.querySelectorAll('iframe').length]"
        assert visit.page.evaluate(kept) == [0, 0, 0]
        assert code not in " ".join(visit.requested)


def test_pages_of_a_letter_are_stored_nowhere(chromium: Browser, portal: Portal) -> None:
    with visiting(chromium, portal) as visit:
        write_letter(visit, SCHOOL, "kk", "Бұл хатты ешкім сақтамасын деп жазамын.")
        code = send(visit)
        visit.go("/kk/reply/")
        visit.page.fill("[name=code]", code)
        visit.page.click("form.letter button.btn-primary")
        visit.page.wait_for_load_state("networkidle")
        pages = [answer for answer in visit.answers if "/static/" not in answer.url]
        assert len(pages) >= 5
        for answer in pages:
            assert "no-store" in answer.headers["cache-control"], answer.url
            assert answer.headers["referrer-policy"] == "no-referrer"
            rules = answer.headers["content-security-policy"]
            assert "unsafe" not in rules
            assert "default-src 'none'" in rules or "default-src 'self'" in rules


def test_static_files_are_kept_for_a_year_by_their_hashed_name(
    chromium: Browser, portal: Portal
) -> None:
    with visiting(chromium, portal) as visit:
        visit.go(f"/kk/{SCHOOL}/write/")
        visit.sign_in(f"psychologist.{SCHOOL}", "kk")
        visit.page.wait_for_load_state("networkidle")
        files = [answer for answer in visit.answers if "/static/" in answer.url]
        assert {"css", "js"} <= {urlsplit(answer.url).path.rpartition(".")[2] for answer in files}
        for answer in files:
            assert re.search(r"\.[0-9a-f]{12}\.\w+$", urlsplit(answer.url).path), answer.url
            kept = answer.headers["cache-control"]
            assert "public" in kept
            assert "immutable" in kept
            assert int(re.findall(r"max-age=(\d+)", kept)[0]) >= A_YEAR


def test_a_page_that_breaks_the_rules_would_be_heard(chromium: Browser, portal: Portal) -> None:
    """The ear itself is tried: a script that the rules forbid is a complaint, another site a request."""
    with (
        pytest.raises(AssertionError),
        visiting(chromium, portal) as visit,
    ):
        visit.go(f"/kk/{SCHOOL}/")
        visit.page.evaluate(
            """() => {
              const script = document.createElement("script");
              script.textContent = "document.title = 'broken'";
              document.body.append(script);
            }"""
        )
        visit.page.wait_for_timeout(100)
