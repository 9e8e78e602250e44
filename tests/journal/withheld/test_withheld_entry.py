"""The page of an entry that is closed to some, and opening it to a colleague."""

from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from journal.models import Entry, Trail
from journal.services import reviewing, sharing
from schools.errors import Refused
from schools.models import School
from tests import factories
from tests.factories import Person, make_person, signed_in_client
from tests.journal.withheld.case import (
    SECRET,
    STRANGERS,
    SUMMARY,
    Case,
    no_word_of_it,
    page_of,
    text_of,
)
from tests.races import at_once

pytestmark = pytest.mark.django_db


class TestPage:
    @pytest.mark.parametrize("who", STRANGERS)
    def test_number_and_date_and_nothing_else(self, case: Case, who: str) -> None:
        response = case.client(who).get(page_of(case.sealed))
        assert response.status_code == 200
        page = response.content.decode()
        no_word_of_it(page)
        said = text_of(page)
        assert "Entry № 2" in said
        assert case.sealed.taken_on.strftime("%d.%m.%Y") in said
        assert "Closed to you" in said
        for told in (
            "in review", "registered", "danger", "overdue", "Requests", "web form", "History",
            "pupil", "Reviewer", case.people["reader"].user.full_name, "What next", "Reply due",
        ):  # fmt: skip
            assert told not in said
        assert "/step/" not in page
        assert "/share/" not in page

    @pytest.mark.parametrize("who", STRANGERS)
    def test_looking_at_it_is_no_reading(self, case: Case, who: str) -> None:
        case.client(who).get(page_of(case.sealed))
        assert not Trail.objects.filter(entry=case.sealed, step=Trail.Step.READ).exists()

    @pytest.mark.parametrize("who", STRANGERS)
    def test_the_entries_beside_it_lead_to_it(self, case: Case, who: str) -> None:
        client = case.client(who)
        assert page_of(case.sealed) in client.get(page_of(case.ordinary)).content.decode()
        assert page_of(case.ordinary) in client.get(page_of(case.sealed)).content.decode()

    def test_its_reader_sees_it_with_whom_it_is_about(self, case: Case) -> None:
        page = text_of(case.client("reader").get(page_of(case.sealed)).content.decode())
        assert SECRET in page
        assert "About psychologist" in page
        assert "Who can read this entry" in page

    def test_a_keyless_director_sees_an_ordinary_entry_as_before(self, case: Case) -> None:
        page = text_of(case.client("director").get(page_of(case.ordinary)).content.decode())
        assert "registered" in page
        assert "In the journal" in page

    def test_another_school_finds_nothing_there(self, case: Case) -> None:
        client = case.client("stranger")
        assert client.get(page_of(case.sealed)).status_code == 404
        share = reverse("admin:journal_entry_share", args=[case.sealed.pk])
        assert client.post(share).status_code == 404

    @pytest.mark.parametrize("who", ["concerned", "late"])
    @pytest.mark.parametrize(
        "step", ["taken_into_review", "measures_recorded", "answered", "closed", "corrected"]
    )
    def test_steps_are_refused_and_leave_a_row(self, case: Case, who: str, step: str) -> None:
        client = case.client(who)
        data = {f"{step}-version": case.sealed.version, f"{step}-measures": "Nothing happened."}
        address = reverse("admin:journal_entry_step", args=[case.sealed.pk, step])
        response = client.post(address, data)
        assert response.status_code == 403
        no_word_of_it(response.content.decode())
        case.sealed.refresh_from_db()
        assert (case.sealed.state, case.sealed.version) == ("in_review", 2)
        row = Trail.objects.order_by("position").last()
        assert (row.step, row.entry, row.by) == (
            Trail.Step.REFUSED,
            case.sealed,
            case.people[who].user,
        )
        history = text_of(case.client("reader").get(page_of(case.sealed)).content.decode())
        assert "Somebody to whom the entry is closed tried to work on it" in history


def test_only_who_can_read_it_is_offered_to_review_it(
    school: School, people: dict[str, Person]
) -> None:
    reader, concerned = people["reader"], people["concerned"]
    entry = factories.registered_entry(school, by=reader, about=["psychologist"])
    page = signed_in_client(reader).get(page_of(entry))
    (review,) = [step for step in page.context["steps"] if step.name == "taken_into_review"]
    assert list(review.form.fields["reviewer"].queryset) == [reader.user]
    with pytest.raises(Refused):
        reviewing.take_into_review(
            entry=entry,
            reviewer=concerned.fresh(),
            by=reader.fresh(),
            keyring=reader.keyring(),
            version=1,
        )


@pytest.mark.django_db(transaction=True)
def test_two_who_share_at_once_let_both_colleagues_in() -> None:
    school = factories.make_school()
    make_person(school, "psychologist", with_key=True)
    readers = [
        make_person(school, "deputy_director", username=f"deputy-{place}") for place in range(2)
    ]
    colleagues = [make_person(school, "director", username=f"director-{at}") for at in range(2)]
    for reader in readers:
        factories.give_key(school, to=reader)
    entry = factories.registered_entry(school, by=readers[0], about=["psychologist"])

    def open_it(place: int) -> None:
        reader = readers[place]
        sharing.share(
            entry=Entry.objects.select_related("school").get(pk=entry.pk),
            to=colleagues[place].fresh(),
            by=reader.fresh(),
            keyring=reader.keyring(),
        )

    assert at_once(2, open_it) == [None, None]
    entry = Entry.objects.select_related("letter").get(pk=entry.pk)
    for colleague in colleagues:
        assert entry.read(colleague.keyring())["summary"]
        assert entry.letter.read(colleague.keyring())["text"]
    assert Trail.objects.filter(step=Trail.Step.SHARED).count() == 2


