"""Pages of the staff site that print acts and protocols, filled in or blank."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from journal.admin.pages import staff_page
from journal.selectors import meetings_for, openings_for
from journal.services.refusing import Withheld, note_refused
from reports.document_forms import PaperForm
from reports.documents.drawing import draw
from reports.documents.opening_act import act_in, blank_act
from reports.documents.protocol import blank_protocol, protocol_in
from reports.documents.word_file import CONTENT_TYPE, word_file
from reports.issuing import Subject, act_of, print_paper, protocol_of
from reports.rendering import LibrariesMissing, RenderingFailed
from schools.models import School, Sealed
from schools.selectors import schools_for

PRINTS = "journal.print_journal"
TYPES = {"pdf": "application/pdf", "docx": CONTENT_TYPE}
BLANKS = {"act": (blank_act, act_in), "protocol": (blank_protocol, protocol_in)}


def _file(file: bytes, name: str, form: str) -> HttpResponse:
    response = HttpResponse(file, content_type=TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    patch_cache_control(response, no_store=True, private=True)
    return response


def _open_to(request: HttpRequest, row: Sealed, school: School, attempt: str) -> None:
    """Who cannot read a row prints nothing of it. Raises Withheld."""
    if row.read_or_none(request.keyring) is None:
        note_refused(school=school, by=request.user, attempt=attempt)
        raise Withheld


def _printed(request: HttpRequest, subject: Subject, name: str, **options: Any) -> HttpResponse:
    form = PaperForm(request.POST, school=subject.school)
    try:
        file = print_paper(
            subject=subject,
            language=form.language,
            form=form.form,
            by=request.user,
            keyring=request.keyring,
            **options,
        )
    except LibrariesMissing:
        return _refused(request, subject.school, "libraries")
    except RenderingFailed:
        return _refused(request, subject.school, "failed")
    return _file(file, name, form.form)


def _refused(request: HttpRequest, school: School, reason: str) -> HttpResponse:
    context = {"title": _("The document was not printed"), "school": school, "reason": reason}
    return staff_page(request, "reports/paper_refused.html", context, status=503)


@require_POST
def opening_act(request: HttpRequest, pk: int) -> HttpResponse:
    """The act of an opening; the first print issues it, when every letter has its number or its reason."""
    opening = get_object_or_404(openings_for(request.user, PRINTS), pk=pk)
    _open_to(request, opening, opening.school, "act")
    return _printed(request, act_of(opening), f"act-{opening.number}-{opening.year}")


@require_POST
def protocol(request: HttpRequest, pk: int) -> HttpResponse:
    """The protocol of a meeting, with names whole or as initials."""
    meeting = get_object_or_404(meetings_for(request.user, PRINTS), pk=pk, number__isnull=False)
    _open_to(request, meeting, meeting.school, "protocol")
    return _printed(
        request,
        protocol_of(meeting),
        f"protocol-{meeting.number}-{meeting.school_year}",
        short_names="short_names" in request.POST,
    )


@require_POST
def blank(request: HttpRequest, slug: str, what: str) -> HttpResponse:
    """A form to be filled in by hand, for the day without electricity."""
    school = get_object_or_404(schools_for(request.user, PRINTS), slug=slug)
    form = PaperForm(request.POST, school=school)
    read, put = BLANKS[what]
    paper = put(read(school), form.language)
    try:
        file = (draw if form.form == "pdf" else word_file)(paper)
    except LibrariesMissing:
        return _refused(request, school, "libraries")
    except RenderingFailed:
        return _refused(request, school, "failed")
    return _file(file, f"{what}-blank", form.form)
