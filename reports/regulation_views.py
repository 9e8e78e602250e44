"""The regulation as a file: for everybody the one in force, for the staff any of the school's."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from box.views.page import box_or_404, in_its_language, page_of
from reports.document_forms import PaperForm
from reports.documents.making import FORMS, TYPES
from reports.documents.regulation import regulation_paper
from reports.kept_files import Busy, KeptFiles
from reports.paper_answer import paper_answer
from reports.rendering import LibrariesMissing, RenderingFailed
from schools.models import Regulation
from schools.regulation_text import read_text
from schools.selectors import narrowed

SEES = "schools.view_regulation"

kept_files = KeptFiles()


@require_safe
@in_its_language
def public_file(_request: HttpRequest, language: str, slug: str, form: str) -> HttpResponse:
    """The regulation in force, as PDF or DOCX. A box without rules, or elsewhere, has no such file."""
    box = box_or_404(slug)
    if box.regulation is None or box.has_left:
        raise Http404
    paper = regulation_paper(read_text(box.regulation, language))
    try:
        file = kept_files.get((form, paper), lambda: FORMS[form](paper))
    except (Busy, LibrariesMissing, RenderingFailed):
        page = page_of(
            "box/refused.html",
            language,
            heading=_("The file could not be made"),
            words=_("Please try again in a minute. The page of the regulation says the same."),
            status=503,
        )
        response = HttpResponse(page, status=503)
        response.headers["Retry-After"] = "60"
        return response
    response = HttpResponse(file, content_type=TYPES[form])
    shown = "inline" if form == "pdf" else "attachment"
    response.headers["Content-Disposition"] = f'{shown}; filename="regulation-{slug}.{form}"'
    return response


@require_POST
def staff_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Any regulation of the person's schools, also one that will hold later, as it will be."""
    visible = narrowed(Regulation.objects.all(), user=request.user, permission=SEES)
    regulation = get_object_or_404(visible.select_related("school"), pk=pk)

    def make(form: PaperForm) -> bytes:
        return FORMS[form.form](regulation_paper(read_text(regulation, form.language)))

    return paper_answer(request, regulation.school, f"regulation-{regulation.school.slug}", make)