class TestSharing:
    @pytest.fixture
    def address(self, case: Case) -> str:
        return reverse("admin:journal_entry_share", args=[case.sealed.pk])

    def form(self, person: Person, password: str = factories.PASSWORD) -> dict[str, str]:
        return {"share-to": str(person.user.pk), "share-password": password}

    def test_a_colleague_reads_it_from_then_on(self, case: Case, address: str) -> None:
        late = case.people["late"]
        response = case.client("reader").post(address, self.form(late), follow=True)
        assert f"{late.user.full_name} can read № 2 now." in unescape(response.content.decode())
        page = text_of(case.client("late").get(page_of(case.sealed)).content.decode())
        assert SECRET in page
        assert f"The entry was opened to a colleague: {late.user.full_name}." in page
        row = Trail.objects.get(step=Trail.Step.SHARED)
        assert (row.facts, row.by) == ({"to": late.user.username}, case.people["reader"].user)
        no_word_of_it(case.client("concerned").get(page_of(case.sealed)).content.decode())

    def test_a_director_without_the_schools_key_can_be_let_in_to_this_one(
        self, case: Case, address: str
    ) -> None:
        director = case.people["director"]
        case.client("reader").post(address, self.form(director))
        client = case.client("director")
        assert SECRET in client.get(page_of(case.sealed)).content.decode()
        assert factories.TEXT not in client.get(page_of(case.ordinary)).content.decode()

    def test_the_concerned_is_not_offered_and_not_taken(self, case: Case, address: str) -> None:
        concerned = case.people["concerned"]
        client = case.client("reader")
        page = client.get(page_of(case.sealed))
        offered = [person.pk for person in page.context["share"].fields["to"].queryset]
        assert concerned.user.pk not in offered
        assert case.people["late"].user.pk in offered
        response = client.post(address, self.form(concerned))
        assert response.status_code == 200
        case.sealed.refresh_from_db()
        assert case.sealed.is_withheld_from(concerned.user.pk)
        assert not Trail.objects.filter(step=Trail.Step.SHARED).exists()

    def test_a_new_role_does_not_let_the_concerned_in(self, case: Case, address: str) -> None:
        concerned = case.people["concerned"]
        concerned.user.memberships.update(role_id="director")
        case.client("reader").post(address, self.form(concerned))
        case.sealed.refresh_from_db()
        assert case.sealed.is_withheld_from(concerned.user.pk)

    def test_nor_is_whoever_has_the_role_now(self, case: Case, address: str) -> None:
        successor = make_person(case.school, "psychologist", username="successor")
        case.client("reader").post(address, self.form(successor))
        case.sealed.refresh_from_db()
        assert case.sealed.is_withheld_from(successor.user.pk)

    def test_a_wrong_password_opens_nothing(self, case: Case, address: str) -> None:
        late = case.people["late"]
        response = case.client("reader").post(address, self.form(late, "wrong"))
        assert "This is not your password." in response.content.decode()
        case.sealed.refresh_from_db()
        assert case.sealed.is_withheld_from(late.user.pk)

    @pytest.mark.parametrize("who", STRANGERS)
    def test_who_cannot_read_it_shares_nothing(self, case: Case, address: str, who: str) -> None:
        response = case.client(who).post(address, self.form(case.people["late"]))
        assert response.status_code == 403
        case.sealed.refresh_from_db()
        assert list(case.sealed.personal_keys) == [str(case.people["reader"].user.pk)]
        assert Trail.objects.order_by("position").last().step == Trail.Step.REFUSED

    def test_an_ordinary_entry_is_not_shared(self, case: Case) -> None:
        client = case.client("reader")
        assert "Who can read this entry" not in client.get(page_of(case.ordinary)).content.decode()
        address = reverse("admin:journal_entry_share", args=[case.ordinary.pk])
        assert client.post(address, self.form(case.people["late"])).status_code == 403

    def test_by_post_alone(self, case: Case, address: str) -> None:
        assert case.client("reader").get(address).status_code == 405

    def test_once_more_after_a_password_set_by_others(self, case: Case, address: str) -> None:
        late, client = case.people["late"], case.client("reader")
        client.post(address, self.form(late))
        page = unescape(client.get(page_of(case.sealed)).content.decode())
        assert f"{late.user.full_name} (once more, after a new password)" in page
        client.post(address, self.form(late))
        assert Trail.objects.filter(step=Trail.Step.SHARED).count() == 2
        case.sealed.refresh_from_db()
        assert case.sealed.read(late.keyring())["summary"] == SUMMARY

    def test_the_page_asks_as_often_however_many_can_read_it(self, case: Case) -> None:
        client = case.client("reader")

        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                client.get(page_of(case.sealed))
            return len(queries)

        cost()
        before = cost()
        for number in range(8):
            make_person(case.school, "director", username=f"director-{number}")
        assert cost() == before
