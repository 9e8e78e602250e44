"""Figures of a school, counted again from the history itself and from lists of working days written out."""

import datetime
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journal.models import Entry
from journal.services import reviewing
from reports.figures.among import COMMON, seen_by
from reports.figures.counted import Counted, Split
from reports.figures.of_school import figures_of
from reports.figures.periods import Period
from reports.figures.spells import Spell
from schools.models import Body, Cause
from tests import factories
from tests.reports.figures.histories import (
    BEGINS,
    LISTS,
    ONE_DAY,
    History,
    Told,
    begin,
    happen,
    undone,
)

pytestmark = pytest.mark.django_db

# Weekdays without work in Kazakhstan, January 2026 to December 2027.
FREE = {
    datetime.date(2026, month, day)
    for month, days in {
        1: (1, 2, 7),
        3: (9, 23, 24, 25),
        5: (1, 7, 11, 27),
        7: (6,),
        10: (26,),
        12: (16,),
    }.items()
    for day in days
}


def passed(first: datetime.date, last: datetime.date) -> int:
    """Working days after one day up to another, one by one."""
    days = (first + step * ONE_DAY for step in range(1, (last - first).days + 1))
    return sum(day.weekday() < 5 and day not in FREE for day in days)


def spell(days: list[int]) -> tuple[int, float | None, int | None]:
    """Number, median, and the smallest number of days that nine in ten do not exceed; by trying."""
    if not days:
        return 0, None, None
    ordered = sorted(days)
    half = len(ordered) // 2
    middle = ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
    enough = next(
        one for one in range(10_000) if sum(day <= one for day in days) * 10 >= len(days) * 9
    )
    return len(days), float(middle), enough


def as_counts(split: Split) -> dict[str, int]:
    return {line.key: line.number for line in split.lines if line.number}


def by(letters: list[Told], key: Callable[[Told], Any]) -> dict[str, int]:
    return dict(Counter(str(key(told)) for told in letters))


def recounted(history: History, period: Period) -> dict[str, Any]:
    """The figures of a period by the history, without a look at the database."""
    registered = [told for told in history.letters if told.entry]
    taken = [told for told in registered if period.first <= told.taken_on <= period.last]
    answered = [
        told
        for told in registered
        if told.answered_on and period.first <= told.answered_on <= period.last
    ]
    closed = [
        told
        for told in registered
        if told.closed_on and period.first <= told.closed_on <= period.last
    ]
    aside = [
        told
        for told in history.letters
        if told.state == "set_aside" and period.first <= told.taken_on <= period.last
    ]
    waiting = [
        told
        for told in history.letters
        if told.state == "taken_out" and period.first <= told.taken_on <= period.last
    ]
    end = min(period.last, history.today)
    owed = [
        told
        for told in registered
        if told.taken_on <= end
        and told.due_on
        and (told.due_on <= end if end < history.today else told.due_on < end)
        and not (told.answered_on and told.answered_on <= end)
        and not (told.closed_on and told.closed_on <= end)
    ]
    return {
        "registered": len(taken),
        "by_source": by(taken, lambda told: told.source),
        "by_category": by(taken, lambda told: told.category or ""),
        "by_audience": by(taken, lambda told: told.audience),
        "by_class_level": by(taken, lambda told: "" if told.level is None else told.level),
        "by_signature": by(taken, lambda told: "signed" if told.signed else "anonymous"),
        "by_danger": by(taken, lambda told: "danger" if told.danger else "no_danger"),
        "by_repeat": by(taken, lambda told: "repeat" if told.repeats else "first"),
        "states": by(taken, lambda told: told.state),
        "set_aside": by(aside, lambda told: told.aside),
        "waiting_from_the_site": len(waiting),
        "to_reading": spell(
            [passed(told.arrived_on, told.taken_on) for told in taken if told.arrived_on]
        ),
        "to_reply": spell(
            [passed(told.arrived_on or told.taken_on, told.answered_on) for told in answered]
        ),
        "to_closing": spell(
            [passed(told.arrived_on or told.taken_on, told.closed_on) for told in closed]
        ),
        "answered": by(
            answered, lambda told: "late" if told.answered_on > told.due_on else "in_time"
        ),
        "overdue": len(owed),
        "closed": len(closed),
        "findings": by(closed, lambda told: told.finding),
        "by_cause": by(closed, lambda told: told.cause or ""),
        "meetings": sum(period.first <= day <= period.last for day in history.meetings),
        "openings_held": sum(period.first <= day <= period.last for day, _m in history.openings),
        "openings_missed": sum(period.first <= day <= period.last for day in missed(history)),
    }


