"""The commission in a real browser: a meeting about a letter, its protocol, and its decision carried out."""

import datetime
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.visits import DESKTOP, Visit, visiting
from tests.portal import Portal

SMALL_PHONE = {"width": 360, "height": 740}


@dataclass(frozen=True)
class Way:
    """A deputy director, their words, and what the portal says to them."""

    language: str
    school: str
    place: str
    new_place: str
    said: str
    decided: str
    done: str
    protocol: str
    too_few: str
    sentence: str
    browser: dict[str, Any]


KYRGYZ = Way(
    language="ky",
    school="zheenbaev",
    place="Мугалимдер бөлмөсү",
    new_place="Актовый зал, 2-кабат",
    said="Ашканадагы кезек тууралуу кайрылуу кайталанып жатат.",
    decided="Чоң тыныгуунун убактысын класстар боюнча бөлүү.",
    done="Жаңы график илинди.",
    protocol="№ 2 протокол",
    too_few="кеминде",
    sentence="Комиссия кайрылуу боюнча чечим кабыл алды: № 2 протокол",
    browser={"viewport": SMALL_PHONE, "java_script_enabled": False, "is_mobile": True},
)
RUSSIAN = Way(
    language="ru",
    school="sport-college",
    place="Кабинет 12",
    new_place="Актовый зал",
    said="Тренер признал, что нагрузка была велика.",
    decided="Провести медосмотр воспитанников.",
    done="Осмотр проведён.",
    protocol="Протокол № 2",
    too_few="нужно не меньше",
    sentence="Комиссия приняла решение по обращению: протокол № 2",
    browser={"viewport": DESKTOP},
)


def _call(visit: Visit, way: Way) -> str:
    """A meeting today about the newest letter; the letter's label on the form."""
    page = visit.page
    visit.go(f"/admin/journal/meeting/call/{way.school}/")
    page.fill("[name=place]", way.place)
    label = page.locator("label:has([name=entries])").first
    about = label.inner_text()
    label.locator("input").check()
    page.click("main form button.primary")
    page.wait_for_selector("ol.agenda")
    assert way.place in page.inner_text("#content")
    assert about.partition(":")[0].strip() in page.inner_text("ol.agenda")
    return about


def _change_plan(visit: Visit, way: Way) -> None:
    page = visit.page
    page.click("a[href$='/plan/']")
    assert page.locator("[name=entries]:checked").count() == 1
    page.fill("[name=place]", way.new_place)
    page.click("main form button.primary")
    page.wait_for_selector("ol.agenda")
    assert way.new_place in page.inner_text("#content")


def _write_protocol(visit: Visit, way: Way) -> None:
    page = visit.page
    page.click("a[href$='/protocol/']")
    present = page.locator("[name=protocol-present]")
    for box in present.all()[1:]:
        box.uncheck()
    for name in ("chair", "secretary"):
        page.locator(f"[name=protocol-{name}]").select_option(index=1)
    page.fill("[name=point-1-heard]", way.said)
    page.fill("[name=decision-1-text]", way.decided)
    today = datetime.datetime.now(tz=datetime.UTC).date() + datetime.timedelta(days=3)
    page.fill("[name=decision-1-due_on]", today.isoformat())
    page.locator("[name=decision-1-responsible]").select_option(index=1)
    # Enter in a line writes nothing yet.
    page.press("[name=protocol-place]", "Enter")
    page.wait_for_selector("form.protocol")
    assert page.input_value("[name=point-1-heard]") == way.said
    page.click("form.protocol button.primary")
    few = page.locator("[name=protocol-too_few]")
    assert way.too_few in page.inner_text(".field-too_few")
    assert not few.is_checked()
    for box in present.all():
        box.check()
    page.click("form.protocol button.primary")
    page.wait_for_selector("ol.decisions")


@pytest.mark.parametrize("way", [RUSSIAN, KYRGYZ], ids=lambda way: way.language)
def test_from_the_call_to_what_was_carried_out(chromium: Browser, portal: Portal, way: Way) -> None:
    with visiting(chromium, portal, **way.browser) as visit:
        page = visit.page
        visit.sign_in(f"deputy.{way.school}", way.language)
        _call(visit, way)
        _change_plan(visit, way)
        _write_protocol(visit, way)
        meeting = page.url
        assert way.protocol in page.inner_text("h1")
        assert way.said in page.inner_text("ol.agenda")
        assert way.decided in page.inner_text("ol.decisions")
        assert visit.hidden_beyond_the_edge() <= 0
        visit.picture(f"protocol-written-{way.language}")

        page.locator("ol.agenda a").first.click()
        assert way.sentence in page.inner_text(".history")
        assert way.decided in page.inner_text("#content")

        visit.go("/admin/")
        task = page.locator("ul.tasks li", has_text="№ 2")
        assert way.decided not in task.inner_text()
        task.locator("a").click()
        assert page.url.startswith(meeting)
        page.locator("ol.decisions summary").first.click()
        page.fill("[name=done-1-note]", way.done)
        page.click("form[action$='/done/'] button")
        page.wait_for_selector("ol.decisions .notice-good")
        assert way.done in page.inner_text("ol.decisions")
        visit.go("/admin/")
        assert page.locator("ul.tasks li", has_text="№ 2").count() == 0
