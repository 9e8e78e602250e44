"""Causes on the staff site."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from schools.admin.narrowing import in_words
from schools.admin.regulations import OfASchoolAdmin
from schools.models import Cause


@admin.register(Cause)
class CauseAdmin(OfASchoolAdmin):
    """Why things that are written about happen. One not wanted any more is taken out of use, never deleted."""

    list_display = ["name", "school", "order", in_words(Cause, "in_use")]
    fields = ["school", "names", "slug", "order", "in_use"]

    def get_readonly_fields(self, request: HttpRequest, obj: Cause | None = None) -> list[str]:
        return ["school", "slug"] if obj is not None else []

    def has_delete_permission(self, request: HttpRequest, obj: Cause | None = None) -> bool:
        return False

    @admin.display(description=_("name"), ordering="order")
    def name(self, cause: Cause) -> str:
        return str(cause)
