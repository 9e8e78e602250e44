"""The last resort in a real browser: the sheet printed, typed in again, and the key changed to the end."""

from collections.abc import Iterator

import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import Browser, Route

from tests.browser.visits import Visit, send, visiting, write_letter
from tests.portal import Portal, serving
from vault.recovery import lines_typed

SCHOOL = "it-lyceum"
KEYS = f"/admin/keys/{SCHOOL}/"
LETTER = "Written before the key was changed, and read after it."

# Two minutes are long for a test: the database is told that they are over.
TIME_PASSES = f"""
import datetime
from django.utils import timezone
from schools.models import SchoolKey
SchoolKey.objects.filter(school__slug="{SCHOOL}", retired_at__isnull=False).update(
    retired_at=timezone.now() - datetime.timedelta(minutes=3))
"""


@pytest.fixture(scope="module")
def own_portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A server of its own: what happens to the key here is no other test's business."""
    with serving(tmp_path_factory.mktemp("recovery")) as running:
        yield running


def sheet_lines_shown(visit: Visit) -> list[str]:
    """The lines of the sheet, printed with the page's own form."""
    page = visit.page
    visit.go(f"{KEYS}sheet/")
    page.select_option("[name=language]", "kk")
    page.fill("[name=password]", visit.portal.password)
    visit.picture("recovery-sheet-form")
    shown: list[bytes] = []

    def look(route: Route) -> None:
        # What the browser's own viewer shows is not to be had from it: read it on the way.
        answer = route.fetch()
        assert answer.headers["content-type"] == "application/pdf"
        shown.append(answer.body())
        route.fulfill(response=answer)

    page.route(f"**{KEYS}sheet/", look)
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.click("button:has-text('Показать лист')")
    page.unroute(f"**{KEYS}sheet/")
    return scanned(shown[0])


def scanned(file: bytes) -> list[str]:
    """What a phone reads from the sheet."""
    picture = pypdfium2.PdfDocument(file)[0].render(scale=2).to_pil()
    (code,) = zxingcpp.read_barcodes(picture)
    return lines_typed(code.text)


def test_the_sheet_brings_the_key_to_a_director(chromium: Browser, own_portal: Portal) -> None:
    with visiting(chromium, own_portal) as visit:
        visit.sign_in(f"psychologist.{SCHOOL}", "ru")
        lines = sheet_lines_shown(visit)
        visit.go(KEYS)
        assert "Последн" in visit.page.inner_text("section:has(#sheet-heading)")
        visit.picture("keys")
    with visiting(chromium, own_portal) as visit:
        page = visit.page
        visit.sign_in(f"director.{SCHOOL}", "en")
        visit.go(KEYS)
        page.click("text=Restore the key from the sheet")
        wrong = [*lines]
        wrong[2] = ("A" if wrong[2][0] != "A" else "B") + wrong[2][1:]
        page.fill("[name=lines]", "\n".join(wrong))
        page.fill("[name=password]", own_portal.password)
        page.click("button:has-text('Restore the key')")
        assert page.locator(".errorlist li").all_inner_texts() == [
            "Line 3 was typed wrong: compare it with the sheet."
        ]
        assert page.input_value("[name=lines]").splitlines() == wrong
        assert page.input_value("[name=password]") == ""
        visit.picture("key-restore-wrong-line")
        page.fill("[name=lines]", "\n".join(lines))
        page.fill("[name=password]", own_portal.password)
        page.click("button:has-text('Restore the key')")
        page.wait_for_url(f"**{KEYS}")
        assert "You hold the key of the box again." in page.inner_text(".messagelist")
        assert lines[0] not in page.content()


def test_the_key_is_changed_to_the_end(chromium: Browser, own_portal: Portal) -> None:
    with visiting(chromium, own_portal) as visit:
        page = visit.page
        write_letter(visit, SCHOOL, "en", LETTER)
        send(visit)
        visit.sign_in(f"psychologist.{SCHOOL}", "en")
        visit.go(f"{KEYS}change/")
        for box in page.locator("[name=keep]").all():
            box.uncheck()
        page.fill("[name=password]", own_portal.password)
        visit.picture("key-change")
        page.click("button:has-text('Change the key')")
        # The script goes on by itself until only the waiting is left.
        page.wait_for_selector("button:has-text('Finish the change')")
        assert "may still arrive under the old one" in page.inner_text("#content")
        visit.picture("key-change-waiting")
        visit.go("/admin/")
        assert "The key is being changed." in page.inner_text("#content")
        visit.picture("today-key-changing")
        own_portal.manage("shell", "-v0", "-c", TIME_PASSES)
        page.click("text=Show the change of the key")
        page.wait_for_url(f"**{KEYS}")
        assert "the old key opens nothing here any more" in page.inner_text(".messagelist")
        assert "No recovery sheet of this key was printed yet." in page.inner_text("#content")
        visit.picture("key-changed")
        visit.go(f"/admin/journal/opening/open/{SCHOOL}/")
        visit.say_why("A test.")
        page.click("button:has-text('Open the box')")
        page.wait_for_url("**/journal/opening/**")
        assert LETTER in page.content()


def test_it_goes_on_without_javascript(chromium: Browser, own_portal: Portal) -> None:
    with visiting(chromium, own_portal, java_script_enabled=False) as visit:
        page = visit.page
        visit.sign_in(f"psychologist.{SCHOOL}", "en")
        visit.go(f"{KEYS}change/")
        page.fill("[name=password]", own_portal.password)
        page.click("button:has-text('Change the key')")
        page.click("button:has-text('Go on')")
        own_portal.manage("shell", "-v0", "-c", TIME_PASSES)
        page.click("button:has-text('Finish the change')")
        page.wait_for_url(f"**{KEYS}")
        assert "the old key opens nothing here any more" in page.inner_text(".messagelist")
