"""The regulation as a document: its approving block, and the clauses that a school adds in its own words."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from schools.admin.narrowing import NativeFields
from schools.models import Clause, Regulation
from schools.rules_in_use import is_in_use

# The fields of the regulation that only the document shows.
DOCUMENT_FIELDS = ["approver_posts", "approver", "approved_on", "answering_texts"]
DOCUMENT_FIELDSET = (
    _("The document"),
    {
        "fields": DOCUMENT_FIELDS,
        "description": _(
            "The portal writes the regulation from these settings, as a page for everybody, as PDF and as Word file. "
            "Left empty, name and date of the approval are lines to be filled in by hand."
        ),
    },
)
EMPTY_LINES = 2


class ClauseInline(NativeFields, admin.StackedInline):
    """A school's own clauses. Each stands at the end of its section, with the next number."""

    model = Clause
    fields = ["section", "order", "texts"]
    extra = EMPTY_LINES
    verbose_name_plural = _("clauses of the school’s own")

    def get_extra(self, request: HttpRequest, obj: Regulation | None = None, **kwargs: Any) -> int:
        """Some empty places, since no script adds another one; none in rules that do not change any more."""
        return 0 if obj is not None and is_in_use(obj) else EMPTY_LINES

    def _may(self, request: HttpRequest, verb: str, obj: Regulation | None) -> bool:
        school = obj.school if obj is not None and obj.pk else None
        return request.user.has_perm(f"schools.{verb}_clause", school)

    def has_view_permission(self, request: HttpRequest, obj: Regulation | None = None) -> bool:
        return self._may(request, "view", obj)

    def has_add_permission(self, request: HttpRequest, obj: Regulation | None = None) -> bool:
        return self._may(request, "add", obj)

    def has_change_permission(self, request: HttpRequest, obj: Regulation | None = None) -> bool:
        return self._may(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Regulation | None = None) -> bool:
        return self._may(request, "delete", obj)
