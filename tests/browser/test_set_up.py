"""From a fresh installation to an open box, by people who read only the screen: fields and buttons by their words."""

import base64
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation import gettext, pgettext
from django_otp.oath import totp
from playwright.sync_api import Browser, Locator, Page

from schools.languages import OWN_NAMES
from tests.browser.visits import PHONE, READING_SECONDS, Visit, visiting
from tests.portal import DEMO_PASSWORD, Portal, environment, run_manage, serving

ACCOUNT = "it.teacher"
SECRET_WORDS = "өз сөзім ешкімге айтпаймын"


@dataclass(frozen=True)
class Way:
    """A school, its country, and the language in which everybody reads the screen."""

    language: str
    country: str
    slug: str
    names: dict[str, str]
    template: str
    people: tuple[str, ...]
    approver: str
    letter: str


RUSSIAN_IN_KAZAKHSTAN = Way(
    language="ru",
    country="Kazakhstan",
    slug="school-57",
    names={"kk": "№ 57 орта мектеп", "ru": "Средняя школа № 57"},
    template="Weekly with a psychologist",
    people=("Әбенова Сәуле", "Қайратов Дәурен"),
    approver="Тілеубаев Нұрлан",
    letter="Это проверка ящика. Отвечать не нужно.",
)
KYRGYZ = Way(
    language="ky",
    country="Kyrgyzstan",
    slug="too-mektebi",
    names={"ky": "«Тоо» орто мектеби", "ru": "Средняя школа «Тоо»"},
    template="Every 15 days with acts",
    people=("Жээнбекова Айсулуу",),
    approver="Осмонов Бакыт",
    letter="Бул кутуну текшерүү. Жооп керек эмес.",
)


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Portal]:
    """A portal with nothing in it but the account that ``createsuperuser`` makes."""
    with serving(tmp_path, demo=False) as running:
        run_manage(
            {**environment(tmp_path), "DJANGO_SUPERUSER_PASSWORD": DEMO_PASSWORD},
            *("createsuperuser", "--noinput", "--username", ACCOUNT, "--full_name", "IT"),
        )
        yield running


def said(text: str, context: str = "", **facts: object) -> str:
    """The words as the screen says them in the language now active."""
    words = pgettext(context, text) if context else gettext(text)
    words = words % facts if facts else words
    return words[:1].upper() + words[1:]


def press(page: Page | Locator, text: str, context: str = "") -> None:
    """The button, or the link that looks like one."""
    words = re.compile(re.escape(said(text, context)), re.IGNORECASE)
    found = page.get_by_role("button", name=words).or_(page.get_by_role("link", name=words))
    found.first.click()


def shows(page: Page, text: str, **facts: object) -> bool:
    return said(text, **facts) in page.inner_text("#content")


def fill(page: Page | Locator, label: str, typed: str) -> None:
    page.get_by_label(said(label)).first.fill(typed)


def group(page: Page, legend: str, **facts: object) -> Locator:
    return page.get_by_role("group", name=said(legend, **facts))


def make_school(visit: Visit, way: Way) -> None:
    page = visit.page
    visit.go("/admin/")
    visit.picture(f"set-up-{way.language}-1-today")
    press(page, "Set up a school")
    visit.picture(f"set-up-{way.language}-2-country")
    press(page, way.country)
    names = group(page, "Name of the school")
    for code, name in way.names.items():
        names.get_by_label(OWN_NAMES[code]).fill(name)
    fill(page, "Short name in the address", way.slug)
    page.get_by_label(re.compile(re.escape(said(way.template, "starting regulation")))).check()
    visit.picture(f"set-up-{way.language}-3-school")
    press(page, "Make the school")
    assert said("The school is made. Now the people.") in page.inner_text(".messagelist")


def invite(visit: Visit, way: Way) -> list[str]:
    """The links, as they stand on the screen. The roles that the rules want stand in the lines already."""
    page = visit.page
    for number, name in enumerate(way.people, start=1):
        line = group(page, "Person %(number)s", number=number)
        fill(line, "Full name", name)
        line.get_by_label(said("Language of the staff pages")).select_option(
            OWN_NAMES[way.language]
        )
    visit.picture(f"set-up-{way.language}-4-people")
    press(page, "Add them and make their links")
    visit.picture(f"set-up-{way.language}-5-links")
    links = page.locator(".link-to-copy").all_inner_texts()
    assert len(links) == len(way.people)
    return links


