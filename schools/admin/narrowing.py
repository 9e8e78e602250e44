"""What every settings page has in common: rows and choices of the person's own schools, and a log without content."""

import json
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from schools.admin.typed import PersonField, SchoolField
from schools.forms import ClockInput, DayInput, SiteField
from schools.models import Role, School, User
from schools.roles import REGION_ROLES
from schools.selectors import narrowed, schools_for

LONGEST_SEARCH = 200
ID_DIGITS = 18
MOST_CHOICES = 50
_TYPED: dict[type[models.Model], type[forms.Field]] = {School: SchoolField, User: PersonField}


def id_in(typed: str) -> int | None:
    """The id that an address names; None for anything else. Numbers of thousands of digits are not even read."""
    return int(typed) if typed.isdecimal() and len(typed) <= ID_DIGITS else None


def _is_long(rows: QuerySet[Any]) -> bool:
    return rows.order_by()[MOST_CHOICES : MOST_CHOICES + 1].exists()


class NativeFields:
    """Fields that need no script: the browser's own calendar and clock, no pop-up windows for other rows."""

    formfield_overrides = {
        models.DateField: {"widget": DayInput},
        models.TimeField: {"widget": ClockInput},
        models.PositiveSmallIntegerField: {"widget": forms.NumberInput},
        models.CharField: {"widget": forms.TextInput},
        models.EmailField: {"widget": forms.EmailInput},
        models.URLField: {"widget": forms.URLInput, "form_class": SiteField},
    }

    @property
    def media(self) -> forms.Media:
        return forms.Media()

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        widget = getattr(field, "widget", None)
        for name in ("add", "change", "delete", "view"):
            if hasattr(widget, f"can_{name}_related"):
                setattr(widget, f"can_{name}_related", False)
        return field

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A school is chosen among those in which this person may do what the page does, a role among a school's.

        Schools and people that are more than a list of choices holds are typed by their short names.
        """
        if db_field.remote_field.model is School:
            opts = self.model._meta
            permission = f"{opts.app_label}.change_{opts.model_name}"
            kwargs["queryset"] = schools_for(request.user, permission)
        if db_field.remote_field.model is Role:
            kwargs["queryset"] = Role.objects.exclude(slug__in=REGION_ROLES)
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        typed = _TYPED.get(db_field.remote_field.model)
        # Of one's own schools there are never so many.
        if typed is None or not request.user.is_operator or not _is_long(field.queryset):
            return field
        return db_field.formfield(form_class=typed, queryset=field.queryset, help_text="")


class NarrowedAdmin(NativeFields, admin.ModelAdmin):
    """Rows of the person's own schools. ``school_path`` leads from a row to its school."""

    school_path = "school"
    actions = None
    show_full_result_count = False
    list_per_page = 50

    def _permission(self, verb: str) -> str:
        return f"{self.opts.app_label}.{verb}_{self.opts.model_name}"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return narrowed(
            super().get_queryset(request),
            user=request.user,
            permission=self._permission("view"),
            school_path=self.school_path,
        )

    def school_of(self, obj: Any) -> School | None:
        """The row's school."""
        return obj if self.school_path == "pk" else obj.school

    def _may(self, request: HttpRequest, verb: str, obj: Any) -> bool:
        school = self.school_of(obj) if obj is not None and obj.pk else None
        return request.user.has_perm(self._permission(verb), school)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "view", obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "delete", obj)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        """One way to save, and the school's name on the page for its mark of a demonstration."""
        obj = kwargs.get("obj")
        context |= {
            "show_save_and_add_another": False,
            "show_save_and_continue": False,
            "school": self.school_of(obj) if obj is not None else None,
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """No conditions typed into the address, beyond the filters that a list offers."""
        return lookup in {getattr(shown, "parameter_name", "") for shown in self.list_filter}

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Headed by what it lists: «Select person to change» reads well in English alone."""
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By the beginning of what was typed: SQLite refuses to look for a text without end."""
        return super().get_search_results(request, queryset, search_term[:LONGEST_SEARCH])

    # The log of the admin says who changed which fields of which row, and nothing of what they hold.

    def _log(self, request: HttpRequest, obj: Any, flag: int, message: Any) -> LogEntry:
        return LogEntry.objects.create(
            user_id=request.user.pk,
            content_type_id=ContentType.objects.get_for_model(obj).pk,
            object_id=obj.pk,
            object_repr=f"№ {obj.pk}",
            action_flag=flag,
            change_message=message,
        )

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        return self._log(request, obj, ADDITION, _without_names(message))

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        return self._log(request, obj, CHANGE, _without_names(message))

    def log_deletions(self, request: HttpRequest, queryset: Any) -> list[LogEntry]:
        return [self._log(request, obj, DELETION, "") for obj in queryset]


def in_words(model: type[models.Model], name: str) -> Callable[[models.Model], str]:
    """A column of a list that says yes or no: Django's own pictures say «True» in every language."""

    @admin.display(description=model._meta.get_field(name).verbose_name, ordering=name)
    def column(row: models.Model) -> str:
        return _("Yes") if getattr(row, name) else _("No")

    return column


def _without_names(message: Any) -> Any:
    """Django's list of changes without the names of rows: ``[{"changed": {"fields": […]}}]``."""
    if not isinstance(message, list):
        return ""
    kept = [
        {verb: {name: what for name, what in facts.items() if name in ("fields", "name")}}
        for part in message
        for verb, facts in part.items()
    ]
    return json.dumps(kept)


def of_one_school(user: User, person: User) -> bool:
    """Whether every school of ``person`` is one in which ``user`` manages people, and they have no region."""
    if user.is_operator:
        return True
    managed = user.schools_allowing("schools.change_user")
    above = person.is_operator or person.rights_by_region
    return not above and set(person.roles_by_school) <= managed
