"""Regions that somebody watches over, and whether each has a named person whom a letter can reach."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from schools.models import Membership, Region, School, User
from schools.region_officers import can_be_called

WATCH = "schools.watch_region"


@dataclass(frozen=True)
class Watched:
    """A region that a person watches, with those of its parts that they watch, by name."""

    region: Region
    parts: tuple[Region, ...] = ()

    @property
    def ids(self) -> list[int]:
        """Of the region and these parts."""
        return [self.region.pk, *(part.pk for part in self.parts)]


def regions_watched(user: User) -> list[Watched]:
    """Whole regions by name, each with its parts; a part stands alone where its whole is not watched. One query."""
    rows = Region.objects.select_related("officer", "parent__officer")
    if not user.is_operator:
        rows = rows.filter(pk__in=user.regions_allowing(WATCH))
    regions = {region.pk: region for region in rows}
    parts: dict[int, list[Region]] = {}
    for region in regions.values():
        if region.parent_id in regions:
            parts.setdefault(region.parent_id, []).append(region)
    return [
        Watched(region, tuple(_by_name(parts.get(region.pk, []))))
        for region in _by_name(regions.values())
        if region.parent_id not in regions
    ]


def _by_name(regions: Iterable[Region]) -> list[Region]:
    return sorted(regions, key=lambda region: (in_order(str(region)), region.slug))


def in_order(name: str) -> list[tuple[int, str]]:
    """For sorting by name as people do: District 2 before District 10."""
    parts = re.split(r"(\d+)", name.casefold())
    return [(int(part), "") if part.isdecimal() else (0, part) for part in parts]


@dataclass(frozen=True)
class Unreachable:
    """A region where nothing reaches a named person: ``person`` is one who cannot be reached yet, None without any.

    With a ``school``: this one alone, because ``person`` has a role in it.
    """

    region: Region
    person: User | None
    school: School | None = None


def unreachable(watched: Iterable[Watched]) -> list[Unreachable]:
    """Where an alert that nobody answers would go no further: regions (of a whole its parts are not told once more),
    then single schools. One query at most."""
    watched = list(watched)
    found: list[Unreachable] = []
    for one in watched:
        above = _without_reach(one.region)
        below = [lost for lost in map(_without_reach, one.parts) if lost]
        if above and (below or not one.parts):
            found.append(above)
        # What a part has of its whole alone is said of the whole.
        found += [
            lost for lost in below if lost.person and (not above or lost.person != above.person)
        ]
    return [*found, *_within_reach_of_nobody(watched)]


def _named(region: Region) -> list[User]:
    """Who may be called for the region at all: its own person, then the whole's."""
    people = [region.officer, region.parent.officer if region.parent else None]
    return [person for person in people if person is not None and can_be_called(person)]


def _without_reach(region: Region) -> Unreachable | None:
    people = _named(region)
    if any(person.has_pair for person in people):
        return None
    return Unreachable(region, people[0] if people else None)


def _within_reach_of_nobody(watched: Iterable[Watched]) -> list[Unreachable]:
    """Schools in which everybody who could be called for their region has a role: nobody is called for these."""
    regions = {region.pk: region for one in watched for region in (one.region, *one.parts)}
    ready = {
        pk: [person for person in _named(region) if person.has_pair]
        for pk, region in regions.items()
    }
    called = {person.pk for people in ready.values() for person in people}
    if not called:
        return []
    inside: dict[School, set[int]] = {}
    rows = Membership.objects.filter(user__in=called, school__region__in=regions)
    for row in rows.select_related("school"):
        inside.setdefault(row.school, set()).add(row.user_id)
    found = [
        Unreachable(regions[school.region_id], people[0], school)
        for school, roles in inside.items()
        if (people := ready[school.region_id]) and roles.issuperset(one.pk for one in people)
    ]
    return sorted(found, key=lambda lost: (in_order(str(lost.school)), lost.school.slug))
