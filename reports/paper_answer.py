"""What a page that prints answers: the file, or why there is none."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from journal.admin.pages import staff_page
from reports.document_forms import PaperForm
from reports.documents.making import TYPES
from reports.rendering import LibrariesMissing, RenderingFailed
from schools.models import School

PRINTS = "journal.print_journal"


def paper_answer(
    request: HttpRequest, school: School, name: str, make: Callable[[PaperForm], bytes]
) -> HttpResponse:
    """The file that ``make`` gives for the language and the form that were chosen, under a name without content."""
    form = PaperForm(request.POST, school=school)
    try:
        file = make(form)
    except LibrariesMissing:
        return _refused(request, school, "libraries")
    except RenderingFailed:
        return _refused(request, school, "failed")
    return paper_file(file, name, form.form)


def paper_file(file: bytes, name: str, form: str) -> HttpResponse:
    """A file to be saved or opened, and kept nowhere on the way."""
    response = HttpResponse(file, content_type=TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    patch_cache_control(response, no_store=True, private=True)
    return response


def _refused(request: HttpRequest, school: School, reason: str) -> HttpResponse:
    context = {"title": _("The document was not printed"), "school": school, "reason": reason}
    return staff_page(request, "reports/paper_refused.html", context, status=503)
