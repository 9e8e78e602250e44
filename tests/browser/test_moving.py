"""A school moves from one server to another: what its pupils see at the old address, and how its people come in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.test_every_page import WCAG, axe
from tests.browser.visits import DESKTOP, PHONE, Visit, visiting
from tests.factories import TEXT
from tests.portal import Portal, serving

SLUG = "real-school"
CODE = "K7QX-9M2T-4HWD-PZ3A"
BEFORE, NOW = "first holder of the key", "second holder of the key"
LANGUAGES = ["kk", "ru", "ky", "en"]
# What the page calls the password that somebody had at the old server.
FORMER = {
    "kk": "Бұрынғы құпиясөз",
    "ru": "Прежний пароль",
    "ky": "Мурдагы сырсөз",
    "en": "Password of before",
}

# Somebody who holds the key in each language, a letter in the journal and one in the box.
MAKE = f"""
from tests import factories
school = factories.make_school({SLUG!r})
for language in {LANGUAGES!r}:
    person = factories.make_person(
        school, "psychologist", username=language, password={BEFORE!r}, with_key=True, language=language)
entry = factories.registered_entry(school, by=person)
factories.send_letter(school, code={CODE!r})
"""


class Move:
    """Both servers after the school has moved, and the links of its people by user name."""

    def __init__(self, old: Portal, new: Portal, folder: Path) -> None:
        self.old, self.new = old, new
        file, code = folder / "archive", folder / "code"
        self.new_address = f"{new.url}/ru/{SLUG}/"
        old.manage("shell", "-c", MAKE)
        said = old.manage("archive", SLUG, str(file), "--leaves", "--to", self.new_address)
        lines = said.partition("it opens no letter:\n")[2].splitlines()
        code.write_text("\n".join(lines[:8]))
        told = new.manage("take_in", str(file), "--code", str(code)).splitlines()
        self.links = dict(line.split("\t") for line in told if "\t" in line)


@pytest.fixture(scope="module")
def move(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Move]:
    old, new = tmp_path_factory.mktemp("old"), tmp_path_factory.mktemp("new")
    with serving(old) as here, serving(new) as there:
        yield Move(here, there, tmp_path_factory.mktemp("way"))


def looked_at(visit: Visit, name: str) -> None:
    """On a desk and on a phone: a picture each, nothing beyond the edge, no finding of axe."""
    for kind, size in (("desktop", DESKTOP), ("phone", PHONE)):
        visit.page.set_viewport_size(size)
        assert visit.hidden_beyond_the_edge() == 0
        visit.picture(f"{name}-{kind}")
    assert axe.run(visit.page, options=WCAG).response["violations"] == []
    visit.complaints.clear()  # what axe itself tried


def test_the_old_address_leads_to_the_new_one(chromium: Browser, move: Move) -> None:
    with visiting(chromium, move.old, viewport=PHONE) as visit:
        page = visit.page
        visit.go(f"/ru/{SLUG}/")
        assert page.locator(".notice a").get_attribute("href") == move.new_address
        assert page.locator(".help-now a[href^='tel:']").count() >= 3
        visit.go("/ru/reply/")
        page.fill("[name=code]", CODE)
        page.click("form.letter button.btn-primary")
        assert page.locator(".notice a").get_attribute("href") == move.new_address
        assert page.locator("textarea").count() == 0
    with visiting(chromium, move.new, viewport=PHONE) as visit:
        assert visit.page.goto(move.new_address).status == 200
        visit.go("/ru/reply/")
        visit.page.fill("[name=code]", CODE)
        visit.page.click("form.letter button.btn-primary")
        assert TEXT not in visit.page.inner_text("main")
        assert visit.page.locator("textarea[name=text]").is_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_knows_the_password_of_before_keeps_the_key(
    chromium: Browser, move: Move, language: str
) -> None:
    with visiting(chromium, move.new) as visit:
        page = visit.page
        visit.go(move.links[language])
        assert page.locator("html").get_attribute("lang") == language
        assert FORMER[language] in page.inner_text("label[for=id_former]")
        fields = page.locator("input[type=password]").evaluate_all(
            "all => all.map(one => one.name)"
        )
        assert fields == ["former", "password1", "password2"]
        looked_at(visit, f"moved-welcome-{language}")

        def choose(former: str) -> None:
            page.fill("#id_password1", NOW)
            page.fill("#id_password2", NOW)
            page.fill("#id_former", former)
            page.click("form:has(#id_former) button[type=submit]")

        choose("not that one at all")
        page.wait_for_selector(".field-former .errorlist")
        looked_at(visit, f"moved-welcome-wrong-{language}")
        choose(BEFORE)
        page.wait_for_url("**/second-factor/set-up/**")
    held = move.new.manage(
        "shell",
        "--verbosity=0",
        "-c",
        "from schools.models import KeyGrant\n"
        f"print(KeyGrant.objects.filter(holder__username={language!r}).count())",
    )
    assert held.strip() == "1"
