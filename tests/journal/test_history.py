"""The history of an entry reads as sentences, in four languages, whoever took the steps."""

import datetime
import re

import pytest
from django.utils import translation

from box.services import messaging
from journal.history import sentences
from journal.models import Alert, Entry, TakenLetter, Trail
from journal.selectors import history_of
from journal.services import (
    alerting,
    answering,
    forwarding,
    reading,
    refusing,
    reviewing,
    sharing,
    stepping,
)
from schools.languages import LANGUAGES
from schools.models import School
from tests import factories
from tests.factories import Person, make_person
from tests.journal.answering.case import author_writes

pytestmark = pytest.mark.django_db

DAY = datetime.date.today() + datetime.timedelta(days=20)
NEXT_DAY = DAY + datetime.timedelta(days=1)
READER = "Full name of deputy_director.school-1"
# Each step, and the words it added.
TOLD = [
    ("The letter was registered under № 2.", ""),
    ("The letter was linked to an earlier entry: № 1.", ""),
    ("The link to an earlier entry was taken away.", ""),
    (f"The letter was taken into review. Reviewer: {READER}.", ""),
    ("Measures taken were written down.", "Talked."),
    (
        "The commission decided about the letter: protocol № 3 (2026/2027).",
        "Protocol № 3: a talk.",
    ),
    ("The reply is due on {due} now.", "The doctor is away."),
    ("The reply is due on {next} now, and no more on {due}.", "Still away."),
    ("A message was sent to the author.", ""),
    ("The author wrote back.", ""),
    ("A danger alert was raised.", ""),
    ("The danger alert went to: those who hold the key. 0 people were told by e-mail.", ""),
    ("The danger alert went to: those named for it. 0 people were told by e-mail.", ""),
    ("The danger alert went to: the director. 0 people were told by e-mail.", ""),
    ("The danger alert was answered: somebody is dealing with it.", ""),
    ("The danger alert was closed: it was acted upon.", ""),
    (
        "The letter was sent on to Education department (letter). The answer is due on {body}.",
        "",
    ),
    ("Education department answered on {today}.", "Білім бөлімі, {today}: They came."),
    ("The forwarding sheet № 1/{year} was printed.", ""),
    ("A notice for the author was printed.", ""),
    ("The work on the letter was finished without a reply.", "A joke."),
    ("The letter went back to review.", "Again."),
    ("The author was answered on {today}: by a notice on the stand.", "Called."),
    ("The author took the conversation away from the site.", ""),
    ("The work on the letter was finished.", "Helped."),
    ("The letter went back to review.", "Once more."),
    ("A slip of the pen was corrected in: Summary and Class or group.", "Misspelt."),
    ("The entry was opened to a colleague: Full name of social_pedagogue.school-1.", ""),
    ("Somebody to whom the entry is closed tried to work on it, and was refused.", ""),
]
# What nobody of the staff did.
OF_NOBODY = range(9, 14), range(23, 24)


@pytest.fixture
def school() -> School:
    return factories.make_school()


@pytest.fixture
def reader(school: School) -> Person:
    make_person(school, "psychologist", with_key=True)
    return make_person(school, "deputy_director", with_key=True)


