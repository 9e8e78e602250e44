"""Rules that were worked by stay as they are; a change is a new regulation, filled with the present settings."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import formats
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from schools.admin.narrowing import id_in
from schools.errors import Refused
from schools.models import Regulation, School
from schools.rules_in_use import earliest_day, is_in_use
from schools.services.new_rules import check_day, settings_to_go_on_with, take_clauses_over

# Of the address: the regulation with whose settings the form for a new one is filled.
FROM = "from"


class FromADateForm(forms.ModelForm):
    """A regulation whose day is not one on which something was done by other rules."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        day = cleaned.get("holds_from")
        school = cleaned.get("school") or (self.instance.school if self.instance.pk else None)
        if (
            day is None
            or school is None
            or (self.instance.pk and "holds_from" not in self.changed_data)
        ):
            return cleaned
        twin = Regulation.objects.filter(school=school, holds_from=day).exclude(pk=self.instance.pk)
        try:
            if twin.exists():
                raise Refused(_("There are rules that hold from this day already."))
            check_day(school=school, day=day)
        except Refused as refused:
            self.add_error("holds_from", ValidationError(str(refused), code="day"))
        return cleaned


class FromADate:
    """For the admin of regulations: what was worked by is shown and not changed, what is to come can be taken back."""

    change_form_template = "schools/regulation_form.html"

    def has_delete_permission(self, request: HttpRequest, obj: Regulation | None = None) -> bool:
        """Rules that do not hold yet are nobody's past."""
        if obj is None or obj.holds_from <= obj.school.today():
            return False
        return self.has_change_permission(request, obj)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            obj = self.get_object(request, unquote(object_id)) if object_id else None
            school = obj.school if obj else self._school_named(request)
            if school is not None:
                # Nobody opens the box between the question whether the rules are in use and their change.
                import_string(settings.BOOK_LOCK)(school)
            if obj and self.has_change_permission(request, obj) and is_in_use(obj):
                messages.error(
                    request, _("The box was kept by these rules: they do not change any more.")
                )
                return HttpResponseRedirect(request.path)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def _school_named(self, request: HttpRequest) -> School | None:
        field = self.formfield_for_dbfield(self.opts.get_field("school"), request)
        try:
            return field.clean(request.POST.get("school", ""))
        except ValidationError:
            return None

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj")
        before = self._former(request) if obj is None else None
        fixed = obj is not None and is_in_use(obj)
        context |= {
            "fixed": fixed,
            "show_save": not fixed,
            "former": before,
            "new_rules": f"{reverse('admin:schools_regulation_add')}?{FROM}={obj.pk}"
            if obj
            else "",
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def _former(self, request: HttpRequest) -> Regulation | None:
        """The regulation that the new one follows, where this person may see it."""
        named = id_in(request.GET.get(FROM, ""))
        if named is None:
            return None
        return self.get_queryset(request).select_related("school").filter(pk=named).first()

    def get_inlines(self, request: HttpRequest, obj: Regulation | None) -> list[Any]:
        """What hangs on the former rules comes along when the new ones are saved, and is changed afterwards."""
        if obj is None and FROM in request.GET:
            return []
        return super().get_inlines(request, obj)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        former = self._former(request)
        if former is None:
            return super().get_changeform_initial_data(request)
        return {
            **settings_to_go_on_with(former),
            "school": former.school_id,
            "holds_from": earliest_day(former.school),
        }

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        former = None if change else self._former(request)
        if former is not None and former.school_id == form.instance.school_id:
            take_clauses_over(source=former, target=form.instance)

    def response_add(
        self, request: HttpRequest, obj: Regulation, post_url_continue: str | None = None
    ) -> HttpResponse:
        words = _(
            "These rules hold from %(day)s. What was done before stays under the former ones."
        )
        messages.success(
            request, words % {"day": formats.date_format(obj.holds_from, "DATE_FORMAT")}
        )
        return HttpResponseRedirect(reverse("admin:schools_regulation_change", args=[obj.pk]))
