"""The list of bodies to which a school sends letters on."""

from django.db import transaction

from schools.languages import in_every_language
from schools.models import Body, School
from schools.starting_bodies import STARTING_BODIES


@transaction.atomic
def give_bodies(*, school: School) -> list[Body]:
    """The usual bodies of the school's country, for a school whose list is empty; returns those made now."""
    School.objects.select_for_update().get(pk=school.pk)
    if Body.objects.filter(school=school).exists():
        return []
    return Body.objects.bulk_create(
        Body(school=school, kind=kind, names=in_every_language(name), order=order)
        for order, (kind, name) in enumerate(STARTING_BODIES[school.country])
    )
