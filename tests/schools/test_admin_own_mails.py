"""Which e-mails a person gets; a test e-mail to themselves; what the first page tells of mail that does not leave."""

import datetime

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from schools.models import Mail, School
from schools.services.being_there import be_seen
from schools.services.posting import TESTS_AN_HOUR, post
from schools.services.sending import send_due
from tests.factories import (
    Person,
    make_operator,
    make_person,
    make_school,
    signed_in_client,
)

pytestmark = pytest.mark.django_db
OWN, CHOOSE, TEST = (reverse(f"admin:{name}") for name in ("own", "own_mails", "own_test_mail"))
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def school() -> School:
    return make_school()


@pytest.fixture
def person(school: School) -> Person:
    return make_person(school, "psychologist", email="p@school.example")


def page(client: Client, address: str = OWN) -> str:
    return client.get(address).content.decode()


def test_a_person_chooses(person: Person) -> None:
    client = signed_in_client(person)
    assert "This cannot be turned off." in page(client)
    client.post(CHOOSE, {"mail_author_wrote": "on"})
    kept = person.fresh()
    assert (kept.mail_digest, kept.mail_author_wrote, kept.language) == (False, True, "en")
    client.post(OWN, {"language": "kk"})
    kept = person.fresh()
    assert (kept.mail_digest, kept.mail_author_wrote, kept.language) == (False, True, "kk")


def test_nobody_chooses_for_somebody_else(school: School, person: Person) -> None:
    other = make_person(school, "director")
    signed_in_client(other).post(CHOOSE, {"user": person.user.pk, "id": person.user.pk})
    kept = person.fresh()
    assert kept.mail_digest
    assert not other.fresh().mail_digest


def test_only_whoever_reads_letters_has_a_choice(school: School) -> None:
    for other in (make_operator(), make_person(school, "administrator")):
        assert "You are told:" not in page(signed_in_client(other))


@pytest.mark.parametrize("address", [CHOOSE, TEST])
def test_nothing_by_a_link_and_nothing_signed_out(address: str, person: Person) -> None:
    assert signed_in_client(person).get(address).status_code == 405
    assert Client().post(address).headers["Location"].startswith(reverse("admin:login"))
    assert not Mail.objects.exists()


def test_a_test_mail_goes_to_oneself_and_its_way_is_told(person: Person) -> None:
    client = signed_in_client(person)
    client.post(TEST)
    assert "leaves in a few seconds" in page(client)
    send_due(seconds=5)
    (message,) = mail.outbox
    assert message.to == ["p@school.example"]
    assert "The mail server has taken your last test e-mail" in page(client)
    Mail.objects.update(state=Mail.State.WAITING, fault="ConnectionRefusedError")
    assert "has not taken your last test e-mail (ConnectionRefusedError). It is tried" in page(
        client
    )


def test_test_mails_are_few(person: Person) -> None:
    client = signed_in_client(person)
    with time_machine.travel(timezone.now().replace(minute=5), tick=False) as clock:
        for _turn in range(TESTS_AN_HOUR + 3):
            told = client.post(TEST, follow=True).content.decode()
        assert "You have asked for several test e-mails this hour." in told
        assert Mail.objects.count() == TESTS_AN_HOUR
        clock.shift(HOUR)
        client = signed_in_client(person)
        client.post(TEST)
    assert Mail.objects.count() == TESTS_AN_HOUR + 1


def test_without_an_address_there_is_none(school: School) -> None:
    client = signed_in_client(make_person(school, "director"))
    assert "has no e-mail address" in page(client)
    assert "Send me a test" not in page(client)
    client.post(TEST)
    assert not Mail.objects.exists()


def test_without_a_mail_server_every_first_page_warns(
    school: School, person: Person, settings: object
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    index = reverse("admin:index")
    shown = page(signed_in_client(person), index)
    assert "No mail server is set up." in shown
    assert "EMAIL_URL" not in shown
    assert "EMAIL_URL" in page(signed_in_client(make_operator()), index)
    assert "Send me a test" not in page(signed_in_client(person))


def waiting(person: Person, kind: str, count: int = 1) -> None:
    for _turn in range(count):
        post(person=person.user, school=None, kind=kind, occasion=f"{kind}:{Mail.objects.count()}")
    Mail.objects.update(fault="ConnectionRefusedError")


def test_mails_that_wait_are_shown_to_who_looks_after_them(school: School, person: Person) -> None:
    index = reverse("admin:index")
    waiting(person, Mail.Kind.DIGEST, 2)
    waiting(person, Mail.Kind.DANGER, 3)
    assert "5 e-mails wait for the mail server." in page(signed_in_client(make_operator()), index)
    # A letter may be about the administrator: how many calls for help there are is not for them.
    administrator = signed_in_client(make_person(school, "administrator"))
    assert "2 e-mails wait for the mail server." in page(administrator, index)
    elsewhere = make_person(make_school("school-2"), "administrator")
    for other in (person, elsewhere):
        assert "mail server" not in page(signed_in_client(other), index)


def test_mails_given_up_are_shown_and_what_nobody_needed_is_not(person: Person) -> None:
    client, index = signed_in_client(make_operator()), reverse("admin:index")
    waiting(person, Mail.Kind.DANGER)
    for fault in ("outdated", "unwanted", "no news"):
        Mail.objects.update(state=Mail.State.DROPPED, fault=fault)
        assert "given up" not in page(client, index)
    Mail.objects.update(fault="TimeoutError")
    assert "In the last two weeks 1 e-mail was given up after three days." in page(client, index)


def test_mails_that_nobody_tries_tell_that_no_worker_runs(person: Person) -> None:
    client, index = signed_in_client(make_operator()), reverse("admin:index")
    assert "no worker runs" in page(client, index), "none was ever seen"
    be_seen()
    post(person=person.user, school=None, kind=Mail.Kind.DANGER, occasion="1")
    assert "no worker runs" not in page(client, index)
    Mail.objects.update(next_try_at=timezone.now() - datetime.timedelta(minutes=6))
    assert "no worker runs" in page(client, index)


def test_as_many_queries_for_fifty_mails_as_for_one(person: Person) -> None:
    client, index = signed_in_client(make_operator()), reverse("admin:index")
    waiting(person, Mail.Kind.DIGEST)
    with CaptureQueriesContext(connection) as one:
        page(client, index)
    waiting(person, Mail.Kind.DIGEST, 49)
    with CaptureQueriesContext(connection) as fifty:
        page(client, index)
    assert len(one) == len(fifty)
