"""Many schools at once with their first people: all of them or none."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from schools.models import School, User
from schools.services.hiring import Hired, Newcomer, hire_teams
from schools.services.setting_up import NewSchool, set_up_schools

Team = tuple[NewSchool, Sequence[Newcomer]]


@dataclass(frozen=True)
class Added:
    """A school that was made, and its people as they were given and as they are now, in one order."""

    school: School
    people: Sequence[Newcomer]
    hired: list[Hired]


@transaction.atomic
def add_schools(*, teams: Sequence[Team], by: User | None, by_mail: bool = False) -> list[Added]:
    """Schools with their people. ``by`` is None for a command on the server.

    ``by_mail``: whoever has an e-mail address gets the link there alone. Raises Refused, Conflict where somebody has
    made one of the schools meanwhile, SchoolFault and PersonFault.
    """
    schools = set_up_schools(schools=[new for new, _people in teams], by=by)
    people = [team for _new, team in teams]
    hired = hire_teams(teams=list(zip(schools, people, strict=True)), by=by, by_mail=by_mail)
    return [Added(*one) for one in zip(schools, people, hired, strict=True)]
