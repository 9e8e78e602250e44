"""Danger alerts: the list, the page of one, answering it by name, and closing it."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_GET, require_POST

from journal.admin.alert_page import alert_page, hour_in_words
from journal.admin.entries import StaffJournalAdmin
from journal.admin.filters import unoffered
from journal.admin.pages import conflict_page, moment_at
from journal.alert_forms import CloseAlertForm
from journal.alerts import alerts_for
from journal.models import Alert
from journal.services import alerting
from schools.errors import Conflict, Refused


class HowItStands(admin.SimpleListFilter):
    """Waiting, in hand, acted upon, false alarm: each apart from the others."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("waiting", pgettext_lazy("state of an alert", "not answered")),
            ("in_hand", pgettext_lazy("state of an alert", "in hand")),
            *[choice for choice in Alert.Outcome.choices if choice[0]],
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Alert]) -> QuerySet[Alert]:
        if self.value() == "waiting":
            return queryset.filter(answered_at__isnull=True)
        if self.value() == "in_hand":
            return queryset.filter(answered_at__isnull=False, outcome=Alert.Outcome.OPEN)
        if not self.value() or self.value() not in Alert.Outcome.values:
            return unoffered(self.value(), queryset)
        return queryset.filter(outcome=self.value())


@admin.register(Alert)
class AlertAdmin(StaffJournalAdmin):
    """Every alert of the person's schools that is not withheld from them."""

    list_display = ["raised", "state", "answered", "school_shown"]
    list_display_links = ["raised"]
    list_filter = [HowItStands]
    change_list_template = "journal/alert_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Alert]:
        return alerts_for(request.user)

    @admin.display(description=pgettext_lazy("of an alert", "came"), ordering="raised_at")
    def raised(self, alert: Alert) -> str:
        return hour_in_words(alert)

    @admin.display(description=gettext_lazy("state"))
    def state(self, alert: Alert) -> str:
        if alert.outcome:
            return alert.get_outcome_display()
        if alert.waits:
            return format_html(
                '<span class="flag flag-danger">{}</span>',
                pgettext("state of an alert", "not answered"),
            )
        return pgettext("state of an alert", "in hand")

    @admin.display(description=gettext_lazy("answered by"))
    def answered(self, alert: Alert) -> str:
        if alert.waits:
            return "—"
        return f"{alert.answered_by}, {moment_at(alert.answered_at, alert.school)}"

    @admin.display(description=gettext_lazy("school"))
    def school_shown(self, alert: Alert) -> str:
        return str(alert.school)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(
            request, {"title": _("Danger alerts"), **(extra_context or {})}
        )

    def get_urls(self) -> list[URLPattern]:
        def ours(route: str, view: Any, name: str) -> URLPattern:
            return path(route, self.admin_site.admin_view(view), name=f"journal_alert_{name}")

        return [
            ours("<int:pk>/answer/", self.answer_view, "answer"),
            ours("<int:pk>/close/<slug:outcome>/", self.close_view, "close"),
            *super().get_urls(),
        ]

    def fetch(self, request: HttpRequest, pk: int | str) -> Alert:
        """The alert, of the person's own schools and not withheld from them; else 404."""
        if not str(pk).isdecimal():
            pk = 0
        return get_object_or_404(
            alerts_for(request.user).select_related("letter", "message", "entry__volume"), pk=pk
        )

    def fetch_to_answer(self, request: HttpRequest, pk: int) -> Alert:
        """The alert, for somebody who answers alerts there; else 404 or 403."""
        alert = self.fetch(request, pk)
        if not request.user.has_perm("journal.answer_alert", alert.school):
            raise PermissionDenied
        return alert

    @method_decorator(require_GET)
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """What is known without a key, where to read the letter, and what to do."""
        return alert_page(request, self.fetch(request, object_id))

    @method_decorator(require_POST)
    def answer_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """«I am dealing with it»."""
        alert = self.fetch_to_answer(request, pk)
        try:
            alerting.answer(alert=alert, by=request.user)
        except Conflict as conflict:
            return self._conflict(request, alert, str(conflict))
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(
                request,
                _("You are dealing with it now, and everybody sees that it is you."),
            )
        return HttpResponseRedirect(_page(alert))

    @method_decorator(require_POST)
    def close_view(self, request: HttpRequest, pk: int, outcome: str) -> HttpResponse:
        """It is over: acted upon, or a false alarm, with what was done or why."""
        alert = self.fetch_to_answer(request, pk)
        if outcome not in (Alert.Outcome.HELPED, Alert.Outcome.FALSE_ALARM):
            raise PermissionDenied
        form = CloseAlertForm(request.POST, outcome=outcome)
        if form.is_valid():
            try:
                alerting.close(
                    alert=alert, outcome=outcome, note=form.cleaned_data["note"], by=request.user
                )
            except Conflict as conflict:
                return self._conflict(request, alert, str(conflict), form)
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("The alert is closed."))
                return HttpResponseRedirect(_page(alert))
        return alert_page(request, alert, bound=form)

    def _conflict(
        self, request: HttpRequest, alert: Alert, message: str, form: Any = None
    ) -> HttpResponse:
        return conflict_page(
            request,
            message=message,
            back=_page(alert),
            back_label=_("See the alert as it is now"),
            school=alert.school,
            form=form,
        )


def _page(alert: Alert) -> str:
    return reverse("admin:journal_alert_change", args=[alert.pk])
