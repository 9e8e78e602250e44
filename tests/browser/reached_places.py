"""What has reached the named person of a region: the list, a danger, and a letter about everybody."""

from tests.browser.coming import Way, at, unfold
from tests.browser.visits import Visit

ACCOUNT = "named.akzhol"

MAKE_REACHED = """
from django.db import transaction
from journal.models import Alert
from journal.services import at_region, escalating
from journal.services.trail import lock_book
from schools.models import Region, School, User
from schools.selectors import readers_of
from schools.services.signing_in import open_pair
from tests import factories
from tests.portal import DEMO_PASSWORD
region = Region.objects.get(slug="akzhol")
if region.officer is None:
    user = User.objects.create_user(
        "named.akzhol", DEMO_PASSWORD, full_name="Айша Омарова", language="ru"
    )
    open_pair(user=user, password=DEMO_PASSWORD)
    user.refresh_from_db()
    Region.objects.filter(pk=region.pk).update(officer=user)
    school = School.objects.get(slug="it-lyceum")
    words = {"text": "Ол мені күн сайын спортзалдың артында күтіп тұрады.", "category": None}
    everybody = sorted({reader.role for reader in readers_of(school)})
    for number in range(2):
        letter = factories.send_letter(school, about=everybody, language="kk", **words)
    case = at_region.reach_with_letter(letter.pk)
    escalating.take(escalation=case, by=user)
    escalating.write_to_author(escalation=case, text="Сіз жалғыз емессіз.", by=user)
    letter = factories.send_letter(school, danger=True, language="kk", **words)
    with transaction.atomic():
        book = lock_book(school)
        alert = Alert.objects.get(letter=letter)
        alert.stage = Alert.Stage.REGION
        alert.save()
        at_region.reach(book=book, alert=alert)
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
}
