"""Sending on, on the staff site: the step, what the entry's page shows of it, and writing down what came back."""

import datetime
import re
from html import unescape

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from journal.models import Entry, Forwarding, Trail
from schools.models import Body, School
from schools.services.bodies import give_bodies
from tests import factories
from tests.factories import IDENTITY, Person, make_person, signed_in_client

pytestmark = pytest.mark.django_db
LIST = "admin:journal_entry_changelist"


@pytest.fixture
def school() -> School:
    made = factories.make_school()
    give_bodies(school=made)
    return made


@pytest.fixture
def holder(school: School) -> Person:
    return make_person(school, "psychologist", with_key=True)


@pytest.fixture
def client(holder: Person) -> Client:
    return signed_in_client(holder)


@pytest.fixture
def entry(school: School, holder: Person) -> Entry:
    return factories.registered_entry(school, by=holder, signed=True)


def page_of(entry: Entry) -> str:
    return reverse("admin:journal_entry_change", args=[entry.pk])


def text_of(response) -> str:
    main = response.content.decode().partition('id="content"')[2]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())


def send_on(client: Client, entry: Entry, **typed):
    today = entry.school.today()
    data = {
        "version": entry.version,
        "body": Body.objects.filter(school=entry.school).first().pk,
        "way": "letter",
        "sent_on": today.isoformat(),
        "due_on": (today + datetime.timedelta(days=10)).isoformat(),
        "parts": ["summary"],
        "covering": "Please help this family.",
        "signer": "",
        **typed,
    }
    address = reverse("admin:journal_entry_step", args=[entry.pk, "forwarded"])
    return client.post(address, {f"forwarded-{name}": value for name, value in data.items()})


def record(client: Client, sent: Forwarding, **typed):
    entry = Entry.objects.get(pk=sent.entry_id)
    data = {
        "version": entry.version,
        "answered_on": entry.school.today().isoformat(),
        "outcome": "They spoke with the family.",
        **typed,
    }
    address = reverse("admin:journal_forwarding_outcome", args=[sent.pk])
    return client.post(address, {f"outcome-{sent.pk}-{name}": data[name] for name in data})


def form_of(client: Client, entry: Entry):
    steps = client.get(page_of(entry)).context["steps"]
    (step,) = [step for step in steps if step.name == "forwarded"]
    return step.form


class TestForm:
    def test_identity_is_off_until_somebody_ticks_it(self, client, entry):
        form = form_of(client, entry)
        assert form.initial["parts"] == ["summary"]
        assert {"full_name", "phone"} <= dict(form.fields["parts"].choices).keys()

    def test_of_an_anonymous_letter_it_is_not_even_offered(self, client, school, holder):
        anonymous = factories.registered_entry(school, by=holder)
        parts = dict(form_of(client, anonymous).fields["parts"].choices)
        assert list(parts) == ["summary", "text", "measures"]
        response = send_on(client, anonymous, parts=["summary", "full_name"])
        assert response.status_code == 200
        assert not Forwarding.objects.exists()

    def test_a_deadline_is_suggested_by_the_body_s_working_days(self, client, entry):
        form = form_of(client, entry)
        assert form.initial["sent_on"] == entry.school.today()
        days = (form.initial["due_on"] - entry.school.today()).days
        assert 15 + 4 <= days <= 15 + 4 + 14
        assert form.initial["due_on"].weekday() < 5

    def test_bodies_in_use_of_the_own_school_alone(self, client, school, entry):
        give_bodies(school=factories.make_school("school-2"))
        Body.objects.filter(school=school, kind="medical").update(in_use=False)
        offered = form_of(client, entry).fields["body"].queryset
        assert {body.school_id for body in offered} == {school.pk}
        assert {body.kind for body in offered} == {
            "education",
            "child_protection",
            "police",
            "social",
        }
        stranger = Body.objects.exclude(school=school).first()
        assert send_on(client, entry, body=stranger.pk).status_code == 200
        assert not Forwarding.objects.exists()

    def test_who_signs_is_a_director_or_deputy_or_nobody_yet(self, client, school, holder, entry):
        director = make_person(school, "director")
        keys = dict(form_of(client, entry).fields["signer"].choices)
        assert list(keys) == ["", f"director {director.user.pk}"]
        assert send_on(client, entry, signer=f"director {director.user.pk}").status_code == 302
        frame = Forwarding.objects.get().read(holder.keyring())["frame"]
        assert (frame["signer_role"], frame["signer_name"]) == ("director", str(director.user))

    def test_of_a_letter_about_a_reader_only_who_reads_it_may_sign(self, school, holder):
        make_person(school, "director")
        deputy = make_person(school, "deputy_director")
        factories.give_key(school, to=deputy, by=holder)
        sealed = factories.registered_entry(school, by=deputy, about=["psychologist"])
        keys = dict(form_of(signed_in_client(deputy), sealed).fields["signer"].choices)
        assert list(keys) == ["", f"deputy_director {deputy.user.pk}"]

    def test_late_ones_are_asked_why(self, client, entry):
        assert "late_reason" not in form_of(client, entry).fields
        Entry.objects.filter(pk=entry.pk).update(
            forward_by=entry.taken_on - datetime.timedelta(days=1)
        )
        response = send_on(client, entry, out_of_competence="on")
        assert "say why it is late" in text_of(response)
        assert (
            send_on(
                client, entry, out_of_competence="on", late_reason="It was the vacation."
            ).status_code
            == 302
        )
        assert "It was the vacation." in text_of(client.get(page_of(entry)))

    def test_a_sheet_with_nothing_on_it_is_not_sent(self, client, entry):
        response = send_on(client, entry, parts=[], covering="")
        assert "Tick what goes along" in text_of(response)
        assert not Forwarding.objects.exists()


