"""The list of causes of a school."""

from django.db import transaction

from schools.models import Cause, School
from schools.starting_causes import STARTING_CAUSES


@transaction.atomic
def give_causes(*, school: School) -> list[Cause]:
    """The usual causes, for a school whose list is empty; returns those made now."""
    School.objects.select_for_update().get(pk=school.pk)
    if Cause.objects.filter(school=school).exists():
        return []
    return Cause.objects.bulk_create(usual_causes(school))


def usual_causes(school: School) -> list[Cause]:
    """Rows of the causes with which a school begins, not stored."""
    return [
        Cause(school=school, slug=slug, names=dict(names), order=order)
        for order, (slug, names) in enumerate(STARTING_CAUSES.items())
    ]
