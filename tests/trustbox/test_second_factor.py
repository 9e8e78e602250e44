"""The second step: who needs it, how it is set up, and that nothing is readable before."""

import re
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from journal.models import Trail
from schools.models import Membership, User
from schools.roles import ROLE_NAMES
from schools.services import second_factor
from schools.services.second_factor import WrongCode
from tests.factories import (
    PASSWORD,
    TEXT,
    Person,
    app_code,
    code_now,
    make_operator,
    make_person,
    make_school,
    registered_entry,
    signed_in_client,
)
from tests.races import at_once

pytestmark = pytest.mark.django_db

ASK = "admin:second_factor"
SET_UP = "admin:second_factor_set_up"
RENEW = "admin:second_factor_renew"
READERS = {"psychologist", "social_pedagogue", "deputy_director", "director", "phone_officer"}


@pytest.fixture
def school():
    return make_school()


@pytest.fixture
def holder(school) -> Person:
    return make_person(school, "psychologist", with_key=True)


def with_password(person: Person) -> Client:
    """A browser in which the password alone was given."""
    client = Client()
    client.post(
        reverse("admin:login"), {"username": person.user.username, "password": person.password}
    )
    return client


def secret_of(client: Client) -> str:
    return client.session["second_factor_secret"]


def set_up(client: Client) -> list[str]:
    """Set up an app, as the pages ask; returns the backup codes."""
    client.get(reverse(SET_UP))
    response = client.post(reverse(SET_UP), {"code": code_now(secret_of(client))})
    return response.context["codes"]


class TestWhoNeedsIt:
    @pytest.mark.parametrize("role", sorted(ROLE_NAMES))
    @pytest.mark.parametrize("demo", [False, True])
    def test_whoever_reads_letters_of_a_real_school(self, role, demo):
        school = make_school(school_fields={"is_demo": demo})
        person = make_person(school, role)
        needs = role in READERS and not demo
        assert second_factor.needs_second_factor(person.fresh()) is needs
        response = with_password(person).get(reverse("admin:index"))
        if needs:
            assert response.status_code == 302
            assert response.headers["Location"].startswith(reverse(SET_UP))
        else:
            assert response.status_code == 200

    def test_the_operator_does_not(self):
        assert with_password(make_operator()).get(reverse("admin:index")).status_code == 200

    def test_one_real_school_is_enough(self, school):
        demo = make_school("school-2", school_fields={"is_demo": True})
        person = make_person(demo, "psychologist")
        assert with_password(person).get(reverse("admin:index")).status_code == 200
        Membership.objects.create(user=person.user, school=school, role_id="director")
        assert with_password(person).get(reverse("admin:index")).status_code == 302

    def test_a_role_given_in_an_open_session_asks_at_once(self, school):
        person = make_person(school, "administrator")
        client = with_password(person)
        assert client.get(reverse("admin:index")).status_code == 200
        Membership.objects.create(user=person.user, school=school, role_id="director")
        assert client.get(reverse("admin:index")).status_code == 302

    def test_others_may_have_it_and_are_then_asked(self, school):
        person = make_person(school, "administrator")
        set_up(with_password(person))
        again = with_password(person)
        assert again.get(reverse("admin:own")).headers["Location"].startswith(reverse(ASK))
        again.post(reverse(ASK), {"code": app_code(person)})
        assert again.get(reverse("admin:own")).status_code == 200


