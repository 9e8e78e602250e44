"""A region's schools: each row counted again by hand, covered, sorted by what is shown, in fixed queries."""

import datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from journal.models import Alert, Entry, Opening, Standing, Tally
from reports.figures.covering import Covered, cover, cover_months, tens
from reports.figures.of_schools import Column, Only, SchoolRow, SchoolsPage, of_schools
from schools.models import School
from tests import factories
from tests.reports.figures.histories import LISTS, begin, happen, undone
from tests.reports.figures.told import BEGINS, history_friday

pytestmark = pytest.mark.django_db

# The tenth of January 2027, in Almaty and in Bishkek.
NOW = datetime.datetime(2027, 1, 10, 6, tzinfo=datetime.UTC)
FIRST, LAST = datetime.date(2026, 1, 1), datetime.date(2026, 12, 31)
MONTHS = [datetime.date(2026, month, 1) for month in range(1, 13)]


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


def asked(schools: Any = None, first=FIRST, last=LAST, **how: Any) -> SchoolsPage:
    schools = School.objects.all() if schools is None else schools
    return of_schools(schools, first, last, **how)


def with_counts(slug: str, letters: list[int], country: str = "KZ", **kinds: int) -> School:
    """A school with so many letters each month of 2026 from January on, and other counts in its March."""
    school = factories.make_school(slug, country=country)
    rows = [
        Tally(school=school, month=month, kind="letters", number=number)
        for month, number in zip(MONTHS, letters, strict=False)
    ]
    rows += [
        Tally(school=school, month=MONTHS[2], kind=kind, number=number)
        for kind, number in kinds.items()
    ]
    Tally.objects.bulk_create(rows)
    return school


NUMBERS = st.one_of(st.integers(0, 6), st.integers(0, 30))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(
    years=st.lists(st.lists(NUMBERS, min_size=12, max_size=12), min_size=1, max_size=4),
    first=st.integers(0, 11),
    count=st.integers(1, 12),
)
def test_the_database_covers_letters_as_the_rules_say(years, first, count) -> None:
    with undone():
        for place, numbers in enumerate(years):
            with_counts(f"s{place}", numbers)
        span = MONTHS[first : first + count]
        page = asked(first=span[0], last=span[-1])
        expected = [
            cover_months({month: numbers[month.month - 1] for month in span}) for numbers in years
        ]
        assert [row.letters for row in page.rows] == expected
        assert page.together.letters == sum(expected, Covered())
        # Sorted by what is shown: the order of two schools says nothing that their rows do not say.
        ordered = asked(first=span[0], last=span[-1], by=Column.LETTERS)
        shown = [(row.letters.low + row.letters.high, row.school.slug) for row in ordered.rows]
        assert shown == sorted(shown)


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    phases=[Phase.generate],
)
@given(steps=LISTS, others=LISTS)
def test_rows_are_those_of_a_recount(steps, others) -> None:
    with undone():
        histories = [happen(begin(), one) for one in (steps, others)]
        page = asked(by=Column.SCHOOL)
        rows = {row.school.pk: row for row in page.rows}
        for history in histories:
            row = rows[history.school.pk]
            registered = [told for told in history.letters if told.entry]
            months = dict.fromkeys(MONTHS, 0)
            for told in registered:
                if told.taken_on <= LAST:
                    months[told.taken_on.replace(day=1)] += 1
            assert row.letters == cover_months(months)
            held = [day for day, _missed in history.openings if day <= LAST]
            missed = [
                day
                for opened, between in history.openings
                for day in between
                if (opened - day).days < 120 and day <= LAST
            ]
            assert (row.openings_held, row.openings_missed) == (len(held), len(missed))
            answered = [
                told for told in registered if told.answered_on and told.answered_on <= LAST
            ]
            in_time = sum(told.answered_on <= told.due_on for told in answered)
            assert row.answered_on_time == tens(in_time, len(answered))
            today = datetime.date(2027, 1, 10)
            overdue = sum(
                told.state in ("registered", "in_review") and told.due_on < today
                for told in registered
            )
            assert row.overdue == cover(overdue)
            waiting = Alert.objects.filter(school=history.school, answered_at=None).count()
            assert row.alerts == cover(waiting)
            assert row.last_activity == history.last_step_on
            day = (history.openings[-1][0] if history.openings else BEGINS) + datetime.timedelta(1)
            while not history_friday(day):
                day += datetime.timedelta(1)
            assert row.opening_owed == (day if day < today else None)
        assert page.together.openings_held == sum(row.openings_held for row in page.rows)
        assert page.together.with_overdue == sum(row.overdue.high > 0 for row in page.rows)


