"""The one primitive: every step from every state, by every role, once."""

import datetime
from collections.abc import Callable

import pytest

from box.models import Letter
from journal import rules
from journal.models import Entry, Forwarding, Trail
from journal.services import answering, forwarding, holding, reviewing
from journal.services.stepping import take_step
from schools.errors import Conflict, Refused
from schools.models import School
from schools.roles import ROLE_PERMISSIONS
from tests import factories
from tests.factories import Person
from tests.races import at_once

Step = Trail.Step
State = Entry.State


@pytest.fixture
def school(db: None) -> School:
    return factories.make_school()


@pytest.fixture
def holder(school: School) -> Person:
    return factories.make_person(school, "psychologist", with_key=True)


@pytest.fixture
def entry(school: School, holder: Person) -> Entry:
    """Of a signed letter, with an earlier one before it."""
    factories.registered_entry(school, by=holder)
    return factories.registered_entry(school, by=holder, signed=True)


def take(entry: Entry, step: str, by: Person, *, version: int | None = None) -> Entry:
    """The step with what it needs."""
    common = {
        "entry": entry,
        "by": by.fresh(),
        "keyring": by.keyring(),
        "version": entry.version if version is None else version,
    }
    takes: dict[str, Callable[[], Entry]] = {
        Step.TAKEN_INTO_REVIEW: lambda: reviewing.take_into_review(
            **common, reviewer=entry.registered_by
        ),
        Step.MEASURES_RECORDED: lambda: reviewing.record_measures(**common, measures="Talked"),
        Step.ANSWERED: lambda: reviewing.record_answer(
            **common, answered_on=entry.school.today(), way="in_person", measures=""
        ),
        Step.CLOSED: lambda: (
            reviewing.close(**common, outcome="Settled")
            if entry.answered_on
            else reviewing.close_without_reply(**common, outcome="", reason="Taken back")
        ),
        Step.RETURNED: lambda: reviewing.return_to_review(**common, reason="Came back"),
        Step.CORRECTED: lambda: reviewing.correct(
            **common, category=None, corrected={"summary": "Mended"}, reason="A slip"
        ),
        Step.WRITTEN_TO: lambda: answering.write_to_author(**common, text="When was it?"),
        Step.DUE_EXTENDED: lambda: answering.extend(
            **common, due_on=entry.school.today() + datetime.timedelta(days=9), reason="More time"
        ),
        Step.LINKED: lambda: answering.link(
            **common, repeat_of=Entry.objects.get(volume=entry.volume, number=1)
        ),
        Step.FORWARDED: lambda: factories.forwarded(entry, by=by, version=common["version"]).entry,
        # What a protocol does with the entries it decides about.
        Step.DECIDED: lambda: take_step(
            **common, step=Step.DECIDED, append_to={"measures": "Decided"}
        ),
        Step.HELD: lambda: holding.hold(**common, reason="An inquiry"),
        Step.RELEASED: lambda: holding.release(**common, reason="It is over"),
        Step.BODY_ANSWERED: lambda: (
            forwarding.record_outcome(
                forwarding=_forwarding_of(entry),
                answered_on=entry.school.today(),
                outcome="Dealt with",
                by=by.fresh(),
                keyring=by.keyring(),
                version=common["version"],
            ).entry
        ),
    }
    return takes[step]()


def _forwarding_of(entry: Entry) -> Forwarding:
    found = Forwarding.objects.filter(entry=entry).select_related("entry__school").first()
    # Of a closed entry there is none open; the step is refused before anybody looks at it.
    return found or Forwarding(entry=entry, body_names={"en": "A body"})


WAY = {
    State.REGISTERED: [],
    State.IN_REVIEW: [Step.TAKEN_INTO_REVIEW],
    State.ANSWERED: [Step.TAKEN_INTO_REVIEW, Step.ANSWERED],
    State.CLOSED: [Step.TAKEN_INTO_REVIEW, Step.ANSWERED, Step.CLOSED],
}


