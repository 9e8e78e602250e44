"""Openings of the box: the list, opening it, and the screen on which each letter gets its number."""

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth import authenticate
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from box.files.uploads import takes_files
from box.services.attaching import NotPutAway
from journal.admin.entries import StaffJournalAdmin
from journal.admin.file_views import OpeningFiles
from journal.admin.files import not_put_away, say_files_again
from journal.admin.opening_next import next_letter, opened_message, screen_of
from journal.admin.opening_screen import (
    aside_form,
    is_withheld,
    opening_screen,
    paper_form,
    registration_form,
)
from journal.admin.pages import conflict_page, moment_at, staff_page
from journal.alerts import crying_letters
from journal.missed import missed_openings
from journal.models import Entry, Opening, TakenLetter
from journal.opening_forms import OpeningForm
from journal.selectors import openings_for
from journal.services import registering
from journal.services.attempts import note_failed_sign_in
from journal.services.opening import open_box
from journal.services.refusing import Withheld, note_letter_refused
from schools.errors import Conflict, Refused
from schools.models import Regulation, School, User
from schools.models.regulation import Source
from schools.models.sealed import not_withheld_from
from schools.selectors import categories_of, key_in_use, regulation_of, schools_for, staff_of
from schools.working_days import calendar_of


@admin.register(Opening)
class OpeningAdmin(OpeningFiles, StaffJournalAdmin):
    """The journal of openings."""

    list_display = ["number_shown", "opened", "kind", "opened_by", "web_count", "papers", "left"]
    list_display_links = ["number_shown"]
    change_list_template = "journal/opening_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Opening]:
        return openings_for(request.user).annotate(
            waiting=Count(
                "taken_letters",
                filter=Q(taken_letters__entry=None, taken_letters__set_aside_as="")
                & not_withheld_from(request.user.pk, "taken_letters__letter__"),
            ),
            typed=Count("taken_letters", filter=Q(taken_letters__source=Source.PAPER)),
        )

    @admin.display(description=pgettext_lazy("of an opening", "№"), ordering="opened_at")
    def number_shown(self, opening: Opening) -> str:
        return str(opening)

    @admin.display(description=gettext_lazy("opened"), ordering="opened_at")
    def opened(self, opening: Opening) -> str:
        return moment_at(opening.opened_at, opening.school)

    @admin.display(description=gettext_lazy("paper letters"))
    def papers(self, opening: Opening) -> int:
        return max(opening.paper_count, opening.typed)

    @admin.display(description=gettext_lazy("still to register"))
    def left(self, opening: Opening) -> str:
        left = opening.waiting + max(opening.paper_count - opening.typed, 0)
        return str(left) if left else "—"

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        may_open = list(schools_for(request.user, "journal.open_box"))
        return super().changelist_view(
            request,
            {"title": _("Openings of the box"), "may_open": may_open, **(extra_context or {})},
        )

    def get_urls(self) -> list[URLPattern]:
        def ours(route: str, view: Any, name: str) -> URLPattern:
            return path(route, self.admin_site.admin_view(view), name=f"journal_opening_{name}")

        return [
            ours("open/<slug:slug>/", self.open_view, "open"),
            ours("<int:pk>/letter/<int:taken_pk>/register/", self.register_view, "register"),
            ours("<int:pk>/letter/<int:taken_pk>/aside/", self.aside_view, "aside"),
            ours("<int:pk>/paper/", self.paper_view, "paper"),
            ours("<int:pk>/paper/aside/", self.paper_aside_view, "paper_aside"),
            *self.file_urls(self.admin_site.admin_view),
            *super().get_urls(),
        ]

    # Opening the box

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def open_view(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The form of an opening, and the opening itself."""
        school = get_object_or_404(schools_for(request.user, "journal.view_opening"), slug=slug)
        if not request.user.has_perm("journal.open_box", school):
            raise PermissionDenied
        context: dict[str, Any] = {"title": _("Open the box"), "school": school}
        try:
            regulation = regulation_of(school)
        except Regulation.DoesNotExist:
            return self._cannot_open(request, {**context, "no_regulation": True})
        key = key_in_use(school)
        if key is None or not request.keyring.opens_school_key(key.pk):
            return self._cannot_open(request, {**context, "no_school_key": key is None})
        newest = Opening.objects.filter(school=school).order_by("-pk").first()
        form = OpeningForm(
            request.POST if request.method == "POST" else None,
            school=school,
            regulation=regulation,
            staff=staff_of(school),
            by=request.user,
            newest=newest,
            danger=crying_letters(school, request.user).exists(),
            calendar=calendar_of(school, regulation),
            missed=missed_openings(school),
            confirms=partial(_is_own_password, request),
        )
        if form.is_valid():
            try:
                opening = open_box(
                    school=school,
                    present=form.people_present(),
                    place=form.cleaned_data["place"],
                    kind=form.cleaned_data["kind"],
                    reason=form.cleaned_data["reason"],
                    paper_count=form.cleaned_data["paper_count"],
                    last_seen=form.cleaned_data["last_seen"],
                    few_reason=form.cleaned_data.get("few_reason", ""),
                    missed_reason=form.cleaned_data.get("missed_reason", ""),
                    by=request.user,
                    keyring=request.keyring,
                )
            except Conflict as conflict:
                return self._opened_already(request, school, str(conflict), form)
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, opened_message(opening))
                return HttpResponseRedirect(screen_of(opening))
        return staff_page(request, "journal/open_box.html", {**context, "form": form})

    def _cannot_open(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        status = 403 if request.method == "POST" else 200
        return staff_page(request, "journal/cannot_open.html", context, status=status)

    def _opened_already(
        self, request: HttpRequest, school: School, message: str, form: OpeningForm
    ) -> HttpResponse:
        first = Opening.objects.filter(school=school).order_by("-pk").first()
        return conflict_page(
            request,
            message=message,
            back=screen_of(first),
            back_label=_("Go to opening %(opening)s") % {"opening": first},
            school=school,
            form=form,
        )

    # The screen after opening

    def fetch(self, request: HttpRequest, pk: int | str) -> Opening:
        """The opening, of the person's own schools; else 404."""
        if not str(pk).isdecimal():
            pk = 0
        return get_object_or_404(openings_for(request.user), pk=pk)

    def fetch_letter(self, request: HttpRequest, pk: int, taken_pk: int) -> TakenLetter:
        """A letter of the opening, for somebody who registers letters there; else 404 or 403."""
        opening = self.fetch_for_registering(request, pk)
        taken = get_object_or_404(
            TakenLetter.objects.select_related("letter", "entry__volume"),
            opening=opening,
            pk=taken_pk,
            letter__isnull=False,
        )
        taken.opening = opening
        if is_withheld(taken, request.user):
            note_letter_refused(taken=taken, by=request.user)
            raise Withheld
        return taken

    def fetch_for_registering(self, request: HttpRequest, pk: int) -> Opening:
        """The opening, for somebody who registers letters there; else 404 or 403."""
        opening = self.fetch(request, pk)
        if not request.user.has_perm("journal.register_letter", opening.school):
            raise PermissionDenied
        return opening

    @method_decorator(require_GET)
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The letters of an opening beside their forms; when all is done, what the act says."""
        return opening_screen(request, self.fetch(request, object_id))

    @method_decorator(require_POST)
    def register_view(self, request: HttpRequest, pk: int, taken_pk: int) -> HttpResponse:
        """A letter gets its number."""
        taken = self.fetch_letter(request, pk, taken_pk)
        form = registration_form(
            taken, {}, categories=categories_of(taken.opening.school), data=request.POST
        )
        if not taken.is_waiting:
            return self._done_already(request, taken, form)
        if form.is_valid():
            try:
                entry = registering.register_letter(
                    taken=taken,
                    registration=form.registration(),
                    by=request.user,
                    keyring=request.keyring,
                )
            except Conflict:
                taken.refresh_from_db(fields=["entry", "set_aside_as"])
                return self._done_already(request, taken, form)
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                return self._registered(request, taken.opening, entry, after=taken.position)
        return opening_screen(
            request, taken.opening, first=taken.pk, bound={f"register-{taken.pk}": form}
        )

    @method_decorator(require_POST)
    def aside_view(self, request: HttpRequest, pk: int, taken_pk: int) -> HttpResponse:
        """A letter gets no number, with a reason."""
        taken = self.fetch_letter(request, pk, taken_pk)
        form = aside_form(taken, data=request.POST)
        if not taken.is_waiting:
            return self._done_already(request, taken, form)
        if form.is_valid():
            try:
                registering.set_aside(
                    taken=taken,
                    kind=form.cleaned_data["kind"],
                    note=form.cleaned_data["note"],
                    by=request.user,
                    keyring=request.keyring,
                )
            except Conflict:
                taken.refresh_from_db(fields=["entry", "set_aside_as"])
                return self._done_already(request, taken, form)
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("The letter is set aside; it stays listed in the act."))
                return HttpResponseRedirect(
                    next_letter(taken.opening, by=request.user, after=taken.position)
                )
        return opening_screen(
            request, taken.opening, first=taken.pk, bound={f"aside-{taken.pk}": form}
        )

    @method_decorator([takes_files, require_POST])
    def paper_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A paper letter typed in or scanned gets its number."""
        opening = self.fetch_for_registering(request, pk)
        form = paper_form(
            opening,
            categories=categories_of(opening.school),
            data=request.POST,
            files=request.FILES,
        )
        status = 200
        if form.is_valid():
            try:
                entry = registering.register_paper(
                    school=opening.school,
                    opening=opening,
                    paper=form.paper(),
                    registration=form.registration(),
                    by=request.user,
                    keyring=request.keyring,
                    typed_before=form.cleaned_data["typed_before"],
                    files=form.cleaned_data["attachments"],
                )
            except Conflict as conflict:
                status = 409
                self._ask_again(opening, form, str(conflict))
            except Refused as refused:
                form.add_error(None, str(refused))
            except NotPutAway:
                status = 503
                form.add_error(None, not_put_away())
            else:
                return self._registered(request, opening, entry)
        say_files_again(request, form)
        return opening_screen(request, opening, bound={"paper": form}, status=status)

    @method_decorator(require_POST)
    def paper_aside_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A paper letter gets no number, with a reason."""
        opening = self.fetch_for_registering(request, pk)
        form = aside_form(opening, data=request.POST)
        status = 200
        if form.is_valid():
            try:
                registering.set_paper_aside(
                    opening=opening,
                    kind=form.cleaned_data["kind"],
                    note=form.cleaned_data["note"],
                    by=request.user,
                    keyring=request.keyring,
                    typed_before=form.cleaned_data["typed_before"],
                )
            except Conflict as conflict:
                status = 409
                self._ask_again(opening, form, str(conflict))
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("The letter is set aside; it stays listed in the act."))
                return HttpResponseRedirect(next_letter(opening, by=request.user))
        return opening_screen(request, opening, bound={"paper-aside": form}, status=status)

    def _ask_again(self, opening: Opening, form: Any, message: str) -> None:
        """Keep what was typed, and take the form as new when it is sent once more on purpose."""
        form.data = form.data.copy()
        form.data[form.add_prefix("typed_before")] = str(registering.paper_typed_in(opening))
        form.add_error(
            None,
            message
            + " "
            + _("If yours is another letter, send it once more; if it is the same, leave it."),
        )

    def _registered(
        self, request: HttpRequest, opening: Opening, entry: Entry, *, after: int = 0
    ) -> HttpResponse:
        messages.success(request, _("Registered as %(entry)s.") % {"entry": entry})
        return HttpResponseRedirect(next_letter(opening, by=request.user, after=after))

    def _done_already(self, request: HttpRequest, taken: TakenLetter, form: Any) -> HttpResponse:
        if taken.entry_id:
            message = _("This letter is registered already: %(entry)s.") % {"entry": taken.entry}
        else:
            message = _("This letter is set aside already.")
        form.is_valid()
        return conflict_page(
            request,
            message=message,
            back=screen_of(taken.opening),
            back_label=_("Go to opening %(opening)s") % {"opening": taken.opening},
            school=taken.opening.school,
            form=form,
        )


def _is_own_password(request: HttpRequest, person: User, password: str) -> bool:
    """As at the sign-in page: wrong ones are counted, and a name tried too often is locked."""
    right = authenticate(request, username=person.username, password=password) == person
    if not right:
        note_failed_sign_in(username=person.username)
    return right
