"""The whole way of a letter in a real browser: written, taken out, registered, answered, closed, printed, looked up."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
from playwright.sync_api import Browser

from tests.browser.visits import DESKTOP, PHONE, Visit, send, visiting, write_letter
from tests.portal import Portal, serving

CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}")


@dataclass(frozen=True)
class Way:
    """Who writes, in which words, and what the portal says to them."""

    language: str
    school: str
    text: str
    summary: str
    measures: str
    outcome: str
    in_box: str
    closed: str
    number: str
    anonymous_mark: str
    browser: dict[str, Any]
    identity: dict[str, str] = field(default_factory=dict)


ANONYMOUS_KAZAKH = Way(
    language="kk",
    school="it-lyceum",
    text="Сыныптастарым мені күн сайын мазақ етеді, сөмкемді тығып қояды. Не істерімді білмеймін.",
    summary="Оқушыны сыныптастарының күн сайын мазақ етуі, сөмкесін тығып қоюы туралы.",
    measures="Сынып жетекшісімен әңгіме өткізілді, үзілісте кезекші мұғалім тұрады.",
    outcome="Мазақ ету тоқтады, оқушы бақылауда.",
    in_box="Хат жәшікте",
    closed="Хат бойынша жұмыс аяқталды",
    number="Журналдағы нөмірі",
    anonymous_mark="жасырын",
    browser={"viewport": PHONE, "java_script_enabled": False, "is_mobile": True, "has_touch": True},
)
SIGNED_RUSSIAN = Way(
    language="ru",
    school="sport-college",
    text="Прошу разобраться: тренер заставляет сына тренироваться с больным коленом.",
    summary="О тренировках воспитанника с травмой колена по требованию тренера.",
    measures="Проведена беседа с тренером, воспитанник осмотрен врачом.",
    outcome="Воспитанник освобождён от нагрузок на месяц, родителю дан ответ.",
    in_box="Письмо в ящике",
    closed="Работа с письмом закончена",
    number="Номер в журнале",
    anonymous_mark="",
    browser={"viewport": DESKTOP},
    identity={
        "full_name": "Ахметова Гүлнәр Өмірбекқызы",
        "class_group": "2 курс",
        "phone": "8 701 123 45 67",
    },
)


@pytest.fixture(params=["sqlite", "postgresql"])
def on_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Portal]:
    """A server of its own on each engine: the book is whole at the end, and nobody else's letters lie in the box."""
    engine = {}
    if request.param == "postgresql":
        engine["DATABASE_URL"] = request.getfixturevalue("postgres_url")
    with serving(tmp_path, **engine) as running:
        yield running


def digits(text: str) -> str:
    """Its digits alone: a phone is shown in full, however it was typed."""
    return re.sub(r"\D", "", text)


def by_author(visit: Visit, way: Way, code: str) -> str:
    """What the reply page says to whoever has the code."""
    visit.go(f"/{way.language}/reply/")
    visit.page.fill("[name=code]", code.lower().replace("-", " "))
    visit.page.click("form.letter button.btn-primary")
    assert visit.page.locator("html").get_attribute("lang") == way.language
    return visit.page.inner_text("main")


def written(visit: Visit, way: Way) -> str:
    """From the school's page to the receipt; the code."""
    page = visit.page
    visit.go(f"/{way.language}/{way.school}/")
    visit.picture(f"way-{way.language}-1-school")
    page.click(f"a[href='/{way.language}/{way.school}/write/']")
    write_letter(visit, way.school, way.language, way.text, **way.identity)
    identity = page.locator("fieldset.identity")
    assert identity.is_visible() is bool(way.identity)
    visit.picture(f"way-{way.language}-2-written")
    code = send(visit)
    assert CODE.fullmatch(code)
    visit.picture(f"way-{way.language}-3-sent")
    return code


def taken_out(visit: Visit, way: Way) -> None:
    """The box is opened; the letter is on the screen in its author's words."""
    page = visit.page
    visit.picture(f"way-{way.language}-4-today")
    page.click(f"a[href='/admin/journal/opening/open/{way.school}/']")
    visit.say_why(way.summary)
    visit.picture(f"way-{way.language}-5-opening")
    page.click("form.opening-form button.primary")
    page.wait_for_url(re.compile(r"/admin/journal/opening/\d+/change/$"))


