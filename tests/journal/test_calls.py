"""Calls of the trust phone: written down by whoever takes them, sealed to the school, sent on in the same moment."""

import datetime
from typing import Any

import pytest
import time_machine
from django.db import transaction

from journal.models import Alert, Entry, Forwarding, Trail
from journal.services import calls
from journal.services.calls import Sending, TakenCall
from journal.services.entering import CALL_SOURCES, PaperLetter, Registration, newest_typed_in
from journal.services.verifying import verify_school
from reports.journal_book import read_book
from schools.errors import Conflict, Refused
from schools.models import Body, Category, Mail, Regulation, School
from schools.models.regulation import Source
from schools.services.bodies import give_bodies
from tests import factories
from tests.factories import Person
from tests.races import at_once
from vault.errors import NotForThisKey
from vault.keyring import EMPTY_KEYRING, FreshKey

SUMMARY = "A mother says that her son is beaten in the dressing room."
CALLER = {"full_name": "Айша Нұрланқызы", "phone": "+7 701 000 00 01", "address": "Абай көшесі 7"}
COLUMNS = ["number", "received_at", "name", "address", "phone", "summary", "sent_to", "outcome"]


@pytest.fixture
def school(db: None) -> School:
    made = factories.make_school(
        sources=["web", "paper", "phone"], columns=COLUMNS, anonymous_marks={}
    )
    give_bodies(school=made)
    return made


@pytest.fixture
def holder(school: School) -> Person:
    return factories.make_person(school, "psychologist", with_key=True, email="p@example.org")


@pytest.fixture
def officer(school: School, holder: Person) -> Person:
    """A phone officer to whom nobody gave the key."""
    return factories.make_person(school, "phone_officer")


def taken(school: School, by: Person, **facts: Any) -> TakenCall:
    call = {
        "text": "",
        "audience": "parent",
        "signed": True,
        "source": Source.PHONE,
        "identity": CALLER,
        "received_at": school.now(),
        **facts.pop("call", {}),
    }
    return calls.register_call(
        **{
            "school": school,
            "call": PaperLetter(**call),
            "registration": Registration(
                summary=SUMMARY, category=None, danger=facts.pop("danger", False)
            ),
            "by": by.fresh(),
            "keyring": by.keyring(),
            **facts,
        }
    )


def sending(school: School, **facts: Any) -> Sending:
    return Sending(
        **{
            "body": Body.objects.filter(school=school).first(),
            "way": Forwarding.Way.PHONE,
            "due_on": school.today() + datetime.timedelta(days=10),
            "with_caller": False,
            **facts,
        }
    )


def test_an_officer_without_the_key_writes_down_what_only_key_holders_read(
    school: School, holder: Person, officer: Person
) -> None:
    entry = Entry.objects.get(pk=taken(school, officer).entry.pk)
    assert entry.read(holder.keyring())["summary"] == SUMMARY
    assert entry.read(holder.keyring())["full_name"] == CALLER["full_name"]
    assert entry.read_or_none(officer.keyring()) is None
    assert (entry.number, entry.source, entry.signed) == (1, Source.PHONE, True)
    verify_school(school)


def test_an_anonymous_call_keeps_nothing_of_who_called(
    school: School, officer: Person, holder: Person
) -> None:
    entry = taken(school, officer, call={"signed": False}).entry
    content = entry.read(holder.keyring())
    assert [content[name] for name in CALLER] == ["", "", ""]


def test_the_day_of_a_message_left_earlier_counts_for_the_deadline(
    school: School, officer: Person
) -> None:
    Regulation.objects.update(reply_days=5)
    monday = datetime.datetime(2026, 11, 23, 9, 5, tzinfo=school.zone)
    left = datetime.datetime(2026, 11, 20, 22, 41, tzinfo=school.zone)
    with time_machine.travel(monday, tick=False):
        entry = taken(school, officer, call={"received_at": left}).entry
    entry.refresh_from_db()
    assert (entry.received_at, entry.taken_on) == (left, left.date())
    assert entry.due_on == datetime.date(2026, 11, 27)
    assert entry.registered_at == monday


