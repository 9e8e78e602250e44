"""Sending a letter on: its number, what goes with it, what the journal says of it, and what came back."""

import datetime
from collections.abc import Iterator

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone, translation

from journal.history import sentences
from journal.models import Entry, Forwarding, Trail
from journal.selectors import forwardings_open, history_of
from journal.services import reviewing, sharing
from journal.services.forwarding import Signer, record_outcome
from journal.services.verifying import Broken, verify_school
from schools.errors import Conflict, Refused
from schools.models import Body, School
from schools.services.bodies import give_bodies
from schools.starting_bodies import STARTING_BODIES
from tests import factories
from tests.factories import IDENTITY, TEXT, Person, make_person
from tests.races import at_once

pytestmark = pytest.mark.django_db
Step = Trail.Step
COLUMNS = ["number", "received_at", "name", "summary", "sent_to", "outcome"]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def school() -> School:
    made = factories.make_school(columns=COLUMNS)
    give_bodies(school=made)
    return made


@pytest.fixture
def holder(school: School) -> Person:
    return make_person(school, "psychologist", with_key=True)


@pytest.fixture
def entry(school: School, holder: Person) -> Entry:
    return factories.registered_entry(school, by=holder, signed=True)


def answered(forwarding: Forwarding, by: Person, **facts) -> Forwarding:
    entry = Entry.objects.get(pk=forwarding.entry_id)
    return record_outcome(
        **{
            "forwarding": forwarding,
            "answered_on": entry.school.today(),
            "outcome": "They spoke with the family.",
            "by": by.fresh(),
            "keyring": by.keyring(),
            "version": entry.version,
            **facts,
        }
    )


