"""Dates are words of the language asked for, whatever the request's language is."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from schools import dates
from schools.languages import LANGUAGES

pytestmark = pytest.mark.once("sqlite")

DAY = datetime.date(2026, 11, 21)
WEDNESDAY = datetime.date(2026, 11, 25)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("kk", "2026 жылғы 21 қараша"),
        ("ru", "21 ноября 2026 года"),
        ("ky", "2026-жылдын 21-ноябры"),
        ("en", "21 November 2026"),
    ],
)
def test_a_document_writes_the_date_as_offices_write_it(language: str, expected: str) -> None:
    assert dates.long_date(DAY, language) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [("kk", "05.03.2026"), ("ru", "05.03.2026"), ("ky", "05.03.2026"), ("en", "5 Mar 2026")],
)
def test_a_table_writes_the_date_in_numbers(language: str, expected: str) -> None:
    assert dates.short_date(datetime.date(2026, 3, 5), language) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("kk", "сәрсенбі, 25 қараша"),
        ("ru", "среда, 25 ноября"),
        ("ky", "шаршемби, 25-ноябрь"),
        ("en", "Wednesday, 25 November"),
    ],
)
def test_a_page_names_the_day_of_the_week(language: str, expected: str) -> None:
    assert dates.weekday_and_date(WEDNESDAY, language) == expected


def test_a_moment_is_told_by_the_clock_of_the_school() -> None:
    moment = datetime.datetime(2026, 11, 21, 20, 30, tzinfo=datetime.UTC)
    bishkek, almaty = ZoneInfo("Asia/Bishkek"), ZoneInfo("Asia/Almaty")
    assert dates.date_and_time(moment, "ky", bishkek) == "22.11.2026, 02:30"
    assert dates.date_and_time(moment, "kk", almaty) == "22.11.2026, 01:30"
    assert dates.date_and_time(moment, "en", datetime.UTC) == "21 Nov 2026, 20:30"
    assert dates.weekday_date_and_time(moment, "ru", almaty) == "воскресенье, 22 ноября, 01:30"


@pytest.mark.parametrize("tell", [dates.date_and_time, dates.weekday_date_and_time])
def test_a_moment_without_a_zone_is_refused(tell) -> None:
    with pytest.raises(ValueError, match="time zone"):
        tell(datetime.datetime(2026, 11, 21, 20, 30), "ru", datetime.UTC)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_month_and_day_has_its_own_word(language: str) -> None:
    year = [DAY + datetime.timedelta(days=step) for step in range(365)]
    assert len({dates.month_name(day, language) for day in year}) == 12
    assert len({dates.weekday_name(day, language) for day in year}) == 7
    assert len({dates.long_date(day, language) for day in year}) == 365
    assert len({dates.short_date(day, language) for day in year}) == 365
    assert len({dates.day_and_month(day, language) for day in year}) == 365


def test_the_language_of_the_request_does_not_matter() -> None:
    with translation.override("ru"):
        assert dates.long_date(DAY, "kk") == "2026 жылғы 21 қараша"


def test_an_unknown_language_reads_as_english() -> None:
    assert dates.long_date(DAY, "de") == dates.long_date(DAY, "en")