@pytest.fixture
def entry(school: School, reader: Person) -> Entry:
    """An entry with which everything was done that can be done."""
    earlier = factories.registered_entry(school, by=reader)
    letter = factories.send_letter(school, about=["psychologist"])
    factories.open_box(school, by=reader)
    entry = factories.register(TakenLetter.objects.get(letter=letter), by=reader)

    def doing() -> dict[str, object]:
        entry.refresh_from_db()
        return {
            "entry": entry,
            "by": reader.fresh(),
            "keyring": reader.keyring(),
            "version": entry.version,
        }

    answering.link(repeat_of=earlier, **doing())
    answering.link(repeat_of=None, **doing())
    reviewing.take_into_review(reviewer=reader.user, **doing())
    reviewing.record_measures(measures="Talked.", **doing())
    stepping.take_step(
        step=Trail.Step.DECIDED,
        append_to={"measures": "Protocol № 3: a talk."},
        facts={"protocol": 3, "year": 2026},
        **doing(),
    )
    answering.extend(due_on=DAY, reason="The doctor is away.", **doing())
    answering.extend(due_on=NEXT_DAY, reason="Still away.", **doing())
    answering.write_to_author(text="When was it?", **doing())
    author_writes(entry, danger=True)
    (alert,) = Alert.objects.all()
    alerting.answer(alert=alert, by=reader.fresh())
    alerting.close(alert=alert, outcome="helped", note="Safe now.", by=reader.fresh())
    entry.refresh_from_db()
    sent = factories.forwarded(entry, by=reader)
    entry.refresh_from_db()
    forwarding.record_outcome(
        forwarding=sent,
        answered_on=school.today(),
        outcome="They came.",
        **{name: fact for name, fact in doing().items() if name != "entry"},
    )
    reading.note_sheet_printed(forwarding=sent, language="en", by=reader.fresh())
    reading.note_notice_printed(entry=entry, kind="stand", languages=["kk"], by=reader.fresh())
    reviewing.close_without_reply(outcome="", reason="A joke.", **doing())
    reviewing.return_to_review(reason="Again.", **doing())
    reviewing.record_answer(
        answered_on=school.today(), way="on_stand", measures="Called.", **doing()
    )
    messaging.take_away(letter=letter)
    reviewing.close(outcome="Helped.", **doing())
    reviewing.return_to_review(reason="Once more.", **doing())
    reviewing.correct(
        category=entry.category,
        corrected={"summary": "Lunch money.", "class_group": "8A"},
        reason="Misspelt.",
        **doing(),
    )
    colleague = make_person(school, "social_pedagogue")
    sharing.share(entry=entry, to=colleague.fresh(), by=reader.fresh(), keyring=reader.keyring())
    stranger = make_person(school, "director")
    refusing.note_step_refused(entry=entry, step="closed", by=stranger.user)
    entry.refresh_from_db()
    return entry


def said(entry: Entry, person: Person, language: str) -> list[str]:
    with translation.override(language):
        return [line.text for line in sentences(entry, history_of(entry), person.keyring())]


def test_every_step_is_a_sentence_with_the_words_it_added(
    school: School, entry: Entry, reader: Person
) -> None:
    today = school.today()
    days = {
        name: day.strftime("%d.%m.%Y")
        for name, day in {
            "today": today,
            "due": DAY,
            "next": NEXT_DAY,
            "body": today + datetime.timedelta(days=10),
        }.items()
    }
    with translation.override("en"):
        lines = sentences(entry, history_of(entry), reader.keyring())
    assert [(line.text, line.added) for line in lines] == [
        tuple(words.format(year=today.year, **days) for words in told) for told in TOLD
    ]
    of_nobody = {place for places in OF_NOBODY for place in places}
    assert {at for at, line in enumerate(lines) if not line.who} == of_nobody
    assert {line.who for line in lines[:-1] if line.who} == {reader.user.full_name}
    assert all(isinstance(line.at, datetime.datetime) for line in lines)


def test_every_step_that_an_entry_can_have_is_told(entry: Entry) -> None:
    told = set(history_of(entry).values_list("step", flat=True))
    of_no_entry = {
        step
        for step in Trail.Step.values
        if step.startswith(("key_", "sheet_", "meeting_", "volume_", "decision_"))
        or step in ("arrived", "box_opened", "set_aside", "sign_in_failed", "read", "file_read")
        or step in ("document_issued", "scan_attached")  # of papers, which are no entries
        or step == "exported"  # of many entries at once
        or step == "taken_over"  # in place of «registered»: told below
        or step in ("archived", "taken_in", "doomed", "destruction_approved")  # of many at once
        or step.startswith("region_")  # told in the tests of what reaches a region
        or step in ("held", "released", "destroyed")  # told in the tests of keeping
    }
    assert set(Trail.Step.values) == told | of_no_entry


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_it_is_told_in_each_language(entry: Entry, reader: Person, language: str) -> None:
    lines = said(entry, reader, language)
    english = said(entry, reader, "en")
    names = re.compile(r"Full name of \S+")
    for line, in_english in zip(lines, english, strict=True):
        assert line != in_english
        assert line[0].isupper() or line[0] == "№"
        assert line.endswith(".")
        assert not re.search("[A-Za-z_%{}]", names.sub("", line)), line


def test_without_the_key_the_steps_are_told_and_no_word_of_them(
    entry: Entry, school: School
) -> None:
    director = make_person(school, "director", username="keyless")
    lines = sentences(entry, history_of(entry), director.keyring())
    assert len(lines) == len(TOLD)
    assert all(line.added == "" for line in lines)
