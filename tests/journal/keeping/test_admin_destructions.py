"""The pages of destruction: what is due, the list, its approval, the act; and what other pages say afterwards."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from journal.models import Destruction, Doomed, Entry
from journal.services import destroying
from schools.models import School
from tests.factories import PASSWORD, Person, signed_in_client
from tests.journal.keeping.case import (
    LONG_AGO,
    NOW,
    SECRETS,
    at,
    closed_entry,
    destroyed,
    meeting_held,
    put_aside,
    rich_entry,
)
from tests.reports.reading import page_texts

pytestmark = pytest.mark.django_db
LIST = "/admin/journal/destruction/"


def text_of(file: bytes) -> str:
    return " ".join(" ".join(page_texts(file)).split())


@pytest.fixture
def old(school: School, holder: Person) -> Entry:
    with at(LONG_AGO):
        return closed_entry(school, by=holder)


def sees(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_from_what_is_due_to_the_act(
    school: School, holder: Person, deputy: Person, old: Entry
) -> None:
    with at(NOW):
        client, approver = signed_in_client(holder), signed_in_client(deputy)
        due = f"{LIST}draw-up/{school.slug}/"
        assert "is kept for 5 years" in sees(client, due)
        page = client.post(due).headers["Location"]
        destruction = Destruction.objects.get()
        assert page == f"{LIST}{destruction.pk}/change/"
        assert "waits for the commission" in sees(client, page)
        assert "No meeting of the commission was held" in sees(approver, page)
        meeting = meeting_held(school, by=holder)
        assert "approve-spared" in sees(approver, page)
        assert "approve-spared" not in sees(client, page)  # the psychologist does not approve
        approved = approver.post(
            f"{LIST}{destruction.pk}/approve/", {"approve-meeting": meeting.pk}
        )
        assert approved.headers["Location"] == page
        carry = f"{LIST}{destruction.pk}/carry-out/"
        wrong = client.post(carry, {"destroy-password": "no", "destroy-sure": "on"})
        assert "This is not your password" in wrong.content.decode()
        unsure = client.post(carry, {"destroy-password": PASSWORD})
        assert unsure.status_code == 200
        assert Entry.objects.get(pk=old.pk).destroyed_on is None
        done = client.post(carry, {"destroy-password": PASSWORD, "destroy-sure": "on"})
        assert done.headers["Location"] == page
        assert Entry.objects.get(pk=old.pk).destroyed_on == school.today()
        assert "carried out on" in sees(client, page)
        again = client.post(carry, {"destroy-password": PASSWORD, "destroy-sure": "on"})
        assert again.status_code == 409


def test_a_ticked_line_is_kept(school: School, holder: Person, deputy: Person, old: Entry) -> None:
    with at(LONG_AGO):
        other = closed_entry(school, by=holder)
    with at(NOW):
        listed = destroying.draw_up(school=school, by=holder.fresh())
        meeting = meeting_held(school, by=holder)
        line = Doomed.objects.get(entry=old)
        answer = signed_in_client(deputy).post(
            f"{LIST}{listed.pk}/approve/",
            {"approve-meeting": meeting.pk, "approve-spared": [line.pk]},
        )
        assert answer.status_code == 302
        assert set(listed.lines.filter(spared=True)) == {line}
        assert Doomed.objects.get(entry=other).spared is False


def test_a_line_of_another_list_is_refused(
    school: School, holder: Person, deputy: Person, old: Entry
) -> None:
    with at(NOW):
        listed = destroying.draw_up(school=school, by=holder.fresh())
        meeting = meeting_held(school, by=holder)
        answer = signed_in_client(deputy).post(
            f"{LIST}{listed.pk}/approve/",
            {"approve-meeting": meeting.pk, "approve-spared": ["99999"]},
        )
        assert answer.status_code == 200
        listed.refresh_from_db()
        assert listed.approved_on is None


def test_a_list_is_called_off(school: School, holder: Person, old: Entry) -> None:
    with at(NOW):
        listed = destroying.draw_up(school=school, by=holder.fresh())
        client = signed_in_client(holder)
        assert client.post(f"{LIST}{listed.pk}/call-off/").status_code == 302
        assert client.post(f"{LIST}{listed.pk}/call-off/").status_code == 409
        assert "called off on" in sees(client, f"{LIST}{listed.pk}/change/")


def test_of_a_letter_closed_to_a_reader_the_list_tells_number_and_day_alone(
    school: School, holder: Person, deputy: Person
) -> None:
    with at(LONG_AGO):
        closed_entry(school, by=deputy, about=["psychologist"])
    with at(NOW):
        listed = destroying.draw_up(school=school, by=deputy.fresh())
        page = f"{LIST}{listed.pk}/change/"
        assert "Bullying" in sees(signed_in_client(deputy), page)
        told = sees(signed_in_client(holder), page)
        assert "Entry № 1" in told and "Bullying" not in told


class TestAfterwards:
    """What the pages and papers say of an entry that is destroyed."""

    @pytest.fixture
    def gone(self, school: School, holder: Person, deputy: Person) -> Entry:
        with at(LONG_AGO):
            entry, _code = rich_entry(school, by=holder)
        with at(NOW):
            destroyed(school, by=holder, approver=deputy)
        return Entry.objects.get(pk=entry.pk)

    @pytest.fixture
    def client(self, holder: Person) -> Client:
        with at(NOW):
            return signed_in_client(holder)

    def test_the_entry(self, gone: Entry, client: Client) -> None:
        with at(NOW):
            page = sees(client, reverse("admin:journal_entry_change", args=[gone.pk]))
        assert "Destroyed by act № 1 of" in page
        assert "Bullying" in page and "The content was destroyed by act № 1" in page
        assert "Closed to you" not in page and "Who holds the key" not in page
        assert "Sent on" in page
        assert not any(word in page for word in SECRETS.values())

    def test_the_list_and_the_search(self, gone: Entry, client: Client) -> None:
        with at(NOW):
            assert "Destroyed by act № 1 of" in sees(client, "/admin/journal/entry/")
            found = client.post("/admin/journal/entry/", {"words": str(gone.number)})
            assert "Destroyed by act № 1 of" in found.content.decode()
            nothing = client.post("/admin/journal/entry/", {"words": "Zebrahund"})
            assert "Destroyed by act" not in nothing.content.decode()

    def test_the_protocol(self, gone: Entry, client: Client) -> None:
        meeting = gone.points.get().meeting
        with at(NOW):
            page = sees(client, f"/admin/journal/meeting/{meeting.pk}/change/")
            assert "Destroyed by act № 1 of" in page
            printed = client.post(
                f"/admin/journal/meeting/{meeting.pk}/print/", {"language": "en", "file": "pdf"}
            )
        assert printed.status_code == 200
        assert "Destroyed by act № 1" in text_of(printed.content)
        assert not any(word in text_of(printed.content) for word in SECRETS.values())

    def test_the_printed_journal(self, gone: Entry, client: Client) -> None:
        with at(NOW):
            printed = client.post(
                f"/admin/journal/volume/{gone.volume_id}/print/",
                {"language": "ru", "extent": "whole"},
            )
        said = text_of(printed.content)
        assert "21.11.2026" in said
        assert not any(word in said for word in SECRETS.values())

    def test_the_export(self, gone: Entry, client: Client) -> None:
        with at(NOW):
            got = client.post("/admin/journal/entry/export/", {"kind": "csv", "password": PASSWORD})
        said = b"".join(got).decode()
        assert "Destroyed by act № 1 of 21 Nov 2026" in said and "Bullying" in said
        assert not any(word in said for word in SECRETS.values())

    def test_the_opening_of_a_letter_set_aside(
        self, school: School, holder: Person, deputy: Person
    ) -> None:
        with at(LONG_AGO):
            taken = put_aside(school, by=holder)
        with at(NOW):
            destroyed(school, by=holder, approver=deputy)
            page = sees(
                signed_in_client(holder), f"/admin/journal/opening/{taken.opening_id}/change/"
            )
        assert "advertising" in page and "Destroyed by act № 1 of" in page
        assert "Of a shop." not in page

    def test_the_papers(self, gone: Entry, client: Client) -> None:
        destruction = Destruction.objects.get()
        with at(NOW):
            for paper in ("list", "act"):
                for form in ("pdf", "docx"):
                    for language in ("kk", "ru"):
                        got = client.post(
                            f"{LIST}{destruction.pk}/{paper}/",
                            {"language": language, "file": form},
                        )
                        assert got.status_code == 200
                        assert f"destruction-{paper}-1.{form}" in got["Content-Disposition"]
            act = client.post(f"{LIST}{destruction.pk}/act/", {"language": "ru", "file": "pdf"})
        said = text_of(act.content)
        assert "№ 1" in said and "Ким Виктор" in said


def test_the_queries_do_not_grow_with_the_list(school: School, holder: Person) -> None:
    counts = []
    for count in (1, 6):
        with at(LONG_AGO):
            for _ in range(count):
                closed_entry(school, by=holder)
        with at(NOW):
            listed = destroying.draw_up(school=school, by=holder.fresh())
            client = signed_in_client(holder)
            sees(client, f"{LIST}{listed.pk}/change/")
            with CaptureQueriesContext(
                connection,
            ) as heard:
                sees(client, f"{LIST}{listed.pk}/change/")
            counts.append(len(heard))
            destroying.call_off(school=school, destruction=listed, by=holder.fresh())
    assert counts[0] == counts[1]
