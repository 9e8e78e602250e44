"""Drafts: by button and by script, for their writer alone, gone when they are sent; of two windows the newer wins."""

import json

import pytest
from django.test import Client

from box.services import messaging
from journal.models import Draft, Entry, Trail
from journal.services import drafting
from schools.models import School
from schools.services.first_answers import give_first_answers
from tests import factories
from tests.factories import Person, make_person, signed_in_client
from tests.journal.answering.case import (
    QUESTION,
    coded_entry,
    draft_of,
    page_of,
    read_by_author,
    take,
)

pytestmark = pytest.mark.django_db

HALF = "We have asked the"


@pytest.fixture
def client(holder: Person) -> Client:
    return signed_in_client(holder)


def typed(entry: Entry, text: str, **more: str) -> dict[str, object]:
    return {"written_to-text": text, "written_to-version": entry.version, **more}


def by_script(client: Client, entry: Entry, text: str, stamp: str = "", **more: str):
    sent = typed(entry, text, stamp=stamp, **more)
    return client.post(draft_of(entry), sent, headers={"Accept": "application/json"})


def told(response) -> dict[str, str]:
    return json.loads(response.content)


def test_the_button_keeps_and_the_page_offers_it_again(client: Client, entry: Entry) -> None:
    response = client.post(
        draft_of(entry), typed(entry, HALF, **{"written_to-kind": "message", "draft": "keep"})
    )
    assert response.status_code == 302
    page = client.get(page_of(entry)).content.decode()
    assert HALF in page
    assert page.partition('value="message"')[2].partition(">")[0].count("checked") == 1
    assert 'value="throw_away"' in page


def test_the_script_keeps_and_is_told_the_stamp(
    client: Client, entry: Entry, holder: Person
) -> None:
    first = told(by_script(client, entry, HALF))
    second = told(by_script(client, entry, f"{HALF} teacher.", first["stamp"]))
    assert second["stamp"] not in ("", first["stamp"])
    assert "in place of" not in second["said"]
    kept = drafting.draft_of(entry=entry, by=holder.fresh(), keyring=holder.keyring())
    assert kept.text == f"{HALF} teacher."
    assert Draft.objects.count() == 1


def test_of_two_windows_the_newer_wins_and_says_so(
    client: Client, entry: Entry, holder: Person
) -> None:
    first = told(by_script(client, entry, "In the first window.")).pop("stamp")
    told(by_script(client, entry, "In the first window, longer.", first))
    late = told(by_script(client, entry, "In the second window.", first))
    assert "in place of what another window had kept" in late["said"]
    kept = drafting.draft_of(entry=entry, by=holder.fresh(), keyring=holder.keyring())
    assert kept.text == "In the second window."


def test_sending_ends_the_draft_and_a_late_window_does_not_bring_it_back(
    client: Client, entry: Entry, code: str
) -> None:
    stamp = told(by_script(client, entry, HALF))["stamp"]
    assert take(client, entry, "written_to", text=QUESTION, kind="message").status_code == 302
    assert not Draft.objects.exists()
    assert read_by_author(code) == [QUESTION]
    for known in (stamp, ""):
        late = by_script(client, entry, HALF, known)
        assert late.status_code == 409
        assert "another window" in told(late)["said"]
    assert not Draft.objects.exists()
    entry.refresh_from_db()
    assert by_script(client, entry, "A new one.").status_code == 200


def test_a_colleagues_step_does_not_stop_a_draft(
    client: Client, entry: Entry, school: School
) -> None:
    colleague = make_person(school, "deputy_director", with_key=True)
    take(signed_in_client(colleague), entry, "written_to", text=QUESTION, kind="message")
    assert by_script(client, entry, HALF).status_code == 200


def test_thrown_away(client: Client, entry: Entry) -> None:
    stamp = told(by_script(client, entry, HALF))["stamp"]
    client.post(draft_of(entry), {"draft": "throw_away"})
    assert not Draft.objects.exists()
    assert HALF not in client.get(page_of(entry)).content.decode()
    assert by_script(client, entry, HALF, stamp).status_code == 409


def test_no_words_keep_nothing(client: Client, entry: Entry) -> None:
    stamp = told(by_script(client, entry, HALF))["stamp"]
    assert told(by_script(client, entry, "  ", stamp))["stamp"] == ""
    assert not Draft.objects.exists()


