"""Files in a real browser: chosen on a phone, refused with a reason, sent, looked at and downloaded by the staff."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser

from tests.box.files.samples import HIDDEN, document, picture
from tests.browser.visits import PHONE, send, visiting, write_letter
from tests.portal import Portal, serving

SCHOOLS = {"kk": "it-lyceum", "ky": "zheenbaev"}
WORDS = "Суретке қараңыздар: 8Б сыныбының қабырғасына осыны жазып кетті."
REFUSED = {"kk": "Екінші файл", "ky": "Экинчи файл"}


@pytest.fixture(scope="module")
def own_portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A server of its own: its boxes are opened here out of turn."""
    with serving(tmp_path_factory.mktemp("files")) as running:
        yield running


@pytest.mark.parametrize(("language", "script"), [("kk", True), ("ky", False)])
def test_the_way_of_a_photo(
    own_portal: Portal, chromium: Browser, tmp_path: Path, language: str, script: bool
) -> None:
    photo, film, page_of_text = (tmp_path / f"HIDDENWORD.{end}" for end in ("jpg", "png", "pdf"))
    photo.write_bytes(picture("JPEG", size=(3000, 2000), orientation=6))
    film.write_bytes(b"<svg onload='alert(1)'/>")
    page_of_text.write_bytes(document())
    with visiting(chromium, own_portal, viewport=PHONE, java_script_enabled=script) as visit:
        page = visit.page
        write_letter(visit, SCHOOLS[language], language, WORDS)
        page.set_input_files("[name=attachments]", [photo, film])
        page.click("form.letter button.btn-primary")
        page.wait_for_selector(".summary")
        assert REFUSED[language] in page.inner_text(".summary")
        assert "HIDDENWORD" not in page.content()
        assert page.input_value("[name=text]") == WORDS
        assert page.input_value("[name=attachments]") == ""
        if script:
            assert visit.hidden_beyond_the_edge() <= 0
            assert Axe().run(page).response["violations"] == []
        visit.picture(f"files-refused-{language}")
        page.set_input_files("[name=attachments]", [photo, page_of_text])
        assert send(visit)
    with visiting(chromium, own_portal, viewport=PHONE, accept_downloads=True) as visit:
        page = visit.page
        visit.sign_in(
            f"psychologist.{SCHOOLS[language]}" if language == "kk" else "deputy.zheenbaev",
            language,
        )
        visit.go(f"/admin/journal/opening/open/{SCHOOLS[language]}/")
        page.check("input[name=kind][value=out_of_turn]")
        visit.say_why("2026")
        page.click("form.opening-form button.primary")
        files = page.locator("article.letter", has_text=WORDS).locator("ul.files")
        assert not any("preview" in address for address in visit.requested), (
            "nothing is shown unasked"
        )
        files.locator("summary").click()
        shown = files.locator("img")
        shown.evaluate("image => image.decode()")
        width, height = shown.evaluate("image => [image.naturalWidth, image.naturalHeight]")
        assert height > width, "upright"
        assert visit.hidden_beyond_the_edge() <= 0
        assert Axe().run(page).response["violations"] == []
        visit.picture(f"files-opening-{language}")
        for at, name in enumerate(("picture-1.jpg", "document-2.pdf")):
            with page.expect_download() as download:
                files.locator("li > a").nth(at).click()
            assert download.value.suggested_filename == name
            data = Path(download.value.path()).read_bytes()
            assert HIDDEN not in data
            if at == 0:
                assert not Image.open(io.BytesIO(data)).getexif()
