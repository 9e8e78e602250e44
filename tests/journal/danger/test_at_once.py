"""Several at once, and what breaks in the middle: no alert is lost, none is told twice, and no letter is lost."""

import pytest
from django.db import connection

from box.models import Letter
from journal.models import Alert, Trail
from journal.services import alerting
from journal.services.verifying import verify_school
from schools.errors import Conflict
from schools.models import Mail
from tests import factories
from tests.journal.danger.school import Staffed, staffed_school, told
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def staffed() -> Staffed:
    return staffed_school()


def _broken(**facts: object) -> None:
    raise RuntimeError("no alert today")


def test_two_workers_at_once_tell_once(staffed: Staffed) -> None:
    factories.send_letter(staffed.school, danger=True)
    alert = Alert.objects.get()
    done = at_once(4, lambda _place: alerting.escalate_due(alert.next_stage_at))
    assert sorted(done) == [0, 0, 0, 1]
    alert.refresh_from_db()
    assert (alert.stage, alert.rounds) == (1, 2)
    assert Trail.objects.filter(step="alert_sent").count() == 2
    assert Mail.objects.count() == 5
    verify_school(staffed.school)


def test_two_workers_at_once_raise_what_is_missing_once(
    staffed: Staffed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("box.services.danger._raise_alert", lambda: _broken)
    factories.send_letter(staffed.school, danger=True)
    assert not Alert.objects.exists()
    at_once(4, lambda _place: alerting.escalate_due())
    assert Alert.objects.count() == 1
    assert Trail.objects.filter(step="alert_raised").count() == 1
    assert told(Alert.objects.get()) == staffed.names(["holder", "second"])


def test_two_who_answer_at_once_are_one_who_did(staffed: Staffed) -> None:
    factories.send_letter(staffed.school, danger=True)
    alert = Alert.objects.get()
    people = [staffed.holder.fresh(), staffed.director.fresh()]
    done = at_once(2, lambda place: alerting.answer(alert=alert, by=people[place]))
    assert sorted(type(result).__name__ for result in done) == ["Alert", "Conflict"]
    conflict = next(result for result in done if isinstance(result, Conflict))
    alert.refresh_from_db()
    assert str(alert.answered_by) in str(conflict)
    assert Trail.objects.filter(step="alert_answered").count() == 1


def test_children_who_cry_at_once_are_all_heard(staffed: Staffed) -> None:
    done = at_once(6, lambda _place: factories.send_letter(staffed.school, danger=True))
    assert all(isinstance(letter, Letter) for letter in done), done
    assert Alert.objects.count() == 6
    assert Mail.objects.count() == 12
    verify_school(staffed.school)


def test_the_letter_is_stored_though_the_alert_breaks_and_the_alert_follows(
    staffed: Staffed, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("box.services.danger._raise_alert", lambda: _broken)
        letter = factories.send_letter(staffed.school, danger=True, text="Please help me soon.")
    assert letter.danger
    assert not Alert.objects.exists()
    assert alerting.escalate_due() == 1
    assert told(Alert.objects.get(letter=letter)) == staffed.names(["holder", "second"])
    assert "no alert today" not in capfd.readouterr().err


def test_what_the_database_refuses_in_the_middle_of_an_alert_costs_no_letter(
    staffed: Staffed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def halfway(*args: object, **facts: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nothing FROM no_such_table")

    with monkeypatch.context() as patch:
        patch.setattr(alerting, "_tell", halfway)
        letter = factories.send_letter(staffed.school, danger=True)
    assert Letter.objects.filter(pk=letter.pk).exists()
    assert not Alert.objects.exists()
    assert not Trail.objects.filter(step="alert_raised").exists()
    verify_school(staffed.school)
    assert alerting.escalate_due() == 1
    verify_school(staffed.school)


def test_an_alert_that_fails_for_a_moment_is_raised_as_soon_as_the_letter_is_stored(
    staffed: Staffed, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest, calls = alerting.raise_alert, []

    def once_broken(**facts: object) -> Alert:
        calls.append(facts)
        if len(calls) == 1:
            raise RuntimeError("only this once")
        return honest(**facts)

    monkeypatch.setattr("box.services.danger._raise_alert", lambda: once_broken)
    letter = factories.send_letter(staffed.school, danger=True)
    assert Alert.objects.get().letter == letter
    assert len(calls) == 2


def test_a_book_that_cannot_be_locked_costs_no_letter(staffed: Staffed, settings: object) -> None:
    settings.BOOK_LOCK = "tests.journal.danger.test_at_once._no_lock"
    letter = factories.send_letter(staffed.school, danger=True)
    assert Alert.objects.get().letter == letter


def _no_lock(school: object) -> None:
    raise RuntimeError("no lock today")
