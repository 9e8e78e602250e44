"""Blank forms, to be printed beforehand and filled in by hand on a day without electricity."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from journal.admin.pages import staff_page
from journal.services.reading import note_paper_printed
from reports.document_forms import PaperForm
from reports.documents.forwarding_sheet import blank_sheet
from reports.documents.letters_page import blank_letters
from reports.documents.making import FORMS
from reports.documents.opening_act import act_in, blank_act
from reports.documents.openings_journal import read_openings
from reports.documents.paper import Paper
from reports.documents.protocol import blank_protocol, protocol_in
from reports.paper_answer import PRINTS, paper_answer
from schools.models import School
from schools.selectors import schools_for

Blank = Callable[[School, str], Paper]

BLANKS: dict[str, tuple[str | Promise, Blank]] = {
    "act": (
        gettext_lazy("Act of an opening"),
        lambda school, language: act_in(blank_act(school), language),
    ),
    "openings": (
        gettext_lazy("Journal of openings of the box"),
        lambda school, language: read_openings(school, school.today().year, language, blank=True),
    ),
    "letters": (gettext_lazy("Page of the journal of letters"), blank_letters),
    "protocol": (
        gettext_lazy("Protocol of the commission"),
        lambda school, language: protocol_in(blank_protocol(school), language),
    ),
    "sheet": (gettext_lazy("Forwarding sheet"), blank_sheet),
}


@require_safe
def blanks(request: HttpRequest, slug: str) -> HttpResponse:
    """All of them on one page."""
    school = get_object_or_404(schools_for(request.user, PRINTS), slug=slug)
    context = {
        "title": _("Blank forms"),
        "school": school,
        "blanks": BLANKS.items(),
        "languages": school.languages_to_offer(),
        "main_language": school.main_language,
    }
    return staff_page(request, "reports/blanks.html", context)


@require_POST
def blank(request: HttpRequest, slug: str, what: str) -> HttpResponse:
    """One of them as a file."""
    school = get_object_or_404(schools_for(request.user, PRINTS), slug=slug)
    if what not in BLANKS:
        raise Http404
    _title, read = BLANKS[what]

    def make(form: PaperForm) -> bytes:
        file = FORMS[form.form](read(school, form.language))
        note_paper_printed(
            school=school,
            what=f"blank {what}",
            language=form.language,
            form=form.form,
            by=request.user,
        )
        return file

    return paper_answer(request, school, f"{what}-blank", make)
