"""The ground the tests stand on: both engines over real connections, roles in place, real sign-in."""

import os

import pytest
from django.db import connection

from schools.models import Role, School
from schools.roles import ROLE_PERMISSIONS
from tests.factories import make_person, make_school, registered_entry, signed_in_client
from tests.races import at_once


@pytest.mark.django_db
def test_a_run_on_both_engines_uses_the_engine_it_names() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    wanted = os.environ.get("TRUSTBOX_TEST_ENGINE", connection.vendor)
    assert connection.vendor == wanted


@pytest.mark.django_db
def test_sqlite_waits_its_turn_and_postgresql_flushes() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA journal_mode")
            assert cursor.fetchone()[0] == "wal"
            cursor.execute("PRAGMA synchronous")
            assert cursor.fetchone()[0] == 2
            assert connection.transaction_mode == "IMMEDIATE"
        else:
            cursor.execute("SHOW fsync")
            assert cursor.fetchone()[0] == "on"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_roles_are_there_also_after_tables_were_emptied(turn: int) -> None:
    assert set(Role.objects.values_list("slug", flat=True)) == set(ROLE_PERMISSIONS)
    make_school(slug="only-once")
    assert School.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_sixteen_connections_write_at_once() -> None:
    results = at_once(16, lambda place: make_school(slug=f"school-{place}").slug)
    assert sorted(results) == sorted(f"school-{place}" for place in range(16))
    assert School.objects.count() == 16


@pytest.mark.django_db
def test_a_letter_goes_its_way_through_the_factories() -> None:
    school = make_school()
    keeper = make_person(school, "psychologist", with_key=True)
    colleague = make_person(school, "deputy_director", with_key=True)
    entry = registered_entry(school, by=keeper, text="The roof leaks over my desk.")
    assert (entry.number, entry.source) == (1, "web")
    assert entry.letter.read(colleague.keyring())["text"] == "The roof leaks over my desk."
    assert "sessionid" in signed_in_client(keeper).cookies
