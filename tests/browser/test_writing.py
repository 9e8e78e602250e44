"""Writing in a real browser: nothing typed is lost, nothing is sent twice, and hands on a keyboard are enough."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.browser.visits import PHONE, READING_SECONDS, send, visiting, write_letter
from tests.portal import Portal

SCHOOL = "orozbekov"
WORDS = "Ыйлап жүрөм, эч кимге айта албайм. ңөү — 😢 <b>калың</b> & «тырмакча»"
MOST_TABS = 60
CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}")

# On the screen, and drawn round (after the moment that the drawing takes).
FOCUS_IS_SEEN = """() => {
  const focused = document.activeElement, box = focused.getBoundingClientRect();
  const style = getComputedStyle(focused);
  return focused === document.body || (
    box.width > 0 && box.bottom > 0 && box.top < innerHeight
    && (style.outlineStyle !== "none" || style.boxShadow !== "none"));
}"""

COUNT_LETTERS = "from box.models import Letter; print('letters', Letter.objects.count())"


def letters(portal: Portal) -> int:
    """How many letters there are in all."""
    return int(portal.manage("shell", "-c", COUNT_LETTERS).rpartition("letters")[2])


@pytest.mark.parametrize("javascript", [True, False], ids=["with-js", "without-js"])
def test_the_language_switch_keeps_what_was_typed(
    chromium: Browser, portal: Portal, javascript: bool
) -> None:
    with visiting(chromium, portal, viewport=PHONE, java_script_enabled=javascript) as visit:
        page = visit.page
        write_letter(visit, SCHOOL, "ky", WORDS, full_name="Айбек уулу Өмүр", class_group="7 «Б»")
        page.select_option("[name=category]", index=2)
        chosen = page.input_value("[name=category]")
        for language in ("ru", "kk", "en"):
            page.click(f"nav.languages button[value={language}]")
            expect(page.locator("html")).to_have_attribute("lang", language)
            assert page.url == f"{portal.url}/{language}/{SCHOOL}/write/"
            assert page.locator(".summary").count() == 0
        assert page.input_value("[name=text]") == WORDS
        assert page.input_value("[name=full_name]") == "Айбек уулу Өмүр"
        assert page.input_value("[name=class_group]") == "7 «Б»"
        assert page.input_value("[name=category]") == chosen
        assert page.is_checked("[name=consent]")
        assert page.is_checked("input[name=signed][value=yes]")
        assert send(visit)


def test_an_error_keeps_every_word_and_takes_the_focus(chromium: Browser, portal: Portal) -> None:
    with visiting(chromium, portal, viewport=PHONE) as visit:
        page = visit.page
        write_letter(visit, SCHOOL, "ru", WORDS, full_name="Нурлан", phone="12", age="семь")
        page.click("form.letter button.btn-primary")
        summary = page.locator(".summary")
        expect(summary).to_be_focused()
        assert summary.get_attribute("role") == "alert"
        assert summary.locator("li").count() == 2
        assert page.input_value("[name=text]") == WORDS
        assert page.input_value("[name=phone]") == "12"
        assert page.input_value("[name=age]") == "семь"
        for name in ("phone", "age"):
            field = page.locator(f"[name={name}]")
            assert field.get_attribute("aria-invalid") == "true"
            said = field.get_attribute("aria-describedby") or ""
            assert f"id_{name}_error" in said.split()
        summary.locator("a").first.click()
        expect(page.locator("[name=age]")).to_be_focused()
        page.fill("[name=age]", "17")
        page.fill("[name=phone]", "0555 12 34 56")
        assert send(visit)


def test_the_code_is_shown_once(chromium: Browser, portal: Portal) -> None:
    with visiting(chromium, portal, viewport=PHONE) as visit:
        page = visit.page
        write_letter(visit, SCHOOL, "ru", WORDS)
        code = send(visit)
        page.click("nav.languages button[value=ky]")
        expect(page.locator("html")).to_have_attribute("lang", "ky")
        assert page.inner_text(".code") == code
        address = page.url
        visit.go(f"/ru/{SCHOOL}/")
        page.go_back()
        assert page.url == address
        assert page.inner_text("h1") == "Код бир гана жолу көрсөтүлөт"
        assert code not in page.content()
        page.reload()
        assert code not in page.content()
        visit.go(f"/ru/{SCHOOL}/sent/")
        assert page.inner_text("h1") == "Код показывается только один раз"


def test_a_double_click_sends_one_letter(chromium: Browser, portal: Portal) -> None:
    before = letters(portal)
    with visiting(chromium, portal) as visit:
        write_letter(visit, SCHOOL, "ky", WORDS)
        visit.page.dblclick("form.letter button.btn-primary")
        visit.page.wait_for_url("**/sent/**")
        assert CODE.fullmatch(visit.page.inner_text(".code"))
    assert letters(portal) - before == 1


def test_the_same_form_sent_again_is_the_same_letter(chromium: Browser, portal: Portal) -> None:
    before = letters(portal)
    with visiting(chromium, portal) as visit:
        write_letter(visit, SCHOOL, "ky", WORDS)
        form = visit.page.evaluate(
            "Object.fromEntries(new FormData(document.querySelector('form.letter')))"
        )
        address = visit.page.url
        answers = [
            visit.page.context.request.post(
                address, form=form, headers={"Origin": portal.url}, max_redirects=0
            )
            for _turn in range(2)
        ]
        assert [answer.status for answer in answers] == [303, 303]
        assert answers[0].headers["location"] == answers[1].headers["location"]
    assert letters(portal) - before == 1


def _neutral_site(page: Page) -> None:
    # The encyclopedia is not asked by a test.
    page.route(
        re.compile(r"https://\w+\.wikipedia\.org/"),
        lambda route: route.fulfill(body="<h1>Encyclopedia</h1>", content_type="text/html"),
    )


@pytest.mark.parametrize("way", ["button", "escape"])
def test_leaving_replaces_the_page_in_the_history(
    chromium: Browser, portal: Portal, way: str
) -> None:
    context = chromium.new_context(viewport=PHONE)
    page = context.new_page()
    _neutral_site(page)
    page.goto(f"{portal.url}/ky/")
    page.goto(f"{portal.url}/ky/{SCHOOL}/write/")
    page.fill("[name=text]", WORDS)
    length = page.evaluate("history.length")
    if way == "button":
        page.click("[data-leave]")
    else:
        for _turn in range(3):
            page.keyboard.press("Escape")
    page.wait_for_url("https://ky.wikipedia.org/")
    assert page.evaluate("history.length") == length
    assert page.evaluate("document.referrer") == ""
    page.go_back()
    assert page.url == f"{portal.url}/ky/"
    context.close()


def test_leaving_works_without_javascript(chromium: Browser, portal: Portal) -> None:
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    _neutral_site(page)
    page.goto(f"{portal.url}/kk/it-lyceum/write/")
    page.click("[data-leave]")
    page.wait_for_url("https://kk.wikipedia.org/")
    context.close()


def _tab_to(page: Page, wanted: str) -> None:
    """Press Tab until the focus is on the wanted control. Fails when Tab never comes there."""
    for _turn in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
    pytest.fail(f"Tab does not reach {wanted}")


@pytest.mark.parametrize("javascript", [True, False], ids=["with-js", "without-js"])
def test_a_letter_is_written_with_the_keyboard_alone(
    chromium: Browser, portal: Portal, javascript: bool
) -> None:
    with visiting(chromium, portal, java_script_enabled=javascript) as visit:
        page, keys = visit.page, visit.page.keyboard
        visit.go(f"/ky/{SCHOOL}/")
        keys.press("Tab")
        assert page.evaluate("document.activeElement.matches('.skip')")
        _tab_to(page, f"a[href='/ky/{SCHOOL}/write/']")
        keys.press("Enter")
        page.wait_for_url("**/write/")
        _tab_to(page, "[name=danger]")
        keys.press("Space")
        _tab_to(page, "[name=audience]")
        keys.press("Space")
        _tab_to(page, "[name=signed]")
        keys.press("ArrowDown")
        _tab_to(page, "[name=full_name]")
        keys.type("Айбек")
        _tab_to(page, "[name=consent]")
        keys.press("Space")
        _tab_to(page, "[name=text]")
        keys.type("short")
        _tab_to(page, "form.letter button.btn-primary")
        page.wait_for_timeout(READING_SECONDS * 1000)
        keys.press("Enter")
        page.wait_for_selector(".summary")
        assert page.evaluate("document.activeElement.matches('.summary')")
        _tab_to(page, ".summary a[href='#id_text']")
        keys.press("Enter")
        assert page.evaluate("document.activeElement.matches('[name=text]')")
        keys.type(" no more: I wrote the rest with my keyboard.")
        _tab_to(page, "form.letter button.btn-primary")
        keys.press("Space")
        page.wait_for_url("**/sent/**")
        assert page.locator(".code").is_visible()


def test_the_focus_is_always_to_be_seen(chromium: Browser, portal: Portal) -> None:
    with visiting(chromium, portal, viewport=PHONE) as visit:
        page = visit.page
        visit.go(f"/ky/{SCHOOL}/write/")
        page.check("input[name=signed][value=yes]")
        for _turn in range(25):
            page.keyboard.press("Tab")
            try:
                page.wait_for_function(FOCUS_IS_SEEN, timeout=2000)
            except PlaywrightTimeout:
                pytest.fail(page.evaluate("document.activeElement.outerHTML"))


def test_the_counter_counts_signs_as_people_do(chromium: Browser, portal: Portal) -> None:
    with visiting(chromium, portal) as visit:
        page = visit.page
        visit.go(f"/en/{SCHOOL}/write/")
        expect(page.locator("#counter")).to_have_text("Characters: 0 of 10,000")
        page.fill("[name=text]", "😢" * 12)
        expect(page.locator("#counter")).to_have_text("Characters: 12 of 10,000")


def test_an_interrupted_letter_comes_back(chromium: Browser, portal: Portal) -> None:
    """The cookie is gone (a cleaned browser): the words are still there, and the next try sends them."""
    with visiting(chromium, portal) as visit:
        write_letter(visit, SCHOOL, "ru", WORDS)
        visit.page.context.clear_cookies()
        visit.page.click("form.letter button.btn-primary")
        expect(visit.page.locator(".notice[role=alert]")).to_be_focused()
        assert visit.page.input_value("[name=text]") == WORDS
        visit.page.wait_for_timeout(READING_SECONDS * 1000)
        assert send(visit)
