"""An entry with everything that can hang on one, closed long ago; and lists for destruction on their way."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import time_machine

from journal.models import Destruction, Entry, Meeting, TakenLetter
from journal.services import (
    alerting,
    answering,
    destroying,
    drafting,
    forwarding,
    meetings,
    protocols,
    registering,
    reviewing,
)
from reports.issuing import print_paper, protocol_of
from schools.models import School
from tests import factories
from tests.box.files.samples import picture
from tests.factories import Person
from tests.journal.answering.case import acting, author_writes
from tests.journal.commission.meetings import NAMES, call, hold, make_commission
from vault.receipts import new_code

LONG_AGO = datetime.datetime(2020, 3, 2, 9, 0, tzinfo=datetime.UTC)
NOW = datetime.datetime(2026, 11, 21, 9, 0, tzinfo=datetime.UTC)
# Each stands in another table; none may be found after the act.
SECRETS = {
    "text": "Zebrafalter in the letter",
    "full_name": "Zebrafink Namensson",
    "address": "Zebrastrasse 77",
    "phone": "+77771234567",
    "summary": "Zebrahund in the summary",
    "measures": "Zebrakatze among the measures",
    "outcome": "Zebrawolf as the outcome",
    "from_author": "Zebrafisch wrote back",
    "to_author": "Zebravogel was answered",
    "draft": "Zebramaus half written",
    "covering": "Zebrapferd to the body",
    "body_said": "Zebrabaer said the body",
    "topic": "Zebraschaf on the agenda",
    "heard": "Zebraziege was heard",
    "decided": "Zebragans was decided",
    "invited": "Zebraente was invited",
    "note": "Zebrakuh in the alert",
}


def signed() -> dict[str, str]:
    """Who wrote it."""
    return {
        "full_name": SECRETS["full_name"],
        "address": SECRETS["address"],
        "age": "13",
        "class_group": "7Б",
        "phone": SECRETS["phone"],
    }


def rich_entry(school: School, *, by: Person) -> tuple[Entry, str]:
    """An entry with messages, files, a draft, a forwarding, an alert, a protocol that was printed, closed at last."""
    code = new_code()
    entry = factories.registered_entry(
        school,
        by=by,
        summary=SECRETS["summary"],
        text=SECRETS["text"],
        signed=True,
        identity=signed(),
        danger=True,
        code=code,
        files=[picture("JPEG")],
    )
    alert = entry.letter.alerts.get()
    alerting.answer(alert=alert, by=by.fresh())
    alerting.close(
        alert=alert,
        outcome="helped",
        note=SECRETS["note"],
        by=by.fresh(),
    )
    entry = reviewing.take_into_review(reviewer=by.fresh(), **acting(entry, by))
    entry = reviewing.record_measures(measures=SECRETS["measures"], **acting(entry, by))
    author_writes(entry, SECRETS["from_author"])
    entry = answering.answer_by_code(text=SECRETS["to_author"], **acting(entry, by))
    drafting.keep_draft(
        entry=entry,
        text=SECRETS["draft"],
        kind="",
        stamp="",
        version=entry.version,
        by=by.fresh(),
    )
    _sent_on(entry, by)
    _talked_about(entry, by)
    reviewing.close(outcome=SECRETS["outcome"], finding="", cause=None, **acting(entry, by))
    entry.refresh_from_db()
    return entry, code


def _sent_on(entry: Entry, by: Person) -> None:
    entry.refresh_from_db()
    sent = factories.forwarded(
        entry, by=by, covering=SECRETS["covering"], parts=["summary", "text", "full_name"]
    )
    entry.refresh_from_db()
    forwarding.record_outcome(
        forwarding=sent,
        answered_on=entry.school.today(),
        outcome=SECRETS["body_said"],
        by=by.fresh(),
        keyring=by.keyring(),
        version=entry.version,
    )


def _talked_about(entry: Entry, by: Person) -> None:
    """A protocol about this entry alone, printed and so frozen."""
    entry.refresh_from_db()
    school = entry.school
    make_commission(school)
    school.commission.update(since=datetime.date(2019, 9, 1))
    point = meetings.Point(topic=SECRETS["topic"], entry=entry)
    meeting = call(school, by=by, points=[point])
    held = hold(
        meeting,
        by=by,
        points=[point],
        heard=[protocols.Heard(point=1, speaker=NAMES[1], what=SECRETS["heard"])],
        decided=[protocols.Decided(text=SECRETS["decided"], point=1)],
        invited=[{"name": SECRETS["invited"], "who": "pupil"}],
    )
    print_paper(
        subject=protocol_of(held),
        language=school.main_language,
        form="docx",
        by=by.fresh(),
        keyring=by.keyring(),
    )


def closed_entry(school: School, *, by: Person, **letter: Any) -> Entry:
    """A plain entry, answered in person and closed."""
    entry = factories.registered_entry(school, by=by, **letter)
    entry = reviewing.take_into_review(reviewer=by.fresh(), **acting(entry, by))
    entry = reviewing.record_answer(
        answered_on=school.today(), way="at_box", measures="Done.", **acting(entry, by)
    )
    return reviewing.close(outcome="Helped.", finding="", cause=None, **acting(entry, by))


def put_aside(school: School, *, by: Person, **letter: Any) -> TakenLetter:
    """A letter set aside at an opening of its own."""
    sent = factories.send_letter(school, **letter)
    factories.open_box(school, by=by)
    return registering.set_aside(
        taken=TakenLetter.objects.get(letter=sent),
        kind="advertising",
        note="Of a shop.",
        by=by.fresh(),
        keyring=by.keyring(),
    )


@contextmanager
def at(moment: datetime.datetime) -> Iterator[None]:
    """The clock stands there."""
    with time_machine.travel(moment, tick=False):
        yield


def meeting_held(school: School, *, by: Person) -> Meeting:
    """A meeting of today with a protocol."""
    if not school.commission.exists():
        make_commission(school)
    return hold(call(school, by=by), by=by)


def destroyed(school: School, *, by: Person, approver: Person | None = None) -> Destruction:
    """Everything that is due, drawn up, approved and carried out."""
    approver = approver or by
    listed = destroying.draw_up(school=school, by=by.fresh())
    destroying.approve(
        school=school,
        destruction=listed,
        meeting=meeting_held(school, by=by),
        spared=[],
        by=approver.fresh(),
    )
    return destroying.carry_out(school=school, destruction=listed, by=by.fresh())