def missed(history: History) -> list[datetime.date]:
    """Days on which the box should have been opened, as far as a school looks back."""
    from tests.reports.figures.histories import history_friday

    days = [
        day for opened, between in history.openings for day in between if (opened - day).days < 120
    ]
    since = history.openings[-1][0] if history.openings else BEGINS
    owed = [since + step * ONE_DAY for step in range(1, (history.today - since).days)]
    return days + [day for day in owed if history_friday(day) and (history.today - day).days < 120]


def as_told(counted: Counted) -> dict[str, Any]:
    """The portal's figures in the same shape."""

    def three(one: Spell) -> tuple[int, float | None, int | None]:
        return one.letters, one.median, one.ninetieth

    splits = (
        "by_source", "by_category", "by_audience", "by_class_level", "by_signature", "by_danger", "by_repeat",
        "states", "set_aside", "answered", "findings", "by_cause",
    )  # fmt: skip
    plain = ("registered", "overdue", "closed", "meetings", "openings_held", "openings_missed")
    return {
        **{name: as_counts(getattr(counted, name)) for name in splits},
        **{name: getattr(counted, name) for name in plain},
        **{
            name: three(getattr(counted, name)) for name in ("to_reading", "to_reply", "to_closing")
        },
    }


def sent_to(history: History, period: Period) -> tuple[int, int, int, int, int]:
    sent = [one for one in history.sent if period.first <= one.sent_on <= period.last]
    return (
        len(sent),
        sum(bool(one.answered_on) and one.answered_on <= one.due_on for one in sent),
        sum(bool(one.answered_on) and one.answered_on > one.due_on for one in sent),
        sum(not one.answered_on for one in sent),
        sum(not one.answered_on and one.due_on < history.today for one in sent),
    )


def causes(history: History, period: Period) -> dict[tuple[str, str, int | None], tuple]:
    """The table of causes by the history."""
    registered = [told for told in history.letters if told.entry]
    groups: dict[tuple[str, str, int | None], list[Told]] = {}
    for told in registered:
        if told.closed_on and period.first <= told.closed_on <= period.last:
            groups.setdefault((told.cause or "", told.category or "", told.level), []).append(told)
    table = {}
    for key, letters in groups.items():
        repeats = sum(
            other.repeats is told and other.taken_on > told.closed_on
            for told in letters
            for other in registered
        )
        first = min(told.closed_on for told in letters)
        again = sum(
            (other.cause or "", other.category or "", other.level) == key
            and other.closed_on is not None
            and other.taken_on > first
            for other in registered
        )
        table[key] = (
            len(letters),
            sum(told.answered_on is not None for told in letters),
            sum(told.no_reply for told in letters),
            *(
                sum(told.finding == one for told in letters)
                for one in ("justified", "partly", "not_justified")
            ),
            repeats,
            again if key[0] else None,
        )
    return table


