"""The list of bodies to which a school sends letters on."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from schools.languages import in_every_language
from schools.models import Body, School
from schools.starting_bodies import STARTING_BODIES

Usual = Sequence[tuple[str, Mapping[str, str]]]


@transaction.atomic
def give_bodies(*, school: School) -> list[Body]:
    """The usual bodies of the school's country, for a school whose list is empty; returns those made now."""
    School.objects.select_for_update().get(pk=school.pk)
    if Body.objects.filter(school=school).exists():
        return []
    return Body.objects.bulk_create(bodies_of(school=school, usual=usual_bodies(school.country)))


def usual_bodies(country: str) -> list[tuple[str, dict[str, str]]]:
    """Kind and names of each body with which a list begins in this country."""
    return [(kind, in_every_language(name)) for kind, name in STARTING_BODIES[country]]


def bodies_of(*, school: School, usual: Usual) -> list[Body]:
    """Rows of them for a school, not stored."""
    return [
        Body(school=school, kind=kind, names=dict(names), order=order)
        for order, (kind, names) in enumerate(usual)
    ]