def test_the_row_in_the_printed_book_has_the_callers_columns(
    school: School, holder: Person, officer: Person
) -> None:
    """№; date and time; name, address, phone (empty of an anonymous caller); summary; body and deadline; outcome."""
    left = datetime.datetime(2026, 11, 20, 22, 41, tzinfo=school.zone)
    with time_machine.travel(datetime.datetime(2026, 11, 23, 9, tzinfo=school.zone)):
        taken(school, officer, call={"received_at": left}, sending=sending(school))
        last = taken(school, officer, call={"received_at": left, "signed": False}).entry
        book = read_book(last.volume, language="ru", by=holder.fresh(), keyring=holder.keyring())
        named, anonymous = [row.cells for row in book.rows]
    body = Body.objects.filter(school=school).first().name_in("kk")
    assert named[:6] == (
        *("1", "20.11.2026, 22:41", CALLER["full_name"]),
        *(CALLER["address"], CALLER["phone"], SUMMARY),
    )
    assert named[6].startswith(body) and "03.12.2026" in named[6] and named[7] == ""
    assert anonymous == ("2", "20.11.2026, 22:41", "", "", "", SUMMARY, "", "")
    assert [head.slug for head in book.heads] == COLUMNS


def test_sent_on_at_once_without_the_key(school: School, holder: Person, officer: Person) -> None:
    done = taken(school, officer, sending=sending(school))
    forwarding = Forwarding.objects.get(entry=done.entry)
    assert forwarding == done.forwarding
    said = forwarding.read(holder.keyring())
    assert (said["parts"], said["sheet"]) == (["summary"], {"summary": SUMMARY})
    entry = Entry.objects.get()
    assert entry.read(holder.keyring())["sent_to"].startswith(forwarding.body.name_in("kk"))
    assert forwarding.read_or_none(officer.keyring()) is None
    assert [row.step for row in Trail.objects.filter(entry=entry).order_by("position")] == [
        "registered",
        "forwarded",
    ]
    verify_school(school)


def test_the_body_is_told_who_called_only_when_asked_and_never_of_an_anonymous_call(
    school: School, holder: Person, officer: Person
) -> None:
    told = taken(school, officer, sending=sending(school, with_caller=True)).forwarding
    sheet = told.read(holder.keyring())["sheet"]
    assert {name: sheet[name] for name in CALLER} == CALLER
    nameless = taken(
        school, officer, call={"signed": False}, sending=sending(school, with_caller=True)
    ).forwarding
    assert nameless.read(holder.keyring())["parts"] == ["summary"]


def test_a_call_that_cannot_be_sent_on_is_not_registered_either(
    school: School, officer: Person
) -> None:
    other = factories.make_school("other", sources=["phone"])
    give_bodies(school=other)
    with pytest.raises(Refused):
        taken(school, officer, sending=sending(other))
    assert not Entry.objects.exists() and not Forwarding.objects.exists()
    refused = Trail.objects.filter(step=Trail.Step.REFUSED)
    assert [row.facts for row in refused] == [{"attempt": "register_call"}]
    verify_school(school)


def test_danger_told_by_an_officer_who_cannot_act_is_told_to_those_who_can(
    school: School, officer: Person, holder: Person, settings: Any
) -> None:
    entry = taken(school, officer, danger=True).entry
    alert = Alert.objects.get()
    assert (alert.entry, alert.answered_by) == (entry, None)
    assert alert.raised_at == entry.registered_at and alert.next_stage_at is not None
    assert (
        set(Mail.objects.values_list("person__username", flat=True)) <= {holder.user.username}
        and alert.waits
    )
    verify_school(school)


def test_danger_told_by_a_key_holder_is_in_hand(school: School, holder: Person) -> None:
    taken(school, holder, danger=True)
    assert Alert.objects.get().answered_by == holder.user


def test_danger_and_sending_on_at_once_go_together(school: School, officer: Person) -> None:
    taken(school, officer, danger=True, sending=sending(school))
    assert Alert.objects.count() == Forwarding.objects.count() == 1
    verify_school(school)


@pytest.mark.parametrize("role", ["director", "administrator", "commission_member"])
def test_who_takes_no_calls_is_refused_and_the_attempt_stays(
    school: School, holder: Person, role: str
) -> None:
    stranger = factories.make_person(school, role)
    with pytest.raises(Refused):
        taken(school, stranger)
    assert Trail.objects.get(step="refused").facts == {"attempt": "register_call"}
    assert not Entry.objects.exists()


def test_of_another_school_nothing_is_written_down(school: School, officer: Person) -> None:
    other = factories.make_school("other", sources=["phone"])
    factories.make_person(other, "psychologist", with_key=True)
    with pytest.raises(Refused):
        taken(other, officer)


