"""Signing in: the key of a session needs both the database and the cookie; neither alone opens anything."""

from base64 import b64decode, b64encode
from dataclasses import replace

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse

from schools.backends import StaffBackend
from schools.models import KeyGrant, User
from schools.selectors import key_in_use
from schools.services.signing_in import reset_password
from schools.session import keyring_of_request
from tests.factories import (
    PASSWORD,
    Person,
    make_operator,
    make_person,
    make_school,
    send_letter,
    signed_in_client,
)
from vault.errors import NotForThisKey
from vault.passwords import new_session_key, unwrap_from_session

pytestmark = pytest.mark.django_db


def request_of(client: Client, person: Person, **cookies: str) -> HttpRequest:
    """A request as that browser would send it; ``cookies`` replace the browser's own."""
    request = RequestFactory().get("/admin/")
    request.COOKIES = {name: morsel.value for name, morsel in client.cookies.items()} | cookies
    request.session = client.session
    request.user = person.fresh()
    return request


def test_signing_in_opens_the_keyring_of_the_session() -> None:
    school = make_school()
    keeper = make_person(school, "psychologist", with_key=True)
    letter = send_letter(school, text="Read me.")
    request = request_of(signed_in_client(keeper), keeper)
    assert letter.read(keyring_of_request(request))["text"] == "Read me."


def test_the_first_sign_in_makes_the_pair() -> None:
    user = make_operator().user
    User.objects.filter(pk=user.pk).update(public_key=b"", wrapped_private_key=b"")
    response = Client().post(
        reverse("admin:login"), {"username": user.username, "password": PASSWORD}
    )
    assert response.status_code == 302
    assert User.objects.get(pk=user.pk).has_pair


def test_neither_the_session_nor_the_cookie_alone_opens_anything() -> None:
    school = make_school()
    keeper = make_person(school, "psychologist", with_key=True)
    client = signed_in_client(keeper)
    key = key_in_use(school).pk
    assert keyring_of_request(request_of(client, keeper)).opens_school_key(key)

    stolen_database = request_of(client, keeper)
    del stolen_database.COOKIES[settings.KEYRING_COOKIE_NAME]
    assert not keyring_of_request(stolen_database).schools

    for other in (b64encode(new_session_key()).decode(), "", "not base64!", "AAAA"):
        wrong = request_of(client, keeper, **{settings.KEYRING_COOKIE_NAME: other})
        assert not keyring_of_request(wrong).schools

    stolen_cookie = request_of(client, keeper)
    stolen_cookie.session = Client().session
    assert not keyring_of_request(stolen_cookie).schools


def test_what_the_database_holds_of_a_session_does_not_hold_its_key() -> None:
    keeper = make_person(make_school(), "psychologist", with_key=True)
    client = signed_in_client(keeper)
    stored = Session.objects.get().get_decoded()
    cookie = b64decode(client.cookies[settings.KEYRING_COOKIE_NAME].value)
    wrapped = b64decode(stored["wrapped_pair"])
    assert unwrap_from_session(wrapped, cookie) == keeper.pair
    assert keeper.pair.private not in wrapped
    for value in stored.values():
        with pytest.raises((NotForThisKey, ValueError)):
            unwrap_from_session(wrapped, b64decode(str(value).encode(), validate=False)[:32])


def test_two_sessions_of_one_person_have_two_keys() -> None:
    keeper = make_person(make_school(), "psychologist", with_key=True)
    first, second = signed_in_client(keeper), signed_in_client(keeper)
    name = settings.KEYRING_COOKIE_NAME
    assert first.cookies[name].value != second.cookies[name].value
    crossed = request_of(first, keeper, **{name: second.cookies[name].value})
    assert not keyring_of_request(crossed).schools


def test_the_cookie_stays_in_the_staff_pages_and_out_of_scripts() -> None:
    client = signed_in_client(make_person(make_school(), "psychologist"))
    cookie = client.cookies[settings.KEYRING_COOKIE_NAME]
    assert cookie["path"] == "/admin/"
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert not cookie["max-age"]
    assert not cookie["expires"]


def test_signing_out_forgets_both_halves() -> None:
    keeper = make_person(make_school(), "psychologist", with_key=True)
    client = signed_in_client(keeper)
    before = client.session.session_key
    client.post(reverse("admin:logout"))
    assert client.cookies[settings.KEYRING_COOKIE_NAME].value == ""
    assert not Session.objects.filter(pk=before).exists()


def test_a_reset_pair_closes_the_sessions_of_before() -> None:
    school = make_school()
    keeper = make_person(school, "psychologist", with_key=True)
    client = signed_in_client(keeper)
    reset_password(user=keeper.fresh(), new="set by somebody else")
    assert not keyring_of_request(request_of(client, keeper)).schools
    assert client.get(reverse("admin:index")).status_code == 302


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("psychologist.school-1", "wrong"),
        ("nobody", PASSWORD),
        ("", ""),
        ("psychologist.school-1", ""),
    ],
)
def test_a_wrong_name_or_password_does_not_sign_in(name: str, password: str) -> None:
    make_person(make_school(), "psychologist")
    response = Client().post(reverse("admin:login"), {"username": name, "password": password})
    assert response.status_code == 200
    assert settings.KEYRING_COOKIE_NAME not in response.cookies
    assert not Session.objects.exists()


def test_a_person_without_role_or_no_longer_active_does_not_sign_in() -> None:
    gone = make_person(make_school(), "psychologist", is_active=False)
    nobody = make_person(None, None)
    for person in (gone, nobody):
        response = Client().post(
            reverse("admin:login"), {"username": person.user.username, "password": PASSWORD}
        )
        assert response.status_code == 200
        assert settings.KEYRING_COOKIE_NAME not in response.cookies
    backend = StaffBackend()
    assert backend.authenticate(None, gone.user.username, PASSWORD) is None
    assert backend.get_user(gone.user.pk) is None
    assert backend.get_user(nobody.user.pk) == nobody.user


def test_an_unknown_name_costs_as_much_as_a_wrong_password(monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    original = User.set_password
    monkeypatch.setattr(
        User, "set_password", lambda self, raw: (hashed.append(raw), original(self, raw))[1]
    )
    assert StaffBackend().authenticate(None, "nobody", "some password") is None
    assert hashed == ["some password"]


def test_staff_pages_are_kept_in_no_cache_and_speak_the_persons_language() -> None:
    school = make_school()
    client = signed_in_client(make_person(school, "psychologist", language="kk"))
    response = client.get(reverse("admin:index"), headers={"accept-language": "en"})
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["Content-Language"] == "kk"
    login = Client().get(reverse("admin:login"), {"language": "ky"})
    assert login.headers["Content-Language"] == "ky"
    login = Client().get(
        reverse("admin:login"), {"language": "xx"}, headers={"accept-language": "kk"}
    )
    assert login.headers["Content-Language"] == "kk"


def test_a_password_set_behind_the_programs_back_costs_the_keys_not_the_sign_in() -> None:
    school = make_school()
    person = make_person(school, "psychologist", with_key=True)
    user = person.fresh()
    user.set_password("set at the server's console")
    user.save()
    signed_in_client(replace(person, password="set at the server's console"))
    assert bytes(person.fresh().public_key) != person.pair.public
    assert not KeyGrant.objects.filter(holder=user).exists()
