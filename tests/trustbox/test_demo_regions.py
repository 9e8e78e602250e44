"""The demonstration's regions: each has somebody whom a cry for help reaches, and one has."""

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from box.models import Letter
from journal.escalations import is_open_to, lend
from journal.models import Alert, Escalation, SpareKey
from journal.services.verifying import verify_school
from schools.models import Mail, Region, School, User
from schools.region_officers import reader_of
from schools.regions import regions_watched, unreachable
from schools.services.signing_in import open_pair
from trustbox.demo.regions import CRY, UNANSWERED, analysts, named_people
from vault.keyring import Keyring

pytestmark = pytest.mark.django_db
PASSWORD = "demonstration of 2026"


def signed_in(account: str) -> Client:
    client = Client()
    form = {"username": account, "password": PASSWORD}
    assert client.post(reverse("admin:login"), form).status_code == 302
    return client


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> str:
    """What the command said that made the demonstration."""
    call_command("demo", password=PASSWORD)
    return capsys.readouterr().out


def test_a_cry_for_help_that_nobody_at_a_school_answered_is_open_to_the_named_person(
    said: str,
) -> None:
    (case,) = Escalation.objects.all()
    officer = User.objects.get(username="named.akzhol")
    assert (case.school.slug, case.officer, case.taken_at) == (UNANSWERED, officer, None)
    (alert,) = Alert.objects.filter(answered_at=None)
    assert (alert.letter, alert.stage) == (case.letter, Alert.Stage.REGION)
    # Nobody is called on and on for it.
    assert alert.next_stage_at is None
    assert not Mail.objects.exists()
    letter = Letter.objects.get(pk=case.letter_id)
    assert is_open_to(case, officer)
    lend([letter], escalation=case, person=officer)
    pair = open_pair(user=officer, password=PASSWORD)
    assert letter.read(Keyring(person_id=officer.pk, person=pair))["text"] == CRY.text
    assert not SpareKey.objects.exclude(escalation=case).exists()
    for school in School.objects.all():
        verify_school(school)


def test_the_named_person_signs_in_and_sees_it(said: str) -> None:
    client = signed_in("named.akzhol")
    (case,) = Escalation.objects.all()
    page = client.get("/admin/reached/").content.decode()
    assert str(case.school) in page
    assert CRY.text in client.get(f"/admin/reached/{case.pk}/").content.decode()
    other = signed_in("named.akbulak")
    assert str(case.school) not in other.get("/admin/reached/").content.decode()
    assert other.get(f"/admin/reached/{case.pk}/").status_code == 404


def test_every_school_of_both_regions_has_somebody_to_reach(said: str) -> None:
    assert {region.officer.username for region in Region.objects.filter(parent=None)} == {
        *named_people()
    }
    for school in School.objects.all():
        assert reader_of(school).person.username in named_people()
    for account in analysts():
        watched = regions_watched(User.objects.get(username=account))
        assert watched
        assert unreachable(watched) == []


def test_the_command_names_the_accounts_and_adds_nothing_the_next_time(
    said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for account in (*analysts(), *named_people()):
        assert account in said
    before = (User.objects.count(), Escalation.objects.count(), Letter.objects.count())
    call_command("demo", password="another one altogether")
    assert "are there already" in capsys.readouterr().out
    assert before == (User.objects.count(), Escalation.objects.count(), Letter.objects.count())
    signed_in("named.akbulak")