def test_only_its_writer_reads_it(client: Client, entry: Entry, school: School) -> None:
    colleague = make_person(school, "deputy_director", with_key=True)
    by_script(client, entry, HALF)
    draft = Draft.objects.get()
    assert draft.read_or_none(colleague.keyring()) is None
    assert HALF.encode() not in bytes(draft.content)
    assert HALF not in signed_in_client(colleague).get(page_of(entry)).content.decode()
    assert HALF not in str(draft)


def test_a_draft_of_before_a_lost_password_is_no_hindrance(
    client: Client, entry: Entry, holder: Person
) -> None:
    by_script(client, entry, HALF)
    other = make_person(None, None, username="another pair")
    assert drafting.draft_of(entry=entry, by=holder.fresh(), keyring=other.keyring()) is None
    Draft.objects.update(personal_keys={})
    assert client.get(page_of(entry)).status_code == 200
    assert by_script(client, entry, "Typed anew.").status_code == 200


@pytest.mark.parametrize(
    ("role", "with_key", "status"),
    [
        ("director", True, 403),
        ("phone_officer", True, 403),
        ("social_pedagogue", False, 403),
        ("administrator", False, 404),
    ],
)
def test_who_may_not(
    school: School, holder: Person, entry: Entry, role: str, with_key: bool, status: int
) -> None:
    person = make_person(school, role)
    if with_key:
        factories.give_key(school, to=person, by=holder)
    assert by_script(signed_in_client(person), entry, HALF).status_code == status
    assert not Draft.objects.exists()


def test_another_school_get_and_an_author_who_has_gone(client: Client, entry: Entry) -> None:
    other = make_school_with_psychologist()
    assert by_script(signed_in_client(other), entry, HALF).status_code == 404
    assert client.get(draft_of(entry)).status_code == 405
    messaging.take_away(letter=entry.letter)
    assert by_script(client, entry, HALF).status_code == 403
    assert not Draft.objects.exists()


def make_school_with_psychologist() -> Person:
    other = factories.make_school("school-2")
    return make_person(other, "psychologist", with_key=True)


def test_closed_for_whom_the_entry_is_withheld_from(school: School, client: Client) -> None:
    deputy = make_person(school, "deputy_director", with_key=True)
    about, _code = coded_entry(school, by=deputy, about=["psychologist"])
    assert by_script(client, about, HALF).status_code == 403
    assert not Draft.objects.exists()
    row = Trail.objects.order_by("position").last()
    assert (row.step, row.entry) == (Trail.Step.REFUSED, about)
    assert by_script(signed_in_client(deputy), about, HALF).status_code == 200


def test_too_long_and_nonsense_are_refused_kindly(client: Client, entry: Entry) -> None:
    assert by_script(client, entry, "a" * 10_001).status_code == 413
    assert not Draft.objects.exists()
    sent = {
        **typed(entry, HALF),
        "written_to-version": "9" * 40,
        "written_to-kind": "\x00",
        "stamp": "",
    }
    response = client.post(draft_of(entry), sent, headers={"Accept": "application/json"})
    assert response.status_code == 200


class TestFirstAnswers:
    def test_the_button_puts_it_after_what_was_typed(
        self, client: Client, school: School, holder: Person
    ) -> None:
        give_first_answers(school=school)
        entry, _code = coded_entry(school, by=holder, language="ky")
        page = client.post(
            draft_of(entry),
            typed(entry, "Салам!", **{"draft": "first_answer", "first_answer": "1"}),
        )
        form = next(step for step in page.context["steps"] if step.writes).form
        assert form["text"].value().startswith("Салам!\n\nСаламатсызбы!")
        assert not Draft.objects.exists()

    @pytest.mark.parametrize("place", ["", "99", "-1", "x", "9" * 30])
    def test_a_wrong_choice_changes_nothing(
        self, client: Client, school: School, entry: Entry, place: str
    ) -> None:
        give_first_answers(school=school)
        page = client.post(
            draft_of(entry),
            typed(entry, "Hello.", **{"draft": "first_answer", "first_answer": place}),
        )
        form = next(step for step in page.context["steps"] if step.writes).form
        assert form["text"].value() == "Hello."

    def test_what_is_to_be_filled_in_is_not_sent(
        self, client: Client, entry: Entry, code: str
    ) -> None:
        page = take(client, entry, "written_to", text="Room […], at […].", kind="answer")
        assert page.status_code == 200
        assert "Room […], at […]." in page.content.decode()
        assert read_by_author(code) == []
