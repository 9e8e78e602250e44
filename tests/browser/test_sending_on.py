"""A letter is sent on in a real browser, with and without JavaScript: the sheet, the answer, the notice."""

import io

import pdfplumber
import pytest
from playwright.sync_api import Browser

from tests.browser.visits import DESKTOP, PHONE, visiting
from tests.portal import Portal

SCHOOL = "sport-college"
ASKED = "Просим навестить семью и сообщить о принятых мерах."
CAME_BACK = "Семья посещена, с родителями проведена беседа."


def text_of(path: str) -> str:
    with open(path, "rb") as file, pdfplumber.open(io.BytesIO(file.read())) as pdf:
        text = "\n".join(page.extract_text() for page in pdf.pages)
    return " ".join(text.replace("\u00a0", " ").split())


@pytest.mark.parametrize("javascript", [True, False])
def test_from_the_step_to_the_paper(chromium: Browser, portal: Portal, javascript: bool) -> None:
    viewport = DESKTOP if javascript else PHONE
    options = {"viewport": viewport, "java_script_enabled": javascript}
    with visiting(chromium, portal, accept_downloads=True, **options) as visit:
        page = visit.page
        visit.sign_in(f"psychologist.{SCHOOL}", "ru")
        visit.go("/admin/journal/entry/?state=in_review")
        page.locator("#result_list tbody a").first.click()
        step = page.locator("#step-forwarded")
        if step.get_attribute("open") is None:
            step.locator("summary").click()
        step.locator("select[name$=body]").select_option(label="Инспектор ювенальной полиции")
        step.locator("select[name$=way]").select_option("fax")
        step.locator("[name$=covering]").fill(ASKED)
        assert not step.locator("input[value=full_name]").is_checked()
        step.locator("button.primary").click()
        sent = page.locator("#sent-on li").last
        assert "Инспектор ювенальной полиции" in sent.inner_text()
        assert "ответа пока нет" in sent.inner_text()
        number = sent.locator("dd").first.inner_text()

        # The school keeps its journal in Kazakh; this body is written to in Russian.
        sent.locator("form.print-sheet select").select_option("ru")
        with page.expect_download() as waiting:
            sent.locator("form.print-sheet button").first.click()
        sheet = waiting.value
        assert sheet.suggested_filename.startswith("sheet-")
        text = text_of(sheet.path())
        assert f"Сопроводительный лист {number} Дата направления" in text
        assert ASKED in text
        assert "повторная печать" not in text
        with page.expect_download() as waiting:
            sent.locator("form.print-sheet button").first.click()
        assert "повторная печать" in text_of(waiting.value.path())

        sent.locator("summary", has_text="Записать полученный ответ").click()
        sent.locator("[name$=outcome]").fill(CAME_BACK)
        sent.locator("form[action$='/outcome/'] button").click()
        answered = page.locator("#sent-on li").last.inner_text()
        assert CAME_BACK in answered
        assert "ответ получен" in answered
        written = page.locator("#outcome-heading + p").inner_text()
        assert "Ювеналды полиция инспекторы, " in written
        assert CAME_BACK in written

        page.click("a[href$='/notice/']")
        for code, words in (("kk", "12-кабинет"), ("ru", "Кабинет 12")):
            page.fill(f"[name=where_{code}]", words)
            page.fill(f"[name=when_{code}]", "14:00")
        with page.expect_download() as waiting:
            page.click("main form button.primary")
        notice = text_of(waiting.value.path())
        assert "Автору обращения № " in notice
        assert "12-кабинет" in notice
        assert ASKED not in notice
