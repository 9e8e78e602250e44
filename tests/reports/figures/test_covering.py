"""Covered numbers attacked: by taking away, by adding up, and by trying every world that would show the same."""

import datetime
import itertools
from collections.abc import Iterable, Iterator
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.figures.covering import (
    PARTS,
    SMALL,
    Covered,
    cover,
    cover_lines,
    cover_months,
    part_of_year,
    shown,
    tells_its_sum,
    tens,
    total_of,
)

pytestmark = pytest.mark.once("sqlite")

YEAR = 2026
MONTHS = [datetime.date(YEAR, month, 1) for month in range(1, 13)]
NUMBERS = st.one_of(st.integers(0, 6), st.integers(0, 30))
SECRETS = st.binary(min_size=32, max_size=32)


def lines(*numbers: int) -> dict[str, int]:
    return {f"line {place}": number for place, number in enumerate(numbers)}


class TestOneNumber:
    @given(number=st.integers(0, 10_000))
    def test_small_ones_are_covered_and_the_truth_is_between(self, number: int) -> None:
        seen = cover(number)
        assert seen.low <= number <= seen.high
        assert seen.is_exact == (number == 0 or number >= SMALL)
        if not seen.is_exact:
            assert (seen.low, seen.high) == (1, 4)

    @given(part=st.integers(0, 300), more=st.integers(0, 300))
    def test_a_share_in_tens(self, part: int, more: int) -> None:
        whole = part + more
        share = tens(part, whole)
        if whole < SMALL:
            assert share is None
        else:
            assert share % 10 == 0
            assert 0 <= share <= 100
            assert abs(share - 100 * part / whole) <= 5


# What an outsider can derive: by taking away and adding (the row space of what is shown), and by trying all worlds.


