"""Reports are prepared by themselves on their day: once, frozen, bound by the trail, and told without any content."""

import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from journal.models import Trail
from journal.services.reminding import remind
from journal.services.verifying import Broken
from reports.analysis import preparing
from reports.analysis.preparing import missing_reports, prepare_due, prepare_report
from reports.models import PeriodReport
from reports.verifying import verify_papers
from schools.errors import Conflict
from schools.models import Mail, School
from tests.factories import Person, make_person, make_school, registered_entry
from tests.races import at_once

pytestmark = pytest.mark.django_db
ALMATY = ZoneInfo("Asia/Almaty")
ADDRESS = "director@school.example"


def at(day: str, clock: str = "09:00") -> datetime.datetime:
    return datetime.datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ALMATY)


def kept_since(day: str, slug: str = "school-1", **settings: Any) -> tuple[School, Person]:
    """A school whose key was made and whose first letter was registered that day."""
    with time_machine.travel(at(day), tick=False):
        school = make_school(slug, **settings)
        person = make_person(school, "psychologist", with_key=True, username=f"reads.{slug}")
        registered_entry(school, by=person)
    return school, person


def prepared(day: str, clock: str = "09:00") -> int:
    with time_machine.travel(at(day, clock), tick=False):
        return prepare_due(timezone.now())


def told(school: School) -> list[tuple[str, str]]:
    rows = PeriodReport.objects.filter(school=school).order_by("pk")
    return [(row.kind, row.first.isoformat()) for row in rows]


def test_on_its_day_and_hour_and_once() -> None:
    school, _person = kept_since("2026-09-04", report_day=5)
    assert prepared("2026-10-04") == 0
    assert prepared("2026-10-05", "07:59") == 0
    assert prepared("2026-10-05", "08:00") == 1
    assert prepared("2026-10-05", "08:01") == 0
    assert told(school) == [("month", "2026-09-01")]
    report = PeriodReport.objects.get()
    assert report.prepared_on == datetime.date(2026, 10, 5)
    assert report.prepared_by is None


def test_a_server_that_was_off_on_the_day_prepares_it_later() -> None:
    school, _person = kept_since("2026-09-04")
    assert prepared("2026-10-29") == 1
    assert told(school) == [("month", "2026-09-01")]


def test_a_month_before_the_box_was_kept_has_no_report() -> None:
    kept_since("2026-09-04")
    assert prepared("2026-09-29") == 0


def test_half_years_and_years_come_with_their_last_month() -> None:
    calendar, _person = kept_since("2026-01-15", "calendar")
    lessons, _other = kept_since("2026-01-15", "lessons", cover_year="school")
    assert prepared("2027-01-05") == 5
    assert told(calendar) == [
        ("month", "2026-12-01"),
        ("half", "2026-07-01"),
        ("year", "2026-01-01"),
    ]
    assert told(lessons) == [("month", "2026-12-01"), ("half", "2026-09-01")]


def test_clocks_of_two_zones() -> None:
    here, _person = kept_since("2026-09-04", "here")
    there, _other = kept_since("2026-09-04", "there")
    School.objects.filter(pk=there.pk).update(time_zone="Asia/Aqtau", digest_at="09:00")
    School.objects.filter(pk=here.pk).update(digest_at="09:00")
    zones = {here.now().utcoffset(), School.objects.get(pk=there.pk).now().utcoffset()}
    assert prepared("2026-10-03", "09:00") == (2 if len(zones) == 1 else 1)


def test_a_round_with_nothing_to_do_asks_little_however_many_schools_there_are() -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert prepared("2026-10-20") == 0
        return len(queries)

    kept_since("2026-09-04", "first")
    prepared("2026-10-20")
    alone = asked()
    for place in range(3):
        kept_since("2026-09-04", f"more-{place}")
    prepared("2026-10-20")
    assert asked() == alone <= 2


