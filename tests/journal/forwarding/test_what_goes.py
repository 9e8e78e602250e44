"""Sending a letter on: what goes with it, and what the journal says of it."""

import datetime

import pytest

from journal.history import sentences
from journal.models import Forwarding, Trail
from journal.selectors import history_of
from journal.services import reviewing
from journal.services.verifying import verify_school
from schools.errors import Refused
from schools.languages import in_every_language
from schools.models import Body
from schools.services.bodies import give_bodies
from schools.starting_bodies import STARTING_BODIES
from tests import factories
from tests.factories import IDENTITY, TEXT, make_person
from tests.journal.forwarding.case import answered

pytestmark = pytest.mark.django_db
Step = Trail.Step


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
        assert again.body_names == in_every_language(STARTING_BODIES["KZ"][0][1])

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
