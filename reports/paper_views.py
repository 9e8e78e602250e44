"""Pages of the staff site that print acts, protocols, the journal of openings, and what goes with an entry."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.text import capfirst
from django.views.decorators.http import require_POST

from journal.destroyed import protocol_opens
from journal.models import Entry, Opening, Trail
from journal.prints import end_of_book
from journal.selectors import entries_for, history_of, meetings_for, openings_for
from journal.services.reading import note_paper_printed
from journal.services.refusing import Withheld, note_refused, note_step_refused
from reports.document_forms import PaperForm, roles_to_ask
from reports.documents.entry_card import read_card, read_slip
from reports.documents.making import FORMS
from reports.documents.openings_journal import read_openings
from reports.issuing import act_of, print_paper, protocol_of
from reports.paper_answer import PRINTS, paper_answer
from schools.languages import speaking
from schools.models import School, Sealed
from schools.roles import ROLE_NAMES
from schools.selectors import schools_for


def _open_to(request: HttpRequest, row: Sealed, school: School, attempt: str) -> None:
    """Who cannot read a row prints nothing of it. Raises Withheld."""
    if row.read_or_none(request.keyring) is None:
        note_refused(school=school, by=request.user, attempt=attempt)
        raise Withheld


@require_POST
def opening_act(request: HttpRequest, pk: int) -> HttpResponse:
    """The act of an opening; the first print issues it, when every letter has its number or its reason."""
    drawn_up = openings_for(request.user, PRINTS).filter(act_number__isnull=False)
    opening = get_object_or_404(drawn_up, pk=pk)
    _open_to(request, opening, opening.school, "act")

    def make(form: PaperForm) -> bytes:
        return print_paper(
            subject=act_of(opening),
            language=form.language,
            form=form.form,
            by=request.user,
            keyring=request.keyring,
        )

    return paper_answer(request, opening.school, f"act-{opening.act_number}-{opening.year}", make)


@require_POST
def protocol(request: HttpRequest, pk: int) -> HttpResponse:
    """The protocol of a meeting, with names whole or as initials."""
    meeting = get_object_or_404(meetings_for(request.user, PRINTS), pk=pk, number__isnull=False)
    if not protocol_opens(meeting, request.keyring):
        note_refused(school=meeting.school, by=request.user, attempt="protocol")
        raise Withheld

    def make(form: PaperForm) -> bytes:
        return print_paper(
            subject=protocol_of(meeting),
            language=form.language,
            form=form.form,
            by=request.user,
            keyring=request.keyring,
            short_names="short_names" in request.POST,
        )

    name = f"protocol-{meeting.number}-{meeting.school_year}"
    return paper_answer(request, meeting.school, name, make)


@require_POST
def openings(request: HttpRequest, slug: str) -> HttpResponse:
    """The journal of a school's openings in a year."""
    school = get_object_or_404(schools_for(request.user, PRINTS), slug=slug)
    typed = request.POST.get("year", "")
    year = int(typed) if typed.isdecimal() and len(typed) == 4 else school.today().year
    if not Opening.objects.filter(school=school, year=year).exists():
        year = school.today().year

    def make(form: PaperForm) -> bytes:
        file = FORMS[form.form](read_openings(school, year, form.language))
        note_paper_printed(
            school=school,
            what=f"journal of openings {year}",
            language=form.language,
            form=form.form,
            by=request.user,
        )
        return file

    return paper_answer(request, school, f"openings-{year}", make)


def _fetched_entry(request: HttpRequest, pk: int) -> Entry:
    entry = get_object_or_404(entries_for(request.user, PRINTS), pk=pk)
    if entry.read_or_none(request.keyring) is None:
        note_step_refused(entry=entry, step=Trail.Step.PRINTED, by=request.user)
        raise Withheld
    return entry


@require_POST
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """The register card of an entry, with who wrote the letter or without."""
    entry = _fetched_entry(request, pk)
    identity = entry.signed and "identity" in request.POST

    def make(form: PaperForm) -> bytes:
        paper = read_card(
            entry,
            rows=history_of(entry),
            hash_of_book=end_of_book(entry.school).groups,
            language=form.language,
            keyring=request.keyring,
            identity=identity,
        )
        file = FORMS[form.form](paper)
        _note_of(entry, "register card", request, form, identity=identity)
        return file

    return paper_answer(request, entry.school, f"card-{entry.volume.number}-{entry.number}", make)


@require_POST
def slip(request: HttpRequest, pk: int) -> HttpResponse:
    """The slip for who brought a letter: its number, its date, and whom to ask."""
    entry = _fetched_entry(request, pk)

    def make(form: PaperForm) -> bytes:
        with speaking(form.language):
            roles = [str(ROLE_NAMES.get(role, role)) for role in roles_to_ask(entry)]
        whom = capfirst(", ".join(roles))
        file = FORMS[form.form](read_slip(entry, language=form.language, whom=whom))
        _note_of(entry, "registration slip", request, form)
        return file

    return paper_answer(request, entry.school, f"slip-{entry.volume.number}-{entry.number}", make)


def _note_of(entry: Entry, what: str, request: HttpRequest, form: PaperForm, **facts: bool) -> None:
    note = partial(note_paper_printed, school=entry.school, entry=entry, by=request.user)
    note(what=what, language=form.language, form=form.form, **facts)