def derivable(
    shown_sets: Iterable[frozenset[str]], wanted: frozenset[str], all_keys: list[str]
) -> bool:
    """Whether the number of a set follows from the numbers of other sets by adding and taking away alone."""
    rows = [[Fraction(key in one) for key in all_keys] for one in shown_sets]
    target = [Fraction(key in wanted) for key in all_keys]
    for place in range(len(all_keys)):
        pivot = next((row for row in rows if row[place]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        rows = [_without(row, pivot, place) for row in rows]
        target = _without(target, pivot, place)
    return not any(target)


def _without(row: list[Fraction], pivot: list[Fraction], place: int) -> list[Fraction]:
    by = row[place] / pivot[place]
    return [one - by * other for one, other in zip(row, pivot, strict=True)]


class TestADivision:
    @given(numbers=st.lists(NUMBERS, min_size=1, max_size=9), secret=SECRETS)
    def test_small_lines_are_covered_and_the_truth_is_between(self, numbers, secret) -> None:
        cells = lines(*numbers)
        seen = cover_lines(cells, secret=secret, place="p")
        assert list(seen) == list(cells)
        for key, number in cells.items():
            assert seen[key].low <= number <= seen[key].high
            if 0 < number < SMALL:
                assert not seen[key].is_exact
        # No more than one line that need not be is covered.
        assert sum(number >= SMALL and not seen[key].is_exact for key, number in cells.items()) <= 1

    @given(numbers=st.lists(NUMBERS, min_size=1, max_size=7), secret=SECRETS)
    def test_no_sum_less_the_others_gives_a_small_one(self, numbers, secret) -> None:
        cells = lines(*numbers)
        keys = list(cells)
        seen = cover_lines(cells, secret=secret, place="p")
        known = [frozenset([key]) for key in keys if seen[key].is_exact]
        if sum(numbers) == 0 or sum(numbers) >= SMALL:
            known.append(frozenset(keys))  # the sum of the month is shown
        for size in range(1, len(keys) + 1):
            for chosen in itertools.combinations(keys, size):
                together = sum(cells[key] for key in chosen)
                if 0 < together < SMALL:
                    assert not derivable(known, frozenset(chosen), keys), (cells, chosen)

    @pytest.mark.parametrize("count", [2, 3, 4])
    def test_who_knows_the_rules_and_tries_every_world_is_not_certain_of_any(
        self, count: int
    ) -> None:
        """All worlds with the same sum and the same picture, whatever the secret: each covered line has several."""
        most = 14 if count < 4 else 11
        pictures: dict[tuple, dict[int, set[int]]] = {}
        for numbers in itertools.product(range(most + 1), repeat=count):
            if not SMALL <= sum(numbers) <= most:
                continue
            for picture in pictures_of(numbers):
                values = pictures.setdefault((sum(numbers), picture), {})
                for place, number in enumerate(numbers):
                    values.setdefault(place, set()).add(number)
        attacked = 0
        for (_total, picture), values in pictures.items():
            for place, one in enumerate(picture):
                if one is None:
                    attacked += 1
                    assert len(values[place]) > 1, picture
        assert attacked >= 20

    def test_the_line_covered_besides_is_the_same_each_time_and_hangs_on_the_secret(self) -> None:
        cells = lines(2, 9, 9, 9, 9)
        chosen = set()
        for number in range(60):
            secret = number.to_bytes(32, "big")
            seen = cover_lines(cells, secret=secret, place="p")
            assert seen == cover_lines(cells, secret=secret, place="p")
            chosen |= {key for key, one in seen.items() if not one.is_exact}
        assert chosen == set(cells)
        # It stays when numbers around it move: what was seen before takes nothing away.
        secret = b"k" * 32
        before = cover_lines(cells, secret=secret, place="p")
        after = cover_lines(lines(2, 30, 9, 12, 7), secret=secret, place="p")
        assert [one.is_exact for one in before.values()] == [one.is_exact for one in after.values()]

    def test_of_a_month_with_few_letters_no_line_is_told(self) -> None:
        seen = cover_lines(lines(3, 0, 1), secret=b"k", place="p")
        assert set(seen.values()) == {Covered(0, 4)}
        assert set(cover_lines(lines(0, 0), secret=b"k", place="p").values()) == {shown(0)}
        assert cover_lines(lines(7, 0, 12), secret=b"k", place="p") == {
            "line 0": shown(7),
            "line 1": shown(0),
            "line 2": shown(12),
        }


def pictures_of(numbers: tuple[int, ...]) -> Iterator[tuple[int | None, ...]]:
    """Every picture that some secret makes of a month, by the real function: None where a line is covered."""
    found = set()
    for secret in range(24):
        seen = cover_lines(lines(*numbers), secret=bytes([secret]) * 32, place="p")
        found.add(tuple(one.exact for one in seen.values()))
    yield from found


class TestMonths:
    @given(
        numbers=st.lists(NUMBERS, min_size=12, max_size=12),
        first=st.integers(0, 11),
        count=st.integers(1, 12),
    )
    def test_the_truth_is_between_and_small_months_are_covered(self, numbers, first, count) -> None:
        year = dict(zip(MONTHS, numbers, strict=True))
        chosen = dict(list(year.items())[first : first + count])
        seen = cover_months(chosen)
        assert seen.low <= sum(chosen.values()) <= seen.high
        if len(chosen) == 1:
            assert seen == cover(*chosen.values())

    @settings(max_examples=150, deadline=None)
    @given(numbers=st.lists(NUMBERS, min_size=12, max_size=12))
    def test_no_difference_of_periods_gives_a_small_one(self, numbers) -> None:
        """Every span of months of the year is asked for, and everything exact is added up and taken away."""
        year = dict(zip(MONTHS, numbers, strict=True))
        keys = [month.isoformat() for month in MONTHS]
        known = []
        for first, last in itertools.combinations_with_replacement(range(12), 2):
            span = MONTHS[first : last + 1]
            if cover_months({month: year[month] for month in span}).is_exact:
                known.append(frozenset(month.isoformat() for month in span))
        for first, last in itertools.combinations_with_replacement(range(12), 2):
            span = MONTHS[first : last + 1]
            if 0 < sum(year[month] for month in span) < SMALL:
                wanted = frozenset(month.isoformat() for month in span)
                assert not derivable(known, wanted, keys), (numbers, span)
        for month in MONTHS:
            if 0 < year[month] < SMALL:
                assert not derivable(known, frozenset([month.isoformat()]), keys)

    @pytest.mark.parametrize("count", [2, 3, 4, 5, 6])
    def test_who_knows_the_rules_and_tries_every_world_is_not_certain_of_a_month(
        self, count: int
    ) -> None:
        """Months of one to four letters with the same picture of their part: each could be several numbers."""
        pictures: dict[object, list[set[int]]] = {}
        for numbers in itertools.product(range(1, SMALL), repeat=count):
            picture = sum(numbers) if tells_its_sum(numbers) else None
            values = pictures.setdefault(picture, [set() for _place in range(count)])
            for place, number in enumerate(numbers):
                values[place].add(number)
        assert len(pictures) > 1
        assert all(len(seen) > 1 for values in pictures.values() for seen in values)

    def test_a_single_small_month_is_never_told_by_its_part(self) -> None:
        assert not any(tells_its_sum([number]) for number in range(1, SMALL))
        assert tells_its_sum([])

    def test_a_school_of_few_letters_still_tells_of_its_year(self) -> None:
        year = dict(zip(MONTHS, [3, 2, 4, 3, 2, 1, 0, 0, 3, 2, 4, 1], strict=True))
        assert cover_months(year) == shown(25)
        assert cover_months({month: year[month] for month in MONTHS[:3]}) == Covered(3, 12)

    def test_parts_make_up_the_year_and_every_usual_period(self) -> None:
        assert [month for first, last in PARTS for month in range(first, last + 1)] == list(
            range(1, 13)
        )
        for months in ((1, 6), (7, 12), (1, 12), (9, 12)):
            span = [datetime.date(YEAR, month, 1) for month in range(months[0], months[1] + 1)]
            assert {part_of_year(month) for month in span} == {
                (YEAR, *part) for part in PARTS if months[0] <= part[0] <= part[1] <= months[1]
            }

    @given(
        years=st.lists(st.lists(NUMBERS, min_size=12, max_size=12), min_size=2, max_size=4),
    )
    def test_no_difference_of_regions_gives_a_small_one(self, years) -> None:
        """Regions are sums of what their schools show: whoever takes schools away is left with what a school shows."""
        each = [cover_months(dict(zip(MONTHS, numbers, strict=True))) for numbers in years]
        region, part = total_of(each), total_of(each[1:])
        left = Covered(region.low - part.low, region.high - part.high)
        assert left == each[0]
        assert region.low <= sum(map(sum, years)) <= region.high
        if 0 < sum(years[0]) < SMALL:
            assert not left.is_exact
