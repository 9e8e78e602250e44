"""Classes and groups of a school, brought as a list."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from schools.errors import Conflict, Refused
from schools.models import ClassGroup, School, User

# A form of the public site offers them in a list of so many at most, and a page stays light.
MOST_OFFERED = 60


@transaction.atomic
def add_classes(
    *, school: School, classes: Sequence[tuple[str, int | None]], by: User
) -> list[ClassGroup]:
    """Pairs of a name and a year of study, none of which the school has yet. Raises Refused and Conflict."""
    if not by.has_perm("schools.add_classgroup", school):
        raise Refused(_("You may not add classes in this school."))
    rows = [ClassGroup(school=school, name=name, level=level) for name, level in classes]
    try:
        with transaction.atomic():
            return ClassGroup.objects.bulk_create(rows)
    except IntegrityError:
        raise Conflict(_("One of these classes was added meanwhile.")) from None


def classes_offered(school: School) -> list[str]:
    """The names, in their order, where a form can offer them all; else none."""
    names = list(
        ClassGroup.objects.filter(school=school).values_list("name", flat=True)[: MOST_OFFERED + 1]
    )
    return names if len(names) <= MOST_OFFERED else []
