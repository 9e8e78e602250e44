"""Who may do what in the schools of a region: analysts, the named person, the operator."""

import pytest
from django.core.exceptions import ValidationError

from schools.models import Membership, RegionMembership, School
from schools.roles import OPERATOR_PERMISSIONS
from schools.selectors import schools_for, works_with_demo
from schools.services.second_factor import needs_second_factor
from tests.factories import (
    Person,
    make_operator,
    make_person,
    make_region,
    make_school,
    signed_in_client,
)

pytestmark = pytest.mark.django_db

WATCH, ANSWER = "schools.watch_region", "schools.answer_for_region"
CONTENT = ("journal.view_entry", "journal.view_alert", "journal.open_box", "schools.hold_key")


class Oblast:
    """A region with two parts, a school in each of the three, one elsewhere, one nowhere."""

    def __init__(self) -> None:
        self.whole, self.elsewhere = make_region("whole"), make_region("elsewhere")
        self.part, self.second = (
            make_region(slug, parent=self.whole) for slug in ("part", "second")
        )
        of = {
            "of-whole": self.whole,
            "of-part": self.part,
            "of-second": self.second,
            "of-elsewhere": self.elsewhere,
            "of-none": None,
        }
        self.schools = {
            slug: make_school(slug, school_fields={"region": region}) for slug, region in of.items()
        }

    def analyst(self, region, **fields) -> Person:
        person = make_person(None, None, username=f"analyst.{region.slug}", **fields)
        RegionMembership.objects.create(user=person.user, region=region)
        return person


@pytest.fixture
def oblast() -> Oblast:
    return Oblast()


def allowed(person: Person, permission: str) -> set[str]:
    """Short names of the schools in which the person may, asked one by one and all at once."""
    user = person.fresh()
    one_by_one = {s.slug for s in School.objects.all() if user.has_perm(permission, s)}
    assert one_by_one == {s.slug for s in schools_for(user, permission)}
    return one_by_one


def test_an_analyst_watches_the_region_and_its_parts(oblast):
    person = oblast.analyst(oblast.whole)
    assert allowed(person, WATCH) == {"of-whole", "of-part", "of-second"}
    user = person.fresh()
    assert user.is_staff
    assert user.has_perm(WATCH)
    assert user.has_perm(WATCH, oblast.part)
    assert user.has_perm(WATCH, oblast.whole)
    assert not user.has_perm(WATCH, oblast.elsewhere)


def test_an_analyst_of_a_part_watches_that_part(oblast):
    person = oblast.analyst(oblast.part)
    assert allowed(person, WATCH) == {"of-part"}
    assert not person.fresh().has_perm(WATCH, oblast.whole)


@pytest.mark.parametrize("permission", [*CONTENT, ANSWER, "schools.view_user"])
def test_an_analyst_may_nothing_else(oblast, permission):
    person = oblast.analyst(oblast.whole)
    assert allowed(person, permission) == set()
    assert not person.fresh().has_perm(permission)


def test_the_named_person_answers_for_the_region_and_its_parts(oblast):
    of_whole, of_part = (make_person(None, None, username=name) for name in ("whole", "part"))
    oblast.whole.officer, oblast.part.officer = of_whole.user, of_part.user
    oblast.whole.save()
    oblast.part.save()
    assert allowed(of_whole, ANSWER) == {"of-whole", "of-part", "of-second"}
    assert allowed(of_part, ANSWER) == {"of-part"}
    for permission in (WATCH, *CONTENT):
        assert not of_part.fresh().has_perm(permission)
    assert of_part.fresh().is_staff
    of_part.user.is_active = False
    of_part.user.save()
    assert not of_part.fresh().has_perm(ANSWER)


def test_the_named_person_shows_a_second_factor_where_a_school_is_real(oblast):
    person = make_person(None, None, username="named")
    oblast.part.officer = person.user
    oblast.part.save()
    assert needs_second_factor(person.fresh())
    School.objects.update(is_demo=True)
    assert not needs_second_factor(person.fresh())
    assert works_with_demo(person.fresh())
    assert not needs_second_factor(oblast.analyst(oblast.whole).fresh())


def test_nobody_of_a_school_and_the_operator_only_as_one_who_watches(oblast):
    school = oblast.schools["of-part"]
    keeper = make_person(school, "psychologist", with_key=True)
    assert not allowed(keeper, WATCH)
    assert not allowed(keeper, ANSWER)
    operator = make_operator()
    assert allowed(operator, WATCH) == set(oblast.schools)
    assert allowed(operator, ANSWER) == set()
    assert ANSWER not in OPERATOR_PERMISSIONS


def test_who_has_lost_the_region_does_not_come_in(oblast):
    person = oblast.analyst(oblast.part)
    client = signed_in_client(person)
    assert client.get("/admin/").status_code == 200
    RegionMembership.objects.all().delete()
    assert client.get("/admin/").status_code == 302


def test_rights_are_read_once(oblast, django_assert_num_queries):
    user = oblast.analyst(oblast.whole).fresh()
    schools = list(School.objects.all())
    with django_assert_num_queries(2):
        for school in schools:
            user.has_perm(WATCH, school)
            user.has_perm(ANSWER, school)


def test_the_role_is_held_in_no_school(oblast):
    person = make_person(None, None)
    row = Membership(user=person.user, school=oblast.schools["of-part"], role_id="region_analyst")
    with pytest.raises(ValidationError):
        row.full_clean()


@pytest.mark.parametrize("region_right", ["analyst", "officer"])
def test_an_administrator_of_a_school_does_not_take_over_somebody_of_the_region(
    oblast, region_right
):
    """Whoever may invite a person anew comes in as that person."""
    school = oblast.schools["of-part"]
    client = signed_in_client(make_person(school, "administrator"))
    person = make_person(school, "psychologist")
    invite = f"/admin/schools/user/{person.user.pk}/invite/"
    assert client.post(invite).status_code == 200
    if region_right == "analyst":
        RegionMembership.objects.create(user=person.user, region=oblast.whole)
    else:
        oblast.whole.officer = person.user
        oblast.whole.save()
    assert client.get(invite).status_code == 403
    assert client.post(invite).status_code == 403