def registered(visit: Visit, way: Way) -> str:
    """The letter gets its number; what the journal calls the entry."""
    page = visit.page
    letter = page.locator("article.letter").filter(has_text=way.text)
    assert letter.count() == 1
    shown = letter.inner_text()
    assert way.identity.get("full_name", "") in shown
    assert digits(way.identity.get("phone", ""))[-10:] in digits(shown)
    letter.locator("textarea[name$=summary]").fill(way.summary)
    letter.locator("select[name$=category]").select_option(index=1)
    visit.picture(f"way-{way.language}-6-registering")
    letter.locator(".form-side > form button.primary").click()
    said = page.inner_text(".messagelist")
    found = re.search(r"\d+(?:[/–-]\d+)*", said)
    assert found, said
    assert page.locator("article.letter").filter(has_text=way.text).count() == 0
    return said


def worked_on(visit: Visit, way: Way) -> int:
    """Into review, measures, reply, closed: each by its own form on the entry's page. The entry's number."""
    page = visit.page
    visit.go("/admin/journal/entry/")
    page.fill("input[name=words]", way.summary[2:40])
    page.press("input[name=words]", "Enter")
    page.wait_for_selector(".lead[role=status]")
    rows = page.locator("#result_list tbody tr")
    assert rows.count() == 1
    visit.picture(f"way-{way.language}-7-found")
    rows.locator("a").first.click()
    assert way.text in page.inner_text("main")
    heading = page.inner_text("h1")
    steps: list[tuple[str, dict[str, str]]] = [
        ("taken_into_review", {}),
        ("measures_recorded", {"measures": way.measures}),
        ("answered", {}),
        ("closed", {"outcome": way.outcome}),
    ]
    for step, typed in steps:
        form = page.locator(f"#step-{step}")
        if form.get_attribute("open") is None:
            form.locator("summary").click()
        for name, text in typed.items():
            form.locator(f"[name$='-{name}']").fill(text)
        if step == "closed":
            form.locator("[name$='-finding'][value='justified']").check()
            form.locator("[name$='-cause']").select_option(index=1)
        form.locator("button.primary").click()
        assert page.locator(".messagelist").is_visible()
    for text in (way.summary, way.measures, way.outcome):
        assert text in page.inner_text("main")
    visit.picture(f"way-{way.language}-8-closed")
    return int(re.findall(r"\d+", heading)[0])


def printed(visit: Visit, way: Way) -> str:
    """The text of the journal's PDF, in the language of the way."""
    page = visit.page
    visit.go("/admin/journal/volume/")
    page.locator("#result_list tbody a").first.click()
    page.click("a.button.primary[href$='/print/']")
    page.select_option("[name=language]", way.language)
    with page.expect_download() as download:
        page.click("form.print-form [type=submit]")
    file = Path(download.value.path()).read_bytes()
    with pdfplumber.open(io.BytesIO(file)) as pdf:
        assert len(pdf.pages) >= 2
        assert all(sheet.width > sheet.height for sheet in pdf.pages)
        rows = [row for sheet in pdf.pages for row in (sheet.extract_table() or [])]
    return "\n".join(" | ".join((cell or "").replace("\n", " ") for cell in row) for row in rows)


@pytest.mark.parametrize("way", [ANONYMOUS_KAZAKH, SIGNED_RUSSIAN], ids=["kk", "ru"])
def test_the_whole_way(chromium: Browser, on_engine: Portal, way: Way) -> None:
    with (
        visiting(chromium, on_engine, **way.browser) as author,
        visiting(chromium, on_engine) as psychologist,
    ):
        code = written(author, way)
        assert way.in_box in by_author(author, way, code)
        psychologist.sign_in(f"psychologist.{way.school}", way.language)
        psychologist.go("/admin/")
        taken_out(psychologist, way)
        registered(psychologist, way)
        number = worked_on(psychologist, way)
        state = by_author(author, way, code)
        author.picture(f"way-{way.language}-9-state")
        assert re.search(rf"{way.number}[^\d]*{number}\b", state)
        assert way.closed in state
        assert way.summary not in state
        table = printed(psychologist, way)
        line = next(line for line in table.splitlines() if way.summary in line)
        assert line.startswith(f"{number} |")
        assert (way.identity.get("full_name") or way.anonymous_mark) in line
    assert "whole" in on_engine.manage("verify_journal", way.school)
