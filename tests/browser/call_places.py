"""The pages of the phone officer, and of letters that come outside an opening; how a person comes to each."""

from tests.browser.visits import Visit

_EVERY_WAY = """
from schools.models import Regulation
Regulation.objects.filter(school__slug="{school}").update(
    sources=["web", "paper", "phone", "email", "person"])
"""


def _every_way_in(visit: Visit, school: str) -> None:
    """By its rules the school takes calls and letters of every kind."""
    visit.portal.manage("shell", "-c", _EVERY_WAY.format(school=school))


def call(visit: Visit, language: str, school: str) -> None:
    _every_way_in(visit, school)
    visit.go(f"/admin/journal/entry/call/{school}/")


def call_errors(visit: Visit, language: str, school: str) -> None:
    call(visit, language, school)
    visit.page.select_option("[name=body]", index=1)
    visit.page.fill("[name=due_on]", "2020-01-01")
    visit.page.click(".call-register")
    visit.page.wait_for_selector(".errorlist")


def call_taken(visit: Visit, language: str, school: str) -> None:
    """A call with danger, sent on."""
    call(visit, language, school)
    page = visit.page
    page.check("[name=danger]")
    page.fill("[name=summary]", "2026")
    page.select_option("[name=category]", index=1)
    page.select_option("[name=body]", index=1)
    page.click(".call-register")
    page.wait_for_selector(".call-number")


def letter_in(visit: Visit, language: str, school: str) -> None:
    _every_way_in(visit, school)
    visit.go(f"/admin/journal/entry/letter/{school}/")


def letter_in_errors(visit: Visit, language: str, school: str) -> None:
    letter_in(visit, language, school)
    visit.page.click("form.paper-form button.primary")
    visit.page.wait_for_selector(".errorlist")


def answering_text(visit: Visit, language: str, school: str) -> None:
    visit.go(f"/admin/answering/{school}/")
