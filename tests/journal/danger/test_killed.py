"""The process dies while a child's cry for help is stored: it is there with its alert and its mails, or not at all."""

import os
import signal
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from box.models import Letter
from journal.models import Alert
from journal.services import alerting
from journal.services.verifying import verify_school
from schools.models import Mail
from tests import factories
from tests.journal.danger.school import Staffed, staffed_school, told

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def staffed() -> Staffed:
    return staffed_school()


def in_a_process_that_dies(act: Callable[[], object]) -> None:
    """Do it in a copy of this process that kills itself at the end."""
    connection.close()
    child = os.fork()
    if not child:
        try:
            act()
        finally:
            os.kill(os.getpid(), signal.SIGKILL)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def counts() -> tuple[int, int, int]:
    return Letter.objects.count(), Alert.objects.count(), Mail.objects.count()


def test_killed_before_the_commit_nothing_is_there(staffed: Staffed) -> None:
    def cry() -> None:
        with transaction.atomic():
            factories.send_letter(staffed.school, danger=True)
            os.kill(os.getpid(), signal.SIGKILL)

    in_a_process_that_dies(cry)
    assert counts() == (0, 0, 0)
    verify_school(staffed.school)


def test_killed_after_the_commit_the_alert_and_its_mails_wait(staffed: Staffed) -> None:
    in_a_process_that_dies(lambda: factories.send_letter(staffed.school, danger=True))
    assert counts() == (1, 1, 2)
    alert = Alert.objects.get()
    assert alert.waits
    assert set(Mail.objects.values_list("state", flat=True)) == {Mail.State.WAITING}
    assert told(alert) == staffed.names(["holder", "second"])
    verify_school(staffed.school)
    assert alerting.escalate_due(alert.next_stage_at) == 1


def test_killed_before_a_broken_alert_could_be_tried_again(
    staffed: Staffed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**facts: object) -> None:
        raise RuntimeError("no alert today")

    def cry() -> None:
        monkeypatch.setattr("box.services.danger._raise_alert", lambda: broken)
        factories.send_letter(staffed.school, danger=True)

    in_a_process_that_dies(cry)
    assert counts() == (1, 0, 0)
    assert alerting.escalate_due() == 1
    assert counts() == (1, 1, 2)


def test_a_worker_killed_in_the_middle_of_a_stage_leaves_it_to_the_next(staffed: Staffed) -> None:
    factories.send_letter(staffed.school, danger=True)
    due = Alert.objects.get().next_stage_at

    def escalate_halfway() -> None:
        with transaction.atomic():
            assert alerting.escalate_due(due) == 1
            os.kill(os.getpid(), signal.SIGKILL)

    in_a_process_that_dies(escalate_halfway)
    alert = Alert.objects.get()
    assert (alert.stage, alert.rounds, Mail.objects.count()) == (0, 1, 2)
    assert alerting.escalate_due(due) == 1
    alert.refresh_from_db()
    assert (alert.stage, alert.rounds, Mail.objects.count()) == (1, 2, 5)
