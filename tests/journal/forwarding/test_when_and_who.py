"""Sending a letter on: on which days, and by whom."""

import datetime

import pytest

from journal.history import sentences
from journal.models import Entry, Forwarding, Trail
from journal.selectors import forwardings_open, history_of
from journal.services import sharing
from journal.services.verifying import verify_school
from schools.errors import Refused
from schools.models import Body
from schools.services.bodies import give_bodies
from tests import factories
from tests.factories import make_person
from tests.journal.forwarding.case import answered

pytestmark = pytest.mark.django_db
Step = Trail.Step


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
