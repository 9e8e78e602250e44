"""The journal: its list with search, and an entry's page with the steps now possible."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Case, F, QuerySet, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from journal.admin import filters
from journal.admin.calls import call_urlpatterns
from journal.admin.drafts import draft_urlpatterns
from journal.admin.entry_page import entry_page, share_form
from journal.admin.entry_pages import paginator_for
from journal.admin.exporting import export_page, list_links
from journal.admin.file_views import EntryFiles
from journal.admin.pages import conflict_page, day_of
from journal.admin.steps import STEP_PAGES, form_for, take
from journal.conversation import wrote_back
from journal.days import horizons_of
from journal.destroyed import acts_of_entries, destroyed_by
from journal.models import Entry, Trail
from journal.rules import TRANSITIONS
from journal.selectors import entries_for, for_search, matching, volumes_for
from journal.services.refusing import Withheld, note_step_refused
from journal.services.sharing import share
from schools.errors import Conflict, Refused
from schools.models.sealed import not_withheld_from

MOST_FOUND = 200


class EntryList(ChangeList):
    """The list with what a key holder may read in it, and narrowed by the words searched for."""

    def __init__(self, request: HttpRequest, *args: Any) -> None:
        self.words = request.POST.get("words", "").strip()
        self.shortened = False
        super().__init__(request, *args)

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Entry]:
        rows = super().get_queryset(request, exclude_parameters)
        if not self.words:
            return rows
        # The words stand in no stored text: the narrowed rows are opened in memory, newest first.
        found = matching(for_search(rows), self.words, request.keyring)
        self.shortened = len(found) > MOST_FOUND
        return rows.filter(pk__in=found[:MOST_FOUND])

    def get_results(self, request: HttpRequest) -> None:
        if self.words:
            # One page: a second one by a link would have to carry the words in its address.
            self.list_per_page = MOST_FOUND
        super().get_results(request)
        self.result_list = list(self.result_list)
        horizons = horizons_of({entry.school for entry in self.result_list})
        for entry in self.result_list:
            entry.horizon = horizons[entry.school_id]
            entry.withheld = entry.is_withheld_from(request.user.pk)
            entry.shown = entry.read_or_none(request.keyring)
        acts = acts_of_entries(entry for entry in self.result_list if not entry.withheld)
        for entry in self.result_list:
            entry.act = acts.get(entry.pk)


class StaffJournalAdmin(admin.ModelAdmin):
    """What no journal page allows: adding, changing, deleting past the services."""

    actions = None
    show_full_result_count = False
    list_per_page = 50
    list_max_show_all = MOST_FOUND

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Our own filters alone: a condition on any field, typed into the address, would tell what is withheld."""
        return lookup in self.filter_names()

    def filter_names(self) -> list[str]:
        """Under which names the filters of the list stand in its address."""
        return [
            name
            for shown in self.list_filter
            for name in (
                ["since", "until"] if shown is filters.DatesFilter else [shown.parameter_name]
            )
        ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """The trail is the history; Django's own log of changes has nothing of the journal."""
        return HttpResponseRedirect(
            reverse(f"admin:journal_{self.opts.model_name}_change", args=[object_id])
        )


def _sorted_as_told(person_id: int) -> dict[str, Case]:
    """What the list is sorted by: of an entry withheld from this person nothing, or its place would tell it."""
    told = not_withheld_from(person_id)
    return {
        name: Case(When(told, then=F(column)), default=None)
        for name, column in (
            ("category_told", "category__order"),
            ("state_told", "state"),
            ("due_told", "due_on"),
        )
    }


@admin.register(Entry)
class EntryAdmin(EntryFiles, StaffJournalAdmin):
    """The journal of letters."""

    list_display = [
        "number_shown",
        "taken_shown",
        "author",
        "class_group",
        "category_shown",
        "state_shown",
        "due",
    ]
    list_filter = [
        filters.SchoolFilter,
        filters.StateFilter,
        filters.DueFilter,
        filters.SentOnFilter,
        filters.DangerFilter,
        filters.WroteBackFilter,
        filters.CategoryFilter,
        filters.SourceFilter,
        filters.VolumeFilter,
        filters.DatesFilter,
    ]
    change_list_template = "journal/entry_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Entry]:
        return (
            entries_for(request.user)
            .select_related(None)
            .select_related("school", "volume", "category")
            .annotate(**_sorted_as_told(request.user.pk), wrote_back=wrote_back(request.user.pk))
        )

    def get_ordering(self, request: HttpRequest) -> list[str]:
        """Newest first: by numbers, or, where numbers of several books stand in one list, by when they were given."""
        if volumes_for(request.user).exclude(book="").exists():
            return ["-registered_at", "-pk"]
        return list(self.opts.ordering)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return EntryList

    get_paginator = staticmethod(paginator_for)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list. Words are searched for by POST alone.

        They may be a child's name: in an address they would stay in the browser's history and in the log of
        every proxy. So the one form above the list is posted; without words it leads to an address with the
        filters, which say nothing of anybody.
        """
        if request.method == "POST":
            chosen = QueryDict(mutable=True)
            for name in self.filter_names():
                if request.POST.get(name):
                    chosen[name] = request.POST[name]
            if not request.POST.get("words", "").strip():
                return HttpResponseRedirect(f"{request.path}?{chosen.urlencode()}")
            request.GET = chosen
        response = super().changelist_view(
            request,
            {
                "title": pgettext("of the journal", "Journal of letters"),
                **(extra_context or {}),
            },
        )
        shown = getattr(response, "context_data", None)  # not of a redirect
        if shown is not None and "cl" in shown:
            shown |= list_links(request, shown["cl"].filter_specs)
        return response

    @admin.display(description=pgettext_lazy("of an entry", "№"), ordering="number")
    def number_shown(self, entry: Entry) -> str:
        if entry.withheld:
            return str(entry)
        flags = [
            (shown, words)
            for told, shown, words in (
                (entry.danger, "danger", pgettext("flag", "danger")),
                (entry.wrote_back, "new", pgettext("flag", "the author wrote")),
                (entry.imported, "imported", pgettext("flag", "from a former journal")),
            )
            if told
        ]
        return format_html(
            "{}{}",
            str(entry),
            format_html_join("", ' <span class="flag flag-{}">{}</span>', flags),
        )

    @admin.display(description=_("taken out"), ordering="taken_on")
    def taken_shown(self, entry: Entry) -> str:
        return day_of(entry.taken_on)

    @admin.display(description=_("author"))
    def author(self, entry: Entry) -> str:
        if entry.withheld:
            return pgettext("author", "closed to you")
        if entry.destroyed_on is not None:
            return destroyed_by(entry.act, day_of)
        if not entry.signed:
            mark = entry.volume.anonymous_mark_in(get_language() or "")
            return mark or pgettext("author", "anonymous")
        if entry.shown is None:
            return pgettext("author", "closed to you")
        return entry.shown.get("full_name") or "—"

    @admin.display(description=_("class or group"))
    def class_group(self, entry: Entry) -> str:
        return (entry.shown or {}).get("class_group") or "—"

    @admin.display(description=pgettext_lazy("of a letter", "category"), ordering="category_told")
    def category_shown(self, entry: Entry) -> str:
        return "—" if entry.withheld or entry.category is None else str(entry.category)

    @admin.display(description=_("state"), ordering="state_told")
    def state_shown(self, entry: Entry) -> str:
        if entry.withheld:
            return "—"
        return format_html(
            '<span class="state state-{}">{}</span>', entry.state, entry.get_state_display()
        )

    @admin.display(description=_("reply due"), ordering="due_told")
    def due(self, entry: Entry) -> str:
        if entry.withheld:
            return "—"
        if entry.due_on is None or not entry.is_open:
            return (
                day_of(entry.answered_on)
                and format_html(
                    '<span class="quiet">{} {}</span>', _("answered"), day_of(entry.answered_on)
                )
                or "—"
            )
        if entry.horizon.today <= entry.due_on <= entry.horizon.soon:
            return format_html(
                '{} <span class="flag flag-soon">{}</span>',
                day_of(entry.due_on),
                pgettext("flag", "today")
                if entry.due_on == entry.horizon.today
                else pgettext("flag", "soon"),
            )
        if entry.due_on < entry.horizon.today:
            return format_html(
                '{} <span class="flag flag-overdue">{}</span>',
                day_of(entry.due_on),
                pgettext("flag", "overdue"),
            )
        return day_of(entry.due_on)

    # The page of one entry

    def get_urls(self) -> list[URLPattern]:
        step = path(
            "<int:pk>/step/<slug:step>/",
            self.admin_site.admin_view(self.step_view),
            name="journal_entry_step",
        )
        share = path(
            "<int:pk>/share/",
            self.admin_site.admin_view(self.share_view),
            name="journal_entry_share",
        )
        guarded = self.admin_site.admin_view
        export = path(
            "export/", self.admin_site.admin_view(self.export_view), name="journal_entry_export"
        )
        return [
            export,
            step,
            share,
            *draft_urlpatterns(guarded),
            *call_urlpatterns(guarded),
            *self.file_urls(guarded),
            *super().get_urls(),
        ]

    def fetch(self, request: HttpRequest, pk: int | str) -> Entry:
        """The entry, of the person's own schools; else 404."""
        if not str(pk).isdecimal():
            pk = 0
        return get_object_or_404(
            entries_for(request.user).select_related(
                "school", "volume", "category", "letter", "reviewer", "registered_by", "opening"
            ),
            pk=pk,
        )

    @method_decorator(require_GET)
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The entry with its letter, history and steps."""
        return entry_page(request, self.fetch(request, object_id))

    @method_decorator(sensitive_variables())
    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def export_view(self, request: HttpRequest) -> HttpResponse:
        """The list as it is narrowed, as a file."""
        return export_page(request, self)

    @method_decorator(require_POST)
    def step_view(self, request: HttpRequest, pk: int, step: str) -> HttpResponse:
        """Take one step with the entry."""
        entry = self.fetch(request, pk)
        if step not in STEP_PAGES or not request.user.has_perm(
            TRANSITIONS[step].permission, entry.school
        ):
            raise PermissionDenied
        content = entry.read_or_none(request.keyring)
        if content is None:
            note_step_refused(entry=entry, step=step, by=request.user)
            raise Withheld
        form = form_for(
            step,
            entry=entry,
            content=content,
            by=request.user,
            keyring=request.keyring,
            data=request.POST,
        )
        if form.is_valid():
            try:
                entry = take(step, form, entry=entry, by=request.user, keyring=request.keyring)
            except Conflict as conflict:
                return self._conflict(request, entry, str(conflict), form)
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, STEP_PAGES[step].done % {"entry": entry})
                return HttpResponseRedirect(reverse("admin:journal_entry_change", args=[pk]))
        elif entry.state not in TRANSITIONS[step].starts:
            message = _("This step does not follow from the state the entry is in now.")
            return self._conflict(request, entry, str(message), form)
        return entry_page(request, entry, bound={step: form})

    @method_decorator(require_POST)
    def share_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Open an entry that was sealed to some people in person to a colleague."""
        entry = self.fetch(request, pk)
        letter = entry.letter.read_or_none(request.keyring) if entry.letter else None
        if entry.school_key_id is not None or letter is None:
            note_step_refused(entry=entry, step=Trail.Step.SHARED, by=request.user)
            raise Withheld
        form = share_form(entry, letter, by=request.user, data=request.POST)
        if form is not None and form.is_valid():
            colleague = form.cleaned_data["to"]
            try:
                share(entry=entry, to=colleague, by=request.user, keyring=request.keyring)
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                done = _("%(person)s can read %(entry)s now.")
                messages.success(request, done % {"person": colleague, "entry": entry})
                return HttpResponseRedirect(reverse("admin:journal_entry_change", args=[pk]))
        return entry_page(request, entry, share=form)

    def _conflict(
        self, request: HttpRequest, entry: Entry, message: str, form: Any
    ) -> HttpResponse:
        return conflict_page(
            request,
            message=message,
            back=reverse("admin:journal_entry_change", args=[entry.pk]),
            back_label=_("See %(entry)s as it is now") % {"entry": entry},
            school=entry.school,
            form=form,
        )
