"""Staff pages for what does not come through the box: a call being taken, a letter that is typed in."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from box.files.uploads import takes_files
from box.services.attaching import NotPutAway
from journal.admin.files import not_put_away, say_files_again
from journal.admin.pages import day_of, moment_at, staff_page
from journal.call_forms import CallForm, LetterInForm, written_sources
from journal.models import Alert, Entry, Forwarding
from journal.services import registering
from journal.services.calls import register_call
from journal.services.entering import CALL_SOURCES, WRITTEN, newest_typed_in
from schools.emergency import emergency_numbers
from schools.errors import Conflict, Refused
from schools.languages import in_language
from schools.models import Regulation, School
from schools.models.regulation import Source
from schools.selectors import categories_of, key_in_use, regulation_of, schools_for
from schools.services.classes import classes_offered

Guard = Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]
TAKES, REGISTERS = "journal.take_call", "journal.register_letter"
FORWARDS = "journal.forward_entry"
REFUSED, CONFLICT, NO_STORAGE = 403, 409, 503


@require_http_methods(["GET", "HEAD", "POST"])
def call(request: HttpRequest, slug: str) -> HttpResponse:
    """A call while it is being taken: one screen, and the number at the end."""
    school = get_object_or_404(schools_for(request.user, TAKES), slug=slug)
    title = _("Take a call")
    regulation = _regulation(school)
    if regulation is None or Source.PHONE not in regulation.sources:
        return _cannot(request, school, title, "no_phone")
    if key_in_use(school) is None:
        return _cannot(request, school, title, "no_key")
    form = CallForm(
        request.POST if request.method == "POST" else None,
        school=school,
        regulation=regulation,
        categories=categories_of(school),
        newest=newest_typed_in(school=school, by=request.user, sources=CALL_SOURCES),
        sends=request.user.has_perm(FORWARDS, school),
    )
    status = 200
    if form.is_valid():
        try:
            taken = register_call(
                school=school,
                call=form.call(),
                registration=form.registration(),
                sending=form.sending(),
                newest_before=form.cleaned_data["newest_before"],
                by=request.user,
                keyring=request.keyring,
            )
        except Conflict as conflict:
            status = CONFLICT
            _ask_again(
                form,
                str(conflict),
                newest_typed_in(school=school, by=request.user, sources=CALL_SOURCES),
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return HttpResponseRedirect(
                reverse("admin:journal_entry_call_taken", args=[slug, taken.entry.pk])
            )
    _focus_first_error(form)
    context = {
        "title": title,
        "school": school,
        "form": form,
        "emergency_numbers": emergency_numbers(school.country),
        "classes_offered": classes_offered(school),
    }
    return staff_page(request, "journal/call.html", context, status=status)


@require_GET
def call_taken(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The number of a call that was registered, to be said aloud, and the way to the next call."""
    school = get_object_or_404(schools_for(request.user, TAKES), slug=slug)
    entry = get_object_or_404(
        Entry.objects.select_related("volume"), school=school, source=Source.PHONE, pk=pk
    )
    sent = Forwarding.objects.filter(entry=entry).order_by("pk").first()
    reads = not entry.is_closed_to(request.keyring)
    context = {
        "title": _("The call is registered"),
        "school": school,
        "entry": entry,
        "received": moment_at(entry.received_at, school),
        "due": day_of(entry.due_on),
        "body": in_language(sent.body_names, get_language() or "") if sent else "",
        "body_due": day_of(sent.due_on) if sent else "",
        "reads": reads,
        "in_hand": Alert.objects.filter(entry=entry, answered_at__isnull=False).exists(),
        "sends": reads and sent is None and request.user.has_perm(FORWARDS, school),
        "emergency_numbers": emergency_numbers(school.country),
    }
    return staff_page(request, "journal/call_taken.html", context)


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def letter_in(request: HttpRequest, slug: str) -> HttpResponse:
    """A letter that came by e-mail, in person or on paper outside an opening, typed in with its source."""
    school = get_object_or_404(schools_for(request.user, REGISTERS), slug=slug)
    title = _("Type in a letter")
    regulation = _regulation(school)
    sources = written_sources(regulation) if regulation else []
    if not sources:
        return _cannot(request, school, title, "no_source")
    key = key_in_use(school)
    if key is None or not request.keyring.opens_school_key(key.pk):
        return _cannot(request, school, title, "no_key" if key is None else "not_yours")
    posted = request.method == "POST"
    form = LetterInForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        school=school,
        sources=sources,
        categories=categories_of(school),
        audiences=regulation.audiences,
        newest=newest_typed_in(school=school, by=request.user, sources=WRITTEN),
    )
    status = 200
    if form.is_valid():
        try:
            entry = registering.register_paper(
                school=school,
                opening=None,
                paper=form.paper(),
                registration=form.registration(),
                by=request.user,
                keyring=request.keyring,
                typed_before=form.cleaned_data["newest_before"],
                files=form.cleaned_data["attachments"],
            )
        except Conflict as conflict:
            status = CONFLICT
            _ask_again(
                form,
                str(conflict),
                newest_typed_in(school=school, by=request.user, sources=WRITTEN),
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        except NotPutAway:
            status = NO_STORAGE
            form.add_error(None, not_put_away())
        else:
            messages.success(request, _("Registered as %(entry)s.") % {"entry": entry})
            return HttpResponseRedirect(reverse("admin:journal_entry_change", args=[entry.pk]))
    if posted:
        say_files_again(request, form)
    _focus_first_error(form)
    context = {
        "title": title,
        "school": school,
        "form": form,
        "classes_offered": classes_offered(school),
    }
    return staff_page(request, "journal/letter_in.html", context, status=status)


def _regulation(school: School) -> Regulation | None:
    try:
        return regulation_of(school)
    except Regulation.DoesNotExist:
        return None


def _cannot(request: HttpRequest, school: School, title: str, why: str) -> HttpResponse:
    status = REFUSED if request.method == "POST" else 200
    context = {"title": title, "school": school, "why": why}
    return staff_page(request, "journal/cannot_type_in.html", context, status=status)


def _ask_again(form: CallForm | LetterInForm, message: str, newest: int) -> None:
    """Keep what was typed, and take the form as new when it is sent once more on purpose."""
    form.data = form.data.copy()
    form.data["newest_before"] = str(newest)
    again = _("If yours is another one, send it once more; if it is the same, leave it.")
    form.add_error(None, f"{message} {again}")


def _focus_first_error(form: forms.Form) -> None:
    """Whoever has one hand at the phone need not look for what is wrong."""
    wrong = [name for name in form.fields if form.is_bound and name in form.errors]
    if not wrong:
        return
    for field in form.fields.values():
        field.widget.attrs.pop("autofocus", None)
    form.fields[wrong[0]].widget.attrs["autofocus"] = True


def call_urlpatterns(guarded: Guard) -> list[URLPattern]:
    """Under the journal's entries."""

    def ours(route: str, view: Any, name: str) -> URLPattern:
        return path(route, guarded(view), name=f"journal_entry_{name}")

    return [
        ours("call/<slug:slug>/", call, "call"),
        ours("call/<slug:slug>/<int:pk>/", call_taken, "call_taken"),
        ours("letter/<slug:slug>/", letter_in, "letter_in"),
    ]