class TestSendingOn:
    def test_what_goes_with_it_is_frozen_and_nothing_else(self, entry, holder):
        sent = factories.forwarded(
            entry, by=holder, parts=["text", "summary"], covering="Please help."
        )
        said = sent.read(holder.keyring())
        assert said["parts"] == ["summary", "text"]
        assert said["sheet"] == {
            "summary": "Lunch money is taken from a pupil.",
            "text": TEXT,
        }
        assert (said["covering"], said["outcome"]) == ("Please help.", "")
        assert IDENTITY["full_name"] not in str(said)
        reviewing.correct(
            entry=entry,
            category=entry.category,
            corrected={"summary": "Mended."},
            reason="A slip",
            by=holder.fresh(),
            keyring=holder.keyring(),
            version=2,
        )
        Body.objects.filter(pk=sent.body_id).update(names={"en": "Renamed"}, address="Elsewhere")
        again = Forwarding.objects.get(pk=sent.pk)
        assert again.read(holder.keyring()) == said
        assert again.body_names == STARTING_BODIES["KZ"][0][1]

    def test_identity_goes_only_when_ticked(self, entry, holder):
        sent = factories.forwarded(entry, by=holder, parts=["full_name", "phone"])
        sheet = sent.read(holder.keyring())["sheet"]
        assert sheet == {"full_name": IDENTITY["full_name"], "phone": IDENTITY["phone"]}

    @pytest.mark.parametrize("part", ["full_name", "age", "class_group", "address", "phone"])
    def test_of_an_anonymous_letter_nothing_about_its_author(self, school, holder, part):
        entry = factories.registered_entry(school, by=holder)
        with pytest.raises(Refused):
            factories.forwarded(entry, by=holder, parts=["summary", part])
        assert not Forwarding.objects.exists()
        row = Trail.objects.order_by("position").last()
        assert (row.step, row.facts) == (Step.REFUSED, {"attempt": "forwarded"})

    def test_the_columns_of_the_journal_fill_in_the_school_s_language(self, entry, holder):
        entry.school.languages = ["ru", "kk"]
        entry.school.save()
        sent = factories.forwarded(
            entry,
            by=holder,
            sent_on=entry.taken_on,
            due_on=entry.taken_on + datetime.timedelta(days=9),
        )
        entry.refresh_from_db()
        due = f"{sent.due_on:%d.%m.%Y}"
        assert entry.read(holder.keyring())["sent_to"] == (
            f"Отдел образования (письмо), {sent.sent_on:%d.%m.%Y}; срок ответа {due}"
        )
        assert entry.read(holder.keyring())["measures"] == ""
        answered(sent, holder, outcome="Проведена беседа.")
        entry.refresh_from_db()
        assert entry.read(holder.keyring())["outcome"] == (
            f"Отдел образования, {entry.school.today():%d.%m.%Y}: Проведена беседа."
        )

    def test_a_book_without_those_columns_has_them_among_the_measures(self, holder):
        other = factories.make_school("school-2", languages=["en"])
        give_bodies(school=other)
        keeper = make_person(other, "psychologist", with_key=True)
        entry = factories.registered_entry(other, by=keeper)
        sent = factories.forwarded(entry, by=keeper, parts=["measures"])
        answered(sent, keeper, outcome="Done.")
        entry.refresh_from_db()
        said = entry.read(keeper.keyring())
        first, second = said["measures"].splitlines()
        assert first.startswith("Sent on: Education department (letter), ")
        assert first.removeprefix("Sent on: ") == said["sent_to"]
        assert second.startswith("Education department, ")
        assert second.endswith(": Done.")
        assert said["outcome"] == ""
        # The measures that went along are those before it was sent.
        assert sent.read(keeper.keyring())["sheet"] == {"measures": ""}

    def test_measures_go_along_as_they_stood_before(self, holder):
        other = factories.make_school("school-2", languages=["en"])
        give_bodies(school=other)
        keeper = make_person(other, "psychologist", with_key=True)
        entry = factories.registered_entry(other, by=keeper)
        for way in ("letter", "fax"):
            sent = factories.forwarded(entry, by=keeper, parts=["measures"], way=way)
            entry.refresh_from_db()
        measures = entry.read(keeper.keyring())["measures"].splitlines()
        assert len(measures) == 2
        assert sent.read(keeper.keyring())["sheet"]["measures"] == measures[0]

    def test_several_with_their_own_answers(self, school, entry, holder):
        first = factories.forwarded(entry, by=holder)
        entry.refresh_from_db()
        police = Body.objects.get(school=school, kind="police")
        second = factories.forwarded(entry, by=holder, body=police, way="phone")
        answered(second, holder, outcome="An inspector came.")
        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.is_open, second.is_open) == (True, False)
        assert second.read(holder.keyring())["outcome"] == "An inspector came."
        assert first.read(holder.keyring())["outcome"] == ""
        entry.refresh_from_db()
        assert len(entry.read(holder.keyring())["sent_to"].splitlines()) == 2
        verify_school(school)

    def test_finishing_the_work_keeps_what_the_body_answered(self, entry, holder):
        sent = factories.forwarded(entry, by=holder)
        answered(sent, holder, outcome="They spoke with the family.")
        steps = {"by": holder.fresh(), "keyring": holder.keyring()}
        entry = reviewing.take_into_review(entry=entry, reviewer=holder.user, version=3, **steps)
        entry = reviewing.record_answer(
            entry=entry,
            answered_on=entry.school.today(),
            way="in_person",
            measures="",
            version=4,
            **steps,
        )
        entry = reviewing.close(entry=entry, outcome="It stopped.", version=5, **steps)
        first, second = entry.read(holder.keyring())["outcome"].splitlines()
        assert first.endswith("They spoke with the family.")
        assert second == "It stopped."
        words = [line.added for line in sentences(entry, history_of(entry), holder.keyring())]
        assert words[-1] == "It stopped."
        assert any(added.endswith("They spoke with the family.") for added in words)


