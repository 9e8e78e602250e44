"""More time, links between entries, and the end: not without a reply or a reason, not while a body owes its answer."""

import datetime

import pytest

from box.models import Letter, Message
from box.services import messaging
from journal.conversation import repeats_of
from journal.models import Entry, Trail
from journal.services import answering, forwarding, reviewing, verifying
from schools.errors import Conflict, Refused
from schools.models import School
from tests import factories
from tests.factories import Person
from tests.journal.answering.case import REPLY, acting, coded_entry, read_by_author

pytestmark = pytest.mark.django_db

WHY = "We are waiting for the doctor."


def later(entry: Entry, days: int = 7) -> datetime.date:
    return max(entry.due_on, entry.school.today()) + datetime.timedelta(days=days)


class TestMoreTime:
    def test_the_author_is_told_the_day_and_the_reason(
        self, school: School, holder: Person, entry: Entry, code: str
    ) -> None:
        day = later(entry)
        after = answering.extend(due_on=day, reason=WHY, **acting(entry, holder))
        assert (after.due_on, after.state) == (day, Entry.State.IN_REVIEW)
        assert Letter.objects.get(pk=entry.letter_id).due_on == day
        (said,) = read_by_author(code)
        assert said.endswith(f"\n\n{WHY}")
        assert "жауап" in said.casefold(), "in the language of the letter"
        assert day.strftime("%d.%m.%Y") in said or str(day.year) in said
        assert Message.objects.get(letter=entry.letter).kind == Message.Kind.EXTENSION
        assert verifying.verify_school(school)

    def test_the_reason_is_sealed(self, holder: Person, entry: Entry) -> None:
        answering.extend(due_on=later(entry), reason=WHY, **acting(entry, holder))
        row = Trail.objects.get(step=Trail.Step.DUE_EXTENDED)
        assert WHY not in str(row.facts)
        entry.refresh_from_db()
        assert entry.read(holder.keyring())["extension"] == WHY

    def test_never_to_an_earlier_day_or_without_a_reason(
        self, holder: Person, entry: Entry, code: str
    ) -> None:
        for day, reason in (
            (entry.due_on, WHY),
            (entry.due_on - datetime.timedelta(days=1), WHY),
            (entry.school.today(), WHY),
            (later(entry), " "),
        ):
            with pytest.raises(Refused):
                answering.extend(due_on=day, reason=reason, **acting(entry, holder))
        assert read_by_author(code) == []

    def test_who_has_gone_is_told_nothing_and_the_day_still_moves(
        self, holder: Person, entry: Entry
    ) -> None:
        messaging.take_away(letter=entry.letter)
        after = answering.extend(due_on=later(entry), reason=WHY, **acting(entry, holder))
        assert after.due_on > entry.due_on
        assert not Message.objects.exists()

    def test_an_answered_letter_needs_no_more_time(self, holder: Person, entry: Entry) -> None:
        answered = answering.answer_by_code(text=REPLY, **acting(entry, holder))
        with pytest.raises(Conflict):
            answering.extend(due_on=later(answered), reason=WHY, **acting(entry, holder))

    def test_another_role_and_another_school(self, school: School, entry: Entry) -> None:
        director = factories.make_person(school, "director", with_key=False)
        stranger = factories.make_person(
            factories.make_school("school-2"), "psychologist", with_key=True
        )
        for person in (director, stranger):
            with pytest.raises(Refused):
                answering.extend(due_on=later(entry), reason=WHY, **acting(entry, person))


