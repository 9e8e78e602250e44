"""Wrong passwords lock a name for five minutes, but never somebody at the desk where they always sign in."""

import datetime

import pytest
import time_machine
from axes.models import AccessAttempt
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from journal.models import Trail
from schools import lockout
from tests.factories import PASSWORD, Person, make_person, make_school, signed_in_client

pytestmark = pytest.mark.django_db

LIMIT = settings.AXES_FAILURE_LIMIT


@pytest.fixture
def person() -> Person:
    return make_person(make_school(), "administrator")


def sign_in(client: Client, name: str, password: str):
    data = {"username": name, "password": password}
    return client.post(reverse("admin:login") + "?language=en", data)


def fail(client: Client, name: str, times: int = LIMIT):
    for _time in range(times):
        response = sign_in(client, name, "not the password")
    return response


def test_five_wrong_passwords_lock_the_name_for_five_minutes(person):
    name = person.user.username
    assert fail(Client(), name, LIMIT - 1).status_code == 200
    assert fail(Client(), name, 1).status_code == 429
    refused = sign_in(Client(), name, PASSWORD)
    assert refused.status_code == 429
    assert "Try again in 5 minutes." in refused.content.decode()
    for minutes, status in ((4, 429), (6, 302)):
        with time_machine.travel(timezone.now() + datetime.timedelta(minutes=minutes)):
            assert sign_in(Client(), name, PASSWORD).status_code == status


def test_trying_during_the_lock_does_not_prolong_it(person):
    name = person.user.username
    fail(Client(), name)
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=4)):
        response = fail(Client(), name, 20)
        assert "Try again in 1 minute." in response.content.decode()
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=5, seconds=1)):
        assert sign_in(Client(), name, PASSWORD).status_code == 302


def test_a_name_that_nobody_has_is_locked_alike(person):
    known, unknown = fail(Client(), person.user.username), fail(Client(), "nobody.at.all")
    assert known.status_code == unknown.status_code == 429
    body = known.content.decode()
    assert "nobody.at.all" not in unknown.content.decode()
    assert person.user.username not in body
    assert len(body) == len(unknown.content.decode())


def test_a_browser_known_to_the_person_stays_open(person):
    client = signed_in_client(person)
    client.post(reverse("admin:logout"))
    stranger = Client()
    assert fail(stranger, person.user.username).status_code == 429
    assert sign_in(client, person.user.username, PASSWORD).status_code == 302
    # … which frees nothing for the stranger.
    assert sign_in(stranger, person.user.username, PASSWORD).status_code == 429


def test_a_whole_school_signs_in_while_all_its_names_are_locked():
    school = make_school()
    people = [make_person(school, "administrator", username=f"person{n}") for n in range(4)]
    desk = Client()
    for person in people:
        assert sign_in(desk, person.user.username, PASSWORD).status_code == 302
        desk.post(reverse("admin:logout"))
    for person in people:
        assert fail(Client(), person.user.username).status_code == 429
    for person in people:
        assert sign_in(desk, person.user.username, PASSWORD).status_code == 302
        desk.post(reverse("admin:logout"))


def test_a_known_browser_has_its_own_limit(person):
    client = signed_in_client(person)
    client.post(reverse("admin:logout"))
    assert fail(client, person.user.username).status_code == 429
    assert sign_in(client, person.user.username, PASSWORD).status_code == 429
    assert sign_in(Client(), person.user.username, PASSWORD).status_code == 302


def test_a_browser_is_known_for_its_own_people_only(person):
    colleague = make_person(make_school("school-2"), "administrator")
    client = signed_in_client(person)
    client.post(reverse("admin:logout"))
    fail(Client(), colleague.user.username)
    assert sign_in(client, colleague.user.username, PASSWORD).status_code == 429


@pytest.mark.parametrize("value", ["", "forged", "eyJhIjoiYiJ9:1abc:forged", "WyJhIl0:1tz:x"])
def test_a_forged_cookie_makes_nobody_known(person, value):
    client = Client()
    client.cookies[lockout.COOKIE_NAME] = value
    fail(Client(), person.user.username)
    assert sign_in(client, person.user.username, PASSWORD).status_code == 429


def test_the_cookie_stays_on_the_staff_pages_and_names_nobody(person):
    cookie = signed_in_client(person).cookies[lockout.COOKIE_NAME]
    assert cookie["path"] == "/admin/"
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert cookie["max-age"] == 365 * 24 * 3600
    assert person.user.username not in cookie.value


def test_a_right_password_begins_the_count_anew(person):
    fail(Client(), person.user.username, LIMIT - 1)
    assert sign_in(Client(), person.user.username, PASSWORD).status_code == 302
    assert fail(Client(), person.user.username, LIMIT - 1).status_code == 200


def test_no_table_holds_where_a_try_came_from_or_what_was_typed(person):
    client = Client(
        REMOTE_ADDR="203.0.113.77",
        headers={"user-agent": "Marker/9", "accept": "text/marker"},
    )
    sign_in(client, "typed my p4ssword here", "and-again-p4ssword")
    sign_in(client, person.user.username, "wrong-p4ssword")
    client.post(
        reverse("admin:login") + "?next=/admin/p4ssword/", {"username": "x", "password": "y"}
    )
    sign_in(client, person.user.username, PASSWORD)
    client.post(reverse("admin:logout"))
    rows = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows += [str(row) for row in cursor.fetchall()]
    assert AccessAttempt.objects.exists()
    everything = "\n".join(rows)
    for word in ("203.0.113.77", "Marker", "p4ssword", "127.0.0.1"):
        assert word not in everything
    assert not apps.get_model("axes", "AccessLog").objects.exists()
    assert not apps.get_model("axes", "AccessFailureLog").objects.exists()


def test_nothing_of_it_is_logged(person, caplog):
    with caplog.at_level("WARNING"):
        fail(Client(), person.user.username, LIMIT + 1)
    assert person.user.username not in caplog.text


class TestTrail:
    def test_a_wrong_password_is_a_row_in_each_school_of_the_person(self, person):
        school, other = make_school("school-2"), make_school("school-3")
        person.user.memberships.create(school=school, role_id="administrator")
        fail(Client(), person.user.username, 1)
        rows = Trail.objects.filter(step=Trail.Step.SIGN_IN_FAILED)
        assert {row.school_id for row in rows} == set(person.fresh().roles_by_school)
        assert other.pk not in {row.school_id for row in rows}
        assert rows[0].facts == {"name": person.user.username, "second_factor": False}
        assert rows[0].by is None
        assert "not the password" not in str(rows.values())

    def test_a_name_that_nobody_has_leaves_none(self, person):
        fail(Client(), "nobody.at.all", 2)
        assert not Trail.objects.filter(step=Trail.Step.SIGN_IN_FAILED).exists()

    def test_a_locked_name_fills_nobodys_book(self, person):
        fail(Client(), person.user.username, LIMIT + 10)
        assert Trail.objects.filter(step=Trail.Step.SIGN_IN_FAILED).count() == LIMIT
