"""What the journal's staff pages have in common: how one is shown, and how a conflict is told."""

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import formats
from django.utils.translation import gettext as _

from schools.models import School


def staff_page(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> TemplateResponse:
    """A page of the staff site in its common frame."""
    request.current_app = admin.site.name
    return TemplateResponse(
        request, template, {**admin.site.each_context(request), **context}, status=status
    )


def moment_at(moment: datetime.datetime, school: School) -> str:
    """A moment by the school's own clock, as the person's language writes it."""
    return formats.date_format(moment.astimezone(school.zone), "DATETIME_FORMAT")


def hour_at(moment: datetime.datetime, school: School) -> str:
    """The hour in which an author did something, from when to when, by the school's own clock."""
    begins = moment.astimezone(school.zone)
    ends = begins + datetime.timedelta(hours=1)
    return f"{day_of(begins.date())}, {begins:%H:%M}–{ends:%H:%M}"


def day_of(day: datetime.date | None) -> str:
    """A day as the person's language writes it; empty when there is none."""
    return formats.date_format(day, "DATE_FORMAT") if day else ""


def typed_texts(form: forms.Form | None) -> list[tuple[str, str]]:
    """Label and text of everything that somebody typed into a form, for a page from which it can be copied."""
    if form is None:
        return []
    typed: list[tuple[str, str]] = []
    for bound in form:
        text = bound.value()
        if (
            isinstance(bound.field, forms.CharField)
            and not isinstance(bound.field.widget, forms.PasswordInput)
            and isinstance(text, str)
            and text.strip()
        ):
            typed.append((str(bound.label), text))
    return typed


def conflict_page(
    request: HttpRequest,
    *,
    message: str,
    back: str,
    back_label: str,
    school: School,
    form: forms.Form | Iterable[forms.Form] | None = None,
) -> TemplateResponse:
    """409: somebody else was first. What was typed (in one form or several) stays on the page, nothing was changed."""
    typed = [form] if form is None or isinstance(form, forms.BaseForm) else form
    return staff_page(
        request,
        "journal/conflict.html",
        {
            "title": _("Somebody was quicker"),
            "message": message,
            "back": back,
            "back_label": back_label,
            "typed": [text for one in typed for text in typed_texts(one)],
            "school": school,
        },
        status=409,
    )
