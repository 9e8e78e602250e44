"""Schools on the staff site."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from schools.admin.narrowing import NarrowedAdmin, in_words
from schools.countries import TIME_ZONES
from schools.forms import OrderField, SiteField
from schools.languages import language_choices
from schools.models import School
from schools.services.calendar import tell_calendar_changed


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

    class Meta:
        model = School
        field_classes = {"site": SiteField}
        fields = [
            "slug", "names", "country", "time_zone", "languages", "working_week", "digest_at",
            "addresses", "site", "phone", "colour",
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
    search_fields = ["slug"]
    fieldsets = [
        (None, {"fields": ["names", "slug", "country", "time_zone", "languages"]}),
        (_("Working time"), {"fields": ["working_week", "digest_at"]}),
        (_("How to find the school"), {"fields": ["addresses", "phone", "site"]}),
        (_("How the public pages look"), {"fields": ["colour"]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: School | None = None) -> list[str]:
        # The address stands on posters: it does not change any more.
        return ["slug"] if obj is not None else []

    def save_model(self, request: HttpRequest, obj: School, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        tell_calendar_changed(school=obj)  # its country, clock and week decide about opening days

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("name"), ordering="slug")
    def name(self, school: School) -> str:
        return str(school)
