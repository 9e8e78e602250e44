"""Roles: what the data says, what the database says, and what a person may do where."""

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from journal.models import Entry
from journal.selectors import entries_for, openings_for, volumes_for
from schools.models import Membership, Role, School, User
from schools.roles import OPERATOR_PERMISSIONS, ROLE_NAMES, ROLE_PERMISSIONS
from schools.selectors import may_hold_key, schools_for
from schools.services.roles import roles_out_of_line, sync_roles
from tests.factories import (
    make_operator,
    make_person,
    make_school,
    open_box,
    registered_entry,
)

CONTENT = {"journal.view_entry", "journal.open_box", "journal.register_letter", "schools.hold_key"}
# Role → may: open the box, register, review, print, hold the key, give the key, manage people.
MATRIX = {
    "psychologist": (1, 1, 1, 1, 1, 1, 0),
    "social_pedagogue": (1, 1, 1, 1, 1, 1, 0),
    "deputy_director": (1, 1, 1, 1, 1, 1, 0),
    "director": (0, 0, 0, 1, 1, 1, 0),
    "commission_member": (0, 0, 0, 0, 0, 0, 0),
    "phone_officer": (0, 1, 0, 0, 1, 0, 0),
    "administrator": (0, 0, 0, 0, 0, 0, 1),
    "region_analyst": (0, 0, 0, 0, 0, 0, 0),
}
ASKED = (
    "journal.open_box",
    "journal.register_letter",
    "journal.review_entry",
    "journal.print_journal",
    "schools.hold_key",
    "schools.grant_key",
    "schools.add_user",
)


def test_every_role_has_a_name_and_permissions() -> None:
    assert set(ROLE_NAMES) == set(ROLE_PERMISSIONS) == set(MATRIX)


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(MATRIX))
def test_a_role_may_do_what_the_matrix_says_and_only_in_its_school(role: str) -> None:
    own, other = make_school("own"), make_school("other")
    user = make_person(own, role).fresh()
    assert tuple(int(user.has_perm(asked, own)) for asked in ASKED) == MATRIX[role]
    assert not any(user.has_perm(asked, other) for asked in ASKED)
    assert user.is_staff
    assert not user.is_superuser


@pytest.mark.django_db
def test_two_roles_in_two_schools_do_not_mix() -> None:
    first, second = make_school("first"), make_school("second")
    person = make_person(first, "psychologist")
    Membership.objects.create(user=person.user, school=second, role_id="administrator")
    user = person.fresh()
    assert user.has_perm("journal.open_box", first)
    assert not user.has_perm("journal.open_box", second)
    assert user.has_perm("schools.add_user", second)
    assert not user.has_perm("schools.add_user", first)
    assert user.has_perm("journal.open_box")
    assert user.has_perms(["journal.open_box", "schools.add_user"])
    assert not user.has_perms(["journal.open_box", "schools.add_user"], first)


@pytest.mark.django_db
def test_the_operator_manages_every_school_and_reads_none() -> None:
    school = make_school()
    user = make_operator().fresh()
    assert user.is_staff
    assert not CONTENT & OPERATOR_PERMISSIONS
    assert user.has_perm("schools.add_school")
    assert user.has_perm("schools.change_regulation", school)
    assert list(schools_for(user, "schools.view_school")) == [school]
    for permission in sorted(CONTENT):
        assert not user.has_perm(permission, school)
        assert not schools_for(user, permission).exists()
    assert user.has_module_perms("schools")
    of_the_journal = {name for name in OPERATOR_PERMISSIONS if name.startswith("journal.")}
    assert of_the_journal == {
        f"journal.{verb}_commissionmember" for verb in ("view", "add", "change")
    }


@pytest.mark.django_db
def test_somebody_without_a_role_or_no_longer_active_may_nothing() -> None:
    school = make_school()
    nobody = make_person(None, None).fresh()
    assert not nobody.is_staff
    assert not nobody.has_module_perms("schools")
    gone = make_person(school, "psychologist", is_active=False).fresh()
    assert not gone.has_perm("journal.open_box", school)
    assert not gone.has_module_perms("journal")
    assert not may_hold_key(school).exists()


@pytest.mark.django_db
def test_every_staff_queryset_is_narrowed_to_the_persons_schools() -> None:
    own, other = make_school("own"), make_school("other", country="KG")
    mine = make_person(own, "psychologist", with_key=True)
    theirs = make_person(other, "psychologist", with_key=True)
    entry = registered_entry(own, by=mine)
    registered_entry(other, by=theirs)
    opening = open_box(own, by=mine)
    user = mine.fresh()
    assert list(entries_for(user)) == [entry]
    assert set(openings_for(user)) == {entry.opening, opening}
    assert list(volumes_for(user)) == [entry.volume]
    assert Entry.objects.count() == 2
    for role in ("administrator", "region_analyst", "commission_member"):
        stranger = make_person(own, role).fresh()
        assert not entries_for(stranger).exists()
        assert not openings_for(stranger).exists()
        assert not volumes_for(stranger).exists()
    assert not entries_for(make_operator().fresh()).exists()


@pytest.mark.django_db
def test_permissions_are_read_once_whatever_their_number(
    django_assert_num_queries: pytest.FixtureRequest,
) -> None:
    person = make_person(make_school("school-0"), "psychologist")
    for place in range(1, 4):
        Membership.objects.create(
            user=person.user, school=make_school(f"school-{place}"), role_id="director"
        )
    user = person.fresh()
    schools = list(School.objects.all())
    with django_assert_num_queries(2):
        for school in schools:
            for asked in ASKED:
                user.has_perm(asked, school)


@pytest.mark.django_db
def test_sync_brings_changed_roles_back_and_check_says_which() -> None:
    assert roles_out_of_line() == []
    call_command("sync_roles", "--check")
    Role.objects.get(slug="director").permissions.clear()
    Role.objects.create(slug="janitor")
    Role.objects.get(slug="region_analyst").delete()
    assert roles_out_of_line() == ["director", "janitor", "region_analyst"]
    with pytest.raises(CommandError, match="director, janitor, region_analyst"):
        call_command("sync_roles", "--check")
    assert Role.objects.filter(slug="janitor").exists()
    assert sync_roles() == ["director", "janitor", "region_analyst"]
    assert roles_out_of_line() == []
    assert sync_roles() == []


@pytest.mark.django_db
def test_a_permission_that_does_not_exist_stops_the_sync(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ROLE_PERMISSIONS, "director", ["journal.fly"])
    with pytest.raises(LookupError, match=r"journal\.fly"):
        sync_roles()


@pytest.mark.django_db
def test_a_role_is_held_once_a_school() -> None:
    school = make_school()
    person = make_person(school, "psychologist")
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=person.user, school=school, role_id="psychologist")


@pytest.mark.django_db
def test_accounts_are_made_by_name() -> None:
    operator = User.objects.create_superuser("root", "long enough password", full_name="Root")
    assert operator.is_operator
    assert operator.check_password("long enough password")
    assert not User.objects.create_user("new", full_name="New").has_usable_password()
