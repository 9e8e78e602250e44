"""A call is taken with the keyboard alone, by somebody with a phone at the ear."""

import io

import pdfplumber
import pytest
from playwright.sync_api import Browser, Page

from tests.browser.visits import DESKTOP, PHONE, visiting
from tests.portal import Portal

SCHOOL = "sport-college"
SUMMARY = "Мама говорит, что сына бьют в раздевалке."
NAME, NUMBER = "Айша Нұрланқызы", "+7 701 000 00 01"


def focused(page: Page) -> str:
    """The name of the field in which the cursor stands, or the words of the button or link."""
    return page.evaluate(
        "document.activeElement.name || document.activeElement.textContent.trim() || ''"
    )


def tab_to(page: Page, name: str) -> None:
    """Forward by the tab key until the cursor stands there."""
    for _step in range(30):
        if focused(page) == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"The tab key does not lead to {name}.")


def type_into(page: Page, name: str, words: str) -> None:
    tab_to(page, name)
    page.keyboard.type(words)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_call_from_the_first_word_to_the_next_call(
    chromium: Browser, portal: Portal, javascript: bool
) -> None:
    viewport = DESKTOP if javascript else PHONE
    options = {"viewport": viewport, "java_script_enabled": javascript}
    with visiting(chromium, portal, **options) as visit:
        page = visit.page
        visit.sign_in(f"psychologist.{SCHOOL}", "ru")
        visit.go("/admin/")
        page.get_by_role("link", name="Принять звонок").press("Enter")
        page.wait_for_url("**/call/**")

        if not javascript:
            page.focus("[name=danger]")  # where the browser puts the cursor by itself
            page.fill("[name=summary]", SUMMARY)
            page.select_option("[name=category]", index=1)
            page.click(".call-register")
        else:
            assert focused(page) == "danger"
            assert "112" in page.inner_text(".call-danger")
            page.keyboard.press("Space")
            type_into(page, "full_name", NAME)
            # Enter in the middle of the talk registers nothing.
            page.keyboard.press("Enter")
            assert (
                page.url.endswith(f"/call/{SCHOOL}/")
                and page.input_value("[name=full_name]") == NAME
            )
            type_into(page, "phone", NUMBER)
            tab_to(page, "body")
            page.keyboard.press("ArrowDown")
            tab_to(page, "Зарегистрировать звонок")
            page.keyboard.press("Enter")
            # The summary was forgotten: the cursor stands there, and nothing is lost.
            page.wait_for_selector(".errorlist")
            assert focused(page) == "summary"
            assert page.input_value("[name=phone]") == NUMBER
            assert page.is_checked("[name=danger]")
            page.keyboard.type(SUMMARY)
            tab_to(page, "category")
            page.keyboard.press("ArrowDown")
            tab_to(page, "Зарегистрировать звонок")
            page.keyboard.press("Enter")

        page.wait_for_selector(".call-number")
        assert page.inner_text(".call-number").startswith("№ ")
        if javascript:
            assert "Направлено" in page.inner_text(".call-taken")
            assert "112" in page.inner_text(".call-taken")
            assert focused(page) == "Принять следующий звонок"
            page.keyboard.press("Enter")
        else:
            page.click(".call-taken a.primary")
        page.wait_for_selector(".call-form")
        assert page.input_value("[name=summary]") == ""


def test_the_answering_machines_text_is_read_and_printed(chromium: Browser, portal: Portal) -> None:
    with visiting(chromium, portal, accept_downloads=True) as visit:
        page = visit.page
        visit.sign_in(f"psychologist.{SCHOOL}", "ru")
        visit.go(f"/admin/journal/entry/call/{SCHOOL}/")
        page.get_by_role("link", name="Текст автоответчика").click()
        assert page.locator("section.answering[lang=kk]").count() == 1
        spoken = page.inner_text("section.answering[lang=ru]")
        page.select_option("#language-answering", "ru")
        with page.expect_download() as waiting:
            page.click("button[name=file][value=pdf]")
        with (
            open(waiting.value.path(), "rb") as file,
            pdfplumber.open(io.BytesIO(file.read())) as pdf,
        ):
            printed = " ".join(" ".join(sheet.extract_text() for sheet in pdf.pages).split())
        for word in spoken.split()[1:]:
            assert word in printed