def check(history: History, first: datetime.date, last: datetime.date) -> None:
    with time_machine.travel(history.moment(), tick=False):
        figures = figures_of(history.school, first, last)
    period = Period(first, last)
    for counted, wanted in (
        (figures.now, period),
        (figures.former, period.former()),
        (figures.year_ago, period.year_ago()),
    ):
        assert counted.period == wanted
        expected = recounted(history, wanted)
        untyped = counted.waiting - expected.pop("waiting_from_the_site")
        assert untyped >= 0
        assert as_told(counted) == expected, wanted
        assert tuple(
            sum(getattr(line, name) for line in counted.sent_to)
            for name in ("sent", "answered_in_time", "answered_late", "waiting", "overdue")
        ) == sent_to(history, wanted)
    assert {
        (line.cause, line.category, line.level): (
            line.letters,
            line.answered,
            line.without_reply,
            line.justified,
            line.partly,
            line.not_justified,
            line.repeats,
            line.again,
        )
        for line in figures.causes
    } == causes(history, period)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(
    steps=LISTS, cuts=st.lists(st.tuples(st.integers(-10, 250), st.integers(0, 200)), max_size=4)
)
def test_figures_are_those_of_a_recount(steps, cuts) -> None:
    with undone():
        history = happen(begin(), steps)
        check(history, datetime.date(2026, 1, 1), datetime.date(2026, 12, 31))
        check(history, datetime.date(2026, 2, 1), datetime.date(2026, 2, 28))
        check(history, history.today.replace(day=1), history.today)
        for begins, length in cuts:
            first = BEGINS + begins * ONE_DAY
            check(history, first, first + length * ONE_DAY)


@pytest.fixture
def history() -> History:
    return begin()


def test_the_same_a_year_ago_and_the_former_period_stand_beside(history: History) -> None:
    happen(history, [(4, "call", 0, 0, 0)] * 3)
    history.today = datetime.date(2026, 12, 10)
    happen(history, [(0, "call", 0, 0, 0)] * 2)
    history.today = datetime.date(2027, 1, 20)
    happen(history, [(0, "call", 0, 0, 0)])
    with time_machine.travel(history.moment(), tick=False):
        figures = figures_of(history.school, datetime.date(2027, 1, 1), datetime.date(2027, 1, 31))
    assert (figures.now.registered, figures.former.registered) == (1, 2)
    assert figures.year_ago.registered == 3


