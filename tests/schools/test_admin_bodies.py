"""The list of bodies on the staff site, and the lists of settings of one school."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from schools.models import Body, School
from schools.services.bodies import give_bodies
from tests.factories import make_operator, make_person, make_school, signed_in_client

pytestmark = pytest.mark.django_db
LIST = "admin:schools_body_changelist"


@pytest.fixture
def school() -> School:
    made = make_school()
    give_bodies(school=made)
    return made


def typed(school: School, **changed) -> dict[str, object]:
    return {
        "school": school.pk,
        "kind": "police",
        "names_kk": "Полиция бөлімі",
        "names_ru": "Отдел полиции",
        "names_ky": "",
        "names_en": "",
        "address": "ул. Мира, 1",
        "phone": "102",
        "email": "police@example.kz",
        "order": 9,
        "in_use": "on",
        **changed,
    }


def test_an_administrator_adds_a_body_and_takes_one_out_of_use(school: School) -> None:
    client = signed_in_client(make_person(school, "administrator"))
    assert client.post(reverse("admin:schools_body_add"), typed(school)).status_code == 302
    body = Body.objects.get(phone="102")
    assert body.names == {"kk": "Полиция бөлімі", "ru": "Отдел полиции"}
    change = reverse("admin:schools_body_change", args=[body.pk])
    assert client.post(change, typed(school, in_use="")).status_code == 302
    body.refresh_from_db()
    assert not body.in_use
    assert client.post(
        reverse("admin:schools_body_delete", args=[body.pk]), {"post": "yes"}
    ).status_code in (302, 403)
    assert Body.objects.filter(pk=body.pk).exists()
    assert not any("Полиция" in str(vars(row)) for row in LogEntry.objects.all())


def test_only_of_the_own_school(school: School) -> None:
    other = make_school("school-2")
    give_bodies(school=other)
    client = signed_in_client(make_person(school, "administrator"))
    shown = client.get(reverse(LIST)).context["cl"].result_list
    assert {body.school_id for body in shown} == {school.pk}
    theirs = Body.objects.filter(school=other).first()
    client.post(reverse("admin:schools_body_change", args=[theirs.pk]), typed(other, phone="000"))
    assert not Body.objects.filter(phone="000").exists()
    client.post(reverse("admin:schools_body_add"), typed(other, phone="001"))
    assert not Body.objects.filter(phone="001").exists()
    psychologist = signed_in_client(make_person(school, "psychologist"))
    assert psychologist.get(reverse(LIST)).status_code == 403


@pytest.mark.parametrize("model", ["body", "category", "trustphone"])
def test_settings_of_a_school_lead_to_its_own_rows(school: School, model: str) -> None:
    other = make_school("school-2", country="KG")
    give_bodies(school=other)
    client = signed_in_client(make_operator())
    page = client.get(reverse("admin:settings")).content.decode()
    address = f"{reverse(f'admin:schools_{model}_changelist')}?school__id__exact={school.pk}"
    assert address in page
    response = client.get(address)
    assert response.status_code == 200
    assert {row.school_id for row in response.context["cl"].result_list} <= {school.pk}
    # No other condition typed into an address is taken.
    for lookup in ("school__slug__startswith=s", "names__ru=x"):
        address = f"{reverse(f'admin:schools_{model}_changelist')}?{lookup}"
        assert client.get(address).status_code == 400
