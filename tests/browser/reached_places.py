"""What has reached the named person of a region: the list, a danger, and a letter about everybody."""

from tests.browser.coming import Way, at, unfold
from tests.browser.kept_places import KEPT
from tests.browser.visits import Visit

ACCOUNT = "named.akzhol"

# The danger has reached them in the demonstration itself.
MAKE_REACHED = """
from journal.services import at_region, escalating
from journal.models import Escalation
from schools.models import School
from schools.selectors import readers_of
from tests import factories
school = School.objects.get(slug="it-lyceum")
if not Escalation.objects.filter(school=school).exists():
    words = {"text": "Ол мені күн сайын спортзалдың артында күтіп тұрады.", "category": None}
    everybody = sorted({reader.role for reader in readers_of(school)})
    for number in range(2):
        letter = factories.send_letter(school, about=everybody, language="kk", **words)
    case = at_region.reach_with_letter(letter.pk)
    escalating.take(escalation=case, by=case.officer)
    escalating.write_to_author(escalation=case, text="Сіз жалғыз емессіз.", by=case.officer)
"""


def reached(words: str) -> Way:
    """The page of the first in the list whose row has the sign."""

    def come(visit: Visit, language: str, school: str) -> None:
        visit.go("/admin/reached/")
        visit.page.locator(f"ul.reached li:has({words}) a").first.click()
        visit.page.wait_for_selector(".written")
        unfold(visit)

    return come


def not_in_hand(visit: Visit, language: str, school: str) -> None:
    """A message sent before anybody said that they deal with it."""
    visit.go("/admin/reached/")
    visit.page.locator("ul.reached li:has(.state-in_review) a").first.click()
    visit.page.locator("form:has(textarea[name=text]) button.primary").click()
    visit.page.wait_for_selector(".errorlist")


NAMED: dict[str, Way] = {
    "reached": at("/admin/reached/"),
    "reached-waits": reached(".flag-danger"),
    "reached-in-hand": reached(".state-in_review"),
    "reached-errors": not_in_hand,
    **KEPT,
}
