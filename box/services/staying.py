"""Nothing comes into a box that has gone elsewhere, not even in the moment in which it goes."""

from django.db import connection

from schools.models import School


def is_here(school: School) -> bool:
    """Whether the school has not left, and does not leave before the caller's transaction ends.

    On PostgreSQL a share of the row's key: letters do not wait for each other, and whoever takes the school away waits
    for them. SQLite lets one write at a time anyway.
    """
    query = School.objects.filter(pk=school.pk, left_on=None).values("pk").order_by()
    sql, values = query.query.sql_with_params()
    share = " FOR KEY SHARE" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(sql + share, values)
        return cursor.fetchone() is not None
