"""Papers on the pages of the staff site: who prints them, what stays in the trail, who is offered what."""

import io
from typing import Any

import docx
import pytest
from django.test import Client
from django.urls import reverse
from docx.oxml.ns import qn

from journal.models import Entry, Forwarding, Opening, Trail
from journal.services.verifying import verify_school
from schools.models import Regulation, School
from tests import factories
from tests.factories import IDENTITY, TEXT, Person, make_person, signed_in_client
from tests.journal.commission.meetings import call, hold, make_commission
from tests.reports.reading import page_texts

pytestmark = pytest.mark.django_db
SUMMARY = "Lunch money is taken from a pupil."


@pytest.fixture
def school() -> School:
    return factories.make_school()


@pytest.fixture
def holder(school: School) -> Person:
    return make_person(school, "psychologist", with_key=True)


@pytest.fixture
def client(holder: Person) -> Client:
    return signed_in_client(holder)


@pytest.fixture
def entry(school: School, holder: Person) -> Entry:
    return factories.registered_entry(school, by=holder, signed=True)


def page(name: str, *arguments: Any) -> str:
    return reverse(f"admin:{name}", args=arguments)


def text_of(response: Any) -> str:
    if response["Content-Type"] == "application/pdf":
        return " ".join(" ".join(page_texts(response.content)).split())
    body = docx.Document(io.BytesIO(response.content)).element.body
    return " ".join(part.text or "" for part in body.iter(qn("w:t")))


def facts() -> list[dict[str, Any]]:
    rows = Trail.objects.filter(step=Trail.Step.PRINTED).order_by("position")
    return [row.facts for row in rows]


@pytest.mark.parametrize("file", ["pdf", "docx"])
def test_the_register_card_tells_who_wrote_only_when_asked(
    client: Client, entry: Entry, file: str
) -> None:
    address = page("journal_entry_card", entry.pk)
    nameless = text_of(client.post(address, {"language": "en", "file": file}))
    named = text_of(client.post(address, {"language": "en", "file": file, "identity": "yes"}))
    for text in (nameless, named):
        assert SUMMARY in text
        assert "registered" in text.casefold()
    for said in (IDENTITY["full_name"], IDENTITY["address"], IDENTITY["phone"]):
        assert said in named
        assert said not in nameless
    assert [row["identity"] for row in facts()] == [False, True]
    shown = client.get(page("journal_entry_change", entry.pk)).content.decode()
    assert "The register card was printed, with who wrote the letter." in shown
    verify_school(entry.school)


def test_an_anonymous_entry_has_no_identity_to_print(
    client: Client, school: School, holder: Person
) -> None:
    entry = factories.registered_entry(school, by=holder)
    client.post(page("journal_entry_card", entry.pk), {"identity": "yes"})
    assert facts()[-1]["identity"] is False
    assert (
        'name="identity"' not in client.get(page("journal_entry_change", entry.pk)).content.decode()
    )


def test_the_slip_says_nothing_of_the_letter(client: Client, entry: Entry) -> None:
    response = client.post(page("journal_entry_slip", entry.pk), {"language": "en"})
    text = text_of(response)
    assert f"№ {entry.number}" in text
    assert "Psychologist" in text
    for kept_back in (SUMMARY, TEXT, *IDENTITY.values()):
        if len(kept_back) > 3:
            assert kept_back not in text
    assert facts() == [
        {"what": "registration slip", "language": "en", "form": "pdf"},
    ]
    assert response["Content-Disposition"] == 'attachment; filename="slip-1-1.pdf"'


def test_the_journal_of_openings_of_a_year(client: Client, school: School, entry: Entry) -> None:
    year = Opening.objects.get().year
    address = page("journal_openings_print", school.slug)
    for typed in (str(year), "1066", "²", "many"):
        text = text_of(client.post(address, {"language": "en", "year": typed}))
        assert f"{year}, “" in text
        assert "1 (site: 1, paper: 0)" in text
    assert facts()[0]["what"] == f"journal of openings {year}"


def test_a_sheet_as_word_file(client: Client, school: School, holder: Person) -> None:
    entry = factories.registered_entry(school, by=holder, signed=True)
    sent: Forwarding = factories.forwarded(
        entry, by=holder, parts=["summary"], covering="Please help."
    )
    response = client.post(
        page("journal_forwarding_print", sent.pk), {"language": "en", "file": "docx"}
    )
    text = text_of(response)
    assert response["Content-Disposition"].endswith('.docx"')
    assert "Please help." in text
    assert SUMMARY in text
    assert IDENTITY["full_name"] not in text


