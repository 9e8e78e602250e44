"""Pages of the staff site with the reports on months, half-years and years: their list, one of them, its file."""

import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from journal.admin.pages import day_of, staff_page
from journal.services.reading import note_paper_printed
from reports.analysis.drawings import drawing_of
from reports.analysis.findings import paragraphs
from reports.analysis.freezing import thaw
from reports.analysis.preparing import PREPARES, READS, missing_reports, prepare_report
from reports.analysis.spans import span_name
from reports.analysis.tables import note_on_cover, note_on_spells, tables_of
from reports.document_forms import PaperForm
from reports.documents.making import FORMS
from reports.documents.period_report import report_in
from reports.figures.periods import Period
from reports.models import PeriodReport
from reports.paper_answer import paper_answer
from schools.errors import Refused
from schools.models import School
from schools.selectors import narrowed, regulation_of, schools_for

ON_A_PAGE = 25
# So that the words of a chart are still read on a phone.
CHART_WIDTH = 440.0


def _name(report: PeriodReport) -> str:
    period = Period(report.first, report.last)
    return span_name(report.kind, period, get_language() or "", year=report.frozen["year"])


@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """The schools to choose from; straight on to the only one."""
    schools = list(schools_for(request.user, READS))
    if not schools:
        raise PermissionDenied
    if len(schools) == 1:
        return HttpResponseRedirect(reverse("admin:reports_of_school", args=[schools[0].slug]))
    return staff_page(request, "reports/reports.html", {"title": _("Reports"), "schools": schools})


@require_safe
def reports_of_school(request: HttpRequest, slug: str) -> HttpResponse:
    """Those of a school, the newest first, and what is missing."""
    school = get_object_or_404(schools_for(request.user, READS), slug=slug)
    rows = PeriodReport.objects.filter(school=school)
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": _("Reports"),
        "school": school,
        "page": page,
        "reports": [
            {
                "address": reverse("admin:report", args=[report.pk]),
                "name": _name(report),
                "kind": report.get_kind_display(),
                "prepared": day_of(report.prepared_on),
            }
            for report in page.object_list
        ],
        "missing": _missing(school) if request.user.has_perm(PREPARES, school) else [],
        "prepared_on_day": regulation_of(school).report_day,
    }
    return staff_page(request, "reports/reports_of_school.html", context)


def _missing(school: School) -> list[tuple[str, str]]:
    """What can be prepared: as the form sends it, and as it is called."""
    year = regulation_of(school).cover_year
    language = get_language() or ""
    return [
        (f"{kind} {period.first.isoformat()}", span_name(kind, period, language, year=year))
        for kind, period in missing_reports(school)
    ]


@require_POST
def prepare(request: HttpRequest, slug: str) -> HttpResponse:
    """A report that is missing; then its page."""
    school = get_object_or_404(schools_for(request.user, READS), slug=slug)
    if not request.user.has_perm(PREPARES, school):
        raise PermissionDenied
    kind, _space, day = request.POST.get("which", "").partition(" ")
    try:
        report = prepare_report(school=school, kind=kind, first=_day(day), by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return HttpResponseRedirect(reverse("admin:reports_of_school", args=[slug]))
    messages.success(request, _("The report is prepared."))
    return HttpResponseRedirect(reverse("admin:report", args=[report.pk]))


def _day(typed: str) -> datetime.date:
    """A day as the form sends it; one of which there is no report for anything else."""
    try:
        return datetime.date.fromisoformat(typed)
    except ValueError:
        return datetime.date.min


def _fetched(request: HttpRequest, pk: int) -> PeriodReport:
    visible = narrowed(PeriodReport.objects.all(), user=request.user, permission=READS)
    return get_object_or_404(visible.select_related("school", "prepared_by"), pk=pk)


@require_safe
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """What it says, in the language of the page, and how to print it."""
    found = _fetched(request, pk)
    school = found.school
    language = get_language() or ""
    told = thaw(found.frozen)
    context = {
        "title": _name(found),
        "school": school,
        "findings": paragraphs(told, language),
        "sections": [
            {
                "key": f"part-{name.replace('_', '-')}",
                "heading": table.heading,
                "picture": drawing_of(told, name, language, width=CHART_WIDTH),
                "heads": table.head[1:],
                "lines": [(label, numbers) for label, *numbers in table.rows],
            }
            for name, table in tables_of(told, language)
        ],
        "notes": [note_on_spells(), note_on_cover()],
        "prepared": day_of(found.prepared_on),
        "address": reverse("admin:report_print", args=[found.pk]),
        "languages": school.languages_to_offer(),
        "main_language": school.main_language,
    }
    return staff_page(request, "reports/report.html", context)


@require_POST
def report_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The report as PDF or DOCX: the same whenever it is printed."""
    found = _fetched(request, pk)

    def make(form: PaperForm) -> bytes:
        paper = report_in(found.frozen, form.language, prepared_on=found.prepared_on)
        file = FORMS[form.form](paper)
        note_paper_printed(
            school=found.school,
            what=found.name,
            language=form.language,
            form=form.form,
            by=request.user,
        )
        return file

    return paper_answer(request, found.school, found.name.replace(" ", "-"), make)
