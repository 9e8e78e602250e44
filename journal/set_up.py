"""What is still missing before a school's box works as its regulation says: read from what there is, kept nowhere.

For the pages of the set-up and for Today, in a fixed number of queries however many schools there are.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.db.models import Exists, OuterRef

from box.models import Letter
from journal.models import Entry, TakenLetter
from schools.models import Category, Membership, Regulation, School, SchoolKey, User
from schools.selectors import keys_in_use, regulations_in_force, useful_grants


class Step(StrEnum):
    """The steps of the set-up, in their order."""

    SCHOOL = "school"
    PEOPLE = "people"
    KEY = "key"
    LETTER = "letter"
    REST = "rest"


class Need(StrEnum):
    """What can be missing, in the order in which it is done."""

    NAMES = "names"
    RULES = "rules"
    CATEGORIES = "categories"
    KEEPERS = "keepers"
    INVITED = "invited"
    KEY = "key"
    SHEET = "sheet"
    LETTER_SENT = "letter_sent"
    LETTER_TAKEN = "letter_taken"
    LETTER_ASIDE = "letter_aside"
    APPROVED = "approved"


STEP_OF: Mapping[Need, Step] = {
    Need.NAMES: Step.SCHOOL,
    Need.RULES: Step.SCHOOL,
    Need.CATEGORIES: Step.SCHOOL,
    Need.KEEPERS: Step.PEOPLE,
    Need.INVITED: Step.PEOPLE,
    Need.KEY: Step.KEY,
    Need.SHEET: Step.KEY,
    Need.LETTER_SENT: Step.LETTER,
    Need.LETTER_TAKEN: Step.LETTER,
    Need.LETTER_ASIDE: Step.LETTER,
    Need.APPROVED: Step.REST,
}
# Who can do something about it: any of these permissions in the school.
DONE_BY: Mapping[Need, tuple[str, ...]] = {
    Need.NAMES: ("schools.change_school",),
    Need.RULES: ("schools.add_regulation",),
    Need.CATEGORIES: ("schools.add_category",),
    Need.KEEPERS: ("schools.add_user",),
    Need.INVITED: ("schools.change_user",),
    Need.KEY: ("schools.hold_key",),
    Need.SHEET: ("schools.grant_key",),
    Need.LETTER_SENT: ("schools.change_school", "journal.open_box"),
    Need.LETTER_TAKEN: ("journal.open_box",),
    Need.LETTER_ASIDE: ("journal.register_letter",),
    Need.APPROVED: ("schools.change_regulation",),
}


@dataclass(frozen=True)
class SetUp:
    """How far the set-up of a school is.

    ``missing``: in order. ``keepers_missing``: roles that keep the key by the regulation and that nobody has.
    ``not_come``: people in such a role who have not chosen a password by their link yet, by name.
    ``is_open``: letters can be sent, as the public page says it. ``letter_sent``, ``letter_taken``, ``letter_tried``:
    how far the test letter has come.
    """

    school: School
    regulation: Regulation | None
    key: SchoolKey | None
    is_open: bool
    missing: tuple[Need, ...]
    letter_sent: bool = False
    letter_taken: bool = False
    letter_tried: bool = False
    keepers_missing: tuple[str, ...] = ()
    not_come: tuple[str, ...] = field(default=(), repr=False)

    @property
    def is_done(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing

    def is_step_done(self, step: Step) -> bool:
        """Whether nothing is missing of the step."""
        return all(STEP_OF[need] is not step for need in self.missing)

    def first_step(self) -> Step | None:
        """Where to go on; None when all is done."""
        return STEP_OF[self.missing[0]] if self.missing else None

    def for_person(self, user: User) -> tuple[Need, ...]:
        """Of what is missing that which this person can do something about."""
        return tuple(
            need
            for need in self.missing
            if any(user.has_perm(permission, self.school) for permission in DONE_BY[need])
        )


def set_ups_of(schools: Iterable[School]) -> dict[int, SetUp]:
    """How far each school is, by its id: five queries however many there are."""
    schools = list(schools)
    ids = [school.pk for school in schools]
    regulations = regulations_in_force(schools)
    keys = keys_in_use(schools)
    opened = _with_holder(ids)
    people = _people_of(ids)
    facts = _facts_of(ids)
    found: dict[int, SetUp] = {}
    for school in schools:
        regulation, key = regulations.get(school.pk), keys.get(school.pk)
        keepers = regulation.keepers if regulation else []
        staff = people.get(school.pk, [])
        given = {person.role for person in staff}
        not_come = [row.name for row in staff if row.role in keepers and not row.has_come]
        set_up = SetUp(
            school=school,
            regulation=regulation,
            key=key,
            is_open=regulation is not None and school.pk in opened,
            missing=(),
            letter_sent=facts[school.pk].sent,
            letter_taken=facts[school.pk].taken,
            letter_tried=facts[school.pk].tried,
            keepers_missing=tuple(role for role in keepers if role not in given),
            not_come=tuple(dict.fromkeys(not_come)),
        )
        found[school.pk] = _with_missing(set_up, facts[school.pk].categories, school.pk in opened)
    return found


def set_up_of(school: School) -> SetUp:
    """How far one school is."""
    return set_ups_of([school])[school.pk]


@dataclass(frozen=True)
class _Facts:
    """What there is of a school's letters, and whether it has categories."""

    categories: bool
    sent: bool
    taken: bool
    tried: bool


