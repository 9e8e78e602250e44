"""Pages of the staff site that print a list for destruction, and the act of what was destroyed."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from journal.models import Destruction
from journal.selectors import destructions_for
from journal.services.reading import note_paper_printed
from reports.document_forms import PaperForm
from reports.documents.destruction import act_in, list_in
from reports.documents.making import FORMS
from reports.documents.paper import Paper
from reports.paper_answer import PRINTS, paper_answer


@require_POST
def destruction_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The list as it goes to the commission."""
    destruction = get_object_or_404(destructions_for(request.user, PRINTS), pk=pk)
    return _answer(request, destruction, "list for destruction", "destruction-list", list_in)


@require_POST
def destruction_act(request: HttpRequest, pk: int) -> HttpResponse:
    """The act; there is one when the list was carried out."""
    done = destructions_for(request.user, PRINTS).filter(done_on__isnull=False)
    destruction = get_object_or_404(done, pk=pk)
    return _answer(request, destruction, "act of destruction", "destruction-act", act_in)


def _answer(
    request: HttpRequest,
    destruction: Destruction,
    what: str,
    name: str,
    paper: Callable[[Destruction, str], Paper],
) -> HttpResponse:
    def make(form: PaperForm) -> bytes:
        file = FORMS[form.form](paper(destruction, form.language))
        note_paper_printed(
            school=destruction.school,
            what=f"{what} {destruction.number}",
            language=form.language,
            form=form.form,
            by=request.user,
        )
        return file

    return paper_answer(request, destruction.school, f"{name}-{destruction.number}", make)
