"""Figures counted again from a history itself, and from lists of working days written out."""

import datetime
from collections import Counter
from collections.abc import Callable
from typing import Any

from reports.figures.counted import Counted, Split
from reports.figures.periods import Period
from reports.figures.spells import Spell
from tests.reports.figures.told import BEGINS, ONE_DAY, History, Told, history_friday

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


def stage_of(told: Told) -> str:
    """Which line of the school's stages a letter belongs to."""
    if told.level is None:
        return ""
    if told.level <= 4:
        return "1"
    return "5" if told.level <= 9 else "10"


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
        "by_stage": by(taken, stage_of),
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
        "by_source", "by_category", "by_audience", "by_class_level", "by_stage", "by_signature", "by_danger",
        "by_repeat", "states", "set_aside", "answered", "findings", "by_cause",
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
