"""New colleagues of a school: an account, a role and a link for each, all of them or none."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from schools.errors import Conflict, Refused
from schools.models import Membership, School, User
from schools.roles import SCHOOL_ROLE_NAMES
from schools.services.inviting import invite

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
    """A new account, and the token of the link by which its password is chosen."""

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
    return [_hire(school, newcomer, by, place) for place, newcomer in enumerate(people)]


def people_in_school(school: School) -> int:
    """How many roles are given in the school."""
    return Membership.objects.filter(school=school).count()


def _hire(school: School, newcomer: Newcomer, by: User | None, place: int) -> Hired:
    try:
        if not newcomer.roles or any(role not in SCHOOL_ROLE_NAMES for role in newcomer.roles):
            raise ValidationError({"roles": _("Choose roles from the list.")})
        user = User(
            username=newcomer.username or free_username(role=newcomer.roles[0], school=school),
            full_name=newcomer.full_name,
            email=newcomer.email,
            language=newcomer.language or school.main_language,
        )
        user.set_unusable_password()
        user.full_clean()
        with transaction.atomic():
            user.save(force_insert=True)
        for role in dict.fromkeys(newcomer.roles):
            called = newcomer.called_in_danger
            row = Membership(user=user, school=school, role_id=role, called_in_danger=called)
            row.full_clean()
            row.save()
    except IntegrityError:
        raise PersonFault({"username": [_("This user name is taken.")]}, place) from None
    except ValidationError as error:
        raise PersonFault(error.message_dict, place) from None
    return Hired(user=user, token=invite(user=user, by=by))


def free_username(*, role: str, school: School) -> str:
    """``psychologist.SCHOOL``, or with the next number where that is taken."""
    start = SHORT_ROLES.get(role, role)
    known = set(
        User.objects.filter(username__startswith=start, username__endswith=school.slug).values_list(
            "username", flat=True
        )
    )
    number, name = 1, f"{start}.{school.slug}"
    while name in known:
        number += 1
        name = f"{start}{number}.{school.slug}"
    return name
