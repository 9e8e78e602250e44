"""What is read about schools and people. Every staff queryset is narrowed here and nowhere else."""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from schools.class_levels import class_level
from schools.models import (
    Category,
    Cause,
    ClassGroup,
    KeyGrant,
    Membership,
    Regulation,
    School,
    SchoolKey,
    Sealed,
    User,
)
from schools.roles import OPERATOR_PERMISSIONS, ROLE_PERMISSIONS
from vault.errors import NotForThisKey
from vault.keyring import Keyring
from vault.pairs import KeyPair, open_sealed, pair_of_private

Row = TypeVar("Row", bound=Model)


def narrowed(
    rows: QuerySet[Row], *, user: User, permission: str, school_path: str = "school"
) -> QuerySet[Row]:
    """The rows of those schools in which the person may do what the permission says, in the school or its region.

    ``school_path`` leads from a row to its school (``"pk"`` for schools themselves).
    """
    if user.is_operator and permission in OPERATOR_PERMISSIONS:
        return rows
    to_school, to_region = (
        ("pk", "region") if school_path == "pk" else (school_path, f"{school_path}__region")
    )
    allowed = Q(**{f"{to_school}__in": user.schools_allowing(permission)})
    if regions := user.regions_allowing(permission):
        allowed |= Q(**{f"{to_region}__in": regions})
    return rows.filter(allowed)


def schools_for(user: User, permission: str) -> QuerySet[School]:
    """Schools in which the person may do what the permission says."""
    return narrowed(School.objects.all(), user=user, permission=permission, school_path="pk")


def works_with_demo(user: User) -> bool:
    """Whether anything this person works with on the staff site is a demonstration."""
    demo = School.objects.filter(is_demo=True)
    if not user.is_operator:
        own = Q(pk__in=user.roles_by_school)
        demo = demo.filter(own | Q(region__in=user.rights_by_region))
    return demo.exists()


def regulation_of(school: School, day: datetime.date | None = None) -> Regulation:
    """The regulation in force on a day (today by the school's clock). Raises Regulation.DoesNotExist.

    A day of the past before the first of them has that one: a book kept before the portal came is read by its rules.
    """
    day = day or school.today()
    known = Regulation.objects.filter(school=school)
    found = known.filter(holds_from__lte=day).order_by("-holds_from").first()
    if found is None and day < school.today():
        found = known.filter(holds_from__lte=school.today()).order_by("holds_from").first()
    if found is None:
        raise Regulation.DoesNotExist
    found.school = school
    return found


def regulations_in_force(schools: Iterable[School]) -> dict[int, Regulation]:
    """The regulation in force today of each school that has one, by the school's id, in one query."""
    by_id = {school.pk: school for school in schools}
    found: dict[int, Regulation] = {}
    for regulation in Regulation.objects.filter(school__in=by_id).order_by("holds_from"):
        school = by_id[regulation.school_id]
        if regulation.holds_from <= school.today():
            regulation.school = school
            found[school.pk] = regulation
    return found


def categories_of(school: School) -> list[Category]:
    """The categories now in use, in the school's order."""
    return list(Category.objects.filter(school=school, in_use=True))


def causes_of(school: School) -> list[Cause]:
    """The causes now in use, in the school's order."""
    return list(Cause.objects.filter(school=school, in_use=True))


def class_level_in(school: School, text: str) -> int | None:
    """The year of study of a class or group as it was typed in, by the school's own list first; None if unknown."""
    if not text.strip():
        return None
    groups = ClassGroup.objects.filter(school=school).order_by("pk").values_list("name", "level")
    return class_level(text, groups)


def key_in_use(school: School) -> SchoolKey | None:
    """The school's key to which letters are sealed now; None before one is made."""
    return SchoolKey.objects.filter(school=school, retired_at__isnull=True).first()


def useful_grants() -> QuerySet[KeyGrant]:
    """Grants that open something: the holder may sign in, and has a role that still holds the school's key."""
    return KeyGrant.objects.filter(
        Exists(
            Membership.objects.filter(
                user=OuterRef("holder"),
                school=OuterRef("key__school"),
                role__in=roles_allowing("schools.hold_key"),
            )
        ),
        holder__is_active=True,
    )


def reached_by_mail(school: School, among: Collection[int] | None = None) -> int:
    """How many of those who hold the school's key now have an address.

    ``among``: the people to whom a letter is sealed in person; they are told whether they hold that key or not.
    """
    if among is not None:
        return may_hold_key(school).filter(pk__in=among).exclude(email="").count()
    grants = useful_grants().filter(key__school=school, key__retired_at__isnull=True)
    return grants.exclude(holder__email="").values("holder").distinct().count()


def has_key_holder(school: School) -> bool:
    """Whether anybody could open the letters sealed now."""
    return useful_grants().filter(key__school=school, key__retired_at__isnull=True).exists()


def keyring_of(user: User, pair: KeyPair | None) -> Keyring:
    """What this person can open now. Read from the grants each time: a key taken away is gone at once."""
    if pair is None:
        return Keyring()
    schools: dict[int, KeyPair] = {}
    allowed = user.schools_allowing("schools.hold_key")
    for grant in KeyGrant.objects.filter(holder=user, key__school__in=allowed):
        try:
            private = open_sealed(grant.sealed_private_key, pair=pair)
        except NotForThisKey:
            continue  # granted to a pair the person has no more
        schools[grant.key_id] = pair_of_private(private)
    return Keyring(person_id=user.pk, person=pair, schools=schools)


