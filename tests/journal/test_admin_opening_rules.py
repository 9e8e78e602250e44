"""The form of an opening asks what the regulation asks, and colleagues confirm on it that they are present."""

import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from journal.models import Opening, Trail
from schools.models import School
from tests import factories
from tests.factories import PASSWORD, Person

MONDAY = datetime.datetime(2026, 11, 2, 4, tzinfo=datetime.UTC)


@pytest.fixture
def school(db: None) -> School:
    return factories.make_school(
        schedule="weekly", weekday=4, least_present=2, must_be_present=["deputy_director"]
    )


@pytest.fixture
def holder(school: School) -> Person:
    with time_machine.travel(MONDAY):
        return factories.make_person(school, "psychologist", with_key=True)


@pytest.fixture
def deputy(school: School, holder: Person) -> Person:
    return factories.make_person(school, "deputy_director")


@pytest.fixture
def client(holder: Person, deputy: Person) -> Client:
    return factories.signed_in_client(holder)


def address(school: School) -> str:
    return reverse("admin:journal_opening_open", args=[school.slug])


def sent(*present: Person, **changed: Any) -> dict[str, Any]:
    return {
        "present": [str(person.user.pk) for person in present],
        "kind": "out_of_turn",
        "reason": "Сегодня.",
        "paper_count": "0",
        "missed_reason": "Каникулы.",
        **changed,
    }


def text(response: Any) -> str:
    return response.content.decode()


def test_what_was_missed_is_shown_and_its_reason_asked(
    school: School, holder: Person, deputy: Person, client: Client
) -> None:
    assert "Missed: " in text(client.get(address(school)))
    response = client.post(address(school), sent(holder, deputy, missed_reason=""))
    assert "Openings were missed: say why." in text(response)
    assert "Сегодня." in text(response)
    assert not Opening.objects.exists()
    client.post(address(school), sent(holder, deputy))
    opening = Opening.objects.get()
    assert opening.missed
    assert opening.read(holder.keyring())["missed_reason"] == "Каникулы."


def test_with_fewer_than_asked_the_reason_is_asked(
    school: School, holder: Person, deputy: Person, client: Client
) -> None:
    shown = text(client.get(address(school)))
    assert "at least this many: 2" in shown
    assert "deputy director" in shown
    response = client.post(address(school), sent(holder))
    assert "Fewer are present" in text(response)
    client.post(address(school), sent(holder, few_reason="Завуч болеет."))
    assert Opening.objects.get().read(holder.keyring())["few_reason"] == "Завуч болеет."


def test_a_colleague_confirms_by_their_own_password(
    school: School, holder: Person, deputy: Person, client: Client
) -> None:
    client.post(address(school), sent(holder, **{f"confirm_{deputy.user.pk}": PASSWORD}))
    present = {row["role"]: row["confirmed"] for row in Opening.objects.get().present}
    assert present == {"psychologist": True, "deputy_director": True}


def test_who_signs_on_paper_has_confirmed_nothing(
    school: School, holder: Person, deputy: Person, client: Client
) -> None:
    client.post(address(school), sent(holder, deputy))
    present = {row["role"]: row["confirmed"] for row in Opening.objects.get().present}
    assert present == {"psychologist": True, "deputy_director": False}


def test_a_wrong_password_confirms_nothing_and_is_counted(
    school: School, holder: Person, deputy: Person, client: Client
) -> None:
    name = f"confirm_{deputy.user.pk}"
    response = client.post(address(school), sent(holder, deputy, **{name: "wrong password"}))
    assert "This is not the password of" in text(response)
    assert "wrong password" not in text(response)
    assert not Opening.objects.exists()
    assert Trail.objects.filter(step=Trail.Step.SIGN_IN_FAILED).count() == 1
    for _ in range(5):
        client.post(address(school), sent(holder, deputy, **{name: "wrong password"}))
    client.post(address(school), sent(holder, deputy, **{name: PASSWORD}))
    assert not Opening.objects.exists(), "a name tried too often is locked here as well"


def test_in_danger_nothing_is_asked_that_could_wait(
    school: School, holder: Person, deputy: Person, client: Client
) -> None:
    factories.send_letter(school, danger=True)
    response = client.post(
        address(school), sent(holder, kind="danger", reason="", missed_reason="")
    )
    assert response.status_code == 302
    assert Opening.objects.get().kind == Opening.Kind.DANGER
