"""The pages of keeping and destroying, and how a person comes to each."""

from tests.browser.coming import Way, at
from tests.browser.visits import Visit

# The oldest entry with which nobody has to do was finished long ago; ``stage`` says how far a list with it has come.
_MAKE = """
import datetime
from django.db.models import Max
from journal.models import Destruction, Doomed, Entry, Meeting
from journal.services import destroying
from schools.models import School, User
school = School.objects.get(slug="{school}")
by = User.objects.get(username="psychologist.{school}")
meeting = Meeting.objects.filter(school=school, state="held").order_by("-held_on").first()
entry = Entry.objects.filter(
    school=school, destroyed_on=None, school_key__isnull=False, held=False, letter__alerts=None, alerts=None,
    forwardings=None, points=None).order_by("pk").first()
Entry.objects.filter(pk=entry.pk).update(
    state="closed", no_reply=True, closed_on=datetime.date(2015, 2, 3))
Destruction.objects.filter(done_on=None).update(called_off_on=school.today())
if "{stage}" != "due":
    last = Destruction.objects.filter(school=school).aggregate(last=Max("number"))["last"] or 0
    made = Destruction.objects.create(
        school=school, number=last + 1, drawn_up_on=meeting.held_on, drawn_up_by=by)
    Doomed.objects.create(destruction=made, entry=entry)
    if "{stage}" != "drawn_up":
        Destruction.objects.filter(pk=made.pk).update(
            meeting=meeting, approved_on=school.today(), approved_by=by)
    if "{stage}" == "done":
        destroying.carry_out(school=school, destruction=made, by=by)
"""
_DESTROY_LETTER = """
from box.models import Letter
letter = Letter.objects.filter(school__slug="{school}").order_by("-pk")[0]
letter.destroy_key()
letter.save(update_fields=["sealed_key", "personal_keys"])
"""


def _make(visit: Visit, school: str, stage: str) -> None:
    visit.portal.manage("shell", "-c", _MAKE.format(school=school, stage=stage))


def _newest(visit: Visit, school: str, stage: str) -> None:
    _make(visit, school, stage)
    visit.go("/admin/journal/destruction/")
    visit.page.locator("#result_list tbody a").first.click()
    visit.page.wait_for_selector("#lines-heading")


def due(visit: Visit, language: str, school: str) -> None:
    """Something may be destroyed, and a list is not finished."""
    _make(visit, school, "drawn_up")
    visit.go(f"/admin/journal/destruction/draw-up/{school}/")
    _make(visit, school, "due")
    visit.go(f"/admin/journal/destruction/draw-up/{school}/")


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
WITHOUT_KEY: dict[str, Way] = {"director-destruction": drawn_up}
