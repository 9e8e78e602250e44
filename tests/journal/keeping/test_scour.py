"""After ``manage.py scour`` the database's own files have nothing of the destroyed keys in their free places."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from box.models import Message
from journal.services.scouring import tables_with_keys
from journal.services.verifying import verify_school
from schools.models import School
from tests import factories
from tests.journal.keeping.case import LONG_AGO, NOW, at, destroyed, rich_entry

pytestmark = pytest.mark.django_db(transaction=True)


def database_files() -> Iterator[bytes]:
    """The bytes on the disk: of SQLite the file and its log, of PostgreSQL the files of the tables."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
            name = Path(connection.settings_dict["NAME"])
            for path in (name, name.with_name(f"{name.name}-wal")):
                if path.exists():
                    yield path.read_bytes()
            return
        cursor.execute("CHECKPOINT")
        cursor.execute("SHOW data_directory")
        folder = Path(cursor.fetchone()[0])
        for table in tables_with_keys():
            cursor.execute("SELECT pg_relation_filepath(%s)", [table])
            yield (folder / cursor.fetchone()[0]).read_bytes()


def test_nothing_of_the_keys_is_left_in_the_files(school: School) -> None:
    holder = factories.make_person(school, "psychologist", with_key=True)
    deputy = factories.make_person(school, "deputy_director", with_key=True)
    with at(LONG_AGO):
        entry, _code = rich_entry(school, by=holder)
    messages = Message.objects.filter(letter=entry.letter)
    keys = {
        bytes(entry.sealed_key),
        bytes(entry.letter.alerts.get().sealed_key),
        *(bytes(row.sealed_key) for row in messages),
        *(bytes(row.author_sealed_key) for row in messages),
        *(bytes(row.sealed_key) for row in entry.forwardings.all()),
    }
    before = b"".join(database_files())
    assert all(key in before for key in keys), "the search finds them while they are there"

    with at(NOW):
        destroyed(school, by=holder, approver=deputy)
    call_command("scour")

    after = b"".join(database_files())
    assert after and not any(key in after for key in keys)
    verify_school(school)
