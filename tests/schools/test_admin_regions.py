"""Regions on the staff site: kept by the operator, with their analysts and the named person."""

import pytest
from django.test import Client

from schools.models import Region, RegionMembership
from tests.factories import make_operator, make_person, make_region, make_school, signed_in_client

pytestmark = pytest.mark.django_db
LIST, ADD = "/admin/schools/region/", "/admin/schools/region/add/"


@pytest.fixture
def operator() -> Client:
    return signed_in_client(make_operator())


def form(**facts):
    return {
        "names_ru": "Северная область",
        "slug": "north",
        "parent": "",
        "officer": "",
        "memberships-TOTAL_FORMS": "1",
        "memberships-INITIAL_FORMS": "0",
        "memberships-0-user": "",
        **facts,
    }


def change(region: Region) -> str:
    return f"{LIST}{region.pk}/change/"


def test_the_operator_adds_a_region_with_its_people_by_their_names(operator):
    named, analyst = (make_person(None, None, username=name) for name in ("named", "analyst"))
    response = operator.post(ADD, form(**{"officer": "named", "memberships-0-user": " analyst "}))
    assert response.status_code == 302
    region = Region.objects.get()
    assert (region.names, region.officer) == ({"ru": "Северная область"}, named.user)
    assert [row.user for row in region.memberships.all()] == [analyst.user]
    html = operator.get(change(region)).content.decode()
    assert 'value="named"' in html
    assert 'value="analyst"' in html
    assert "Северная область" in operator.get(LIST).content.decode()
    people = operator.get("/admin/schools/user/").content.decode()
    assert "region analyst: Северная область" in people
    assert "named person of the region: Северная область" in people
    assert f'href="{LIST}"' in operator.get("/admin/settings/").content.decode()


@pytest.mark.parametrize("typed", ["nobody", "gone", "x" * 5000, "a\0b"])
def test_a_name_that_nobody_has_stays_in_the_form(operator, typed):
    make_person(None, None, username="gone", is_active=False)
    response = operator.post(ADD, form(officer=typed))
    assert response.status_code == 200
    assert "Nobody with this user name may sign in." in response.content.decode()
    assert not Region.objects.exists()


def test_a_part_has_no_parts_and_what_has_parts_is_none(operator):
    whole = make_region("whole")
    part = make_region("part", parent=whole)
    other = make_region("other")
    html = operator.get(change(other)).content.decode()
    assert f'<option value="{whole.pk}"' in html
    assert f'<option value="{part.pk}"' not in html
    assert operator.post(ADD, form(parent=str(part.pk))).status_code == 200
    refused = operator.post(change(whole), form(parent=str(other.pk)))
    assert refused.status_code == 200
    assert "Regions have two levels, no more." in refused.content.decode()
    assert operator.post(change(other), form(parent=str(whole.pk))).status_code == 302
    other.refresh_from_db()
    assert other.parent == whole
    assert other.slug == "other"  # it stands in addresses that people keep


def test_an_analyst_is_taken_away(operator):
    region = make_region("north")
    analyst = make_person(None, None)
    row = RegionMembership.objects.create(user=analyst.user, region=region)
    sent = form(**{
        "memberships-INITIAL_FORMS": "1",
        "memberships-0-id": str(row.pk),
        "memberships-0-region": str(region.pk),
        "memberships-0-user": analyst.user.username,
        "memberships-0-DELETE": "on",
    })  # fmt: skip
    assert operator.post(change(region), sent).status_code == 302
    assert not RegionMembership.objects.exists()
    assert not analyst.fresh().is_staff


@pytest.mark.parametrize("role", ["administrator", "director", "region_analyst"])
def test_nobody_else_keeps_regions(role):
    school = make_school()
    region = make_region("north")
    client = signed_in_client(make_person(school, role))
    for address in (LIST, ADD):
        assert client.get(address).status_code == 403
    assert client.post(change(region), form(officer="x")).status_code in (302, 403)
    assert Region.objects.get(pk=region.pk).officer is None


def test_no_region_is_deleted(operator):
    region = make_region("north")
    assert operator.post(f"{LIST}{region.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Region.objects.exists()


class TestSchool:
    """Into which region a school belongs."""

    def sent(self, school, region):
        return {
            "names_ru": "Школа",
            "slug": school.slug,
            "country": "KZ",
            "time_zone": "Asia/Almaty",
            "languages_ru": "1",
            "working_week": "5",
            "digest_at": "08:00",
            "region": str(region.pk),
        }

    def test_the_operator_says(self, operator):
        school, region = make_school(), make_region("north")
        address = f"/admin/schools/school/{school.pk}/change/"
        assert operator.post(address, self.sent(school, region)).status_code == 302
        school.refresh_from_db()
        assert school.region == region

    def test_its_administrator_sees_it_and_does_not(self):
        school, region, other = make_school(), make_region("north"), make_region("south")
        school.region = region
        school.save()
        client = signed_in_client(make_person(school, "administrator"))
        address = f"/admin/schools/school/{school.pk}/change/"
        assert "en north" in client.get(address).content.decode()
        assert client.post(address, self.sent(school, other)).status_code == 302
        school.refresh_from_db()
        assert (school.region, school.names) == (region, {"ru": "Школа"})
