"""Which days a school works: the official lists of 2026, the school's own days, vacations."""

import datetime
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from schools.holiday_names import name_of
from schools.models import CalendarDay, Regulation, School, Vacation
from schools.public_holidays import country_year
from schools.working_days import Calendar, calendar_of, calendars_of
from tests.factories import day, make_school

# Weekdays off and weekend days worked in 2026, by the countries' own lists.
# Kazakhstan: egov.kz, «Праздничные дни 2026»; 30 August is no holiday any more by the Constitution of 15 March 2026
# (law on holidays as amended, adilet.zan.kz, Z010000267_), so Monday 31 August is worked.
# Kyrgyzstan: Labour Code of 23 January 2025, the Ministry of Labour's calendar for 2026, and the Cabinet's decision
# on 8 and 9 January. 23 February, 7 April, 7 and 8 November are worked; nothing is moved from a weekend.
KZ_OFF = """01-01 01-02 01-07 03-09 03-23 03-24 03-25 05-01 05-07 05-11 05-27 07-06 10-26 12-16"""
KZ_OFF_SIX = (
    """01-01 01-02 01-07 03-09 03-21 03-23 03-24 05-01 05-07 05-09 05-27 07-06 10-26 12-16"""
)
KG_OFF = """01-01 01-02 01-05 01-06 01-07 01-08 01-09 03-20 05-01 05-04 05-05 05-06 05-07 05-08
05-27 08-31"""
KG_WORKED = "02-07 04-25"
KG_OFF_SIX = """01-01 01-02 01-03 01-05 01-06 01-07 03-20 03-21 05-01 05-02 05-04 05-05 05-06 05-07 05-08
05-09 05-27 08-31"""


def days_of_2026() -> list[datetime.date]:
    return [day("2026-01-01") + datetime.timedelta(days=step) for step in range(365)]


@pytest.mark.parametrize(
    ("country", "week", "off", "worked"),
    [
        ("KZ", 5, KZ_OFF, ""),
        ("KZ", 6, KZ_OFF_SIX, ""),
        ("KG", 5, KG_OFF, KG_WORKED),
        ("KG", 6, KG_OFF_SIX, ""),
    ],
)
def test_every_day_of_2026(country: str, week: int, off: str, worked: str) -> None:
    calendar = Calendar(country=country, week=week)
    free = {day(f"2026-{text}") for text in off.split()}
    made_up = {day(f"2026-{text}") for text in worked.split()}
    for each in days_of_2026():
        ordinary = each.weekday() < week
        expected = each in made_up or (ordinary and each not in free)
        assert calendar.is_working_day(each) is expected, each


@pytest.mark.parametrize(
    ("week", "month", "working"),
    # As the ministry of labour and the press count them for 2026.
    [(5, 1, 19), (6, 1, 24), (5, 3, 18), (6, 3, 22), (5, 8, 21)],
)
def test_working_days_of_a_month_are_those_of_the_official_calendar(
    week: int, month: int, working: int
) -> None:
    first = datetime.date(2026, month, 1)
    assert Calendar("KZ", week).count(first, first.replace(day=31)) == working


def test_a_sunday_exchanged_is_worked_in_both_weeks_and_a_saturday_in_one() -> None:
    # Kazakhstan worked on Sunday 5 January 2025 for Friday the 3rd, and on Saturday 4 May 2024 for the 8th.
    for week in (5, 6):
        calendar = Calendar("KZ", week)
        assert not calendar.is_working_day(day("2025-01-03"))
        assert calendar.is_working_day(day("2025-01-05"))
    assert not Calendar("KZ", 5).is_working_day(day("2024-05-08"))
    assert Calendar("KZ", 6).is_working_day(day("2024-05-08"))


@pytest.mark.parametrize(
    ("country", "start", "count", "expected"),
    [
        ("KG", "2026-11-20", 5, "2026-11-27"),
        ("KG", "2026-11-21", 1, "2026-11-23"),
        ("KZ", "2026-12-15", 1, "2026-12-17"),
        ("KZ", "2026-12-30", 1, "2026-12-31"),
        ("KG", "2026-11-20", 0, "2026-11-20"),
        ("KG", "2025-12-31", 1, "2026-01-12"),
        ("KG", "2026-02-06", 1, "2026-02-07"),
        ("KZ", "2026-03-20", 1, "2026-03-26"),
    ],
)
def test_a_deadline_counts_whole_working_days(
    country: str, start: str, count: int, expected: str
) -> None:
    assert Calendar(country).add(day(start), count) == day(expected)


DAYS = st.dates(datetime.date(2024, 1, 1), datetime.date(2034, 1, 1))


@given(
    country=st.sampled_from(["KZ", "KG"]),
    week=st.sampled_from([5, 6]),
    start=DAYS,
    count=st.integers(1, 90),
    own=st.dictionaries(DAYS, st.booleans(), max_size=20),
    only=st.booleans(),
)
def test_a_deadline_is_a_working_day_after_as_many(
    country: str,
    week: int,
    start: datetime.date,
    count: int,
    own: dict[datetime.date, bool],
    only: bool,
) -> None:
    calendar = Calendar(country, week, own_days=own, school_year_only=only)
    due = calendar.add(start, count)
    assert calendar.is_working_day(due)
    assert calendar.count(start + datetime.timedelta(days=1), due) == count
    assert calendar.count(due, start) == (1 if due == start else 0)


