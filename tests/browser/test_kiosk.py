"""The library's computer: whoever comes next finds nothing of whoever was there, with a script and without one."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_writing import CODE, letters
from tests.browser.visits import READING_SECONDS, Visit, visiting
from tests.conftest import CHROMIUM, CHROMIUM_ARGUMENTS
from tests.portal import Portal

SCHOOL = "orozbekov"
WORDS = "Китепканада отуруп жазып жатам, эч ким көрбөсүн"
START = f"/ky/{SCHOOL}/kiosk/"
SECOND = 1000


@pytest.fixture
def visit(chromium: Browser, portal: Portal) -> Iterator[Visit]:
    """The kiosk's form, with a clock that a test turns."""
    with visiting(chromium, portal) as visit:
        visit.page.clock.install()
        visit.go(START)
        yield visit


@pytest.fixture(params=[True, False], ids=["with-js", "without-js"])
def either(chromium: Browser, portal: Portal, request: pytest.FixtureRequest) -> Iterator[Visit]:
    with visiting(chromium, portal, java_script_enabled=request.param) as visit:
        visit.go(START)
        yield visit


def _write(page: Page, *, wait: bool = True) -> None:
    page.check("input[name=audience] >> nth=0")
    page.fill("[name=text]", WORDS)
    if wait:
        page.wait_for_timeout(READING_SECONDS * SECOND)


def _send(visit: Visit) -> str:
    page = visit.page
    page.click("form.letter button.btn-primary")
    page.wait_for_url("**/kiosk/sent/**")
    code = page.inner_text(".code").strip()
    assert CODE.fullmatch(code)
    return code


def _assert_empty(page: Page, portal: Portal, start: str = START) -> None:
    page.wait_for_url(f"{portal.url}{start}")
    expect(page.locator("[name=text]")).to_have_value("")
    assert page.locator("input[name=audience]:checked").count() == 0
    assert WORDS not in page.content()


def test_nobody_there_for_two_minutes(visit: Visit) -> None:
    page = visit.page
    _write(page, wait=False)
    page.fill("[name=text]", WORDS)
    asked = page.locator(".kiosk-asks")
    page.clock.fast_forward(85 * SECOND)
    expect(asked).to_be_hidden()
    page.clock.fast_forward(10 * SECOND)
    expect(asked).to_be_visible()
    expect(asked).to_contain_text("Сиз дагы эле ушул жердесизби?")
    assert re.fullmatch(r"\d{1,2}", page.inner_text(".kiosk-left"))
    # It covers what was written.
    covered = page.evaluate("document.elementFromPoint(640, 450).closest('.kiosk-asks') !== null")
    assert covered
    page.clock.fast_forward(30 * SECOND)
    _assert_empty(page, visit.portal)


def test_whoever_is_still_there_goes_on_writing(visit: Visit) -> None:
    page = visit.page
    _write(page, wait=False)
    asked = page.locator(".kiosk-asks")
    for _time in range(3):
        page.clock.fast_forward(100 * SECOND)
        expect(asked).to_be_visible()
        page.click(".kiosk-asks button")
        expect(asked).to_be_hidden()
    page.clock.fast_forward(100 * SECOND)
    expect(asked).to_be_visible()
    page.keyboard.press("Shift")
    expect(asked).to_be_hidden()
    assert page.input_value("[name=text]") == WORDS
    page.clock.fast_forward(100 * SECOND)
    expect(asked).to_be_visible()
    # A hand that moves does not uncover it: the click that follows would meet what lies beneath.
    page.mouse.move(300, 300)
    expect(asked).to_be_visible()


def test_an_error_and_another_language_are_cleared_too(visit: Visit) -> None:
    page = visit.page
    page.fill("[name=text]", WORDS)
    page.click("nav.languages button[value=ru]")
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    assert page.input_value("[name=text]") == WORDS
    page.click("form.letter button.btn-primary")
    page.wait_for_selector(".summary")
    page.clock.fast_forward(125 * SECOND)
    _assert_empty(page, visit.portal)


