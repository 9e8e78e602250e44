"""The commission's pages: a meeting is called, its protocol written, its decisions carried out."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from journal.models import Decision, Meeting, Trail
from schools.models import School
from tests import factories
from tests.factories import Person
from tests.journal.commission.meetings import NAMES, SECRET, call, hold, make_commission


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


def call_page(school: School) -> str:
    return reverse("admin:journal_meeting_call", args=[school.slug])


def page(meeting: Meeting, name: str = "change", *more: Any) -> str:
    return reverse(f"admin:journal_meeting_{name}", args=[meeting.pk, *more])


def protocol(meeting: Meeting, **changed: Any) -> dict[str, Any]:
    """What the protocol's form sends: one point, one decision."""
    members = [str(row.pk) for row in meeting.school.commission.all()]
    return {
        "points": "1",
        "decisions": "1",
        "protocol-version": meeting.version,
        "protocol-held_on": meeting.school.today().isoformat(),
        "protocol-place": "Кабинет 12",
        "protocol-present": members[:2],
        "protocol-chair": members[0],
        "protocol-secretary": members[1],
        "protocol-invited": "Иванов Пётр, тренер",
        "point-1-topic": "Обращения за месяц",
        "point-1-heard": f"{NAMES[1]}: {SECRET}\nВторая строка того же.",
        "decision-1-text": "Беседа с классом.",
        "decision-1-point": "1",
        **changed,
    }


def test_a_meeting_is_called_about_letters_and_free_points(
    school: School, holder: Person, client: Client
) -> None:
    entry = factories.registered_entry(school, by=holder)
    closed = factories.registered_entry(school, by=holder, about=["psychologist"])
    shown = client.get(call_page(school)).content.decode()
    assert f'value="{entry.pk}"' in shown
    assert f'value="{closed.pk}"' not in shown
    response = client.post(
        call_page(school),
        {"day": "2026-11-30", "hour": "15:00", "place": "12", "entries": [str(entry.pk)],
         "topics": "Разное\n\nПлан", "invited": "Иванов Пётр, тренер"},
    )  # fmt: skip
    meeting = Meeting.objects.get()
    assert response.url == page(meeting)
    assert meeting.planned_for.astimezone(school.zone).isoformat() == "2026-11-30T15:00:00+05:00"
    topics = [row.read(holder.keyring())["topic"] for row in meeting.points.all()]
    assert topics == ["Lunch money is taken from a pupil.", "Разное", "План"]
    assert meeting.read(holder.keyring())["invited"] == [{"name": "Иванов Пётр", "who": "тренер"}]


def test_a_meeting_about_nothing_is_not_called(school: School, client: Client) -> None:
    response = client.post(call_page(school), {"day": "2026-11-30", "hour": "15:00", "place": "12"})
    assert "at least one point" in response.content.decode()
    assert 'value="12"' in response.content.decode()
    assert not Meeting.objects.exists()


def test_the_protocol_is_written_with_what_was_heard_and_decided(
    school: School, holder: Person, client: Client
) -> None:
    meeting = call(school, by=holder)
    response = client.post(page(meeting, "protocol"), protocol(meeting))
    assert response.url == page(meeting)
    meeting.refresh_from_db()
    assert (meeting.number, meeting.state) == (1, Meeting.State.HELD)
    assert meeting.chair["name"] == NAMES[0]
    said = meeting.points.get().read(holder.keyring())["heard"]
    assert said == [{"speaker": NAMES[1], "what": f"{SECRET}\nВторая строка того же."}]
    shown = client.get(page(meeting)).content.decode()
    for text in (SECRET, "Беседа с классом.", NAMES[2], "Protocol № 1"):
        assert text in shown
    assert "<title>Protocol № 1" in shown


def test_a_refused_protocol_keeps_every_word(
    school: School, holder: Person, client: Client
) -> None:
    meeting = call(school, by=holder)
    sent = protocol(meeting, **{"protocol-chair": "", "decision-1-due_on": "31.02.2026"})
    shown = client.post(page(meeting, "protocol"), sent).content.decode()
    for text in (SECRET, "Беседа с классом.", "Иванов Пётр, тренер", "errorlist"):
        assert text in shown
    meeting.refresh_from_db()
    assert meeting.number is None


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"protocol-chair": "absent"}, "not among those present"),
        ({"decision-1-text": "", "decision-1-who": "тренер"}, "Say what was decided."),
        ({"decision-1-responsible": "holder"}, "A task needs a day"),
        ({"point-1-topic": ""}, "required"),
    ],
)
def test_what_is_wrong_is_said(
    school: School, holder: Person, client: Client, changed: dict[str, str], message: str
) -> None:
    meeting = call(school, by=holder)
    places = {"absent": str(school.commission.last().pk), "holder": str(holder.user.pk)}
    sent = protocol(meeting, **{key: places.get(text, text) for key, text in changed.items()})
    assert message in client.post(page(meeting, "protocol"), sent).content.decode()


