"""What has to happen by the clock: the morning's mail, an author's new message; what fails leaves the rest alone."""

import datetime
import os
import re
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from box.models import Letter, Message
from box.services.attaching import ORPHAN_AFTER
from box.services.messaging import write_back
from journal.models import Entry
from journal.services import alerting, reminding
from journal.services.reminding import remind, tell_author_wrote
from schools.models import Mail, Membership, School, User
from tests.factories import (
    TEXT,
    Person,
    make_person,
    make_school,
    open_box,
    registered_entry,
    send_letter,
)
from tests.races import at_once

pytestmark = pytest.mark.django_db
ALMATY, BISHKEK = ZoneInfo("Asia/Almaty"), ZoneInfo("Asia/Bishkek")
# Of each month, by the usual regulation: the one on the month before.
REPORT_DAY = 3
REPORTS = {
    "kk": "Сенім жәшігі: есеп дайын",
    "ru": "Ящик доверия: отчёт готов",
    "ky": "Ишеним кутусу: отчёт даяр",
    "en": "Trust box: a report is ready",
}
MORNINGS = {
    "kk": "Сенім жәшігі: бүгін не күтіп тұр",
    "ru": "Ящик доверия: что ждёт внимания сегодня",
    "ky": "Ишеним кутусу: бүгүн эмне күтүп турат",
    "en": "Trust box: what waits today",
}


def at(clock: str, zone: ZoneInfo = ALMATY, day: str = "2026-03-02") -> datetime.datetime:
    return datetime.datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=zone)


@pytest.fixture
def school() -> School:
    return make_school(reply_days=5)


@pytest.fixture
def reader(school: School) -> Person:
    return make_person(school, "psychologist", with_key=True, email="reader@school.example")


@pytest.mark.once("sqlite")
def test_a_year_of_mornings_brings_one_mail_a_day_and_one_on_each_report_in_the_persons_language() -> (
    None
):
    with time_machine.travel(at("06:00", day="2026-01-01"), tick=False):
        school = make_school()
        person = make_person(school, "psychologist", with_key=True, email="reader@school.example")
        send_letter(school)
    for number in range(365):
        day = datetime.date(2026, 1, 1) + datetime.timedelta(days=number)
        language = list(MORNINGS)[number % len(MORNINGS)]
        User.objects.filter(pk=person.user.pk).update(language=language)
        for clock, mails in (("07:59", 0), ("08:00", 1), ("08:01", 1)):
            with time_machine.travel(at(clock, day=day.isoformat()), tick=False):
                remind()
            expected = [MORNINGS[language]] * mails
            if (day.day, mails) == (REPORT_DAY, 1) and day.month > 1:
                expected.append(REPORTS[language])
            assert [message.subject for message in mail.outbox] == expected, day
        mail.outbox.clear()
    assert set(Mail.objects.values_list("state", flat=True)) == {Mail.State.SENT}
    assert Mail.objects.count() <= 16, "old ones are forgotten"


def test_each_person_is_told_in_their_own_language() -> None:
    school = make_school()
    for language, role in zip(
        MORNINGS, ("psychologist", "social_pedagogue", "director", "deputy_director"), strict=True
    ):
        make_person(school, role, with_key=True, language=language, email=f"{language}@a.example")
    send_letter(school)
    with time_machine.travel(at("08:00"), tick=False):
        remind()
    assert {message.to[0][:2]: message.subject for message in mail.outbox} == MORNINGS


def test_each_schools_clock_counts(school: School, reader: Person) -> None:
    there = make_school("school-2", country="KG", school_fields={"digest_at": datetime.time(9, 30)})
    other = make_person(there, "psychologist", with_key=True, email="other@school.example")
    for each in (school, there):
        send_letter(each)
    with time_machine.travel(at("08:00"), tick=False):
        assert remind().digests == 1
    with time_machine.travel(at("09:29", BISHKEK), tick=False):
        assert remind().digests == 0
    with time_machine.travel(at("09:30", BISHKEK), tick=False):
        assert remind().digests == 1
    assert [message.to for message in mail.outbox] == [[reader.user.email], [other.user.email]]