class TestPage:
    def test_shows_what_was_sent_to_whom_and_by_when(self, client, holder, entry):
        assert send_on(client, entry, way="fax", parts=["summary", "phone"]).status_code == 302
        sent = Forwarding.objects.get()
        said = text_of(client.get(page_of(entry)))
        for words in (
            "Education department",
            "no answer yet",
            f"Sheet {sent}",
            "fax",
            f"{sent.due_on:%d.%m.%Y}",
            "Summary, Phone",
            "Please help this family.",
            str(holder.user),
            "The letter was sent on to Education department (fax).",
        ):
            assert words in said

    def test_a_late_body_is_said_to_be_late(self, client, holder, entry):
        sent = factories.forwarded(entry, by=holder)
        assert "answer overdue" not in text_of(client.get(page_of(entry)))
        after = datetime.datetime.combine(
            sent.due_on + datetime.timedelta(days=1), datetime.time(12), datetime.UTC
        )
        with time_machine.travel(after, tick=False):
            page = signed_in_client(holder).get(page_of(entry))
            assert "answer overdue" in text_of(page)
            record(signed_in_client(holder), sent)
            assert "answer overdue" not in text_of(signed_in_client(holder).get(page_of(entry)))

    def test_without_the_key_nothing_of_it(self, school, holder, entry):
        factories.forwarded(entry, by=holder, covering="Please help this family.")
        page = signed_in_client(make_person(school, "social_pedagogue")).get(page_of(entry))
        assert "Please help this family." not in page.content.decode()
        assert 'id="sent-on"' not in page.content.decode()

    def test_queries_are_the_same_for_one_and_for_twelve(
        self, client, school, holder, entry, django_assert_max_num_queries
    ):
        counts = []
        for more in (1, 11):
            for _sent in range(more):
                entry.refresh_from_db()
                factories.forwarded(entry, by=holder)
            with django_assert_max_num_queries(70) as captured:
                client.get(page_of(entry))
            counts.append(len(captured))
        assert counts[0] == counts[1]


