"""Schools on the staff site."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from schools.admin.narrowing import NarrowedAdmin, in_words
from schools.countries import TIME_ZONES
from schools.finding import named_like, typed_words
from schools.forms import OrderField, SiteField
from schools.languages import language_choices
from schools.models import School
from schools.models.school import as_host
from schools.services.calendar import tell_calendar_changed


class HostField(forms.CharField):
    """A name on the web, however it is typed; None where there is none."""

    def to_python(self, value: str | None) -> str | None:
        return as_host(super().to_python(value)) or None


class SchoolForm(forms.ModelForm):
    """A school with its languages in order."""

    languages = OrderField(
        choices=language_choices(),
        label=_("Languages"),
        help_text=_(
            "Number them: 1 is the main language. Leave empty what the school does not use."
        ),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"))
    host = HostField(
        label=_("Own name on the web"),
        required=False,
        help_text=_(
            "A name that leads to this school alone. It has to lead to this server, with a certificate; the address "
            "with the short name works on."
        ),
    )

    class Meta:
        model = School
        field_classes = {"site": SiteField, "new_address": SiteField}
        fields = [
            "slug", "names", "country", "time_zone", "languages", "region", "working_week",
            "digest_at", "addresses", "site", "phone", "host", "colour", "left_on", "new_address",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "time_zone" in self.fields:
            zones = list(TIME_ZONES)
            if self.instance.time_zone and self.instance.time_zone not in zones:
                zones.append(self.instance.time_zone)
            self.fields["time_zone"].choices = [(zone, zone) for zone in zones]


@admin.register(School)
class SchoolAdmin(NarrowedAdmin):
    """A school is never deleted: its book hangs on it."""

    form = SchoolForm
    school_path = "pk"
    list_display = ["name", "slug", "country", in_words(School, "is_demo")]
    search_fields = ["slug"]  # so that there is a search; what is found ``get_search_results`` says
    fieldsets = [
        (None, {"fields": ["names", "slug", "country", "time_zone", "languages", "region"]}),
        (_("Working time"), {"fields": ["working_week", "digest_at"]}),
        (_("How to find the school"), {"fields": ["addresses", "phone", "site", "host"]}),
        (_("How the public pages look"), {"fields": ["colour"]}),
        (_("Where the box has gone"), {"fields": ["left_on", "new_address"]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: School | None = None) -> list[str]:
        # The address stands on posters: it does not change any more.
        # Into which region it belongs is not its own to say: who watches a school does not change by its wish.
        # Nor its own name on the web: that needs a line in the name service and a certificate.
        # Nor whether it has left: its box is closed by that, here and for everybody.
        above = [] if request.user.is_operator else ["region", "host", "left_on", "new_address"]
        return [*(["slug"] if obj is not None else []), *above]

    def save_model(self, request: HttpRequest, obj: School, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        tell_calendar_changed(school=obj)  # its country, clock and week decide about opening days

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[School], search_term: str
    ) -> tuple[QuerySet[School], bool]:
        """By words of a name in any language, or of the short name."""
        return named_like(queryset, typed_words(search_term)), False

    @admin.display(description=_("name"), ordering="slug")
    def name(self, school: School) -> str:
        return str(school)