def test_one_school_that_fails_leaves_the_others_alone(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken, _person = kept_since("2026-09-04", "broken")
    whole, _other = kept_since("2026-09-04", "whole")
    freeze = preparing.freeze_report

    def fail_once(school: School, kind: str, period: Any) -> dict[str, Any]:
        if school == broken:
            raise RuntimeError
        return freeze(school, kind, period)

    monkeypatch.setattr(preparing, "freeze_report", fail_once)
    assert prepared("2026-10-05") == 1
    assert (told(broken), told(whole)) == ([], [("month", "2026-09-01")])
    assert "A report was not prepared" in caplog.text
    monkeypatch.undo()
    assert prepared("2026-10-05") == 1
    assert told(broken) == [("month", "2026-09-01")]


def test_those_who_read_reports_are_told_once_and_nothing_of_what_it_says() -> None:
    school, person = kept_since("2026-12-04")
    director = make_person(school, "director", email=ADDRESS, language="en", mail_digest=False)
    make_person(school, "administrator", email="settings@school.example")
    make_person(school, "commission_member", email="member@school.example")
    assert prepared("2027-01-05") == 3
    letters = Mail.objects.filter(kind=Mail.Kind.REPORT)
    assert [row.person for row in letters] == [director.user]
    assert letters.get().figures == {}
    with time_machine.travel(at("2027-01-05", "09:01"), tick=False):
        remind()
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == ([ADDRESS], "Trust box: a report is ready")
    assert not any(sign.isdecimal() for sign in sent.body.split("http")[0])
    assert str(school) not in sent.body


def test_the_reminder_prepares_and_says_how_many(capsys: pytest.CaptureFixture[str]) -> None:
    kept_since("2026-09-04")
    with time_machine.travel(at("2026-10-05"), tick=False):
        call_command("remind")
    assert "reports 1," in capsys.readouterr().out


def test_the_trail_tells_of_it_and_a_change_behind_its_back_is_found() -> None:
    school, _person = kept_since("2026-09-04")
    prepared("2026-10-05")
    row = Trail.objects.filter(school=school, step=Trail.Step.DOCUMENT_ISSUED).get()
    assert (row.by, row.facts["what"]) == (None, "report month 2026-09")
    verify_papers(school)
    report = PeriodReport.objects.get()
    report.frozen["now"]["registered"] = [7, 7]
    report.save(update_fields=["frozen"])
    with pytest.raises(Broken, match="was changed outside"):
        verify_papers(school)
    report.delete()
    with pytest.raises(Broken, match="which is gone"):
        verify_papers(school)


def test_what_is_missing_can_be_asked_for_and_only_that() -> None:
    school, person = kept_since("2026-05-04")
    with time_machine.travel(at("2026-08-01"), tick=False):
        assert [(kind, period.first.month) for kind, period in missing_reports(school)] == [
            ("month", 7),
            ("half", 1),
            ("month", 6),
            ("month", 5),
        ]
        asked = {"school": school, "by": person.fresh()}
        made = prepare_report(kind="half", first=datetime.date(2026, 1, 1), **asked)
        assert (made.prepared_by, made.last) == (person.user, datetime.date(2026, 6, 30))
        for first in (made.first, datetime.date(2026, 8, 1), datetime.date.min):
            with pytest.raises(Conflict):
                prepare_report(kind="half", first=first, **asked)
        verify_papers(school)
    assert told(school) == [("half", "2026-01-01")]
    assert not Mail.objects.filter(kind=Mail.Kind.REPORT).exists()


def test_a_book_taken_over_from_before_has_reports_to_ask_for() -> None:
    school, _person = kept_since("2026-07-03")
    # As after letters were taken over: the key is younger than the first of them.
    school.keys.update(made_at=at("2026-09-04"))
    with time_machine.travel(at("2026-09-05"), tick=False):
        assert [period.first.month for _kind, period in missing_reports(school)] == [8, 7]


def test_nothing_is_missing_where_no_key_was_made() -> None:
    assert missing_reports(make_school()) == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_prepare_it_once() -> None:
    school, _person = kept_since("2026-09-04")
    with time_machine.travel(at("2026-10-05"), tick=False):
        counts = at_once(2, lambda _place: prepare_due(timezone.now()))
    assert sorted(counts) == [0, 1]
    verify_papers(school)
