"""Reports on months: their list, and one with letters in every line."""

from tests.browser.coming import Way, at
from tests.browser.visits import Visit

MAKE_REPORTS = """
from schools.models import School
from tests.reports.analysis.reports_made import make_full_report
for school in School.objects.filter(is_demo=True, keys__isnull=False).distinct():
    if not school.period_reports.exists():
        make_full_report(school)
"""


def report(visit: Visit, language: str, school: str) -> None:
    visit.go(f"/admin/reports/{school}/")
    visit.page.locator(".plain-table a").first.click()
    visit.page.wait_for_selector(".figures-chart svg")


KEY_HOLDER: dict[str, Way] = {"reports": at("/admin/reports/{school}/"), "report": report}
WITHOUT_KEY: dict[str, Way] = {
    "director-reports": at("/admin/reports/{school}/"),
    "director-report": report,
}
