"""A school's key is changed: everything stays readable with the new one, nothing with the old."""

import datetime

import pytest
import time_machine

from box.models import Letter
from journal.models import Entry
from schools.errors import Refused
from schools.models import KeyGrant, School
from schools.selectors import key_in_use
from schools.services import rotation
from tests import factories
from tests.factories import Person
from vault.errors import NotForThisKey

LATER = datetime.timedelta(minutes=5)


@pytest.fixture
def school(db: None) -> School:
    return factories.make_school()


@pytest.fixture
def holder(school: School) -> Person:
    return factories.make_person(school, "psychologist", with_key=True)


@pytest.fixture
def leaver(school: School, holder: Person) -> Person:
    return factories.make_person(school, "social_pedagogue", with_key=True)


def begin(school: School, by: Person, keep: list[Person]) -> None:
    rotation.begin_rotation(
        school=school, keep=[person.user for person in keep], by=by.fresh(), keyring=by.keyring()
    )


def finish(school: School, by: Person, *, at_most: int = 1000) -> rotation.Progress:
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + LATER):
        return rotation.reseal_some(school=school, keyring=by.keyring(), at_most=at_most)


def test_everything_is_readable_with_the_new_key_and_nothing_with_the_old(
    school: School, holder: Person, leaver: Person
) -> None:
    entry = factories.registered_entry(school, by=holder, text="Words of before the change.")
    letter = factories.send_letter(school, text="Words still in the box.")
    old = leaver.keyring()
    begin(school, holder, [holder])
    assert finish(school, holder) == rotation.Progress(left=0, finished=True)
    entry, letter = Entry.objects.get(pk=entry.pk), Letter.objects.get(pk=letter.pk)
    assert entry.letter.read(holder.keyring())["text"] == "Words of before the change."
    assert letter.read(holder.keyring())["text"] == "Words still in the box."
    for row in (entry, entry.letter, letter):
        with pytest.raises(NotForThisKey):
            row.read(old)


def test_whoever_keeps_no_key_has_none_from_the_beginning(
    school: School, holder: Person, leaver: Person
) -> None:
    letter = factories.send_letter(school)
    begin(school, holder, [holder])
    assert leaver.keyring().schools == {}
    with pytest.raises(NotForThisKey):
        letter.read(leaver.keyring())
    assert letter.read(holder.keyring())


def test_a_colleague_who_keeps_the_key_has_the_new_one(
    school: School, holder: Person, leaver: Person
) -> None:
    begin(school, holder, [leaver])
    assert leaver.keyring().opens_school_key(key_in_use(school).pk)


def test_it_can_stop_anywhere_and_be_carried_on_by_a_colleague(
    school: School, holder: Person, leaver: Person
) -> None:
    letters = [factories.send_letter(school) for _ in range(5)]
    begin(school, holder, [leaver])
    assert finish(school, holder, at_most=2) == rotation.Progress(left=3, finished=False)
    for letter in letters:
        letter.refresh_from_db()
        assert letter.read(holder.keyring())
    assert finish(school, leaver).finished


def test_a_letter_that_was_on_its_way_is_not_lost(school: School, holder: Person) -> None:
    old = key_in_use(school)
    begin(school, holder, [])
    assert not rotation.reseal_some(school=school, keyring=holder.keyring(), at_most=9).finished
    late = factories.send_letter(school)
    key = late.lock_for_school(old)
    late.receipt_hash, late.form_hash, late.pk = b"r" * 32, b"f" * 32, None
    late.write({"text": "late"}, key=key)
    late.save()
    assert finish(school, holder).finished
    late.refresh_from_db()
    assert late.read(holder.keyring())["text"] == "late"
    assert not KeyGrant.objects.filter(key=old).exists()


def test_only_a_holder_changes_the_key_and_only_one_change_at_a_time(
    school: School, holder: Person, leaver: Person
) -> None:
    director = factories.make_person(school, "director")
    with pytest.raises(Refused):
        begin(school, director, [])
    begin(school, holder, [])
    with pytest.raises(Refused):
        begin(school, holder, [])
    with pytest.raises(Refused):
        finish(school, leaver)


def test_another_schools_letters_are_not_touched(school: School, holder: Person) -> None:
    other = factories.make_school("school-2")
    theirs = factories.make_person(other, "psychologist", with_key=True)
    letter = factories.send_letter(other)
    begin(school, holder, [])
    finish(school, holder)
    letter.refresh_from_db()
    assert letter.read(theirs.keyring())
