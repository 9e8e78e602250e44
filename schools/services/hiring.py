"""New colleagues of a school: an account, a role and a link for each, all of them or none."""

from collections.abc import Container, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from schools.errors import Conflict, Refused
from schools.models import Membership, School, User
from schools.roles import SCHOOL_ROLE_NAMES
from schools.services.inviting import invite_all
from schools.services.posting import post_invitations

# With what a user name begins when nobody chose one.
SHORT_ROLES = {"social_pedagogue": "social", "deputy_director": "deputy", "phone_officer": "phone"}


@dataclass(frozen=True)
class Newcomer:
    """Somebody who gets an account. Without ``username`` one is made of the role and the school's short name."""

    full_name: str
    roles: Sequence[str]
    username: str = ""
    email: str = ""
    language: str = ""
    called_in_danger: bool = False


@dataclass(frozen=True)
class Hired:
    """A new account, and the token of the link by which its password is chosen; empty where the link is mailed."""

    user: User
    token: str


class PersonFault(ValidationError):
    """What is wrong with one of several people: ``faults`` by field, and their ``place`` in the list, from 0."""

    def __init__(self, faults: dict[str, list[str]], place: int) -> None:
        super().__init__([text for texts in faults.values() for text in texts])
        self.faults = faults
        self.place = place


@transaction.atomic
def hire(
    *,
    school: School,
    people: Sequence[Newcomer],
    by: User | None,
    people_before: int | None = None,
) -> list[Hired]:
    """Accounts with their roles in the school, each with its link. ``by`` is None for a command on the server.

    ``people_before``: how many people the school had when the form was shown; somebody came since: Conflict, since
    the form was probably sent twice. Raises Refused for who may add nobody, and PersonFault.
    """
    if by is not None and not by.has_perm("schools.add_user", school):
        raise Refused(_("You may not add people in this school."))
    School.objects.select_for_update().get(pk=school.pk)
    if people_before is not None and people_in_school(school) != people_before:
        raise Conflict(_("Somebody was added meanwhile: look at the list before you add more."))
    return hire_teams(teams=[(school, people)], by=by)[0]


@transaction.atomic
def hire_teams(
    *,
    teams: Sequence[tuple[School, Sequence[Newcomer]]],
    by: User | None,
    by_mail: bool = False,
) -> list[list[Hired]]:
    """The people of several schools at once, all of them or nobody; the same few questions for thousands.

    ``by_mail``: whoever has an e-mail address gets the link there, by the worker; the others' tokens are returned.
    Raises Refused, and PersonFault with the place among all of them.
    """
    if by is not None and not all(
        by.has_perm("schools.add_user", school) for school, _people in teams
    ):
        raise Refused(_("You may not add people in this school."))
    lines = [(school, newcomer) for school, people in teams for newcomer in people]
    names = _free_usernames(lines)
    users = [
        _account(school, newcomer, username, place)
        for place, ((school, newcomer), username) in enumerate(zip(lines, names, strict=True))
    ]
    _refuse_twins(users)
    try:
        with transaction.atomic():
            User.objects.bulk_create(users)
    except IntegrityError:
        # Somebody else took a name between the look and this.
        raise PersonFault({"username": [_("This user name is taken.")]}, 0) from None
    Membership.objects.bulk_create(
        row
        for place, (user, (school, newcomer)) in enumerate(zip(users, lines, strict=True))
        for row in _roles(user, school, newcomer, place)
    )
    mailed = [user for user in users if by_mail and user.email]
    post_invitations(people=mailed)
    by_paper = [user for user in users if not (by_mail and user.email)]
    tokens = {user.pk: "" for user in mailed}
    tokens |= zip((user.pk for user in by_paper), invite_all(users=by_paper, by=by), strict=True)
    hired = iter(Hired(user=user, token=tokens[user.pk]) for user in users)
    return [[next(hired) for _newcomer in people] for _school, people in teams]


def people_in_school(school: School) -> int:
    """How many roles are given in the school."""
    return Membership.objects.filter(school=school).count()


def _account(school: School, newcomer: Newcomer, username: str, place: int) -> User:
    """The account, checked and not stored. Raises PersonFault."""
    if not newcomer.roles or any(role not in SCHOOL_ROLE_NAMES for role in newcomer.roles):
        raise PersonFault({"roles": [_("Choose roles from the list.")]}, place)
    user = User(
        username=username,
        full_name=newcomer.full_name,
        email=newcomer.email,
        language=newcomer.language or school.main_language,
    )
    user.set_unusable_password()
    try:
        user.full_clean(validate_unique=False)
    except ValidationError as error:
        raise PersonFault(error.message_dict, place) from None
    return user


def _refuse_twins(users: Sequence[User]) -> None:
    """Raises PersonFault for the first whose user name somebody has."""
    names = [user.username for user in users]
    taken = set(User.objects.filter(username__in=names).values_list("username", flat=True))
    for place, name in enumerate(names):
        if name in taken:
            raise PersonFault({"username": [_("This user name is taken.")]}, place)
        taken.add(name)


def _roles(user: User, school: School, newcomer: Newcomer, place: int) -> list[Membership]:
    """The person's rows, checked and not stored. Raises PersonFault."""
    rows = [
        Membership(
            user=user, school=school, role_id=role, called_in_danger=newcomer.called_in_danger
        )
        for role in dict.fromkeys(newcomer.roles)
    ]
    try:
        for row in rows:
            # Of an account made just now; the roles are known to be there.
            row.full_clean(
                exclude={"user", "school", "role"},
                validate_unique=False,
                validate_constraints=False,
            )
    except ValidationError as error:
        raise PersonFault(error.message_dict, place) from None
    return rows


def _free_usernames(lines: Sequence[tuple[School, Newcomer]]) -> list[str]:
    """Each one's own, or one made of the role and the school's short name that nobody has."""
    slugs = {school.slug for school, newcomer in lines if not newcomer.username}
    ends = User.objects.all()
    if len(slugs) == 1:
        ends = ends.filter(username__endswith=next(iter(slugs)))
    known = set(ends.values_list("username", flat=True)) if slugs else set()
    known |= {newcomer.username for _school, newcomer in lines}
    names = []
    for school, newcomer in lines:
        name = newcomer.username
        if not name:
            # A wrong role has its own fault.
            role = newcomer.roles[0] if newcomer.roles else ""
            name = _free(role, school.slug, known)
            known.add(name)
        names.append(name)
    return names


def _free(role: str, slug: str, known: Container[str]) -> str:
    """``psychologist.SCHOOL``, or with the next number where that is taken."""
    start = SHORT_ROLES.get(role, role)
    number, name = 1, f"{start}.{slug}"
    while name in known:
        number += 1
        name = f"{start}{number}.{slug}"
    return name
