"""People and settings on the staff site: each person's own schools only."""

import datetime
import json

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from schools.models import Category, Invitation, Membership, Regulation, School, User
from tests.factories import (
    Person,
    make_operator,
    make_person,
    make_school,
    signed_in_client,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> School:
    return make_school()


@pytest.fixture
def other() -> School:
    return make_school("school-2")


@pytest.fixture
def administrator(school) -> Person:
    return make_person(school, "administrator")


@pytest.fixture
def client(administrator) -> Client:
    return signed_in_client(administrator)


@pytest.fixture
def operator() -> Client:
    return signed_in_client(make_operator())


def new_person(school, **facts):
    return {
        "username": "new.person",
        "full_name": "New Person",
        "email": "",
        "language": "kk",
        "memberships-TOTAL_FORMS": "1",
        "memberships-INITIAL_FORMS": "0",
        "memberships-0-school": str(school.pk),
        "memberships-0-role": "psychologist",
        **facts,
    }


def texts(name, words):
    codes = ("kk", "ru", "ky", "en")
    return {f"{name}_{code}": words.get(code, "") for code in codes}


def regulation_form(school, **facts):
    return {
        "school": str(school.pk),
        "holds_from": "2026-09-01",
        **texts("box_names", {"kk": "Жәшік", "ru": "Ящик"}),
        "audiences": ["parent", "student"],
        "sources": ["web", "paper"],
        "keepers": ["psychologist"],
        "schedule": "monthly",
        "weekday": "4",
        "every_days": "15",
        "counted_from": "2026-09-01",
        "month_days": "15, 1",
        "opens_at": "15:00",
        **texts("place", {}),
        **{f"columns_{key}": "" for key in ("source", "age")},
        "columns_number": "1",
        "columns_summary": "2",
        "columns_taken_on": "3",
        **texts("anonymous_marks", {}),
        "numbering": "school",
        "books": "by_source",
        "cover_year": "school",
        "reply_days": "",
        "forward_days": "3",
        "works": "school_year",
        "danger_minutes": "20",
        "danger_minutes_at_night": "90",
        "day_begins": "07:30",
        "day_ends": "20:00",
        "least_present": "3",
        "must_be_present": ["psychologist"],
        "acts": "with_letters",
        "meetings_a_half_year": "2",
        "quorum": "60",
        "two_languages": "on",
        "keep_years": "10",
        "keep_aside_months": "6",
        "keep_unread_files_months": "3",
        "report_day": "5",
        "clauses-TOTAL_FORMS": "0",
        "clauses-INITIAL_FORMS": "0",
        **facts,
    }


class TestPeople:
    def test_administrator_sees_only_their_own(self, client, school, other):
        make_person(other, "psychologist")
        make_operator()
        page = client.get(reverse("admin:schools_user_changelist"))
        assert [row.username for row in page.context["cl"].result_list] == [
            "administrator.school-1"
        ]

    def test_adds_somebody_to_their_school(self, client, school):
        response = client.post(reverse("admin:schools_user_add"), new_person(school))
        person = User.objects.get(username="new.person")
        assert response.headers["Location"] == reverse(
            "admin:schools_user_invite", args=[person.pk]
        )
        assert not person.has_usable_password()
        assert not person.has_pair
        assert person.roles_by_school == {school.pk: {"psychologist"}}
        entry = LogEntry.objects.get()
        assert "New Person" not in entry.object_repr + entry.change_message

    def test_never_to_another_school_and_never_an_operator(self, client, school, other):
        client.post(reverse("admin:schools_user_add"), new_person(other))
        assert not User.objects.filter(username="new.person").exists()
        client.post(reverse("admin:schools_user_add"), new_person(school, is_operator="on"))
        assert not User.objects.get(username="new.person").is_operator

    def test_not_without_a_role(self, client, school):
        data = new_person(school, **{"memberships-0-school": "", "memberships-0-role": ""})
        client.post(reverse("admin:schools_user_add"), data)
        assert not User.objects.filter(username="new.person").exists()

    def test_school_choices_are_their_own(self, client, school, other):
        page = client.get(reverse("admin:schools_user_add"))
        formset = page.context["inline_admin_formsets"][0].formset
        assert list(formset.forms[0].fields["school"].queryset) == [school]

    def test_person_of_two_schools_is_changed_by_the_operator_only(
        self, client, school, other, operator
    ):
        person = make_person(other, "psychologist")
        Membership.objects.create(user=person.user, school=school, role_id="psychologist")
        address = reverse("admin:schools_user_change", args=[person.user.pk])
        data = {"username": "taken.over", "full_name": "X", "language": "kk"}
        assert client.get(address).status_code == 200
        assert client.post(address, data).status_code == 403
        invite = reverse("admin:schools_user_invite", args=[person.user.pk])
        assert client.post(invite).status_code == 403
        assert not Invitation.objects.exists()
        assert operator.get(address).status_code == 200

    def test_stranger_is_not_found(self, client, other):
        stranger = make_person(other, "psychologist")
        response = client.post(reverse("admin:schools_user_invite", args=[stranger.user.pk]))
        assert response.status_code == 404
        assert not Invitation.objects.exists()

    def test_nobody_is_deleted(self, operator, administrator):
        address = reverse("admin:schools_user_delete", args=[administrator.user.pk])
        assert operator.post(address, {"post": "yes"}).status_code == 403
        assert User.objects.filter(pk=administrator.user.pk).exists()

    def test_deactivated_person_is_out_at_once(self, client, school):
        person = make_person(school, "psychologist")
        theirs = signed_in_client(person)
        membership = person.user.memberships.get()
        data = {
            "username": person.user.username,
            "full_name": "Left",
            "language": "kk",
            "memberships-TOTAL_FORMS": "1",
            "memberships-INITIAL_FORMS": "1",
            "memberships-0-id": membership.pk,
            "memberships-0-user": person.user.pk,
            "memberships-0-school": school.pk,
            "memberships-0-role": "psychologist",
        }
        client.post(reverse("admin:schools_user_change", args=[person.user.pk]), data)
        assert not person.fresh().is_active
        assert theirs.get(reverse("admin:index")).status_code == 302

    def test_psychologist_manages_nobody(self, school):
        person = signed_in_client(make_person(school, "psychologist"))
        assert person.get(reverse("admin:schools_user_changelist")).status_code == 403
        assert person.post(reverse("admin:schools_user_add"), new_person(school)).status_code == 403

    def test_password_hashes_are_not_guessed_by_the_address(self, operator):
        address = reverse("admin:schools_user_changelist")
        assert operator.get(address, {"password__startswith": "argon2"}).status_code == 400

    def test_queries_are_the_same_for_many(self, client, school, django_assert_max_num_queries):
        counts = []
        for more in (range(1), range(1, 20)):
            for number in more:
                make_person(school, "psychologist", username=f"p{number}")
            with django_assert_max_num_queries(30) as captured:
                client.get(reverse("admin:schools_user_changelist"))
            counts.append(len(captured))
        assert counts[0] == counts[1]


class TestMemberships:
    def test_choices_and_rows_are_their_own(self, client, school, other):
        stranger = make_person(other, "psychologist")
        page = client.get(reverse("admin:schools_membership_changelist"))
        assert {row.school_id for row in page.context["cl"].result_list} == {school.pk}
        form = client.get(reverse("admin:schools_membership_add")).context["adminform"].form
        assert list(form.fields["school"].queryset) == [school]
        assert stranger.user not in form.fields["user"].queryset

    def test_none_is_given_in_another_school(self, client, administrator, other):
        data = {"user": administrator.user.pk, "school": other.pk, "role": "psychologist"}
        client.post(reverse("admin:schools_membership_add"), data)
        assert not Membership.objects.filter(school=other).exists()

    def test_somebody_is_named_for_danger(self, client, school):
        membership = make_person(school, "psychologist").user.memberships.get()
        address = reverse("admin:schools_membership_change", args=[membership.pk])
        client.post(address, {"role": "psychologist", "called_in_danger": "on"})
        membership.refresh_from_db()
        assert membership.called_in_danger

    def test_taken_away_without_a_name_in_the_log(self, client, school):
        person = make_person(school, "psychologist")
        membership = person.user.memberships.get()
        address = reverse("admin:schools_membership_delete", args=[membership.pk])
        client.post(address, {"post": "yes"})
        assert not Membership.objects.filter(pk=membership.pk).exists()
        assert str(person.user) not in LogEntry.objects.get().object_repr


class TestRegulation:
    address = "admin:schools_regulation_add"

    def test_lists_are_kept_in_order(self, client, school):
        response = client.post(reverse(self.address), regulation_form(school))
        assert response.status_code == 302
        kept = Regulation.objects.get(school=school, schedule="monthly")
        assert kept.box_names == {"kk": "Жәшік", "ru": "Ящик"}
        assert kept.month_days == [1, 15]
        assert kept.audiences == ["student", "parent"]
        assert kept.columns == ["number", "summary", "taken_on"]
        assert (kept.reply_days, kept.forward_days, kept.works) == (None, 3, "school_year")
        assert (kept.danger_minutes, kept.danger_minutes_at_night) == (20, 90)
        assert (kept.least_present, kept.must_be_present) == (3, ["psychologist"])
        assert (kept.acts, kept.on_working_days, kept.two_languages) == (
            "with_letters",
            False,
            True,
        )
        assert (kept.meetings_a_half_year, kept.quorum) == (2, 60)
        assert (kept.day_begins, kept.day_ends) == (datetime.time(7, 30), datetime.time(20))
        assert "Жәшік" not in json.dumps(
            list(LogEntry.objects.values("object_repr", "change_message"))
        )

    def test_form_shows_what_is_kept(self, client, school):
        kept = Regulation.objects.get(school=school)
        kept.columns, kept.month_days = ["summary", "number"], [1, 15]
        kept.save()
        page = client.get(reverse("admin:schools_regulation_change", args=[kept.pk]))
        text = page.content.decode()
        assert 'name="columns_number" value="2"' in text
        assert 'name="columns_summary" value="1"' in text
        assert 'value="1, 15"' in text

    @pytest.mark.parametrize(
        ("facts", "field"),
        [
            ({"columns_number": ""}, "columns"),
            ({"month_days": "0, 32"}, "month_days"),
            ({"month_days": "first"}, "month_days"),
            ({"month_days": ""}, "month_days"),
            ({"audiences": []}, "audiences"),
            ({"works": "sometimes"}, "works"),
            ({"forward_days": "0"}, "forward_days"),
            ({"danger_minutes": "4"}, "danger_minutes"),
            ({"box_names_kk": "", "box_names_ru": ""}, "box_names"),
        ],
    )
    def test_refused_and_every_word_kept(self, client, school, facts, field):
        page = client.post(reverse(self.address), regulation_form(school, **facts))
        assert field in page.context["adminform"].form.errors
        assert Regulation.objects.count() == 1
        assert 'name="columns_summary" value="2"' in page.content.decode()

    def test_not_for_another_school(self, client, other):
        client.post(reverse(self.address), regulation_form(other))
        assert Regulation.objects.filter(school=other).count() == 1
        theirs = Regulation.objects.get(school=other)
        address = reverse("admin:schools_regulation_change", args=[theirs.pk])
        assert client.get(address).status_code == 302
        theirs.refresh_from_db()
        assert theirs.schedule == "weekly"

    def test_never_deleted(self, operator, school):
        kept = Regulation.objects.get(school=school)
        address = reverse("admin:schools_regulation_delete", args=[kept.pk])
        assert operator.post(address, {"post": "yes"}).status_code == 403


class TestSchool:
    def form(self, **facts):
        return {
            **texts("names", {"ru": "Школа"}),
            "slug": "new-school",
            "country": "KG",
            "time_zone": "Asia/Bishkek",
            "languages_kk": "",
            "languages_ru": "2",
            "languages_ky": "1",
            "languages_en": "",
            "working_week": "6",
            "digest_at": "07:15",
            **texts("addresses", {}),
            "phone": "",
            "site": "school.kg",
            **facts,
        }

    def test_operator_adds_one(self, operator):
        operator.post(reverse("admin:schools_school_add"), self.form())
        school = School.objects.get(slug="new-school")
        assert school.languages == ["ky", "ru"]
        assert school.site == "https://school.kg"
        assert (school.working_week, school.digest_at) == (6, datetime.time(7, 15))

    def test_school_without_a_language_is_refused(self, operator):
        operator.post(
            reverse("admin:schools_school_add"), self.form(languages_ru="", languages_ky="")
        )
        assert not School.objects.exists()

    def test_administrator_changes_their_own_alone(self, client, school, other):
        assert client.post(reverse("admin:schools_school_add"), self.form()).status_code == 403
        client.post(reverse("admin:schools_school_change", args=[school.pk]), self.form())
        school.refresh_from_db()
        assert school.names == {"ru": "Школа"}
        assert school.slug == "school-1"
        client.post(reverse("admin:schools_school_change", args=[other.pk]), self.form())
        other.refresh_from_db()
        assert other.names != {"ru": "Школа"}

    def test_never_deleted(self, operator, school):
        address = reverse("admin:schools_school_delete", args=[school.pk])
        assert operator.post(address, {"post": "yes"}).status_code == 403
        assert School.objects.filter(pk=school.pk).exists()


def test_category_goes_out_of_use_and_is_never_deleted(client, school, other):
    category = Category.objects.filter(school=school).first()
    address = reverse("admin:schools_category_change", args=[category.pk])
    client.post(address, {**texts("names", {"ru": "Другое"}), "order": "3"})
    category.refresh_from_db()
    assert (category.in_use, category.order, category.names) == (False, 3, {"ru": "Другое"})
    delete = reverse("admin:schools_category_delete", args=[category.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403
    page = client.get(reverse("admin:schools_category_changelist"))
    assert {row.school_id for row in page.context["cl"].result_list} == {school.pk}


def test_settings_page_lists_their_own(client, school, other):
    page = client.get(reverse("admin:settings"))
    assert [card["school"] for card in page.context["cards"]] == [school]
    psychologist = signed_in_client(make_person(school, "psychologist"))
    assert psychologist.get(reverse("admin:settings")).status_code == 403