def come_in(visit: Visit, link: str) -> None:
    """By the link: a password, the app on the phone, the backup codes."""
    page = visit.page
    page.goto(link)
    for field in page.locator("input[type=password]").all():
        field.fill(SECRET_WORDS)
    press(page, "Choose it and come in")
    page.get_by_text(said("It cannot be scanned: type it")).click()
    secret = re.sub(r"\s", "", page.inner_text("dd.secret"))
    padded = secret + "=" * (-len(secret) % 8)
    page.locator("main input:not([type=hidden])").last.fill(f"{totp(base64.b32decode(padded)):06d}")
    press(page, "Go on")
    press(page, "I have them: go on")
    page.wait_for_url("**/admin/")


def make_key(visit: Visit, way: Way) -> None:
    page = visit.page
    assert shows(page, "The box has no key yet.")
    visit.picture(f"set-up-{way.language}-6-holder-today")
    press(page, "Make the key")
    press(page, "Make the key")
    assert said("The key is made, and you hold it. The box can be used now.") in page.inner_text(
        ".messagelist"
    )
    press(page, "Print the recovery sheet")
    page.locator("input[type=password]").fill(SECRET_WORDS)
    with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        press(page, "Show the sheet for printing")
    assert answer.value.headers["content-type"] == "application/pdf"


def write_test_letter(visit: Visit, way: Way, address: str) -> None:
    page = visit.page
    page.goto(address)
    assert page.locator("html").get_attribute("lang") == next(iter(way.names))
    page.locator("textarea").fill(way.letter)
    page.get_by_role("radio").first.check()
    page.wait_for_timeout(READING_SECONDS * 1000)
    page.locator("form.letter button.btn-primary").click()
    page.wait_for_url("**/sent/**")


def open_and_set_aside(visit: Visit, way: Way) -> None:
    page = visit.page
    visit.go("/admin/")
    press(page, "Open the box")
    page.get_by_role("radio", name=said("out of turn", "opening of the box")).check()
    visit.say_why(way.letter)
    press(page, "Open the box")
    letter = page.get_by_role("article").filter(has_text=way.letter)
    letter.get_by_text(said("Set aside without a number")).click()
    letter.get_by_label(said("Set aside as")).select_option(pgettext("set aside as", "test"))
    letter.get_by_role("button", name=said("Set aside"), exact=True).click()
    assert pgettext("set aside as", "test") in page.inner_text(".act-letters")
    visit.picture(f"set-up-{way.language}-9-aside")


@pytest.mark.parametrize("way", [RUSSIAN_IN_KAZAKHSTAN, KYRGYZ], ids=["ru", "ky"])
def test_from_nothing_to_an_open_box(chromium: Browser, fresh: Portal, way: Way) -> None:
    with ExitStack() as stack, translation.override(way.language):
        teacher = stack.enter_context(visiting(chromium, fresh))
        teacher.sign_in(ACCOUNT, way.language)
        page = teacher.page
        make_school(teacher, way)
        assert shows(page, "The box is not open yet.")
        links = invite(teacher, way)
        teacher.go(f"/admin/set-up/{way.slug}/key/")
        assert shows(page, "You cannot do this for them. Ask one of them to:")
        assert way.people[0] in page.inner_text("#content")
        teacher.picture(f"set-up-{way.language}-7-key")

        colleagues = [stack.enter_context(visiting(chromium, fresh)) for _link in links]
        for colleague, link in zip(colleagues, links, strict=True):
            come_in(colleague, link)
        holder = colleagues[0]
        make_key(holder, way)

        press(page, "A test letter", "step of the set-up")
        assert shows(page, "The box is open: letters can be sent.")
        teacher.picture(f"set-up-{way.language}-8-letter")
        address = page.get_by_role("link", name=said("Open the form")).get_attribute("href")
        child = stack.enter_context(visiting(chromium, fresh, viewport=PHONE))
        write_test_letter(child, way, address)
        open_and_set_aside(holder, way)

        page.reload()
        assert page.locator(".to-do .flag").count() == 3
        press(page, "Telling the school", "step of the set-up")
        fill(page, "Approved by (name)", way.approver)
        teacher.picture(f"set-up-{way.language}-10-rest")
        press(page, "Note it", "the approval")
        steps = page.locator(".set-up-steps li")
        assert steps.count() == 5
        assert [pgettext("step of the set-up", "done")] * 5 == [
            step.inner_text() for step in steps.locator("small").all()
        ]
        teacher.go("/admin/")
        assert way.slug not in page.content().split("staff-menu")[1].split("</nav>")[1]
