"""The named people of a region, from the side of a school: whom its letters may reach when nobody there can or does.

The part's own person comes first, then the whole's. Never somebody who has a role in the school itself: what reaches
them would stay within its walls, and may be about them. Never an operator, who names them and reads no letter.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from schools.languages import in_language
from schools.models import Membership, Region, School, User
from schools.roles import ROLE_NAMES

# In whose name somebody writes to an author who has no role in the school.
WRITES_AS = "region_officer"
POST = _("named person of the region")
# Everybody in whose role an author may be written to.
WRITERS = {**ROLE_NAMES, WRITES_AS: POST}


@dataclass(frozen=True)
class Officer:
    """Somebody outside the school, and for which region they stand."""

    person: User
    region: Region

    @property
    def has_pair(self) -> bool:
        """Whether anything can be sealed to them."""
        return self.person.has_pair

    def region_in(self, language: str) -> str:
        """The region's name in a language."""
        return in_language(self.region.names, language)


def can_be_called(person: User) -> bool:
    """Whether somebody can be a region's named person at all."""
    return person.is_active and not person.is_operator


def officers_of(school: School) -> list[Officer]:
    """Who may be called for this school and may sign in: of its part, then of the whole. Read afresh at each call."""
    if school.region_id is None:
        return []
    region = Region.objects.select_related("officer", "parent__officer").get(pk=school.region_id)
    line = [region, region.parent] if region.parent is not None else [region]
    named = [one for one in line if one.officer is not None and can_be_called(one.officer)]
    inside = set(
        Membership.objects.filter(
            school=school, user__in=[one.officer_id for one in named]
        ).values_list("user_id", flat=True)
    )
    return [Officer(one.officer, one) for one in named if one.officer_id not in inside]


def reader_of(school: School) -> Officer | None:
    """To whom a letter is sealed that nobody at the school may read: the first who has a pair."""
    return next((officer for officer in officers_of(school) if officer.has_pair), None)
