"""Who is meant by the user names that a school's trail mentions."""

from collections.abc import Collection

from schools.models import BookName, User


def people_called(school_id: int, names: Collection[str]) -> dict[str, User]:
    """By the name in the school's book. Of a book taken in from elsewhere the name may be another's here."""
    if not names:
        return {}
    found = {user.username: user for user in User.objects.filter(username__in=names)}
    there = BookName.objects.filter(school=school_id, name__in=names).select_related("user")
    return found | {row.name: row.user for row in there}
