"""A school's own name on the web: it leads to that school alone, and no other name leads anywhere."""

import re
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ValidationError
from django.test import Client

from box import form_tokens
from box.look import style_in
from box.models import Letter
from box.selectors import forget_boxes
from schools.addresses import address_for, address_of
from schools.hosts import slug_of_host
from schools.models import Membership, School
from schools.models.school import as_host
from tests import factories
from tests.box.author import Author, words
from tests.factories import Person

pytestmark = pytest.mark.django_db

HOST = "box.school1.kz"


@pytest.fixture
def school() -> School:
    school = factories.make_school("school-1", school_fields={"host": HOST})
    factories.make_person(school, "psychologist", with_key=True)
    factories.make_school("school-2", country="KG")
    forget_boxes()
    return school


@pytest.fixture
def at_host(school: School) -> Client:
    return Client(headers={"host": HOST})


class TestPublicSide:
    @pytest.mark.parametrize("path", ["/", "/kk/", "/school-1/"])
    def test_the_name_leads_to_the_school(self, at_host: Client, path: str) -> None:
        response = at_host.get(path, headers={"accept-language": "kk"})
        assert response.status_code == 302
        assert response["Location"] == "/kk/school-1/"
        assert at_host.get(response["Location"]).status_code == 200

    @pytest.mark.parametrize("path", ["/", "/en/"])
    def test_the_portal_s_own_name_still_leads_to_all(self, school: School, path: str) -> None:
        page = Client().get(path, headers={"accept-language": "en"}).content.decode()
        assert "/en/school-1/" in page
        assert "/en/school-2/" in page
        assert Client().get("/en/school-1/").status_code == 200, "the path works on"

    @pytest.mark.parametrize(
        "path",
        [
            "/school-2/",
            *(f"/en/school-2/{page}" for page in ("", "write/", "embed/", "poster.pdf")),
        ],
    )
    def test_another_school_is_not_there(self, at_host: Client, path: str) -> None:
        assert Client().get(path).status_code in (200, 302)
        assert at_host.get(path).status_code == 404

    def test_a_reply_is_read_there_with_the_look_it_has(self, at_host: Client) -> None:
        assert at_host.get("/en/reply/").status_code == 200
        School.objects.filter(slug="school-2").update(colour="#1f5fa8")
        forget_boxes()
        style = f"/school-2/style-{style_in('#1f5fa8').mark}.css"
        assert at_host.get(style).status_code == 200

    def test_a_print_is_checked_against_its_book_alone(self, at_host: Client) -> None:
        page = words(at_host.get("/en/check/"))
        assert 'value="school-1"' in page and "school-2" not in page
        typed = {"school": "school-2", "hash": "0123456789abcdef"}
        assert "Please choose one of the answers" in words(at_host.post("/en/check/", typed))
        assert 'value="school-2"' in words(Client().get("/en/check/"))

    def test_a_letter_is_sent_from_there_and_not_from_another_site(
        self, school: School, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(form_tokens, "TOO_QUICK_SECONDS", 0.0)
        author = Author(host=HOST)
        author.look()
        author.client.defaults["HTTP_ORIGIN"] = "http://evil.example"
        author.press()
        assert not Letter.objects.exists()
        author.client.defaults["HTTP_ORIGIN"] = f"http://{HOST}"
        answer = author.write()
        assert answer.status_code == 303, words(answer)
        assert Letter.objects.get().school.slug == "school-1"

    def test_links_stay_under_the_name(self, at_host: Client) -> None:
        page = at_host.get("/en/school-1/").content.decode()
        assert "testserver" not in page
        assert not re.search(r'href="https?://(?!en\.wikipedia)[^"]*school-1', page)


class TestNames:
    @pytest.mark.parametrize(
        "host", ["evil.example", "box.school1.kz.evil.example", "school-1", "10.0.0.1", "a b"]
    )
    def test_no_other_name_is_answered(self, school: School, host: str) -> None:
        for path in ("/", "/healthz", "/admin/login/", "/static/no.css"):
            assert Client(headers={"host": host}).get(path).status_code == 400

    def test_in_capitals_and_with_a_port(self, school: School) -> None:
        for host in (HOST.upper(), f"{HOST}:8443"):
            assert Client(headers={"host": host}).get("/en/school-1/").status_code == 200

    def test_a_name_taken_away_leads_nowhere(self, school: School, at_host: Client) -> None:
        School.objects.update(host=None)
        forget_boxes()
        assert at_host.get("/en/school-1/").status_code == 400

    def test_a_stranger_s_guesses_cost_one_question(
        self, school: School, django_assert_num_queries: Any
    ) -> None:
        with django_assert_num_queries(1):
            for number in range(20):
                assert slug_of_host(f"guess-{number}.kz") is None
            assert slug_of_host(HOST) == "school-1"

    def test_nothing_is_asked_under_the_portal_s_name(
        self, school: School, django_assert_num_queries: Any
    ) -> None:
        Client().get("/en/reply/")
        forget_boxes()
        with django_assert_num_queries(1):
            Client().get("/healthz")

    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("https://Box.School9.KG/", "box.school9.kg"),
            ("box.school9.kg.", "box.school9.kg"),
            ("жәшік.мектеп.қаз", "жәшік.мектеп.қаз"),
        ],
    )
    def test_however_it_is_typed(self, typed: str, meant: str) -> None:
        host = as_host(typed)
        assert host.isascii()
        assert host.encode().decode("idna") == meant
        School._meta.get_field("host").run_validators(host)

    @pytest.mark.parametrize("wrong", ["localhost", "testserver", "10.0.0.1", "school", "a_b.kz"])
    def test_what_cannot_lead_to_one_school(self, wrong: str) -> None:
        with pytest.raises(ValidationError):
            School._meta.get_field("host").run_validators(wrong)

    def test_two_schools_have_no_common_name(self, school: School) -> None:
        other = School.objects.get(slug="school-2")
        other.host = HOST
        with pytest.raises(ValidationError) as fault:
            other.full_clean()
        assert "host" in fault.value.message_dict

    def test_the_check_watches_the_gate(self, settings: Any) -> None:
        assert not [one for one in run_checks() if one.id == "trustbox.E004"]
        settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "hosts" not in name]
        assert [one for one in run_checks() if one.id == "trustbox.E004"]


