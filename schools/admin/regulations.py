"""Regulations and categories on the staff site."""

from typing import Any
from urllib.parse import parse_qs

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from schools.admin.choosing import the_only
from schools.admin.clauses import DOCUMENT_FIELDS, DOCUMENT_FIELDSET, ClauseInline
from schools.admin.narrowing import NarrowedAdmin, id_in, in_words
from schools.admin.new_rules import FromADate, FromADateForm
from schools.forms import ChoiceListField, MonthDaysField, OrderField
from schools.models import Category, Regulation
from schools.models.regulation import Audience, Column, Source
from schools.roles import ROLE_NAMES
from schools.selectors import roles_allowing
from schools.services.calendar import tell_calendar_changed


class RegulationForm(FromADateForm):
    """A regulation with its lists as people fill them in."""

    audiences = ChoiceListField(label=_("Who may write"), choices=Audience.choices)
    sources = ChoiceListField(label=_("Ways in"), choices=Source.choices)
    keepers = ChoiceListField(
        label=_("Who keeps the key"),
        choices=[(role, ROLE_NAMES[role]) for role in roles_allowing("schools.hold_key")],
    )
    month_days = MonthDaysField(
        label=_("Days of the month"),
        required=False,
        help_text=_("Numbers with commas, such as 1, 15. For an opening every month."),
    )
    must_be_present = ChoiceListField(
        label=_("Who of them must be present"),
        choices=[(role, ROLE_NAMES[role]) for role in roles_allowing("schools.hold_key")],
        required=False,
    )
    columns = OrderField(
        label=_("Journal columns"),
        choices=Column.choices,
        help_text=_(
            "Number the columns in the order in which they are printed; leave the others empty."
        ),
    )

    class Meta:
        model = Regulation
        fields = [
            "school", "holds_from", "box_names", "audiences", "sources", "keepers",
            "names_published", "schedule",
            "weekday", "every_days", "counted_from", "month_days", "opens_at", "place", "columns",
            "anonymous_marks", "numbering", "books", "cover_year", "reply_days", "forward_days",
            "works",
            "danger_minutes", "danger_minutes_at_night", "day_begins", "day_ends",
            "on_working_days", "least_present", "must_be_present", "acts",
            "meetings_a_half_year", "quorum", "two_languages",
            "keep_years", "keep_aside_months", "keep_unread_files_months", "report_day",
            *DOCUMENT_FIELDS,
        ]  # fmt: skip


class OfASchoolAdmin(NarrowedAdmin):
    """Rows that belong to one school for good."""

    list_select_related = ["school"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["school"] if obj is not None else []

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Besides the filters, one school: its page of settings leads to its own rows."""
        return lookup == "school__id__exact" or super().lookup_allowed(lookup, value, request)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The school of the page or the list that led here stands chosen already, and the only one there is."""
        initial = super().get_changeform_initial_data(request)
        listed = parse_qs(request.GET.get("_changelist_filters", "")).get("school__id__exact", [""])
        named = id_in(str(initial.pop("school", listed[0])))
        if named is not None:
            return {**initial, "school": named}
        field = self.formfield_for_dbfield(self.opts.get_field("school"), request)
        only = the_only(field.queryset)
        return {**initial, "school": only.pk} if only else initial


class DecidesOpeningsAdmin(OfASchoolAdmin):
    """Rows by which the days come about on which the box is to be opened: the journal is told of every change."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        tell_calendar_changed(school=obj.school)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        tell_calendar_changed(school=obj.school)


@admin.register(Regulation)
class RegulationAdmin(FromADate, DecidesOpeningsAdmin):
    """The rules of a box. A new one is added with the date from which it holds; the past keeps its own."""

    form = RegulationForm
    inlines = [ClauseInline]
    list_display = ["school", "holds_from", "schedule", "numbering"]
    fieldsets = [
        (None, {"fields": ["school", "holds_from", "box_names"]}),
        (_("Who writes, and how"), {"fields": ["audiences", "sources"]}),
        (
            _("Opening the box"),
            {
                "fields": [
                    "keepers",
                    "names_published",
                    "schedule",
                    "weekday",
                    "every_days",
                    "counted_from",
                    "month_days",
                    "opens_at",
                    "on_working_days",
                    "place",
                ],
                "description": _(
                    "Fill in what the chosen schedule needs; the other lines do not matter then."
                ),
            },
        ),
        (
            _("Who is there, and the act"),
            {"fields": ["least_present", "must_be_present", "acts"]},
        ),
        (
            _("The journal"),
            {
                "fields": [
                    "numbering",
                    "books",
                    "cover_year",
                    "columns",
                    "anonymous_marks",
                    "two_languages",
                ]
            },
        ),
        (_("The commission"), {"fields": ["meetings_a_half_year", "quorum"]}),
        (
            _("Deadlines"),
            {
                "fields": ["reply_days", "forward_days", "works"],
                "description": _(
                    "Counted in the working days of the school, from the day the letter is taken out of the box."
                ),
            },
        ),
        (
            _("When somebody is in danger"),
            {
                "fields": [
                    "danger_minutes",
                    "danger_minutes_at_night",
                    "day_begins",
                    "day_ends",
                ],
                "description": _("Everybody who holds the key is told at once."),
            },
        ),
        (
            _("Keeping and reporting"),
            {
                "fields": [
                    "keep_years",
                    "keep_aside_months",
                    "keep_unread_files_months",
                    "report_day",
                ]
            },
        ),
        DOCUMENT_FIELDSET,
    ]


@admin.register(Category)
class CategoryAdmin(OfASchoolAdmin):
    """What letters are about. One that is not wanted any more is taken out of use, never deleted."""

    list_display = ["name", "school", "order", in_words(Category, "in_use")]
    fields = ["school", "names", "slug", "order", "in_use"]

    def get_readonly_fields(self, request: HttpRequest, obj: Category | None = None) -> list[str]:
        return ["school", "slug"] if obj is not None else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("name"), ordering="order")
    def name(self, category: Category) -> str:
        return str(category)
