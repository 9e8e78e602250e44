"""A school's special days and vacations on the staff site, and the page that shows a year as the portal counts it."""

import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET

from schools.admin.regulations import DecidesOpeningsAdmin
from schools.models import CalendarDay, School, Vacation
from schools.selectors import regulations_in_force
from schools.working_days import calendar_of
from schools.year_shown import FIRST_YEAR, LAST_YEAR, months_of

LONGEST_VACATION = datetime.timedelta(days=150)


def check_year(day: datetime.date | None) -> None:
    """A slip of the keyboard in the year would shift no deadline today and every one then."""
    if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValidationError(
            gettext_lazy("Give a year from %(first)s to %(last)s."),
            code="year",
            params={"first": FIRST_YEAR, "last": LAST_YEAR},
        )


class CalendarDayForm(forms.ModelForm):
    """A day off of the school's own, or one it works."""

    class Meta:
        model = CalendarDay
        fields = ["school", "day", "works", "note"]

    def clean_day(self) -> datetime.date:
        check_year(self.cleaned_data["day"])
        return self.cleaned_data["day"]


class VacationForm(forms.ModelForm):
    """A vacation: a whole year of it would leave no day on which an answer is due."""

    class Meta:
        model = Vacation
        fields = ["school", "first_day", "last_day"]

    def clean_first_day(self) -> datetime.date:
        check_year(self.cleaned_data["first_day"])
        return self.cleaned_data["first_day"]

    def clean_last_day(self) -> datetime.date:
        last, first = self.cleaned_data["last_day"], self.cleaned_data.get("first_day")
        check_year(last)
        if first is not None and last - first > LONGEST_VACATION:
            raise ValidationError(_("A vacation has 150 days at most."), code="too_long")
        return last


@admin.register(CalendarDay)
class CalendarDayAdmin(DecidesOpeningsAdmin):
    """Days off and working days that the calendar of the country does not know."""

    form = CalendarDayForm
    list_display = ["day", "what", "note", "school"]
    ordering = ["-day", "school"]

    @admin.display(description=pgettext_lazy("of the calendar", "what it is"), ordering="works")
    def what(self, row: CalendarDay) -> str:
        return _("working day") if row.works else _("day off")


@admin.register(Vacation)
class VacationAdmin(DecidesOpeningsAdmin):
    """Vacations of the school. They move deadlines where the regulation lets the box work in the school year only."""

    form = VacationForm
    list_display = ["first_day", "last_day", "school"]
    ordering = ["-first_day", "school"]


def _may_see(request: HttpRequest, school: School) -> bool:
    """Who keeps the settings, and who works by the deadlines that come of them."""
    return any(
        request.user.has_perm(permission, school)
        for permission in ("schools.view_calendarday", "journal.view_entry")
    )


def _year(request: HttpRequest, school: School) -> int:
    typed = request.GET.get("year", "")
    if not typed.isdecimal() or len(typed) != 4:
        return school.today().year
    return min(max(int(typed), FIRST_YEAR), LAST_YEAR)


@require_GET
def year_page(request: HttpRequest, slug: str) -> HttpResponse:
    """A year as the portal counts it, to lay beside the official list."""
    school = get_object_or_404(School, slug=slug)
    if not _may_see(request, school):
        raise Http404
    regulation = regulations_in_force([school]).get(school.pk)
    calendar = calendar_of(school, regulation)
    year = _year(request, school)
    today = school.today()
    context = {
        **admin.site.each_context(request),
        "title": _("What the calendar says"),
        "school": school,
        "year": year,
        "before": year - 1 if year > FIRST_YEAR else None,
        "after": year + 1 if year < LAST_YEAR else None,
        "calendar": calendar,
        "months": months_of(calendar, school, year),
        "changes": request.user.has_perm("schools.change_calendarday", school),
        "deadlines": _deadlines(regulation, calendar, today),
        "today": formats.date_format(today, "DATE_FORMAT"),
    }
    request.current_app = admin.site.name
    return TemplateResponse(request, "schools/year.html", context)


def _deadlines(regulation: Any, calendar: Any, today: datetime.date) -> list[dict[str, Any]]:
    """What the regulation's periods come to for a letter taken out today."""
    if regulation is None:
        return []
    lines = [
        (_("the reply"), regulation.reply_days),
        (_("sending it on, if it is for another body"), regulation.forward_days),
    ]
    return [
        {
            "what": what,
            "days": days,
            "due": formats.date_format(calendar.add(today, days), "DATE_FORMAT"),
        }
        for what, days in lines
        if days
    ]
