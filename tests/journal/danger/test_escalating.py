"""Nobody answers: the next ones are told in time, by day and at night, over midnight and where clocks are moved."""

import datetime
from collections.abc import Iterator

import pytest
from django.utils import timezone

from journal.alert_stages import MOST_ROUNDS, ROUNDS_AT_INTERVALS, next_morning, next_round_at
from journal.models import Alert
from journal.services import alerting
from schools.models import Mail, Regulation, School
from tests import factories
from tests.journal.danger.school import (
    Staffed,
    call_in_danger,
    rows,
    staffed_school,
    told,
    wait_over,
)

UTC = datetime.UTC
pytestmark = pytest.mark.django_db


@pytest.fixture
def staffed() -> Staffed:
    return staffed_school()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """Puts the portal's clock to a moment by the school's own."""

    def put(text: str, school: School) -> datetime.datetime:
        moment = datetime.datetime.fromisoformat(text).replace(tzinfo=school.zone)
        monkeypatch.setattr(timezone, "now", lambda: moment.astimezone(UTC))
        return moment

    yield put


def local(alert: Alert) -> str:
    """When it is told next, by the school's clock."""
    alert.refresh_from_db()
    return f"{alert.next_stage_at.astimezone(alert.school.zone):%d.%m. %H:%M}"


def rules(**facts: object) -> Regulation:
    zone = facts.pop("time_zone", "Asia/Almaty")
    return Regulation(school=School(time_zone=zone), **facts)


def at(text: str, zone: str = "Asia/Almaty") -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=School(time_zone=zone).zone)


def test_by_day_deputies_after_half_an_hour_then_the_director_then_everybody_again(
    staffed: Staffed, clock: object
) -> None:
    clock("2026-11-18T10:10", staffed.school)
    factories.send_letter(staffed.school, danger=True)
    alert = Alert.objects.get()
    everybody = staffed.names(["holder", "second", "deputy", "director"])
    assert local(alert) == "18.11. 10:40"
    wait_over(alert)
    assert (alert.stage, alert.rounds, local(alert)) == (1, 2, "18.11. 11:10")
    assert told(alert, round=2) == staffed.names(["holder", "second", "deputy"])
    wait_over(alert)
    assert (alert.stage, alert.rounds, local(alert)) == (2, 3, "18.11. 11:40")
    assert told(alert, round=3) == everybody
    wait_over(alert)
    assert (alert.stage, alert.rounds, local(alert)) == (2, 4, "18.11. 12:10")
    assert told(alert, round=4) == everybody
    assert [facts.get("told") for _step, facts in rows(alert)] == [None, 2, 3, 4, 4]


def test_nobody_is_told_before_the_time_is_over_or_after_an_answer(
    staffed: Staffed, clock: object
) -> None:
    now = clock("2026-11-18T10:10", staffed.school)
    factories.send_letter(staffed.school, danger=True)
    alert = Alert.objects.get()
    assert alerting.escalate_due(now + datetime.timedelta(minutes=29, seconds=59)) == 0
    assert Mail.objects.count() == 2
    alerting.answer(alert=alert, by=staffed.director.fresh())
    assert alerting.escalate_due(now + datetime.timedelta(days=3)) == 0
    assert Mail.objects.count() == 2


def test_the_same_moment_twice_tells_once(staffed: Staffed) -> None:
    factories.send_letter(staffed.school, danger=True)
    due = Alert.objects.get().next_stage_at
    assert (alerting.escalate_due(due), alerting.escalate_due(due)) == (1, 0)
    assert Mail.objects.count() == 5


def test_the_members_named_for_it_come_before_the_director(staffed: Staffed) -> None:
    third = factories.make_person(staffed.school, "phone_officer", email="third@example.org")
    call_in_danger(third)
    factories.send_letter(staffed.school, danger=True)
    alert = Alert.objects.get()
    wait_over(alert)
    assert told(alert, round=2) == staffed.names(["holder", "second"]) | {third.user.username}
    wait_over(alert)
    assert staffed.director.user.username in told(alert, round=3)
    assert staffed.deputy.user.username not in told(alert)


def test_somebody_named_whose_role_answers_no_alerts_is_not_called(staffed: Staffed) -> None:
    named = factories.make_person(staffed.school, "administrator", email="named@example.org")
    call_in_danger(named)
    factories.send_letter(staffed.school, danger=True)
    alert = Alert.objects.get()
    wait_over(alert)
    assert told(alert, round=2) == staffed.names(["holder", "second", "deputy"])


def test_a_stage_with_nobody_new_is_no_time_to_wait(staffed: Staffed) -> None:
    staffed.deputy.user.memberships.all().delete()
    factories.send_letter(staffed.school, danger=True)
    alert = Alert.objects.get()
    wait_over(alert)
    assert (alert.stage, alert.rounds) == (2, 2)
    assert told(alert, round=2) == staffed.names(["holder", "second", "director"])
    assert rows(alert)[2:] == [
        ("alert_sent", {"stage": 1, "told": 0}),
        ("alert_sent", {"stage": 2, "told": 3}),
    ]


def test_mails_end_somewhere_and_the_alert_waits_on(staffed: Staffed, clock: object) -> None:
    clock("2026-11-18T10:10", staffed.school)
    factories.send_letter(staffed.school, danger=True)
    alert = Alert.objects.get()
    while alert.next_stage_at is not None:
        wait_over(alert)
    assert (alert.rounds, alert.waits) == (MOST_ROUNDS, True)
    assert Mail.objects.count() <= MOST_ROUNDS * 4
    assert alerting.escalate_due(timezone.now() + datetime.timedelta(days=400)) == 0


