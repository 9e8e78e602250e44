"""The pages of a region's named person: what is there for them, in their own browser, and for nobody else."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from box.models import Letter, Message
from box.services import messaging
from journal.models import Alert, Escalation, Trail
from journal.services import at_region
from journal.services.calls import register_call
from journal.services.entering import PaperLetter, Registration
from schools.models.regulation import Source
from tests import factories
from tests.box.files.samples import picture
from tests.journal.region.regional import (
    EVERYBODY,
    WORDS,
    Regional,
    cry,
    nobody_answers,
    officer_of,
    regional_school,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place() -> Regional:
    return regional_school()


@pytest.fixture
def case(place: Regional) -> Escalation:
    letter = cry(place, files=[picture("JPEG")])
    nobody_answers(Alert.objects.get(letter=letter))
    return Escalation.objects.get(letter=letter)


@pytest.fixture
def client(place: Regional) -> Client:
    return factories.signed_in_client(place.officer)


def page(case: Escalation, name: str = "one", *rest: object) -> str:
    return reverse(f"admin:reached_{name}", args=[case.pk, *rest])


def test_the_second_step_is_asked_of_them(place: Regional) -> None:
    client = Client()
    client.post(
        reverse("admin:login"),
        {"username": place.officer.user.username, "password": place.officer.password},
    )
    response = client.get(reverse("admin:reached"))
    assert response.status_code == 302 and "second-factor" in response.url


def test_the_bar_leads_to_it_on_every_page(case: Escalation, client: Client) -> None:
    html = client.get(reverse("admin:own")).content.decode()
    assert page(case) in html and page(case, "take") in html and WORDS not in html
    client.post(page(case, "take"))
    assert page(case) not in client.get(reverse("admin:own")).content.decode()


def test_the_page_shows_the_words_and_leaves_a_row(case: Escalation, client: Client) -> None:
    html = client.get(page(case)).content.decode()
    assert WORDS in html and page(case, "file", 1) in html
    row = Trail.objects.get(step="region_read")
    assert row.by_name == case.officer.username and WORDS not in str(row.facts)


def test_a_file_is_handed_out_and_previewed(case: Escalation, client: Client) -> None:
    for name in ("file", "preview"):
        response = client.get(page(case, name, 1))
        assert b"".join(response.streaming_content).startswith(b"\xff\xd8")
    assert client.get(page(case, "file", 2)).status_code == 404


def test_the_whole_way(place: Regional, case: Escalation, client: Client) -> None:
    assert client.post(page(case, "take")).status_code == 302
    assert client.post(page(case, "take")).status_code == 302  # pressed twice
    client.post(page(case, "write"), {"text": "I have called the police."})
    assert Message.objects.get(letter=case.letter).kind == Message.Kind.MESSAGE
    assert "I have called the police." in client.get(page(case)).content.decode()
    assert client.post(page(case, "write"), {"text": " "}).status_code == 200
    client.post(page(case, "close", "helped"), {"helped-note": "He is safe."})
    case.refresh_from_db()
    assert case.outcome == "helped"
    assert "He is safe." in client.get(page(case)).content.decode()
    again = client.post(page(case, "close", "helped"), {"helped-note": "Typed once more."})
    assert again.status_code == 409 and "Typed once more." in again.content.decode()
    assert client.post(page(case, "close", "unknown")).status_code == 403


def test_nothing_is_written_before_it_is_in_hand(case: Escalation, client: Client) -> None:
    response = client.post(page(case, "write"), {"text": "Half a word."})
    assert "Half a word." in response.content.decode()
    client.post(page(case, "close", "helped"), {"helped-note": "Half a word."})
    assert not Message.objects.exists()
    case.refresh_from_db()
    assert case.outcome == "" and case.waits


@pytest.mark.parametrize("who", ["chief", "holder", "director", "other officer", "analyst"])
def test_it_is_not_there_for_anybody_else(place: Regional, case: Escalation, who: str) -> None:
    if who == "other officer":
        person = regional_school("school-2").officer
    elif who == "analyst":
        person = factories.make_person(place.school, "region_analyst")
    elif who == "chief":
        person = place.chief
    else:
        person = getattr(place.staffed, who)
    other = factories.signed_in_client(person)
    assert other.get(page(case)).status_code == 404
    assert other.get(page(case, "file", 1)).status_code == 404
    for name, *rest in (("take",), ("write",), ("close", "helped"), ("hand_over",)):
        assert other.post(page(case, name, *rest), {"text": "x"}).status_code == 404
    listed = other.get(reverse("admin:reached"))
    if listed.status_code == 200:
        assert page(case) not in listed.content.decode()
    else:
        assert listed.status_code == 403
    case.refresh_from_db()
    assert case.waits


def test_before_it_is_passed_on_there_is_nothing(place: Regional, client: Client) -> None:
    letter = cry(place)
    assert not Escalation.objects.exists()
    html = client.get(reverse("admin:reached")).content.decode()
    assert "Nothing has reached you." in html
    # Neither is there a way through the journal, the alerts or the box.
    alert = Alert.objects.get(letter=letter)
    for address in (
        reverse("admin:journal_alert_change", args=[alert.pk]),
        reverse("admin:journal_alert_changelist"),
        reverse("admin:journal_entry_changelist"),
        reverse("admin:journal_opening_changelist"),
    ):
        assert client.get(address).status_code in {403, 404}, address


def test_steps_are_taken_by_post_alone(case: Escalation, client: Client) -> None:
    for name, *rest in (("take",), ("write",), ("close", "helped"), ("hand_over",)):
        assert client.get(page(case, name, *rest)).status_code == 405


def test_as_many_queries_for_one_case_as_for_six(
    place: Regional, case: Escalation, client: Client
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get(reverse("admin:reached"))
        return len(found)

    queries()
    once = queries()
    for _number in range(5):
        nobody_answers(Alert.objects.get(letter=cry(place), message=None))
    assert queries() == once


def test_as_many_queries_for_one_message_as_for_twelve(case: Escalation, client: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get(page(case))
        return len(found)

    letter = Letter.objects.get(pk=case.letter_id)
    messaging.write_back(letter=letter, text="Once.", danger=False, form_hash=bytes(32))
    queries()
    once = queries()
    for number in range(1, 12):
        messaging.write_back(
            letter=letter, text="More.", danger=False, form_hash=bytes([number]) * 32
        )
    assert queries() == once


class TestTheSchool:
    def test_sees_on_the_page_of_its_key_whom_the_region_names(self, place: Regional) -> None:
        client = factories.signed_in_client(place.staffed.holder)
        address = reverse("admin:keys", args=[place.school.slug])
        html = client.get(address).content.decode()
        assert place.officer.user.full_name in html and place.chief.user.full_name in html
        place.school.region = None
        place.school.save()
        assert "Nobody is named outside the school" in client.get(address).content.decode()

    def test_sees_that_it_was_passed_on(self, place: Regional, case: Escalation) -> None:
        client = factories.signed_in_client(place.staffed.director)
        alert = Alert.objects.get()
        html = client.get(reverse("admin:journal_alert_change", args=[alert.pk])).content.decode()
        assert "the named person of the region was called, and can open the words" in html
        assert place.officer.user.full_name in html

    def test_sees_nothing_of_a_letter_about_everybody(self, place: Regional) -> None:
        factories.send_letter(place.school, text=WORDS, about=EVERYBODY, danger=True)
        alert = Alert.objects.get()
        for person in (place.staffed.holder, place.staffed.director):
            client = factories.signed_in_client(person)
            today = client.get(reverse("admin:index")).content.decode()
            assert "danger-bar" not in today
            assert (
                client.get(reverse("admin:journal_alert_change", args=[alert.pk])).status_code
                == 404
            )


class TestHandingOver:
    def test_by_a_button(self, place: Regional) -> None:
        factories.send_letter(place.school, text=WORDS, about=EVERYBODY)
        new = officer_of(place.part, "new.officer")
        at_region.look_after()
        case = Escalation.objects.get()
        theirs = factories.signed_in_client(new)
        html = theirs.get(page(case)).content.decode()
        assert WORDS not in html and str(place.officer.user) in html
        former = factories.signed_in_client(place.officer)
        assert former.get(page(case)).status_code == 404
        listed = former.get(reverse("admin:reached")).content.decode()
        assert page(case, "hand_over") in listed and WORDS not in listed
        former.post(page(case, "hand_over"))
        assert WORDS in theirs.get(page(case)).content.decode()
        assert former.post(page(case, "hand_over")).status_code in {302, 404}


def test_a_call_that_its_taker_cannot_act_upon(place: Regional) -> None:
    taker = factories.make_person(place.school, "phone_officer")
    regulation = place.school.regulations.get()
    if Source.PHONE not in regulation.sources:
        regulation.sources = [*regulation.sources, Source.PHONE]
        regulation.save()
    register_call(
        school=place.school,
        call=PaperLetter(
            text=WORDS,
            audience="student",
            signed=False,
            source=Source.PHONE,
            received_at=place.school.now(),
        ),
        registration=Registration(summary="A child calls.", category=None, danger=True),
        by=taker.fresh(),
        keyring=taker.keyring(),
    )
    alert = nobody_answers(Alert.objects.get())
    case = Escalation.objects.get(entry=alert.entry)
    html = factories.signed_in_client(place.officer).get(page(case)).content.decode()
    assert WORDS in html and "A child calls." in html
    chief = factories.signed_in_client(place.chief)
    assert chief.get(page(case)).status_code == 404
