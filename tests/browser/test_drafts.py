"""What is typed to a child is not lost: kept by itself, without a connection, in two windows, without JavaScript."""

from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.visits import DESKTOP, PHONE, Visit, visiting
from tests.portal import Portal

# Longer than the script waits after typing, and than it waits to try again.
PATIENCE = 25_000


@dataclass(frozen=True)
class Words:
    """A school in its language, and what its pages say."""

    language: str
    school: str
    begun: str
    longer: str
    other: str
    kept: str
    replaced: str
    offline: str
    first_answer: str
    browser: dict[str, Any]


KAZAKH = Words(
    language="kk",
    school="it-lyceum",
    begun="Сәлеметсіз бе! Біз сынып",
    longer=" жетекшісімен сөйлестік.",
    other="Басқа терезеде жазылғаны.",
    kept="Оны тек сіз оқи аласыз",
    replaced="басқа терезеде сақталғанның орнына",
    offline="байланыс жоқ",
    first_answer="Сіздің кінәңіз жоқ",
    browser={"viewport": PHONE, "is_mobile": True, "has_touch": True},
)
KYRGYZ = Words(
    language="ky",
    school="zheenbaev",
    begun="Саламатсызбы! Биз класс",
    longer=" жетекчи менен сүйлөштүк.",
    other="Башка терезеде жазылганы.",
    kept="Аны сиз гана окуй аласыз",
    replaced="башка терезеде сакталгандын ордуна",
    offline="байланыш жок",
    first_answer="Сиздин күнөөңүз жок",
    browser={"viewport": DESKTOP},
)
BOTH = pytest.mark.parametrize("words", [KAZAKH, KYRGYZ], ids=["kk", "ky"])

TEXT = "textarea[name=written_to-text]"


def at_entry(visit: Visit, words: Words) -> str:
    """Signed in, on the page of a letter in review; its address."""
    visit.sign_in(f"psychologist.{words.school}", words.language)
    visit.go("/admin/journal/entry/?state=in_review")
    visit.page.locator("#result_list tbody th a").first.click()
    visit.page.wait_for_selector(TEXT)
    return visit.page.url.removeprefix(visit.portal.url)


def says(page: Page, words: str) -> None:
    expect(page.locator(".draft-state")).to_contain_text(words, timeout=PATIENCE)


@BOTH
def test_kept_by_itself_through_a_lost_connection_and_in_two_windows(
    chromium: Browser, portal: Portal, words: Words
) -> None:
    with visiting(chromium, portal, **words.browser) as visit:
        page = visit.page
        entry = at_entry(visit, words)
        page.locator(TEXT).press_sequentially(words.begun)
        says(page, words.kept)

        page.context.set_offline(True)
        page.locator(TEXT).press_sequentially(words.longer)
        says(page, words.offline)
        page.click(".write-form button.primary")
        says(page, words.offline)
        assert page.input_value(TEXT) == words.begun + words.longer
        visit.picture(f"draft-offline-{words.language}")
        page.context.set_offline(False)
        says(page, words.kept)
        visit.complaints.clear()  # Chromium's own line for each request that found no connection

        other = page.context.new_page()
        other.goto(f"{portal.url}{entry}")
        assert other.input_value(TEXT) == words.begun + words.longer
        page.fill(TEXT, words.begun)
        says(page, words.kept)
        expect(page.locator("[name=stamp]")).not_to_have_value(
            other.input_value("[name=stamp]"), timeout=PATIENCE
        )
        other.fill(TEXT, words.other)
        says(other, words.replaced)
        other.close()

        visit.go(entry)
        assert page.input_value(TEXT) == words.other
        visit.picture(f"draft-offered-{words.language}")
        page.fill(TEXT, "")
        page.select_option("#first-answer", index=3)
        assert words.first_answer in page.locator("#first-answer option:checked").inner_text()
        page.click("button[value=first_answer]")
        assert page.url.endswith(entry)
        assert "[…]" in page.input_value(TEXT)
        page.fill(TEXT, words.begun + words.longer)
        page.check("input[name=written_to-kind][value=message]")
        page.click(".write-form button.primary")
        expect(page.locator(".conversation")).to_contain_text(words.begun + words.longer)
        assert page.input_value(TEXT) == ""
        assert page.locator(".draft-offered").count() == 0


@BOTH
def test_kept_and_begun_by_buttons_without_javascript(
    chromium: Browser, portal: Portal, words: Words
) -> None:
    with visiting(chromium, portal, **{**words.browser, "java_script_enabled": False}) as visit:
        page = visit.page
        entry = at_entry(visit, words)
        page.fill(TEXT, words.begun)
        page.select_option("#first-answer", index=3)
        page.click("button[value=first_answer]")
        text = page.input_value(TEXT)
        assert text.startswith(f"{words.begun}\n\n")
        assert "[…]" in text
        page.fill(TEXT, words.begun)
        page.click("button[value=keep]:not([aria-hidden])")
        expect(page.locator(".messagelist")).to_contain_text(words.kept)
        visit.go("/admin/")
        visit.go(entry)
        assert page.input_value(TEXT) == words.begun
        page.click("button[value=throw_away]")
        assert page.input_value(TEXT) == ""
        page.fill(TEXT, words.begun + words.longer)
        page.check("input[name=written_to-kind][value=message]")
        page.click(".write-form button.primary")
        expect(page.locator(".conversation")).to_contain_text(words.begun + words.longer)
