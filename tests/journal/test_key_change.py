"""A school's key is changed page by page: whoever is left out reads nothing, everybody else everything."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from time_machine import travel

from box import selectors as box_selectors
from box.models import Letter
from box.selectors import box_of, forget_boxes
from journal.admin import key_change
from journal.models import Trail
from journal.services import key_keeping
from journal.services.verifying import verify_school
from schools.models import KeyGrant, School
from schools.selectors import key_in_use
from schools.services import rotation
from tests.factories import (
    PASSWORD,
    Person,
    give_key,
    make_person,
    make_school,
    registered_entry,
    send_letter,
    signed_in_client,
)
from tests.journal.key_life import forget_password, two_minutes_pass
from tests.visitor import Visitor
from vault.errors import NotForThisKey

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> School:
    return make_school()


@pytest.fixture
def holder(school: School) -> Person:
    return make_person(school, "psychologist", with_key=True)


@pytest.fixture
def leaver(school: School, holder: Person) -> Person:
    return make_person(school, "social_pedagogue", with_key=True)


@pytest.fixture
def colleague(school: School, holder: Person) -> Person:
    return make_person(school, "deputy_director", with_key=True)


def begin(client, school: School, keep: list[Person], password: str = PASSWORD):
    return client.post(
        reverse("admin:keys_change", args=[school.slug]),
        {"keep": [person.user.pk for person in keep], "password": password},
    )


def go_on(client, school: School):
    return client.post(reverse("admin:keys_go_on", args=[school.slug]), follow=True)


def test_from_beginning_to_end(
    school: School, holder: Person, leaver: Person, colleague: Person, monkeypatch
) -> None:
    monkeypatch.setattr(key_change, "BATCH", 2)
    entry = registered_entry(school, by=holder)
    letters = [send_letter(school) for _ in range(4)]
    old = leaver.keyring()
    client = signed_in_client(holder)
    page = client.get(reverse("admin:keys_change", args=[school.slug]))
    assert page.context["form"]["keep"].value() == [str(colleague.user.pk), str(leaver.user.pk)]
    begin(client, school, [colleague])
    assert not leaver.keyring().schools
    assert Trail.objects.get(step=Trail.Step.KEY_CHANGE_BEGUN).facts == {
        "keep": [colleague.user.username, holder.user.username]
    }
    left = []
    while not left or left[-1]:
        shown = go_on(client, school).context
        assert shown["done"] + shown["left"] == shown["all"]
        left.append(shown["left"])
    assert left == sorted(left, reverse=True)
    assert len(left) > 2
    # Everything is sealed to the new key, but a letter may still be on its way.
    page = go_on(client, school).content.decode()
    assert "may still arrive under the old one" in page
    two_minutes_pass(school)
    page = go_on(client, school).content.decode()
    assert "the old key opens nothing here any more" in page
    assert "No recovery sheet of this key was printed yet." in page
    assert Trail.objects.filter(step=Trail.Step.KEY_CHANGED).count() == 1
    entry.refresh_from_db()
    for row in (entry, entry.letter, *Letter.objects.filter(pk__in=[one.pk for one in letters])):
        assert row.read(holder.keyring())
        assert row.read(colleague.keyring())
        with pytest.raises(NotForThisKey):
            row.read(old)
    assert verify_school(school)


def test_it_is_shown_until_it_is_finished(school: School, holder: Person, leaver: Person) -> None:
    send_letter(school)
    client = signed_in_client(holder)
    begin(client, school, [])
    pages = [reverse("admin:index"), reverse("admin:keys", args=[school.slug])]
    for address in pages:
        assert "The key is being changed." in client.get(address).content.decode()
    two_minutes_pass(school)
    go_on(client, school)
    for address in pages:
        assert "The key is being changed." not in client.get(address).content.decode()


def test_a_colleague_goes_on_also_one_who_got_the_key_in_the_middle(
    school: School, holder: Person, colleague: Person
) -> None:
    letter = send_letter(school)
    begin(signed_in_client(holder), school, [colleague])
    newcomer = make_person(school, "director")
    give_key(school, to=newcomer, by=holder)
    assert letter.read(newcomer.keyring())
    two_minutes_pass(school)
    go_on(signed_in_client(newcomer), school)
    letter.refresh_from_db()
    assert letter.school_key == key_in_use(school)
    assert letter.read(colleague.keyring())


def test_a_key_taken_in_the_middle_is_taken_whole(
    school: School, holder: Person, colleague: Person
) -> None:
    letter = send_letter(school)
    begin(signed_in_client(holder), school, [colleague])
    key_keeping.take_away(
        school=school, holder=colleague.user, by=holder.fresh(), keyring=holder.keyring()
    )
    with pytest.raises(NotForThisKey):
        letter.read(colleague.keyring())
    assert letter.read(holder.keyring())


def test_all_forget_their_passwords_in_the_middle(school: School, holder: Person) -> None:
    letter = send_letter(school)
    begin(signed_in_client(holder), school, [])
    client = signed_in_client(forget_password(holder))
    page = client.get(reverse("admin:keys", args=[school.slug])).content.decode()
    assert "The key is lost" in page
    assert "1 letter that has no number yet" in page
    assert letter.school_key != key_in_use(school)


def test_a_page_of_before_the_change_still_seals_readably(school: School, holder: Person) -> None:
    """The box keeps a school's key in memory for some seconds: such a letter is waited for."""
    forget_boxes()
    kept = box_of(school.slug)
    begin(signed_in_client(holder), school, [])
    go_on(signed_in_client(holder), school)
    assert box_of(school.slug).key == kept.key != key_in_use(school)
    wait = rotation.LETTERS_ON_THEIR_WAY.total_seconds()
    assert wait > 10 * box_selectors.KEPT_SECONDS
    page = write_by_the_form(school)
    letter = Letter.objects.get()
    assert letter.school_key == kept.key
    assert letter.read(holder.keyring())["text"] == "On its way."
    assert "admin" not in page
    two_minutes_pass(school)
    go_on(signed_in_client(holder), school)
    letter.refresh_from_db()
    assert letter.school_key == key_in_use(school)
    assert letter.read(holder.keyring())["text"] == "On its way."
    assert not KeyGrant.objects.filter(key=kept.key).exists()
    forget_boxes()


