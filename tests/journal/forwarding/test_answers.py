"""What a body answered, the numbers of what was sent on, and what the book keeps of it."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from journal.history import sentences
from journal.models import Entry, Forwarding, Trail
from journal.selectors import history_of
from journal.services.verifying import Broken, verify_school
from schools.errors import Conflict, Refused
from schools.services.bodies import give_bodies
from tests import factories
from tests.factories import make_person
from tests.journal.forwarding.case import answered
from tests.races import at_once

pytestmark = pytest.mark.django_db
Step = Trail.Step


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
