"""The list of common first answers of a school."""

from django.db import transaction

from schools.languages import in_every_language
from schools.models import FirstAnswer, School
from schools.starting_answers import STARTING_ANSWERS


@transaction.atomic
def give_first_answers(*, school: School) -> list[FirstAnswer]:
    """The usual first answers, for a school whose list is empty; returns those made now."""
    School.objects.select_for_update().get(pk=school.pk)
    if FirstAnswer.objects.filter(school=school).exists():
        return []
    return FirstAnswer.objects.bulk_create(
        FirstAnswer(
            school=school,
            names=in_every_language(answer.title),
            texts=in_every_language(answer.text),
            order=order,
        )
        for order, answer in enumerate(STARTING_ANSWERS)
    )