def roles_allowing(permission: str) -> list[str]:
    """Slugs of the roles that may do what the permission says."""
    return [role for role, held in ROLE_PERMISSIONS.items() if permission in held]


def people_allowed(school: School, permission: str) -> QuerySet[User]:
    """People whose role in the school allows what the permission says."""
    return User.objects.filter(
        Q(memberships__school=school, memberships__role__in=roles_allowing(permission)),
        is_active=True,
    ).distinct()


def may_hold_key(school: School) -> QuerySet[User]:
    """People whose role in the school may hold its key."""
    return people_allowed(school, "schools.hold_key")


def staff_of(school: School) -> dict[User, str]:
    """Who works with the school's letters, with the role's slug under which an act names them."""
    roles = roles_allowing("journal.view_entry") + ["commission_member"]
    order = {role: place for place, role in enumerate(ROLE_PERMISSIONS)}
    rows = Membership.objects.filter(
        school=school, role__in=roles, user__is_active=True
    ).select_related("user")
    people: dict[User, str] = {}
    for row in sorted(rows, key=lambda row: (order[row.role_id], row.user.full_name)):
        people.setdefault(row.user, row.role_id)
    return people


def holds_key(user: User, school: School) -> bool:
    """Whether this person is one of the school's key holders now. Others see figures with small numbers covered."""
    return (
        useful_grants()
        .filter(holder=user, key__school=school, key__retired_at__isnull=True)
        .exists()
    )


def holders_of(key: SchoolKey) -> QuerySet[KeyGrant]:
    """Who holds a key, by name."""
    return (
        KeyGrant.objects.filter(key=key)
        .select_related("holder", "granted_by")
        .order_by("holder__full_name")
    )


def _readers(school: School) -> QuerySet[User]:
    """Who could open a letter sealed to them now: holds the key in use, in a role that may, with a pair."""
    return (
        may_hold_key(school)
        .filter(key_grants__key__school=school, key_grants__key__retired_at__isnull=True)
        .exclude(public_key=b"")
        .distinct()
    )


def readers_besides(school: School, roles: Collection[str]) -> list[User]:
    """Who holds the school's key now and has none of the roles there; read afresh at each call."""
    return list(_readers(school).exclude(pk__in=people_in(school, roles)).order_by("pk"))


def readers_in_person(school: School, row: Sealed) -> list[User]:
    """Who reads what is sealed like this row, to people in person; read afresh at each call.

    Those of its people whose role still reads letters: with the pair it is sealed to, whether they hold the school's
    key or not; with a newer pair only once a colleague has given them that key again. Whoever invites a person anew
    gains nothing by it.
    """
    people = may_hold_key(school).filter(pk__in=[int(person) for person in row.personal_keys])
    holders = set(_readers(school).values_list("pk", flat=True))
    return [
        person
        for person in people.exclude(public_key=b"").order_by("pk")
        if person.pk in holders or row.is_sealed_to(person.pk, bytes(person.public_key))
    ]


def people_in(school: School, roles: Collection[str]) -> QuerySet[User]:
    """Everybody who has one of the roles in the school."""
    return User.objects.filter(memberships__school=school, memberships__role__in=roles).distinct()


@dataclass(frozen=True)
class Reader:
    """Somebody who reads the letters of a school, in one of their roles there."""

    person_id: int
    name: str
    role: str


def readers_of(school: School) -> list[Reader]:
    """Who holds the school's key now, once for each role that may hold it; in the order of the roles."""
    order = {role: place for place, role in enumerate(ROLE_PERMISSIONS)}
    rows = Membership.objects.filter(
        school=school, role__in=roles_allowing("schools.hold_key"), user__in=_readers(school)
    ).select_related("user")
    readers = [Reader(row.user_id, row.user.full_name, row.role_id) for row in rows]
    return sorted(readers, key=lambda reader: (order[reader.role], reader.name, reader.person_id))


@dataclass(frozen=True)
class Waiting:
    """Somebody whose role holds the key of a school, but who does not hold it. ``ready``: has a pair."""

    user: User
    ready: bool


def waiting_for_key(schools: Iterable[School]) -> dict[int, list[Waiting]]:
    """By school with a key in use: who waits for it, by name. Two queries however many schools there are."""
    ids = [school.pk for school in schools]
    holding = set(
        KeyGrant.objects.filter(key__school__in=ids, key__retired_at__isnull=True).values_list(
            "key__school_id", "holder_id"
        )
    )
    with_key = {school for school, _holder in holding}
    roles = roles_allowing("schools.hold_key")
    waiting: dict[int, list[Waiting]] = {}
    rows = (
        Membership.objects.filter(school__in=with_key, role__in=roles, user__is_active=True)
        .select_related("user")
        .order_by("user__full_name", "user_id")
    )
    for row in rows:
        known = waiting.setdefault(row.school_id, [])
        if (row.school_id, row.user_id) in holding or any(w.user == row.user for w in known):
            continue
        known.append(Waiting(user=row.user, ready=row.user.has_pair))
    return waiting


def keys_in_use(schools: Iterable[School]) -> dict[int, SchoolKey]:
    """The key in use of each school that has one, by the school's id, in one query."""
    rows = SchoolKey.objects.filter(
        school__in=[school.pk for school in schools], retired_at__isnull=True
    )
    return {key.school_id: key for key in rows}
