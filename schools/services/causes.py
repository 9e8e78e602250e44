"""The list of causes of a school."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from schools.languages import in_every_language
from schools.models import Cause, School
from schools.starting_causes import STARTING_CAUSES

Usual = Sequence[tuple[str, Mapping[str, str]]]


@transaction.atomic
def give_causes(*, school: School) -> list[Cause]:
    """The usual causes, for a school whose list is empty; returns those made now."""
    School.objects.select_for_update().get(pk=school.pk)
    if Cause.objects.filter(school=school).exists():
        return []
    return Cause.objects.bulk_create(causes_of(school=school, usual=usual_causes()))


def usual_causes() -> list[tuple[str, dict[str, str]]]:
    """Short name and names of each cause with which a list begins."""
    return [(slug, in_every_language(name)) for slug, name in STARTING_CAUSES.items()]


def causes_of(*, school: School, usual: Usual) -> list[Cause]:
    """Rows of them for a school, not stored."""
    return [
        Cause(school=school, slug=slug, names=dict(names), order=order)
        for order, (slug, names) in enumerate(usual)
    ]