def test_nothing_needs_a_key_and_no_text_is_read(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    happen(history, [(1, "write", 0, 0, 0), (1, "open", 0, 0, 0), (0, "register", 0, 0, 0)])

    def refuse(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("Figures open nothing.")

    monkeypatch.setattr("vault.content.decrypt", refuse)
    monkeypatch.setattr("vault.keyring.Keyring.open_for_school", refuse)
    with time_machine.travel(history.moment(), tick=False):
        assert figures_of(history.school, BEGINS, history.today).now.registered == 1


def test_as_many_queries_for_one_letter_as_for_fifty(history: History) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def one_way() -> None:
        happen(
            history,
            [
                (1, "write", 3, 1, 1), (0, "open", 0, 0, 0), (0, "register", 0, 0, 0), (0, "review", 0, 0, 0),
                (0, "forward", 0, 0, 0), (0, "body_answers", 0, 0, 0), (0, "answer_late", 0, 0, 0),
                (0, "close", 0, 0, 1), (0, "write", 3, 1, 1), (0, "open", 0, 0, 0), (0, "set_aside", 0, 0, 0),
                (0, "meet", 0, 0, 0), (0, "call", 3, 1, 1),
            ],
        )  # fmt: skip

    def queries() -> int:
        with (
            time_machine.travel(history.moment(), tick=False),
            CaptureQueriesContext(
                connection,
            ) as seen,
        ):
            figures_of(history.school, datetime.date(2026, 1, 1), datetime.date(2026, 12, 31))
        return len(seen)

    one_way()
    once = queries()
    for _time in range(16):
        one_way()
    assert Entry.objects.filter(school=history.school).count() > 30
    assert queries() == once
    assert once <= 25


def test_what_is_withheld_is_in_no_figure_of_theirs() -> None:
    school = factories.make_school(reply_days=5)
    psychologist = factories.make_person(school, "psychologist", with_key=True)
    deputy = factories.make_person(school, "deputy_director", with_key=True)
    (body,) = [Body.objects.create(school=school, kind="police", names={"en": "Police"})]
    cause = Cause.objects.create(school=school, slug="duty", names={"en": "Duty"})
    about = factories.registered_entry(
        school, by=deputy, about=["psychologist"], category="bullying", danger=True
    )
    factories.forwarded(about, by=deputy, body=body)
    factories.registered_entry(school, by=deputy, category="requests")
    factories.send_letter(school, about=["psychologist"])
    factories.open_box(school, by=deputy)
    done = factories.registered_entry(school, by=deputy, about=["psychologist"])
    done = reviewing.take_into_review(
        entry=done, reviewer=deputy.fresh(), by=deputy.fresh(), keyring=deputy.keyring(), version=1
    )
    reviewing.close_without_reply(
        entry=done,
        outcome="",
        reason="So.",
        finding="justified",
        cause=cause,
        by=deputy.fresh(),
        keyring=deputy.keyring(),
        version=2,
    )
    today = school.today()
    all_of_it = figures_of(school, today, today).now
    assert (all_of_it.registered, all_of_it.danger, all_of_it.closed) == (3, 1, 1)
    assert (len(all_of_it.sent_to), all_of_it.waiting) == (1, 1)
    theirs = figures_of(school, today, today, among=seen_by(psychologist.fresh()))
    shared = figures_of(school, today, today, among=COMMON)
    for figures in (theirs, shared):
        assert (figures.now.registered, figures.now.danger, figures.now.closed) == (1, 0, 0)
        assert as_counts(figures.now.by_category) == {"requests": 1}
        assert (figures.now.sent_to, figures.now.waiting, figures.causes) == ((), 0, ())
    assert figures_of(school, today, today, among=seen_by(deputy.fresh())).now == all_of_it


def test_lines_are_named_in_the_language_that_is_active(history: History) -> None:
    from django.utils.translation import override

    happen(history, [(0, "call", 1, 1, 0)])
    with time_machine.travel(history.moment(), tick=False):
        now = figures_of(history.school, BEGINS, history.today).now
    for language, name in (("ru", "Травля"), ("en", "Bullying"), ("kk", "Қорлау")):
        with override(language):
            assert [str(line.label) for line in now.by_category.lines][0] == name
            assert all(str(line.label) for line in now.by_source.lines)


class TestPeriods:
    def test_whole_months_are_compared_with_whole_months(self) -> None:
        for first, last, former, year_ago in (
            (
                "2026-03-01",
                "2026-03-31",
                ("2026-02-01", "2026-02-28"),
                ("2025-03-01", "2025-03-31"),
            ),
            (
                "2024-02-01",
                "2024-02-29",
                ("2024-01-01", "2024-01-31"),
                ("2023-02-01", "2023-02-28"),
            ),
            (
                "2025-02-01",
                "2025-02-28",
                ("2025-01-01", "2025-01-31"),
                ("2024-02-01", "2024-02-29"),
            ),
            (
                "2026-01-01",
                "2026-12-31",
                ("2025-01-01", "2025-12-31"),
                ("2025-01-01", "2025-12-31"),
            ),
            (
                "2026-01-01",
                "2026-06-30",
                ("2025-07-01", "2025-12-31"),
                ("2025-01-01", "2025-06-30"),
            ),
            (
                "2026-03-05",
                "2026-03-14",
                ("2026-02-23", "2026-03-04"),
                ("2025-03-05", "2025-03-14"),
            ),
            (
                "2024-02-29",
                "2024-02-29",
                ("2024-02-28", "2024-02-28"),
                ("2023-02-28", "2023-02-28"),
            ),
        ):
            day = datetime.date.fromisoformat
            period = Period(day(first), day(last))
            assert period.former() == Period(*map(day, former))
            assert period.year_ago() == Period(*map(day, year_ago))

    def test_none_runs_backwards(self) -> None:
        with pytest.raises(ValueError, match="backwards"):
            Period(datetime.date(2026, 3, 2), datetime.date(2026, 3, 1))
