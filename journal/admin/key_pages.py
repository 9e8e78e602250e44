"""What the pages about a school's key have in common: whose they are, and who may change something there."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from schools.models import School, User
from schools.selectors import key_in_use, schools_for

SEES_KEYS = ("schools.hold_key", "schools.view_membership")


def schools_with_keys(user: User) -> QuerySet[School]:
    """Schools whose keys page this person may see: those who may hold the key, and who manages people."""
    holds, manages = (schools_for(user, permission) for permission in SEES_KEYS)
    return (holds | manages).distinct()


def fetch(request: HttpRequest, slug: str) -> School:
    """A school whose keys page this person may see; else 404."""
    return get_object_or_404(schools_with_keys(request.user), slug=slug)


def fetch_to_change(request: HttpRequest, slug: str) -> School:
    """The same for those whose role may hold the key. Raises PermissionDenied."""
    school = fetch(request, slug)
    if not request.user.has_perm("schools.hold_key", school):
        raise PermissionDenied
    return school


def gives_keys(request: HttpRequest, school: School) -> bool:
    """Whether this person holds the key and may give it, take it, print its sheet and change it."""
    key = key_in_use(school)
    return (
        key is not None
        and request.keyring.opens_school_key(key.pk)
        and request.user.has_perm("schools.grant_key", school)
    )