def write_by_the_form(school: School) -> str:
    """A letter sent by the public form, as a browser sends it."""
    address = f"/ru/{school.slug}/write/"
    client = Client()
    fields = Visitor.hidden_fields(client.get(address).content.decode())
    fields |= {"audience": "student", "signed": "no", "text": "On its way."}
    with travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=3), tick=True):
        return client.post(address, fields, follow=True).content.decode()


def test_wrong_password_begins_nothing(school: School, holder: Person, leaver: Person) -> None:
    response = begin(signed_in_client(holder), school, [], "something else")
    assert "This is not your password." in response.content.decode()
    assert rotation.progress_of(school).finished
    assert KeyGrant.objects.count() == 2


def test_who_may_not(school: School, holder: Person, leaver: Person) -> None:
    stranger = make_person(make_school("school-2"), "psychologist", with_key=True)
    administrator = make_person(school, "administrator")
    waiting = make_person(school, "director")
    for person, status in ((stranger, 404), (administrator, 403), (waiting, 403)):
        client = signed_in_client(person)
        assert begin(client, school, []).status_code == status
    assert rotation.progress_of(school).finished
    begin(signed_in_client(holder), school, [])
    for person, status in ((stranger, 404), (administrator, 403), (waiting, 409), (leaver, 409)):
        client = signed_in_client(person)
        address = reverse("admin:keys_go_on", args=[school.slug])
        assert client.post(address).status_code == status
        assert client.get(address).status_code == 405
    page = signed_in_client(waiting).get(reverse("admin:keys_change", args=[school.slug]))
    assert str(holder.user) in page.content.decode()
    assert "data-go-on" not in page.content.decode()


def test_begun_or_ended_twice_is_once(school: School, holder: Person) -> None:
    client = signed_in_client(holder)
    begin(client, school, [])
    key = key_in_use(school)
    assert begin(client, school, []).status_code == 409
    assert key_in_use(school) == key
    two_minutes_pass(school)
    for _ in range(2):
        go_on(client, school)
    assert Trail.objects.filter(step=Trail.Step.KEY_CHANGED).count() == 1


def test_somebody_who_is_nobody_here_gets_no_key(
    school: School, holder: Person, leaver: Person
) -> None:
    stranger = make_person(make_school("school-2"), "psychologist")
    response = begin(signed_in_client(holder), school, [stranger])
    assert response.status_code == 200
    assert not KeyGrant.objects.filter(holder=stranger.user).exists()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("kk", "Кілт"),
        ("ru", "Ключ"),
        ("ky", "Ачкыч"),
        ("en", "The key was given to"),
    ],
)
def test_history_speaks(
    school: School, holder: Person, leaver: Person, language: str, words: str
) -> None:
    holder.user.language = language
    holder.user.save()
    page = signed_in_client(holder).get(reverse("admin:keys", args=[school.slug]))
    texts = [sentence.text for _at, sentence in page.context["history"]]
    assert words in texts[0]
    assert str(leaver.user) in texts[0]
    assert len(texts) == 2
    assert all(text in page.content.decode() for text in texts)
