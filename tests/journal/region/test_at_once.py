"""The author and the region's person write at the same moment: both are kept, and neither stops the other."""

import threading

import pytest
from django.db import connection

from box.models import Letter, Message
from box.services import messaging
from journal.models import Alert, Escalation, SpareKey
from journal.services import escalating
from journal.services.verifying import verify_school
from tests.journal.region.regional import Regional, cry, nobody_answers, regional_school

pytestmark = pytest.mark.django_db(transaction=True)
TURNS = 6


@pytest.fixture
def place() -> Regional:
    return regional_school()


def test_both_write_at_once(place: Regional) -> None:
    letter = cry(place)
    nobody_answers(Alert.objects.get(letter=letter))
    case, officer = Escalation.objects.get(), place.officer.fresh()
    escalating.take(escalation=case, by=officer)
    letter = Letter.objects.select_related("school").get(pk=letter.pk)
    faults: list[BaseException] = []

    def author() -> None:
        for turn in range(TURNS):
            messaging.write_back(
                letter=letter, text="Mine.", danger=False, form_hash=bytes([turn + 1]) * 32
            )

    def named_person() -> None:
        for _turn in range(TURNS):
            escalating.write_to_author(escalation=case, text="Theirs.", by=officer)

    def run(act: object) -> None:
        try:
            act()
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in (author, named_person)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert faults == []
    assert Message.objects.filter(letter=letter).count() == 2 * TURNS
    # Each of them opens to the person who has the case.
    given = SpareKey.objects.filter(message__letter=letter, officer=officer, escalation=case)
    assert given.count() == 2 * TURNS
    verify_school(place.school)
