"""When a trust phone is answered: clock, calendar, midnight, days off, weekend days worked instead of weekdays."""

import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from schools.models import TrustPhone
from schools.phone_hours import change_in_words, hours_in_words, is_answered_on, phone_now
from schools.working_days import Calendar
from tests.factories import day

ALMATY = ZoneInfo("Asia/Almaty")
WORKING, ALWAYS = [0, 1, 2, 3, 4], [0, 1, 2, 3, 4, 5, 6]
KZ, KG = Calendar("KZ"), Calendar("KG")


def phone(
    weekdays: list[int] | None = None, begins: str = "09:00", ends: str = "18:30", **fields: Any
) -> TrustPhone:
    return TrustPhone(
        number="1",
        weekdays=WORKING if weekdays is None else weekdays,
        answered_from=datetime.time.fromisoformat(begins),
        answered_to=datetime.time.fromisoformat(ends),
        **fields,
    )


def at(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=ALMATY)


def said(
    trust_phone: TrustPhone, moment: str, calendar: Calendar = KZ, language: str = "en"
) -> str:
    with translation.override(language):
        now = phone_now(trust_phone, calendar, at(moment))
        words = change_in_words(now, at(moment), language)
    return f"{'open' if now.is_answered else 'closed'} {words}".strip()


class TestNow:
    @pytest.mark.parametrize(
        ("moment", "says"),
        [
            # 23 November 2026 is a Monday.
            ("2026-11-23 08:59:59", "closed opens today at 9:00"),
            ("2026-11-23 09:00", "open until 18:30"),
            ("2026-11-23 18:29:59", "open until 18:30"),
            ("2026-11-23 18:30", "closed opens tomorrow at 9:00"),
            ("2026-11-27 18:30", "closed opens on Monday at 9:00"),
            ("2026-11-28 12:00", "closed opens on Monday at 9:00"),
            ("2026-11-29 23:59", "closed opens tomorrow at 9:00"),
        ],
    )
    def test_an_ordinary_week(self, moment: str, says: str) -> None:
        assert said(phone(), moment) == says

    def test_a_holiday_closes_it(self) -> None:
        # 16 December 2026 is a Wednesday, and a holiday in Kazakhstan alone.
        assert said(phone(), "2026-12-16 10:00") == "closed opens tomorrow at 9:00"
        assert said(phone(), "2026-12-16 10:00", KG) == "open until 18:30"
        assert said(phone(on_days_off=True), "2026-12-16 10:00") == "open until 18:30"

    def test_a_free_day_of_the_school_closes_it(self) -> None:
        free = Calendar("KZ", own_days={day("2026-11-23"): False})
        assert said(phone(), "2026-11-23 10:00", free) == "closed opens tomorrow at 9:00"
        assert said(phone(on_days_off=True), "2026-11-23 10:00", free) == "open until 18:30"

    def test_a_weekend_day_is_the_weekday_it_is_worked_for(self) -> None:
        # Kyrgyzstan works on Saturday 7 February 2026 for Thursday 8 January.
        assert said(phone(), "2026-02-07 10:00", KG) == "open until 18:30"
        assert said(phone([3]), "2026-02-07 10:00", KG) == "open until 18:30"
        assert said(phone([4]), "2026-02-07 10:00", KG).startswith("closed")
        assert said(phone(), "2026-01-08 10:00", KG).startswith("closed")

    def test_a_weekend_day_that_the_school_works_is_for_phones_of_all_working_days(self) -> None:
        worked = Calendar("KZ", own_days={day("2026-11-28"): True})
        assert said(phone(), "2026-11-28 10:00", worked) == "open until 18:30"
        assert said(phone([0, 1]), "2026-11-28 10:00", worked).startswith("closed")

    def test_a_saturday_of_its_own_is_no_day_off(self) -> None:
        assert said(phone([5]), "2026-11-28 10:00") == "open until 18:30"
        # 9 May 2026 is a Saturday, and a holiday.
        assert said(phone([5]), "2026-05-09 10:00") == "closed opens again: Saturday, 16 May, 09:00"

    def test_over_midnight(self) -> None:
        night = phone([4], "20:00", "02:00")
        assert said(night, "2026-11-27 19:59") == "closed opens today at 20:00"
        assert said(night, "2026-11-27 23:59") == "open until 2:00"
        assert said(night, "2026-11-28 01:59") == "open until 2:00"
        assert said(night, "2026-11-28 02:00") == "closed opens on Friday at 20:00"
        # The night of a holiday's eve is the eve's.
        eve = phone(WORKING, "20:00", "02:00")
        assert said(eve, "2026-12-16 01:00") == "open until 2:00"
        assert said(eve, "2026-12-17 01:00") == "closed opens today at 20:00"

    def test_day_and_night(self) -> None:
        assert said(phone(ALWAYS, "00:00", "00:00", on_days_off=True), "2026-12-16 03:00") == "open"
        weekdays = phone(WORKING, "00:00", "00:00")
        assert said(weekdays, "2026-11-23 03:00") == "open closes: Saturday, 28 November, 00:00"
        assert said(weekdays, "2026-11-27 22:00") == "open until 0:00"
        assert said(weekdays, "2026-11-28 00:00") == "closed opens on Monday at 0:00"

    def test_a_summer_without_school(self) -> None:
        resting = Calendar("KZ", school_year_only=True)
        says = said(phone(), "2026-06-15 10:00", resting)
        assert says == "closed opens again: Tuesday, 1 September, 09:00"

    def test_nobody_answers_for_months(self) -> None:
        never = {day("2026-11-23") + datetime.timedelta(days=step): False for step in range(400)}
        assert said(phone(), "2026-11-23 10:00", Calendar("KZ", own_days=never)) == "closed"

    def test_hours_that_are_not_known(self) -> None:
        unknown = TrustPhone(number="1")
        assert phone_now(unknown, KZ, at("2026-11-23 10:00")) is None
        assert hours_in_words(unknown, KZ, "en") == ""

    @given(
        weekdays=st.sets(st.integers(0, 6), min_size=1),
        begins=st.times(),
        ends=st.times(),
        off=st.booleans(),
        moment=st.datetimes(datetime.datetime(2025, 1, 1), datetime.datetime(2027, 12, 31)),
    )
    def test_what_is_said_to_change_changes(
        self,
        weekdays: set[int],
        begins: datetime.time,
        ends: datetime.time,
        off: bool,
        moment: datetime.datetime,
    ) -> None:
        asked = TrustPhone(
            weekdays=sorted(weekdays), answered_from=begins, answered_to=ends, on_days_off=off
        )
        moment = moment.replace(tzinfo=ALMATY)
        now = phone_now(asked, KZ, moment)
        if now.changes is None:
            assert now.is_answered
            return
        tick = datetime.timedelta(microseconds=1)
        assert now.changes > moment
        assert phone_now(asked, KZ, now.changes).is_answered is not now.is_answered
        assert phone_now(asked, KZ, max(now.changes - tick, moment)).is_answered is now.is_answered


