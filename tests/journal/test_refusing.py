"""What was refused stays in the trail, by name of the step alone; what it had begun does not."""

import pytest
from django.urls import reverse

from journal.models import Trail
from journal.services import key_keeping, registering
from schools.errors import Conflict, Refused
from schools.models import KeyGrant
from tests.factories import (
    PASSWORD,
    make_operator,
    make_person,
    make_school,
    open_box,
    register,
    send_letter,
    signed_in_client,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    return make_school()


@pytest.fixture
def holder(school):
    return make_person(school, "psychologist", with_key=True)


def refused_rows():
    return Trail.objects.filter(step=Trail.Step.REFUSED)


def test_a_refused_service_leaves_a_row_and_nothing_else(school, holder):
    stranger = make_person(school, "social_pedagogue")
    with pytest.raises(Refused):
        key_keeping.grant(
            school=school, to=stranger.fresh(), by=stranger.fresh(), keyring=stranger.keyring()
        )
    row = refused_rows().get()
    assert (row.by, row.facts) == (stranger.user, {"attempt": "grant"})
    assert not KeyGrant.objects.filter(holder=stranger.user).exists()


def test_whoever_was_merely_slower_attempted_nothing(school, holder):
    send_letter(school)
    opening = open_box(school, by=holder)
    taken = opening.taken_letters.get()
    register(taken, by=holder)
    with pytest.raises(Conflict):
        registering.register_letter(
            taken=taken,
            registration=registering.Registration(summary="Again.", category=None),
            by=holder.fresh(),
            keyring=holder.keyring(),
        )
    assert not refused_rows().exists()


def test_on_the_pages_a_refusal_is_a_row_after_what_was_rolled_back(school, holder):
    client = signed_in_client(holder)
    address = reverse("admin:keys_take", args=[school.slug, holder.user.pk])
    client.post(address, {f"person-{holder.user.pk}-password": PASSWORD})
    assert refused_rows().get().facts == {"attempt": "take_away"}
    assert KeyGrant.objects.count() == 1


def test_a_page_that_the_role_does_not_open_is_a_row(school, holder):
    director = make_person(school, "administrator")
    client = signed_in_client(director)
    address = reverse("admin:keys_grant", args=[school.slug, holder.user.pk])
    assert client.post(address, {"text": "typed words"}).status_code == 403
    row = refused_rows().get()
    assert (row.school, row.by, row.facts) == (school, director.user, {"attempt": "keys_grant"})


def test_the_operator_has_no_school_and_no_row(school, holder):
    client = signed_in_client(make_operator())
    address = reverse("admin:keys_grant", args=[school.slug, holder.user.pk])
    assert client.post(address).status_code == 403
    assert not refused_rows().exists()