def test_several_schools_are_one_mail_that_names_them(school: School, reader: Person) -> None:
    there = make_school("school-2", country="KG")
    make_person(there, "director", with_key=True)
    Membership.objects.create(user=reader.user, school=there, role_id="psychologist")
    for each in (school, there):
        send_letter(each)
    for clock in ("07:30", "08:30", "23:00"):
        with time_machine.travel(at(clock), tick=False):
            remind()
    (message,) = mail.outbox
    assert "en school-1\n– letters in the box: 1" in message.body
    assert "en school-2\n– letters in the box: 1" in message.body


def test_nothing_to_tell_is_no_mail_and_is_looked_up_once(school: School, reader: Person) -> None:
    Letter.objects.all().delete()
    # A day on which the box is not opened either.
    school.regulations.update(schedule="weekly", weekday=4)
    with time_machine.travel(at("08:00"), tick=False):
        assert remind().digests == 0
        with CaptureQueriesContext(connection) as queries:
            send_letter(school)
            connection.queries_log.clear()
            assert remind().digests == 0
    assert not any("box_letter" in query["sql"] and "COUNT" in query["sql"] for query in queries)
    assert mail.outbox == []


def test_as_many_queries_for_fifty_people_already_told_as_for_one(
    school: School, reader: Person
) -> None:
    send_letter(school)
    with time_machine.travel(at("08:00"), tick=False):
        remind()
        with CaptureQueriesContext(connection) as few:
            remind()
        for number in range(20):
            make_person(school, "director", username=f"d{number}", email=f"d{number}@a.example")
        remind()
        with CaptureQueriesContext(connection) as many:
            remind()
    assert len(many) == len(few)
    assert len(mail.outbox) == 21


def test_who_does_not_want_it_or_works_with_no_letters_gets_none(school: School) -> None:
    make_person(school, "psychologist", email="a@a.example", mail_digest=False, with_key=True)
    send_letter(school)
    make_person(school, "administrator", email="b@a.example")
    make_person(school, "deputy_director", email="")
    make_person(school, "director", email="c@a.example", is_active=False)
    with time_machine.travel(at("08:00"), tick=False):
        remind()
    assert mail.outbox == []


def test_what_is_withheld_is_in_nobodys_morning(school: School, reader: Person) -> None:
    director = make_person(school, "director", with_key=True, email="director@school.example")
    with time_machine.travel(at("10:00", day="2026-01-12"), tick=False):
        entry = registered_entry(school, by=reader, about=["director"])
        assert entry.is_withheld_from(director.user.pk)
    with time_machine.travel(at("08:00"), tick=False):
        remind()
    told = {message.to[0]: message.body for message in mail.outbox}
    assert "overdue: 1" in told[reader.user.email]
    assert "overdue" not in told.get(director.user.email, "")


def test_counts_and_no_word_of_anybody(school: School, reader: Person) -> None:
    with time_machine.travel(at("10:00", day="2026-01-12"), tick=False):
        registered_entry(
            school,
            by=reader,
            signed=True,
            identity={"full_name": "Айгүл Серікқызы"},
            summary="Summed up",
        )
    with time_machine.travel(at("08:00"), tick=False):
        remind()
    (message,) = mail.outbox
    sent = message.message().as_string() + message.body
    for word in (TEXT, "Айгүл", "Summed", reader.user.full_name, reader.user.username, "school-1"):
        assert word not in sent
    assert re.search(r"overdue: 1$", message.body, re.MULTILINE)
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"


def test_a_server_back_after_days_brings_the_last_morning_alone(
    school: School, reader: Person, settings: Any
) -> None:
    send_letter(school)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    for number in (2, 3, 4):
        with time_machine.travel(at("08:00", day=f"2026-03-0{number}"), tick=False):
            remind()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with time_machine.travel(at("10:00", day="2026-03-04"), tick=False):
        remind()
    assert len(mail.outbox) == 1
    assert Mail.objects.get(state=Mail.State.SENT).occasion.endswith("2026-03-04")


@pytest.mark.django_db(transaction=True)
def test_two_reminders_at_once_tell_each_person_once() -> None:
    school = make_school()
    for role in ("psychologist", "social_pedagogue", "deputy_director"):
        make_person(school, role, email=f"{role}@a.example", with_key=True)
    send_letter(school)
    with time_machine.travel(at("08:00"), tick=False):
        results = at_once(4, lambda _place: remind())
    assert [result.failed for result in results] == [[]] * 4
    assert sum(result.digests for result in results) == 3
    assert len(mail.outbox) == 3