class TestWhen:
    @pytest.mark.parametrize(
        ("sent_days_ago", "due_days_on"), [(400, 1), (-1, 5), (0, -1)], ids=str
    )
    def test_days_that_cannot_be(self, entry, holder, sent_days_ago, due_days_on):
        sent_on = entry.school.today() - datetime.timedelta(days=sent_days_ago)
        with pytest.raises(Refused):
            factories.forwarded(
                entry,
                by=holder,
                sent_on=sent_on,
                due_on=sent_on + datetime.timedelta(days=due_days_on),
            )
        assert not Forwarding.objects.exists()

    def test_a_late_one_outside_the_competence_needs_its_reason(self, entry, holder):
        Entry.objects.filter(pk=entry.pk).update(
            forward_by=entry.taken_on - datetime.timedelta(days=1)
        )
        entry.refresh_from_db()
        factories.forwarded(entry, by=holder, out_of_competence=False)
        entry.refresh_from_db()
        with pytest.raises(Refused, match="say why it is late"):
            factories.forwarded(entry, by=holder, out_of_competence=True)
        factories.forwarded(
            entry, by=holder, out_of_competence=True, late_reason="It came during the vacation."
        )
        entry.refresh_from_db()
        assert "It came during the vacation." in entry.read(holder.keyring())["measures"]
        added = [line.added for line in sentences(entry, history_of(entry), holder.keyring())]
        assert "It came during the vacation." in added[-1]

    def test_in_time_it_needs_none(self, entry, holder):
        Entry.objects.filter(pk=entry.pk).update(forward_by=entry.school.today())
        entry.refresh_from_db()
        sent = factories.forwarded(entry, by=holder, out_of_competence=True, late_reason="No.")
        assert sent.out_of_competence
        entry.refresh_from_db()
        assert entry.read(holder.keyring())["measures"] == ""


class TestWho:
    def test_a_body_of_another_school_or_out_of_use(self, entry, holder):
        other = factories.make_school("school-2")
        give_bodies(school=other)
        old = Body.objects.filter(school=entry.school).last()
        Body.objects.filter(pk=old.pk).update(in_use=False)
        old.refresh_from_db()
        for body in (Body.objects.filter(school=other).first(), old):
            with pytest.raises(Refused, match="not in the list"):
                factories.forwarded(entry, by=holder, body=body)

    def test_without_the_key_or_the_role_or_from_elsewhere(self, school, entry, holder):
        director = make_person(school, "director")
        factories.give_key(school, to=director, by=holder)
        people = [
            director,
            make_person(school, "social_pedagogue"),
            make_person(factories.make_school("school-2"), "psychologist", with_key=True),
        ]
        sent = factories.forwarded(entry, by=holder)
        entry.refresh_from_db()
        for person in people:
            with pytest.raises(Refused):
                factories.forwarded(entry, by=person)
            with pytest.raises(Refused):
                answered(sent, person)
        assert Forwarding.objects.get().is_open

    def test_a_letter_about_a_reader_is_sent_on_by_its_readers_for_them_alone(self, school, holder):
        reader = make_person(school, "deputy_director")
        factories.give_key(school, to=reader, by=holder)
        entry = factories.registered_entry(school, by=reader, about=["psychologist"])
        sent = factories.forwarded(entry, by=reader)
        assert sent.school_key is None
        assert set(sent.personal_keys) == {str(reader.user.pk)}
        assert list(forwardings_open(reader.fresh())) == [sent]
        assert list(forwardings_open(holder.fresh())) == []
        with pytest.raises(Refused):
            answered(sent, holder)
        colleague = make_person(school, "social_pedagogue")
        factories.give_key(school, to=colleague, by=holder)
        sharing.share(
            entry=entry, to=colleague.fresh(), by=reader.fresh(), keyring=reader.keyring()
        )
        sent.refresh_from_db()
        assert sent.read(colleague.keyring())["sheet"]["summary"]
        assert list(forwardings_open(colleague.fresh())) == [sent]
        verify_school(school)


class TestAnswer:
    def test_is_written_down_once(self, entry, holder):
        sent = factories.forwarded(entry, by=holder)
        answered(sent, holder)
        with pytest.raises(Conflict):
            answered(sent, holder, outcome="Another.")
        sent.refresh_from_db()
        assert sent.read(holder.keyring())["outcome"] == "They spoke with the family."

    def test_lies_between_the_sending_and_today(self, entry, holder):
        sent = factories.forwarded(entry, by=holder)
        for days in (-400, 1):
            with pytest.raises(Refused):
                answered(
                    sent,
                    holder,
                    answered_on=entry.school.today() + datetime.timedelta(days=days),
                )
        assert Forwarding.objects.get().is_open

    def test_of_an_older_form_is_a_conflict(self, entry, holder):
        sent = factories.forwarded(entry, by=holder)
        with pytest.raises(Conflict):
            answered(sent, holder, version=1)


