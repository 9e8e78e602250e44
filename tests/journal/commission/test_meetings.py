"""Meetings are called by who holds the key, numbered without gap, and not written anew."""

import datetime

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction

from journal.models import Decision, Meeting, Trail
from journal.services import meetings, protocols
from journal.services.verifying import Broken, verify_school
from schools.errors import Conflict, Refused
from schools.models import Regulation, School
from tests import factories
from tests.factories import Person
from tests.journal.commission.meetings import NAMES, SECRET, call, hold, make_commission
from tests.races import at_once


@pytest.fixture
def school(db: None) -> School:
    return factories.make_school()


@pytest.fixture
def holder(school: School) -> Person:
    make_commission(school)
    return factories.make_person(school, "deputy_director", with_key=True)


def test_a_meeting_is_planned_with_its_agenda_sealed(school: School, holder: Person) -> None:
    entry = factories.registered_entry(school, by=holder)
    points = [meetings.Point(topic="О деньгах", entry=entry), meetings.Point(topic="Разное")]
    meeting = call(school, by=holder, points=points)
    assert meeting.state == Meeting.State.PLANNED
    assert meeting.number is None
    read = [point.read(holder.keyring()) for point in meeting.points.all()]
    assert [point["topic"] for point in read] == ["О деньгах", "Разное"]
    assert meeting.points.get(position=1).entry == entry
    assert meeting.read(holder.keyring())["place"] == "Кабинет 12"
    assert Trail.objects.filter(step=Trail.Step.MEETING_PLANNED).count() == 1
    verify_school(school)


@pytest.mark.parametrize(
    "role", ["director", "phone_officer", "administrator", "commission_member"]
)
def test_a_role_that_holds_no_meetings_is_refused(
    school: School, holder: Person, role: str
) -> None:
    with pytest.raises(Refused):
        call(school, by=factories.make_person(school, role))
    assert not Meeting.objects.exists()
    assert Trail.objects.filter(step=Trail.Step.REFUSED, facts__attempt="call_meeting").exists()


def test_without_the_key_nobody_writes_what_was_heard(school: School, holder: Person) -> None:
    with pytest.raises(Refused):
        call(school, by=factories.make_person(school, "psychologist"))


def test_an_entry_closed_to_a_reader_is_no_point(school: School, holder: Person) -> None:
    factories.make_person(school, "psychologist", with_key=False)
    entry = factories.registered_entry(school, by=holder, about=["psychologist"])
    with pytest.raises(Refused):
        call(school, by=holder, points=[meetings.Point(topic="О нём", entry=entry)])


def test_an_entry_of_another_school_is_no_point(school: School, holder: Person) -> None:
    other = factories.make_school("school-2")
    reader = factories.make_person(other, "psychologist", with_key=True)
    entry = factories.registered_entry(other, by=reader)
    with pytest.raises(Refused):
        call(school, by=holder, points=[meetings.Point(topic="Чужое", entry=entry)])


def test_a_protocol_says_who_was_there_and_is_numbered(school: School, holder: Person) -> None:
    members = list(school.commission.all())
    meeting = hold(call(school, by=holder), by=holder, present=members[:2])
    assert meeting.number == 1
    assert [row["name"] for row in meeting.present] == list(NAMES[:2])
    assert [row["name"] for row in meeting.absent] == [NAMES[2]]
    assert meeting.quorum_met
    assert meeting.points.get().read(holder.keyring())["heard"] == [
        {"speaker": NAMES[1], "what": SECRET}
    ]
    assert SECRET.encode() not in bytes(meeting.points.get().content)
    verify_school(school)


@pytest.mark.parametrize(
    ("present", "members", "quorum", "enough"),
    [(2, 3, 50, True), (1, 3, 50, False), (2, 4, 50, True), (3, 4, 75, True), (2, 4, 75, False),
     (0, 0, 50, False), (2, 3, 67, False), (3, 3, 100, True)],
)  # fmt: skip
def test_quorum(present: int, members: int, quorum: int, enough: bool) -> None:
    assert protocols.enough_present(present=present, members=members, quorum=quorum) is enough


def test_members_are_those_of_the_day(school: School, holder: Person) -> None:
    school.commission.filter(name=NAMES[2]).update(until=school.today())
    today = school.today()
    assert len(meetings.members_on(school=school, day=today)) == 3
    assert len(meetings.members_on(school=school, day=today + datetime.timedelta(days=1))) == 2


def test_numbers_begin_anew_with_the_school_year(school: School, holder: Person) -> None:
    zone = school.zone
    numbers = []
    for moment in (
        datetime.datetime(2026, 5, 20, 12, tzinfo=zone),
        datetime.datetime(2026, 8, 31, 12, tzinfo=zone),
        datetime.datetime(2026, 9, 1, 12, tzinfo=zone),
    ):
        with time_machine.travel(moment, tick=False):
            meeting = hold(call(school, by=holder), by=holder)
            numbers.append((meeting.school_year, meeting.number))
    assert numbers == [(2025, 1), (2025, 2), (2026, 1)]
    verify_school(school)