class TestUntilDone:
    @pytest.mark.parametrize("set_up_before", [False, True])
    def test_every_page_leads_to_it_and_nothing_is_readable(self, school, holder, set_up_before):
        entry = registered_entry(school, by=holder)
        if set_up_before:
            app_code(holder)
        client = with_password(holder)
        step = reverse(ASK if set_up_before else SET_UP)
        for name, arguments in (
            ("index", []),
            ("own", []),
            ("keys", [school.slug]),
            ("journal_entry_changelist", []),
            ("journal_entry_change", [entry.pk]),
            ("journal_opening_open", [school.slug]),
            ("password_change", []),
            ("jsi18n", []),
            ("second_factor_renew", []),
        ):
            for method in ("get", "post"):
                response = getattr(client, method)(reverse(f"admin:{name}", args=arguments))
                assert response.status_code == 302, name
                assert response.headers["Location"].startswith(f"{step}?next="), name
        assert TEXT not in client.get(step).content.decode()
        assert not client.get(step).wsgi_request.keyring.schools

    def test_no_way_around_by_setting_up_another(self, holder):
        app_code(holder)
        client = with_password(holder)
        response = client.get(reverse(SET_UP))
        assert response.headers["Location"].startswith(reverse(ASK))
        response = client.post(reverse(SET_UP), {"code": "000000"})
        assert response.headers["Location"].startswith(reverse(ASK))
        assert TOTPDevice.objects.count() == 1

    def test_a_secret_seen_before_another_browser_set_one_up_opens_nothing(self, holder):
        early, late = with_password(holder), with_password(holder)
        early.get(reverse(SET_UP))
        set_up(late)
        response = early.post(reverse(SET_UP), {"code": code_now(secret_of(early))})
        assert response.headers["Location"].startswith(reverse(ASK))

    def test_signing_out_works(self, holder):
        client = with_password(holder)
        response = client.post(reverse("admin:logout"))
        assert response.headers["Location"].startswith(reverse("admin:login"))
        assert "_auth_user_id" not in client.session

    def test_signed_out_it_leads_to_the_sign_in(self):
        for name in (ASK, SET_UP, RENEW):
            response = Client().get(reverse(name))
            assert response.headers["Location"].startswith(reverse("admin:login"))


class TestSetUp:
    def test_picture_text_code_and_codes_once(self, holder):
        client = with_password(holder)
        page = client.get(reverse(SET_UP))
        text = page.content.decode()
        assert '<svg class="qr"' in text
        assert " style=" not in text
        assert "".join(page.context["groups"]) == second_factor.secret_as_text(secret_of(client))
        assert {len(group) for group in page.context["groups"]} == {4}
        again = client.get(reverse(SET_UP))
        assert again.context["groups"] == page.context["groups"], (
            "a page loaded anew shows the same"
        )
        codes = set_up(client)
        assert len(set(codes)) == 10
        assert all(
            re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}", one) for one in codes
        )
        assert client.get(reverse("admin:index")).status_code == 200
        assert client.get(reverse(SET_UP)).status_code == 302, "and never again"

    @pytest.mark.parametrize("code", ["000000", "12345", "abcdef", "٣٣٣٣٣٣", "1" * 20])
    def test_a_wrong_code_sets_nothing_up(self, holder, code):
        client = with_password(holder)
        client.get(reverse(SET_UP))
        response = client.post(reverse(SET_UP), {"code": code})
        assert response.status_code == 200
        assert not TOTPDevice.objects.exists()
        assert client.get(reverse("admin:index")).status_code == 302

    def test_codes_are_kept_as_digests(self, holder):
        codes = set_up(with_password(holder))
        kept = set(StaticToken.objects.values_list("token", flat=True))
        assert len(kept) == 10
        assert not kept & {form for code in codes for form in (code, code.replace("-", ""))}

    def test_the_code_that_confirmed_does_not_open_again(self, holder):
        client = with_password(holder)
        client.get(reverse(SET_UP))
        code = code_now(secret_of(client))
        client.post(reverse(SET_UP), {"code": code})
        with pytest.raises(WrongCode):
            second_factor.verify(user=holder.user, code=code)

    def test_anew_needs_password_and_a_code(self, holder):
        client = signed_in_client(holder)
        former = TOTPDevice.objects.get()
        assert client.get(reverse(SET_UP)).headers["Location"] == reverse(RENEW)
        for data in (
            {"password": "wrong", "code": app_code(holder)},
            {"password": PASSWORD, "code": "000000"},
            {"password": "", "code": ""},
        ):
            assert client.post(reverse(RENEW), data).status_code == 200
            assert client.get(reverse(SET_UP)).status_code == 302
        client.post(reverse(RENEW), {"password": PASSWORD, "code": app_code(holder)})
        assert len(set_up(client)) == 10
        assert TOTPDevice.objects.get().key != former.key
        assert StaticDevice.objects.count() == 1

    def test_sessions_of_before_are_asked_for_the_new_one(self, holder):
        other, client = signed_in_client(holder), signed_in_client(holder)
        client.post(reverse(RENEW), {"password": PASSWORD, "code": app_code(holder)})
        set_up(client)
        assert other.get(reverse("admin:index")).headers["Location"].startswith(reverse(ASK))


