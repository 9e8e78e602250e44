"""The region's page: its schools in one table, charts of all of them, and what is printed of it."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from journal.admin.pages import day_of, staff_page
from reports.figures.of_schools import Column, Only, SchoolRow, SchoolsPage, of_schools
from reports.region import pictures
from reports.region.asked import NOWHERE, Asked, asked_of, schools_asked
from reports.region.overview import Line, letters_by_month, overview_of
from reports.region.rows import Shown, columns, how_it_is_covered
from schools.languages import language_choices
from schools.models import School
from schools.regions import WATCH, in_order, unreachable

MOST_BARS = 40  # parts of a region beside each other


@require_GET
def region(request: HttpRequest) -> HttpResponse:
    """Schools of what the person watches: sorted, narrowed, page by page."""
    asked = question(request)
    schools = schools_asked(asked, request.user)
    page = of_schools(
        schools,
        asked.span.period.first,
        asked.span.period.last,
        by=asked.by,
        descending=asked.descending,
        only=asked.only,
        page=asked.page,
    )
    shown = columns()
    names = {region.pk: str(region) for region in asked.regions}
    context = {
        "title": title_of(asked),
        "asked": asked,
        "form": _form(asked, shown),
        "period": span_in_words(asked),
        "unreachable": unreachable(asked.watched),
        "may_name": request.user.has_perm("schools.change_region"),
        "heads": list(_heads(asked, shown)),
        "rows": [_row(row, shown, names, asked.span.key) for row in page.rows],
        "found": page.together.schools,
        "pages": _pages(asked, page),
        "charts": charts_of(asked, schools, page) if page.together.schools else [],
        "explained": how_it_is_covered(),
        "query": asked.address(),
        "languages": language_choices(),
        "language": request.LANGUAGE_CODE,
    }
    return staff_page(request, "reports/region/page.html", context)


def question(request: HttpRequest) -> Asked:
    """What is asked by the address. Raises PermissionDenied for whoever watches no region."""
    if not request.user.has_perm(WATCH):
        raise PermissionDenied
    return asked_of(request.GET, user=request.user, today=timezone.localdate())


def title_of(asked: Asked) -> str:
    """The region or its part; of several, all of them."""
    if asked.nowhere:
        return _("Schools without a region")
    if asked.part is not None:
        return str(asked.part)
    return str(asked.watched[0].region) if len(asked.watched) == 1 else _("All regions")


def span_in_words(asked: Asked) -> str:
    """From which day to which is counted."""
    period = asked.span.period
    return pgettext("days of a period", "%(first)s – %(last)s") % {
        "first": day_of(period.first),
        "last": day_of(period.last),
    }


def only_names() -> dict[Only, str]:
    """Which schools can be shown."""
    return {
        Only.ALL: pgettext("which schools to show", "all schools"),
        Only.ALERTS: pgettext("which schools to show", "with a danger alert nobody has answered"),
        Only.OVERDUE: pgettext("which schools to show", "with an overdue reply"),
        Only.OPENING_OWED: pgettext("which schools to show", "where an opening of the box is owed"),
        Only.OPENINGS_MISSED: pgettext("which schools to show", "with openings that were missed"),
        Only.SILENT: pgettext("which schools to show", "without any activity for a month"),
    }


def _form(asked: Asked, shown: list[Shown]) -> dict[str, Any]:
    """For the template: the choices, with what is chosen."""
    return {
        "parts": list(_parts(asked)),
        "part": NOWHERE if asked.nowhere else asked.part.slug if asked.part else "",
        "spans": asked.spans.offered(asked.span),
        "only": list(only_names().items()),
        "orders": list(_names(shown).items()),
    }


def _parts(asked: Asked) -> Iterator[tuple[str, str, bool]]:
    """Address, name, and whether it is a part of the one before."""
    for one in asked.watched:
        yield one.region.slug, str(one.region), False
        for part in one.parts:
            yield part.slug, str(part), True
    if asked.sees_nowhere:
        yield NOWHERE, _("Schools without a region"), False


def _names(shown: list[Shown]) -> dict[Column, str]:
    """What the schools can be sorted by."""
    school = pgettext("column of a region’s schools", "School")
    return {Column.SCHOOL: school, **{one.by: one.head for one in shown}}


def _heads(asked: Asked, shown: list[Shown]) -> Iterator[dict[str, str]]:
    """Heads of the table: a click sorts, another turns it round."""
    for by, name in _names(shown).items():
        here = asked.by == by
        direction = "descending" if asked.descending else "ascending"
        yield {
            "name": name,
            "address": asked.address(by=by, turned=here and not asked.turned),
            "sorted": direction if here else "",
        }


def _row(row: SchoolRow, shown: list[Shown], names: dict[int, str], period: str) -> dict[str, Any]:
    figures = reverse("admin:figures", args=[row.school.slug])
    return {
        "school": row.school,
        "address": f"{figures}?period={period}",
        "part": names.get(row.school.region_id, ""),
        "cells": [
            {
                "head": one.head,
                "words": one.words(row),
                "more": one.more(row) if one.more else "",
                "alarms": bool(one.alarms and one.alarms(row)),
            }
            for one in shown
        ],
    }


def _pages(asked: Asked, page: SchoolsPage) -> dict[str, Any]:
    """Where the neighbours of this page are."""
    before, after = page.number - 1, page.number + 1
    return {
        "number": page.number,
        "count": page.pages,
        "before": asked.address(page=before) if before else "",
        "after": asked.address(page=after) if after <= page.pages else "",
    }


def charts_of(
    asked: Asked,
    schools: QuerySet[School],
    page: SchoolsPage,
    *,
    width: float = pictures.ON_A_PAGE,
) -> list[pictures.Chart]:
    """Charts of all schools of the part, whichever the table shows: one query."""
    overview = overview_of(page)
    found = [
        pictures.attention(overview.whole, width=width),
        pictures.answering(overview, width=width),
    ]
    lines: dict[str, Line] = {}
    for region, line in overview.by_region.items():
        group = asked.grouped_by(region)
        label = str(group) if group else _("Schools without a region")
        lines[label] = lines.get(label, Line()) + line
    if 1 < len(lines) <= MOST_BARS:
        found.append(
            pictures.by_part(sorted(lines.items(), key=lambda row: in_order(row[0])), width=width)
        )
    if 1 < asked.span.period.months <= pictures.MOST_MONTHS:
        months = letters_by_month(schools, asked.span.period)
        if any(number.high for _month, number in months):
            found.append(pictures.by_month(months, width=width))
    return found
