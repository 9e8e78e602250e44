"""Writing the database's own files anew, so that nothing of destroyed keys is left in their free places."""

from django.apps import apps
from django.db import connection

# What a column is called in which a sealed key, or a whole sealed file, lies.
SEALED_IN = frozenset({"sealed_key", "author_sealed_key", "sealed_file", "sealed"})


def tables_with_keys() -> list[str]:
    """The tables in which sealed content keys lie, or lay."""
    return sorted(
        model._meta.db_table
        for model in apps.get_models()
        if SEALED_IN & {field.name for field in model._meta.get_fields()}
    )


def scour() -> list[str]:
    """Write those tables anew; returns them. Outside a transaction.

    PostgreSQL locks each table while it is written. SQLite writes the whole file, and needs its size once more.
    """
    tables = tables_with_keys()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table in tables:
                cursor.execute(f'VACUUM (FULL) "{table}"')
            cursor.execute("CHECKPOINT")
        else:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return tables