def test_an_empty_form_asks_nobody_and_comes_back_to_the_school_s_language(visit: Visit) -> None:
    page = visit.page
    page.clock.fast_forward(300 * SECOND)
    expect(page.locator(".kiosk-asks")).to_be_hidden()
    visit.go(f"/en/{SCHOOL}/kiosk/")
    page.clock.fast_forward(125 * SECOND)
    page.wait_for_url(f"**{START}")
    page.clock.fast_forward(7 * 3600 * SECOND)
    page.wait_for_load_state()
    _assert_empty(page, visit.portal)


def test_the_code_stays_for_two_minutes_and_as_long_as_somebody_asks(
    chromium: Browser, portal: Portal
) -> None:
    with visiting(chromium, portal) as visit:
        page = visit.page
        visit.go(START)
        _write(page)
        page.clock.install()
        code = _send(visit)
        page.clock.fast_forward(95 * SECOND)
        asked = page.locator(".kiosk-asks")
        expect(asked).to_be_visible()
        # Somebody passing by, whose hand touches the mouse, keeps nothing on the screen.
        page.mouse.move(300, 300)
        expect(asked).to_be_visible()
        page.click(".kiosk-asks button")
        expect(asked).to_be_hidden()
        assert page.inner_text(".code").strip() == code
        page.clock.fast_forward(125 * SECOND)
        _assert_empty(page, portal)
        page.go_back()
        assert code not in page.content()


@pytest.mark.parametrize("how", ["done", "clear", "back"])
def test_after_sending_nothing_is_left(either: Visit, how: str) -> None:
    page, portal = either.page, either.portal
    before = letters(portal)
    _write(page)
    code = _send(either)
    assert letters(portal) - before == 1
    assert page.context.cookies() == []
    sent = page.url
    if how == "done":
        page.click("main .doors a.btn-primary")
    elif how == "clear":
        page.click("[data-clear]")
    else:
        page.go_back()
    _assert_empty(page, portal)
    page.go_back() if how != "back" else page.go_forward()
    assert code not in page.content()
    assert WORDS not in page.content()
    page.goto(sent)
    assert code not in page.content()
    expect(page.locator("h1")).to_have_text("Код бир гана жолу көрсөтүлөт")


def test_half_a_letter_is_cleared_by_hand(either: Visit) -> None:
    page = either.page
    _write(page, wait=False)
    page.click("[data-clear]")
    _assert_empty(page, either.portal)
    page.go_back()
    assert WORDS not in page.evaluate("document.documentElement.outerHTML")
    assert page.locator("[name=text]").count() == 0, "the page before the form"


def test_back_shows_an_empty_form_in_a_browser_that_keeps_pages(portal: Portal) -> None:
    """As a browser is delivered: it may keep a page as it was left, and show it again for the back button."""
    import threading

    out: dict[str, str] = {}

    def walk() -> None:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=CHROMIUM,
                args=CHROMIUM_ARGUMENTS,
                ignore_default_args=["--disable-back-forward-cache"],
            )
            page = browser.new_page()
            page.goto(f"{portal.url}{START}")
            _write(page)
            page.click("form.letter button.btn-primary")
            page.wait_for_url("**/kiosk/sent/**")
            out["code"] = page.inner_text(".code").strip()
            page.go_back()
            page.wait_for_url(f"**{START}")
            page.wait_for_timeout(500)
            out["text"] = page.input_value("[name=text]")
            page.go_forward()
            page.wait_for_timeout(500)
            out["forward"] = page.content()
            browser.close()

    thread = threading.Thread(target=walk)
    thread.start()
    thread.join(120)
    assert CODE.fullmatch(out["code"])
    assert out["text"] == ""
    assert out["code"] not in out["forward"]


def test_without_a_script_it_says_when_it_clears_itself(chromium: Browser, portal: Portal) -> None:
    with visiting(chromium, portal, java_script_enabled=False) as visit:
        page = visit.page
        visit.go(START)
        said = page.locator(".kiosk-without-script")
        assert "20 мүнөт" in said.inner_text()
        _write(page)
        _send(visit)
        assert "2 мүнөт" in said.inner_text()
        assert page.locator("[data-full-screen]").is_hidden()


def test_the_whole_screen(visit: Visit) -> None:
    page = visit.page
    button = page.locator("[data-full-screen]")
    expect(button).to_be_visible()
    button.click()
    page.wait_for_function("document.fullscreenElement !== null")
    expect(button).to_be_hidden()
    page.evaluate("document.exitFullscreen()")
    expect(button).to_be_visible()
