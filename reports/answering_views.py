"""The text of the answering machine: a page to read out from, and a sheet to print."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from journal.admin.pages import staff_page
from journal.services.reading import note_paper_printed
from reports.document_forms import PaperForm
from reports.documents.answering_text import read_answering_text
from reports.documents.making import FORMS
from reports.paper_answer import paper_answer
from schools.answering import answering_text as text_in
from schools.languages import OWN_NAMES
from schools.models import Regulation, School, TrustPhone
from schools.selectors import regulation_of, schools_for
from schools.working_days import calendar_of

# Whoever takes calls, and whoever keeps the list of phones.
SEES = ("journal.take_call", "schools.view_trustphone")


def _school(request: HttpRequest, slug: str) -> School:
    sees = [schools_for(request.user, permission) for permission in SEES]
    return get_object_or_404((sees[0] | sees[1]).distinct(), slug=slug)


def _regulation(school: School) -> Regulation:
    """The one in force; of a school that has none yet, the portal's own beginnings."""
    try:
        return regulation_of(school)
    except Regulation.DoesNotExist:
        return Regulation(school=school)


@require_safe
def answering_text(request: HttpRequest, slug: str) -> HttpResponse:
    """The text in each language of the school, large enough to be read out, and the way to paper."""
    school = _school(request, slug)
    regulation = _regulation(school)
    phones = list(TrustPhone.objects.filter(school=school))
    calendar = calendar_of(school, regulation)
    texts = [
        {
            "language": language,
            "name": OWN_NAMES[language],
            "own": bool((regulation.answering_texts or {}).get(language)),
            "lines": text_in(
                school=school,
                regulation=regulation,
                phones=phones,
                calendar=calendar,
                language=language,
            ).split("\n"),
        }
        for language in school.languages
    ]
    context = {
        "title": _("Text of the answering machine"),
        "school": school,
        "texts": texts,
        "computed": not all(text["own"] for text in texts),
        "changes": request.user.has_perm("schools.change_regulation", school) and regulation.pk,
        "languages": school.languages_to_offer(),
        "main_language": school.main_language,
    }
    return staff_page(request, "reports/answering_text.html", context)


@require_POST
def print_answering_text(request: HttpRequest, slug: str) -> HttpResponse:
    """The sheet as a file."""
    school = _school(request, slug)
    regulation = _regulation(school)

    def make(form: PaperForm) -> bytes:
        file = FORMS[form.form](read_answering_text(school, regulation, form.language))
        note_paper_printed(
            school=school,
            what="answering text",
            language=form.language,
            form=form.form,
            by=request.user,
        )
        return file

    return paper_answer(request, school, "answering-text", make)
