"""Preparing reports: by themselves on the day that the rules set, or when somebody asks for one that is missing.

What is prepared is frozen and stands in the trail by its digest; those who read reports are told by e-mail that there
is one, and nothing of what it says.
"""

import datetime
import logging
import time
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, Min, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from journal.models import Book, Entry, Trail
from journal.services.trail import append, lock_book
from reports.analysis.freezing import freeze_report
from reports.analysis.spans import ended_since, ended_with
from reports.figures.periods import Period, month_of, months_later
from reports.models import PeriodReport
from schools.errors import Conflict
from schools.models import Mail, Regulation, School, SchoolKey, User
from schools.selectors import people_allowed, regulation_of
from schools.services.posting import post

log = logging.getLogger(__name__)

READS = "reports.view_periodreport"
PREPARES = "reports.add_periodreport"
# For how long one round prepares; the rest is for the next.
SECONDS = 10.0
# How far back somebody can ask for a report.
MONTHS_BACK = 24


def prepare_due(now: datetime.datetime) -> int:
    """The reports of the month that is over, in each school whose day and hour have come. Returns how many.

    Safe to repeat and with two at once; a school that fails leaves the others alone until the next round.
    """
    until = time.monotonic() + SECONDS
    count = 0
    for school, month in _schools_due(now):
        if time.monotonic() > until:
            break
        try:
            count += _prepare_month(school, month)
        except Exception:
            log.exception("A report was not prepared; the next round tries again.")
    return count


def _schools_due(now: datetime.datetime) -> list[tuple[School, datetime.date]]:
    """Schools without their report on the month that is over, and that month's first day: one query for each zone."""
    found: list[tuple[School, datetime.date]] = []
    zones = School.objects.order_by("time_zone").values_list("time_zone", flat=True).distinct()
    for zone in list(zones):
        there = now.astimezone(ZoneInfo(zone))
        month = months_later(month_of(there.date()), -1)
        found += [(school, month) for school in _due_in(zone, there, month)]
    return found


def _due_in(zone: str, there: datetime.datetime, month: datetime.date) -> QuerySet[School]:
    today = there.date()
    rules = Regulation.objects.filter(school=OuterRef("pk"), holds_from__lte=today)
    reports = PeriodReport.objects.filter(
        school=OuterRef("pk"), kind=PeriodReport.Kind.MONTH, first=month
    )
    begun = datetime.datetime.combine(today.replace(day=1), datetime.time(), there.tzinfo)
    keys = SchoolKey.objects.filter(school=OuterRef("pk"), made_at__lt=begun)
    day = Subquery(rules.order_by("-holds_from").values("report_day")[:1])
    return (
        School.objects.annotate(report_day=day)
        .filter(
            Exists(keys),
            ~Exists(reports),
            left_on=None,
            time_zone=zone,
            digest_at__lte=there.time(),
            report_day__lte=today.day,
        )
        .order_by("pk")
    )


@transaction.atomic
def _prepare_month(school: School, month: datetime.date) -> int:
    """All that ended with a month, and one e-mail to each who reads reports."""
    year = regulation_of(school, month).cover_year
    # Locked here: two workers prepare one after the other, and the second finds nothing to do.
    book = lock_book(school)
    made = [
        report
        for kind, period in ended_with(month, year)
        if (report := _prepared(book, kind, period, by=None)) is not None
    ]
    if made:
        for person in people_allowed(school, READS).order_by("pk"):
            post(
                person=person,
                school=school,
                kind=Mail.Kind.REPORT,
                occasion=f"report:{school.pk}:{month:%Y-%m}:{person.pk}",
            )
    return len(made)


def _prepared(book: Book, kind: str, period: Period, *, by: User | None) -> PeriodReport | None:
    """The report, made now and written into the trail; None when it is there already. ``book`` is locked."""
    school = book.school
    if PeriodReport.objects.filter(school=school, kind=kind, first=period.first).exists():
        return None
    report = PeriodReport.objects.create(
        school=school,
        kind=kind,
        first=period.first,
        last=period.last,
        prepared_on=school.today(),
        prepared_by=by,
        frozen=freeze_report(school, kind, period),
    )
    append(
        book=book,
        step=Trail.Step.DOCUMENT_ISSUED,
        by=by,
        facts={"what": report.name, "content": report.digest()},
    )
    return report


def missing_reports(school: School) -> list[tuple[str, Period]]:
    """What ended while the school kept its book and has no report yet, the newest first."""
    began = _began(school)
    if began is None:
        return []
    today = school.today()
    since = max(months_later(month_of(today), -MONTHS_BACK), month_of(began))
    year = regulation_of(school).cover_year
    there = set(
        PeriodReport.objects.filter(school=school, last__gte=since).values_list("kind", "first")
    )
    return [
        (kind, period)
        for kind, period in ended_since(since, today, year)
        if (kind, period.first) not in there
    ]


def _began(school: School) -> datetime.date | None:
    """The day of the first key, or of the first letter where a book was taken over from before; None without a key."""
    made = SchoolKey.objects.filter(school=school).aggregate(at=Min("made_at"))["at"]
    if made is None:
        return None
    key = made.astimezone(school.zone).date()
    letter = Entry.objects.filter(school=school).aggregate(day=Min("taken_on"))["day"]
    return min(key, letter or key)


@transaction.atomic
def prepare_report(*, school: School, kind: str, first: datetime.date, by: User) -> PeriodReport:
    """One that is missing, because somebody asks for it. Raises Conflict when it is not (any more)."""
    book = lock_book(school)
    for missing, period in missing_reports(school):
        if (missing, period.first) == (kind, first):
            return _prepared(book, kind, period, by=by)
    raise Conflict(_("This report is there already, or its time is not over yet."))
