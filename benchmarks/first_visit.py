"""What a phone transfers on the first visit of the form: in a real browser with nothing kept."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import sync_playwright

from benchmarks.letters import FORM
from benchmarks.portal import Portal

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@dataclass(frozen=True)
class Visit:
    """Requests and bytes over the wire, heads included."""

    requests: int
    bytes: int


def first_visit(portal: Portal) -> Visit:
    """The form page with everything it loads."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page()
        network = page.context.new_cdp_session(page)
        network.send("Network.enable")
        addresses: dict[str, str] = {}
        sizes: list[int] = []

        def note(event: dict[str, Any]) -> None:
            # A picture inside the style sheet is no request, nor is what the browser has from a moment ago.
            address, size = addresses.get(event["requestId"], ""), event["encodedDataLength"]
            if address.startswith("http") and size:
                sizes.append(size)

        network.on(
            "Network.requestWillBeSent",
            lambda event: addresses.__setitem__(event["requestId"], event["request"]["url"]),
        )
        network.on("Network.loadingFinished", note)
        page.goto(f"http://127.0.0.1:{portal.port}{FORM}", wait_until="networkidle")
        browser.close()
    return Visit(requests=len(sizes), bytes=int(sum(sizes)))