def slugs(page: SchoolsPage) -> list[str]:
    return [row.school.slug for row in page.rows]


class TestRows:
    def test_shares_and_nothing_where_there_is_nothing(self) -> None:
        with_counts(
            "a", [], openings_held=3, openings_missed=1, answered_in_time=17, answered_late=3
        )
        with_counts("b", [], openings_held=1, answered_in_time=3, answered_late=1)
        with_counts("c", [])
        a, b, c = asked().rows
        assert (a.openings_on_time, a.answered_on_time) == (75, 90)
        assert (b.openings_on_time, b.answered_on_time) == (100, None)
        assert (c.openings_on_time, c.answered_on_time, c.letters) == (None, None, Covered(0, 0))
        assert (c.last_activity, c.opening_owed) == (None, None)

    def test_months_that_are_not_over_are_left_out(self) -> None:
        school = with_counts("a", [0] * 11 + [9])
        Tally.objects.create(
            school=school, month=datetime.date(2027, 1, 1), kind="letters", number=50
        )
        Tally.objects.create(
            school=school, month=datetime.date(2027, 1, 1), kind="openings_held", number=5
        )
        page = asked(last=datetime.date(2027, 12, 31))
        (row,) = page.rows
        assert (row.letters, row.openings_held) == (Covered(9, 9), 0)
        assert page.period.last == LAST
        with pytest.raises(ValueError, match="backwards"):
            asked(first=datetime.date(2027, 1, 1), last=datetime.date(2027, 1, 31))

    def test_over_two_years(self) -> None:
        school = with_counts("a", [0] * 8 + [2, 3, 1, 1])
        rows = [(2027, 1, 2), (2027, 2, 2), (2027, 3, 3)]
        for year, month, number in rows:
            Tally.objects.create(
                school=school, month=datetime.date(year, month, 1), kind="letters", number=number
            )
        with time_machine.travel(datetime.datetime(2027, 9, 1, 6, tzinfo=datetime.UTC), tick=False):
            (row,) = asked(first=datetime.date(2026, 9, 1), last=datetime.date(2027, 8, 31)).rows
            assert row.letters == Covered(14, 14)
            (row,) = asked(first=datetime.date(2026, 10, 1), last=datetime.date(2027, 6, 30)).rows
            assert row.letters == Covered(3 + 7, 12 + 7)

    def test_only_schools_that_were_asked_for(self) -> None:
        with_counts("a", [7])
        with_counts("b", [9])
        page = asked(School.objects.filter(slug="b"))
        assert (slugs(page), page.together.schools, page.together.letters.exact) == (["b"], 1, 9)
        nobody = asked(School.objects.none())
        assert (nobody.rows, nobody.together.schools, nobody.pages) == ((), 0, 1)

    def test_overdue_by_each_schools_own_clock(self) -> None:
        """Half an hour after midnight in Bishkek it is half an hour before midnight in Almaty."""
        for slug, country in (("kz", "KZ"), ("kg", "KG")):
            school = factories.make_school(slug, country=country, reply_days=5)
            person = factories.make_person(school, "psychologist", with_key=True)
            entry = factories.registered_entry(school, by=person)
            Entry.objects.filter(pk=entry.pk).update(due_on=datetime.date(2027, 1, 20))
            Standing.objects.filter(school=school).update(opening_due_on=datetime.date(2027, 1, 20))
        with time_machine.travel(
            datetime.datetime(2027, 1, 20, 18, 30, tzinfo=datetime.UTC), tick=False
        ):
            kg, kz = asked().rows
        assert (kg.overdue, kz.overdue) == (Covered(1, 4), Covered(0, 0))
        assert (kg.opening_owed, kz.opening_owed) == (datetime.date(2027, 1, 20), None)

    def test_alerts_that_nobody_answered(self) -> None:
        school = factories.make_school("a")
        person = factories.make_person(school, "psychologist", with_key=True)
        for _letter in range(6):
            factories.send_letter(school, danger=True)
        (row,) = asked().rows
        assert row.alerts == Covered(6, 6)
        from journal.services import alerting

        for alert in Alert.objects.all()[:4]:
            alerting.answer(alert=alert, by=person.fresh())
        (row,) = asked().rows
        assert row.alerts == Covered(1, 4)
        assert asked().together.alerts == Covered(1, 4)


