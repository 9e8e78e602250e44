"""Writing to an author and answering by the code: who may, when, once, and what the author then reads."""

import pytest
from django.db import DatabaseError
from django.utils import translation

from box.models import Letter, Message
from box.services import messaging
from journal.models import Draft, Entry, Trail
from journal.services import answering, drafting, registering, reviewing, verifying
from schools.errors import Conflict, Refused
from schools.models import School
from tests import factories
from tests.factories import Person
from tests.journal.answering.case import (
    QUESTION,
    REPLY,
    acting,
    author_writes,
    coded_entry,
    read_by_author,
)
from tests.races import at_once

pytestmark = pytest.mark.django_db

Way = Entry.ReplyWay


def test_the_author_reads_a_message_and_the_letter_stays_in_work(
    school: School, holder: Person, entry: Entry, code: str
) -> None:
    after = answering.write_to_author(text=QUESTION, **acting(entry, holder))
    assert read_by_author(code) == [QUESTION]
    assert (after.state, after.answered_on) == (Entry.State.IN_REVIEW, None)
    message = Message.objects.get(letter=entry.letter)
    assert (message.kind, message.read(holder.keyring())["role"]) == ("message", "psychologist")
    row = Trail.objects.order_by("position").last()
    assert (row.step, row.by, row.entry) == (Trail.Step.WRITTEN_TO, holder.user, entry)
    assert len(row.facts["also"]) == 1
    assert verifying.verify_school(school)


def test_the_answer_dates_and_names_its_way(
    school: School, holder: Person, entry: Entry, code: str
) -> None:
    after = answering.answer_by_code(text=REPLY, **acting(entry, holder))
    assert read_by_author(code) == [REPLY]
    assert (after.state, after.answered_on, after.reply_way) == (
        Entry.State.ANSWERED,
        school.today(),
        Way.BY_CODE,
    )
    assert Letter.objects.get(pk=entry.letter_id).state == Letter.State.ANSWERED
    assert Message.objects.get(letter=entry.letter).kind == Message.Kind.ANSWER
    row = Trail.objects.order_by("position").last()
    assert (row.step, row.facts["way"]) == (Trail.Step.ANSWERED, "by_code")
    assert verifying.verify_school(school)


@pytest.mark.parametrize("role", ["director", "phone_officer", "administrator", "region_analyst"])
def test_other_roles_do_not_write(
    school: School, holder: Person, entry: Entry, code: str, role: str
) -> None:
    person = factories.make_person(school, role)
    if role in ("director", "phone_officer"):
        factories.give_key(school, to=person, by=holder)
    for act in (answering.write_to_author, answering.answer_by_code):
        with pytest.raises(Refused):
            act(text=QUESTION, **acting(entry, person))
    assert read_by_author(code) == []
    assert Trail.objects.filter(step=Trail.Step.REFUSED, by=person.user).count() == 2


def test_nobody_of_another_school_and_nobody_without_the_key(
    school: School, entry: Entry, code: str
) -> None:
    other = factories.make_school("school-2")
    people = [
        factories.make_person(other, "psychologist", with_key=True),
        factories.make_person(school, "social_pedagogue"),
    ]
    for person in people:
        for act in (answering.write_to_author, answering.answer_by_code):
            with pytest.raises(Refused):
                act(text=QUESTION, **acting(entry, person))
    assert read_by_author(code) == []


def test_the_same_form_twice_is_one_message(holder: Person, entry: Entry, code: str) -> None:
    facts = acting(entry, holder)
    answering.write_to_author(text=QUESTION, **facts)
    with pytest.raises(Conflict):
        answering.write_to_author(text=QUESTION, **facts)
    assert read_by_author(code) == [QUESTION]


@pytest.mark.parametrize("state", Entry.State.values)
def test_a_message_in_every_state_an_answer_in_review_alone(
    school: School, holder: Person, state: str
) -> None:
    entry, code = coded_entry(school, by=holder)
    if state == Entry.State.REGISTERED:
        entry = factories.registered_entry(school, by=holder)
    if state in (Entry.State.ANSWERED, Entry.State.CLOSED):
        entry = answering.answer_by_code(text=REPLY, **acting(entry, holder))
    if state == Entry.State.CLOSED:
        entry = reviewing.close(outcome="Settled.", **acting(entry, holder))
    assert entry.state == state
    after = answering.write_to_author(text=QUESTION, **acting(entry, holder))
    assert after.state == state
    if state != Entry.State.IN_REVIEW:
        with pytest.raises(Conflict):
            answering.answer_by_code(text=REPLY, **acting(entry, holder))


@pytest.mark.parametrize("text", ["", "  \n "])
def test_empty_words_are_not_sent(holder: Person, entry: Entry, code: str, text: str) -> None:
    for act in (answering.write_to_author, answering.answer_by_code):
        with pytest.raises(Refused):
            act(text=text, **acting(entry, holder))
    assert read_by_author(code) == []