def test_a_protocol_is_written_once(school: School, holder: Person) -> None:
    meeting = call(school, by=holder)
    stale = Meeting.objects.get(pk=meeting.pk)
    hold(meeting, by=holder)
    with pytest.raises(Conflict):
        hold(stale, by=holder)
    with pytest.raises(Conflict):
        meetings.call_off(school=school, meeting=stale, by=holder.fresh(), version=stale.version)
    assert Meeting.objects.get().number == 1


def test_a_meeting_that_lies_ahead_has_no_protocol(school: School, holder: Person) -> None:
    tomorrow = school.today() + datetime.timedelta(days=1)
    with pytest.raises(Refused):
        hold(call(school, by=holder), by=holder, held_on=tomorrow)


def test_a_meeting_called_off_takes_no_number(school: School, holder: Person) -> None:
    meeting = call(school, by=holder)
    meetings.call_off(school=school, meeting=meeting, by=holder.fresh(), version=1)
    assert hold(call(school, by=holder), by=holder).number == 1
    assert Trail.objects.filter(step=Trail.Step.MEETING_CALLED_OFF).count() == 1
    verify_school(school)


def test_a_decision_about_an_entry_is_one_of_its_measures(school: School, holder: Person) -> None:
    entry = factories.registered_entry(school, by=holder)
    points = [meetings.Point(topic="О деньгах", entry=entry)]
    due = school.today() + datetime.timedelta(days=7)
    decided = [
        protocols.Decided(
            text="Беседа с классом.",
            who="классный руководитель",
            responsible=holder.user,
            due_on=due,
            point=1,
            votes=(3, 0, 0),
        )
    ]
    hold(call(school, by=holder, points=points), by=holder, points=points, decided=decided)
    entry.refresh_from_db()
    measures = entry.read(holder.keyring())["measures"]
    assert "Беседа с классом." in measures
    assert "классный руководитель" in measures
    assert due.strftime("%d.%m.%Y") in measures
    decision = Decision.objects.get()
    assert decision.entry == entry
    assert decision.is_open
    assert decision.read(holder.keyring())["votes"] == {"for": 3, "against": 0, "abstained": 0}
    verify_school(school)


def test_a_decision_is_carried_out_once(school: School, holder: Person) -> None:
    due = school.today()
    decided = [protocols.Decided(text="Беседа.", responsible=holder.user, due_on=due)]
    hold(call(school, by=holder), by=holder, decided=decided)
    decision = Decision.objects.get()
    facts = {
        "school": school,
        "decision": decision,
        "done_on": school.today(),
        "note": "Проведена.",
        "by": holder.fresh(),
        "keyring": holder.keyring(),
    }
    done = protocols.carry_out(**facts)
    assert not done.is_open
    assert done.read(holder.keyring())["done_note"] == "Проведена."
    with pytest.raises(Conflict):
        protocols.carry_out(**facts)
    verify_school(school)


@pytest.mark.parametrize("days", [-1, 1])
def test_a_decision_is_carried_out_between_the_meeting_and_today(
    school: School, holder: Person, days: int
) -> None:
    decided = [protocols.Decided(text="Беседа.", due_on=school.today())]
    hold(call(school, by=holder), by=holder, decided=decided)
    with pytest.raises(Refused):
        protocols.carry_out(
            school=school,
            decision=Decision.objects.get(),
            done_on=school.today() + datetime.timedelta(days=days),
            note="",
            by=holder.fresh(),
            keyring=holder.keyring(),
        )


def test_a_protocol_changed_behind_the_program_is_found(school: School, holder: Person) -> None:
    meeting = hold(call(school, by=holder), by=holder)
    Meeting.objects.filter(pk=meeting.pk).update(quorum_met=False)
    with pytest.raises(Broken, match="protocol"):
        verify_school(school)


def test_a_protocol_is_not_written_anew_nor_torn_out(school: School, holder: Person) -> None:
    meeting = hold(call(school, by=holder), by=holder)
    table = "journal_meeting"
    for statement in (
        f"UPDATE {table} SET number = 7 WHERE id = %s",
        f"UPDATE {table} SET held_on = '2026-01-01' WHERE id = %s",
        f"DELETE FROM {table} WHERE id = %s",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [meeting.pk])
    assert Meeting.objects.get().number == 1


@pytest.mark.django_db(transaction=True)
def test_sixteen_secretaries_at_once() -> None:
    school = factories.make_school()
    make_commission(school)
    holder = factories.make_person(school, "deputy_director", with_key=True)
    Regulation.objects.filter(school=school).update(quorum=50)
    planned = [call(school, by=holder) for _ in range(16)]
    done = at_once(16, lambda place: hold(planned[place], by=holder))
    assert sorted(meeting.number for meeting in done) == list(range(1, 17))
    verify_school(school)
