"""Classes of the school, offered where one is typed in."""

import pytest
from django.test import Client

from box.selectors import forget_boxes
from box.views.writing import kept_pages
from schools.models import ClassGroup, School
from tests import factories
from tests.factories import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> School:
    return factories.make_school()


@pytest.fixture(autouse=True)
def keeper(school: School) -> Person:
    return factories.make_person(school, "psychologist", with_key=True)


def form_with(school: School, *names: str) -> str:
    ClassGroup.objects.bulk_create([ClassGroup(school=school, name=name) for name in names])
    forget_boxes()
    kept_pages.forget()
    page = Client().get(f"/kk/{school.slug}/write/").content.decode()
    forget_boxes()
    kept_pages.forget()
    return page


def test_the_public_form_offers_the_school_s_classes_and_no_other_school_s(school: School) -> None:
    ClassGroup.objects.create(school=factories.make_school("other"), name="11Я")
    page = form_with(school, "7Б", '8"А"')
    assert 'list="classes"' in page
    assert '<datalist id="classes"><option value="7Б"></option>' in page
    assert "8&quot;А&quot;" in page
    assert "11Я" not in page


def test_without_classes_or_with_too_many_the_page_is_as_light_as_before(school: School) -> None:
    assert "<datalist" not in form_with(school)
    assert "<datalist" not in form_with(school, *(f"{number}А" for number in range(61)))


def test_sixty_classes_weigh_little(school: School) -> None:
    without = form_with(school)
    with_all = form_with(school, *(f"{number}А" for number in range(60)))
    assert "<datalist" in with_all
    assert len(with_all.encode()) - len(without.encode()) < 3_000


def test_staff_are_offered_them_too(school: School, keeper: Person) -> None:
    ClassGroup.objects.create(school=school, name="7Б")
    factories.send_letter(school)
    opening = factories.open_box(school, by=keeper)
    page = factories.signed_in_client(keeper).get(f"/admin/journal/opening/{opening.pk}/change/")
    assert '<datalist id="classes"><option value="7Б">' in page.content.decode()
    assert 'list="classes"' in page.content.decode()
