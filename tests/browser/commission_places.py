"""The pages of the commission and of closing, and how a person comes to each."""

from tests.browser.visits import Visit

# Twelve days passed since the last opening of a daily box, and the volume's period was over a year ago.
_MAKE_LATE = """
import datetime
from django.db import connection
from django.utils import timezone
from journal.bound import bind, unbind
from journal.models import Opening, Volume
from schools.models import Regulation
school = dict(school__slug="{school}")
Regulation.objects.filter(**school).update(schedule="daily", works="all_year")
unbind(connection)
Opening.objects.filter(**school).update(opened_at=timezone.now() - datetime.timedelta(days=12))
for volume in Volume.objects.filter(**school, period_to__gte=timezone.localdate()):
    for name in ("period_from", "period_to"):
        day = getattr(volume, name)
        setattr(volume, name, day.replace(year=day.year - 1))
    volume.save()
bind(connection)
"""


def _meeting(visit: Visit, what: str) -> None:
    """The newest meeting that is planned, or held."""
    visit.go("/admin/journal/meeting/")
    rows = visit.page.locator("#result_list tbody tr")
    held = rows.filter(has_text="№")
    (held if what == "held" else rows.filter(has_not_text="№")).first.locator("a").first.click()
    visit.page.wait_for_selector(".agenda")


def call_errors(visit: Visit, language: str, school: str) -> None:
    """No day, nothing on the agenda."""
    visit.go(f"/admin/journal/meeting/call/{school}/")
    visit.page.fill("[name=day]", "")
    visit.page.click("main form button.primary")
    visit.page.wait_for_selector(".errorlist")


def planned_meeting(visit: Visit, language: str, school: str) -> None:
    _meeting(visit, "planned")


def plan(visit: Visit, language: str, school: str) -> None:
    _meeting(visit, "planned")
    visit.page.click("a[href$='/plan/']")


def protocol(visit: Visit, language: str, school: str) -> None:
    _meeting(visit, "planned")
    visit.page.click("a[href$='/protocol/']")
    for summary in visit.page.locator("main details:not([open]) > summary").all():
        summary.click()


def _few(visit: Visit) -> None:
    """One alone is present; something is said, and a decision without its words."""
    page = visit.page
    for box in page.locator("[name=protocol-present]").all()[1:]:
        box.uncheck()
    page.fill("[name=point-1-heard]", "2026")
    page.fill("[name=decision-1-who]", "2026")


def protocol_errors(visit: Visit, language: str, school: str) -> None:
    protocol(visit, language, school)
    _few(visit)
    visit.page.click("form.protocol button.primary")
    visit.page.wait_for_selector("[name=protocol-too_few]")


def protocol_conflict(visit: Visit, language: str, school: str) -> None:
    """The plan was changed in another window while the protocol was typed."""
    protocol(visit, language, school)
    page = visit.page
    page.evaluate("document.querySelector('[name=protocol-version]').value = '9999'")
    page.fill("[name=protocol-held_on]", page.evaluate("new Date().toISOString().slice(0, 10)"))
    page.fill("[name=point-1-heard]", "2026")
    for name in ("chair", "secretary"):
        page.locator(f"[name=protocol-{name}]").select_option(index=1)
    page.click("form.protocol button.primary")
    page.wait_for_selector(".errornote")


def held_meeting(visit: Visit, language: str, school: str) -> None:
    """With a decision that waits to be carried out."""
    _meeting(visit, "held")
    for summary in visit.page.locator("main details:not([open]) > summary").all():
        summary.click()


def missed_openings(visit: Visit, language: str, school: str) -> None:
    """The form of the opening asks why openings were missed, and colleagues may confirm on it."""
    visit.portal.manage("shell", "-c", _MAKE_LATE.format(school=school))
    visit.go(f"/admin/journal/opening/open/{school}/")
    visit.page.check("input[name=kind][value=out_of_turn]")
    visit.page.wait_for_selector("[name=missed_reason]")
    visit.page.locator(".confirming > summary").click()


def today_with_missed(visit: Visit, language: str, school: str) -> None:
    missed_openings(visit, language, school)
    visit.go("/admin/")


def volume_to_close(visit: Visit, language: str, school: str) -> None:
    """Its period is over, and letters in it are still open."""
    visit.portal.manage("shell", "-c", _MAKE_LATE.format(school=school))
    visit.go("/admin/journal/volume/")
    visit.page.locator("#result_list tbody a").first.click()
    visit.page.wait_for_selector("#closing")


def volume_closed(visit: Visit, language: str, school: str) -> None:
    """Closed just now, with what was carried over."""
    volume_to_close(visit, language, school)
    visit.page.click("form[action$='/close/'] button")
    visit.page.wait_for_selector(".messagelist")
