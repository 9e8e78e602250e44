"""A letter that says that somebody is in danger: everybody who may read it is told at once, and only they."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from box.models import Letter, Message
from journal.models import Alert, Entry, TakenLetter, Trail
from journal.services import alerting, registering
from journal.services.registering import PaperLetter, Registration
from journal.services.sharing import share
from journal.services.verifying import verify_school
from schools.models import Mail, Regulation
from tests import factories
from tests.journal.danger.school import Staffed, call_in_danger, hour, rows, staffed_school, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def staffed() -> Staffed:
    return staffed_school()


def test_every_key_holder_is_told_at_once(staffed: Staffed) -> None:
    factories.send_letter(staffed.school, danger=True)
    alert = Alert.objects.get()
    assert (alert.stage, alert.rounds, alert.waits, alert.outcome) == (0, 1, True, "")
    assert told(alert) == staffed.names(["holder", "second"])
    assert rows(alert) == [("alert_raised", {}), ("alert_sent", {"stage": 0, "told": 2})]
    verify_school(staffed.school)


def test_a_letter_without_danger_raises_nothing_and_is_one_question_and_one_row(
    staffed: Staffed,
) -> None:
    from box.form_tokens import Receipt
    from box.services import submitting
    from schools.selectors import key_in_use
    from vault import receipts

    facts = {
        "school": staffed.school,
        "school_key": key_in_use(staffed.school),
        "language": "ru",
        "audience": "student",
        "signed": False,
        "danger": False,
        "category": None,
        "content": {"text": factories.TEXT},
        "receipt": Receipt(
            code=receipts.new_code(), form_hash=receipts.lookup_hash(receipts.new_code())
        ),
    }
    with CaptureQueriesContext(connection) as heard:
        submitting.submit(**facts)
    said = [one["sql"].partition(" ")[0] for one in heard]
    assert [word for word in said if word in {"SELECT", "INSERT", "UPDATE"}] == ["SELECT", "INSERT"]
    assert not Alert.objects.exists()


def test_of_the_time_the_hour_alone_is_kept(staffed: Staffed) -> None:
    before = timezone.now()
    factories.send_letter(staffed.school, danger=True)
    alert = Alert.objects.get()
    assert alert.raised_at == hour(before)
    kept = Trail.objects.filter(step__in=["arrived", "alert_raised", "alert_sent"])
    assert set(kept.values_list("at", flat=True)) == {hour(before)}
    assert set(kept.values_list("by", flat=True)) == {None}
    assert alert.next_stage_at > before  # the one place where the minute stands …
    alert = alerting.answer(alert=alert, by=staffed.holder.fresh())
    alert.refresh_from_db()
    assert alert.next_stage_at is None  # … and goes


def test_a_letter_about_a_reader_tells_nobody_but_the_others(staffed: Staffed) -> None:
    call_in_danger(staffed.deputy)
    factories.send_letter(staffed.school, danger=True, about=["psychologist"])
    alert = Alert.objects.get()
    assert told(alert) == staffed.names(["second"])
    for person in (staffed.holder, staffed.deputy, staffed.director):
        assert alert.is_withheld_from(person.user.pk)
    assert not alert.is_withheld_from(staffed.second.user.pk)
    for _stage in range(5):
        alerting.escalate_due(Alert.objects.get().next_stage_at)
    assert told(alert) == staffed.names(["second"])


def test_whoever_may_not_sign_in_any_more_is_told_nothing(staffed: Staffed) -> None:
    staffed.second.user.is_active = False
    staffed.second.user.save()
    factories.send_letter(staffed.school, danger=True)
    assert told(Alert.objects.get()) == staffed.names(["holder"])


def test_without_an_address_somebody_counts_as_not_reached(staffed: Staffed) -> None:
    for person in (staffed.holder, staffed.second):
        person.user.email = ""
        person.user.save()
    factories.send_letter(staffed.school, danger=True)
    alert = Alert.objects.get()
    assert (alert.stage, told(alert)) == (1, staffed.names(["deputy"]))
    assert rows(alert)[1:] == [
        ("alert_sent", {"stage": 0, "told": 0}),
        ("alert_sent", {"stage": 1, "told": 1}),
    ]


def test_where_nobody_has_an_address_the_alert_waits_all_the_same(staffed: Staffed) -> None:
    for person in (staffed.holder, staffed.second, staffed.deputy, staffed.director):
        person.user.email = ""
        person.user.save()
    factories.send_letter(staffed.school, danger=True)
    alert = Alert.objects.get()
    assert (alert.stage, alert.waits, told(alert)) == (2, True, set())
    assert rows(alert)[-1] == ("alert_sent", {"stage": 2, "told": 0})
    assert not Mail.objects.exists()


def test_the_same_letter_is_one_alert(staffed: Staffed) -> None:
    letter = factories.send_letter(staffed.school, danger=True)
    assert alerting.raise_alert(letter=letter) == Alert.objects.get()
    assert Mail.objects.count() == 2


def test_a_later_message_of_the_author_is_an_alert_of_its_own(staffed: Staffed) -> None:
    letter = factories.send_letter(staffed.school, danger=True)
    message = Message(letter=letter, position=1, kind="from_author", danger=True, sent_hour=hour())
    message.write({"text": "It happened again."}, key=message.lock_for_school(letter.school_key))
    message.save()
    alerting.escalate_due()
    first, second = Alert.objects.order_by("pk")
    assert (first.message, second.message, second.letter) == (None, message, letter)
    assert told(second) == staffed.names(["holder", "second"])
    assert alerting.raise_alert(letter=letter, message=message) == second
    assert alerting.escalate_due() == 0


def test_registering_and_setting_aside_see_to_it_that_there_is_an_alert(staffed: Staffed) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("box.services.danger._raise_alert", lambda: _broken)
        letters = [factories.send_letter(staffed.school, danger=True) for _letter in range(2)]
    assert not Alert.objects.exists()
    factories.open_box(staffed.school, by=staffed.holder)
    first, second = (TakenLetter.objects.get(letter=letter) for letter in letters)
    entry = factories.register(first, by=staffed.holder)
    assert Alert.objects.get().letter == letters[0]
    assert rows(Alert.objects.get())[0][0] == "alert_raised"
    assert Trail.objects.filter(step="alert_raised", entry=entry).exists()
    registering.set_aside(
        taken=second,
        kind="test",
        note="",
        by=staffed.holder.fresh(),
        keyring=staffed.holder.keyring(),
    )
    assert set(Alert.objects.values_list("letter", flat=True)) == {row.pk for row in letters}
    verify_school(staffed.school)


def _broken(**facts: object) -> None:
    raise RuntimeError("no alert today")


def test_what_the_staff_mark_is_answered_by_whoever_registers_it(staffed: Staffed) -> None:
    factories.send_letter(staffed.school)
    factories.open_box(staffed.school, by=staffed.holder)
    entry = factories.register(TakenLetter.objects.get(), by=staffed.holder, danger=True)
    alert = Alert.objects.get()
    assert (alert.entry, alert.letter, alert.answered_by) == (entry, None, staffed.holder.user)
    assert alert.answered_at == alert.raised_at == Entry.objects.get().registered_at
    assert (alert.outcome, alert.next_stage_at, alert.rounds) == ("", None, 0)
    assert not Mail.objects.exists()
    assert rows(alert) == [("alert_raised", {}), ("alert_answered", {})]
    names = Trail.objects.filter(step__in=["alert_raised", "alert_answered"])
    assert set(names.values_list("by_name", flat=True)) == {staffed.holder.user.username}
    verify_school(staffed.school)


@pytest.mark.parametrize("source", ["paper", "phone"])
def test_a_paper_letter_or_a_call_is_an_alert_too(staffed: Staffed, source: str) -> None:
    Regulation.objects.update(sources=["web", "paper", "phone"])
    entry = registering.register_paper(
        school=staffed.school,
        opening=None,
        paper=PaperLetter(text="Help.", audience="student", signed=False, source=source),
        registration=Registration(summary="A cry for help.", category=None, danger=True),
        by=staffed.second.fresh(),
        keyring=staffed.second.keyring(),
    )
    alert = Alert.objects.get()
    assert (alert.entry, alert.answered_by) == (entry, staffed.second.user)


def test_an_entry_of_an_alerted_letter_has_no_second_alert(staffed: Staffed) -> None:
    factories.registered_entry(staffed.school, by=staffed.holder, danger=True)
    assert Alert.objects.count() == 1


def test_a_colleague_to_whom_the_entry_is_opened_sees_its_alerts(staffed: Staffed) -> None:
    entry = factories.registered_entry(
        staffed.school, by=staffed.second, danger=True, about=["psychologist"]
    )
    alert = Alert.objects.get()
    assert alert.is_withheld_from(staffed.deputy.user.pk)
    share(
        entry=entry,
        to=staffed.deputy.fresh(),
        by=staffed.second.fresh(),
        keyring=staffed.second.keyring(),
    )
    alert.refresh_from_db()
    assert not alert.is_withheld_from(staffed.deputy.user.pk)
    assert alert.is_withheld_from(staffed.holder.user.pk)
    alerting.answer(alert=alert, by=staffed.deputy.fresh())


def test_letters_long_done_with_are_not_alerted_anew(staffed: Staffed) -> None:
    factories.registered_entry(staffed.school, by=staffed.holder)
    assert Letter.objects.get().state == "registered"
    assert alerting.escalate_due() == 0
