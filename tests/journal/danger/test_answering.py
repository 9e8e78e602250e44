"""Answering by name and closing: by whom, once, with what in the trail, and what is sealed to whom."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from journal.bound import REFUSAL, bind
from journal.models import Alert, Trail
from journal.services import alerting
from journal.services.verifying import verify_school
from schools.errors import Conflict, Refused
from schools.models import Mail
from tests import factories
from tests.factories import Person
from tests.journal.danger.school import Staffed, rows, staffed_school
from vault.errors import NotForThisKey

pytestmark = pytest.mark.django_db
NOTE = "Called the mother; the girl is at home and safe."


@pytest.fixture
def staffed() -> Staffed:
    return staffed_school()


@pytest.fixture
def alert(staffed: Staffed) -> Alert:
    factories.send_letter(staffed.school, danger=True)
    return Alert.objects.get()


def answered(alert: Alert, by: Person) -> Alert:
    return alerting.answer(alert=alert, by=by.fresh())


@pytest.mark.parametrize("who", ["holder", "deputy", "director"])
def test_whoever_answers_stands_there_by_name(staffed: Staffed, alert: Alert, who: str) -> None:
    person = getattr(staffed, who)
    answered(alert, person)
    alert.refresh_from_db()
    assert (alert.answered_by, alert.waits, alert.outcome) == (person.user, False, "")
    row = Trail.objects.get(step="alert_answered")
    assert (row.by, row.at, row.facts) == (person.user, row.at, {"alert": str(alert.uid)})
    assert abs((row.at - alert.answered_at).total_seconds()) < 5  # of the staff the moment
    verify_school(staffed.school)


def test_mails_that_no_server_has_taken_yet_call_nobody_any_more(
    staffed: Staffed, alert: Alert
) -> None:
    taken = Mail.objects.order_by("pk").first()
    Mail.objects.filter(pk=taken.pk).update(state=Mail.State.SENT)
    factories.send_letter(staffed.school, danger=True)
    answered(alert, staffed.holder)
    states = dict(Mail.objects.values_list("occasion", "state"))
    of_this = [state for name, state in states.items() if name.startswith(f"danger:{alert.pk}:")]
    assert sorted(of_this) == ["dropped", "sent"]
    assert list(states.values()).count("waiting") == 2  # the other alert's


def test_twice_is_a_conflict_that_names_who_was_first(staffed: Staffed, alert: Alert) -> None:
    answered(alert, staffed.holder)
    with pytest.raises(Conflict, match=staffed.holder.user.full_name):
        answered(alert, staffed.director)
    assert not Trail.objects.filter(step="refused").exists()


def test_a_wrong_role_and_another_school_are_refused_and_leave_a_row(
    staffed: Staffed, alert: Alert
) -> None:
    other = staffed_school("school-2")
    administrator = factories.make_person(staffed.school, "administrator")
    for person in (administrator, other.holder):
        with pytest.raises(Refused):
            answered(alert, person)
        with pytest.raises(Refused):
            alerting.close(alert=alert, outcome="helped", note=NOTE, by=person.fresh())
    refused = Trail.objects.filter(school=staffed.school, step="refused")
    assert [row.facts["attempt"] for row in refused] == ["answer", "close"] * 2
    alert.refresh_from_db()
    assert alert.waits


def test_whom_the_letter_is_about_answers_and_closes_nothing(staffed: Staffed) -> None:
    factories.send_letter(staffed.school, danger=True, about=["psychologist"])
    alert = Alert.objects.get()
    for person in (staffed.holder, staffed.deputy, staffed.director):
        with pytest.raises(Refused):
            answered(alert, person)
    answered(alert, staffed.second)
    with pytest.raises(Refused):
        alerting.close(alert=alert, outcome="helped", note=NOTE, by=staffed.holder.fresh())


@pytest.mark.parametrize("outcome", ["helped", "false_alarm"])
def test_closed_with_a_note_that_those_read_who_read_the_letter(
    staffed: Staffed, alert: Alert, outcome: str
) -> None:
    answered(alert, staffed.director)
    # The director holds no key: writing the note needs none, reading it does.
    alerting.close(alert=alert, outcome=outcome, note=f"  {NOTE}\n", by=staffed.director.fresh())
    alert.refresh_from_db()
    assert (alert.outcome, alert.closed_at is not None) == (outcome, True)
    assert NOTE.encode() not in bytes(alert.content)
    for reader in (staffed.holder, staffed.second):
        assert alert.read(reader.keyring()) == {"note": NOTE}
    with pytest.raises(NotForThisKey):
        alert.read(staffed.director.keyring())
    assert rows(alert)[-1] == ("alert_closed", {"outcome": outcome})
    verify_school(staffed.school)


def test_the_note_about_a_reader_is_sealed_to_the_others_in_person(staffed: Staffed) -> None:
    factories.send_letter(staffed.school, danger=True, about=["psychologist"])
    alert = answered(Alert.objects.get(), staffed.second)
    alerting.close(alert=alert, outcome="helped", note=NOTE, by=staffed.second.fresh())
    alert.refresh_from_db()
    assert alert.read(staffed.second.keyring()) == {"note": NOTE}
    with pytest.raises(NotForThisKey):
        alert.read(staffed.holder.keyring())


@pytest.mark.parametrize(
    ("outcome", "note"), [("helped", "  "), ("false_alarm", ""), ("", NOTE), ("forgotten", NOTE)]
)
def test_no_end_without_words(staffed: Staffed, alert: Alert, outcome: str, note: str) -> None:
    answered(alert, staffed.holder)
    with pytest.raises(Refused):
        alerting.close(alert=alert, outcome=outcome, note=note, by=staffed.holder.fresh())
    alert.refresh_from_db()
    assert alert.outcome == ""


def test_not_closed_before_somebody_answered_and_not_twice(staffed: Staffed, alert: Alert) -> None:
    facts = {"alert": alert, "note": NOTE, "by": staffed.holder.fresh()}
    with pytest.raises(Refused):
        alerting.close(outcome="helped", **facts)
    answered(alert, staffed.holder)
    alerting.close(outcome="helped", **facts)
    with pytest.raises(Conflict):
        alerting.close(outcome="false_alarm", **facts)
    alert.refresh_from_db()
    assert alert.outcome == "helped"


WRONGS = {
    "deleted": "DELETE FROM journal_alert",
    "un-answered": "UPDATE journal_alert SET answered_at = NULL, answered_by_id = NULL",
    "answered by somebody else": "UPDATE journal_alert SET answered_by_id = {other}",
    "of another letter": "UPDATE journal_alert SET letter_id = NULL, entry_id = NULL",
    "raised at another time": "UPDATE journal_alert SET raised_at = answered_at",
    "another end": "UPDATE journal_alert SET outcome = 'false_alarm'",
}


@pytest.mark.parametrize("wrong", WRONGS)
def test_the_database_itself_keeps_an_alert(staffed: Staffed, alert: Alert, wrong: str) -> None:
    bind(connection)
    answered(alert, staffed.holder)
    alerting.close(alert=alert, outcome="helped", note=NOTE, by=staffed.holder.fresh())
    statement = WRONGS[wrong].format(other=staffed.second.user.pk)
    with pytest.raises(DatabaseError, match=REFUSAL), transaction.atomic():
        connection.cursor().execute(statement)
    alert.refresh_from_db()
    assert (alert.answered_by, alert.outcome) == (staffed.holder.user, "helped")


def test_a_letter_has_one_alert_in_the_database_too(staffed: Staffed, alert: Alert) -> None:
    again = Alert(school=alert.school, letter=alert.letter, raised_at=alert.raised_at)
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()