def _with_missing(set_up: SetUp, has_categories: bool, has_holder: bool) -> SetUp:
    school, regulation = set_up.school, set_up.regulation
    is_missing = {
        Need.NAMES: any(not school.names.get(language) for language in school.languages),
        Need.RULES: regulation is None,
        Need.CATEGORIES: not has_categories,
        Need.KEEPERS: bool(set_up.keepers_missing),
        Need.INVITED: bool(set_up.not_come),
        Need.KEY: not has_holder,
        Need.SHEET: set_up.key is None or set_up.key.sheet_printed_at is None,
        # One after another: what comes next is named, not all that is still to come.
        Need.LETTER_SENT: not set_up.letter_tried and not set_up.letter_sent,
        Need.LETTER_TAKEN: not set_up.letter_tried
        and set_up.letter_sent
        and not set_up.letter_taken,
        Need.LETTER_ASIDE: not set_up.letter_tried and set_up.letter_taken,
        Need.APPROVED: regulation is None or regulation.approved_on is None,
    }
    missing = tuple(need for need in Need if is_missing[need])
    return SetUp(**{**vars(set_up), "missing": missing})


def _with_holder(ids: list[int]) -> set[int]:
    """Schools whose key in use somebody holds who may open what is sealed to it."""
    grants = useful_grants().filter(key__school__in=ids, key__retired_at__isnull=True)
    return set(grants.order_by().values_list("key__school_id", flat=True).distinct())


@dataclass(frozen=True)
class _Colleague:
    name: str
    role: str
    has_come: bool


def _people_of(ids: list[int]) -> dict[int, list[_Colleague]]:
    rows = (
        Membership.objects.filter(school__in=ids, user__is_active=True)
        .order_by("user__full_name", "user_id")
        .values_list("school_id", "user__full_name", "role_id", "user__public_key")
    )
    found: dict[int, list[_Colleague]] = {}
    for school, name, role, public_key in rows:
        colleague = _Colleague(name=name, role=role, has_come=bool(public_key))
        found.setdefault(school, []).append(colleague)
    return found


def _facts_of(ids: list[int]) -> dict[int, _Facts]:
    """Letters of the site alone: a paper one proves nothing of the key.

    A letter that got its number in earnest has gone the whole way too, and so has one set aside as a test.
    """
    this = OuterRef("pk")
    from_site = TakenLetter.objects.filter(opening__school=this, letter__isnull=False)
    rows = (
        School.objects.filter(pk__in=ids)
        .order_by()
        .annotate(
            categories_there=Exists(Category.objects.filter(school=this, in_use=True)),
            sent=Exists(Letter.objects.filter(school=this)),
            taken_out=Exists(from_site),
            aside=Exists(from_site.filter(set_aside_as=TakenLetter.SetAside.TEST)),
            numbered=Exists(Entry.objects.filter(school=this, letter__isnull=False)),
        )
        .values_list("pk", "categories_there", "sent", "taken_out", "aside", "numbered")
    )
    return {
        school: _Facts(categories=categories, sent=sent, taken=taken, tried=aside or numbered)
        for school, categories, sent, taken, aside, numbered in rows
    }
