"""Under which address on the web a school is reached: its own name, or the portal's with the school's in the path."""

from urllib.parse import urlsplit

from django.conf import settings

from schools.models import School, User


def address_of(school: School | None, *, otherwise: str = "") -> str:
    """``https://box.school9.kg`` without a closing slash: how others are told to come to a school's pages.

    Of a school without a name of its own (and of None) it is the portal's, or ``otherwise`` where that was not set:
    the address at which it is asked just now.
    """
    portal = settings.BASE_URL or otherwise
    if school is None or not school.host:
        return portal
    parts = urlsplit(portal)
    # A portal that is tried out at a port of its own has it under every name.
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme or 'https'}://{school.host}{port}"


def address_for(person: User, *, otherwise: str = "") -> str:
    """Where somebody signs in: at their school's own name; who works in several, at the portal's."""
    theirs = list(School.objects.filter(memberships__user=person).order_by().distinct()[:2])
    return address_of(theirs[0] if len(theirs) == 1 else None, otherwise=otherwise)
