"""The list of common first answers of a school."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from schools.languages import in_every_language
from schools.models import FirstAnswer, School
from schools.starting_answers import STARTING_ANSWERS

Usual = Sequence[tuple[Mapping[str, str], Mapping[str, str]]]


@transaction.atomic
def give_first_answers(*, school: School) -> list[FirstAnswer]:
    """The usual first answers, for a school whose list is empty; returns those made now."""
    School.objects.select_for_update().get(pk=school.pk)
    if FirstAnswer.objects.filter(school=school).exists():
        return []
    return FirstAnswer.objects.bulk_create(answers_of(school=school, usual=usual_answers()))


def usual_answers() -> list[tuple[dict[str, str], dict[str, str]]]:
    """Names and texts of each answer with which a list begins."""
    return [
        (in_every_language(answer.title), in_every_language(answer.text))
        for answer in STARTING_ANSWERS
    ]


def answers_of(*, school: School, usual: Usual) -> list[FirstAnswer]:
    """Rows of them for a school, not stored."""
    return [
        FirstAnswer(school=school, names=dict(names), texts=dict(texts), order=order)
        for order, (names, texts) in enumerate(usual)
    ]
