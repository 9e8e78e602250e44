"""The pages of the guided set-up: each step, what it refuses, and the same form sent twice."""

import datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from journal.set_up import Step
from schools.models import Invitation, Membership, Regulation, School, User
from tests import factories
from tests.journal.set_up_schools import keepers, make, print_sheet

pytestmark = pytest.mark.django_db

NEW = "admin:set_up_new"
STEPS = {
    Step.SCHOOL: "admin:set_up",
    Step.PEOPLE: "admin:set_up_people",
    Step.KEY: "admin:set_up_key",
    Step.LETTER: "admin:set_up_letter",
    Step.REST: "admin:set_up_rest",
}


@pytest.fixture
def school() -> School:
    return make()


@pytest.fixture
def operator() -> Client:
    return factories.signed_in_client(factories.make_operator())


def typed(**facts: object) -> dict[str, object]:
    return {
        "names_kk": "№ 12 мектеп",
        "slug": "school-12",
        "template": "weekly-commission",
        "languages_kk": "2",
        "languages_ru": "1",
        "time_zone": "Asia/Almaty",
        "working_week": "5",
        **facts,
    }


class TestNewSchool:
    address = "admin:set_up_new"

    def post(self, client: Client, **facts: object) -> object:
        return client.post(f"{reverse(NEW)}?country=KZ", typed(**facts))

    def test_the_country_comes_first_and_brings_what_is_usual(self, operator: Client) -> None:
        page = operator.get(reverse(NEW)).content.decode()
        assert 'name="country" value="KG"' in page
        page = operator.get(reverse(NEW), {"country": "KG"})
        form = page.context["form"]
        assert form["time_zone"].value() == "Asia/Bishkek"
        assert form["languages"].value()[:1] != []
        text = page.content.decode()
        assert "102" in text
        assert "Asia/Almaty" not in text
        assert len(page.context["days_off"]) == 3

    def test_a_school_is_made_and_the_people_come_next(self, operator: Client) -> None:
        response = self.post(operator, box_names_ru="Ящик")
        assert response.url == reverse("admin:set_up_people", args=["school-12"])
        school = School.objects.get()
        assert (school.languages, school.country) == (["ru", "kk"], "KZ")
        assert school.regulations.get().box_names == {"ru": "Ящик"}
        assert "мектеп" not in LogEntry.objects.get().object_repr

    def test_sent_twice_it_is_a_conflict_that_leads_on(self, operator: Client) -> None:
        self.post(operator)
        again = self.post(operator)
        assert again.status_code == 409
        assert reverse("admin:set_up", args=["school-12"]) in again.content.decode()
        assert School.objects.count() == Regulation.objects.count() == 1

    @pytest.mark.parametrize(
        ("facts", "field"),
        [
            ({"slug": "admin"}, "slug"),
            ({"names_kk": ""}, "names"),
            ({"template": "none"}, "template"),
            ({"time_zone": "Asia/Bishkek"}, "time_zone"),
            ({"languages_kk": "", "languages_ru": ""}, "languages"),
            ({"working_week": "9"}, "working_week"),
            ({"site": "not a site"}, "site"),
        ],
    )
    def test_what_is_wrong_stands_at_its_field(
        self, operator: Client, facts: dict, field: str
    ) -> None:
        page = self.post(operator, **facts)
        assert page.status_code == 200
        assert list(page.context["form"].errors) == [field]
        assert not School.objects.exists()

    def test_a_fault_that_only_the_service_finds_is_shown_too(
        self, operator: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(**facts: object) -> School:
            raise ValidationError({"weekday": ["No such day."], "phone": ["No such phone."]})

        monkeypatch.setattr("journal.admin.set_up.set_up_school", refuse)
        page = self.post(operator)
        assert set(page.context["form"].errors) == {"__all__", "phone"}
        assert "No such day." in page.content.decode()

    def test_a_country_that_is_not_here_is_asked_again(self, operator: Client) -> None:
        page = operator.post(f"{reverse(NEW)}?country=UZ", typed())
        assert "countries" in page.context
        assert not School.objects.exists()

    def test_nobody_else_comes_here(self, school: School) -> None:
        for role in ("administrator", "psychologist"):
            client = factories.signed_in_client(factories.make_person(school, role))
            assert client.get(reverse(NEW)).status_code == 403
            assert self.post(client, slug="other").status_code == 403
        assert School.objects.count() == 1


def lines(*people: dict[str, str], known: int = 0) -> dict[str, str]:
    data = {
        "known": str(known),
        "people-TOTAL_FORMS": str(len(people)),
        "people-INITIAL_FORMS": "0",
    }
    for place, person in enumerate(people):
        for name, text in {"language": "ru", **person}.items():
            data[f"people-{place}-{name}"] = text
    return data


SAULE = {"full_name": "Сәуле", "role": "psychologist", "email": "s@school.kz"}
DAUREN = {"full_name": "Дәурен", "role": "social_pedagogue", "email": ""}


class TestPeople:
    def address(self, school: School) -> str:
        return reverse("admin:set_up_people", args=[school.slug])

    def adding(self, school: School) -> str:
        return reverse("admin:set_up_add", args=[school.slug])

    def test_the_roles_that_are_wanted_stand_in_the_lines(
        self, operator: Client, school: School
    ) -> None:
        page = operator.get(self.address(school))
        roles = [form["role"].value() for form in page.context["lines"]]
        assert roles == ["psychologist", "social_pedagogue", "", ""]

    def test_several_at_once_and_each_has_a_link_that_opens(
        self, operator: Client, school: School
    ) -> None:
        empty = {"role": "director"}
        page = operator.post(self.adding(school), lines(SAULE, empty, DAUREN))
        assert page.status_code == 200
        sheets = page.context["sheets"]
        assert [row["person"].full_name for row in sheets] == ["Сәуле", "Дәурен"]
        assert [row["mailed"] for row in sheets] == [True, False]
        (letter,) = mail.outbox
        assert letter.to == ["s@school.kz"]
        assert sheets[0]["link"] in letter.body
        assert "Мектеп" not in letter.body + letter.subject
        for row in sheets:
            assert row["link"] in page.content.decode()
            assert Client().get(row["link"], follow=True).status_code == 200
        assert not any("Сәуле" in row.object_repr for row in LogEntry.objects.all())
        assert "no-store" in page.headers["Cache-Control"]

    def test_sent_twice_nobody_is_added_again(self, operator: Client, school: School) -> None:
        operator.post(self.adding(school), lines(SAULE))
        again = operator.post(self.adding(school), lines(SAULE))
        assert again.status_code == 409
        assert "Сәуле" in again.content.decode()
        assert Membership.objects.count() == 1

    @pytest.mark.parametrize("known", ["", "x", "9999999999", "7"])
    def test_a_form_of_another_state_is_a_conflict(
        self, operator: Client, school: School, known: str
    ) -> None:
        data = {**lines(SAULE), "known": known}
        assert operator.post(self.adding(school), data).status_code == 409
        assert not Membership.objects.exists()

    @pytest.mark.parametrize(
        ("person", "field"),
        [
            ({**SAULE, "role": ""}, "role"),
            ({**SAULE, "role": "boss"}, "role"),
            ({**SAULE, "full_name": ""}, "full_name"),
            ({**SAULE, "email": "nowhere"}, "email"),
            ({**SAULE, "username": "taken"}, "username"),
        ],
    )
    def test_one_fault_and_nobody_is_added(
        self, operator: Client, school: School, person: dict, field: str
    ) -> None:
        User.objects.create_user("taken", full_name="Taken")
        page = operator.post(self.adding(school), lines(DAUREN, person))
        assert page.status_code == 200
        assert list(page.context["lines"].forms[1].errors) == [field]
        assert not Membership.objects.exists()
        assert not Invitation.objects.exists()

    def test_nobody_filled_in_and_too_many(self, operator: Client, school: School) -> None:
        page = operator.post(self.adding(school), lines({"role": "director"}))
        assert page.context["nobody"]
        page = operator.post(self.adding(school), lines(*[DAUREN] * 21))
        assert page.context["lines"].non_form_errors()
        assert not Membership.objects.exists()

    def test_a_key_holder_sees_and_adds_nobody(self, school: School) -> None:
        client = factories.signed_in_client(factories.make_person(school, "psychologist"))
        page = client.get(self.address(school))
        assert not page.context["adds"]
        assert "<form method" not in page.content.decode().split("set-up-main")[1]
        assert client.post(self.adding(school), lines(DAUREN, known=1)).status_code == 403
        assert Membership.objects.count() == 1

    def test_who_has_not_come_gets_a_new_link(self, school: School) -> None:
        administrator = factories.make_person(school, "administrator")
        client = factories.signed_in_client(administrator)
        client.post(self.adding(school), lines(SAULE, known=1))
        page = client.get(self.address(school)).content.decode()
        new = User.objects.get(full_name="Сәуле")
        assert reverse("admin:schools_user_invite", args=[new.pk]) in page
        assert reverse("admin:schools_user_invite", args=[administrator.user.pk]) not in page


class TestTheOtherSteps:
    @pytest.mark.parametrize("step", Step)
    def test_for_who_manages_and_who_holds_the_key_there(self, school: School, step: Step) -> None:
        address = reverse(STEPS[step], args=[school.slug])
        for role in ("administrator", "psychologist", "director", "phone_officer"):
            client = factories.signed_in_client(factories.make_person(school, role))
            page = client.get(address)
            assert page.status_code == 200
            assert [line.here for line in page.context["steps"]].index(True) == list(Step).index(
                step
            )
        for person in (
            factories.make_person(school, "commission_member"),
            factories.make_person(make("other"), "administrator"),
        ):
            assert factories.signed_in_client(person).get(address).status_code == 404
        assert Client().get(address).status_code == 302

    @pytest.mark.parametrize("step", Step)
    def test_they_change_nothing(self, operator: Client, school: School, step: Step) -> None:
        assert operator.post(reverse(STEPS[step], args=[school.slug])).status_code == 405

    def test_the_key_is_for_who_may_hold_it(self, operator: Client, school: School) -> None:
        psychologist, colleague = (
            factories.make_person(school, role) for role in ("psychologist", "social_pedagogue")
        )
        address = reverse("admin:set_up_key", args=[school.slug])
        page = operator.get(address).content.decode()
        assert psychologist.user.full_name in page
        assert reverse("admin:index") in page
        assert (
            f'class="button primary" href="{reverse("admin:keys", args=[school.slug])}"' not in page
        )
        client = factories.signed_in_client(psychologist)
        assert reverse("admin:keys", args=[school.slug]) in client.get(address).content.decode()
        factories.give_key(school, to=psychologist)
        page = factories.signed_in_client(psychologist).get(address)
        assert page.context["holds"]
        assert reverse("admin:keys_sheet", args=[school.slug]) in page.content.decode()
        other = factories.signed_in_client(colleague).get(address)
        assert not other.context["holds"]
        print_sheet(school)
        assert client.get(address).context["sheet_printed"]

    def test_where_nobody_of_the_keepers_is_there_the_others_are_named(
        self, operator: Client, school: School
    ) -> None:
        officer = factories.make_person(school, "phone_officer")
        page = operator.get(reverse("admin:set_up_key", args=[school.slug]))
        assert [line["person"] for line in page.context["future"]] == [officer.user]

    def test_the_letter_leads_from_one_to_the_next(self, school: School) -> None:
        psychologist, _colleague = keepers(school)
        client = factories.signed_in_client(psychologist)
        address = reverse("admin:set_up_letter", args=[school.slug])
        assert f"/kk/{school.slug}/write/" in client.get(address).content.decode()
        factories.send_letter(school, category=None)
        page = client.get(address)
        assert page.context["sent"]
        assert reverse("admin:journal_opening_open", args=[school.slug]) in page.content.decode()
        opening = factories.open_box(school, by=psychologist, few_reason="Проверка")
        page = client.get(address)
        assert page.context["taken"]
        assert not page.context["aside"]
        change = reverse("admin:journal_opening_change", args=[opening.pk])
        assert change in page.content.decode()
        administrator = factories.make_person(school, "administrator")
        page = factories.signed_in_client(administrator).get(address)
        assert change not in page.content.decode()

    def test_the_last_step_leads_to_the_text_and_to_poster_and_link(
        self, operator: Client, school: School
    ) -> None:
        address = reverse("admin:set_up_rest", args=[school.slug])
        page = operator.get(address).content.decode()
        assert reverse("admin:ways", args=[school.slug]) in page
        for language in ("kk", "ru"):
            assert f'href="/{language}/{school.slug}/regulation/"' in page
        holder = factories.signed_in_client(factories.make_person(school, "psychologist"))
        assert holder.get(reverse("admin:ways", args=[school.slug])).status_code == 200

    def test_without_rules_every_step_still_opens(self, operator: Client, school: School) -> None:
        Regulation.objects.all().delete()
        for step in Step:
            assert operator.get(reverse(STEPS[step], args=[school.slug])).status_code == 200
        response = operator.post(
            reverse("admin:set_up_approved", args=[school.slug]),
            {"approver": "A", "approved_on": "2026-01-01"},
        )
        assert response.status_code == 200

    def test_approval_is_noted_by_who_keeps_the_rules(
        self, operator: Client, school: School
    ) -> None:
        director = factories.make_person(school, "director")
        address = reverse("admin:set_up_approved", args=[school.slug])
        rest = reverse("admin:set_up_rest", args=[school.slug])
        assert operator.get(rest).context["form"]["approver"].value() == director.user.full_name
        today = school.today()
        ahead = {"approver": "Ким", "approved_on": (today + datetime.timedelta(days=1)).isoformat()}
        page = operator.post(address, ahead)
        assert list(page.context["form"].errors) == ["approved_on"]
        assert operator.post(address, {**ahead, "approver": ""}).context["form"].errors
        assert school.regulations.get().approved_on is None
        good = {"approver": "Ким", "approved_on": today.isoformat()}
        assert factories.signed_in_client(director).post(address, good).status_code == 403
        assert operator.get(address).status_code == 405
        assert operator.post(address, good).url == rest
        regulation = school.regulations.get()
        assert (regulation.approver, regulation.approved_on) == ("Ким", today)
        assert factories.signed_in_client(director).get(rest).context["form"] is None
