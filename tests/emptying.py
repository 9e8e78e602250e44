"""What a test has committed is taken out of the tables again.

Django's own way empties every table, full or not, and makes every permission anew: on PostgreSQL that takes longer
than most tests.
"""

from functools import cache

from django.db import connections, transaction

from journal.bound import KEPT, bind, missing, unbind
from schools.services.roles import sync_roles

# Their rows are made by ``migrate``, and are the same for every test; roles are put in line again.
_STAY = {
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "schools_role",
    "schools_role_permissions",
}


@cache
def _tables(alias: str) -> list[str]:
    found = connections[alias].introspection.django_table_names(
        only_existing=True, include_views=False
    )
    return sorted(set(found) - _STAY)


def empty(alias: str = "default") -> None:
    """Every table as it is before the first test; the book's triggers are in place."""
    connection = connections[alias]
    quoted = connection.ops.quote_name
    asked = " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {quoted(table)})" for table in _tables(alias)
    )
    with transaction.atomic(using=alias), connection.cursor() as cursor:
        cursor.execute(asked)
        filled = [row[0] for row in cursor.fetchall()]
        is_bound = not missing(connection)
        if is_bound and not set(KEPT).isdisjoint(filled):
            unbind(connection)
            is_bound = False
        for table in filled:
            cursor.execute(f"DELETE FROM {quoted(table)}")
        if not is_bound:
            # PostgreSQL asks first whether the rows taken out are missed anywhere.
            connection.check_constraints()
            bind(connection)
        sync_roles()