def test_a_paper_letter_has_nobody_who_reads(school: School, holder: Person) -> None:
    entry = registering.register_paper(
        school=school,
        opening=None,
        paper=registering.PaperLetter(text="On paper.", audience="student", signed=False),
        registration=registering.Registration(summary="Paper.", category=None),
        by=holder.fresh(),
        keyring=holder.keyring(),
    )
    assert answering.ways_of(entry) == [Way.AT_BOX, Way.ON_STAND, Way.INVITED]
    with pytest.raises(Refused):
        answering.write_to_author(text=QUESTION, **acting(entry, holder))


def test_nobody_writes_to_an_author_who_has_gone(holder: Person, entry: Entry, code: str) -> None:
    messaging.take_away(letter=entry.letter)
    rows = Message.objects.count()
    entry = Entry.objects.select_related("letter", "school").get(pk=entry.pk)
    assert Way.BY_CODE not in answering.ways_of(entry)
    for act in (answering.write_to_author, answering.answer_by_code):
        with pytest.raises(Refused):
            act(text=QUESTION, **acting(entry, holder))
    assert Message.objects.count() == rows
    answered = reviewing.record_answer(
        answered_on=entry.school.today(), way=Way.ON_STAND, measures="", **acting(entry, holder)
    )
    assert answered.reply_way == Way.ON_STAND


@pytest.mark.parametrize("signed", [True, False])
@pytest.mark.parametrize("way", Way.values)
def test_the_way_of_reply_fits_the_author(
    school: School, holder: Person, signed: bool, way: str
) -> None:
    entry, _code = coded_entry(school, by=holder, signed=signed)
    fits = {True: ("in_person", "by_phone", "by_letter"), False: ("at_box", "on_stand", "invited")}
    step = {
        "answered_on": school.today(),
        "way": way,
        "measures": "",
        **acting(entry, holder),
    }
    if way in fits[signed]:
        assert reviewing.record_answer(**step).reply_way == way
    else:
        with pytest.raises(Refused):
            reviewing.record_answer(**step)
        entry.refresh_from_db()
        assert entry.state == Entry.State.IN_REVIEW


def test_when_the_message_cannot_be_stored_nothing_of_the_step_is(
    holder: Person, entry: Entry, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**facts: object) -> Message:
        raise DatabaseError

    monkeypatch.setattr(messaging, "add_from_school", broken)
    facts, rows = acting(entry, holder), Trail.objects.count()
    with pytest.raises(DatabaseError):
        answering.answer_by_code(text=REPLY, **facts)
    entry.refresh_from_db()
    assert (entry.state, entry.version) == (Entry.State.IN_REVIEW, facts["version"])
    assert Trail.objects.count() == rows


def test_what_is_sent_is_no_draft_any_more(school: School, holder: Person, entry: Entry) -> None:
    colleague = factories.make_person(school, "deputy_director", with_key=True)
    for person in (holder, colleague):
        drafting.keep_draft(
            entry=entry, text="Half", kind="", stamp="", version=None, by=person.fresh()
        )
    answering.write_to_author(text=QUESTION, **acting(entry, holder))
    assert list(Draft.objects.values_list("by", flat=True)) == [colleague.user.pk]


@pytest.mark.django_db(transaction=True)
def test_eight_answers_at_once_are_one() -> None:
    school = factories.make_school()
    holder = factories.make_person(school, "psychologist", with_key=True)
    entry, code = coded_entry(school, by=holder)
    seen = Entry.objects.get(pk=entry.pk)

    def answer(place: int) -> Entry:
        each = {"entry": seen, "version": seen.version, "by": holder.fresh()}
        return answering.answer_by_code(text=f"{REPLY} {place}", keyring=holder.keyring(), **each)

    results = at_once(8, answer)
    assert sum(isinstance(result, Entry) for result in results) == 1, results
    assert sum(isinstance(result, Conflict) for result in results) == 7, results
    assert len(read_by_author(code)) == 1
    assert verifying.verify_school(school)


@pytest.mark.django_db(transaction=True)
def test_author_and_school_write_at_the_same_moment() -> None:
    school = factories.make_school()
    holder = factories.make_person(school, "psychologist", with_key=True)
    entry, code = coded_entry(school, by=holder)
    facts = acting(entry, holder)

    def either(place: int) -> object:
        if place == 0:
            return answering.write_to_author(text=QUESTION, **facts)
        return author_writes(entry, f"On Monday {place}.")

    results = at_once(6, either)
    assert not [result for result in results if isinstance(result, BaseException)], results
    assert len(read_by_author(code)) == 6
    assert QUESTION in read_by_author(code)
    assert verifying.verify_school(school)


def test_refusals_are_told_in_the_language_of_the_page(holder: Person, entry: Entry) -> None:
    said = set()
    for language in ("en", "kk", "ru", "ky"):
        with translation.override(language), pytest.raises(Refused) as refused:
            answering.write_to_author(text=" ", **acting(entry, holder))
        said.add(str(refused.value))
    assert len(said) == 4
