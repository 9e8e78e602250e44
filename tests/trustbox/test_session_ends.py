"""Sessions end: after twenty idle minutes, after eight hours, everywhere at a button; public pages never see them."""

import datetime

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from journal.services import key_keeping
from tests.factories import (
    TEXT,
    Person,
    make_person,
    make_school,
    registered_entry,
    signed_in_client,
)

pytestmark = pytest.mark.django_db

INDEX = "admin:index"


@pytest.fixture
def school():
    return make_school()


@pytest.fixture
def holder(school) -> Person:
    return make_person(school, "psychologist", with_key=True)


def at(start: datetime.datetime, **later: int):
    return time_machine.travel(start + datetime.timedelta(**later))


def is_in(client: Client) -> bool:
    return client.get(reverse(INDEX)).status_code == 200


def test_twenty_idle_minutes_end_it(holder):
    client, start = signed_in_client(holder), timezone.now()
    with at(start, minutes=19):
        assert is_in(client)
    with at(start, minutes=38):
        assert is_in(client), "each request begins the twenty minutes anew"
    with at(start, minutes=59):
        assert not is_in(client)


def test_eight_hours_end_it_however_busy(holder):
    client, start = signed_in_client(holder), timezone.now()
    for minutes in range(15, 8 * 60, 15):
        with at(start, minutes=minutes):
            assert is_in(client)
    with at(start, minutes=8 * 60, seconds=1):
        response = client.get(reverse(INDEX))
        assert response.status_code == 302
        assert client.cookies[settings.KEYRING_COOKIE_NAME].value == ""
    assert not Session.objects.exists()


def test_saying_that_one_stays_is_a_request_like_any_other(holder):
    client, start = signed_in_client(holder), timezone.now()
    assert client.get(reverse("admin:stay")).status_code == 405
    with at(start, minutes=18):
        assert client.post(reverse("admin:stay")).status_code == 204
    with at(start, minutes=37):
        assert is_in(client)
    assert Client().post(reverse("admin:stay")).status_code == 302


def test_the_page_knows_when_it_ends(holder):
    client, start = signed_in_client(holder), timezone.now()
    page = client.get(reverse(INDEX)).content.decode()
    assert 'data-seconds="1200"' in page
    assert "Nothing was done here for a while" in page
    for minutes in range(15, 7 * 60 + 55, 15):
        with at(start, minutes=minutes):
            client.get(reverse(INDEX))
    with at(start, hours=7, minutes=55):
        page = client.get(reverse(INDEX)).content.decode()
        assert "Eight hours have passed" in page
        assert "Nothing was done here for a while" not in page
    assert "session-end" not in Client().get(reverse("admin:login")).content.decode()


def test_cookies_stay_on_the_staff_pages(holder, school):
    client = signed_in_client(holder)
    for name in (settings.SESSION_COOKIE_NAME, settings.KEYRING_COOKIE_NAME):
        cookie = client.cookies[name]
        assert cookie["path"] == "/admin/"
        assert cookie["httponly"]
        assert cookie["samesite"] in ("Lax", "Strict")
        assert not cookie["max-age"] and not cookie["expires"]
    client.post(reverse("admin:own"), {"language": "kk"})
    assert set(client.cookies) == {
        settings.SESSION_COOKIE_NAME,
        settings.KEYRING_COOKIE_NAME,
        settings.CSRF_COOKIE_NAME,
        "trustbox_known",
    }, "and messages are in none"
    public = Client().get(f"/kk/{school.slug}/")
    assert settings.SESSION_COOKIE_NAME not in public.cookies


@override_settings(SESSION_COOKIE_SECURE=True, CSRF_COOKIE_SECURE=True)
def test_behind_https_every_cookie_says_so(holder):
    client = Client()
    response = client.post(
        reverse("admin:login"),
        {"username": holder.user.username, "password": holder.password},
        secure=True,
    )
    assert len(response.cookies) >= 3
    assert all(cookie["secure"] for cookie in response.cookies.values())


def test_sign_out_everywhere(holder):
    here, there = signed_in_client(holder), signed_in_client(holder)
    address = reverse("admin:sign_out_everywhere")
    assert here.get(address).status_code == 405
    response = here.post(address)
    assert response.headers["Location"] == reverse("admin:login") + "?language=en"
    assert response.cookies[settings.KEYRING_COOKIE_NAME].value == ""
    assert not is_in(here)
    assert not is_in(there)
    assert is_in(signed_in_client(holder))


def test_sign_out_everywhere_is_the_persons_own(holder, school):
    other = signed_in_client(make_person(school, "director"))
    signed_in_client(holder).post(reverse("admin:sign_out_everywhere"))
    assert is_in(other)


def test_sessions_long_over_leave_no_pair_behind(holder, school):
    signed_in_client(holder)
    with at(timezone.now(), hours=1):
        signed_in_client(make_person(school, "director"))
        assert Session.objects.count() == 1


def test_a_key_taken_away_is_gone_at_the_next_request_of_an_open_session(holder, school):
    colleague = make_person(school, "director")
    key_keeping.grant(
        school=school, to=colleague.fresh(), by=holder.fresh(), keyring=holder.keyring()
    )
    entry = registered_entry(school, by=holder)
    client = signed_in_client(colleague)
    address = reverse("admin:journal_entry_change", args=[entry.pk])
    assert TEXT in client.get(address).content.decode()
    key_keeping.take_away(
        school=school, holder=colleague.fresh(), by=holder.fresh(), keyring=holder.keyring()
    )
    assert TEXT not in client.get(address).content.decode()
