"""Everything that outsiders are shown of some schools, put together and attacked.

Letters are the unknowns. Each exact number that any page or paper for outsiders shows is the number of a known set of
them: of a month, a line of a division, a period, a region. Whatever can be had by adding such numbers and taking them
away is in the space that these sets span; no small number may be in it.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterator

import pytest
import time_machine
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from reports.analysis.freezing import SPLITS, freeze_report
from reports.figures import covering, for_outsiders
from reports.figures.counted import stage_key
from reports.figures.covering import cover
from reports.figures.for_outsiders import (
    DIVISIONS,
    CoveredCounted,
    covered_figures_of,
    last_finished,
)
from reports.figures.of_schools import of_schools
from reports.figures.periods import Period, whole_months
from schools.models import Membership, School
from schools.selectors import holds_key
from tests import factories
from tests.reports.figures.histories import begin, happen, undone
from tests.reports.figures.recounts import stage_of
from tests.reports.figures.told import ONE_DAY, History, Told

# Numbers are covered in Python; that both engines count the same is asked in test_of_school and test_of_schools.
pytestmark = [pytest.mark.django_db, pytest.mark.once("sqlite")]

# Calls: each is a letter registered that day. Several days apart, most of one category and class.
CALLS = st.lists(
    st.tuples(
        st.integers(0, 9),
        st.just("call"),
        st.sampled_from([0, 0, 0, 1, 2, 3, 4]),
        st.sampled_from([0, 0, 0, 1, 2, 3, 5]),
        st.just(0),
    ),
    min_size=20,
    max_size=45,
)
KEYS = {
    "by_source": lambda told: told.source,
    "by_category": lambda told: told.category or "",
    "by_audience": lambda told: told.audience,
    "by_stage": stage_of,
    "by_signature": lambda told: "signed" if told.signed else "anonymous",
    "by_danger": lambda told: "danger" if told.danger else "no_danger",
    "by_repeat": lambda told: "repeat" if told.repeats else "first",
    "states": lambda told: told.state,
}
# What is told to nobody outside, and must not be worked out from what is.
HIDDEN = {"by_class_level": lambda told: told.level}
# Far behind the last letter: every month is over.
AFTERWARDS = datetime.datetime(2028, 2, 10, 6, tzinfo=datetime.UTC)


def periods(history: History) -> list[Period]:
    """Every month, quarter, half-year and year, calendar and school, with a letter in it or near."""
    found = []
    month = datetime.date(2026, 1, 1)
    while month <= history.today:
        for count in (1, 3, 6, 12):
            if (month.month - 1) % count == 0 or (count == 12 and month.month == 9):
                found.append(whole_months(month, count))
        month = whole_months(month, 1).last + ONE_DAY
    return found


def sets_shown(
    counted: CoveredCounted, letters: list[Told]
) -> Iterator[tuple[frozenset[int], int]]:
    """The sets of letters (by their place) whose number these figures show exactly, each with the number."""
    inside = [at for at, told in enumerate(letters) if told.taken_on in counted.period]
    if counted.registered.is_exact:
        yield frozenset(inside), counted.registered.low
    for name in DIVISIONS:
        for line in getattr(counted, name).lines:
            if line.number.is_exact:
                chosen = frozenset(at for at in inside if KEYS[name](letters[at]) == line.key)
                yield chosen, line.number.low


class Space:
    """What can be had by adding and taking away: a basis over the numbers modulo a prime (so more, never less)."""

    PRIME = 2_147_483_647

    def __init__(self) -> None:
        self._basis: dict[int, dict[int, int]] = {}

    def _left(self, wanted: frozenset[int]) -> dict[int, int]:
        row = dict.fromkeys(wanted, 1)
        while row:
            place = min(row)
            known = self._basis.get(place)
            if known is None:
                return row
            by = row[place]
            for at, value in known.items():
                left = (row.get(at, 0) - by * value) % self.PRIME
                if left:
                    row[at] = left
                else:
                    row.pop(at, None)
        return row

    def add(self, one: frozenset[int]) -> None:
        row = self._left(one)
        if row:
            place = min(row)
            inverse = pow(row[place], -1, self.PRIME)
            self._basis[place] = {at: value * inverse % self.PRIME for at, value in row.items()}

    def tells(self, wanted: frozenset[int]) -> bool:
        return not self._left(wanted)


def test_the_attack_finds_what_can_be_taken_away() -> None:
    space = Space()
    space.add(frozenset({0, 1, 2, 3}))
    space.add(frozenset({0, 1, 2}))
    assert space.tells(frozenset({3}))
    assert not space.tells(frozenset({2, 3}))
    space.add(frozenset({2, 4}))
    space.add(frozenset({3, 4}))
    assert space.tells(frozenset({2}))


attacks = settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    phases=[Phase.generate],
)


def worked_out(history: History) -> tuple[list[list[int]], int]:
    """The small sets of letters whose number follows from everything shown, and how many small ones there are."""
    letters, space = history.letters, Space()
    with time_machine.travel(AFTERWARDS, tick=False):
        for period in periods(history):
            figures = covered_figures_of(history.school, period.first, period.last)
            assert figures.now.period == period
            for one, number in sets_shown(figures.now, letters):
                assert len(one) == number, "what is shown as exact is true"
                space.add(one)
        (row,) = of_schools(
            School.objects.filter(pk=history.school.pk),
            datetime.date(2026, 1, 1),
            datetime.date(2026, 12, 31),
        ).rows
    year = frozenset(at for at, told in enumerate(letters) if told.taken_on.year == 2026)
    if row.letters.is_exact:
        assert row.letters.low == len(year)
        space.add(year)
    small = {one for one in _groups(history) if 0 < len(one) < 5}
    return [sorted(one) for one in small if space.tells(one)], len(small)


def _groups(history: History) -> Iterator[frozenset[int]]:
    """Every letter, and those of each period and of each line of each division in it."""
    letters = history.letters
    for at in range(len(letters)):
        yield frozenset([at])
    for period in periods(history):
        inside = [at for at, told in enumerate(letters) if told.taken_on in period]
        yield frozenset(inside)
        for key in (KEYS | HIDDEN).values():
            for line in {key(letters[at]) for at in inside}:
                yield frozenset(at for at in inside if key(letters[at]) == line)


@attacks
@given(calls=CALLS)
def test_no_small_number_of_a_school_can_be_worked_out(calls) -> None:
    with undone():
        found, small = worked_out(happen(begin(), calls))
        assert small, "there was something to hide"
        assert found == []


@pytest.mark.parametrize("naive", ["lines", "months"])
def test_the_attack_breaks_what_is_only_covered_where_it_is_small(
    monkeypatch: pytest.MonkeyPatch, naive: str
) -> None:
    """Each rule is needed: without the line covered besides, or with parts that tell every sum, letters are found."""
    # January: nine and two; February: two.
    history = happen(
        begin(),
        [(1, "call", 0, 0, 0)] * 9
        + [(0, "call", 1, 1, 0)] * 2
        + [(25, "call", 1, 1, 0), (0, "call", 1, 1, 0)],
    )
    assert worked_out(history)[0] == []
    if naive == "lines":
        monkeypatch.setattr(
            for_outsiders,
            "cover_lines",
            lambda cells, **_how: {key: cover(number) for key, number in cells.items()},
        )
    else:
        monkeypatch.setattr(covering, "tells_its_sum", lambda _covered: True)
    assert worked_out(history)[0] != []


@attacks
@given(calls=CALLS)
def test_what_is_shown_holds_the_truth(calls) -> None:
    """Every covered number lies between its bounds; sums of months are sums of what the months show."""
    with undone():
        history = happen(begin(), calls)
        with time_machine.travel(AFTERWARDS, tick=False):
            for period in periods(history):
                inside = [told for told in history.letters if told.taken_on in period]
                now = covered_figures_of(history.school, period.first, period.last).now
                assert now.registered.low <= len(inside) <= now.registered.high
                for name in DIVISIONS:
                    for line in getattr(now, name).lines:
                        true = sum(KEYS[name](told) == line.key for told in inside)
                        assert line.number.low <= true <= line.number.high, (name, line)
                by_month = defaultdict(int)
                for month in period.each_month():
                    one = whole_months(month, 1)
                    for line in covered_figures_of(
                        history.school, one.first, one.last
                    ).now.by_category.lines:
                        by_month[line.key] += line.number.high
                assert by_month == {line.key: line.number.high for line in now.by_category.lines}


def test_outsiders_see_whole_months_that_are_over() -> None:
    school = begin().school
    with time_machine.travel(datetime.datetime(2026, 5, 20, 6, tzinfo=datetime.UTC), tick=False):
        assert last_finished(school) == datetime.date(2026, 4, 30)
        covered_figures_of(school, datetime.date(2026, 4, 1), datetime.date(2026, 4, 30))
        for first, last in (
            ("04-01", "04-29"),
            ("04-02", "04-30"),
            ("05-01", "05-31"),
            ("03-15", "04-14"),
        ):
            with pytest.raises(ValueError, match="over"):
                covered_figures_of(
                    school,
                    datetime.date.fromisoformat(f"2026-{first}"),
                    datetime.date.fromisoformat(f"2026-{last}"),
                )


def test_the_same_letters_cover_the_same_line_each_time() -> None:
    history = happen(
        begin(), [(1, "call", 0, 0, 0)] * 9 + [(0, "call", 1, 1, 0)] * 6 + [(0, "call", 0, 2, 0)]
    )
    with time_machine.travel(AFTERWARDS, tick=False):
        first = covered_figures_of(
            history.school, datetime.date(2026, 1, 1), datetime.date(2026, 1, 31)
        )
        again = covered_figures_of(
            history.school, datetime.date(2026, 1, 1), datetime.date(2026, 3, 31)
        )
    for name in DIVISIONS:
        assert getattr(first.now, name) == getattr(again.now, name), name
    covered = [line.key for line in first.now.by_category.lines if not line.number.is_exact]
    assert "requests" in covered
    assert len(covered) == 2


def test_a_letter_closed_to_one_of_its_readers_is_told_by_no_difference() -> None:
    """The school's paper and the region's row name one number of letters, and no line shows which is not divided."""
    school = factories.make_school(reply_days=5)
    factories.make_person(school, "psychologist", with_key=True)
    deputy = factories.make_person(school, "deputy_director", with_key=True)
    with time_machine.travel(datetime.datetime(2026, 11, 16, 6, tzinfo=datetime.UTC), tick=False):
        for _letter in range(6):
            factories.registered_entry(school, by=deputy, category="requests")
        factories.registered_entry(school, by=deputy, category="bullying", about=["psychologist"])
    with time_machine.travel(AFTERWARDS, tick=False):
        now = covered_figures_of(
            school, datetime.date(2026, 11, 1), datetime.date(2026, 11, 30)
        ).now
        (row,) = of_schools(
            School.objects.all(), datetime.date(2026, 11, 1), datetime.date(2026, 11, 30)
        ).rows
    assert now.registered == row.letters
    assert now.registered.exact == 7
    for name in DIVISIONS:
        exact = sum(line.number.exact or 0 for line in getattr(now, name).lines)
        assert 7 - exact == 0 or 7 - exact >= 5, name


def test_years_of_study_are_told_by_stages_alone() -> None:
    """Two years of one stage with many letters each stay one number, of a month, a year and a report."""
    # Six of year 7, seven of year 9, eight of year 2.
    history = happen(
        begin(),
        [
            (0, "call", place, 0, 0)
            for place, letters in ((0, 6), (3, 7), (2, 8))
            for _letter in range(letters)
        ],
    )
    january = whole_months(datetime.date(2026, 1, 1), 1)
    with time_machine.travel(AFTERWARDS, tick=False):
        for period in (january, whole_months(datetime.date(2025, 9, 1), 12)):
            now = covered_figures_of(history.school, period.first, period.last).now
            assert not hasattr(now, "by_class_level")
            told = {line.key: line.number.exact for line in now.by_stage.lines}
            assert told == {"1": 8, "5": 13, "10": 0, "": 0}
        frozen = freeze_report(history.school, "month", january)
    assert "by_class_level" not in frozen["now"]
    assert "by_class_level" not in SPLITS


@pytest.mark.parametrize(
    ("level", "key"),
    [
        (None, ""),
        (0, "1"),
        (1, "1"),
        (4, "1"),
        (5, "5"),
        (9, "5"),
        (10, "10"),
        (12, "10"),
        (13, "10"),
    ],
)
def test_every_year_of_study_lies_in_one_stage(level: int | None, key: str) -> None:
    assert stage_key(level) == key


def test_who_is_no_outsider_holds_the_key_now() -> None:
    school = factories.make_school()
    holder = factories.make_person(school, "psychologist", with_key=True)
    director = factories.make_person(school, "director")
    stranger = factories.make_person(factories.make_school("other"), "psychologist", with_key=True)
    assert holds_key(holder.fresh(), school)
    for person in (director, stranger, factories.make_operator()):
        assert not holds_key(person.fresh(), school)
    factories.give_key(school, to=director)
    assert holds_key(director.fresh(), school)
    Membership.objects.filter(user=holder.user).update(role_id="administrator")
    assert not holds_key(holder.fresh(), school)