class TestOutcome:
    def test_is_written_down_and_shown(self, client, holder, entry):
        sent = factories.forwarded(entry, by=holder)
        response = record(client, sent)
        assert response.headers["Location"] == page_of(entry)
        said = text_of(client.get(page_of(entry)))
        assert "They spoke with the family." in said
        assert "no answer yet" not in said
        assert "Write down what came back" not in said

    def test_twice_is_a_conflict_that_keeps_the_words(self, client, holder, entry):
        sent = factories.forwarded(entry, by=holder)
        record(client, sent)
        response = record(client, sent, outcome="Typed meanwhile.")
        assert response.status_code == 409
        assert "Typed meanwhile." in text_of(response)
        sent.refresh_from_db()
        assert sent.read(holder.keyring())["outcome"] == "They spoke with the family."

    def test_of_an_older_page_is_a_conflict_that_keeps_the_words(self, client, holder, entry):
        sent = factories.forwarded(entry, by=holder)
        response = record(client, sent, version=1, outcome="Typed meanwhile.")
        assert response.status_code == 409
        assert "Typed meanwhile." in text_of(response)
        sent.refresh_from_db()
        assert sent.is_open

    @pytest.mark.parametrize(
        "typed", [{"answered_on": "2001-01-01"}, {"answered_on": "2999-01-01"}, {"outcome": ""}]
    )
    def test_a_refused_form_keeps_what_was_typed(self, client, holder, entry, typed):
        sent = factories.forwarded(entry, by=holder)
        response = record(client, sent, **{"outcome": "They came.", **typed})
        assert response.status_code == 200
        page = response.content.decode()
        assert f'name="outcome-{sent.pk}-outcome"' in page
        assert typed.get("outcome", "They came.") in page
        assert "errorlist" in page
        sent.refresh_from_db()
        assert sent.is_open

    def test_get_is_refused(self, client, holder, entry):
        sent = factories.forwarded(entry, by=holder)
        address = reverse("admin:journal_forwarding_outcome", args=[sent.pk])
        assert client.get(address).status_code == 405

    def test_who_may_not(self, school, holder, entry):
        sent = factories.forwarded(entry, by=holder)
        director = make_person(school, "director")
        factories.give_key(school, to=director, by=holder)
        people = [
            (director, 403),
            (make_person(school, "social_pedagogue"), 403),
            (make_person(school, "administrator"), 404),
            (make_person(factories.make_school("school-2"), "psychologist", with_key=True), 404),
        ]
        for person, status in people:
            assert record(signed_in_client(person), sent).status_code == status
        sent.refresh_from_db()
        assert sent.is_open
        assert not Trail.objects.filter(step=Trail.Step.BODY_ANSWERED).exists()


class TestWithheld:
    @pytest.fixture
    def sealed(self, school, holder) -> Forwarding:
        deputy = make_person(school, "deputy_director")
        factories.give_key(school, to=deputy, by=holder)
        entry = factories.registered_entry(school, by=deputy, about=["psychologist"])
        return factories.forwarded(entry, by=deputy, covering="About the psychologist.")

    def test_nobody_else_learns_that_it_was_sent_on(self, client, sealed):
        response = record(client, sealed)
        assert response.status_code == 404
        row = Trail.objects.order_by("position").last()
        assert (row.step, row.entry_id) == (Trail.Step.REFUSED, sealed.entry_id)
        page = text_of(client.get(page_of(sealed.entry)))
        assert "department" not in page
        for value in ("waiting", "answered"):
            found = client.get(reverse(LIST), {"sent": value}).context["cl"].result_list
            assert [row.pk for row in found] == []
        sealed.refresh_from_db()
        assert sealed.is_open


def test_the_list_finds_who_waits_for_a_body(client, school, holder, entry) -> None:
    other = factories.registered_entry(school, by=holder)
    factories.registered_entry(school, by=holder)
    first = factories.forwarded(entry, by=holder)
    factories.forwarded(other, by=holder)

    def found(value: str) -> list[int]:
        page = client.get(reverse(LIST), {"sent": value})
        return [row.number for row in page.context["cl"].result_list]

    assert (found("waiting"), found("answered")) == ([2, 1], [])
    record(client, first)
    assert (found("waiting"), found("answered")) == ([2], [1])
    assert found("nonsense") == [3, 2, 1]


def test_a_step_form_shows_no_identity_of_others(client, school, holder, entry) -> None:
    """What a refused form shows again is what was typed, never the letter's own words."""
    response = send_on(client, entry, due_on="2001-01-01", covering="Typed by me.")
    assert response.status_code == 200
    assert "Typed by me." in response.content.decode()
    assert "cannot be due before" in text_of(response)
    form = response.content.decode().partition('id="step-forwarded"')[2].partition("</details>")[0]
    assert IDENTITY["full_name"] not in form
