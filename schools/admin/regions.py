"""Regions on the staff site, with their analysts and the named person: the operator's."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from schools.admin.narrowing import NarrowedAdmin, NativeFields
from schools.admin.typed import PersonField
from schools.models import Region, RegionMembership, School, User
from schools.region_officers import can_be_called


class RegionForm(forms.ModelForm):
    """A region or a part of one, with its named person."""

    officer = PersonField(
        label=_("named person of the region"),
        required=False,
        help_text=_(
            "Their user name. Is told of a danger that nobody at a school has answered, and gets the letters that are "
            "about everybody who could read them. Where a part has none, it is the person of the whole region."
        ),
    )

    class Meta:
        model = Region
        fields = ["names", "slug", "parent", "officer"]

    def clean_officer(self) -> User | None:
        """Whoever names somebody is not whom letters reach."""
        person = self.cleaned_data["officer"]
        if person is not None and not can_be_called(person):
            words = _("A technical operator reads no letter and cannot be named here.")
            raise forms.ValidationError(words, code="operator")
        return person

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "parent" in self.fields:
            wholes = Region.objects.filter(parent__isnull=True).exclude(pk=self.instance.pk)
            self.fields["parent"].queryset = wholes
            self.fields["parent"].empty_label = "—"


class AnalystForm(forms.ModelForm):
    """Somebody who sees the figures of the region's schools."""

    user = PersonField(label=_("person"))

    class Meta:
        model = RegionMembership
        fields = ["user"]


class AnalystInline(NativeFields, admin.StackedInline):
    """Who sees the figures of a region's schools."""

    model = RegionMembership
    form = AnalystForm
    extra = 1

    def get_queryset(self, request: HttpRequest) -> QuerySet[RegionMembership]:
        return super().get_queryset(request).select_related("user", "region")


@admin.register(Region)
class RegionAdmin(NarrowedAdmin):
    """Regions and their parts; one that is there stays, since schools and reports name it."""

    form = RegionForm
    inlines = [AnalystInline]
    list_display = ["name", "whole", "schools_in_it", "named"]
    list_select_related = ["parent", "officer"]
    ordering = ["slug"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Region]:
        rows = admin.ModelAdmin.get_queryset(self, request)
        if not request.user.has_perm("schools.view_region"):
            return rows.none()
        return rows.annotate(count=Count("schools"))

    def school_of(self, obj: Any) -> School | None:
        return None

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Region | None = None) -> list[str]:
        # It stands in addresses that people keep.
        return ["slug"] if obj is not None else []

    @admin.display(description=_("name"), ordering="slug")
    def name(self, region: Region) -> str:
        return str(region)

    @admin.display(description=_("part of a region"))
    def whole(self, region: Region) -> str:
        return str(region.parent or "—")

    @admin.display(description=_("schools"))
    def schools_in_it(self, region: Region) -> int:
        return region.count

    @admin.display(description=_("named person of the region"))
    def named(self, region: Region) -> str:
        return str(region.officer or "—")
