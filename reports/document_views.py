"""Pages of the staff site that print what goes with an entry: the sheet for another body, the notice for the stand."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from journal.admin.forwardings import fetch_forwarding
from journal.admin.pages import staff_page
from journal.models import Entry, Trail
from journal.selectors import entries_for
from journal.services.refusing import Withheld, note_step_refused
from reports.document_forms import NoticeForm, PaperForm
from reports.documents.author_notice import print_notice
from reports.documents.forwarding_sheet import print_sheet
from reports.paper_answer import PRINTS, paper_file
from reports.rendering import LibrariesMissing, RenderingFailed


def _open_to(request: HttpRequest, entry: Entry) -> None:
    """Who cannot read an entry prints nothing of it. Raises Withheld."""
    if entry.read_or_none(request.keyring) is None:
        note_step_refused(entry=entry, step=Trail.Step.PRINTED, by=request.user)
        raise Withheld


@require_POST
def forwarding_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet that goes with a letter to another body; each print leaves a row."""
    forwarding = fetch_forwarding(request, pk, PRINTS)
    entry = forwarding.entry
    _open_to(request, entry)
    form = PaperForm(request.POST, school=entry.school)
    try:
        file = print_sheet(
            forwarding=forwarding,
            language=form.language,
            form=form.form,
            by=request.user,
            keyring=request.keyring,
        )
    except LibrariesMissing:
        return _refused(request, entry, "libraries")
    except RenderingFailed:
        return _refused(request, entry, "failed")
    return paper_file(file, f"sheet-{forwarding.number}-{forwarding.year}", form.form)


def _refused(request: HttpRequest, entry: Entry, reason: str) -> HttpResponse:
    context = {
        "title": _("The sheet was not printed"),
        "school": entry.school,
        "entry": entry,
        "reason": reason,
    }
    return staff_page(request, "reports/sheet_refused.html", context, status=503)


@require_http_methods(["GET", "POST"])
def author_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask what the notice says; then its PDF. Each print leaves a row."""
    entry = get_object_or_404(entries_for(request.user, PRINTS), pk=pk)
    _open_to(request, entry)
    form = NoticeForm(request.POST or None, entry=entry)
    if request.method == "GET" or not form.is_valid():
        return _notice_page(request, entry, form)
    try:
        file = print_notice(
            entry=entry, notice=form.notice(), kind=form.kind_chosen, by=request.user
        )
    except LibrariesMissing:
        return _notice_page(request, entry, form, reason="libraries")
    except RenderingFailed:
        return _notice_page(request, entry, form, reason="failed")
    return paper_file(file, f"notice-{entry.number}", "pdf")


def _notice_page(
    request: HttpRequest, entry: Entry, form: NoticeForm, *, reason: str = ""
) -> HttpResponse:
    context = {
        "title": _("Notice for the author"),
        "school": entry.school,
        "entry": entry,
        "form": form,
        "reason": reason,
    }
    return staff_page(request, "reports/notice_form.html", context, status=503 if reason else 200)
