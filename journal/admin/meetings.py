"""The commission's meetings: the list, calling one, its page with the protocol, and its decisions as tasks."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from journal.admin.entries import StaffJournalAdmin
from journal.admin.meeting_page import meeting_page, plan_form, protocol_forms, protocol_page
from journal.admin.pages import conflict_page, day_of, moment_at, staff_page
from journal.meeting_forms import CallForm, DoneForm, people_of
from journal.models import CommissionMember, Decision, Meeting
from journal.selectors import meetings_for, talkable_entries
from journal.services.meetings import call_meeting, call_off, change_meeting, members_on
from journal.services.protocols import carry_out, record_protocol
from journal.services.refusing import Withheld, note_refused
from schools.admin.narrowing import id_in
from schools.admin.regulations import OfASchoolAdmin
from schools.errors import Conflict, Refused
from schools.selectors import key_in_use, schools_for


@admin.register(CommissionMember)
class CommissionMemberAdmin(OfASchoolAdmin):
    """Who is in the commission, from when until when. One who left stays listed: their protocols name them."""

    list_display = ["name", "school", "comes_from", "since", "until"]
    fields = ["school", "name", "posts", "comes_from", "user", "since", "until", "order"]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "user":
            schools = schools_for(request.user, "journal.change_commissionmember")
            kwargs["queryset"] = db_field.remote_field.model.objects.filter(
                memberships__school__in=schools
            ).distinct()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Meeting)
class MeetingAdmin(StaffJournalAdmin):
    """Meetings, newest first."""

    list_display = ["when", "shown", "school"]
    list_display_links = ["when"]
    change_list_template = "journal/meeting_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Meeting]:
        return meetings_for(request.user)

    def get_list_display(self, request: HttpRequest) -> list[str]:
        shown = list(super().get_list_display(request))
        if len(schools_for(request.user, "journal.view_meeting")) == 1:
            shown.remove("school")
        return shown

    @admin.display(description=pgettext_lazy("of a meeting", "protocol"), ordering="held_on")
    def shown(self, meeting: Meeting) -> str:
        if meeting.number is None:
            return str(meeting.get_state_display())
        return f"№ {meeting.number} ({meeting.school_year}/{meeting.school_year + 1})"

    @admin.display(description=gettext_lazy("when"), ordering="planned_for")
    def when(self, meeting: Meeting) -> str:
        if meeting.held_on:
            return day_of(meeting.held_on)
        return moment_at(meeting.planned_for, meeting.school)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        may_call = list(schools_for(request.user, "journal.hold_meeting"))
        return super().changelist_view(
            request,
            {
                "title": _("Meetings of the commission"),
                "may_call": may_call,
                **(extra_context or {}),
            },
        )

    def get_urls(self) -> list[URLPattern]:
        def ours(route: str, view: Any, name: str) -> URLPattern:
            return path(route, self.admin_site.admin_view(view), name=f"journal_meeting_{name}")

        return [
            ours("call/<slug:slug>/", self.call_view, "call"),
            ours("<int:pk>/plan/", self.plan_view, "plan"),
            ours("<int:pk>/protocol/", self.protocol_view, "protocol"),
            ours("<int:pk>/call-off/", self.call_off_view, "call_off"),
            ours("<int:pk>/decision/<int:position>/done/", self.done_view, "done"),
            *super().get_urls(),
        ]

    def fetch(self, request: HttpRequest, pk: int | str) -> Meeting:
        """The meeting, of the person's own schools; else 404."""
        if not str(pk).isdecimal():
            pk = 0
        decisions = Decision.objects.select_related("entry__volume", "responsible", "point")
        return get_object_or_404(
            meetings_for(request.user).prefetch_related(
                "points__entry__volume", Prefetch("decisions", queryset=decisions)
            ),
            pk=pk,
        )

    def fetch_to_hold(self, request: HttpRequest, pk: int) -> Meeting:
        """The meeting, for somebody who writes its papers and holds the key; else 404 or 403."""
        meeting = self.fetch(request, pk)
        if not request.user.has_perm("journal.hold_meeting", meeting.school):
            raise PermissionDenied
        if meeting.read_or_none(request.keyring) is None:
            note_refused(school=meeting.school, by=request.user, attempt="meeting")
            raise Withheld
        return meeting

    @method_decorator(require_GET)
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The meeting: its agenda, and once held what was heard and decided."""
        return meeting_page(request, self.fetch(request, object_id))

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def call_view(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Call a meeting of the school's commission."""
        school = get_object_or_404(schools_for(request.user, "journal.view_meeting"), slug=slug)
        if not request.user.has_perm("journal.hold_meeting", school):
            raise PermissionDenied
        context: dict[str, Any] = {"title": _("Call a meeting"), "school": school}
        key = key_in_use(school)
        if key is None or not request.keyring.opens_school_key(key.pk):
            status = 403 if request.method == "POST" else 200
            context["no_school_key"] = key is None
            return staff_page(request, "journal/cannot_open.html", context, status=status)
        form = CallForm(
            request.POST if request.method == "POST" else None,
            school=school,
            entries=talkable_entries(school, request.keyring),
            initial={"day": school.today(), "hour": school.now().time().replace(second=0)},
        )
        if form.is_valid():
            try:
                meeting = call_meeting(
                    school=school,
                    planned_for=form.planned_for(),
                    place=form.cleaned_data["place"],
                    points=form.points(),
                    invited=people_of(form.cleaned_data["invited"]),
                    by=request.user,
                    keyring=request.keyring,
                )
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("The meeting is called."))
                return HttpResponseRedirect(page_of(meeting))
        context |= {
            "form": form,
            "has_members": members_on(school=school, day=school.today()).exists(),
        }
        return staff_page(request, "journal/meeting_call.html", context)

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def plan_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A planned meeting gets another day, place or agenda, or other guests."""
        meeting = self.fetch_to_hold(request, pk)
        form = plan_form(request, meeting)
        if meeting.state != Meeting.State.PLANNED:
            if request.method == "POST":
                message = _("This meeting was held already, or called off.")
                return self._conflict(request, meeting, message, [form])
            return HttpResponseRedirect(page_of(meeting))
        if form.is_valid():
            try:
                change_meeting(
                    school=meeting.school,
                    meeting=meeting,
                    planned_for=form.planned_for(),
                    place=form.cleaned_data["place"],
                    points=form.points(),
                    invited=people_of(form.cleaned_data["invited"]),
                    by=request.user,
                    keyring=request.keyring,
                    version=form.cleaned_data["version"],
                )
            except Conflict as conflict:
                return self._conflict(request, meeting, str(conflict), [form])
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("The plan of the meeting is changed."))
                return HttpResponseRedirect(page_of(meeting))
        context = {
            "title": _("Change the plan of the meeting"),
            "school": meeting.school,
            "meeting": meeting,
            "form": form,
            "has_members": True,
        }
        return staff_page(request, "journal/meeting_call.html", context)

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def protocol_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Write the protocol of a meeting that was held."""
        meeting = self.fetch_to_hold(request, pk)
        forms = protocol_forms(request, meeting)
        if request.method == "POST" and meeting.state != Meeting.State.PLANNED:
            return self._conflict(
                request, meeting, _("This meeting was held already, or called off."), forms.all
            )
        if forms.is_valid():
            try:
                meeting = record_protocol(
                    school=meeting.school,
                    meeting=meeting,
                    by=request.user,
                    keyring=request.keyring,
                    **forms.facts(),
                )
            except Conflict as conflict:
                return self._conflict(request, meeting, str(conflict), forms.all)
            except Refused as refused:
                forms.main.add_error(None, str(refused))
            else:
                messages.success(
                    request, _("Protocol № %(number)s is written.") % {"number": meeting.number}
                )
                return HttpResponseRedirect(page_of(meeting))
        if meeting.state != Meeting.State.PLANNED:
            return HttpResponseRedirect(page_of(meeting))
        return protocol_page(request, meeting, forms)

    @method_decorator(require_POST)
    def call_off_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The meeting does not take place."""
        meeting = self.fetch_to_hold(request, pk)
        typed = request.POST.get("version", "")
        try:
            call_off(
                school=meeting.school,
                meeting=meeting,
                by=request.user,
                version=id_in(typed) or 0,
            )
        except Conflict as conflict:
            return self._conflict(request, meeting, str(conflict), [])
        messages.success(request, _("The meeting is called off."))
        return HttpResponseRedirect(page_of(meeting))

    @method_decorator(require_POST)
    def done_view(self, request: HttpRequest, pk: int, position: int) -> HttpResponse:
        """A decision was carried out."""
        meeting = self.fetch(request, pk)
        decision = get_object_or_404(Decision, meeting=meeting, position=position)
        allowed = request.user.has_perm("journal.hold_meeting", meeting.school)
        if not allowed and decision.responsible_id != request.user.pk:
            raise PermissionDenied
        form = DoneForm(request.POST, prefix=f"done-{position}")
        if form.is_valid():
            try:
                carry_out(
                    school=meeting.school,
                    decision=decision,
                    done_on=form.cleaned_data["done_on"],
                    note=form.cleaned_data["note"],
                    by=request.user,
                    keyring=request.keyring,
                )
            except Conflict as conflict:
                return self._conflict(request, meeting, str(conflict), [form])
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("It is written down that this was carried out."))
                return HttpResponseRedirect(page_of(meeting))
        return meeting_page(request, meeting, bound={position: form})

    def _conflict(
        self, request: HttpRequest, meeting: Meeting, message: str, forms: list[Any]
    ) -> HttpResponse:
        return conflict_page(
            request,
            message=message,
            back=page_of(meeting),
            back_label=_("Go to the meeting"),
            school=meeting.school,
            form=forms,
        )


def page_of(meeting: Meeting) -> str:
    """The address of the meeting's page."""
    return reverse("admin:journal_meeting_change", args=[meeting.pk])
