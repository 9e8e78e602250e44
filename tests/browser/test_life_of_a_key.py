"""The whole life of a key in a real browser, in a school that is no demonstration: from the invitation to its end."""

import re
from base64 import b32decode
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.visits import Visit, visiting
from tests.factories import code_now
from tests.portal import Portal, serving

SLUG = "real-school"
FIRST, SECOND = "first holder of the key", "second holder of the key"
TEXT = "Меня обижают в раздевалке после физкультуры."

# Two people with roles, one of whom holds the key, and a letter in the journal: as a school that began yesterday.
MAKE = f"""
from tests import factories
school = factories.make_school({SLUG!r}, schedule="weekdays")
keeper = factories.make_person(
    school, "psychologist", username="keeper", password={FIRST!r}, with_key=True, language="ru")
factories.make_person(school, "administrator", username="manager", password={FIRST!r}, language="ru")
entry = factories.registered_entry(school, by=keeper, text={TEXT!r})
print("entry", entry.pk)
"""


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A portal of its own, so that nobody else's pages change."""
    with serving(Path(tmp_path_factory.mktemp("life"))) as running:
        yield running


def sign_in(visit: Visit, name: str, password: str) -> None:
    visit.go("/admin/login/?language=ru")
    visit.page.fill("#id_username", name)
    visit.page.fill("#id_password", password)
    visit.page.click("#login-form button[type=submit]")


def set_up_app(visit: Visit) -> tuple[str, list[str]]:
    """Type the secret that stands beside the picture into an app, and its code into the page."""
    page = visit.page
    page.wait_for_url("**/second-factor/set-up/**")
    assert page.locator("svg.qr path").get_attribute("d")
    page.click("details summary")
    letters = re.sub(r"\s", "", page.inner_text(".secret"))
    secret = b32decode(letters).hex()
    page.fill("#id_code", code_now(secret))
    page.click("form:has(#id_code) button[type=submit]")
    codes = page.locator(".backup-codes li").all_inner_texts()
    assert len(codes) == 10
    return secret, codes


def test_from_the_invitation_to_the_key_taken_away(chromium: Browser, real: Portal) -> None:
    entry = re.search(r"entry (\d+)", real.manage("shell", "-c", MAKE))[1]
    address = f"/admin/journal/entry/{entry}/change/"
    with (
        visiting(chromium, real) as manager,
        visiting(chromium, real) as keeper,
        visiting(chromium, real) as newcomer,
    ):
        # The administrator adds a colleague and gets a link, with no password anywhere.
        sign_in(manager, "manager", FIRST)
        manager.go("/admin/schools/user/add/")
        manager.page.fill("#id_username", "newcomer")
        manager.page.fill("#id_full_name", "Айша Сапарова")
        manager.page.select_option("#id_language", "ru")
        manager.page.select_option("#id_memberships-0-school", index=1)
        manager.page.select_option("#id_memberships-0-role", "social_pedagogue")
        manager.page.click("input[name=_save]")
        manager.page.wait_for_url("**/invite/")
        manager.page.click("#content form.card button[type=submit]")
        link = manager.page.inner_text(".link-to-copy").strip()
        manager.picture("life-1-link")

        # The colleague chooses a password; the address shows no token any more.
        newcomer.page.goto(link)
        assert newcomer.page.url.endswith("/admin/welcome/")
        newcomer.picture("life-2-welcome")
        newcomer.page.fill("#id_password1", SECOND)
        newcomer.page.fill("#id_password2", SECOND)
        newcomer.page.click("form:has(#id_password1) button[type=submit]")
        newcomer.page.wait_for_url("**/second-factor/set-up/**")
        newcomer.picture("life-3-set-up")
        _secret, codes = set_up_app(newcomer)
        newcomer.picture("life-4-codes")
        newcomer.page.click(".sign-in-card a.primary")

        # … and waits for the key, which everybody can see.
        newcomer.page.wait_for_url("**/admin/")
        newcomer.picture("life-5-waiting")
        newcomer.go(address)
        assert TEXT not in newcomer.page.content()

        # A holder sees the request and grants it with their own password.
        sign_in(keeper, "keeper", FIRST)
        set_up_app(keeper)
        keeper.page.click(".sign-in-card a.primary")
        assert "Айша Сапарова" in keeper.page.inner_text("#content")
        keeper.go(f"/admin/keys/{SLUG}/")
        keeper.page.fill("form.give input[type=password]", FIRST)
        keeper.page.click("form.give button[type=submit]")
        keeper.page.wait_for_selector(".messagelist .success")

        # In the session already open the letter can be read now.
        newcomer.go(address)
        assert TEXT in newcomer.page.inner_text("#content")

        # The key is taken away: closed at the next request of the same session.
        row = keeper.page.locator(".people li", has_text="Айша Сапарова")
        row.locator("summary").click()
        row.locator("input[type=password]").fill(FIRST)
        row.locator("button.danger").click()
        keeper.page.wait_for_selector(".messagelist .success")
        newcomer.go(address)
        assert TEXT not in newcomer.page.content()

        # The link is used up, and a backup code comes in once.
        with visiting(chromium, real) as late:
            late.page.goto(link)
            assert late.page.locator("#id_password1").count() == 0
            late.picture("life-6-used")
            for opens in (True, False):
                late.page.context.clear_cookies()
                sign_in(late, "newcomer", SECOND)
                late.page.wait_for_url("**/second-factor/**")
                if opens:
                    late.picture("life-7-code")
                late.page.fill("#id_code", codes[0])
                late.page.click("form:has(#id_code) button[type=submit]")
                late.page.wait_for_load_state()
                assert late.page.url.endswith("/admin/") is opens


def test_a_warning_comes_before_the_session_ends(chromium: Browser, real: Portal) -> None:
    with visiting(chromium, real) as visit:
        page = visit.page
        page.clock.install()
        sign_in(visit, "operator", real.password)
        page.wait_for_url("**/admin/")
        box = page.locator(".session-end")
        page.clock.fast_forward("17:55")
        assert not box.is_visible()
        page.clock.fast_forward("00:10")
        box.wait_for(state="visible")
        visit.picture("session-ends-soon")
        with page.expect_response("**/admin/own/stay/") as answer:
            box.locator("button").click()
        assert answer.value.status == 204
        box.wait_for(state="hidden")
        page.clock.fast_forward("17:50")
        assert not box.is_visible()
        page.clock.fast_forward("02:30")
        page.wait_for_url("**/admin/**")
        assert not page.locator("#content .session-end").is_visible()