def test_what_fails_leaves_the_rest_alone(
    school: School, reader: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(now: datetime.datetime) -> int:
        raise RuntimeError("secret-word")

    monkeypatch.setattr(alerting, "escalate_due", broken)
    send_letter(school)
    with time_machine.travel(at("08:00"), tick=False):
        done = remind()
    assert (done.failed, done.digests, len(mail.outbox)) == (["alerts"], 1, 1)


def test_many_mornings_are_told_in_several_calls(
    school: School, reader: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminding, "DIGEST_SECONDS", -1.0)
    send_letter(school)
    with time_machine.travel(at("08:00"), tick=False):
        done = remind()
        assert (done.digests, done.more) == (0, True)
        monkeypatch.undo()
        done = remind()
    assert (done.digests, done.more) == (1, False)


def test_files_that_no_row_names_are_swept_once_an_hour(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path

    def orphan() -> str:
        name = default_storage.save("or/orphan", ContentFile(b"sealed"))
        long_ago = (timezone.now() - 2 * ORPHAN_AFTER).timestamp()
        os.utime(default_storage.path(name), (long_ago, long_ago))
        return name

    first = orphan()
    assert remind().files == 1
    assert not default_storage.exists(first)
    second = orphan()
    assert remind().files == 0
    assert default_storage.exists(second)
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=61), tick=False):
        assert remind().files == 1
    assert not default_storage.exists(second)


def written_to(school: School, *, by: Person, **letter: object) -> Entry:
    """A registered letter whose author can write back."""
    entry = registered_entry(school, by=by, **letter)
    return Entry.objects.select_related("letter", "school").get(pk=entry.pk)


def write(letter: Letter, number: int, *, danger: bool = False) -> None:
    done = write_back(letter=letter, text=TEXT, danger=danger, form_hash=bytes([number]) * 32)
    assert isinstance(done, Message)


def test_an_author_who_writes_is_told_once_until_it_is_read(school: School, reader: Person) -> None:
    other = make_person(school, "director", with_key=True, email="d@a.example")
    entry = written_to(school, by=reader)
    with time_machine.travel(at("10:17"), tick=False):
        write(entry.letter, 1)
        write(entry.letter, 2)
        tell_author_wrote(entry.letter)
        remind()
        assert [m for m in mail.outbox if "message" in m.subject] == [], "not at the minute"
    with time_machine.travel(at("11:00"), tick=False):
        remind()
    told = [message for message in mail.outbox if message.subject == "Trust box: a new message"]
    assert sorted(message.to[0] for message in told) == sorted(
        [reader.user.email, other.user.email]
    )
    assert all(TEXT not in message.body for message in told)
    with time_machine.travel(at("11:30"), tick=False):
        write(entry.letter, 3)
        Message.objects.update(seen=True)
        write(entry.letter, 4)
    kept = Mail.objects.filter(kind=Mail.Kind.AUTHOR_WROTE)
    assert kept.filter(state=Mail.State.WAITING).count() == 2
    assert {moment.minute for moment in kept.values_list("next_try_at", flat=True)} == {0}


def test_an_authors_message_is_told_to_nobody_from_whom_it_is_withheld(
    school: School, reader: Person
) -> None:
    make_person(school, "director", with_key=True, email="d@a.example")
    quiet = make_person(
        school, "social_pedagogue", with_key=True, email="q@a.example", mail_author_wrote=False
    )
    entry = written_to(school, by=reader, about=["director"])
    write(entry.letter, 1)
    told = Mail.objects.filter(kind=Mail.Kind.AUTHOR_WROTE)
    assert [one.person for one in told] == [reader.user]
    assert quiet.user not in [one.person for one in told]


def test_a_letter_still_in_the_box_and_a_cry_for_help_are_not_told_as_messages(
    school: School, reader: Person
) -> None:
    send_letter(school)
    write(Letter.objects.get(), 1)
    open_box(school, by=reader)
    entry = written_to(school, by=reader)
    write(entry.letter, 2, danger=True)
    assert not Mail.objects.filter(kind=Mail.Kind.AUTHOR_WROTE).exists()
    assert Mail.objects.filter(kind=Mail.Kind.DANGER).exists()