class TestInWords:
    @pytest.mark.parametrize(
        ("asked", "calendar", "says"),
        [
            (phone(), KZ, "working days, 9:00–18:30"),
            (phone(), Calendar("KZ", week=6), "Monday – Friday, 9:00–18:30"),
            (phone([0, 1, 2, 3, 4, 5]), Calendar("KZ", week=6), "working days, 9:00–18:30"),
            (phone(on_days_off=True), KZ, "Monday – Friday, also on holidays, 9:00–18:30"),
            (phone([2, 0]), KZ, "Monday, Wednesday, 9:00–18:30"),
            (phone([3, 4]), KZ, "Thursday, Friday, 9:00–18:30"),
            (phone(ALWAYS), KZ, "every day except holidays, 9:00–18:30"),
            (phone(ALWAYS, "00:00", "00:00", on_days_off=True), KZ, "every day, day and night"),
            (phone([5], "20:00", "02:05"), KZ, "Saturday, 20:00–2:05"),
        ],
    )
    def test_hours(self, asked: TrustPhone, calendar: Calendar, says: str) -> None:
        with translation.override("en"):
            assert hours_in_words(asked, calendar, "en") == says

    @pytest.mark.parametrize(
        ("language", "hours", "opens"),
        [
            ("kk", "жұмыс күндері, 9:00–18:30", "дүйсенбі күні"),
            ("ru", "рабочие дни, 9:00–18:30", "в понедельник в 9:00"),
            ("ky", "жумуш күндөрү, 9:00–18:30", "дүйшөмбү күнү"),
        ],
    )
    def test_every_language(self, language: str, hours: str, opens: str) -> None:
        with translation.override(language):
            assert hours_in_words(phone(), KZ, language) == hours
        assert opens in said(phone(), "2026-11-28 12:00", language=language)


def test_days_on_which_hours_begin() -> None:
    week = [day("2026-12-14") + datetime.timedelta(days=step) for step in range(7)]
    answered = [is_answered_on(phone(), KZ, each) for each in week]
    assert answered == [True, True, False, True, True, False, False]
