"""E-mails put down and sent over a real mail server that takes, delays, refuses, hangs and dies."""

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from schools.mailing import mail_leaves
from schools.models import Mail, School
from schools.services import sending
from schools.services.posting import post
from schools.services.sending import Sent, send, send_due
from tests.factories import Person, make_person, make_school
from tests.mail_server import MailServer, mail_server
from tests.races import at_once

pytestmark = pytest.mark.django_db
Kind, State = Mail.Kind, Mail.State
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with mail_server() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        settings.EMAIL_TIMEOUT = 0.5
        yield running


@pytest.fixture
def school() -> School:
    return make_school()


@pytest.fixture
def person(school: School) -> Person:
    return make_person(school, "psychologist", email="reader@school.example")


def told(person: Person, occasion: str = "once", kind: str = Kind.AUTHOR_WROTE) -> Mail:
    mail = post(
        person=person.user,
        school=person.user.memberships.get().school,
        kind=kind,
        occasion=occasion,
    )
    assert mail is not None
    return mail


def test_one_mail_is_sent_once(server: MailServer, person: Person) -> None:
    mail = told(person)
    assert send(mail.pk) is Sent.DONE
    assert send(mail.pk) is Sent.NOTHING
    assert send_due(seconds=5) == 0
    assert len(server.taken) == 1
    assert server.told == ["reader@school.example"]
    mail.refresh_from_db()
    assert (mail.state, mail.fault, mail.in_hand_since, mail.tries) == (State.SENT, "", None, 1)
    assert mail.sent_at is not None


def test_no_time_of_an_authors_act_is_kept(server: MailServer, person: Person) -> None:
    mail = told(person)
    send(mail.pk)
    mail.refresh_from_db()
    for moment in (mail.written_at, mail.next_try_at, mail.sent_at):
        assert (moment.minute, moment.second, moment.microsecond) == (0, 0, 0)
    with time_machine.travel(timezone.now() + 2 * sending.TASKS_KEPT_FOR, tick=False):
        DBTaskResult.objects.update(finished_at=timezone.now() - sending.TASKS_KEPT_FOR - MINUTE)
        assert sending.forget_old() == 1
    assert not DBTaskResult.objects.exists()


def test_an_occasion_is_told_once(person: Person) -> None:
    told(person)
    again = post(person=person.user, school=None, kind=Kind.AUTHOR_WROTE, occasion="once")
    assert again is None
    assert Mail.objects.count() == DBTaskResult.objects.count() == 1


def test_what_is_undone_is_told_to_nobody(person: Person) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        told(person)
        raise ZeroDivisionError
    assert not Mail.objects.exists()
    assert not DBTaskResult.objects.exists()


def test_a_task_knows_a_number_alone(person: Person) -> None:
    mail = told(person, kind=Kind.DANGER)
    task = DBTaskResult.objects.get()
    assert task.args_kwargs == {"args": [mail.pk], "kwargs": {}}
    assert task.priority > 0


def test_who_does_not_want_it_gets_none_but_danger(person: Person) -> None:
    person.user.mail_digest = person.user.mail_author_wrote = False
    person.user.save()
    for kind in (Kind.DIGEST, Kind.AUTHOR_WROTE):
        assert post(person=person.user, school=None, kind=kind, occasion=kind) is None
    assert post(person=person.user, school=None, kind=Kind.DANGER, occasion="d") is not None
    for changed in ({"email": ""}, {"is_active": False}):
        other = make_person(None, None, username=str(len(changed)) + next(iter(changed)), **changed)
        assert post(person=other.user, school=None, kind=Kind.DANGER, occasion="o") is None


def test_whoever_left_before_it_was_sent_gets_none(server: MailServer, person: Person) -> None:
    mail = told(person)
    type(person.user).objects.update(is_active=False)
    assert send(mail.pk) is Sent.DROPPED
    assert server.taken == []


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ("451 Try again", "SMTPDataError"),
        ("550 No", "SMTPDataError"),
        ("die", "SMTPServerDisconnected"),
        (2.0, "SMTPServerDisconnected"),
    ],
)
def test_a_server_that_does_not_take_it_is_asked_again(
    answer: str | float, fault: str, server: MailServer, person: Person
) -> None:
    server.answers = [answer, "250 OK"]
    mail = told(person)
    assert send(mail.pk) is Sent.LATER
    mail.refresh_from_db()
    assert (mail.state, mail.fault, mail.in_hand_since) == (State.WAITING, fault, None)
    assert send(mail.pk) is Sent.NOTHING, "not before its time"
    with time_machine.travel(mail.next_try_at + MINUTE, tick=False):
        assert send_due(seconds=5) == 1
    mail.refresh_from_db()
    assert (mail.state, mail.tries, mail.fault) == (State.SENT, 2, "")


@pytest.mark.parametrize("answer", ["450 Later", "550 Unknown"])
def test_a_refused_address_keeps_nobody_else_waiting(
    answer: str, server: MailServer, person: Person
) -> None:
    server.for_recipients = answer
    first, second = told(person, "first"), told(person, "second")
    assert send(first.pk) is Sent.LATER
    server.for_recipients = "250 OK"
    assert send(second.pk) is Sent.DONE
    first.refresh_from_db()
    assert first.fault == "SMTPRecipientsRefused"
    pause = first.next_try_at - timezone.now()
    longest = sending.PAUSES[-1]
    assert (pause > longest - MINUTE) == answer.startswith("5"), (
        "a server that says no is not asked at once"
    )


