"""Nothing comes into a box that has gone elsewhere, not even in the moment in which it goes."""

from django.db import connection

from schools.models import School

# On PostgreSQL a share of the row's key: letters do not wait for each other, and whoever takes the school away waits
# for them. SQLite lets one write at a time anyway.
_HERE = {
    "sqlite": "SELECT 1 FROM schools_school WHERE id = %s AND left_on IS NULL",
    "postgresql": "SELECT 1 FROM schools_school WHERE id = %s AND left_on IS NULL FOR KEY SHARE",
}


def is_here(school: School) -> bool:
    """Whether the school has not left, and does not leave before the caller's transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_HERE[connection.vendor], [school.pk])
        return cursor.fetchone() is not None
