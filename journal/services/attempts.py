"""Rows of the trail for sign-ins that failed."""

from django.db import transaction

from journal.models import Trail
from journal.services.trail import append, lock_book
from schools.models import School, User


def note_failed_sign_in(*, username: str, second_factor: bool = False) -> None:
    """A wrong password, or with ``second_factor`` a wrong code, in the book of each school of that person.

    A name that nobody has leaves nothing: what was typed could be anything. Who tried is not known, so the row names
    only under whose name.
    """
    user = User.objects.filter(username=username).first()
    if user is None:
        return
    facts = {"name": user.username, "second_factor": second_factor}
    for school in School.objects.filter(pk__in=user.roles_by_school).order_by("pk"):
        with transaction.atomic():
            append(book=lock_book(school), step=Trail.Step.SIGN_IN_FAILED, by=None, facts=facts)