def test_a_server_that_is_away_is_asked_by_one_mail_a_minute_and_by_every_call_for_help(
    server: MailServer, person: Person
) -> None:
    mails = [told(person, f"mail {number}") for number in range(20)]
    calls = [told(person, f"danger {number}", Kind.DANGER) for number in range(3)]
    server.shut()
    assert send_due(seconds=30) == 0
    tried = dict(Mail.objects.values_list("pk", "tries"))
    assert [tried[call.pk] for call in calls] == [1, 1, 1]
    assert sum(tried[mail.pk] for mail in mails) <= 1
    assert not Mail.objects.filter(state=State.WAITING, fault="").exists(), (
        "all are shown as waiting"
    )
    server.open()
    with time_machine.travel(timezone.now() + 2 * MINUTE, tick=False):
        # One call for help tells what its repetitions would.
        assert send_due(seconds=30) == len(mails) + 1
    assert not Mail.objects.filter(state=State.WAITING).exists()
    assert len(server.taken) == len(mails) + 1


def test_pauses_grow_and_after_days_it_is_given_up_and_shown(
    server: MailServer, person: Person
) -> None:
    server.shut()
    mail = told(person)
    pauses = []
    with time_machine.travel(timezone.now(), tick=False) as clock:
        while mail.state == State.WAITING:
            clock.move_to(max(mail.next_try_at, timezone.now()))
            send(mail.pk)
            mail.refresh_from_db()
            pauses.append((mail.next_try_at - timezone.now()) // MINUTE)
            assert len(pauses) < 100
        assert timezone.now() - mail.written_at > sending.GIVEN_UP_AFTER
    assert pauses[:6] == [1, 2, 5, 15, 60, 60]
    assert (mail.state, mail.fault) == (State.DROPPED, "ConnectionRefusedError")


def test_a_call_for_help_is_tried_again_within_seconds(server: MailServer, person: Person) -> None:
    server.answers = ["451 Busy", "250 OK"]
    mail = told(person, kind=Kind.DANGER)
    send(mail.pk)
    mail.refresh_from_db()
    assert mail.next_try_at - timezone.now() < 15 * datetime.timedelta(seconds=1)


@pytest.mark.parametrize("goodbye", ["421 Go away", "die"])
def test_taken_by_a_server_that_says_goodbye_badly_is_taken(
    goodbye: str, server: MailServer, person: Person
) -> None:
    server.goodbye = goodbye
    assert send(told(person).pk) is Sent.DONE
    assert len(server.taken) == 1


def test_a_copy_is_known_as_a_copy(server: MailServer, person: Person) -> None:
    """The one case in which a mail leaves twice: the server took it and never said so."""
    server.answers = ["die after", "250 OK"]
    mail = told(person)
    assert send(mail.pk) is Sent.LATER
    mail.refresh_from_db()
    with time_machine.travel(mail.next_try_at + MINUTE, tick=False):
        assert send(mail.pk) is Sent.DONE
    first, second = server.taken
    assert first["Message-ID"] == second["Message-ID"]
    other = told(person, "other")
    send(other.pk)
    assert server.taken[2]["Message-ID"] != first["Message-ID"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_mail(server: MailServer) -> None:
    school = make_school()
    person = make_person(school, "psychologist", email="reader@school.example")
    mails = [told(person, f"mail {number}") for number in range(4)]
    server.answers = [0.1]
    results = at_once(6, lambda _place: [send(mail.pk) for mail in mails])
    flat = [result for some in results for result in some]
    assert flat.count(Sent.DONE) == len(mails)
    assert flat.count(Sent.NOTHING) == len(flat) - len(mails)
    assert len(server.taken) == len(mails)


def test_a_mail_in_a_dead_workers_hand_is_taken_over(server: MailServer, person: Person) -> None:
    mail = told(person)
    Mail.objects.update(in_hand_since=timezone.now())
    assert send(mail.pk) is Sent.NOTHING
    with time_machine.travel(timezone.now() + sending.TAKEN_OVER_AFTER + MINUTE, tick=False):
        assert send_due(seconds=5) == 1


def test_sent_mails_are_forgotten_after_two_weeks(server: MailServer, person: Person) -> None:
    waiting, sent = told(person, "waits"), told(person, "sent")
    send(sent.pk)
    later = timezone.now() + sending.KEPT_FOR + datetime.timedelta(hours=2)
    with time_machine.travel(later, tick=False):
        sending.forget_old()
    assert list(Mail.objects.all()) == [waiting]


def test_without_a_mail_server_mails_are_files_for_two_weeks(
    person: Person, settings: Any, tmp_path: Path
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    assert not mail_leaves()
    assert send(told(person).pk) is Sent.DONE
    (file,) = tmp_path.iterdir()
    assert "To: reader@school.example" in file.read_text()
    sending.forget_old()
    assert file.exists()
    with time_machine.travel(timezone.now() + sending.KEPT_FOR + MINUTE, tick=False):
        sending.forget_old()
    assert not file.exists()
