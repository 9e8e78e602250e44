"""The pages on which the named person of a region holds and destroys what went to them alone."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from box.models import Letter, Message
from box.services import withdrawing
from journal.models import Escalation, Trail
from journal.services.keeping_cases import destroy_case, hold_case, release_case
from tests import factories
from tests.journal.keeping.case import LONG_AGO, NOW, at
from tests.journal.region.kept import SECRETS, closed_case, letter_for_region
from tests.journal.region.regional import Regional, officer_of, regional_school
from tests.journal.region.test_pages import page

pytestmark = pytest.mark.django_db(transaction=True)

OVER = "The time of keeping is over"


@pytest.fixture
def place() -> Regional:
    with at(LONG_AGO):
        return regional_school(keep_years=5)


@pytest.fixture
def old(place: Regional) -> Escalation:
    with at(LONG_AGO):
        return closed_case(place)


@pytest.fixture
def client(place: Regional) -> Client:
    return factories.signed_in_client(place.officer)


def sure(place: Regional, **typed: str) -> dict[str, str]:
    return {"destroy-sure": "on", "destroy-password": place.officer.password, **typed}


def seen(client: Client, case: Escalation) -> str:
    return " ".join(client.get(page(case)).content.decode().split())


class TestTheList:
    def test_tells_what_may_be_destroyed(
        self, place: Regional, old: Escalation, client: Client
    ) -> None:
        young = closed_case(place)
        html = client.get(reverse("admin:reached")).content.decode()
        assert OVER in html and f"{page(old)}#keeping" in html
        assert f"{page(young)}#keeping" not in html and page(young) in html
        hold_case(escalation=old, reason="A court.", by=place.officer.fresh())
        html = client.get(reverse("admin:reached")).content.decode()
        assert OVER not in html and "held" in html

    def test_as_many_queries_for_one_as_for_six(
        self, place: Regional, old: Escalation, client: Client
    ) -> None:
        def queries() -> int:
            with CaptureQueriesContext(connection) as found:
                html = client.get(reverse("admin:reached")).content.decode()
            assert html.count("#keeping") == Escalation.objects.count()
            return len(found)

        queries()
        once = queries()
        for number in range(5):
            with at(LONG_AGO):
                other = regional_school(f"another-{number}", keep_years=5)
                other.school.region = place.part
                other.school.save()
                closed_case(
                    Regional(other.staffed, place.part, place.whole, place.officer, place.chief)
                )
        assert queries() == once

    def test_as_many_queries_for_a_case_held_often(
        self, place: Regional, old: Escalation, client: Client
    ) -> None:
        def queries() -> int:
            with CaptureQueriesContext(connection) as found:
                client.get(page(old))
            return len(found)

        client.post(page(old, "hold"), {"hold-reason": "A court."})
        queries()
        once = queries()
        for _time in range(4):
            client.post(page(old, "release"), {"release-reason": "No court."})
            client.post(page(old, "hold"), {"hold-reason": "A court."})
        assert queries() == once


class TestHolding:
    def test_and_releasing(self, place: Regional, old: Escalation, client: Client) -> None:
        assert client.post(page(old, "hold"), {"hold-reason": " "}).status_code == 200
        done = client.post(page(old, "hold"), {"hold-reason": "The court of Akzhol."})
        assert done.status_code == 302
        html = seen(client, old)
        assert "It is held for a court or an inquiry" in html and "The court of Akzhol." in html
        assert "Destroy for good" not in html
        again = client.post(page(old, "hold"), {"hold-reason": "Typed once more."})
        assert again.status_code == 409 and "Typed once more." in again.content.decode()
        refused = client.post(page(old, "destroy"), sure(place))
        assert "cannot be destroyed" in refused.content.decode()
        client.post(page(old, "release"), {"release-reason": "It has judged."})
        old.refresh_from_db()
        assert not old.held and "Destroy for good" in seen(client, old)

    def test_who_comes_later_sees_that_it_is_held(
        self, place: Regional, old: Escalation, client: Client
    ) -> None:
        client.post(page(old, "hold"), {"hold-reason": "The court of Akzhol."})
        new = officer_of(place.part, "new.officer")
        Escalation.objects.update(officer=new.user, former_officer=place.officer.user)
        html = seen(factories.signed_in_client(new), old)
        assert "It is held for a court or an inquiry" in html
        assert "Akzhol" not in html and SECRETS["text"] not in html
        assert "Who asked for it is closed to you" in html and "hand it over" not in html


class TestDestroying:
    def test_with_one_s_own_password(
        self, place: Regional, old: Escalation, client: Client
    ) -> None:
        html = seen(client, old)
        assert "is kept for 5 years from that day" in html and "That time is over" in html
        for typed in (
            {},
            sure(place, **{"destroy-password": "another"}),
            {"destroy-password": place.officer.password},
        ):
            assert client.post(page(old, "destroy"), typed).status_code == 200
        assert not Letter.objects.get().opens_to_nobody
        assert client.post(page(old, "destroy"), sure(place)).status_code == 302
        html = seen(client, old)
        assert "are destroyed, and nobody can read them" in html
        for gone in (SECRETS["text"], SECRETS["note"], "Send to the author", "Destroy for good"):
            assert gone not in html
        assert client.post(page(old, "destroy"), sure(place)).status_code == 409
        listed = client.get(reverse("admin:reached")).content.decode()
        assert OVER not in listed and "destroyed" in listed

    def test_looking_at_what_is_gone_is_no_reading(
        self, place: Regional, old: Escalation, client: Client
    ) -> None:
        destroy_case(escalation=old, by=place.officer.fresh())
        seen(client, old)
        assert not Trail.objects.filter(step=Trail.Step.REGION_READ).exists()

    def test_what_was_typed_to_the_author_meanwhile_is_not_lost(
        self, place: Regional, old: Escalation, client: Client
    ) -> None:
        destroy_case(escalation=old, by=place.officer.fresh())
        told = client.post(page(old, "write"), {"text": "Half a word."})
        assert told.status_code == 409 and "Half a word." in told.content.decode()
        assert not Message.objects.exists()

    def test_a_young_one_offers_no_such_step(self, place: Regional, client: Client) -> None:
        case = closed_case(place)
        assert "Destroy for good" not in seen(client, case)
        refused = client.post(page(case, "destroy"), sure(place))
        assert "is not over" in refused.content.decode()
        assert not Letter.objects.get().opens_to_nobody


def test_what_its_author_withdrew_shows_dates_alone(place: Regional, client: Client) -> None:
    case = letter_for_region(place)
    withdrawing.erase(letter=Letter.objects.get())
    html = seen(client, case)
    assert "Withdrawn by its author" in html and "Reached the region" in html
    for gone in (SECRETS["text"], "I am dealing with it", "Send to the author", "How long it"):
        assert gone not in html
    bar = client.get(reverse("admin:own")).content.decode()
    assert page(case) not in bar
    assert "Withdrawn by its author" in client.get(reverse("admin:reached")).content.decode()


@pytest.mark.parametrize("who", ["chief", "holder", "director", "other officer"])
def test_for_anybody_else_there_is_nothing(place: Regional, old: Escalation, who: str) -> None:
    person = {
        "chief": place.chief,
        "holder": place.staffed.holder,
        "director": place.staffed.director,
        "other officer": regional_school("school-2").officer,
    }[who]
    other = factories.signed_in_client(person)
    typed = {"hold-reason": "A court.", "destroy-sure": "on", "destroy-password": person.password}
    for name in ("hold", "release", "destroy"):
        assert other.get(page(old, name)).status_code == 405
        assert other.post(page(old, name), typed).status_code == 404
    old.refresh_from_db()
    assert not old.held and not Letter.objects.get().opens_to_nobody


def test_the_school_s_pages_are_the_same_as_before(place: Regional, old: Escalation) -> None:
    with at(NOW):
        director = factories.signed_in_client(place.staffed.director)
        addresses = (
            reverse("admin:index"),
            reverse("admin:journal_destruction_changelist"),
            reverse("admin:journal_entry_changelist"),
            reverse("admin:journal_opening_changelist"),
            reverse("admin:journal_alert_changelist"),
        )

        def pages() -> list[str]:
            found = [director.get(address).content.decode() for address in addresses]
            return [html.partition("<main")[2] for html in found]

        pages()  # what is said once is said
        before = pages()
        officer = place.officer.fresh()
        hold_case(escalation=old, reason="A court.", by=officer)
        release_case(escalation=old, reason="No court.", by=officer)
        destroy_case(escalation=old, by=officer)
        after = pages()
    assert all(before) and [without_marks(html) for html in before] == [
        without_marks(html) for html in after
    ]


def without_marks(html: str) -> str:
    """A page without the mark of its form, which is another each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html)