def brought_to(entry: Entry, state: str, by: Person, *, before: str = "") -> Entry:
    """The entry in a state; before the step that a body answers, sent on as well, and held before a hold ends."""
    for step in WAY[state]:
        entry = take(entry, step, by)
    if before == Step.BODY_ANSWERED and state != State.CLOSED:
        entry = take(entry, Step.FORWARDED, by)
    if before == Step.RELEASED:
        entry = take(entry, Step.HELD, by)
    return entry


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize("step", list(rules.TRANSITIONS))
def test_each_step_follows_only_from_its_states(
    school: School, entry: Entry, holder: Person, state: str, step: str
) -> None:
    rule = rules.TRANSITIONS[step]
    person = holder
    if rule.permission not in ROLE_PERMISSIONS["psychologist"]:
        person = factories.make_person(school, "deputy_director")
        factories.give_key(school, to=person, by=holder)
    entry = brought_to(entry, state, holder, before=step)
    rows = Trail.objects.count()
    if state not in rule.starts:
        with pytest.raises(Conflict):
            take(entry, step, person)
        assert Trail.objects.count() == rows
        return
    after = take(entry, step, person)
    assert after.state == (rule.ends or state)
    assert after.version == entry.version + 1
    row = Trail.objects.order_by("position").last()
    assert (row.step, row.by, row.facts["from"], row.facts["to"]) == (
        step,
        person.user,
        state,
        after.state,
    )
    assert Letter.objects.get(pk=entry.letter_id).state == after.state


# Which role may do what is asked in Python; the steps themselves are taken on both engines above.
@pytest.mark.once("sqlite")
@pytest.mark.parametrize("role", sorted(ROLE_PERMISSIONS))
@pytest.mark.parametrize("step", list(rules.TRANSITIONS))
def test_each_step_asks_the_role(
    school: School, entry: Entry, holder: Person, role: str, step: str
) -> None:
    rule = rules.TRANSITIONS[step]
    person = factories.make_person(school, role, username="somebody")
    may = rule.permission in ROLE_PERMISSIONS[role]
    if "schools.hold_key" in ROLE_PERMISSIONS[role]:
        factories.give_key(school, to=person, by=holder)
    start = next(state for state in WAY if state in rule.starts)
    entry = brought_to(entry, start, holder, before=step)
    if may:
        take(entry, step, person)
    else:
        with pytest.raises(Refused):
            take(entry, step, person)
        entry.refresh_from_db()
        assert not Trail.objects.filter(by=person.user, entry=entry).exists()


def test_the_right_role_without_the_key_is_refused(
    school: School, entry: Entry, holder: Person
) -> None:
    colleague = factories.make_person(school, "social_pedagogue")
    with pytest.raises(Refused):
        take(entry, Step.TAKEN_INTO_REVIEW, colleague)


def test_somebody_of_another_school_is_refused(entry: Entry) -> None:
    other = factories.make_school("school-2")
    stranger = factories.make_person(other, "psychologist", with_key=True)
    with pytest.raises(Refused):
        take(entry, Step.TAKEN_INTO_REVIEW, stranger)


def test_a_form_for_an_older_version_gets_a_conflict(entry: Entry, holder: Person) -> None:
    after = take(entry, Step.CORRECTED, holder)
    with pytest.raises(Conflict):
        take(entry, Step.CORRECTED, holder)
    after.refresh_from_db()
    assert after.version == 2


def test_measures_gather_and_the_trail_keeps_what_was_before(entry: Entry, holder: Person) -> None:
    entry = brought_to(entry, State.IN_REVIEW, holder)
    entry = take(entry, Step.MEASURES_RECORDED, holder)
    before = bytes(entry.content)
    entry = take(entry, Step.MEASURES_RECORDED, holder)
    assert entry.read(holder.keyring())["measures"] == "Talked\nTalked"
    assert bytes(Trail.objects.order_by("position").last().former) == before


def test_a_reviewer_must_be_one(school: School, entry: Entry, holder: Person) -> None:
    director = factories.make_person(school, "director")
    with pytest.raises(Refused):
        reviewing.take_into_review(
            entry=entry,
            reviewer=director.user,
            by=holder.fresh(),
            keyring=holder.keyring(),
            version=1,
        )


def test_a_reply_is_dated_between_taking_out_and_today(entry: Entry, holder: Person) -> None:
    entry = brought_to(entry, State.IN_REVIEW, holder)
    for day in (factories.day("2020-01-01"), factories.day("2099-01-01")):
        with pytest.raises(Refused):
            reviewing.record_answer(
                entry=entry,
                answered_on=day,
                way="in_person",
                measures="",
                by=holder.fresh(),
                keyring=holder.keyring(),
                version=entry.version,
            )


@pytest.mark.django_db(transaction=True)
def test_the_same_step_by_eight_at_once_is_taken_once() -> None:
    school = factories.make_school()
    holder = factories.make_person(school, "psychologist", with_key=True)
    entry = factories.registered_entry(school, by=holder)
    results = at_once(8, lambda place: take(entry, Step.TAKEN_INTO_REVIEW, holder))
    assert sum(isinstance(result, Entry) for result in results) == 1
    assert sum(isinstance(result, Conflict) for result in results) == 7, results
    assert Trail.objects.filter(step=Step.TAKEN_INTO_REVIEW).count() == 1