def test_a_calendar_without_a_working_day_is_not_searched_for_ever() -> None:
    closed = Calendar(
        "KZ", vacations=((day("2026-01-01"), day("2099-01-01")),), school_year_only=True
    )
    assert closed.add(day("2026-02-01"), 5) == day("2026-02-01") + datetime.timedelta(days=1098)


def test_the_schools_own_day_is_stronger_than_everything() -> None:
    own = {
        day("2026-05-09"): True,  # a holiday, a Saturday
        day("2026-05-12"): False,
        day("2026-07-01"): True,  # in the summer
    }
    calendar = Calendar("KZ", own_days=own, school_year_only=True)
    assert [calendar.is_working_day(each) for each in own] == [True, False, True]


def test_vacations_count_only_where_the_box_works_in_the_school_year() -> None:
    autumn = ((day("2026-10-26"), day("2026-11-01")),)
    all_year = Calendar("KG", vacations=autumn)
    school_year = Calendar("KG", vacations=autumn, school_year_only=True)
    assert all_year.add(day("2026-10-23"), 1) == day("2026-10-26")
    assert school_year.add(day("2026-10-23"), 1) == day("2026-11-02")
    # The summer, which nobody has written down: 31 August is Independence Day in Kyrgyzstan besides.
    assert all_year.add(day("2026-05-29"), 1) == day("2026-06-01")
    assert school_year.add(day("2026-05-29"), 1) == day("2026-09-01")
    assert school_year.count(day("2026-06-01"), day("2026-08-31")) == 0


def test_many_threads_asking_for_a_new_year_are_told_the_same() -> None:
    """The library fills in a year while it is asked about its first day."""
    country_year.cache_clear()
    with ThreadPoolExecutor(16) as pool:
        found = list(
            pool.map(lambda _n: Calendar("KZ").is_working_day(day("2031-12-16")), range(200))
        )
    assert set(found) == {False}


@pytest.mark.parametrize("country", ["KZ", "KG"])
@pytest.mark.parametrize("language", ["kk", "ru", "ky"])
def test_every_holiday_has_a_name_in_the_languages(country: str, language: str) -> None:
    from django.utils.translation import override

    for year in range(2025, 2045):
        for holidays in country_year(country, 5, year).off.values():
            for holiday in holidays:
                with override("en"):
                    english = name_of(holiday)
                with override(language):
                    assert name_of(holiday) != english, holiday.name


class TestOfASchool:
    """Read from the database."""

    def test_its_own_rows_and_no_others(self, db: None) -> None:
        school, other = make_school(country="KG"), make_school("school-2", country="KG")
        School.objects.filter(pk=school.pk).update(working_week=6)
        school.refresh_from_db()
        CalendarDay.objects.create(school=school, day=day("2026-11-23"), works=False)
        CalendarDay.objects.create(school=other, day=day("2026-11-24"), works=False)
        Vacation.objects.create(
            school=school, first_day=day("2026-11-25"), last_day=day("2026-11-26")
        )
        assert calendar_of(school).add(day("2026-11-20"), 3) == day("2026-11-25")
        Regulation.objects.filter(school=school).update(works=Regulation.Works.SCHOOL_YEAR)
        assert calendar_of(school).add(day("2026-11-20"), 3) == day("2026-11-27")
        assert calendar_of(other).add(day("2026-11-20"), 3) == day("2026-11-26")

    def test_the_regulation_in_force_decides(self, db: None) -> None:
        school = make_school(country="KG")
        later = Regulation.objects.create(
            school=school,
            holds_from=day("2026-09-01"),
            box_names={},
            works=Regulation.Works.SCHOOL_YEAR,
        )
        for today, only in (("2026-08-31", False), ("2026-09-01", True)):
            noon = datetime.datetime.fromisoformat(f"{today}T12:00").replace(tzinfo=school.zone)
            with time_machine.travel(noon):
                assert calendar_of(school).school_year_only is only
        assert calendar_of(school, later).school_year_only

    def test_a_school_without_a_regulation_has_a_calendar(self, db: None) -> None:
        school = make_school()
        school.regulations.all().delete()
        assert calendar_of(school) == calendars_of([school])[school.pk]

    def test_queries_for_one_school_and_for_fifty(self, db: None) -> None:
        schools = [make_school(f"school-{number}") for number in range(50)]
        regulation = Regulation.objects.get(school=schools[0])

        def cost(read: Callable[[], object]) -> int:
            with CaptureQueriesContext(connection) as queries:
                read()
            return len(queries)

        assert cost(lambda: calendar_of(schools[0], regulation)) == 2
        assert cost(lambda: calendars_of(schools[:1])) == 3
        assert cost(lambda: calendars_of(schools)) == 3
        assert len(calendars_of(schools)) == 50
