"""Letters of each month: as they are for who reads them, covered for outsiders."""

import datetime
from collections.abc import Mapping

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth

from journal.models import Entry
from reports.figures.among import EVERYTHING, Among
from reports.figures.covering import Covered, cover
from reports.figures.periods import Period
from schools.models import School

Months = Mapping[datetime.date, int]
CoveredMonths = Mapping[datetime.date, Covered]


def letters_by_month(school: School, *periods: Period, among: Among) -> dict[datetime.date, int]:
    """By the first day of each month that a period touches: letters taken out on its days. One query."""
    days = Q(pk__in=[])
    for period in periods:
        days |= Q(taken_on__gte=period.first, taken_on__lte=period.last)
    found = dict(
        Entry.objects.filter(days, among.rows(), school=school)
        .order_by()
        .values(month=TruncMonth("taken_on"))
        .annotate(number=Count("pk"))
        .values_list("month", "number")
    )
    return {month: found.get(month, 0) for period in periods for month in period.each_month()}


def covered_by_month(school: School, *periods: Period) -> dict[datetime.date, Covered]:
    """The same for outsiders, of whole months: each as it is when it is chosen alone."""
    found = letters_by_month(school, *periods, among=EVERYTHING)
    return {month: cover(number) for month, number in found.items()}
