"""From the opening to the closed volume in a real browser: what is printed on the way is what was written."""

import io
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Browser, Download

from tests.browser.test_sending_on import text_of
from tests.browser.visits import DESKTOP, Visit, visiting
from tests.portal import Portal, serving

SCHOOL = "sport-college"
LAST_YEAR = "2025"


@pytest.fixture(scope="module")
def own_portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A server of its own: a volume that is closed stays so."""
    with serving(tmp_path_factory.mktemp("papers")) as running:
        yield running


def printed(visit: Visit, place: str, file: str = "pdf") -> Download:
    """The file that the print form at that place gives."""
    form = visit.page.locator(f"form.print-sheet[action$='{place}']")
    form.locator("select[name=language]").select_option("ru")
    with visit.page.expect_download() as waiting:
        form.locator(f"button[value={file}]").click()
    return waiting.value


def register_what_waits(visit: Visit) -> None:
    """Every letter of the opening on the screen gets its number."""
    page = visit.page
    while page.locator("form[action$='/register/']").count():
        form = page.locator("form[action$='/register/']").first
        form.locator("textarea[name$=summary]").fill("Обращение о расписании тренировок.")
        category = form.locator("select[name$=category]")
        if category.count():
            category.select_option(index=1)
        form.locator("button.primary").click()
        page.wait_for_load_state()


def test_opening_act_meeting_protocol_volume(chromium: Browser, own_portal: Portal) -> None:
    own_portal.manage("demo", "--entries", "3", "--year", LAST_YEAR)
    with visiting(chromium, own_portal, viewport=DESKTOP, accept_downloads=True) as visit:
        page = visit.page
        visit.sign_in(f"deputy.{SCHOOL}", "ru")

        visit.go("/admin/journal/opening/")
        page.locator("#result_list tbody a").last.click()
        draft = text_of(printed(visit, "/act/").path())
        assert "черновик" in draft
        register_what_waits(visit)
        visit.go("/admin/journal/opening/")
        page.locator("#result_list tbody a").last.click()
        act = text_of(printed(visit, "/act/").path())
        assert "Акт вскрытия ящика № 1" in act
        assert "черновик" not in act
        word = docx.Document(io.BytesIO(Path(printed(visit, "/act/", "docx").path()).read_bytes()))
        assert "Акт вскрытия ящика № 1" in "\n".join(row.text for row in word.paragraphs)
        assert "повторная печать" in text_of(printed(visit, "/act/").path())

        visit.go("/admin/journal/meeting/")
        page.locator("#result_list tbody tr", has_text="№ 1").locator("a").first.click()
        protocol = text_of(printed(visit, "/print/").path())
        for part in ("Протокол № 1", "СЛУШАЛИ", "РЕШИЛИ"):
            assert part in protocol

        visit.go("/admin/journal/volume/")
        page.locator("#result_list tbody a", has_text=LAST_YEAR).first.click()
        page.click("form[action$='/close/'] button.primary")
        page.wait_for_selector(".messagelist .success")
        assert "Закрытие тома" not in page.inner_text("#content")
        page.click("a.button.primary[href$='/print/']")
        with page.expect_download() as waiting:
            page.click("main form button.primary")
        book = text_of(waiting.value.path())
        assert LAST_YEAR in book
    assert "whole" in own_portal.manage("verify_journal", SCHOOL)
