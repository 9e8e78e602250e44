"""Signing in, the language, the own password: what a person does for themselves."""

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from schools.models import KeyGrant, User
from tests.factories import (
    PASSWORD,
    TEXT,
    make_person,
    make_school,
    registered_entry,
    signed_in_client,
)

pytestmark = pytest.mark.django_db

NEW = "another long horse battery"


def test_sign_in_page_speaks_the_chosen_language():
    address = reverse("admin:login")
    for code in ("kk", "ru", "ky", "en"):
        response = Client().get(address, {"language": code, "next": "/admin/own/"})
        page = response.content.decode()
        assert f'<html lang="{code}"' in page
        assert f"language={code}" in page
        assert 'value="/admin/own/"' in page


def test_wrong_password_keeps_the_language():
    address = reverse("admin:login") + "?language=kk"
    page = Client(headers={"accept-language": "ru"}).get(address)
    assert page.context["app_path"] == address
    response = Client(headers={"accept-language": "ru"}).post(
        address, {"username": "nobody", "password": "wrong"}
    )
    assert '<html lang="kk"' in response.content.decode()


def test_person_chooses_the_language():
    person = make_person(make_school(), "psychologist")
    client = signed_in_client(person)
    client.post(reverse("admin:own"), {"language": "kk"})
    assert person.fresh().language == "kk"
    assert '<html lang="kk"' in client.get(reverse("admin:index")).content.decode()
    client.post(reverse("admin:own"), {"language": "xx"})
    assert person.fresh().language == "kk"


def test_own_password_keeps_the_keys_and_the_session():
    school = make_school()
    person = make_person(school, "psychologist", with_key=True)
    entry = registered_entry(school, by=person)
    client = signed_in_client(person)
    response = client.post(
        reverse("admin:password_change"),
        {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW},
    )
    assert response.status_code == 302
    assert KeyGrant.objects.filter(holder=person.user).exists()
    page = client.get(reverse("admin:journal_entry_change", args=[entry.pk]))
    assert TEXT in page.content.decode()
    again = signed_in_client(replace(person, password=NEW))
    page = again.get(reverse("admin:journal_entry_change", args=[entry.pk]))
    assert TEXT in page.content.decode()


def test_own_password_needs_the_old_one():
    person = make_person(make_school(), "psychologist")
    client = signed_in_client(person)
    client.post(
        reverse("admin:password_change"),
        {"old_password": "wrong", "new_password1": NEW, "new_password2": NEW},
    )
    assert person.fresh().check_password(PASSWORD)


def test_nobody_without_a_role_comes_in():
    person = make_person(make_school(), "psychologist")
    client = signed_in_client(person)
    person.user.memberships.all().delete()
    response = client.get(reverse("admin:index"))
    assert response.status_code == 302
    assert b"you have no role in any school" in client.get(response.headers["Location"]).content


def test_sign_in_without_a_role_is_refused():
    person = make_person(None, None)
    data = {"username": person.user.username, "password": PASSWORD}
    client = Client()
    assert client.post(reverse("admin:login"), data).status_code == 200
    assert "_auth_user_id" not in client.session


def test_signed_out_pages_lead_to_the_sign_in():
    school = make_school()
    User.objects.create_user("somebody", PASSWORD, full_name="Somebody")
    for name, arguments in (
        ("own", []),
        ("settings", []),
        ("keys_list", []),
        ("keys", [school.slug]),
        ("journal_opening_open", [school.slug]),
        ("journal_entry_changelist", []),
    ):
        response = Client().get(reverse(f"admin:{name}", args=arguments))
        assert response.status_code == 302
        assert response.headers["Location"].startswith(reverse("admin:login"))


def test_signing_out_takes_the_key_from_the_browser():
    client = signed_in_client(make_person(make_school(), "psychologist"))
    assert client.get(reverse("admin:logout")).status_code == 405
    response = client.post(reverse("admin:logout"))
    assert response.headers["Location"] == reverse("admin:login") + "?language=en"
    assert response.cookies["trustbox_key"].value == ""
    assert client.get(reverse("admin:index")).status_code == 302


def test_lists_of_tables_lead_to_the_day():
    client = signed_in_client(make_person(make_school(), "psychologist"))
    response = client.get("/admin/journal/")
    assert response.headers["Location"] == reverse("admin:index")
