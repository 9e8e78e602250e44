"""«You told us, we did» on the staff site: the notes of a school, writing one, approving it, taking it back."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from box.models import PublicNote
from box.said import Said
from box.services.public_notes import (
    MOST_LENGTH,
    Stage,
    approve_note,
    stage_of,
    withdraw_note,
    write_note,
)
from journal.admin.pages import conflict_page, day_of, staff_page
from schools.errors import Conflict, Refused
from schools.models import School, User
from schools.selectors import schools_for
from schools.texts import LongTextsFormField

WRITES, APPROVES = "box.write_publicnote", "box.approve_publicnote"
STAGES = {
    Stage.WAITING: gettext_lazy("waits for approval"),
    Stage.PUBLIC: gettext_lazy("on the page"),
    Stage.WITHDRAWN: gettext_lazy("taken off the page"),
}


class NoteForm(forms.Form):
    """A note in some of the languages, and the confirmation that nobody can be recognised by it."""

    texts = LongTextsFormField(
        label=gettext_lazy("What changed"),
        help_text=gettext_lazy(
            "Two or three plain sentences that a child understands. At best in every language of the school; where "
            "one is missing, another stands in."
        ),
    )
    about_nobody = forms.BooleanField(
        label=gettext_lazy(
            "No name, no class, no date of a case: nobody can be recognised by this note, not even by those who know "
            "the story"
        ),
        error_messages={
            "required": gettext_lazy("Confirm that nobody can be recognised by the note.")
        },
    )


def schools_with_notes(user: User) -> QuerySet[School]:
    """Schools whose notes the person writes or approves."""
    return School.objects.filter(
        Q(pk__in=schools_for(user, WRITES)) | Q(pk__in=schools_for(user, APPROVES))
    )


def notes_waiting(schools: Iterable[School], user: User) -> dict[int, int]:
    """By the school's id: how many notes wait for this very person to approve them. One query."""
    wanted = schools_for(user, APPROVES).filter(pk__in=[school.pk for school in schools])
    rows = PublicNote.objects.filter(
        school__in=wanted, approved_on__isnull=True, withdrawn_on__isnull=True
    ).exclude(written_by=user)
    return dict(Counter(rows.order_by().values_list("school_id", flat=True)))


@require_safe
def notes(request: HttpRequest) -> HttpResponse:
    """Every note of the person's schools: those that wait first, then the newest."""
    schools = list(schools_with_notes(request.user))
    if not schools:
        raise PermissionDenied
    rows = PublicNote.objects.filter(school__in=schools).select_related("written_by", "approved_by")
    by_school: dict[int, list[dict[str, Any]]] = {school.pk: [] for school in schools}
    for note in rows.order_by("-written_on", "-pk"):
        by_school[note.school_id].append(_shown(note, request.user))
    context = {
        "title": _("You told us, we did"),
        "cards": [
            {
                "school": school,
                "notes": sorted(
                    by_school[school.pk], key=lambda row: row["stage"] is not Stage.WAITING
                ),
                "writes": request.user.has_perm(WRITES, school),
            }
            for school in schools
        ],
    }
    return staff_page(request, "journal/public_notes.html", context)


def _shown(note: PublicNote, user: User) -> dict[str, Any]:
    stage = stage_of(note)
    # The school of a foreign key is not fetched for each row: what a person may there is asked by its id.
    approves = note.school_id in user.schools_allowing(APPROVES)
    return {
        "note": note,
        "stage": stage,
        "stage_name": STAGES[stage],
        "texts": [Said(text, language) for language, text in note.texts.items()],
        "written_on": day_of(note.written_on),
        "approved_on": day_of(note.approved_on),
        "withdrawn_on": day_of(note.withdrawn_on),
        "may_approve": stage is Stage.WAITING and approves and note.written_by_id != user.pk,
        "is_own": stage is Stage.WAITING and note.written_by_id == user.pk,
        "may_withdraw": stage is not Stage.WITHDRAWN,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, slug: str) -> HttpResponse:
    """Write a note; it waits for a colleague to approve it."""
    school = get_object_or_404(schools_with_notes(request.user), slug=slug)
    if not request.user.has_perm(WRITES, school):
        raise PermissionDenied
    form = NoteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            write_note(school=school, by=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error("texts", str(refused))
        else:
            messages.success(request, _("The note is written. A colleague has to approve it."))
            return HttpResponseRedirect(reverse("admin:public_notes"))
    context = {
        "title": _("Write what changed"),
        "school": school,
        "form": form,
        "most": MOST_LENGTH,
    }
    return staff_page(request, "journal/public_note_write.html", context)


def _fetched(request: HttpRequest, pk: int) -> PublicNote:
    rows = PublicNote.objects.select_related("school")
    return get_object_or_404(rows, school__in=schools_with_notes(request.user), pk=pk)


@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """The note goes onto the school's page."""
    note = _fetched(request, pk)
    if not request.user.has_perm(APPROVES, note.school):
        raise PermissionDenied
    try:
        approve_note(note=note, by=request.user)
    except Conflict as conflict:
        return _conflict(request, note, conflict)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The note stands on the school’s page now."))
    return HttpResponseRedirect(reverse("admin:public_notes"))


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The note is taken off the page, or not put there."""
    note = _fetched(request, pk)
    typed = request.POST.get("seen", "")
    seen = Stage(typed) if typed in set(Stage) else Stage.WITHDRAWN
    try:
        withdraw_note(note=note, seen=seen, by=request.user)
    except Conflict as conflict:
        return _conflict(request, note, conflict)
    messages.success(request, _("The note is on no page any more."))
    return HttpResponseRedirect(reverse("admin:public_notes"))


def _conflict(request: HttpRequest, note: PublicNote, conflict: Conflict) -> HttpResponse:
    return conflict_page(
        request,
        message=str(conflict),
        back=reverse("admin:public_notes"),
        back_label=_("Go to the notes"),
        school=note.school,
    )


staff_urlpatterns: list[URLPattern] = [
    path("notes/", notes, name="public_notes"),
    path("notes/<int:pk>/approve/", approve, name="public_note_approve"),
    path("notes/<int:pk>/withdraw/", withdraw, name="public_note_withdraw"),
    path("notes/<slug:slug>/write/", write, name="public_note_write"),
]
