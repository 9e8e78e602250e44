"""A school's key: who makes it, gives it and takes it away, and what a new password does to it."""

import pytest
from django.db import IntegrityError, transaction

from journal.models import Trail
from journal.services import key_keeping
from schools.errors import Refused
from schools.models import KeyGrant, Membership, SchoolKey, User
from schools.selectors import has_key_holder, holders_of, key_in_use, may_hold_key
from schools.services.keys import grant_key, make_school_key, take_key
from schools.services.signing_in import change_password, open_pair, reset_password
from tests.factories import (
    PASSWORD,
    Person,
    give_key,
    make_operator,
    make_person,
    make_school,
    send_letter,
)
from tests.races import at_once
from vault.errors import NotForThisKey, WrongPassword
from vault.keyring import EMPTY_KEYRING

pytestmark = pytest.mark.django_db


def test_the_first_key_makes_its_maker_a_holder() -> None:
    school = make_school()
    maker = make_person(school, "psychologist")
    assert not has_key_holder(school)
    key = make_school_key(school=school, by=maker.fresh())
    assert key_in_use(school) == key
    assert has_key_holder(school)
    assert maker.keyring().opens_school_key(key.pk)
    letter = send_letter(school, text="Only for those who hold the key.")
    assert letter.read(maker.keyring())["text"] == "Only for those who hold the key."


def test_the_private_half_is_nowhere_in_the_clear() -> None:
    school = make_school()
    maker = make_person(school, "psychologist", with_key=True)
    private = maker.keyring().schools[key_in_use(school).pk].private
    user = maker.fresh()
    rows = [
        bytes(KeyGrant.objects.get().sealed_private_key),
        bytes(SchoolKey.objects.get().public_key),
        bytes(user.wrapped_private_key),
        bytes(user.public_key),
    ]
    for stored in rows:
        assert private not in stored
        assert maker.pair.private not in stored


@pytest.mark.parametrize("role", ["administrator", "commission_member", "region_analyst"])
def test_a_role_that_may_not_hold_the_key_makes_none_and_gets_none(role: str) -> None:
    school = make_school()
    person = make_person(school, role)
    with pytest.raises(Refused):
        make_school_key(school=school, by=person.fresh())
    assert key_in_use(school) is None
    holder = make_person(school, "psychologist", with_key=True)
    with pytest.raises(Refused):
        grant_key(school=school, to=person.fresh(), by=holder.fresh(), keyring=holder.keyring())
    assert [grant.holder for grant in holders_of(key_in_use(school))] == [holder.user]


def test_nobody_of_another_school_and_no_operator_makes_or_gets_the_key() -> None:
    school, other = make_school(), make_school("other")
    holder = make_person(school, "psychologist", with_key=True)
    for stranger in (make_person(other, "psychologist"), make_operator()):
        with pytest.raises(Refused):
            make_school_key(
                school=make_school(stranger.user.username.partition(".")[0]), by=stranger.fresh()
            )
        with pytest.raises(Refused):
            grant_key(
                school=school, to=stranger.fresh(), by=holder.fresh(), keyring=holder.keyring()
            )
    assert KeyGrant.objects.filter(key__school=school).count() == 1


def test_a_second_key_is_refused_in_python_and_in_the_database() -> None:
    school = make_school()
    holder = make_person(school, "psychologist", with_key=True)
    with pytest.raises(Refused):
        make_school_key(school=school, by=holder.fresh())
    with pytest.raises(IntegrityError), transaction.atomic():
        SchoolKey.objects.create(school=school, public_key=bytes(32))


def test_a_person_who_never_signed_in_makes_and_gets_no_key() -> None:
    school = make_school()
    holder = make_person(school, "psychologist", with_key=True)
    new = User.objects.create_user("new", PASSWORD, full_name="New")
    Membership.objects.create(user=new, school=school, role_id="deputy_director")
    with pytest.raises(Refused):
        grant_key(school=school, to=new, by=holder.fresh(), keyring=holder.keyring())
    empty = make_school("empty")
    Membership.objects.create(user=new, school=empty, role_id="psychologist")
    with pytest.raises(Refused):
        make_school_key(school=empty, by=User.objects.get(pk=new.pk))


def test_a_holder_gives_the_key_to_a_colleague_once() -> None:
    school = make_school()
    holder = make_person(school, "psychologist", with_key=True)
    colleague = make_person(school, "deputy_director")
    letter = send_letter(school, text="For both.")
    with pytest.raises(NotForThisKey):
        letter.read(colleague.keyring())
    facts = {
        "school": school,
        "to": colleague.fresh(),
        "by": holder.fresh(),
        "keyring": holder.keyring(),
    }
    grant_key(**facts)
    assert letter.read(colleague.keyring())["text"] == "For both."
    with pytest.raises(Refused):
        grant_key(**facts)
    assert KeyGrant.objects.count() == 2


def test_only_a_holder_with_the_keyring_open_gives_the_key() -> None:
    school = make_school()
    holder = make_person(school, "psychologist", with_key=True)
    colleague = make_person(school, "deputy_director")
    third = make_person(school, "social_pedagogue")
    for by, keyring in ((colleague, colleague.keyring()), (holder, EMPTY_KEYRING)):
        with pytest.raises(Refused):
            grant_key(school=school, to=third.fresh(), by=by.fresh(), keyring=keyring)
    # Holds the key, but the role gives none on.
    officer = make_person(school, "phone_officer", with_key=True)
    with pytest.raises(Refused):
        grant_key(school=school, to=third.fresh(), by=officer.fresh(), keyring=officer.keyring())
    assert not third.keyring().schools


