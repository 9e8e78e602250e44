"""The keys page: making, giving and taking away the key of a school."""

import pytest
from django.urls import reverse

from journal.models import Trail
from schools.models import KeyGrant, SchoolKey
from tests import factories
from tests.factories import (
    PASSWORD,
    Person,
    make_operator,
    make_person,
    make_school,
    signed_in_client,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    return make_school()


@pytest.fixture
def holder(school) -> Person:
    return make_person(school, "psychologist", with_key=True)


@pytest.fixture
def colleague(school) -> Person:
    return make_person(school, "social_pedagogue")


def hand(client, name, school, person, password=PASSWORD):
    return client.post(
        reverse(f"admin:keys_{name}", args=[school.slug, person.user.pk]),
        {f"person-{person.user.pk}-password": password},
    )


def test_first_key(school, colleague):
    client = signed_in_client(colleague)
    address = reverse("admin:keys_make", args=[school.slug])
    assert client.get(address).status_code == 405
    client.post(address)
    assert KeyGrant.objects.get(key__school=school).holder == colleague.user
    assert Trail.objects.filter(step=Trail.Step.KEY_MADE).count() == 1
    assert client.post(address).status_code == 409
    assert SchoolKey.objects.count() == 1


def test_given_with_the_givers_password(school, holder, colleague):
    client = signed_in_client(holder)
    hand(client, "grant", school, colleague)
    assert KeyGrant.objects.filter(holder=colleague.user, granted_by=holder.user).exists()
    assert Trail.objects.filter(step=Trail.Step.KEY_GRANTED).count() == 1
    assert hand(client, "grant", school, colleague).status_code == 409
    assert KeyGrant.objects.filter(holder=colleague.user).count() == 1


def test_wrong_password_gives_nothing(school, holder, colleague):
    response = hand(signed_in_client(holder), "grant", school, colleague, "something else")
    assert "This is not your password." in response.content.decode()
    assert "something else" not in response.content.decode()
    assert not KeyGrant.objects.filter(holder=colleague.user).exists()


def test_taken_away_and_never_the_last(school, holder, colleague):
    client = signed_in_client(holder)
    assert hand(client, "take", school, holder).status_code == 409
    hand(client, "grant", school, colleague)
    hand(client, "take", school, colleague)
    assert [grant.holder for grant in KeyGrant.objects.all()] == [holder.user]
    assert Trail.objects.filter(step=Trail.Step.KEY_TAKEN).count() == 1


def test_who_waits_is_shown(school, holder, colleague):
    page = signed_in_client(holder).get(reverse("admin:keys", args=[school.slug]))
    assert [row["person"] for row in page.context["waiting"]] == [colleague.user]
    assert page.context["waiting"][0]["form"] is not None
    waiting = signed_in_client(colleague).get(reverse("admin:keys", args=[school.slug]))
    assert waiting.context["waiting"][0]["form"] is None


def test_never_signed_in_cannot_be_given(school, holder, colleague):
    user = colleague.user
    user.public_key = user.wrapped_private_key = b""
    user.save()
    client = signed_in_client(holder)
    page = client.get(reverse("admin:keys", args=[school.slug]))
    assert page.context["waiting"][0]["form"] is None
    assert hand(client, "grant", school, colleague).status_code == 409
    assert not KeyGrant.objects.filter(holder=user).exists()


def test_who_may_not(school, holder, colleague):
    other = make_school("school-2")
    stranger = make_person(other, "psychologist", with_key=True)
    administrator = make_person(school, "administrator")
    people = ((stranger, 404), (administrator, 403), (make_operator(), 403), (colleague, 409))
    for person, status in people:
        client = signed_in_client(person)
        assert hand(client, "grant", school, colleague).status_code == status
        assert client.get(reverse("admin:keys_grant", args=[school.slug, 1])).status_code == 405
    assert not KeyGrant.objects.filter(holder=colleague.user).exists()


def test_administrator_sees_who_holds_it(school, holder):
    page = signed_in_client(make_person(school, "administrator")).get(
        reverse("admin:keys_list"), follow=True
    )
    assert str(holder.user) in page.content.decode()
    assert "<form" not in page.content.decode().split("<main")[1]


def test_person_of_another_school_is_not_found(school, holder):
    stranger = make_person(make_school("school-2"), "psychologist")
    assert hand(signed_in_client(holder), "grant", school, stranger).status_code == 404


def test_a_wrong_password_at_the_keys_leaves_a_row() -> None:
    school = factories.make_school("wrong-password")
    holder = factories.make_person(school, "psychologist", with_key=True)
    colleague = factories.make_person(school, "social_pedagogue")
    client = factories.signed_in_client(holder)
    client.post(
        reverse("admin:keys_grant", args=[school.slug, colleague.user.pk]),
        {f"person-{colleague.user.pk}-password": "not my password"},
    )
    row = Trail.objects.filter(school=school).order_by("position").last()
    assert (row.step, row.facts["name"]) == (Trail.Step.SIGN_IN_FAILED, holder.user.username)
    assert "not my password" not in str(row.facts)
