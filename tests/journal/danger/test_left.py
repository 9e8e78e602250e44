"""Whoever said that they deal with a cry for help has left: it waits again, and everybody is called once more."""

import pytest
from django.db import DatabaseError, transaction
from django.utils import translation

from journal.alert_stages import left_alone
from journal.history import sentences
from journal.models import Alert, Escalation, Trail
from journal.services import alerting, at_region, escalating
from journal.services.verifying import verify_school
from schools.models import Membership, Region, User
from tests import factories
from tests.factories import Person
from tests.journal.danger.school import Staffed, rows, staffed_school, told, wait_over
from tests.journal.region.regional import cry, nobody_answers, regional_school

pytestmark = pytest.mark.django_db


@pytest.fixture
def staffed() -> Staffed:
    return staffed_school()


def answered(staffed: Staffed) -> Alert:
    """By a colleague with the key; the address of a letter's alert."""
    letter = factories.send_letter(staffed.school, danger=True)
    alert = Alert.objects.get(letter=letter)
    return alerting.answer(alert=alert, by=staffed.second.fresh())


def loses_the_account(person: Person) -> None:
    User.objects.filter(pk=person.user.pk).update(is_active=False)


def loses_the_role(person: Person) -> None:
    Membership.objects.filter(user=person.user).delete()


@pytest.mark.parametrize("leaves", [loses_the_account, loses_the_role])
def test_a_colleague_who_left(staffed: Staffed, leaves: object) -> None:
    alert = answered(staffed)
    before = told(alert)
    assert staffed.names(["director"]).isdisjoint(before)
    leaves(staffed.second)
    assert alerting.escalate_due() == 1
    alert.refresh_from_db()
    assert alert.waits
    assert alert.answered_by is None
    assert rows(alert)[-2][0] == "alert_raised"
    assert rows(alert)[-2][1] == {"again": True}
    assert rows(alert)[-1][0] == "alert_sent"
    # At once whoever reads it and those named for it; then all the others in their time.
    assert told(alert, round=2) == staffed.names(["holder", "deputy"])
    wait_over(alert)
    assert told(alert, round=3) == staffed.names(["holder", "deputy", "director"])
    alerting.answer(alert=alert, by=staffed.holder.fresh())
    assert left_alone() == []
    verify_school(staffed.school)


def test_nobody_is_called_for_what_is_in_hand_or_over(staffed: Staffed) -> None:
    alert = answered(staffed)
    assert alerting.escalate_due() == 0
    alerting.close(alert=alert, outcome="helped", note="Seen to.", by=staffed.holder.fresh())
    loses_the_role(staffed.second)
    assert left_alone() == []
    assert alerting.escalate_due() == 0


def test_another_role_at_the_school_is_not_leaving(staffed: Staffed) -> None:
    answered(staffed)
    Membership.objects.filter(user=staffed.second.user).update(role="commission_member")
    assert left_alone() == []


def test_the_book_lets_nobody_else_be_put_in_their_place(staffed: Staffed) -> None:
    alert = answered(staffed)
    rows_of = Alert.objects.filter(pk=alert.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows_of.update(answered_by=staffed.holder.user)
    alerting.close(alert=alert, outcome="helped", note="Seen to.", by=staffed.holder.fresh())
    with pytest.raises(DatabaseError), transaction.atomic():
        rows_of.update(answered_by=None, answered_at=None)


def test_the_history_says_it(staffed: Staffed) -> None:
    entry = factories.registered_entry(staffed.school, by=staffed.second, danger=True)
    alerting.answer(alert=Alert.objects.get(), by=staffed.second.fresh())
    loses_the_role(staffed.second)
    alerting.escalate_due()
    keyring = staffed.holder.keyring()
    with translation.override("en"):
        said = [one.text for one in sentences(entry, Trail.objects.filter(entry=entry), keyring)]
    assert (
        "Whoever was dealing with the danger alert has left: it waits for somebody again." in said
    )


@pytest.mark.parametrize("is_followed", [True, False])
def test_the_region_s_person_who_left(is_followed: bool) -> None:
    place = regional_school()
    alert = nobody_answers(Alert.objects.get(letter=cry(place)))
    escalating.take(escalation=Escalation.objects.get(), by=place.officer.fresh())
    assert alerting.escalate_due() == 0
    loses_the_account(place.officer)
    if not is_followed:
        Region.objects.update(officer=None)
    at_region.look_after()
    assert alerting.escalate_due() == 1
    alert.refresh_from_db()
    assert alert.waits
    assert place.staffed.names(["holder", "second", "deputy"]) <= told(alert, round=alert.rounds)
    while alert.stage != Alert.Stage.REGION and is_followed:
        wait_over(alert)
    assert (place.chief.user.username in told(alert)) is is_followed
    verify_school(place.school)
