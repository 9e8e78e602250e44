"""Reports for the tests: of a school, and of figures made up by hand."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from journal.models import Trail
from journal.services.trail import append, lock_book
from reports.analysis.freezing import FORMER, PLAIN, SPLITS, freeze_report
from reports.figures.for_outsiders import last_finished
from reports.figures.periods import Period, whole_months
from reports.models import PeriodReport
from schools.models import School

OCTOBER = whole_months(datetime.date(2026, 10, 1), 1)


@transaction.atomic
def make_report(school: School, **changed: Mapping[str, Any]) -> PeriodReport:
    """The report on the month that is over, with its row of the trail; ``changed``: figures by their period."""
    period = whole_months(last_finished(school), 1)
    book = lock_book(school)
    frozen = freeze_report(school, PeriodReport.Kind.MONTH, period)
    for name, figures in changed.items():
        frozen[name] |= figures
        frozen["compared"] = [*FORMER[1:]]
    report = PeriodReport.objects.create(
        school=school,
        kind=PeriodReport.Kind.MONTH,
        first=period.first,
        last=period.last,
        prepared_on=school.today(),
        frozen=frozen,
    )
    facts = {"what": report.name, "content": report.digest()}
    append(book=book, step=Trail.Step.DOCUMENT_ISSUED, by=None, facts=facts)
    return report


def counted(period: Period, **told: Any) -> dict[str, Any]:
    """One period as it is frozen; what is not given is none. Divisions as {key: number or (low, high)}."""
    found: dict[str, Any] = {
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
        "registered": [0, 0],
        "overdue": [0, 0],
        "to_reading": [None, None],
        "to_reply": [None, None],
        "to_closing": [None, None],
        **dict.fromkeys(PLAIN, 0),
        "on_time": None,
        **{name: [] for name in SPLITS},
    }
    for name, value in told.items():
        if isinstance(value, Mapping):
            found[name] = [[key, *_bounds(number)] for key, number in value.items()]
        elif name in ("registered", "overdue"):
            found[name] = _bounds(value)
        else:
            found[name] = value
    return found


def _bounds(number: int | tuple[int, int]) -> list[int]:
    return [number, number] if isinstance(number, int) else list(number)


def frozen(
    *,
    kind: str = "month",
    period: Period = OCTOBER,
    year: str = "calendar",
    compared: tuple[str, ...] = FORMER[1:],
    former: Mapping[str, Any] | None = None,
    year_ago: Mapping[str, Any] | None = None,
    names: Mapping[str, Any] | None = None,
    months: list[list[Any]] | None = None,
    **now: Any,
) -> dict[str, Any]:
    """A frozen report of a school without a name of its own; ``now`` is what happened in its period."""
    return {
        "school": {"en": "School", "ru": "Школа", "kk": "Мектеп", "ky": "Мектеп"},
        "main": "ru",
        "box": {"en": "Box", "ru": "Ящик", "kk": "Жәшік", "ky": "Куту"},
        "director": "",
        "kind": kind,
        "year": year,
        "keepers": [{"role": "psychologist", "name": ""}],
        "months": months or [[period.first.isoformat(), *_bounds(now.get("registered", 0))]],
        "names": {"by_category": {}, "by_cause": {}, "sent_to": {}, **(names or {})},
        "compared": list(compared),
        "now": counted(period, **now),
        "former": counted(period.former(), **(former or {})),
        "year_ago": counted(period.year_ago(), **(year_ago or {})),
    }


def make_full_report(school: School) -> PeriodReport:
    """The same with letters in every line, and charts."""
    period = whole_months(last_finished(school), 1)
    empty = freeze_report(school, PeriodReport.Kind.MONTH, period)
    return make_report(
        school, **{name: _full(empty[name], place) for place, name in enumerate(FORMER)}
    )


def _full(one: Mapping[str, Any], place: int) -> dict[str, Any]:
    lines = {
        split: [
            [key, 5 + place + turn, 5 + place + 2 * turn]
            for turn, (key, *_bounds) in enumerate(one[split])
        ]
        for split in SPLITS
        if one[split]
    }
    registered = [40 + place] * 2
    return {"registered": registered, "overdue": [1, 4], "on_time": 80, "to_reply": [5, 7], **lines}
