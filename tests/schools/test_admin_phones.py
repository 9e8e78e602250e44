"""The trust phones of a school on the staff site: added, given their hours, deleted."""

import datetime
import re

import pytest
from django.test import Client
from django.urls import reverse

from schools.languages import LANGUAGES
from schools.models import School, TrustPhone
from tests.factories import make_person, make_school, signed_in_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> School:
    return make_school()


@pytest.fixture
def client(school: School) -> Client:
    """The school's administrator."""
    return signed_in_client(make_person(school, "administrator"))


def texts(name: str, words: dict[str, str]) -> dict[str, str]:
    """A text in several languages as the form sends it."""
    return {f"{name}_{code}": words.get(code, "") for code in LANGUAGES}


def test_phone_is_added_and_deleted(client: Client, school: School) -> None:
    data = {
        "school": school.pk,
        **texts("names", {"ru": "Психолог"}),
        "number": "+7 701 000 00 00",
        **texts("hours", {}),
        "order": "0",
    }
    client.post(reverse("admin:schools_trustphone_add"), data)
    phone = TrustPhone.objects.get(school=school)
    assert phone.names == {"ru": "Психолог"}
    assert (phone.weekdays, phone.answered_from, phone.on_days_off) == ([], None, False)
    delete = reverse("admin:schools_trustphone_delete", args=[phone.pk])
    client.post(delete, {"post": "yes"})
    assert not TrustPhone.objects.exists()


def test_hours_of_a_phone(client: Client, school: School) -> None:
    phone = TrustPhone.objects.create(school=school, names={"ru": "Психолог"}, number="111")
    change = reverse("admin:schools_trustphone_change", args=[phone.pk])
    data = {
        **texts("names", {"ru": "Психолог"}),
        "number": "111",
        **texts("hours", {}),
        "order": "0",
        "weekdays": ["4", "0"],
        "answered_from": "09:00",
    }
    half = client.post(change, data)
    assert "Give the days and both hours, or none of them." in half.content.decode()
    for wrong in (["7"], ["0", "x"]):
        assert client.post(change, {**data, "answered_to": "18:30", "weekdays": wrong}).context[
            "errors"
        ]
    phone.refresh_from_db()
    assert phone.weekdays == []
    assert client.post(change, {**data, "answered_to": "18:30", "on_days_off": "on"}).url
    phone.refresh_from_db()
    assert phone.weekdays == [0, 4]
    assert (phone.answered_from, phone.answered_to) == (datetime.time(9), datetime.time(18, 30))
    assert phone.on_days_off
    page = client.get(change).content.decode()
    assert re.search(r'name="weekdays" value="4"[^>]*checked', page)
    assert not re.search(r'name="weekdays" value="5"[^>]*checked', page)