class TestAsked:
    def test_the_app_and_on_to_the_page_asked_for(self, holder):
        app_code(holder)
        client = with_password(holder)
        before = client.session.session_key
        address = client.get(reverse("admin:own")).headers["Location"]
        response = client.post(address, {"code": app_code(holder)})
        assert response.headers["Location"] == reverse("admin:own")
        assert client.session.session_key != before

    def test_never_on_to_another_site(self, holder):
        code = app_code(holder)
        response = with_password(holder).post(
            reverse(ASK) + "?next=https://evil.example/", {"code": code}
        )
        assert response.headers["Location"] == reverse("admin:index")

    def test_a_backup_code_opens_once(self, holder):
        codes = set_up(with_password(holder))
        typed = codes[3].lower().replace("-", " ")
        client = with_password(holder)
        client.post(reverse(ASK), {"code": typed})
        page = client.get(reverse("admin:index"))
        assert page.status_code == 200
        assert "9 backup codes left" in page.content.decode()
        again = with_password(holder)
        assert again.post(reverse(ASK), {"code": typed}).status_code == 200
        assert again.get(reverse("admin:index")).status_code == 302

    def test_a_code_of_the_app_opens_once(self, holder):
        code = app_code(holder)
        assert with_password(holder).post(reverse(ASK), {"code": code}).status_code == 302
        assert with_password(holder).post(reverse(ASK), {"code": code}).status_code == 200

    def test_all_wrong_codes_sound_the_same(self, holder):
        codes = set_up(with_password(holder))
        StaticToken.objects.all().delete()
        client = with_password(holder)
        said = set()
        for code in ("000000", "not a code", codes[0], "12"):
            response = client.post(reverse(ASK), {"code": code})
            said.add(str(response.context["form"].errors["code"]))
        assert len(said) == 1

    def test_guessing_waits_longer_each_time(self, holder):
        app_code(holder)
        client = with_password(holder)
        for _time in range(2):
            client.post(reverse(ASK), {"code": "000000"})
        device = TOTPDevice.objects.get()
        assert device.throttling_failure_count == 1, "a try too soon is not even looked at"
        TOTPDevice.objects.update(last_t=-1)
        assert client.post(reverse(ASK), {"code": code_now(device.key)}).status_code == 200
        assert client.get(reverse("admin:index")).status_code == 302

    def test_somebody_elses_code_does_not_open(self, school, holder):
        other = make_person(school, "director")
        app_code(holder)
        code = app_code(other)
        assert with_password(holder).post(reverse(ASK), {"code": code}).status_code == 200

    def test_a_wrong_code_is_a_row_of_the_trail(self, holder):
        app_code(holder)
        with_password(holder).post(reverse(ASK), {"code": "123123"})
        row = Trail.objects.get(step=Trail.Step.SIGN_IN_FAILED)
        assert row.facts == {"name": holder.user.username, "second_factor": True}

    @pytest.mark.parametrize("language", ["kk", "ru", "ky", "en"])
    def test_every_page_in_every_language(self, school, language):
        person = make_person(school, "director", language=language)
        client = with_password(person)
        texts = [client.get(reverse(SET_UP)).content.decode()]
        set_up(client)
        texts.append(client.get(reverse(RENEW)).content.decode())
        texts.append(client.get(reverse("admin:own")).content.decode())
        texts.append(with_password(person).get(reverse(ASK)).content.decode())
        for text in texts:
            assert f'<html lang="{language}"' in text
            assert ("second step" in text) is (language == "en")


@pytest.mark.django_db(transaction=True)
def test_a_backup_code_used_by_many_at_once_opens_once() -> None:
    person = make_person(make_school(), "psychologist")
    secret = second_factor.new_secret()
    _app, codes = second_factor.set_up(user=person.user, secret=secret, code=code_now(secret))
    results = at_once(
        6,
        lambda place: second_factor.verify(user=User.objects.get(pk=person.user.pk), code=codes[0]),
    )
    assert sum(isinstance(result, StaticDevice) for result in results) == 1, results
    assert sum(isinstance(result, WrongCode) for result in results) == 5, results


def test_a_password_set_anew_by_invitation_removes_it(holder) -> None:
    from schools.services import inviting

    set_up(with_password(holder))
    token = inviting.invite(user=holder.user, by=holder.user)
    assert TOTPDevice.objects.exists()
    inviting.accept(token=token, password="a quite new password")
    assert not TOTPDevice.objects.exists()
    assert not StaticToken.objects.exists()
    response = with_password(replace(holder, password="a quite new password")).get("/admin/")
    assert response.headers["Location"].startswith(reverse(SET_UP))