def test_a_category_of_another_school_is_refused(school: School, officer: Person) -> None:
    other = factories.make_school("other")
    foreign = Registration(summary=SUMMARY, category=Category.objects.filter(school=other).first())
    with pytest.raises(Refused):
        taken(school, officer, registration=foreign)


def test_without_a_trust_phone_in_the_rules_there_are_no_calls(
    school: School, officer: Person
) -> None:
    Regulation.objects.update(sources=["web"])
    with pytest.raises(Refused):
        taken(school, officer)


def test_without_a_key_nothing_is_stored(db: None) -> None:
    school = factories.make_school(sources=["phone"])
    officer = factories.make_person(school, "phone_officer")
    with pytest.raises(Refused):
        taken(school, officer)
    assert not Entry.objects.exists()


def test_a_moment_to_come_is_refused(school: School, officer: Person) -> None:
    later = school.now() + datetime.timedelta(minutes=5)
    with pytest.raises(Refused):
        taken(school, officer, call={"received_at": later})


def test_the_same_form_twice_is_a_conflict_and_a_colleagues_call_is_none(
    school: School, officer: Person
) -> None:
    colleague = factories.make_person(school, "phone_officer", username="second.officer")
    before = newest_typed_in(school=school, by=officer.fresh(), sources=CALL_SOURCES)
    taken(school, colleague)
    taken(school, officer, newest_before=before)
    with pytest.raises(Conflict) as told:
        taken(school, officer, newest_before=before)
    assert "№ 2" in str(told.value)
    assert Entry.objects.count() == 2
    newest = newest_typed_in(school=school, by=officer.fresh(), sources=CALL_SOURCES)
    assert taken(school, officer, newest_before=newest).entry.number == 3


def test_a_fresh_key_opens_its_own_row_alone(
    school: School, officer: Person, holder: Person
) -> None:
    first, second = taken(school, officer).entry, taken(school, officer).entry
    key = first.content_key(holder.keyring())
    fresh = FreshKey(sealed=bytes(first.sealed_key), content_key=key)
    assert first.read(fresh)["summary"] == SUMMARY
    with pytest.raises(NotForThisKey):
        second.read(fresh)
    with pytest.raises(NotForThisKey):
        fresh.open_for_person(b"")
    assert "content_key" not in repr(fresh) and not fresh.opens_school_key(first.school_key_id)


@pytest.mark.django_db(transaction=True)
def test_many_officers_at_once_never_get_the_same_number() -> None:
    school = factories.make_school(sources=["web", "phone"])
    factories.make_person(school, "psychologist", with_key=True)
    officers = [
        factories.make_person(school, "phone_officer", username=f"o{at}") for at in range(8)
    ]
    ready = [(officer.fresh(), officer.keyring()) for officer in officers]

    def take(place: int) -> int:
        user, keyring = ready[place]
        return calls.register_call(
            school=School.objects.get(pk=school.pk),
            call=PaperLetter(
                text="",
                audience="parent",
                signed=False,
                source=Source.PHONE,
                received_at=school.now() - datetime.timedelta(seconds=1),
            ),
            registration=Registration(summary=SUMMARY, category=None),
            by=user,
            keyring=keyring,
        ).entry.number

    assert sorted(at_once(8, take)) == list(range(1, 9))
    verify_school(school)


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_twice_in_the_same_moment_is_one_call() -> None:
    school = factories.make_school(sources=["web", "phone"])
    factories.make_person(school, "psychologist", with_key=True)
    officer = factories.make_person(school, "phone_officer")

    def take(_place: int) -> TakenCall:
        return taken(
            School.objects.get(pk=school.pk), officer, keyring=EMPTY_KEYRING, newest_before=0
        )

    results = at_once(4, take)
    assert sum(isinstance(one, TakenCall) for one in results) == 1
    assert sum(isinstance(one, Conflict) for one in results) == 3
    assert Entry.objects.count() == 1


def test_numbers_have_no_gap_when_a_call_fails_in_the_middle(
    school: School, officer: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(**_facts: object) -> None:
        raise RuntimeError

    taken(school, officer)
    with monkeypatch.context() as patch, pytest.raises(RuntimeError), transaction.atomic():
        patch.setattr(calls, "forward", breaks)
        taken(school, officer, sending=sending(school))
    assert taken(school, officer).entry.number == 2
    verify_school(school)