class TestNumbers:
    def test_run_through_a_school_s_year(self, school, entry, holder, monkeypatch):
        assert str(factories.forwarded(entry, by=holder)) == f"№ 1/{school.today().year}"
        with pytest.raises(Refused):
            factories.forwarded(Entry.objects.get(), by=holder, due_on=datetime.date(2001, 1, 1))
        second = factories.registered_entry(school, by=holder)
        assert factories.forwarded(second, by=holder).number == 2
        other = factories.make_school("school-2")
        give_bodies(school=other)
        keeper = make_person(other, "psychologist", with_key=True)
        theirs = factories.registered_entry(other, by=keeper)
        assert factories.forwarded(theirs, by=keeper).number == 1
        later = timezone.now() + datetime.timedelta(days=366)
        monkeypatch.setattr(timezone, "now", lambda: later)
        third = factories.registered_entry(school, by=holder)
        assert str(factories.forwarded(third, by=holder)) == f"№ 1/{later.year}"

    @pytest.mark.django_db(transaction=True)
    def test_eight_letters_at_once_get_eight_numbers(self):
        school = factories.make_school()
        give_bodies(school=school)
        holder = make_person(school, "psychologist", with_key=True)
        entries = [factories.registered_entry(school, by=holder) for _place in range(8)]
        results = at_once(8, lambda place: factories.forwarded(entries[place], by=holder))
        assert sorted(row.number for row in results) == list(range(1, 9)), results
        verify_school(school)

    @pytest.mark.django_db(transaction=True)
    def test_the_same_form_eight_times_at_once_is_one_sending(self):
        school = factories.make_school()
        give_bodies(school=school)
        holder = make_person(school, "psychologist", with_key=True)
        entry = factories.registered_entry(school, by=holder)
        results = at_once(8, lambda _place: factories.forwarded(entry, by=holder))
        assert sum(isinstance(result, Forwarding) for result in results) == 1
        assert sum(isinstance(result, Conflict) for result in results) == 7, results
        sent = Forwarding.objects.get()
        outcomes = at_once(8, lambda _place: answered(sent, holder))
        assert sum(isinstance(result, Forwarding) for result in outcomes) == 1, outcomes
        assert Trail.objects.filter(step=Step.BODY_ANSWERED).count() == 1
        verify_school(school)


class TestBook:
    def test_the_history_says_it_in_a_sentence(self, entry, holder):
        sent = factories.forwarded(entry, by=holder, way="fax")
        answered(sent, holder)
        entry.refresh_from_db()
        said = [line.text for line in sentences(entry, history_of(entry), holder.keyring())]
        assert said[-2].startswith("The letter was sent on to Education department (fax).")
        assert said[-1].startswith("Education department answered on ")
        added = [line.added for line in sentences(entry, history_of(entry), holder.keyring())]
        assert added[-2] == ""
        assert added[-1].endswith("They spoke with the family.")

    def test_what_is_changed_behind_the_program_is_found(self, school, entry, holder):
        sent = factories.forwarded(entry, by=holder)
        verify_school(school)
        later = sent.due_on + datetime.timedelta(days=1)
        Forwarding.objects.filter(pk=sent.pk).update(due_on=later)
        with pytest.raises(Broken, match="forwarding"):
            verify_school(school)

    def test_a_sent_letter_is_not_unsent(self, entry, holder):
        factories.forwarded(entry, by=holder)
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM journal_forwarding")
        with pytest.raises(IntegrityError), transaction.atomic():
            Forwarding.objects.update(body_names={"en": "Another"})


def test_a_list_is_given_once_and_never_over_the_school_s_own(school: School) -> None:
    kinds = [body.kind for body in Body.objects.filter(school=school)]
    assert kinds == ["education", "child_protection", "police", "medical", "social"]
    Body.objects.filter(school=school).first().delete()
    assert give_bodies(school=school) == []
    assert Body.objects.filter(school=school).count() == 4


def test_every_country_has_names_in_every_language() -> None:
    assert set(STARTING_BODIES) == {"KZ", "KG"}
    for bodies in STARTING_BODIES.values():
        for _kind, names in bodies:
            assert set(names) == {"kk", "ru", "ky", "en"}
            assert all(names.values())


def test_signer_defaults_to_lines_filled_by_hand(entry: Entry, holder: Person) -> None:
    frame = factories.forwarded(entry, by=holder, signer=Signer()).read(holder.keyring())["frame"]
    assert (frame["signer_role"], frame["signer_name"]) == ("", "")
