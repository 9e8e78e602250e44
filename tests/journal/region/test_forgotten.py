"""After it is destroyed, or erased by its author, nothing in the database gives back a word of what went to the region.

The search is that of ``tests/journal/keeping/test_forgotten.py``: each value of each table, as it is, as hex and as
base64, tried with every private key there is.
"""

import pytest
from django.core.files.storage import default_storage
from django.db import transaction

from box.models import Attachment, Letter, Message
from box.services import withdrawing
from journal.models import Alert, CaseHold, Escalation, SpareKey, TakenLetter
from journal.services import escalating, reviewing
from journal.services.keeping_cases import destroy_case
from journal.services.trail import lock_book
from journal.services.verifying import verify_files, verify_school
from schools.models import Sealed
from tests import factories
from tests.box.files.samples import picture
from tests.factories import Person
from tests.journal.answering.case import acting
from tests.journal.keeping.case import LONG_AGO, NOW, at, destroyed
from tests.journal.keeping.test_forgotten import all_pairs, content_keys, opened, readable, values
from tests.journal.region.kept import SECRETS, letter_for_region, rich_case
from tests.journal.region.regional import (
    WORDS,
    Regional,
    cry,
    nobody_answers,
    reads,
    regional_school,
)
from vault.pairs import KeyPair
from vault.receipts import new_code

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place() -> Regional:
    with at(LONG_AGO):
        return regional_school(keep_years=5)


def people_of(place: Regional) -> list[Person]:
    staffed = place.staffed
    return [staffed.holder, staffed.second, staffed.director, place.officer, place.chief]


def pairs_of(place: Regional, code: str) -> list[KeyPair]:
    return all_pairs(place.school, people_of(place), [code])


def everything_readable(place: Regional) -> str:
    return "\n".join(readable(person.keyring()) for person in people_of(place))


def rows_of(case: Escalation) -> list[Sealed]:
    return [
        Letter.objects.get(pk=case.letter_id),
        *Message.objects.filter(letter=case.letter_id),
        *Attachment.objects.filter(letter=case.letter_id),
        *Alert.objects.filter(letter=case.letter_id),
        *case.holds.all(),
        Escalation.objects.get(pk=case.pk),
    ]


def test_nothing_gives_back_what_was_destroyed(place: Regional) -> None:
    code = new_code()
    with at(LONG_AGO):
        case = rich_case(place, code=code)
    pairs, rows = pairs_of(place, code), rows_of(case)
    assert {type(row) for row in rows} == {
        *(Letter, Message, Attachment, Alert, CaseHold, Escalation)
    }
    file = Attachment.objects.get()
    former = content_keys(rows, place.officer.keyring())
    # The search finds all of it before: otherwise it would prove nothing.
    assert len(former) == len(rows) and former <= opened(pairs)
    former.add(bytes.fromhex(file.read(place.officer.keyring())["key"]))
    before = everything_readable(place)
    assert [word for word in SECRETS.values() if word not in before] == []
    assert default_storage.exists(file.stored_as)

    with at(NOW):
        destroy_case(escalation=case, by=place.officer.fresh())

    assert not former & opened(pairs)
    after = everything_readable(place) + b"\n".join(values()).decode(errors="replace")
    assert [word for word in SECRETS.values() if word in after] == []
    assert all(row.opens_to_nobody for row in rows_of(case))
    assert not any(bytes(message.author_sealed_key) for message in Message.objects.all())
    assert not default_storage.exists(file.stored_as)
    verify_school(place.school)
    assert verify_files(place.school) == 0


def test_nothing_gives_back_what_its_author_erased(place: Regional) -> None:
    code = new_code()
    case = letter_for_region(place, code=code, files=[picture("JPEG")])
    pairs, rows = pairs_of(place, code), rows_of(case)
    former = content_keys(rows, place.officer.keyring())
    assert former and former <= opened(pairs)
    withdrawing.erase(letter=Letter.objects.get())
    assert not former & opened(pairs)
    assert SECRETS["text"] not in everything_readable(place)
    with transaction.atomic():
        lock_book(place.school)
    verify_school(place.school)
    assert verify_files(place.school) == 0


def test_what_the_region_was_given_of_a_danger_goes_with_the_school_s_entry(
    place: Regional,
) -> None:
    """The notes of the region's person and their spare keys, with the entry that the letter became."""
    code, note = new_code(), "Zebrakuh is what the region did"
    officer, holder = place.officer, place.staffed.holder
    with at(LONG_AGO):
        nobody_answers(Alert.objects.get(letter=cry(place, code=code, files=[picture("JPEG")])))
        case = Escalation.objects.get()
        escalating.take(escalation=case, by=officer.fresh())
        escalating.write_to_author(escalation=case, text="Call me.", by=officer.fresh())
        case = escalating.close(
            escalation=case,
            outcome="helped",
            note=note,
            by=officer.fresh(),
            keyring=officer.keyring(),
        )
        factories.open_box(place.school, by=holder)
        taken = TakenLetter.objects.get()
        entry = factories.register(
            taken, by=holder, summary="He is afraid.", category=taken.letter.category
        )
        entry = reviewing.take_into_review(reviewer=holder.fresh(), **acting(entry, holder))
        entry = reviewing.record_answer(
            answered_on=place.school.today(),
            way="at_box",
            measures="Done.",
            **acting(entry, holder),
        )
        reviewing.close(outcome="Helped.", finding="", cause=None, **acting(entry, holder))
    given = SpareKey.objects.filter(escalation=case, officer=officer.user)
    assert given.count() >= 3 and reads(officer, case) == WORDS
    assert note in readable(officer.keyring())
    pairs = pairs_of(place, code)
    alert, letter = Alert.objects.get(), Letter.objects.get()
    former = content_keys([alert, letter, entry, *Message.objects.all()], holder.keyring())
    former |= content_keys([case], officer.keyring())
    # The entry has the letter's.
    assert len(former) == 4 and former <= opened(pairs)

    with at(NOW):
        destroyed(place.school, by=holder, approver=place.staffed.director)

    assert not SpareKey.objects.exists()
    assert not former & opened(pairs)
    assert Escalation.objects.get().opens_to_nobody and reads(officer, case) is None
    assert note not in everything_readable(place)
    verify_school(place.school)
