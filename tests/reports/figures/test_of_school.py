"""Figures of a school, counted again from the history itself and from lists of working days written out."""

import datetime

import pytest
import time_machine
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from journal.models import Entry
from journal.services import reviewing
from reports.figures.among import COMMON, seen_by
from reports.figures.of_school import figures_of
from reports.figures.periods import Period
from schools.models import Body, Cause
from tests import factories
from tests.reports.figures.histories import LISTS, begin, happen, undone
from tests.reports.figures.recounts import as_counts, as_told, causes, recounted, sent_to
from tests.reports.figures.told import BEGINS, ONE_DAY, History

pytestmark = pytest.mark.django_db


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


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    # A history is long to make: the first that fails is shown as it is.
    phases=[Phase.generate],
)
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
            # The halves of a school year: what was before autumn is spring, and not the summer.
            (
                "2026-09-01",
                "2026-12-31",
                ("2026-01-01", "2026-06-30"),
                ("2025-09-01", "2025-12-31"),
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

    @pytest.mark.parametrize(
        ("first", "last", "after"),
        [
            ("2026-11-01", "2026-11-30", ("2026-12-01", "2026-12-31")),
            ("2026-09-01", "2026-12-31", ("2027-01-01", "2027-06-30")),
            ("2026-01-01", "2026-06-30", ("2026-07-01", "2026-12-31")),
            ("2025-09-01", "2026-08-31", ("2026-09-01", "2027-08-31")),
        ],
    )
    def test_what_comes_next(self, first: str, last: str, after: tuple[str, str]) -> None:
        day = datetime.date.fromisoformat
        assert Period(day(first), day(last)).next() == Period(*map(day, after))

    def test_none_runs_backwards(self) -> None:
        with pytest.raises(ValueError, match="backwards"):
            Period(datetime.date(2026, 3, 2), datetime.date(2026, 3, 1))