def test_blank_forms_stand_on_one_page(client: Client, school: School) -> None:
    shown = client.get(page("journal_blanks", school.slug)).content.decode()
    for what in ("act", "openings", "letters", "protocol", "sheet"):
        assert page("journal_blank", school.slug, what) in shown
    assert client.post(page("journal_blank", school.slug, "nothing")).status_code == 404
    client.post(page("journal_blank", school.slug, "act"), {"language": "en"})
    assert facts()[-1]["what"] == "blank act"


class TestWhatPagesOffer:
    def shown(self, person: Person, address: str) -> str:
        return signed_in_client(person).get(address).content.decode()

    def test_papers_stand_on_the_pages_of_whoever_prints(
        self, school: School, holder: Person, entry: Entry
    ) -> None:
        make_commission(school)
        meeting = hold(call(school, by=holder), by=holder)
        opening = Opening.objects.get()
        places = {
            page("journal_opening_change", opening.pk): page("journal_opening_act", opening.pk),
            page("journal_meeting_change", meeting.pk): page("journal_meeting_print", meeting.pk),
            page("journal_entry_change", entry.pk): page("journal_entry_card", entry.pk),
            page("journal_opening_changelist"): page("journal_blanks", school.slug),
        }
        keyless = make_person(school, "social_pedagogue")
        for address, leads_to in places.items():
            assert leads_to in self.shown(holder, address)
        for address in list(places)[:3]:
            assert places[address] not in self.shown(keyless, address)

    def test_while_letters_wait_the_act_is_offered_as_a_draft(
        self, school: School, holder: Person
    ) -> None:
        factories.send_letter(school)
        opening = factories.open_box(school, by=holder)
        address = page("journal_opening_change", opening.pk)
        assert "draft" in self.shown(holder, address)
        factories.register(opening.taken_letters.get(), by=holder)
        assert "draft" not in self.shown(holder, address)

    def test_without_acts_in_the_regulation_there_is_none_to_print(
        self, school: School, holder: Person
    ) -> None:
        Regulation.objects.filter(school=school).update(acts=Regulation.Acts.NONE)
        opening = factories.open_box(school, by=holder)
        address = page("journal_opening_act", opening.pk)
        assert address not in self.shown(holder, page("journal_opening_change", opening.pk))
        assert signed_in_client(holder).post(address).status_code == 404


class TestWhoMay:
    def test_pages_of_an_entry(self, school: School, entry: Entry) -> None:
        elsewhere = factories.make_school("school-2")
        people = [
            (make_person(school, "social_pedagogue"), 403),
            (make_person(school, "administrator"), 404),
            (make_person(elsewhere, "psychologist", with_key=True), 404),
        ]
        for person, status in people:
            client = signed_in_client(person)
            for name in ("journal_entry_card", "journal_entry_slip"):
                assert client.post(page(name, entry.pk)).status_code == status
                assert client.get(page(name, entry.pk)).status_code == 405
        assert not facts()
        refused = Trail.objects.filter(step=Trail.Step.REFUSED, entry=entry)
        assert refused.count() == 2

    def test_pages_of_a_school(self, school: School, entry: Entry) -> None:
        elsewhere = factories.make_school("school-2")
        stranger = signed_in_client(make_person(elsewhere, "psychologist", with_key=True))
        assert stranger.get(page("journal_blanks", school.slug)).status_code == 404
        for address in (
            page("journal_openings_print", school.slug),
            page("journal_blank", school.slug, "act"),
        ):
            assert stranger.post(address).status_code == 404

    def test_a_letter_about_a_reader_is_printed_by_nobody_it_is_closed_to(
        self, school: School, holder: Person
    ) -> None:
        deputy = make_person(school, "deputy_director")
        factories.give_key(school, to=deputy)
        entry = factories.registered_entry(school, by=deputy, about=["psychologist"])
        for name in ("journal_entry_card", "journal_entry_slip"):
            assert signed_in_client(holder).post(page(name, entry.pk)).status_code == 403
            assert signed_in_client(deputy).post(page(name, entry.pk)).status_code == 200
