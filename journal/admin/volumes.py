"""Volumes of the journal."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import get_language, gettext_lazy, pgettext, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from journal.admin.entries import StaffJournalAdmin
from journal.admin.pages import day_of, staff_page
from journal.models import Volume
from journal.selectors import volumes_for
from schools.models.regulation import Column


def print_address(volume: Volume) -> str:
    """Where the volume is printed; empty where nothing prints."""
    try:
        return reverse("admin:journal_volume_print", args=[volume.pk])
    except NoReverseMatch:
        return ""


@admin.register(Volume)
class VolumeAdmin(StaffJournalAdmin):
    """The volumes, each with its page and the way to paper."""

    list_display = ["shown", "school", "period", "last_number", "state", "printing"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Volume]:
        return volumes_for(request.user)

    def get_list_display(self, request: HttpRequest) -> list[str]:
        shown = list(super().get_list_display(request))
        if not request.user.has_perm("journal.print_journal"):
            shown.remove("printing")
        return shown

    @admin.display(description=pgettext_lazy("of the journal", "volume"), ordering="number")
    def shown(self, volume: Volume) -> str:
        return _("Volume %(volume)s") % {"volume": volume}

    @admin.display(description=gettext_lazy("period"), ordering="period_from")
    def period(self, volume: Volume) -> str:
        return f"{day_of(volume.period_from)} – {day_of(volume.period_to)}"

    @admin.display(description=gettext_lazy("state"))
    def state(self, volume: Volume) -> str:
        if volume.finished_on:
            return pgettext("volume", "finished")
        return pgettext("volume", "in use")

    @admin.display(description=pgettext_lazy("on paper", "print"))
    def printing(self, volume: Volume) -> str:
        address = print_address(volume)
        if not address:
            return "—"
        return format_html(
            '<a href="{}" aria-label="{}">{}</a>',
            address,
            _("Print volume %(volume)s") % {"volume": volume},
            pgettext("on paper", "Print"),
        )

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(
            request, {"title": _("Volumes of the journal"), **(extra_context or {})}
        )

    @method_decorator(require_GET)
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """One volume: its period, its columns, its entries, and the way to paper."""
        pk = object_id if object_id.isdecimal() else 0
        volume = get_object_or_404(volumes_for(request.user), pk=pk)
        prints = request.user.has_perm("journal.print_journal", volume.school)
        lines = [
            (_("Period"), self.period(volume)),
            (_("Begun"), day_of(volume.begun_on)),
            (_("Finished"), day_of(volume.finished_on)),
            (_("Last number"), str(volume.last_number)),
            (_("Columns"), ", ".join(str(Column(column).label) for column in volume.columns)),
            (
                _("Mark for an anonymous author"),
                volume.anonymous_mark_in(get_language() or "") or _("the column stays empty"),
            ),
        ]
        context = {
            "title": self.shown(volume),
            "volume": volume,
            "school": volume.school,
            "lines": [(label, text) for label, text in lines if text],
            "print_address": print_address(volume) if prints else "",
        }
        return staff_page(request, "journal/volume.html", context)
