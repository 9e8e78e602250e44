"""Taking a call and typing in a letter, on the staff site."""

import datetime
import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from journal.models import Alert, Entry, Forwarding
from schools.models import Body, Category, Regulation, School
from schools.services.bodies import give_bodies
from tests import factories
from tests.factories import Person, make_person, signed_in_client
from tests.journal.typed_in.case import CALL, CALLER, LETTER, SUMMARY, call_of, text_of

pytestmark = pytest.mark.django_db


class TestTakingACall:
    def test_the_screen_begins_with_danger_and_the_numbers_to_say_aloud(
        self, client: Client, school: School
    ) -> None:
        with time_machine.travel(datetime.datetime(2026, 11, 20, 14, 5, tzinfo=school.zone)):
            page = client.get(CALL)
        html = page.content.decode()
        places = [
            html.index(f'name="{name}"') for name in ("danger", "summary", "full_name", "body")
        ]
        assert places == sorted(places)
        assert html.index('name="danger"') < html.index("<b>112</b>") < html.index('name="summary"')
        assert re.search(r'name="danger"[^>]*autofocus', html)
        assert 'value="2026-11-20"' in html and 'value="14:05"' in html
        assert page.context["form"]["way"].value() == "phone"

    def test_a_call_gets_its_number_at_once_and_the_next_one_can_come(
        self, client: Client, school: School, holder: Person
    ) -> None:
        answer = client.post(CALL, call_of(school, **CALLER, class_group="7Б"), follow=True)
        entry = Entry.objects.get()
        assert '<p class="call-number">№ 1</p>' in answer.content.decode()
        assert f'href="{CALL}"' in answer.content.decode() and "Take another call" in text_of(
            answer
        )
        content = entry.read(holder.keyring())
        assert {name: content[name] for name in CALLER} == CALLER
        assert (content["summary"], content["class_group"]) == (SUMMARY, "7Б")
        assert (entry.audience, entry.source, entry.signed) == ("parent", "phone", True)

    def test_without_the_key_the_number_is_all_that_is_seen_afterwards(
        self, client: Client, school: School
    ) -> None:
        answer = client.post(CALL, call_of(school, **CALLER), follow=True)
        page = client.get(reverse("admin:journal_entry_change", args=[Entry.objects.get().pk]))
        for shown in (answer, page):
            assert SUMMARY not in shown.content.decode()
            assert CALLER["full_name"] not in shown.content.decode()
        assert "You see its number" in text_of(answer)
        assert reverse("admin:journal_entry_change", args=[Entry.objects.get().pk]) not in (
            answer.content.decode()
        )

    def test_a_key_holder_goes_on_from_there(self, school: School, holder: Person) -> None:
        client = signed_in_client(holder)
        answer = client.post(CALL, call_of(school), follow=True)
        assert "Open the entry, or send it on" in text_of(answer)
        page = client.get(reverse("admin:journal_entry_change", args=[Entry.objects.get().pk]))
        assert SUMMARY in page.content.decode()
        assert "It was a call" in text_of(page)

    @pytest.mark.parametrize("how", ["left empty", "ticked"])
    def test_an_anonymous_caller_leaves_nothing(
        self, client: Client, school: School, holder: Person, how: str
    ) -> None:
        typed = {} if how == "left empty" else {**CALLER, "anonymous": "on"}
        client.post(CALL, call_of(school, **typed))
        entry = Entry.objects.get()
        content = entry.read(holder.keyring())
        assert not entry.signed and [content[name] for name in CALLER] == ["", "", ""]

    def test_a_phone_alone_is_enough_to_call_back(
        self, client: Client, school: School, holder: Person
    ) -> None:
        client.post(CALL, call_of(school, phone="8 701 000 00 01"))
        entry = Entry.objects.get()
        assert entry.signed and entry.read(holder.keyring())["phone"] == "8 701 000 00 01"

    def test_a_mistake_loses_nothing_and_the_cursor_stands_there(
        self, client: Client, school: School
    ) -> None:
        page = client.post(CALL, call_of(school, summary="", danger="on", **CALLER))
        html = page.content.decode()
        assert page.status_code == 200 and not Entry.objects.exists()
        for text in CALLER.values():
            assert f'value="{text}"' in html
        assert re.search(r'name="danger"[^>]*checked', html)
        assert re.search(r'<textarea name="summary"[^>]*autofocus', html)
        assert html.count("autofocus") == 1
        assert "Everything you typed is kept" in text_of(page)

    def test_a_message_from_the_machine_keeps_its_own_time(
        self, officer: Person, school: School
    ) -> None:
        with time_machine.travel(datetime.datetime(2026, 11, 23, 9, 5, tzinfo=school.zone)):
            new = signed_in_client(officer)  # a session does not travel
            new.post(CALL, call_of(school, received_on="2026-11-20", received_time="22:41"))
        entry = Entry.objects.get()
        assert entry.received_at == datetime.datetime(2026, 11, 20, 22, 41, tzinfo=school.zone)
        assert entry.due_on == datetime.date(2026, 11, 27)

    @pytest.mark.parametrize(
        ("day", "time", "field"),
        [
            ("2026-11-20", "23:59", "received_time"),
            ("2026-11-21", "01:00", "received_on"),
            ("2025-11-02", "10:00", "received_on"),
            ("yesterday", "10:00", "received_on"),
            ("", "", "received_on"),
        ],
    )
    def test_a_moment_that_cannot_be_is_named(
        self, officer: Person, school: School, day: str, time: str, field: str
    ) -> None:
        with time_machine.travel(datetime.datetime(2026, 11, 20, 14, tzinfo=school.zone)):
            new = signed_in_client(officer)  # a session does not travel
            page = new.post(CALL, call_of(school, received_on=day, received_time=time))
        assert field in page.context["form"].errors and not Entry.objects.exists()

    def test_sent_on_in_the_same_form_without_the_key(
        self, client: Client, school: School, holder: Person
    ) -> None:
        body = Body.objects.filter(school=school).first()
        due = (school.today() + datetime.timedelta(days=9)).isoformat()
        typed = {"body": body.pk, "way": "phone", "due_on": due, "with_caller": "on", **CALLER}
        answer = client.post(CALL, call_of(school, **typed), follow=True)
        sent = Forwarding.objects.get()
        assert (sent.body, sent.way, sent.due_on.isoformat()) == (body, "phone", due)
        assert sent.read(holder.keyring())["sheet"]["phone"] == CALLER["phone"]
        assert f"Sent on: {body.name_in('en')}" in text_of(answer)

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [({"due_on": "2001-01-01"}, "due_on"), ({"due_on": ""}, "due_on"), ({"way": ""}, "way")],
    )
    def test_what_is_missing_for_sending_on_is_named(
        self, client: Client, school: School, wrong: dict[str, str], field: str
    ) -> None:
        due = school.today().isoformat()
        sent = {"body": Body.objects.filter(school=school).first().pk, "way": "fax", "due_on": due}
        page = client.post(CALL, call_of(school, **{**sent, **wrong}))
        assert list(page.context["form"].errors) == [field] and not Entry.objects.exists()

    def test_a_body_of_another_school_or_out_of_use_is_not_offered(
        self, client: Client, school: School
    ) -> None:
        other = factories.make_school("other")
        give_bodies(school=other)
        foreign = Body.objects.filter(school=other).first()
        page = client.post(CALL, call_of(school, body=foreign.pk, way="fax"))
        assert "body" in page.context["form"].errors
        Body.objects.filter(school=school).update(in_use=False)
        assert "body" not in client.get(CALL).context["form"].fields

    def test_danger_is_an_alert_for_those_who_can_act(self, client: Client, school: School) -> None:
        answer = client.post(CALL, call_of(school, danger="on"), follow=True)
        assert Alert.objects.get().waits
        assert "Danger is marked" in text_of(answer) and "<b>112</b>" in answer.content.decode()

    def test_danger_in_the_hands_of_who_took_the_call(self, school: School, holder: Person) -> None:
        answer = signed_in_client(holder).post(CALL, call_of(school, danger="on"), follow=True)
        assert not Alert.objects.get().waits
        assert "it is in your hands now" in text_of(answer)

    def test_the_same_form_twice_is_a_conflict_until_it_is_sent_on_purpose(
        self, client: Client, school: School
    ) -> None:
        typed = call_of(school, **CALLER)
        client.post(CALL, typed)
        again = client.post(CALL, typed)
        assert again.status_code == 409 and Entry.objects.count() == 1
        assert "№ 1" in text_of(again) and CALLER["full_name"] in again.content.decode()
        newest = again.context["form"]["newest_before"].value()
        assert client.post(CALL, {**typed, "newest_before": newest}).status_code == 302
        assert Entry.objects.count() == 2

    @pytest.mark.parametrize("role", ["director", "administrator", "commission_member"])
    def test_who_takes_no_calls_does_not_find_the_page(
        self, school: School, holder: Person, role: str
    ) -> None:
        client = signed_in_client(make_person(school, role))
        assert client.get(CALL).status_code == 404
        assert client.post(CALL, call_of(school)).status_code == 404
        assert not Entry.objects.exists()

    def test_of_another_school_neither_the_page_nor_a_number_is_found(
        self, client: Client, school: School
    ) -> None:
        other = factories.make_school("other", sources=["phone"])
        theirs = make_person(other, "psychologist", with_key=True)
        signed_in_client(theirs).post(
            "/admin/journal/entry/call/other/",
            {**call_of(school), "category": Category.objects.filter(school=other).first().pk},
        )
        entry = Entry.objects.get(school=other)
        assert client.get("/admin/journal/entry/call/other/").status_code == 404
        for slug in ("other", "college"):
            address = reverse("admin:journal_entry_call_taken", args=[slug, entry.pk])
            assert client.get(address).status_code == 404

    def test_the_page_of_the_number_is_of_calls_alone(
        self, client: Client, school: School, holder: Person
    ) -> None:
        entry = factories.registered_entry(school, by=holder)
        address = reverse("admin:journal_entry_call_taken", args=["college", entry.pk])
        assert client.get(address).status_code == 404

    def test_a_school_without_a_trust_phone_says_so(self, client: Client, school: School) -> None:
        Regulation.objects.update(sources=["web"])
        assert "has no trust phone" in text_of(client.get(CALL))
        assert client.post(CALL, call_of(school)).status_code == 403
        assert not Entry.objects.exists()

    def test_a_school_without_a_key_or_rules_says_so(self) -> None:
        bare = factories.make_school("bare", sources=["phone"])
        client = signed_in_client(make_person(bare, "phone_officer"))
        assert "no key yet" in text_of(client.get("/admin/journal/entry/call/bare/"))
        Regulation.objects.filter(school=bare).delete()
        page = client.get("/admin/journal/entry/call/bare/")
        assert "has no trust phone" in text_of(page)

    def test_nothing_of_the_call_stands_in_an_address_or_a_log(
        self, client: Client, school: School, caplog: pytest.LogCaptureFixture
    ) -> None:
        answer = client.post(CALL, call_of(school, **CALLER))
        assert answer["Location"] == f"{CALL}{Entry.objects.get().pk}/"
        assert SUMMARY not in caplog.text and CALLER["phone"] not in caplog.text

    def test_refused_behind_the_form_is_told_in_it(
        self, client: Client, school: School, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from journal.admin import calls
        from schools.errors import Refused

        def refuses(**_facts: object) -> None:
            raise Refused("Not today.")

        monkeypatch.setattr(calls, "register_call", refuses)
        page = client.post(CALL, call_of(school, **CALLER))
        assert "Not today." in text_of(page) and CALLER["phone"] in page.content.decode()


class TestTheDay:
    @pytest.mark.parametrize(
        ("role", "with_key", "offered"),
        [
            ("psychologist", True, {CALL, LETTER}),
            ("phone_officer", False, {CALL}),
            ("director", False, set()),
        ],
    )
    def test_offers_what_this_person_may_do(
        self, school: School, holder: Person, role: str, *, with_key: bool, offered: set[str]
    ) -> None:
        person = make_person(school, role, with_key=with_key, username="visitor")
        page = signed_in_client(person).get("/admin/").content.decode()
        assert {address for address in (CALL, LETTER) if f'href="{address}"' in page} == offered

    def test_offers_nothing_that_the_regulation_does_not_have(
        self, school: School, holder: Person
    ) -> None:
        Regulation.objects.update(sources=["web"])
        page = signed_in_client(holder).get("/admin/").content.decode()
        assert CALL not in page and LETTER not in page
