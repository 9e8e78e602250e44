"""Lists for destruction: what is due, the list before the commission, its approval, and the act."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from journal.admin.entries import StaffJournalAdmin
from journal.admin.pages import conflict_page, day_of, staff_page
from journal.destruction_forms import ApproveForm, CarryOutForm
from journal.destruction_lines import counts_of, told_lines
from journal.keeping import APPROVES, DRAWS_UP, due_in, open_lists
from journal.models import Destruction
from journal.selectors import destructions_for
from journal.services import destroying
from schools.errors import Conflict, Refused
from schools.selectors import regulation_of, schools_for


@admin.register(Destruction)
class DestructionAdmin(StaffJournalAdmin):
    """Lists, the newest first."""

    list_display = ["shown", "drawn_up", "stands", "school"]
    list_display_links = ["shown"]
    change_list_template = "journal/destruction_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Destruction]:
        return destructions_for(request.user)

    def get_list_display(self, request: HttpRequest) -> list[str]:
        shown = list(super().get_list_display(request))
        if len(schools_for(request.user, "journal.view_destruction")) == 1:
            shown.remove("school")
        return shown

    @admin.display(description="№", ordering="number")
    def shown(self, destruction: Destruction) -> str:
        return str(destruction)

    @admin.display(description=gettext_lazy("drawn up"), ordering="drawn_up_on")
    def drawn_up(self, destruction: Destruction) -> str:
        return day_of(destruction.drawn_up_on)

    @admin.display(description=gettext_lazy("how it stands"))
    def stands(self, destruction: Destruction) -> str:
        return how_it_stands(destruction)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        context = {
            "title": _("Lists for destruction"),
            "may_draw_up": list(schools_for(request.user, DRAWS_UP)),
        }
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def get_urls(self) -> list[URLPattern]:
        def ours(route: str, view: Any, name: str) -> URLPattern:
            return path(route, self.admin_site.admin_view(view), name=f"journal_destruction_{name}")

        return [
            ours("draw-up/<slug:slug>/", self.draw_up_view, "draw_up"),
            ours("<int:pk>/approve/", self.approve_view, "approve"),
            ours("<int:pk>/carry-out/", self.carry_out_view, "carry_out"),
            ours("<int:pk>/call-off/", self.call_off_view, "call_off"),
            *super().get_urls(),
        ]

    def fetch(self, request: HttpRequest, pk: int | str, needs: str = "") -> Destruction:
        """The list, of the person's own schools, else 404; 403 without the permission ``needs`` in its school."""
        if not str(pk).isdecimal():
            pk = 0
        destruction = get_object_or_404(destructions_for(request.user), pk=pk)
        if needs and not request.user.has_perm(needs, destruction.school):
            raise PermissionDenied
        return destruction

    @method_decorator(require_GET)
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The list with its lines, and what can be done with it now."""
        return _page(request, self.fetch(request, object_id))

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def draw_up_view(self, request: HttpRequest, slug: str) -> HttpResponse:
        """What is due today, and the button that makes a list of it."""
        school = get_object_or_404(schools_for(request.user, "journal.view_destruction"), slug=slug)
        if not request.user.has_perm(DRAWS_UP, school):
            raise PermissionDenied
        refusal = ""
        if request.method == "POST":
            try:
                destruction = destroying.draw_up(school=school, by=request.user)
            except Refused as refused:
                refusal = str(refused)
            else:
                done = _("List № %(number)s is drawn up. Nothing is destroyed yet.")
                messages.success(request, done % {"number": destruction.number})
                return HttpResponseRedirect(page_of(destruction))
        due = due_in(school)
        context = {
            "title": _("Draw up a list for destruction"),
            "school": school,
            "due": due,
            "rules": regulation_of(school) if school.regulations.exists() else None,
            "open_lists": open_lists(school),
            "refusal": refusal,
        }
        return staff_page(request, "journal/destruction_draw_up.html", context)

    @method_decorator(require_POST)
    def approve_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The commission approved the list."""
        destruction = self.fetch(request, pk, APPROVES)
        form = ApproveForm(request.POST, destruction=destruction)
        if form.is_valid():
            try:
                destroying.approve(
                    school=destruction.school,
                    destruction=destruction,
                    meeting=form.cleaned_data["meeting"],
                    spared=form.cleaned_data["spared"],
                    by=request.user,
                )
            except Conflict as conflict:
                return _conflict(request, destruction, str(conflict))
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("It is written down that the list was approved."))
                return HttpResponseRedirect(page_of(destruction))
        return _page(request, destruction, approve=form)

    @method_decorator(require_POST)
    def carry_out_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Destroy what stands on the list."""
        destruction = self.fetch(request, pk, DRAWS_UP)
        form = CarryOutForm(request.POST, by=request.user)
        if form.is_valid():
            try:
                destroying.carry_out(
                    school=destruction.school, destruction=destruction, by=request.user
                )
            except Conflict as conflict:
                return _conflict(request, destruction, str(conflict))
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("It is destroyed. The act can be printed below."))
                return HttpResponseRedirect(page_of(destruction))
        return _page(request, destruction, carry_out=form)

    @method_decorator(require_POST)
    def call_off_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The list is given up."""
        destruction = self.fetch(request, pk, DRAWS_UP)
        try:
            destroying.call_off(school=destruction.school, destruction=destruction, by=request.user)
        except Conflict as conflict:
            return _conflict(request, destruction, str(conflict))
        messages.success(request, _("The list is called off: nothing of it is destroyed."))
        return HttpResponseRedirect(page_of(destruction))


