"""A child in danger, on a phone without JavaScript in Kyrgyz; the psychologist sees it at the next page and acts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.test_every_page import WCAG, axe
from tests.browser.visits import DESKTOP, PHONE, Visit, send, visiting, write_letter
from tests.portal import Portal, serving

SCHOOL, LANGUAGE = "zheenbaev", "ky"
TEXT = "Мени күн сайын уруп жатышат, эми үйгө баргандан корком."
OPENED_AT_ONCE = "дароо: кимдир бирөө коркунучта"


@pytest.fixture
def own_portal(tmp_path: Path) -> Iterator[Portal]:
    """A portal of its own: on the shared one the bar would stand on the pages of other tests."""
    with serving(tmp_path) as running:
        yield running


def in_danger(visit: Visit) -> None:
    """The child fills in the form; the tick shows whom to call, without any script."""
    page = visit.page
    write_letter(visit, SCHOOL, LANGUAGE, TEXT)
    numbers = page.locator(".if-danger")
    assert not numbers.is_visible()
    page.check("[name=danger]")
    assert numbers.is_visible()
    shown = numbers.inner_text()
    assert "112" in shown
    assert "111" in shown
    call = numbers.locator("a[href='tel:112']")
    assert call.is_visible()
    assert call.bounding_box()["height"] >= 44
    visit.picture("danger-1-form")
    assert visit.hidden_beyond_the_edge() == 0


def test_a_cry_for_help_is_heard(chromium: Browser, own_portal: Portal) -> None:
    phone = {"viewport": PHONE, "java_script_enabled": False, "is_mobile": True, "has_touch": True}
    with (
        visiting(chromium, own_portal, **phone) as child,
        visiting(chromium, own_portal, viewport=DESKTOP) as psychologist,
        visiting(chromium, own_portal, viewport=PHONE) as director,
    ):
        psychologist.sign_in(f"psychologist.{SCHOOL}", LANGUAGE)
        director.sign_in(f"director.{SCHOOL}", LANGUAGE)
        assert psychologist.page.locator(".danger-bar").count() == 0

        in_danger(child)
        send(child)
        assert child.page.locator(".help-now a[href='tel:112']").is_visible()
        assert child.hidden_beyond_the_edge() == 0
        child.picture("danger-2-sent")

        # The next page, whichever it is, says so to both; the director holds no key.
        psychologist.go("/admin/journal/entry/")
        director.go("/admin/own/")
        for visit in (psychologist, director):
            bar = visit.page.locator(".danger-bar[role=alert]")
            assert bar.is_visible()
            assert TEXT not in visit.page.content()
            assert axe.run(visit.page, options=WCAG).response["violations"] == []
            assert visit.hidden_beyond_the_edge() == 0
            visit.complaints.clear()
        director.picture("danger-3-director")
        psychologist.picture("danger-4-bar")
        director.page.emulate_media(media="print")
        assert not director.page.locator(".danger-bar").is_visible()
        director.page.emulate_media(media="screen")

        page = psychologist.page
        page.click(".danger-bar form button")
        page.wait_for_url("**/admin/journal/alert/*/change/")
        assert page.locator(".danger-bar").count() == 0
        psychologist.picture("danger-5-alert")

        page.click(".first-steps a.button.primary")
        page.wait_for_url(f"**/opening/open/{SCHOOL}/")
        assert page.is_checked("input[name=kind][value=danger]")
        page.click("form.opening-form button.primary")
        page.wait_for_url("**/opening/*/change/")
        act = page.inner_text("section.act")
        assert OPENED_AT_ONCE in act
        assert TEXT in page.inner_text("main")
        psychologist.picture("danger-6-act")

        # Somebody deals with it: the director is no longer called, and sees who it is.
        director.go("/admin/")
        assert director.page.locator(".danger-bar").count() == 0
        assert director.page.locator(".in-hand").count() >= 1
        assert TEXT not in director.page.content()

        psychologist.go("/admin/journal/alert/?state=in_hand")
        page.locator("#result_list tbody a").first.click()
        page.locator("details.step summary").first.click()
        page.fill("#id_helped-note", "Энесине чалдык, бала үйүндө, коопсуз.")
        page.click("details.step[open] button.primary")
        page.wait_for_selector(".messagelist")
        assert "коопсуз" in page.inner_text("main")
        psychologist.picture("danger-7-closed")
    own_portal.manage("verify_journal")