def _two_holders() -> tuple:
    school = make_school()
    return (
        school,
        make_person(school, "psychologist", with_key=True),
        make_person(school, "deputy_director", with_key=True),
    )


def test_a_key_taken_away_is_gone_at_once_and_the_last_one_stays() -> None:
    school, first, second = _two_holders()
    letter = send_letter(school)
    take_key(school=school, holder=second.fresh(), by=first.fresh(), keyring=first.keyring())
    with pytest.raises(NotForThisKey):
        letter.read(second.keyring())
    with pytest.raises(Refused):
        take_key(school=school, holder=second.fresh(), by=first.fresh(), keyring=first.keyring())
    with pytest.raises(Refused):
        take_key(school=school, holder=first.fresh(), by=first.fresh(), keyring=first.keyring())
    assert letter.read(first.keyring())


def test_the_last_active_holder_stays() -> None:
    school, first, second = _two_holders()
    User.objects.filter(pk=second.user.pk).update(is_active=False)
    with pytest.raises(Refused):
        take_key(school=school, holder=first.fresh(), by=first.fresh(), keyring=first.keyring())
    assert has_key_holder(school)


def test_somebody_without_the_key_takes_none() -> None:
    school, first, _second = _two_holders()
    outsider = make_person(school, "social_pedagogue")
    with pytest.raises(Refused):
        take_key(
            school=school, holder=first.fresh(), by=outsider.fresh(), keyring=outsider.keyring()
        )
    assert first.keyring().schools


def test_a_key_stops_working_with_the_role() -> None:
    school, _first, second = _two_holders()
    letter = send_letter(school)
    Membership.objects.filter(user=second.user).update(role_id="commission_member")
    with pytest.raises(NotForThisKey):
        letter.read(second.keyring())
    assert not may_hold_key(school).filter(pk=second.user.pk).exists()


def test_every_change_of_the_key_is_in_the_trail() -> None:
    school, first, second = _two_holders()
    key_keeping.take_away(
        school=school, holder=second.fresh(), by=first.fresh(), keyring=first.keyring()
    )
    rows = Trail.objects.filter(school=school).order_by("position")
    assert [(row.step, row.by_name, row.facts) for row in rows] == [
        ("key_made", first.user.username, {}),
        ("key_granted", first.user.username, {"to": second.user.username}),
        ("key_taken", first.user.username, {"from": second.user.username}),
    ]


def test_a_refused_change_leaves_only_the_row_of_its_refusal() -> None:
    school, first, _second = _two_holders()
    before = set(Trail.objects.values_list("pk", flat=True))
    with pytest.raises(Refused):
        key_keeping.make_key(school=school, by=first.fresh())
    assert [row.step for row in Trail.objects.exclude(pk__in=before)] == [Trail.Step.REFUSED]


def _signed_in_with(person: Person, password: str) -> Person:
    user = person.fresh()
    return Person(user=user, password=password, pair=open_pair(user=user, password=password))


def test_a_changed_password_keeps_the_keys() -> None:
    school, first, _second = _two_holders()
    letter = send_letter(school)
    change_password(user=first.fresh(), old=PASSWORD, new="another long password")
    again = _signed_in_with(first, "another long password")
    assert again.pair == first.pair
    assert letter.read(again.keyring())
    assert again.user.check_password("another long password")
    with pytest.raises(WrongPassword):
        open_pair(user=first.fresh(), password=PASSWORD)


def test_a_password_is_not_changed_without_the_old_one() -> None:
    person = make_person(make_school(), "psychologist")
    with pytest.raises(WrongPassword):
        change_password(user=person.fresh(), old="wrong", new="another long password")
    assert person.fresh().check_password(PASSWORD)
    assert open_pair(user=person.fresh(), password=PASSWORD) == person.pair


def test_a_reset_password_ends_pair_and_keys_until_a_colleague_grants_again() -> None:
    school, first, second = _two_holders()
    letter = send_letter(school, text="Written before.")
    reset_password(user=second.fresh(), new="set by somebody else")
    assert not second.fresh().has_pair
    assert not KeyGrant.objects.filter(holder=second.user).exists()
    with pytest.raises(NotForThisKey):
        letter.read(second.keyring())
    again = _signed_in_with(second, "set by somebody else")
    assert again.pair != second.pair
    with pytest.raises(NotForThisKey):
        letter.read(again.keyring())
    give_key(school, to=again, by=first)
    assert letter.read(again.keyring())["text"] == "Written before."


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one_key() -> None:
    school = make_school()
    people = [make_person(school, "psychologist", username=f"person{place}") for place in range(4)]
    users = [person.fresh() for person in people]
    results = at_once(4, lambda place: make_school_key(school=school, by=users[place]))
    assert sum(isinstance(result, SchoolKey) for result in results) == 1
    assert sum(isinstance(result, Refused) for result in results) == 3
    assert KeyGrant.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_take_from_each_other_at_once_leave_one_holder() -> None:
    school, first, second = _two_holders()
    pairs = [(first, second), (second, first)]
    rings = [first.keyring(), second.keyring()]
    users = [(by.fresh(), holder.fresh()) for by, holder in pairs]
    results = at_once(
        2,
        lambda place: take_key(
            school=school, holder=users[place][1], by=users[place][0], keyring=rings[place]
        ),
    )
    assert sum(isinstance(result, Refused) for result in results) == 1
    assert KeyGrant.objects.count() == 1
