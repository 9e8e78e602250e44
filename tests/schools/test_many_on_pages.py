"""An operator of very many schools: pages and questions to the database stay as small as with a few."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from journal.models import CommissionMember
from schools.admin.narrowing import MOST_CHOICES
from schools.models import Category, Membership, Regulation, School, User
from tests.factories import make_operator, make_person, make_school, signed_in_client
from tests.schools.test_admin_settings import regulation_form, texts

pytestmark = pytest.mark.django_db

PAGES = [
    "index",
    "settings",
    "keys_list",
    "ways_list",
    "region",
    "schools_school_changelist",
    "schools_user_changelist",
    "schools_user_add",
    "schools_membership_changelist",
    "schools_membership_add",
    "schools_regulation_add",
    "schools_category_changelist",
    "schools_category_add",
    "schools_cause_add",
    "schools_body_add",
    "schools_trustphone_add",
    "schools_calendarday_add",
    "schools_region_changelist",
    "journal_commissionmember_add",
]


@pytest.fixture
def client() -> Client:
    return signed_in_client(make_operator())


def make_many(first: int, last: int) -> None:
    """Schools with a person each, whose names are like one another."""
    numbers = range(first, last + 1)
    schools = School.objects.bulk_create(
        School(
            slug=f"many-{number:03d}",
            names={"kk": f"№ {number} мектеп", "ru": f"Школа № {number}"},
            country="KZ",
            time_zone="Asia/Almaty",
            languages=["kk", "ru"],
        )
        for number in numbers
    )
    people = User.objects.bulk_create(
        User(username=f"person-{number:03d}", full_name=f"Person {number}") for number in numbers
    )
    Membership.objects.bulk_create(
        Membership(user=person, school=school, role_id="psychologist")
        for person, school in zip(people, schools, strict=True)
    )


def asked(client: Client, name: str) -> tuple[int, int]:
    """How many questions to the database a page asks, and how long it is."""
    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse(f"admin:{name}"))
    assert page.status_code == 200, name
    return len(queries), len(page.content)


@pytest.mark.parametrize("name", PAGES)
def test_pages_stay_as_they_are(client: Client, name: str) -> None:
    make_many(1, 70)
    client.get(reverse(f"admin:{name}"))
    before, length = asked(client, name)
    make_many(71, 270)
    after, longer = asked(client, name)
    assert after == before
    assert longer < length + 1500


@pytest.mark.parametrize("name", ["settings", "keys_list", "ways_list"])
def test_schools_are_found_by_name_and_page_by_page(client: Client, name: str) -> None:
    make_many(1, 119)
    address = reverse(f"admin:{name}")

    def names(query: str) -> list[str]:
        return [str(school) for school in client.get(address + query).context["found"]]

    assert names("?q=ШКОЛА+117") == ["№ 117 мектеп"] or names("?q=ШКОЛА+117") == ["Школа № 117"]
    first = client.get(f"{address}?q=мектеп")
    assert len(list(first.context["found"])) == 30
    (after,) = re.findall(r'rel="next" href="([^"]+)"', first.content.decode())
    second = client.get(address + after.replace("&amp;", "&"))
    assert second.context["found"].page.number == 2
    assert second.context["found"].words == "мектеп"
    assert {school.pk for school in first.context["found"]}.isdisjoint(
        school.pk for school in second.context["found"]
    )
    nothing = client.get(f"{address}?q=нет+такой")
    assert "No school is like that." in nothing.content.decode()
    for odd in ("?page=99", "?page=x", "?q=%00", f"?q={'я' * 5000}"):
        assert client.get(address + odd).status_code == 200


def test_who_has_a_few_schools_gets_no_search(client: Client) -> None:
    make_many(1, 3)
    for name in ("settings", "keys_list", "ways_list"):
        assert 'role="search"' not in client.get(reverse(f"admin:{name}")).content.decode()


def test_schools_are_searched_in_their_list_in_any_language_and_case(client: Client) -> None:
    make_many(1, 5)
    address = reverse("admin:schools_school_changelist")
    for words in ("ШКОЛА 4", "МЕКТЕП 4", "many-004"):
        page = client.get(address, {"q": words})
        assert [row.slug for row in page.context["cl"].result_list] == ["many-004"]


def test_roles_are_searched_by_person_and_school(client: Client) -> None:
    make_many(1, 12)
    address = reverse("admin:schools_membership_changelist")
    for words in ("Person 7", "person-007", "many-007"):
        page = client.get(address, {"q": words})
        assert [str(row.user) for row in page.context["cl"].result_list] == ["Person 7"]


class TestChoices:
    @pytest.fixture
    def school(self) -> School:
        make_many(1, MOST_CHOICES)
        return make_school("123")

    def test_a_school_is_typed_by_its_short_name(self, client: Client, school: School) -> None:
        address = reverse("admin:schools_category_add")
        html = client.get(address).content.decode()
        assert "many-007" not in html
        data = {**texts("names", {"ru": "Новая"}), "slug": "new", "order": "9", "in_use": "on"}
        refused = client.post(address, {**data, "school": "no-such"})
        assert "No school has this short name." in refused.content.decode()
        assert 'value="no-such"' in refused.content.decode()
        client.post(address, {**data, "school": "many-007"})
        assert Category.objects.get(slug="new").school.slug == "many-007"

    @pytest.mark.parametrize("way", ["?school={}", "?_changelist_filters=school__id__exact%3D{}"])
    def test_where_one_came_from_a_school_it_stands_there(
        self, client: Client, school: School, way: str
    ) -> None:
        html = client.get(reverse("admin:schools_category_add") + way.format(school.pk)).content
        assert re.search(rb'name="school" value="123"', html)

    @pytest.mark.parametrize("odd", ["", "0", "no", "²", "\0", "9" * 18, "1" * 5000])
    def test_odd_names_in_the_address_and_the_form(
        self, client: Client, school: School, odd: str
    ) -> None:
        data = {**texts("names", {"ru": "Новая"}), "slug": "new", "order": "9", "in_use": "on"}
        for page in ("schools_category_add", "schools_regulation_add"):
            address = reverse(f"admin:{page}")
            listed = {"_changelist_filters": f"school__id__exact={odd}"}
            for asked_by in ({"school": odd}, listed, {"from": odd}):
                assert client.get(address, asked_by).status_code == 200
            assert client.post(address, {**data, "school": odd}).status_code == 200
        assert not Category.objects.filter(slug="new").exists()

    def test_rules_are_made_for_a_typed_school(self, client: Client, school: School) -> None:
        Regulation.objects.all().delete()
        data = {**regulation_form(school), "school": "123"}
        response = client.post(reverse("admin:schools_regulation_add"), data)
        assert response.status_code == 302
        assert Regulation.objects.get().school == school

    def test_a_person_is_typed_by_the_user_name(self, client: Client, school: School) -> None:
        colleague = make_person(None, None, username="the.colleague")
        data = {"user": "the.colleague", "school": "123", "role": "director"}
        client.post(reverse("admin:schools_membership_add"), data)
        assert colleague.fresh().roles_by_school == {school.pk: {"director"}}
        person = reverse("admin:schools_user_change", args=[colleague.user.pk])
        assert b'value="123"' in client.get(person).content

    def test_of_a_few_schools_one_is_chosen_from_a_list(self, client: Client) -> None:
        make_many(1, MOST_CHOICES)
        html = client.get(reverse("admin:schools_category_add")).content.decode()
        assert html.count("<option") > MOST_CHOICES


def test_members_of_the_commission_are_listed_from_the_settings(client: Client) -> None:
    school, other = make_school(), make_school("other")
    for one in (school, other):
        CommissionMember.objects.create(
            school=one, name=one.slug, posts={"ru": "учитель"}, since="2026-09-01"
        )
    settings = client.get(reverse("admin:settings")).content.decode()
    address = f"{reverse('admin:journal_commissionmember_changelist')}?school__id__exact={other.pk}"
    assert address in settings
    page = client.get(address)
    assert [row.name for row in page.context["cl"].result_list] == ["other"]


class TestToday:
    def test_it_looks_at_the_newest_schools(self, client: Client) -> None:
        make_many(1, 60)
        page = client.get(reverse("admin:index"))
        assert {card["school"].slug for card in page.context["set_ups"]} == {
            f"many-{number:03d}" for number in range(51, 61)
        }
        assert page.context["more_set_ups"] == 40
        assert "Only the newest schools" in page.content.decode()

    def test_of_fewer_it_looks_at_all(self, client: Client) -> None:
        make_many(1, 50)
        page = client.get(reverse("admin:index"))
        assert page.context["more_set_ups"] == 40
        assert "Only the newest schools" not in page.content.decode()
