"""Lists of colleagues and of classes: read from a file, looked through, all of it or nothing."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from journal.models import Incoming
from schools.models import ClassGroup, Invitation, Membership, School, User
from tests import factories
from tests.factories import Person
from tests.journal.importing import files
from tests.journal.importing.way import begin

pytestmark = pytest.mark.django_db

STAFF = ["Ф.И.О.", "Должность", "Электронная почта", "Логин"]
CLASSES = ["Сынып", "Параллель"]


@pytest.fixture
def school() -> School:
    return factories.make_school()


@pytest.fixture
def manager(school: School) -> Person:
    return factories.make_person(school, "administrator")


@pytest.fixture
def client(manager: Person) -> Client:
    return factories.signed_in_client(manager)


def test_everybody_in_the_list_gets_an_account_a_role_and_a_link(
    school: School, client: Client, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    rows = [
        ["Айгүл Серікқызы", "Психолог", "aigul@example.kz", ""],
        ["Петров Пётр", "Соцпедагог", "", "petrov"],
        ["Асанов Асан", "директордун орун басары", "", ""],
    ]
    way = begin(client, school.slug, files.xlsx([STAFF, *rows]), "staff")
    assert way.tell().status_code == 302
    looked = way.look()
    assert looked.findings == []
    assert len(looked.first) == 3
    page = client.post(way.address)
    people = {row.user.full_name: row for row in Membership.objects.filter(school=school)}
    assert people["Айгүл Серікқызы"].role_id == "psychologist"
    assert people["Петров Пётр"].user.username == "petrov"
    assert people["Асанов Асан"].role_id == "deputy_director"
    assert people["Асанов Асан"].user.username == f"deputy.{school.slug}"
    assert Invitation.objects.count() == 3
    shown = page.content.decode()
    assert shown.count("/admin/welcome/") == 3
    assert [one.to for one in mail.outbox] == [["aigul@example.kz"]]
    assert not Incoming.objects.exists()
    assert client.post(way.address).status_code == 302, "sent twice: it is gone"
    assert Membership.objects.filter(school=school).count() == 4


def test_every_error_in_a_list_of_colleagues_is_named_and_nobody_is_added(
    school: School, manager: Person, client: Client
) -> None:
    User.objects.create_user("taken", full_name="Elsewhere")
    rows = [
        ["", "Психолог", "", ""],
        ["Иванов Иван", "Космонавт", "", ""],
        ["Иванова Анна", "", "", ""],
        ["Асанов Асан", "Психолог", "no address", ""],
        ["Усенов Усен", "Психолог", "", "Taken"],
        ["Али Али", "Психолог", "", "two words"],
        ["Бота Бота", "Психолог", "", "bota"],
        ["Бота Бота", "Психолог", "", "bota2"],
        ["Света Света", "Психолог", "", "BOTA"],
        [manager.user.full_name, "Администратор", "", ""],
        ["Ж" * 151, "Психолог", "", ""],
    ]
    before = User.objects.count()
    way = begin(client, school.slug, files.ods([STAFF, *rows]), "staff")
    way.tell()
    found = [(one.row, one.cell[0]) for one in way.look().findings]
    assert found == [
        (2, "A"), (3, "B"), (4, "B"), (5, "C"), (6, "D"), (7, "D"), (9, "A"), (10, "D"), (11, "A"), (12, "A"),
    ]  # fmt: skip
    assert client.post(way.address).status_code == 409
    assert User.objects.count() == before


def test_a_list_of_classes_is_added_whole(school: School, client: Client) -> None:
    data = files.csv_file([CLASSES, ["7Б", "7"], ["11 «А»", "11"], ["Топ-1", ""]])
    way = begin(client, school.slug, data, "classes")
    way.tell()
    response = client.post(way.address)
    assert response["Location"].startswith("/admin/schools/classgroup/")
    found = list(ClassGroup.objects.filter(school=school).values_list("name", "level"))
    assert sorted(found, key=str) == sorted([("7Б", 7), ("11 «А»", 11), ("Топ-1", None)], key=str)
    assert "7Б" in client.get(response["Location"]).content.decode()


def test_classes_that_are_wrong_twice_or_there_are_named(school: School, client: Client) -> None:
    ClassGroup.objects.create(school=school, name="7Б")
    data = files.csv_file(
        [CLASSES, ["7б", "7"], ["8А", "13"], ["8В", "сегіз"], ["9А", "9"], ["9а", "9"], ["", "5"]]
    )
    way = begin(client, school.slug, data, "classes")
    way.tell()
    found = [(one.row, one.cell[0]) for one in way.look().findings]
    assert found == [(2, "A"), (3, "B"), (4, "B"), (6, "A"), (7, "A")]
    assert client.post(way.address).status_code == 409
    assert ClassGroup.objects.count() == 1


@pytest.mark.parametrize("kind", ["staff", "classes"])
def test_only_who_manages_people_of_the_school_brings_lists(
    school: School, client: Client, kind: str
) -> None:
    start = {"staff": "people", "classes": "classes"}[kind]
    address = f"/admin/{start}/import/{school.slug}/"
    psychologist = factories.make_person(school, "psychologist", with_key=True)
    elsewhere = factories.make_person(factories.make_school("other"), "administrator")
    for person in (psychologist, elsewhere):
        assert factories.signed_in_client(person).get(address).status_code == 404
    assert client.get(address).status_code == 200
    operator = factories.make_operator()
    assert factories.signed_in_client(operator).get(address).status_code == 200


def test_a_list_lies_sealed_to_its_maker_in_person(school: School, client: Client) -> None:
    begin(client, school.slug, files.csv_file([STAFF, ["Unmistakable", "Психолог"]]), "staff")
    incoming = Incoming.objects.get()
    assert incoming.school_key_id is None
    assert len(incoming.personal_keys) == 1
    assert b"Unmistakable" not in bytes(incoming.content)


def test_a_list_of_one_kind_is_not_taken_for_another(school: School, client: Client) -> None:
    way = begin(client, school.slug, files.csv_file([CLASSES, ["7Б", "7"]]), "classes")
    pk = Incoming.objects.get().pk
    assert client.get(f"/admin/people/import/{school.slug}/{pk}/").status_code == 302
    assert client.get(way.address).status_code == 200
