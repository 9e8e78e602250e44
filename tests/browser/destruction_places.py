"""The pages of keeping and destroying, and how a person comes to each."""

from tests.browser.coming import Way, at
from tests.browser.visits import Visit

_MAKE = """
from tests.journal.keeping.lists_made import make_lists
make_lists("{school}", {stages})
"""
_DESTROY_LETTER = """
from box.models import Letter
letter = Letter.objects.filter(school__slug="{school}").order_by("-pk")[0]
letter.destroy_key()
letter.save(update_fields=["sealed_key", "personal_keys"])
"""


def _make(visit: Visit, school: str, *stages: str) -> None:
    made = ", ".join(map(repr, stages))
    visit.portal.manage("shell", "-c", _MAKE.format(school=school, stages=made))


def _newest(visit: Visit, school: str, stage: str) -> None:
    _make(visit, school, stage)
    visit.go("/admin/journal/destruction/")
    visit.page.locator("#result_list tbody a").first.click()
    visit.page.wait_for_selector("#lines-heading")


def due(visit: Visit, language: str, school: str) -> None:
    """Something may be destroyed, and a list is not finished."""
    _make(visit, school, "drawn_up", "due")
    visit.go(f"/admin/journal/destruction/draw-up/{school}/")
    visit.page.wait_for_selector("main form button.primary")


def told_today(visit: Visit, language: str, school: str) -> None:
    """The first page says what is due, and how far each list has come."""
    _make(visit, school, "approved", "drawn_up", "due")
    visit.go("/admin/")
    visit.page.wait_for_selector("a[href*='/journal/destruction/draw-up/']")


def drawn_up(visit: Visit, language: str, school: str) -> None:
    _newest(visit, school, "drawn_up")


def not_sure(visit: Visit, language: str, school: str) -> None:
    """Approved; the password and the tick are missing."""
    _newest(visit, school, "approved")
    visit.page.click("form[action$='/carry-out/'] button.primary")
    visit.page.wait_for_selector(".errorlist")


def done(visit: Visit, language: str, school: str) -> None:
    _newest(visit, school, "done")


def entry_destroyed(visit: Visit, language: str, school: str) -> None:
    done(visit, language, school)
    visit.page.locator("table.plain-table tbody a").first.click()
    visit.page.wait_for_selector(".entry-main")


def destroy_newest_letter(visit: Visit, school: str) -> None:
    """As after an act: for the page of its author."""
    visit.portal.manage("shell", "-c", _DESTROY_LETTER.format(school=school))


KEY_HOLDER: dict[str, Way] = {
    "destructions": at("/admin/journal/destruction/"),
    "destruction-due": due,
    "destruction-drawn-up": drawn_up,
    "destruction-not-sure": not_sure,
    "destruction-done": done,
    "entry-destroyed": entry_destroyed,
}
WITHOUT_KEY: dict[str, Way] = {
    "director-today-destruction": told_today,
    "director-destruction": drawn_up,
}