class TestSortingAndPaging:
    @pytest.fixture
    def five(self) -> None:
        today = datetime.date(2027, 1, 10)
        for place, (slug, letters, held, missed, in_time, late, last) in enumerate(
            [
                ("a", [2, 2, 0], 4, 0, 9, 1, 1),
                ("b", [9, 1, 3], 2, 2, 1, 0, 40),
                ("c", [0, 0, 0], 0, 0, 0, 0, None),
                ("d", [30, 0, 0], 1, 3, 5, 5, 10),
                ("e", [4, 3, 0], 0, 2, 0, 7, 31),
            ]
        ):
            school = with_counts(
                slug, letters, openings_held=held, openings_missed=missed,
                answered_in_time=in_time, answered_late=late,
            )  # fmt: skip
            Standing.objects.create(
                school=school,
                last_step_on=today - datetime.timedelta(last) if last is not None else None,
                opening_due_on=today - datetime.timedelta(place - 1),
            )

    @pytest.mark.parametrize(
        ("by", "ascending", "descending"),
        [
            (Column.SCHOOL, "abcde", "edcba"),
            # Of «from one to four» each: what the true numbers are shows in no order.
            (Column.LETTERS, "caebd", "dbaec"),
            (Column.OPENINGS_ON_TIME, "edbac", "abdec"),
            (Column.ANSWERED_ON_TIME, "edabc", "adebc"),
            (Column.LAST_ACTIVITY, "bedac", "adebc"),
        ],
    )
    def test_by_each_column(self, five, by: Column, ascending: str, descending: str) -> None:
        span = {"first": FIRST, "last": datetime.date(2026, 3, 31)}
        assert "".join(slugs(asked(by=by, **span))) == ascending
        assert "".join(slugs(asked(by=by, descending=True, **span))) == descending

    @pytest.mark.parametrize(
        ("only", "left"),
        [
            (Only.ALL, "abcde"),
            (Only.OPENING_OWED, "cde"),
            (Only.OPENINGS_MISSED, "bde"),
            (Only.SILENT, "bce"),
            (Only.OVERDUE, ""),
            (Only.ALERTS, ""),
        ],
    )
    def test_only_some(self, five, only: Only, left: str) -> None:
        page = asked(only=only)
        assert "".join(slugs(page)) == left
        assert page.together.schools == len(left)

    def test_pages(self, five) -> None:
        seen = []
        for number in (1, 2, 3):
            page = asked(page=number, size=2)
            assert (page.number, page.pages, page.together.schools) == (number, 3, 5)
            seen += slugs(page)
        assert "".join(seen) == "abcde"
        assert asked(page=99, size=2).number == 3
        assert asked(page=-4, size=2).number == 1


def test_as_many_queries_for_one_school_as_for_fifty() -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            asked(by=Column.LETTERS, size=100)
        return len(seen)

    with_counts("first", [9] * 12, openings_held=3)
    once = queries()
    for place in range(50):
        with_counts(f"s{place}", [place % 7] * 12, "KG" if place % 2 else "KZ", openings_held=place)
    assert queries() == once == 3


def test_no_row_has_a_name_a_class_or_a_text() -> None:
    school = factories.make_school("a", reply_days=5)
    person = factories.make_person(school, "psychologist", with_key=True)
    factories.registered_entry(school, by=person, signed=True)
    assert Opening.objects.count() == 1
    with CaptureQueriesContext(connection) as seen:
        (row,) = asked().rows
    assert isinstance(row, SchoolRow)
    sql = " ".join(query["sql"] for query in seen)
    for column in ("content", "class_level", "category", "sealed", "personal_keys", "present"):
        assert column not in sql
