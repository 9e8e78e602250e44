"""The last resort: a sheet of paper in the director's safe."""

import datetime

import pytest
import time_machine

from journal.models import Trail
from journal.services import key_keeping
from schools.errors import Refused
from schools.models import KeyGrant, School, User
from schools.selectors import key_in_use
from schools.services.signing_in import open_pair, reset_password
from tests import factories
from tests.factories import PASSWORD, Person
from vault.errors import NotForThisKey


@pytest.fixture
def school(db: None) -> School:
    return factories.make_school()


@pytest.fixture
def holder(school: School) -> Person:
    return factories.make_person(school, "psychologist", with_key=True)


def print_sheet(school: School, by: Person) -> list[str]:
    return key_keeping.print_sheet(school=school, by=by.fresh(), keyring=by.keyring())


def forget_password(person: Person) -> Person:
    """A new password without the old one, and the first sign-in with it."""
    reset_password(user=person.fresh(), new=PASSWORD)
    user: User = person.fresh()
    return Person(user=user, password=PASSWORD, pair=open_pair(user=user, password=PASSWORD))


def test_the_sheet_brings_the_key_back(school: School, holder: Person) -> None:
    letter = factories.send_letter(school, text="Words of before.")
    lines = print_sheet(school, holder)
    holder = forget_password(holder)
    with pytest.raises(NotForThisKey):
        letter.read(holder.keyring())
    key_keeping.restore_from_sheet(school=school, lines=lines, by=holder.fresh())
    assert letter.read(holder.keyring())["text"] == "Words of before."
    steps = list(Trail.objects.order_by("position").values_list("step", flat=True))
    assert steps[-1] == Trail.Step.SHEET_USED
    assert Trail.Step.SHEET_PRINTED in steps


def test_only_a_holder_prints_and_only_a_reading_role_restores(
    school: School, holder: Person
) -> None:
    with pytest.raises(Refused):
        print_sheet(school, factories.make_person(school, "director"))
    lines = print_sheet(school, holder)
    administrator = factories.make_person(school, "administrator")
    with pytest.raises(Refused):
        key_keeping.restore_from_sheet(school=school, lines=lines, by=administrator.fresh())
    assert not KeyGrant.objects.filter(holder=administrator.user).exists()


def test_a_sheet_of_another_school_is_refused(school: School, holder: Person) -> None:
    other = factories.make_school("school-2")
    theirs = factories.make_person(other, "psychologist", with_key=True)
    with pytest.raises(Refused):
        key_keeping.restore_from_sheet(
            school=school, lines=print_sheet(other, theirs), by=holder.fresh()
        )


def test_the_last_key_is_given_away_only_with_a_sheet(school: School, holder: Person) -> None:
    with pytest.raises(Refused):
        key_keeping.take_away(
            school=school, holder=holder.user, by=holder.fresh(), keyring=holder.keyring()
        )
    print_sheet(school, holder)
    key_keeping.take_away(
        school=school, holder=holder.user, by=holder.fresh(), keyring=holder.keyring()
    )
    assert not KeyGrant.objects.exists()


def test_after_a_loss_a_new_key_is_made_and_a_sheet_found_later_opens_the_old_letters(
    school: School, holder: Person
) -> None:
    letter = factories.send_letter(school, text="Words of before.")
    lines = print_sheet(school, holder)
    holder = forget_password(holder)
    key_keeping.make_key(school=school, by=holder.fresh())
    with pytest.raises(NotForThisKey):
        letter.read(holder.keyring())
    key_keeping.restore_from_sheet(school=school, lines=lines, by=holder.fresh())
    assert letter.read(holder.keyring())["text"] == "Words of before."
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=5)):
        progress = key_keeping.carry_on_change(
            school=school, by=holder.fresh(), keyring=holder.keyring(), at_most=100
        )
    assert progress.finished
    letter.refresh_from_db()
    assert letter.school_key == key_in_use(school)


def test_the_sheet_of_a_key_that_was_changed_opens_nothing(school: School, holder: Person) -> None:
    letter = factories.send_letter(school)
    lines = print_sheet(school, holder)
    leaver = factories.make_person(school, "social_pedagogue", with_key=True)
    key_keeping.begin_change(school=school, keep=[], by=holder.fresh(), keyring=holder.keyring())
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=5)):
        key_keeping.carry_on_change(
            school=school, by=holder.fresh(), keyring=holder.keyring(), at_most=100
        )
    with pytest.raises(Refused):
        key_keeping.restore_from_sheet(school=school, lines=lines, by=leaver.fresh())
    letter.refresh_from_db()
    with pytest.raises(NotForThisKey):
        letter.read(leaver.keyring())
