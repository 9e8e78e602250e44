"""When the box is opened next: what the regulation names, by the calendar of the school."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools import openings
from schools.models import Regulation, School
from schools.openings import is_held_on
from schools.schedule import is_opening_day
from schools.working_days import Calendar
from tests.factories import day

pytestmark = pytest.mark.once("sqlite")

ALMATY = ZoneInfo("Asia/Almaty")


def regulation(time_zone: str = "Asia/Almaty", **settings: object) -> Regulation:
    """Rules of a school, not in any database."""
    school = School(slug="s", country="KZ", time_zone=time_zone, languages=["kk"])
    return Regulation(school=school, **{"on_working_days": False, **settings})


KZ = Calendar("KZ")


def next_opening(rules: Regulation, moment: datetime.datetime) -> datetime.datetime | None:
    """By the calendar of the country alone."""
    return openings.next_opening(rules, moment, KZ)


def at(text: str, zone: ZoneInfo = ALMATY) -> datetime.datetime:
    """``2026-11-21 15:00`` by that clock."""
    return datetime.datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("settings", "moment", "expected"),
    [
        ({"schedule": "daily"}, "2026-11-21 14:59", "2026-11-21 15:00"),
        ({"schedule": "daily"}, "2026-11-21 15:00", "2026-11-21 15:00"),
        ({"schedule": "daily"}, "2026-11-21 15:01", "2026-11-22 15:00"),
        # 20 November 2026 is a Friday.
        ({"schedule": "weekly", "weekday": 4}, "2026-11-20 15:01", "2026-11-27 15:00"),
        ({"schedule": "weekly", "weekday": 4}, "2026-11-19 09:00", "2026-11-20 15:00"),
        ({"schedule": "weekly", "weekday": 0}, "2026-12-29 09:00", "2027-01-04 15:00"),
        (
            {"schedule": "every_n_days", "every_days": 15, "counted_from": day("2026-09-01")},
            "2026-09-01 15:01",
            "2026-09-16 15:00",
        ),
        (
            # Also before the day it is counted from.
            {"schedule": "every_n_days", "every_days": 15, "counted_from": day("2026-09-01")},
            "2026-08-10 00:00",
            "2026-08-17 15:00",
        ),
        (
            {"schedule": "every_n_days", "every_days": 92, "counted_from": day("2026-09-01")},
            "2026-09-01 15:01",
            "2026-12-02 15:00",
        ),
        ({"schedule": "monthly", "month_days": [1, 15]}, "2026-11-15 16:00", "2026-12-01 15:00"),
        ({"schedule": "monthly", "month_days": [31]}, "2026-11-21 00:00", "2026-11-30 15:00"),
        ({"schedule": "monthly", "month_days": [31]}, "2027-02-01 00:00", "2027-02-28 15:00"),
        ({"schedule": "monthly", "month_days": [30, 31]}, "2028-02-01 00:00", "2028-02-29 15:00"),
        (
            {"schedule": "weekly", "weekday": 4, "opens_at": datetime.time(0, 0)},
            "2026-11-20 00:00",
            "2026-11-20 00:00",
        ),
    ],
)
def test_next_opening(settings: dict, moment: str, expected: str) -> None:
    assert next_opening(regulation(**settings), at(moment)) == at(expected)


def test_no_day_named_means_no_opening() -> None:
    assert (
        next_opening(regulation(schedule="monthly", month_days=[]), at("2026-11-21 00:00")) is None
    )


def test_the_schools_own_clock_counts() -> None:
    """23:30 of Thursday in UTC is Friday morning in Almaty: the Friday box is still to be opened that day."""
    weekly = regulation(schedule="weekly", weekday=4, opens_at=datetime.time(6, 0))
    moment = datetime.datetime(2026, 11, 19, 23, 30, tzinfo=datetime.UTC)
    found = next_opening(weekly, moment)
    assert found == at("2026-11-20 06:00")
    assert found.utcoffset() == datetime.timedelta(hours=5)
    bishkek = regulation("Asia/Bishkek", schedule="weekly", weekday=4, opens_at=datetime.time(6, 0))
    later = datetime.datetime(2026, 11, 20, 0, 30, tzinfo=datetime.UTC)
    assert next_opening(bishkek, later) == at("2026-11-27 06:00", ZoneInfo("Asia/Bishkek"))


def test_almaty_without_clock_changes_and_since_2024_one_hour_nearer() -> None:
    daily = regulation(schedule="daily")
    winter, summer = (next_opening(daily, at(f"2026-{month}-10 00:00")) for month in ("01", "07"))
    assert winter.astimezone(datetime.UTC).hour == summer.astimezone(datetime.UTC).hour == 10


def test_monthly_on_several_days_lists_them_in_order_and_once() -> None:
    monthly = regulation(schedule="monthly", month_days=[31, 15, 30])
    found = [
        moment.date() for moment in openings.openings_from(monthly, at("2026-11-01 00:00"), KZ)
    ][:5]
    assert [str(found_day) for found_day in found] == [
        "2026-11-15",
        "2026-11-30",
        "2026-12-15",
        "2026-12-30",
        "2026-12-31",
    ]


SCHEDULES = st.one_of(
    st.just({"schedule": "daily"}),
    st.builds(lambda weekday: {"schedule": "weekly", "weekday": weekday}, st.integers(0, 6)),
    st.builds(lambda every: {"schedule": "every_n_days", "every_days": every}, st.integers(1, 92)),
    st.builds(
        lambda days: {"schedule": "monthly", "month_days": days},
        st.lists(st.integers(1, 31), min_size=1, max_size=4, unique=True),
    ),
)


@given(
    settings=SCHEDULES,
    moment=st.datetimes(datetime.datetime(2024, 4, 1), datetime.datetime(2036, 1, 1)),
)
def test_the_next_opening_is_the_first_there_is(settings: dict, moment: datetime.datetime) -> None:
    rules, moment = regulation(**settings), moment.replace(tzinfo=ALMATY)
    found = next_opening(rules, moment)
    assert found is not None
    assert found >= moment
    assert is_opening_day(rules, found.date())
    assert found.time() == rules.opens_at
    between = moment.date() + datetime.timedelta(days=1)
    while between < found.date():
        assert not is_opening_day(rules, between)
        between += datetime.timedelta(days=1)


@pytest.mark.parametrize(
    ("settings", "moment", "expected"),
    [
        # 21 November 2026 is a Saturday; 16 December, Independence Day, a Wednesday.
        ({"schedule": "daily"}, "2026-11-21 09:00", "2026-11-23 15:00"),
        ({"schedule": "daily"}, "2026-12-15 16:00", "2026-12-17 15:00"),
        ({"schedule": "weekly", "weekday": 2}, "2026-12-16 09:00", "2026-12-17 15:00"),
        ({"schedule": "monthly", "month_days": [1, 15]}, "2026-11-01 09:00", "2026-11-02 15:00"),
        # Moved over the New Year, and held once although two days fell on it.
        ({"schedule": "monthly", "month_days": [1, 2]}, "2026-12-31 16:00", "2027-01-05 15:00"),
    ],
)
def test_a_day_off_gives_way_to_the_next_working_day(
    settings: dict, moment: str, expected: str
) -> None:
    rules = regulation(on_working_days=True, **settings)
    assert next_opening(rules, at(moment)) == at(expected)


def test_what_is_moved_is_held_once() -> None:
    rules = regulation(on_working_days=True, schedule="weekly", weekday=6)
    held = [
        found.date().isoformat()
        for found, _count in zip(
            openings.openings_from(rules, at("2026-11-01 00:00"), KZ), range(4), strict=False
        )
    ]
    assert held == ["2026-11-02", "2026-11-09", "2026-11-16", "2026-11-23"]


def test_in_vacations_a_box_of_the_school_year_stays_closed() -> None:
    vacation = (day("2026-10-26"), day("2026-11-01"))
    calendar = Calendar("KG", vacations=(vacation,), school_year_only=True)
    friday = regulation(on_working_days=True, schedule="weekly", weekday=4)
    assert not is_held_on(friday, calendar, day("2026-10-30"))
    # Nor is the opening of the vacation held on the day after it.
    assert not is_held_on(friday, calendar, day("2026-11-02"))
    assert is_held_on(friday, calendar, day("2026-11-06"))
    assert not any(is_held_on(friday, calendar, day(f"2026-07-{date:02}")) for date in range(1, 32))
    everywhere = Calendar("KG", vacations=(vacation,))
    assert is_held_on(friday, everywhere, day("2026-10-30"))


def test_a_working_saturday_opens_the_daily_box() -> None:
    calendar = Calendar("KZ", own_days={day("2026-11-21"): True, day("2026-11-23"): False})
    daily = regulation(on_working_days=True, schedule="daily")
    assert is_held_on(daily, calendar, day("2026-11-21"))
    assert not is_held_on(daily, calendar, day("2026-11-23"))