def test_at_night_the_minutes_are_others(staffed: Staffed, clock: object) -> None:
    Regulation.objects.update(danger_minutes=15, danger_minutes_at_night=120)
    clock("2026-11-18T23:30", staffed.school)
    factories.send_letter(staffed.school, danger=True)
    alert = Alert.objects.get()
    assert local(alert) == "19.11. 01:30"  # over midnight
    wait_over(alert)
    assert (alert.stage, local(alert)) == (1, "19.11. 03:30")


def test_fixed_number_of_queries_when_nothing_is_due(
    staffed: Staffed, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(4):
        alerting.escalate_due()
    for _letter in range(5):
        factories.send_letter(staffed.school, danger=True)
    with django_assert_num_queries(4):
        assert alerting.escalate_due() == 0


def test_what_fails_for_one_school_does_not_silence_another(
    staffed: Staffed, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = staffed_school("school-2")
    factories.send_letter(staffed.school, danger=True)
    factories.send_letter(other.school, danger=True)
    honest = alerting.told_so_far

    def fails(alert: Alert) -> list[object]:
        if alert.school == staffed.school:
            raise RuntimeError("this school's people cannot be read")
        return honest(alert)

    monkeypatch.setattr(alerting, "told_so_far", fails)
    due = max(Alert.objects.values_list("next_stage_at", flat=True))
    assert alerting.escalate_due(due) == 1
    assert dict(Alert.objects.values_list("school__slug", "rounds")) == {
        "school-1": 1,
        "school-2": 2,
    }
    monkeypatch.setattr(alerting, "told_so_far", honest)
    assert alerting.escalate_due(due) == 1


@pytest.mark.parametrize(
    ("told_at", "next_at"),
    [
        ("2026-11-18T07:00", "2026-11-18T07:30"),  # the first minute of the day
        ("2026-11-18T20:59", "2026-11-18T21:29"),  # told by day, the minutes of the day count
        ("2026-11-18T21:00", "2026-11-18T22:00"),  # the first minute of the night
        ("2026-11-18T06:15", "2026-11-18T07:15"),
        ("2026-11-18T06:59", "2026-11-18T07:30"),  # day begins: no later than its minutes allow
        ("2026-12-31T23:59", "2027-01-01T00:59"),
    ],
)
def test_minutes_by_the_schools_clock(told_at: str, next_at: str) -> None:
    assert next_round_at(rules(), at(told_at), rounds=1) == at(next_at)


@pytest.mark.parametrize(
    ("zone", "told_at", "minutes"),
    [
        # Clocks go forward at 2:00 and back at 3:00 in the night: an hour is an hour all the same.
        ("Europe/Berlin", "2026-03-29T01:30", 60),
        ("Europe/Berlin", "2026-10-25T01:30", 60),
        # 21:30 in Almaty is night there while it is still day in UTC; 10:00 UTC is day in both.
        ("Asia/Almaty", "2026-11-18T21:30", 60),
        ("Asia/Almaty", "2026-11-18T02:30", 60),
        # Kazakhstan's clocks went back an hour at the end of 29 February 2024.
        ("Asia/Almaty", "2024-02-29T23:30", 60),
    ],
)
def test_minutes_are_minutes_where_clocks_are_moved(zone: str, told_at: str, minutes: int) -> None:
    begun = at(told_at, zone)
    due = next_round_at(rules(time_zone=zone), begun, rounds=1)
    assert due - begun.astimezone(UTC) == datetime.timedelta(minutes=minutes)


def test_one_moment_is_day_in_one_school_and_night_in_another() -> None:
    moment = datetime.datetime(2026, 11, 18, 1, 30, tzinfo=UTC)  # 06:30 in Almaty, 07:30 in Bishkek
    assert next_round_at(rules(), moment, rounds=1) == at("2026-11-18T07:30")
    bishkek = next_round_at(rules(time_zone="Asia/Bishkek"), moment, rounds=1)
    assert bishkek == at("2026-11-18T08:00", "Asia/Bishkek")


def test_a_day_over_midnight_and_one_without_end() -> None:
    late = rules(day_begins=datetime.time(20), day_ends=datetime.time(4))
    assert next_round_at(late, at("2026-11-18T23:50"), rounds=1) == at("2026-11-19T00:20")
    assert next_round_at(late, at("2026-11-18T12:00"), rounds=1) == at("2026-11-18T13:00")
    always = rules(day_begins=datetime.time(7), day_ends=datetime.time(7))
    assert next_round_at(always, at("2026-11-18T03:00"), rounds=1) == at("2026-11-18T03:30")


def test_after_the_intervals_each_morning_and_then_no_more() -> None:
    day = at("2026-11-18T10:10")
    assert next_round_at(rules(), day, rounds=ROUNDS_AT_INTERVALS) == at("2026-11-19T07:00")
    assert next_round_at(rules(), day, rounds=MOST_ROUNDS) is None
    assert next_morning(rules(), at("2026-11-18T06:00")) == at("2026-11-18T07:00")


def test_a_school_without_a_regulation_has_the_portals_own_times(
    staffed: Staffed, clock: object
) -> None:
    clock("2026-11-18T10:10", staffed.school)
    Regulation.objects.all().delete()
    factories.send_letter(staffed.school, danger=True, category=None)
    assert local(Alert.objects.get()) == "18.11. 10:40"
