"""What an author adds before there is a number, or after the letter was set aside: the screen of the opening is the
only place where it is read."""

import pytest
from django.test import Client
from django.urls import reverse

from box.models import Letter, Message
from box.services import messaging
from journal.days import morning_of
from journal.models import TakenLetter
from schools.models import Mail, School
from tests.factories import (
    Person,
    give_key,
    make_person,
    make_school,
    open_box,
    send_letter,
    signed_in_client,
)
from tests.journal.test_admin_openings import aside_address, register_address, screen

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> School:
    return make_school()


@pytest.fixture
def holder(school: School) -> Person:
    return make_person(school, "psychologist", with_key=True)


@pytest.fixture
def client(holder: Person) -> Client:
    return signed_in_client(holder)


def write(letter: Letter, text: str, number: int, *, danger: bool = False) -> Message:
    return messaging.write_back(
        letter=letter, text=text, danger=danger, form_hash=bytes([number]) * 32
    )


def test_stands_with_a_letter_that_waits(client: Client, holder: Person, school: School) -> None:
    letter = send_letter(school)
    write(letter, "It was in the changing room.", 1)
    opening = open_box(school, by=holder)
    page = client.get(screen(opening)).content.decode()
    assert "It was in the changing room." in page
    assert Message.objects.get().seen


def test_a_letter_set_aside_comes_back_to_be_read(
    client: Client, holder: Person, school: School
) -> None:
    letter = send_letter(school)
    opening = open_box(school, by=holder)
    taken = TakenLetter.objects.get()
    client.post(aside_address(taken), {f"aside-{taken.pk}-kind": "test"})
    assert "lunch" not in client.get(screen(opening)).content.decode()
    letter.refresh_from_db()
    write(letter, "It was no joke, please help me.", 1)
    write(letter, "He is waiting at the gate.", 2, danger=True)
    day = client.get(reverse("admin:index")).content.decode()
    assert f'href="{screen(opening)}"' in day
    assert "2 new messages from authors" in day
    response = client.get(screen(opening))
    page = response.content.decode()
    assert "It was no joke, please help me." in page
    assert "He is waiting at the gate." in page
    assert response.context["left"] == 0
    assert register_address(taken) not in page
    assert not Message.objects.filter(seen=False).exists()
    assert "new messages from authors" not in client.get(reverse("admin:index")).content.decode()
    assert "It was no joke" in client.get(screen(opening)).content.decode()


def test_is_told_by_mail_and_in_the_morning(client: Client, holder: Person, school: School) -> None:
    holder.user.email = "holder@example.org"
    holder.user.save()
    letter = send_letter(school)
    open_box(school, by=holder)
    taken = TakenLetter.objects.get()
    client.post(aside_address(taken), {f"aside-{taken.pk}-kind": "test"})
    letter.refresh_from_db()
    write(letter, "It was no joke.", 1)
    assert Mail.objects.filter(person=holder.user, kind=Mail.Kind.AUTHOR_WROTE).count() == 1
    assert morning_of([school], holder.fresh())[0].new_messages == 1


def test_not_to_whom_the_letter_is_about(client: Client, holder: Person, school: School) -> None:
    reader = make_person(school, "deputy_director")
    give_key(school, to=reader, by=holder)
    letter = send_letter(school, about=["psychologist"])
    opening = open_box(school, by=holder)
    taken = TakenLetter.objects.get()
    other = signed_in_client(reader)
    other.post(aside_address(taken), {f"aside-{taken.pk}-kind": "test"})
    letter.refresh_from_db()
    write(letter, "She did it again.", 1)
    for address in (reverse("admin:index"), screen(opening)):
        page = client.get(address).content.decode()
        assert "She did it again." not in page
        assert "new message" not in page
    assert morning_of([school], holder.fresh())[0].new_messages == 0
    assert not Message.objects.get().seen
    assert "She did it again." in other.get(screen(opening)).content.decode()
