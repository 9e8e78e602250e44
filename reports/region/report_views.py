"""Prints the report on a region's schools: a PDF, a Word file or a spreadsheet."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from journal.admin.pages import staff_page
from reports.documents.making import FORMS
from reports.paper_answer import paper_file
from reports.region.page import question, title_of
from reports.region.report import region_paper, region_sheet
from reports.rendering import LibrariesMissing, RenderingFailed
from schools.languages import LANGUAGES, speaking

SHEET = "xlsx"


@require_POST
def region_report(request: HttpRequest) -> HttpResponse:
    """The report for what the address asks, in a language and as a file of the person's choice."""
    chosen = request.POST.get("language", "")
    language = chosen if chosen in LANGUAGES else request.LANGUAGE_CODE
    form = request.POST.get("file", "")
    form = form if form in (*FORMS, SHEET) else "pdf"
    try:
        with speaking(language):
            file = _file(request, language, form)
    except LibrariesMissing:
        return _refused(request, "libraries")
    except RenderingFailed:
        return _refused(request, "failed")
    return paper_file(file, f"region-{timezone.localdate():%Y-%m-%d}", form)


def _file(request: HttpRequest, language: str, form: str) -> bytes:
    asked = question(request)
    if form == SHEET:
        return region_sheet(asked, user=request.user)
    paper = region_paper(asked, user=request.user, language=language, today=timezone.localdate())
    return FORMS[form](paper)


def _refused(request: HttpRequest, reason: str) -> HttpResponse:
    context = {
        "title": _("The document was not printed"),
        "school": title_of(question(request)),
        "reason": reason,
    }
    return staff_page(request, "reports/paper_refused.html", context, status=503)
