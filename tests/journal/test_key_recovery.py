"""The key comes back from paper: every typing error named, nothing typed twice, and a row in the trail."""

import pytest
from django.urls import reverse

from journal.admin import key_recovery
from journal.models import Trail
from journal.services import key_keeping
from schools.models import KeyGrant, School
from schools.selectors import key_in_use
from tests.factories import (
    PASSWORD,
    Person,
    make_person,
    make_school,
    send_letter,
    signed_in_client,
)
from tests.journal.key_life import forget_password, sheet_of, two_minutes_pass

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> School:
    key_recovery.attempts.forget()
    return make_school()


@pytest.fixture
def holder(school: School) -> Person:
    return make_person(school, "psychologist", with_key=True)


def address(school: School) -> str:
    return reverse("admin:keys_restore", args=[school.slug])


def type_in(client, school: School, lines: list[str], password: str = PASSWORD):
    return client.post(address(school), {"lines": "\r\n".join(lines), "password": password})


def misspelt(line: str) -> str:
    """The line with its first letter wrong."""
    return ("A" if line[0] != "A" else "B") + line[1:]


def test_the_key_comes_back_and_a_row_stays(school: School, holder: Person) -> None:
    letter = send_letter(school)
    lines = sheet_of(school, holder)
    holder = forget_password(holder)
    client = signed_in_client(holder)
    assert 'autocomplete="off"' in client.get(address(school)).content.decode()
    response = type_in(client, school, lines)
    assert response.url == reverse("admin:keys", args=[school.slug])
    assert letter.read(holder.keyring())
    row = Trail.objects.get(step=Trail.Step.SHEET_USED)
    assert row.by == holder.user
    page = client.get(response.url).content.decode()
    assert "You hold the key of the box again." in page
    assert not any(line in page for line in lines)


@pytest.mark.parametrize(
    "typed",
    [
        "\n".join,
        " ".join,
        lambda lines: "\n\n".join(f"{n}. {line.lower()}" for n, line in enumerate(lines, 1)),
        lambda lines: "\n".join(line.replace(" ", "-").replace("0", "o") for line in lines),
    ],
    ids=["as the square gives it", "in one line", "with numbers", "with dashes and letters o"],
)
def test_ways_of_typing(school: School, holder: Person, typed) -> None:
    lines = sheet_of(school, holder)
    colleague = make_person(school, "director")
    client = signed_in_client(colleague)
    client.post(address(school), {"lines": typed(lines), "password": PASSWORD})
    assert colleague.keyring().opens_school_key(key_in_use(school).pk)


def test_a_typing_error_names_its_line_and_what_was_typed_stays(
    school: School, holder: Person
) -> None:
    lines = sheet_of(school, holder)
    wrong = [*lines]
    wrong[2], wrong[6] = misspelt(lines[2]), misspelt(lines[6])
    colleague = make_person(school, "director")
    response = type_in(signed_in_client(colleague), school, wrong, "not the password")
    page = response.content.decode()
    assert "Line 3 was typed wrong" in page
    assert "Line 7 was typed wrong" in page
    assert "Line 4 was typed wrong" not in page
    assert "This is not your password." in page
    assert all(line in page for line in wrong)
    assert "not the password" not in page
    assert not KeyGrant.objects.filter(holder=colleague.user).exists()
    assert not Trail.objects.filter(step=Trail.Step.SHEET_USED).exists()


def test_lines_missing_too_many_or_of_two_sheets(school: School, holder: Person) -> None:
    other = make_school("school-2")
    theirs = sheet_of(other, make_person(other, "psychologist", with_key=True))
    lines = sheet_of(school, holder)
    client = signed_in_client(make_person(school, "director"))
    assert "Lines here: 7." in type_in(client, school, lines[:7]).content.decode()
    assert "Lines here: 9." in type_in(client, school, [*lines, lines[0]]).content.decode()
    mixed = type_in(client, school, [*lines[:4], *theirs[4:]]).content.decode()
    assert "lines of different sheets" in mixed
    assert KeyGrant.objects.filter(key__school=school).count() == 1


def test_a_wrong_password_restores_nothing(school: School, holder: Person) -> None:
    colleague = make_person(school, "director")
    response = type_in(signed_in_client(colleague), school, sheet_of(school, holder), "something")
    assert "This is not your password." in response.content.decode()
    assert not KeyGrant.objects.filter(holder=colleague.user).exists()


def test_a_sheet_of_another_school_is_told_so(school: School, holder: Person) -> None:
    other = make_school("school-2")
    theirs = sheet_of(other, make_person(other, "psychologist", with_key=True))
    response = type_in(signed_in_client(holder), school, theirs)
    assert response.status_code == 409
    assert "belongs to another school" in response.content.decode()
    assert Trail.objects.get(step=Trail.Step.REFUSED).facts == {"what": "recovery sheet"}
    assert not KeyGrant.objects.filter(key__school=other, holder=holder.user).exists()


def test_the_sheet_of_a_changed_key_is_told_so(school: School, holder: Person) -> None:
    lines = sheet_of(school, holder)
    leaver = make_person(school, "social_pedagogue", with_key=True)
    send_letter(school)
    key_keeping.begin_change(school=school, keep=[], by=holder.fresh(), keyring=holder.keyring())
    client = signed_in_client(leaver)
    assert "is being changed" in type_in(client, school, lines).content.decode()
    two_minutes_pass(school)
    key_keeping.carry_on_change(
        school=school, by=holder.fresh(), keyring=holder.keyring(), at_most=100
    )
    response = type_in(client, school, lines)
    assert response.status_code == 409
    assert "changed since" in response.content.decode()
    assert not KeyGrant.objects.filter(holder=leaver.user).exists()


def test_who_may_not(school: School, holder: Person) -> None:
    lines = sheet_of(school, holder)
    other = make_person(make_school("school-2"), "psychologist", with_key=True)
    administrator = make_person(school, "administrator")
    for person, status in ((other, 404), (administrator, 403)):
        client = signed_in_client(person)
        assert client.get(address(school)).status_code == status
        assert type_in(client, school, lines).status_code == status
    assert not KeyGrant.objects.filter(holder__in=[other.user, administrator.user]).filter(
        key__school=school
    )


def test_trying_out_is_held_off(school: School, holder: Person) -> None:
    lines = sheet_of(school, holder)
    client = signed_in_client(make_person(school, "director"))
    statuses = [
        type_in(client, school, [misspelt(lines[0]), *lines[1:]]).status_code for _ in range(11)
    ]
    assert statuses == [200] * 10 + [429]
    last = type_in(client, school, lines)
    assert last.status_code == 429
    assert lines[5] in last.content.decode()
    assert KeyGrant.objects.count() == 1


def test_twice_is_once(school: School, holder: Person) -> None:
    lines = sheet_of(school, holder)
    client = signed_in_client(holder)
    for _ in range(2):
        type_in(client, school, lines)
    assert KeyGrant.objects.count() == 1
