"""A list of staff, and a list of classes: what each cell has to be."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journal.importing.checking import Checked, Layout, Rows, RowsResource, Words, column
from journal.importing.columns import CLASSES, STAFF
from journal.importing.entries import Known
from journal.importing.journal import under_the_heads
from journal.importing.synonyms import ROLES
from journal.importing.words import by_word, plain
from schools.models import ClassGroup, Membership, School, User
from schools.roles import SCHOOL_ROLE_NAMES

HIGHEST_LEVEL = 12


@dataclass
class Person:
    """Somebody in a list of staff."""

    row: int = 0
    full_name: str = ""
    role: str = ""
    email: str = ""
    username: str = ""


@dataclass
class Group:
    """A class in a list of classes."""

    row: int = 0
    name: str = ""
    level: int | None = None


class StaffTerms:
    """What the cells may say, and who is there already; a fixed number of queries."""

    def __init__(self, school: School) -> None:
        self.roles = by_word(SCHOOL_ROLE_NAMES.items(), ROLES)
        self.usernames = {
            name.casefold() for name in User.objects.values_list("username", flat=True)
        }
        rows = Membership.objects.filter(school=school).values_list("user__full_name", "role_id")
        self.there = {(plain(name), role) for name, role in rows}


class Email(Words):
    def made_of(self, text: str, **kwargs: Any) -> str:
        try:
            validate_email(text)
        except ValidationError:
            raise ValueError(_("This is no e-mail address.")) from None
        return text


class UserName(Words):
    def made_of(self, text: str, **kwargs: Any) -> str:
        try:
            User._meta.get_field("username").run_validators(text)
        except ValidationError:
            raise ValueError(
                _("A user name has letters, figures and the signs @ . + - _ alone.")
            ) from None
        return text


class NeededRole(Known):
    def nothing(self, **kwargs: Any) -> str:
        raise ValueError(_("This has to be filled in."))


class StaffResource(RowsResource):
    """The columns of a list of staff."""

    makes = Person

    full_name = column("full_name", Words(150, needed=True))
    role = column("role", NeededRole("roles", gettext_lazy("No role is called so.")))
    email = column("email", Email(254))
    username = column("username", UserName(150))

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        self.terms: StaffTerms = kwargs["terms"]
        self.named: set[tuple[str, str]] = set()
        self.usernames: set[str] = set()

    def contradictions(self, person: Person, wrong: frozenset[str]) -> Iterable[tuple[str, str]]:
        who = (plain(person.full_name), person.role)
        if not {"full_name", "role"} & wrong:
            if who in self.terms.there:
                yield "full_name", _("Somebody of this name has this role already.")
            elif who in self.named:
                yield "full_name", _("This person stands here for the second time.")
            self.named.add(who)
        name = person.username.casefold()
        if name and name in self.terms.usernames:
            yield "username", _("This user name is taken.")
        elif name and name in self.usernames:
            yield "username", _("This user name stands here for the second time.")
        self.usernames.add(name)


class Level(Words):
    def made_of(self, text: str, **kwargs: Any) -> int:
        if not (text.isascii() and text.isdecimal() and int(text) <= HIGHEST_LEVEL):
            raise ValueError(_("A year of study is a number up to 12."))
        return int(text)

    def nothing(self, **kwargs: Any) -> None:
        return None


class ClassTerms:
    """Which classes there are already."""

    def __init__(self, school: School) -> None:
        names = ClassGroup.objects.filter(school=school).values_list("name", flat=True)
        self.there = {plain(name) for name in names}


class ClassResource(RowsResource):
    """The columns of a list of classes."""

    makes = Group

    name = column("name", Words(50, needed=True))
    level = column("level", Level(10))

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        self.terms: ClassTerms = kwargs["terms"]
        self.named: set[str] = set()

    def contradictions(self, group: Group, wrong: frozenset[str]) -> Iterable[tuple[str, str]]:
        if "name" in wrong:
            return
        if plain(group.name) in self.terms.there:
            yield "name", _("The school has this class already.")
        elif plain(group.name) in self.named:
            yield "name", _("This class stands here for the second time.")
        self.named.add(plain(group.name))


def check_staff(*, school: School, rows: Rows, layout: Layout) -> Checked:
    """Everything that is wrong at once."""
    below = under_the_heads(rows, layout)
    return StaffResource().checked(below, layout, STAFF, terms=StaffTerms(school))


def check_classes(*, school: School, rows: Rows, layout: Layout) -> Checked:
    """Everything that is wrong at once."""
    below = under_the_heads(rows, layout)
    return ClassResource().checked(below, layout, CLASSES, terms=ClassTerms(school))