@pytest.mark.parametrize(
    ("what", "name"), [("point", "point-2-topic"), ("decision", "decision-2-text")]
)
def test_one_more_keeps_what_was_typed_and_complains_of_nothing(
    school: School, holder: Person, client: Client, what: str, name: str
) -> None:
    meeting = call(school, by=holder)
    sent = protocol(meeting, **{"more": what, "protocol-chair": ""})
    shown = client.post(page(meeting, "protocol"), sent).content.decode()
    assert f'name="{name}"' in shown
    assert SECRET in shown
    assert "errorlist" not in shown
    meeting.refresh_from_db()
    assert meeting.number is None


def test_a_second_secretary_gets_a_conflict_with_what_was_typed(
    school: School, holder: Person, client: Client
) -> None:
    meeting = call(school, by=holder)
    client.post(page(meeting, "protocol"), protocol(meeting))
    response = client.post(page(meeting, "protocol"), protocol(meeting))
    assert response.status_code == 409
    assert SECRET in response.content.decode()
    assert Meeting.objects.get().number == 1


def test_a_meeting_is_called_off(school: School, holder: Person, client: Client) -> None:
    meeting = call(school, by=holder)
    assert client.get(page(meeting, "call_off")).status_code == 405
    assert client.post(page(meeting, "call_off"), {"version": "1" * 5000}).status_code == 409
    client.post(page(meeting, "call_off"), {"version": "1"})
    meeting.refresh_from_db()
    assert meeting.state == Meeting.State.CALLED_OFF
    assert client.post(page(meeting, "call_off"), {"version": "1"}).status_code == 409


def test_a_decision_is_carried_out_from_its_page(
    school: School, holder: Person, client: Client
) -> None:
    meeting = call(school, by=holder)
    today = school.today().isoformat()
    client.post(
        page(meeting, "protocol"),
        protocol(
            meeting, **{"decision-1-due_on": today, "decision-1-responsible": str(holder.user.pk)}
        ),
    )
    client.post(page(meeting, "done", 1), {"done-1-done_on": today, "done-1-note": "Сделано."})
    decision = Decision.objects.get()
    assert decision.done_by == holder.user
    assert "Сделано." in client.get(page(meeting)).content.decode()
    assert client.post(page(meeting, "done", 1), {"done-1-done_on": today}).status_code == 409


def test_the_director_sees_that_it_was_held_and_not_what_was_heard(
    school: School, holder: Person
) -> None:
    meeting = hold(call(school, by=holder), by=holder)
    director = factories.signed_in_client(factories.make_person(school, "director"))
    shown = director.get(page(meeting)).content.decode()
    assert SECRET not in shown
    assert "Closed to you" in shown
    assert director.get(call_page(school)).status_code == 403
    assert director.post(page(meeting, "protocol"), protocol(meeting)).status_code == 403
    assert director.post(page(meeting, "done", 1), {}).status_code == 403


def test_without_the_key_nobody_writes_a_protocol(school: School, holder: Person) -> None:
    meeting = call(school, by=holder)
    stranger = factories.signed_in_client(factories.make_person(school, "psychologist"))
    assert stranger.get(page(meeting, "protocol")).status_code == 403
    assert stranger.post(call_page(school), {}).status_code == 403
    assert Trail.objects.filter(step=Trail.Step.REFUSED).exists()


def test_another_school_has_its_own_meetings(school: School, holder: Person) -> None:
    meeting = call(school, by=holder)
    other = factories.make_school("school-2")
    stranger = factories.make_person(other, "deputy_director", with_key=True)
    theirs = factories.signed_in_client(stranger)
    assert theirs.get(page(meeting)).status_code == 404
    assert theirs.get(call_page(school)).status_code == 404
    assert theirs.post(page(meeting, "protocol"), protocol(meeting)).status_code == 404


def test_as_many_queries_for_many_meetings_as_for_one(
    school: School, holder: Person, client: Client, django_assert_max_num_queries: Any
) -> None:
    address = reverse("admin:journal_meeting_changelist")
    call(school, by=holder)
    with django_assert_max_num_queries(60) as one:
        client.get(address)
    for _ in range(8):
        call(school, by=holder)
    with django_assert_max_num_queries(len(one)):
        client.get(address)