def page_of(destruction: Destruction) -> str:
    """The address of the list's page."""
    return reverse("admin:journal_destruction_change", args=[destruction.pk])


def how_it_stands(destruction: Destruction) -> str:
    """In words, with the day."""
    if destruction.done_on is not None:
        return _("carried out on %(date)s") % {"date": day_of(destruction.done_on)}
    if destruction.called_off_on is not None:
        return _("called off on %(date)s") % {"date": day_of(destruction.called_off_on)}
    if destruction.approved_on is not None:
        return _("approved on %(date)s, not carried out yet") % {
            "date": day_of(destruction.approved_on)
        }
    return _("waits for the commission")


def _page(
    request: HttpRequest,
    destruction: Destruction,
    *,
    approve: ApproveForm | None = None,
    carry_out: CarryOutForm | None = None,
) -> TemplateResponse:
    school, user = destruction.school, request.user
    lines = told_lines(
        destruction, language=get_language() or school.main_language, person_id=user.pk
    )
    is_open = destruction.done_on is None and destruction.called_off_on is None
    waits = is_open and destruction.approved_on is None
    approve_form = approve or ApproveForm(destruction=destruction)
    context = {
        "title": _("List for destruction № %(number)s") % {"number": destruction.number},
        "destruction": destruction,
        "school": school,
        "stands": how_it_stands(destruction),
        "lines": [
            {
                "line": line,
                "taken_on": day_of(line.taken_on),
                "since": day_of(line.since),
                "ticked": line.doomed.pk in approve_form.typed_spared,
            }
            for line in lines
        ],
        "counts": counts_of(lines),
        "approves": waits and user.has_perm(APPROVES, school),
        "approve": approve_form,
        "has_meeting": waits and approve_form.fields["meeting"].queryset.exists(),
        "waits": waits,
        "carries_out": is_open
        and destruction.approved_on is not None
        and user.has_perm(DRAWS_UP, school),
        "carry_out": carry_out or CarryOutForm(by=user),
        "calls_off": is_open and user.has_perm(DRAWS_UP, school),
        "drawn_up_on": day_of(destruction.drawn_up_on),
        "meeting_on": day_of(destruction.meeting.held_on) if destruction.meeting else "",
    }
    return staff_page(request, "journal/destruction.html", context)


def _conflict(request: HttpRequest, destruction: Destruction, message: str) -> HttpResponse:
    return conflict_page(
        request,
        message=message,
        back=page_of(destruction),
        back_label=_("See the list as it is now"),
        school=destruction.school,
    )
