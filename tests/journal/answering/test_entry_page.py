"""The entry's page: the conversation, what comes next, what hinders the end, and the marks of new messages."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from box.models import Message
from box.services import messaging
from journal.models import Entry
from journal.services import answering, reviewing
from schools.models import School
from tests import factories
from tests.factories import Person, make_person, signed_in_client
from tests.journal.answering.case import (
    QUESTION,
    REPLY,
    acting,
    author_writes,
    coded_entry,
    page_of,
    read_by_author,
    take,
)

pytestmark = pytest.mark.django_db

LIST = "admin:journal_entry_changelist"
BACK = "It was on Monday behind the gym."


@pytest.fixture
def client(holder: Person) -> Client:
    return signed_in_client(holder)


def unfolded(page: object) -> list[str]:
    return [
        step.name for step in (*page.context["steps"], *page.context["seldom"]) if step.unfolded
    ]


class TestConversation:
    def test_both_sides_in_order_with_who_wrote(
        self, client: Client, holder: Person, entry: Entry, code: str
    ) -> None:
        answering.write_to_author(text=QUESTION, **acting(entry, holder))
        author_writes(entry, BACK)
        html = client.get(page_of(entry)).content.decode()
        assert html.index(QUESTION) < html.index(BACK)
        assert "Psychologist</strong>" in html
        assert "The author</strong>" in html
        assert (
            holder.user.full_name
            not in html.partition('id="conversation"')[2].partition("</section>")[0]
        )
        assert "the author has not opened it yet" in html
        read_by_author(code)
        assert "the author has read it" in client.get(page_of(entry)).content.decode()

    def test_a_message_is_new_until_somebody_with_the_key_reads(
        self, client: Client, school: School, entry: Entry
    ) -> None:
        author_writes(entry, BACK)
        director = signed_in_client(make_person(school, "director"))
        assert BACK not in director.get(page_of(entry)).content.decode()
        assert not Message.objects.get().seen
        assert "flag-new" in client.get(page_of(entry)).content.decode()
        assert Message.objects.get().seen
        assert "flag-new" not in client.get(page_of(entry)).content.decode()

    def test_the_conversation_that_was_taken_away_is_said_so(
        self, client: Client, entry: Entry
    ) -> None:
        author_writes(entry, BACK)
        messaging.take_away(letter=entry.letter)
        page = client.get(page_of(entry))
        assert BACK in page.content.decode()
        assert "has taken the conversation away" in page.content.decode()
        assert "written_to" not in [step.name for step in page.context["steps"]]
        refused = take(client, entry, "written_to", text=QUESTION, kind="message")
        assert refused.status_code == 200
        assert QUESTION in refused.content.decode(), "the words are not lost"

    def test_queries_are_the_same_for_one_message_and_for_fifty(
        self, client: Client, entry: Entry
    ) -> None:
        author_writes(entry, BACK)
        client.get(page_of(entry))
        counts = []
        for more in (1, 49):
            for _message in range(more):
                author_writes(entry, BACK)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                client.get(page_of(entry))
            counts.append(len(queries))
        assert counts[0] == counts[1]


class TestMarks:
    def test_the_list_and_the_day_tell_it_and_the_filter_finds_it(
        self, client: Client, school: School, holder: Person, entry: Entry
    ) -> None:
        factories.registered_entry(school, by=holder)
        author_writes(entry, BACK)
        listed = client.get(reverse(LIST))
        assert listed.content.decode().count("the author wrote</span>") == 1
        found = client.get(reverse(LIST), {"wrote": "new"}).context["cl"].result_list
        assert [row.pk for row in found] == [entry.pk]
        assert "1 new message from an author" in client.get("/admin/").content.decode()
        client.get(page_of(entry))
        assert "the author wrote</span>" not in client.get(reverse(LIST)).content.decode()
        assert "new message from" not in client.get("/admin/").content.decode()

    def test_nothing_of_it_to_whom_the_entry_is_withheld_from(
        self, client: Client, school: School
    ) -> None:
        deputy = make_person(school, "deputy_director", with_key=True)
        about, _code = coded_entry(school, by=deputy, about=["psychologist"])
        author_writes(about, BACK)
        assert "the author wrote</span>" not in client.get(reverse(LIST)).content.decode()
        assert not client.get(reverse(LIST), {"wrote": "new"}).context["cl"].result_list
        assert "new message from" not in client.get("/admin/").content.decode()
        page = client.get(page_of(about)).content.decode()
        assert BACK not in page
        assert "conversation" not in page
        reader = signed_in_client(deputy)
        assert "the author wrote</span>" in reader.get(reverse(LIST)).content.decode()

    def test_queries_of_the_list_are_the_same_for_one_and_for_fifty(
        self, client: Client, school: School, holder: Person
    ) -> None:
        counts = []
        for more in (1, 19):
            for _entry in range(more):
                author_writes(coded_entry(school, by=holder)[0], BACK)
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse(LIST))
            counts.append(len(queries))
        assert counts[0] == counts[1]


class TestNext:
    def test_one_thing_at_each_time(
        self, client: Client, school: School, holder: Person, entry: Entry
    ) -> None:
        registered = factories.registered_entry(school, by=holder)
        assert unfolded(client.get(page_of(registered))) == ["taken_into_review"]
        assert unfolded(client.get(page_of(entry))) == ["written_to"]
        answering.answer_by_code(text=REPLY, **acting(entry, holder))
        assert unfolded(client.get(page_of(entry))) == ["closed"]
        author_writes(entry, BACK)
        page = client.get(page_of(entry))
        assert unfolded(page) == ["written_to"]
        assert page.context["next"] == "The author wrote last and waits for your words."
        answering.write_to_author(text=QUESTION, **acting(entry, holder))
        reviewing.close(outcome="Settled.", **acting(entry, holder))
        assert unfolded(client.get(page_of(entry))) == []

    def test_without_a_conversation_the_reply_is_recorded(
        self, client: Client, entry: Entry
    ) -> None:
        messaging.take_away(letter=entry.letter)
        assert unfolded(client.get(page_of(entry))) == ["answered"]

    def test_why_it_cannot_be_closed_yet(
        self, client: Client, holder: Person, entry: Entry
    ) -> None:
        factories.forwarded(Entry.objects.get(pk=entry.pk), by=holder)
        answering.answer_by_code(text=REPLY, **acting(entry, holder))
        page = client.get(page_of(entry))
        assert unfolded(page) == []
        html = page.content.decode()
        assert "The work cannot be finished yet:" in html
        assert "1 body that has not answered yet" in html
        assert "closed-outcome" not in html
        entry.refresh_from_db()
        refused = take(client, entry, "closed", outcome="Settled.", finding="nothing")
        assert refused.status_code == 200
        entry.refresh_from_db()
        assert entry.state == Entry.State.ANSWERED

    def test_finishing_without_a_reply_asks_why(self, client: Client, entry: Entry) -> None:
        assert take(client, entry, "closed", outcome="", finding="nothing").status_code == 200
        assert (
            take(
                client, entry, "closed", outcome="", reason="A joke.", finding="nothing"
            ).status_code
            == 302
        )
        page = client.get(page_of(entry)).content.decode()
        assert "Why there is no reply" in page
        assert "A joke." in page
        assert "was finished without a reply" in page


class TestSteps:
    @pytest.mark.parametrize(
        ("kind", "state"), [("answer", "answered"), ("message", "in_review"), ("", "in_review")]
    )
    def test_message_or_answer_is_chosen(
        self, client: Client, entry: Entry, code: str, kind: str, state: str
    ) -> None:
        response = take(client, entry, "written_to", text=QUESTION, kind=kind)
        assert response.status_code == (302 if kind else 200)
        entry.refresh_from_db()
        assert entry.state == state
        assert read_by_author(code) == ([QUESTION] if kind else [])

    def test_ways_in_the_form_fit_the_author(self, client: Client, entry: Entry) -> None:
        page = client.get(page_of(entry))
        form = next(step for step in page.context["steps"] if step.name == "answered").form
        ways = [key for key, _label in form.fields["way"].choices]
        assert ways == ["at_box", "on_stand", "invited"]
        for way in ("in_person", "by_code"):
            sent = take(
                client,
                entry,
                "answered",
                way=way,
                answered_on=entry.school.today().isoformat(),
                measures="",
            )
            assert sent.status_code == 200
        entry.refresh_from_db()
        assert entry.state == "in_review"

    def test_linking_by_number(
        self, client: Client, school: School, holder: Person, entry: Entry
    ) -> None:
        second = factories.registered_entry(school, by=holder)
        deputy = make_person(school, "deputy_director", with_key=True)
        about = factories.registered_entry(school, by=deputy, about=["psychologist"])
        third = factories.registered_entry(school, by=holder)
        one = {"volume": second.volume.number}
        answers = {
            number: take(client, third, "linked", number=number, **one).content
            for number in (about.number, third.number, 99)
        }
        for page in answers.values():
            assert b"There is no earlier entry with this number that you can read." in page
        assert take(client, third, "linked", number=entry.number, **one).status_code == 302
        html = client.get(page_of(third)).content.decode()
        assert "This letter repeats an earlier one:" in html
        assert "linked to an earlier entry: № 1." in html
        assert "Letters that repeat this one:" in client.get(page_of(entry)).content.decode()
        third.refresh_from_db()
        assert take(client, third, "linked", number="", **one).status_code == 302

    def test_a_link_to_what_is_withheld_shows_nowhere(self, client: Client, school: School) -> None:
        deputy = make_person(school, "deputy_director", with_key=True)
        about = factories.registered_entry(school, by=deputy, about=["psychologist"])
        ordinary = factories.registered_entry(school, by=deputy)
        answering.link(repeat_of=about, **acting(ordinary, deputy))
        page = client.get(page_of(ordinary))
        html = page.content.decode()
        assert "repeats an earlier one" not in html
        assert f"earlier entry: № {about.number}" not in html
        form = next(step for step in page.context["seldom"] if step.name == "linked").form
        assert form["number"].value() is None
        seen = signed_in_client(deputy).get(page_of(ordinary)).content.decode()
        assert "repeats an earlier one" in seen

    def test_more_time_by_the_form(self, client: Client, entry: Entry, code: str) -> None:
        page = client.get(page_of(entry))
        form = next(step for step in page.context["seldom"] if step.name == "due_extended").form
        day = form["due_on"].value()
        assert day > entry.due_on
        sent = take(client, entry, "due_extended", due_on=day.isoformat(), reason="The doctor.")
        assert sent.status_code == 302
        assert "The doctor." in read_by_author(code)[0]
        assert "The doctor." in client.get(page_of(entry)).content.decode()

    @pytest.mark.parametrize("step", ["written_to", "due_extended", "linked", "answered"])
    def test_get_is_refused(self, client: Client, entry: Entry, step: str) -> None:
        address = reverse("admin:journal_entry_step", args=[entry.pk, step])
        assert client.get(address).status_code == 405