class TestStaff:
    @pytest.fixture
    def operator(self) -> Person:
        return factories.make_operator()

    def _form(self, client: Client, school: School) -> dict[str, Any]:
        page = client.get(f"/admin/schools/school/{school.pk}/change/")
        form = page.context["adminform"].form
        found: dict[str, Any] = {}
        for bound in form:
            value = bound.value()
            widget = bound.field.widget
            if hasattr(widget, "widgets"):
                parts = value if isinstance(value, list) else widget.decompress(value)
                found |= {
                    f"{bound.html_name}{name}": part or ""
                    for name, part in zip(widget.widgets_names, parts, strict=True)
                }
            else:
                found[bound.html_name] = "" if value is None else value
        return found

    def test_only_the_operator_gives_a_name(self, school: School, operator: Person) -> None:
        address = f"/admin/schools/school/{school.pk}/change/"
        client = factories.signed_in_client(operator)
        form = self._form(client, school)
        answer = client.post(address, {**form, "host": "https://Other.KZ/"})
        assert answer.status_code == 302, answer.context["adminform"].form.errors
        school.refresh_from_db()
        assert school.host == "other.kz"
        administrator = factories.make_person(school, "administrator")
        client = factories.signed_in_client(administrator)
        client.post(address, {**form, "host": "mine.kz", "phone": "123"})
        school.refresh_from_db()
        assert (school.host, school.phone) == ("other.kz", "123")

    def test_only_the_operator_says_that_a_school_has_left(
        self, school: School, operator: Person
    ) -> None:
        address = f"/admin/schools/school/{school.pk}/change/"
        client = factories.signed_in_client(operator)
        form = self._form(client, school)
        gone = {"left_on": "2026-11-02", "new_address": "box.kg/ru/school-1/"}
        administrator = factories.make_person(school, "administrator")
        factories.signed_in_client(administrator).post(address, {**form, **gone, "phone": "123"})
        school.refresh_from_db()
        assert (school.left_on, school.new_address, school.phone) == (None, "", "123")
        answer = client.post(address, {**form, **gone})
        assert answer.status_code == 302, answer.context["adminform"].form.errors
        school.refresh_from_db()
        assert str(school.left_on) == "2026-11-02"
        assert school.new_address == "https://box.kg/ru/school-1/"

    def test_staff_sign_in_under_the_name_too(self, at_host: Client) -> None:
        assert at_host.get("/admin/login/").status_code == 200

    def test_addresses(self, school: School, settings: Any) -> None:
        other = School.objects.get(slug="school-2")
        settings.BASE_URL = "https://portal.kz"
        assert address_of(school) == f"https://{HOST}"
        assert address_of(other) == address_of(None) == "https://portal.kz"
        settings.BASE_URL = "http://portal.kz:8000"
        assert address_of(school) == f"http://{HOST}:8000"
        settings.BASE_URL = ""
        assert address_of(school) == f"https://{HOST}"
        assert address_of(other, otherwise="http://localhost:1") == "http://localhost:1"

    def test_who_works_in_several_schools_signs_in_at_the_portal(
        self, school: School, settings: Any
    ) -> None:
        settings.BASE_URL = "https://portal.kz"
        person = factories.make_person(school, "director").user
        assert address_for(person) == f"https://{HOST}"
        other = School.objects.get(slug="school-2")
        Membership.objects.create(user=person, school=other, role_id="director")
        assert address_for(person) == "https://portal.kz"

    def test_what_is_handed_out_bears_the_name(self, school: School, settings: Any) -> None:
        settings.BASE_URL = "https://portal.kz"
        person = factories.make_person(school, "deputy_director", with_key=False)
        client = factories.signed_in_client(person)
        page = client.get("/admin/ways/school-1/").content.decode()
        assert f"<b>{HOST}</b>" in page, "nobody has to type more than the name"
        assert f"https://{HOST}/kk/school-1/" in page
        assert "portal.kz" not in page