class TestRepeats:
    def test_a_later_letter_repeats_an_earlier_one(
        self, school: School, holder: Person, entry: Entry
    ) -> None:
        second = factories.registered_entry(school, by=holder)
        answering.link(repeat_of=entry, **acting(second, holder))
        user = holder.fresh()
        second.refresh_from_db()
        assert repeats_of(second, user).of == entry
        assert repeats_of(entry, user).by == [second]
        assert verifying.verify_school(school)
        answering.link(repeat_of=None, **acting(second, holder))
        second.refresh_from_db()
        assert second.repeat_of is None
        with pytest.raises(Refused):
            answering.link(repeat_of=None, **acting(second, holder))

    def test_never_itself_a_later_one_or_one_of_another_school(
        self, school: School, holder: Person, entry: Entry
    ) -> None:
        later_one = factories.registered_entry(school, by=holder)
        other = factories.make_school("school-2")
        theirs = factories.registered_entry(
            other, by=factories.make_person(other, "psychologist", with_key=True)
        )
        for wrong in (entry, later_one, theirs):
            with pytest.raises(Refused):
                answering.link(repeat_of=wrong, **acting(entry, holder))

    def test_a_closed_entry_is_linked_no_more(
        self, school: School, holder: Person, entry: Entry
    ) -> None:
        second, _code = coded_entry(school, by=holder)
        reviewing.close_without_reply(outcome="", reason="A joke.", **acting(second, holder))
        with pytest.raises(Conflict):
            answering.link(repeat_of=entry, **acting(second, holder))

    def test_what_is_withheld_is_as_if_it_were_not_there(self, school: School) -> None:
        psychologist = factories.make_person(school, "psychologist", with_key=True)
        deputy = factories.make_person(school, "deputy_director", with_key=True)
        about = factories.registered_entry(school, by=deputy, about=["psychologist"])
        ordinary = factories.registered_entry(school, by=deputy)
        with pytest.raises(Refused):
            answering.link(repeat_of=about, **acting(ordinary, psychologist))
        answering.link(repeat_of=about, **acting(ordinary, deputy))
        ordinary.refresh_from_db()
        assert repeats_of(ordinary, deputy.fresh()).of == about
        assert repeats_of(ordinary, psychologist.fresh()).of is None
        third = factories.registered_entry(school, by=deputy, about=["psychologist"])
        answering.link(repeat_of=ordinary, **acting(third, deputy))
        assert repeats_of(ordinary, deputy.fresh()).by == [third]
        assert repeats_of(ordinary, psychologist.fresh()).by == []


class TestClosing:
    def test_not_from_review_without_a_reply(self, holder: Person, entry: Entry) -> None:
        with pytest.raises(Refused):
            reviewing.close(outcome="Settled.", **acting(entry, holder))
        entry.refresh_from_db()
        assert entry.state == Entry.State.IN_REVIEW

    def test_without_a_reply_for_a_stated_reason(
        self, school: School, holder: Person, entry: Entry
    ) -> None:
        with pytest.raises(Refused):
            reviewing.close_without_reply(outcome="", reason=" ", **acting(entry, holder))
        after = reviewing.close_without_reply(
            outcome="", reason="Advertising, seen late.", **acting(entry, holder)
        )
        assert (after.state, after.no_reply, after.answered_on) == (Entry.State.CLOSED, True, None)
        assert after.read(holder.keyring())["no_reply_reason"] == "Advertising, seen late."
        assert "Advertising" not in str(Trail.objects.order_by("position").last().facts)
        assert verifying.verify_school(school)

    def test_who_has_a_reply_is_not_closed_as_without(self, holder: Person, entry: Entry) -> None:
        answering.answer_by_code(text=REPLY, **acting(entry, holder))
        with pytest.raises(Refused):
            reviewing.close_without_reply(outcome="", reason="Why", **acting(entry, holder))

    @pytest.mark.parametrize("answered", [True, False])
    def test_not_while_a_body_owes_its_answer(
        self, holder: Person, entry: Entry, answered: bool
    ) -> None:
        sent = factories.forwarded(Entry.objects.get(pk=entry.pk), by=holder)
        if answered:
            answering.answer_by_code(text=REPLY, **acting(entry, holder))
        ends = {
            True: lambda: reviewing.close(outcome="Settled.", **acting(entry, holder)),
            False: lambda: reviewing.close_without_reply(
                outcome="", reason="A joke.", **acting(entry, holder)
            ),
        }
        with pytest.raises(Refused):
            ends[answered]()
        entry.refresh_from_db()
        forwarding.record_outcome(
            forwarding=sent,
            answered_on=entry.school.today(),
            outcome="They came.",
            by=holder.fresh(),
            keyring=holder.keyring(),
            version=entry.version,
        )
        assert ends[answered]().state == Entry.State.CLOSED

    def test_what_is_returned_may_still_be_answered(
        self, holder: Person, entry: Entry, code: str
    ) -> None:
        reviewing.close_without_reply(outcome="", reason="A joke.", **acting(entry, holder))
        back = reviewing.return_to_review(reason="It was none.", **acting(entry, holder))
        assert (back.state, back.no_reply) == (Entry.State.IN_REVIEW, False)
        answering.answer_by_code(text=REPLY, **acting(entry, holder))
        assert reviewing.close(outcome="Settled.", **acting(entry, holder)).no_reply is False
        assert read_by_author(code) == [REPLY]
