"""A planned meeting is changed before it is held; a protocol without a quorum is written only knowingly."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from journal.models import Decision, Meeting, Trail
from journal.services import meetings, protocols
from journal.services.verifying import verify_school
from schools.errors import Conflict, Refused
from schools.models import School
from tests import factories
from tests.factories import Person
from tests.journal.commission.meetings import call, hold, make_commission
from tests.journal.commission.test_admin_meetings import page, protocol


@pytest.fixture
def school(db: None) -> School:
    return factories.make_school()


@pytest.fixture
def holder(school: School) -> Person:
    make_commission(school)
    return factories.make_person(school, "deputy_director", with_key=True)


@pytest.fixture
def client(holder: Person) -> Client:
    return factories.signed_in_client(holder)


def change(meeting: Meeting, *, by: Person, **facts: Any) -> Meeting:
    """Another day, room and agenda."""
    return meetings.change_meeting(
        **{
            "school": meeting.school,
            "meeting": meeting,
            "planned_for": meeting.planned_for + datetime.timedelta(days=3),
            "place": "Актовый зал",
            "points": [meetings.Point(topic="Новый вопрос")],
            "invited": [{"name": "Иванов Пётр", "who": "тренер"}],
            "by": by.fresh(),
            "keyring": by.keyring(),
            "version": meeting.version,
            **facts,
        }
    )


def test_a_planned_meeting_gets_another_day_place_and_agenda(
    school: School, holder: Person
) -> None:
    meeting = call(school, by=holder)
    meeting.refresh_from_db()
    changed = change(meeting, by=holder)
    changed.refresh_from_db()
    assert changed.planned_for == meeting.planned_for + datetime.timedelta(days=3)
    assert changed.version == meeting.version + 1
    content = changed.read(holder.keyring())
    assert content["place"] == "Актовый зал"
    assert content["invited"] == [{"name": "Иванов Пётр", "who": "тренер"}]
    topics = [point.read(holder.keyring())["topic"] for point in changed.points.all()]
    assert topics == ["Новый вопрос"]
    row = Trail.objects.get(step=Trail.Step.MEETING_CHANGED)
    assert row.facts["before"] == meeting.planned_for.isoformat()
    assert row.facts["for"] == changed.planned_for.isoformat()
    assert "Актовый" not in str(row.facts)
    verify_school(school)


def test_who_saw_an_older_plan_changes_nothing(school: School, holder: Person) -> None:
    meeting = call(school, by=holder)
    change(meeting, by=holder)
    with pytest.raises(Conflict):
        change(meeting, by=holder, place="Другой зал")
    with pytest.raises(Conflict):
        hold(meeting, by=holder)
    kept = Meeting.objects.get()
    assert kept.read(holder.keyring())["place"] == "Актовый зал"
    assert Trail.objects.filter(step=Trail.Step.MEETING_CHANGED).count() == 1


def test_a_meeting_that_was_held_or_called_off_is_not_changed(
    school: School, holder: Person
) -> None:
    held = hold(call(school, by=holder), by=holder)
    off = call(school, by=holder)
    meetings.call_off(school=school, meeting=off, by=holder.fresh(), version=1)
    off.refresh_from_db()
    for meeting in (held, off):
        with pytest.raises(Conflict):
            change(meeting, by=holder)


@pytest.mark.parametrize(
    "role", ["director", "phone_officer", "administrator", "commission_member"]
)
def test_a_role_that_holds_no_meetings_changes_none(
    school: School, holder: Person, role: str
) -> None:
    meeting = call(school, by=holder)
    person = factories.make_person(school, role)
    with pytest.raises(Refused):
        change(meeting, by=person)
    with pytest.raises(Refused):
        hold(meeting, by=person)
    with pytest.raises(Refused):
        meetings.call_off(school=school, meeting=meeting, by=person.fresh(), version=1)
    assert Meeting.objects.get().version == 1
    tried = Trail.objects.filter(step=Trail.Step.REFUSED).values_list("facts__attempt", flat=True)
    assert set(tried) == {"change_meeting", "record_protocol", "call_off"}


def test_what_is_closed_to_a_reader_does_not_come_onto_the_agenda_later(
    school: School, holder: Person
) -> None:
    factories.make_person(school, "psychologist", with_key=False)
    entry = factories.registered_entry(school, by=holder, about=["psychologist"])
    meeting = call(school, by=holder)
    with pytest.raises(Refused):
        change(meeting, by=holder, points=[meetings.Point(topic="О нём", entry=entry)])
    with pytest.raises(Refused):
        change(meeting, by=holder, points=[])


def test_the_page_changes_the_plan(school: School, holder: Person, client: Client) -> None:
    entry = factories.registered_entry(school, by=holder)
    points = [meetings.Point(topic="О деньгах", entry=entry), meetings.Point(topic="Разное")]
    meeting = call(school, by=holder, points=points)
    shown = client.get(page(meeting, "plan")).content.decode()
    assert f'value="{entry.pk}" id="id_entries_0" checked' in shown
    assert "Разное" in shown
    sent = {
        "day": school.today().isoformat(),
        "hour": "16:30",
        "place": "Актовый зал",
        "entries": [str(entry.pk)],
        "topics": "Ещё вопрос",
        "version": "1",
    }
    refused = client.post(page(meeting, "plan"), {**sent, "day": "2199-01-01"}).content.decode()
    assert "too far from today" in refused
    assert "Ещё вопрос" in refused
    assert client.post(page(meeting, "plan"), sent).url == page(meeting)
    again = client.post(page(meeting, "plan"), sent)
    assert again.status_code == 409
    assert "Ещё вопрос" in again.content.decode()
    topics = [row.read(holder.keyring())["topic"] for row in Meeting.objects.get().points.all()]
    assert topics == ["О деньгах", "Ещё вопрос"]
    hold(Meeting.objects.get(), by=holder)
    assert client.get(page(meeting, "plan")).url == page(meeting)
    assert client.post(page(meeting, "plan"), sent).status_code == 409


def test_too_few_are_warned_of_before_anything_is_written(
    school: School, holder: Person, client: Client
) -> None:
    meeting = call(school, by=holder)
    first = str(school.commission.first().pk)
    alone = protocol(
        meeting,
        **{"protocol-present": [first], "protocol-chair": first, "protocol-secretary": first},
    )
    assert "too_few" not in client.get(page(meeting, "protocol")).content.decode()
    shown = client.post(page(meeting, "protocol"), alone).content.decode()
    assert "Present: 1, and the regulation asks for at least 2." in shown
    assert not Meeting.objects.filter(number__isnull=False).exists()
    client.post(page(meeting, "protocol"), {**alone, "protocol-too_few": "on"})
    held = Meeting.objects.get()
    assert held.number == 1
    assert not held.quorum_met
    assert "too few members were present" in client.get(page(held)).content.decode()


def test_who_was_no_member_that_day_was_not_present_as_one(school: School, holder: Person) -> None:
    left = school.commission.last()
    left.until = school.today() - datetime.timedelta(days=1)
    left.save()
    with pytest.raises(Refused):
        hold(call(school, by=holder), by=holder)
    assert Meeting.objects.get().number is None


def test_a_decision_stands_under_its_point_and_is_asked_for_there(
    school: School, holder: Person, client: Client
) -> None:
    points = [meetings.Point(topic=topic) for topic in ("Первый", "Второй")]
    meeting = call(school, by=holder, points=points)
    shown = client.get(page(meeting, "protocol")).content.decode()
    assert shown.index("point-2-topic") > shown.index("decision-1-text")
    sent = protocol(
        meeting,
        points="2",
        decisions="2",
        **{
            "point-2-topic": "Второй",
            "decision-1-text": "О втором.",
            "decision-1-point": "2",
            "decision-2-text": "О первом.",
            "decision-2-point": "1",
        },
    )
    more = client.post(page(meeting, "protocol"), {**sent, "more": "decision-1"}).content.decode()
    assert more.index("decision-3-text") < more.index("point-2-topic")
    client.post(page(meeting, "protocol"), sent)
    texts = [row.read(holder.keyring())["text"] for row in Meeting.objects.get().decisions.all()]
    assert texts == ["О первом.", "О втором."]


def test_enter_in_a_field_writes_no_protocol(
    school: School, holder: Person, client: Client
) -> None:
    meeting = call(school, by=holder)
    shown = client.get(page(meeting, "protocol")).content.decode()
    form = shown[shown.index('class="protocol"') :]
    assert form.index('value="nothing"') < form.index('class="button primary"')
    client.post(page(meeting, "protocol"), protocol(meeting, more="nothing"))
    assert Meeting.objects.get().number is None


def test_a_task_is_due_after_its_meeting(school: School, holder: Person, client: Client) -> None:
    meeting = call(school, by=holder)
    early = (school.today() - datetime.timedelta(days=1)).isoformat()
    sent = protocol(meeting, **{"decision-1-due_on": early})
    assert "its day is not before" in client.post(page(meeting, "protocol"), sent).content.decode()
    assert Meeting.objects.get().number is None


def test_the_decision_is_a_measure_with_its_sentence_and_a_task_of_whoever_is_responsible(
    school: School, holder: Person, client: Client
) -> None:
    entry = factories.registered_entry(school, by=holder)
    meeting = call(school, by=holder, points=[meetings.Point(topic="О деньгах", entry=entry)])
    director = factories.make_person(school, "director")
    task = {
        "decision-1-due_on": school.today().isoformat(),
        "decision-1-responsible": str(director.user.pk),
    }
    client.post(page(meeting, "protocol"), protocol(meeting, **task))
    shown = client.get(reverse("admin:journal_entry_change", args=[entry.pk])).content.decode()
    assert "The commission decided about the letter: protocol № 1" in shown
    assert "Беседа с классом." in shown
    first_page = factories.signed_in_client(director).get(reverse("admin:index")).content.decode()
    assert "Protocol № 1, decision 1" in first_page
    assert "Беседа с классом." not in first_page
    verify_school(school)


def carry_out(decision: Decision, *, by: Person, school: School | None = None) -> Decision:
    school = school or decision.meeting.school
    return protocols.carry_out(
        school=school,
        decision=decision,
        done_on=school.today(),
        note="Сделано.",
        by=by.fresh(),
        keyring=by.keyring(),
    )


@pytest.mark.parametrize("role", ["phone_officer", "administrator", "commission_member"])
def test_who_is_neither_responsible_nor_holds_meetings_carries_nothing_out(
    school: School, holder: Person, role: str
) -> None:
    decided = [protocols.Decided(text="Беседа.", due_on=school.today())]
    hold(call(school, by=holder), by=holder, decided=decided)
    with pytest.raises(Refused):
        carry_out(Decision.objects.get(), by=factories.make_person(school, role))
    assert Decision.objects.get().is_open
    assert Trail.objects.filter(step=Trail.Step.REFUSED, facts__attempt="carry_out").exists()


def test_another_school_s_deputy_touches_nothing_of_this_one(
    school: School, holder: Person
) -> None:
    decided = [protocols.Decided(text="Беседа.", due_on=school.today())]
    hold(call(school, by=holder), by=holder, decided=decided)
    planned = call(school, by=holder)
    other = factories.make_school("school-2")
    stranger = factories.make_person(other, "deputy_director", with_key=True)
    for act in (
        lambda: carry_out(Decision.objects.get(), by=stranger),
        lambda: change(planned, by=stranger),
        lambda: hold(planned, by=stranger),
    ):
        with pytest.raises(Refused):
            act()
    # Nor under the name of their own school.
    with pytest.raises(Decision.DoesNotExist):
        carry_out(Decision.objects.get(), by=stranger, school=other)
    for act in (change, hold):
        with pytest.raises(Meeting.DoesNotExist):
            act(planned, by=stranger, school=other)
    planned.refresh_from_db()
    assert (planned.version, planned.number) == (1, None)


def test_whoever_is_responsible_needs_the_key_to_write_how_it_was_done(
    school: School, holder: Person
) -> None:
    director = factories.make_person(school, "director")
    task = protocols.Decided(text="Беседа.", responsible=director.user, due_on=school.today())
    hold(call(school, by=holder), by=holder, decided=[task])
    with pytest.raises(Refused):
        carry_out(Decision.objects.get(), by=director)
    factories.give_key(school, to=director, by=holder)
    assert not carry_out(Decision.objects.get(), by=director).is_open
    verify_school(school)
