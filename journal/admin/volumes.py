"""Volumes of the journal."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import get_language, gettext_lazy, pgettext, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from journal.admin.entries import StaffJournalAdmin
from journal.admin.pages import conflict_page, day_of, staff_page
from journal.models import Volume
from journal.selectors import volumes_for
from journal.services.volumes import can_be_closed_from, close_volume, still_open
from schools.admin.narrowing import id_in
from schools.errors import Conflict, Refused
from schools.models import Regulation
from schools.models.regulation import Column
from schools.selectors import regulation_of


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
            (pgettext("of the journal", "Book"), volume.title if volume.book else ""),
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
            "closing": self._closing(request, volume),
            "carried": _numbers(volume.carried_over),
            "came_over": _came_over(volume),
            "out_of_use": _is_out_of_use(volume),
        }
        return staff_page(request, "journal/volume.html", context)

    def _closing(self, request: HttpRequest, volume: Volume) -> dict[str, Any] | None:
        """What the page says of closing the volume; None where that is not this person's, or done."""
        if volume.is_closed or not request.user.has_perm("journal.close_volume", volume.school):
            return None
        first_day = can_be_closed_from(volume)
        return {
            "possible": volume.school.today() >= first_day,
            "from": day_of(first_day),
            "numbers": (numbers := [entry.number for entry in still_open(volume)]),
            "open": _numbers(numbers),
        }

    def get_urls(self) -> list[URLPattern]:
        close = path(
            "<int:pk>/close/",
            self.admin_site.admin_view(self.close_view),
            name="journal_volume_close",
        )
        return [close, *super().get_urls()]

    @method_decorator(require_POST)
    def close_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The volume takes no entry any more."""
        volume = get_object_or_404(volumes_for(request.user), pk=pk)
        if not request.user.has_perm("journal.close_volume", volume.school):
            raise PermissionDenied
        typed = request.POST.get("open", "").split()
        try:
            close_volume(
                school=volume.school,
                volume=volume,
                expected_open=[number for one in typed if (number := id_in(one)) is not None],
                by=request.user,
            )
        except Conflict as conflict:
            return conflict_page(
                request,
                message=str(conflict),
                back=reverse("admin:journal_volume_change", args=[pk]),
                back_label=_("Go to the volume"),
                school=volume.school,
            )
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("The volume is closed. Print it to stitch it."))
        return HttpResponseRedirect(reverse("admin:journal_volume_change", args=[pk]))


def _numbers(numbers: list[int]) -> str:
    return ", ".join(f"№ {number}" for number in numbers)


def _is_out_of_use(volume: Volume) -> bool:
    """Whether no letter comes into the volume any more, though its period is not over: the rules keep other books."""
    if volume.is_closed or volume.school.today() > volume.period_to:
        return False
    try:
        regulation = regulation_of(volume.school)
    except Regulation.DoesNotExist:
        return False
    return bool(volume.book) != (regulation.books == Regulation.Books.BY_SOURCE)


def _came_over(volume: Volume) -> str:
    """What the volume before carried over into this one."""
    earlier = Volume.objects.filter(
        school=volume.school_id, book=volume.book, number__lt=volume.number
    )
    before = earlier.order_by("-number").first()
    return _numbers(before.carried_over) if before else ""
