"""Nobody holds the key any more: what is lost is said, what helps is said, and the school can go on."""

import pytest
from django.urls import reverse

from journal.models import Trail
from schools.models import KeyGrant, Membership, School, SchoolKey
from schools.selectors import has_key_holder, key_in_use
from tests.factories import (
    PASSWORD,
    Person,
    make_person,
    make_school,
    registered_entry,
    send_letter,
    signed_in_client,
)
from tests.journal.key_life import forget_password, sheet_of, two_minutes_pass

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> School:
    return make_school()


@pytest.fixture
def holder(school: School) -> Person:
    return make_person(school, "psychologist", with_key=True)


def keys_page(client, school: School) -> str:
    return client.get(reverse("admin:keys", args=[school.slug])).content.decode()


def make_new(client, school: School, **fields: str):
    wanted = {"loss-understood": "on", "loss-password": PASSWORD, **fields}
    return client.post(reverse("admin:keys_make", args=[school.slug]), wanted)


def test_what_is_lost_is_told(school: School, holder: Person) -> None:
    registered_entry(school, by=holder)
    registered_entry(school, by=holder)
    send_letter(school)
    client = signed_in_client(forget_password(holder))
    for page in (keys_page(client, school), client.get(reverse("admin:index")).content.decode()):
        assert "The key is lost" in page
        assert "2 entries of the journal" in page
        assert "1 letter that has no number yet" in page
    assert "No recovery sheet of this key was ever printed." in keys_page(client, school)


def test_a_sheet_that_was_printed_is_remembered(school: School, holder: Person) -> None:
    sheet_of(school, holder)
    page = keys_page(signed_in_client(forget_password(holder)), school)
    assert "The recovery sheet was printed on" in page
    assert "ever printed" not in page


@pytest.mark.parametrize("how", ["role ended", "may not sign in"])
def test_a_holder_who_left_holds_nothing(school: School, holder: Person, how: str) -> None:
    colleague = make_person(school, "director")
    send_letter(school)
    if how == "role ended":
        Membership.objects.filter(user=holder.user).delete()
    else:
        holder.user.is_active = False
        holder.user.save()
    assert not has_key_holder(school)
    client = signed_in_client(colleague)
    assert "The key is lost" in keys_page(client, school)
    make_new(client, school)
    assert colleague.keyring().opens_school_key(key_in_use(school).pk)
    # Nothing of the old key is in anybody's way.
    assert client.get(reverse("admin:keys_change", args=[school.slug])).context["form"]


def test_a_new_key_is_confirmed(school: School, holder: Person) -> None:
    client = signed_in_client(forget_password(holder))
    for fields in ({"loss-understood": ""}, {"loss-password": "not the password"}):
        make_new(client, school, **fields)
        assert SchoolKey.objects.count() == 1
    assert client.get(reverse("admin:keys_make", args=[school.slug])).status_code == 405
    make_new(client, school)
    assert SchoolKey.objects.count() == 2
    assert Trail.objects.filter(facts__after_loss=True).count() == 1
    assert make_new(client, school).status_code == 409
    assert SchoolKey.objects.count() == 2
    assert "because the former one was lost" in keys_page(client, school)


def test_old_entries_stay_listed_and_new_letters_are_read(school: School, holder: Person) -> None:
    entry = registered_entry(school, by=holder)
    holder = forget_password(holder)
    client = signed_in_client(holder)
    make_new(client, school)
    assert send_letter(school, text="After the loss.").read(holder.keyring())
    page = client.get(reverse("admin:journal_entry_changelist")).content.decode()
    assert reverse("admin:journal_entry_change", args=[entry.pk]) in page
    response = client.get(reverse("admin:journal_entry_change", args=[entry.pk]))
    assert response.status_code == 200
    page = keys_page(client, school)
    assert "Closed to everybody" in page
    assert "1 entry of the journal" in page


def test_a_sheet_found_later_opens_the_old_ones(school: School, holder: Person) -> None:
    entry = registered_entry(school, by=holder, text="Words of before.")
    lines = sheet_of(school, holder)
    holder = forget_password(holder)
    client = signed_in_client(holder)
    make_new(client, school)
    response = client.post(
        reverse("admin:keys_restore", args=[school.slug]),
        {"lines": "\n".join(lines), "password": PASSWORD},
    )
    assert response.url == reverse("admin:keys_change", args=[school.slug])
    two_minutes_pass(school)
    client.post(reverse("admin:keys_go_on", args=[school.slug]))
    entry.refresh_from_db()
    assert entry.school_key == key_in_use(school)
    assert entry.letter.read(holder.keyring())["text"] == "Words of before."
    assert KeyGrant.objects.count() == 1
    assert "Closed to everybody" not in keys_page(client, school)


def test_a_school_that_lost_nothing_says_nothing(school: School, holder: Person) -> None:
    send_letter(school)
    make_person(school, "director")
    client = signed_in_client(holder)
    assert "lost" not in keys_page(client, school)
    assert "The key is lost" not in client.get(reverse("admin:index")).content.decode()


def test_who_does_not_hold_keys_makes_none(school: School, holder: Person) -> None:
    forget_password(holder)
    stranger = make_person(make_school("school-2"), "psychologist", with_key=True)
    for person, status in ((make_person(school, "administrator"), 403), (stranger, 404)):
        assert make_new(signed_in_client(person), school).status_code == status
    assert SchoolKey.objects.filter(school=school).count() == 1


def test_the_last_key_goes_only_after_the_sheet(school: School, holder: Person) -> None:
    client = signed_in_client(holder)
    address = reverse("admin:keys_take", args=[school.slug, holder.user.pk])
    fields = {f"person-{holder.user.pk}-password": PASSWORD}
    assert address not in keys_page(client, school)
    assert client.post(address, fields).status_code == 409
    sheet_of(school, holder)
    assert address in keys_page(client, school)
    client.post(address, fields)
    assert not KeyGrant.objects.exists()
    assert "The key is lost" in keys_page(client, school)
