"""Letters that went to a region's named person alone: kept, held, destroyed, withdrawn; and what their authors see."""

from tests.browser.coming import Way, unfold
from tests.browser.visits import Visit

# One closed long ago, unless nobody has taken it in hand; ``stage`` says what has become of it since. Prints the
# author's code and the number of its case.
_MAKE = """
import datetime
from django.utils import timezone
from box.services import withdrawing
from journal.models import Escalation
from journal.services import at_region, escalating, keeping_cases
from schools.models import School
from schools.selectors import readers_of
from tests import factories
from vault.receipts import new_code
school, code = School.objects.get(slug="{school}"), new_code()
everybody = sorted({{reader.role for reader in readers_of(school)}})
letter = factories.send_letter(
    school, about=everybody, code=code, language="kk", category=None,
    text="Бұл туралы ешкім білмеуі керек.")
case = at_region.reach_with_letter(letter.pk)
if "{stage}" == "withdrawn":
    withdrawing.erase(letter=letter)
elif "{stage}" != "new":
    escalating.take(escalation=case, by=case.officer)
    day = timezone.make_aware(datetime.datetime(2015, 2, 3, 9))
    Escalation.objects.filter(pk=case.pk).update(outcome="helped", closed_at=day)
if "{stage}" == "held":
    keeping_cases.hold_case(escalation=case, reason="Қалалық сот сұрады, № 7 іс.", by=case.officer)
if "{stage}" == "destroyed":
    keeping_cases.destroy_case(escalation=case, by=case.officer)
print("made", code, case.pk)
"""


def _made(visit: Visit, stage: str, school: str = "it-lyceum") -> list[str]:
    """The author's code and the number of the case."""
    told = visit.portal.manage("shell", "-c", _MAKE.format(stage=stage, school=school))
    return told.rpartition("made ")[2].split()


def _make(visit: Visit, stage: str) -> str:
    """The address of the page of a new one."""
    return f"/admin/reached/{_made(visit, stage)[1]}/"


def kept(stage: str) -> Way:
    """The page of one of which this has become, with everything unfolded."""

    def come(visit: Visit, language: str, school: str) -> None:
        visit.go(_make(visit, stage))
        unfold(visit)

    return come


def listed(visit: Visit, language: str, school: str) -> None:
    """What may be destroyed, over a list with one of each."""
    for stage in ("due", "held", "destroyed", "withdrawn"):
        _make(visit, stage)
    visit.go("/admin/reached/")
    visit.page.wait_for_selector("#due-heading")


def not_sure(visit: Visit, language: str, school: str) -> None:
    """The password and the tick are missing."""
    visit.go(_make(visit, "due"))
    visit.page.click("form[action$='/destroy/'] button.primary")
    visit.page.wait_for_selector(".errorlist")


KEPT: dict[str, Way] = {
    "reached-due": listed,
    "reached-kept": kept("due"),
    "reached-held": kept("held"),
    "reached-destroyed": kept("destroyed"),
    "reached-withdrawn": kept("withdrawn"),
    "reached-not-sure": not_sure,
}


def author_s(stage: str, *, leaves: bool) -> Way:
    """What the author sees of one of which this has become; ``leaves``: asking to take it away."""

    def come(visit: Visit, language: str, school: str) -> None:
        visit.go(f"/{language}/reply/")
        visit.page.fill("[name=code]", _made(visit, stage, school)[0])
        visit.page.click("form.letter button.btn-primary")
        visit.page.wait_for_selector("h2#state")
        if leaves:
            unfold(visit)
            visit.page.click("button[value=leave]")
            visit.page.wait_for_selector("button[value=left]")

    return come


AUTHORS: dict[str, Way] = {
    "region-state": author_s("new", leaves=False),
    "region-leaving": author_s("new", leaves=True),
    "region-leaving-kept": author_s("due", leaves=True),
    "region-destroyed": author_s("destroyed", leaves=False),
}
