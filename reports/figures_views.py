"""The page of figures of a school, and the same as a spreadsheet.

Whoever holds the school's key sees numbers as they are, without what is withheld from them; everybody else who may come
in (a colleague without the key, an analyst of the region, the operator) sees whole months with small numbers covered.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from journal.admin.pages import staff_page
from journal.exporting.formats import FORMATS
from reports.figures.among import seen_by
from reports.figures.by_month import covered_by_month, letters_by_month
from reports.figures.covering import Covered
from reports.figures.for_outsiders import CoveredFigures, covered_figures_of
from reports.figures.of_school import Figures, figures_of
from reports.figures.periods import Period
from reports.showing.causes import CAUSE_HEADS, NOTE, cause_cells
from reports.showing.choosing import PeriodForm, name_in_address, period_name
from reports.showing.sections import in_short, nothing_of, sections_of
from reports.showing.sent_on import BODY_HEADS, body_cells
from reports.showing.spreadsheet import spreadsheet
from schools.models import School, User
from schools.selectors import key_in_use, schools_for

READS, WATCHES = "journal.view_entry", "schools.watch_region"


def schools_with_figures(user: User) -> QuerySet[School]:
    """Schools whose figures this person may see, covered at least."""
    return (schools_for(user, READS) | schools_for(user, WATCHES)).distinct()


def sees_numbers(request: HttpRequest, school: School) -> bool:
    """Whether they are shown as they are: the person reads letters of the school and holds its key now."""
    key = key_in_use(school)
    return (
        request.user.has_perm(READS, school)
        and key is not None
        and request.keyring.opens_school_key(key.pk)
    )


@dataclass(frozen=True)
class _Seen:
    """The figures as one person sees them."""

    figures: Figures | CoveredFigures
    months: Mapping[datetime.date, int | Covered]


def _seen(school: School, period: Period, user: User | None) -> _Seen:
    """As they are for ``user``; covered where there is none."""
    if user is None:
        covered = covered_figures_of(school, period.first, period.last)
        return _Seen(covered, covered_by_month(school, period, period.year_ago()))
    among = seen_by(user)
    return _Seen(
        figures_of(school, period.first, period.last, among=among),
        letters_by_month(school, period, period.year_ago(), among=among),
    )


@require_safe
def figures_list(request: HttpRequest) -> HttpResponse:
    """The schools to choose from, of those who work in some; straight on to the only one."""
    schools = list(schools_for(request.user, READS))
    if not schools:
        raise PermissionDenied
    if len(schools) == 1:
        return HttpResponseRedirect(reverse("admin:figures", args=[schools[0].slug]))
    return staff_page(
        request, "reports/figures_list.html", {"title": _("Figures"), "schools": schools}
    )


@require_safe
def figures(request: HttpRequest, slug: str) -> HttpResponse:
    """The period chosen in the address, with the one before it and the same a year ago."""
    school = get_object_or_404(schools_with_figures(request.user), slug=slug)
    is_true = sees_numbers(request, school)
    form = PeriodForm(request.GET or None, school=school, whole=not is_true)
    period = form.chosen
    seen = _seen(school, period, request.user if is_true else None)
    told = seen.figures
    context = {
        "title": _("Figures"),
        "school": school,
        "form": form,
        "period": period,
        "period_name": period_name(period),
        "chosen": name_in_address(period) if period.is_whole_months else "",
        "neighbours": form.neighbours(),
        "is_true": is_true,
        "is_running": period.last >= school.today(),
        "may_pass_on": is_true and period.is_whole_months and period.last <= form.finished,
        "query": _query(period),
        "short": in_short(told),
        "nothing_of": nothing_of(told),
        "sections": sections_of(told, seen.months),
        "cause_heads": CAUSE_HEADS,
        "cause_note": NOTE,
        "causes": [(one[:3], one[3:]) for one in map(cause_cells, told.causes)] if is_true else [],
        "body_heads": BODY_HEADS,
        "bodies": [(one[:1], one[1:]) for one in map(body_cells, told.now.sent_to)]
        if is_true
        else [],
    }
    return staff_page(request, "reports/figures.html", context, status=400 if form.errors else 200)


def _query(period: Period) -> str:
    if period.is_whole_months:
        return f"period={name_in_address(period)}"
    return f"since={period.first.isoformat()}&until={period.last.isoformat()}"


@require_safe
def figures_file(request: HttpRequest, slug: str) -> HttpResponse:
    """The same as an XLSX; with ``?covered`` as outsiders see it, for whoever passes it on."""
    school = get_object_or_404(schools_with_figures(request.user), slug=slug)
    is_true = sees_numbers(request, school) and "covered" not in request.GET
    form = PeriodForm(request.GET, school=school, whole=not is_true)
    if not form.is_valid():
        return HttpResponseRedirect(reverse("admin:figures", args=[slug]))
    period = form.chosen
    seen = _seen(school, period, request.user if is_true else None)
    sections = (in_short(seen.figures), *sections_of(seen.figures, seen.months))
    _write, media_type = FORMATS["xlsx"]
    response = HttpResponse(spreadsheet(seen.figures, sections), content_type=media_type)
    days = f"{period.first.isoformat()}-{period.last.isoformat()}"
    name = f"figures-{school.slug}-{days}{'' if is_true else '-covered'}.xlsx"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    patch_cache_control(response, no_store=True, private=True)
    return response
