"""Whose letters are counted: nothing that is withheld from somebody is in a figure of theirs."""

from dataclasses import dataclass

from django.db.models import Q

from schools.models import User
from schools.models.sealed import not_withheld_from


@dataclass(frozen=True)
class Among:
    """All letters; those not withheld from a person; or those that are open to everybody who holds the key."""

    person: int | None = None
    open_to_all: bool = False

    def rows(self, path: str = "") -> Q:
        """The condition for sealed rows; ``path`` leads to one (``"letter__"``), or to nothing, which counts."""
        here = Q(**{f"{path.removesuffix('__')}__isnull": True}) if path else Q(pk__in=[])
        if self.open_to_all:
            return here | Q(**{f"{path}school_key__isnull": False})
        if self.person is not None:
            return here | not_withheld_from(self.person, path)
        return Q()


# For counts that hold no name and go to nobody in the school: of many schools together, and for a recount.
EVERYTHING = Among()
# For a paper that everybody in the school may read: a letter about one of its readers is in no line of it.
COMMON = Among(open_to_all=True)


def seen_by(user: User) -> Among:
    """For a page that one person looks at."""
    return Among(person=user.pk)
