"""A link is good once and for 72 hours; whoever used it has a new pair and no key."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from schools.errors import Refused
from schools.models import Invitation, KeyGrant, School
from schools.services import inviting
from schools.services.signing_in import sign_out_everywhere
from tests import factories
from tests.factories import Person
from tests.races import at_once

NEW = "a quite new password"


@pytest.fixture
def school(db: None) -> School:
    return factories.make_school()


@pytest.fixture
def person(school: School) -> Person:
    return factories.make_person(school, "psychologist", with_key=True)


def test_a_link_sets_the_password_and_the_former_pair_is_worthless(person: Person) -> None:
    token = inviting.invite(user=person.user, by=person.user)
    user, pair = inviting.accept(token=token, password=NEW)
    assert user.check_password(NEW)
    assert pair.public != person.pair.public
    assert not KeyGrant.objects.filter(holder=user).exists()


def test_a_link_opens_once(person: Person) -> None:
    token = inviting.invite(user=person.user, by=person.user)
    inviting.accept(token=token, password=NEW)
    with pytest.raises(Refused):
        inviting.accept(token=token, password="another long password")
    assert person.fresh().check_password(NEW)


def test_a_link_ends_after_72_hours(person: Person) -> None:
    token = inviting.invite(user=person.user, by=person.user)
    for hours, good in ((71, True), (73, False)):
        with time_machine.travel(timezone.now() + datetime.timedelta(hours=hours)):
            assert (inviting.invitation_of(token) is not None) is good


def test_a_newer_link_ends_the_former(person: Person) -> None:
    first = inviting.invite(user=person.user, by=person.user)
    second = inviting.invite(user=person.user, by=person.user)
    assert inviting.invitation_of(first) is None
    assert inviting.invitation_of(second) is not None


def test_until_the_link_is_used_nothing_changes(person: Person) -> None:
    inviting.invite(user=person.user, by=person.user)
    assert person.fresh().check_password(person.password)
    assert KeyGrant.objects.filter(holder=person.user).exists()


def test_somebody_who_left_is_not_invited(person: Person) -> None:
    token = inviting.invite(user=person.user, by=person.user)
    person.user.is_active = False
    person.user.save()
    assert inviting.invitation_of(token) is None
    with pytest.raises(Refused):
        inviting.invite(user=person.user, by=person.user)


def test_the_table_does_not_hold_the_link(person: Person) -> None:
    token = inviting.invite(user=person.user, by=person.user)
    assert token not in str(Invitation.objects.values().get())


@pytest.mark.django_db(transaction=True)
def test_of_many_who_use_a_link_at_once_one_comes_in() -> None:
    person = factories.make_person(factories.make_school(), "psychologist")
    token = inviting.invite(user=person.user, by=person.user)
    results = at_once(6, lambda place: inviting.accept(token=token, password=f"{NEW} {place}"))
    assert sum(isinstance(result, tuple) for result in results) == 1
    assert sum(isinstance(result, Refused) for result in results) == 5, results


def test_signing_out_everywhere_ends_sessions_that_are_open(person: Person) -> None:
    here, there = factories.signed_in_client(person), factories.signed_in_client(person)
    sign_out_everywhere(user=person.user)
    for client in (here, there):
        assert client.get("/admin/").status_code == 302
    assert factories.signed_in_client(person).get("/admin/").status_code == 200
