"""Pages of the staff site on which the signed sheet of a paper is attached, and from which it is taken again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from box.files.uploads import takes_files
from box.services.attaching import NotPutAway
from journal.admin.files import file_answer, gone_page
from journal.admin.pages import staff_page
from journal.services.refusing import Withheld, note_refused
from reports.document_forms import ScanForm
from reports.models import Issued, Scan
from reports.paper_answer import PRINTS
from reports.scanning import attach_scans, read_scan
from schools.errors import Refused
from schools.models import School, Sealed
from schools.selectors import schools_for


def _open_to(request: HttpRequest, row: Sealed, school: School) -> None:
    if row.is_closed_to(request.keyring):
        note_refused(school=school, by=request.user, attempt="signed sheet")
        raise Withheld


def page_of(issued: Issued) -> str:
    """The address of the page of what the paper is about."""
    if issued.opening_id:
        return reverse("admin:journal_opening_change", args=[issued.opening_id])
    if issued.meeting_id:
        return reverse("admin:journal_meeting_change", args=[issued.meeting_id])
    return reverse("admin:journal_volume_change", args=[issued.volume_id])


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Attach pictures or PDFs of the signed sheet to its paper."""
    papers = Issued.objects.select_related("school", "opening", "meeting", "volume")
    issued = get_object_or_404(papers, school__in=schools_for(request.user, PRINTS), pk=pk)
    _open_to(request, issued, issued.school)
    posted = request.method == "POST"
    form = ScanForm(request.POST if posted else None, request.FILES if posted else None)
    status = 200
    if posted and form.is_valid():
        files = form.cleaned_data["attachments"]
        try:
            attach_scans(issued=issued, files=files, by=request.user, keyring=request.keyring)
        except Refused as refused:
            form.add_error(None, str(refused))
        except NotPutAway:
            form.add_error(None, _("The files could not be put away just now. Try again later."))
            status = 503
        else:
            said = ngettext(
                "%(count)s signed sheet is attached.",
                "%(count)s signed sheets are attached.",
                len(files),
            )
            messages.success(request, said % {"count": len(files)})
            return HttpResponseRedirect(page_of(issued))
    context = {
        "title": _("Attach the signed sheet"),
        "school": issued.school,
        "paper": issued.shown(),
        "form": form,
        "back": page_of(issued),
    }
    return staff_page(request, "reports/scan_form.html", context, status=status)


@require_GET
def scan(request: HttpRequest, pk: int) -> HttpResponse:
    """A signed sheet as a file; whom its paper is closed to is refused, with a row."""
    sheets = Scan.objects.select_related(
        "issued__school", "issued__opening", "issued__meeting", "issued__volume"
    )
    sheet = get_object_or_404(sheets, issued__school__in=schools_for(request.user, PRINTS), pk=pk)
    _open_to(request, sheet, sheet.issued.school)
    opened = read_scan(scan=sheet, by=request.user, keyring=request.keyring)
    return file_answer(opened) or gone_page(
        request, school=sheet.issued.school, back=page_of(sheet.issued)
    )
