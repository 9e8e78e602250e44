"""A volume is closed when its period is over; what is open goes on, and nothing joins it any more."""

import datetime
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from journal import rules
from journal.models import Entry, Trail, Volume
from journal.services import answering, meetings, protocols, reviewing
from journal.services.verifying import verify_school
from journal.services.volumes import close_volume, still_open
from schools.errors import Conflict, Refused
from schools.models import School
from tests import factories
from tests.factories import Person
from tests.journal.commission.meetings import call, hold, make_commission

IN_THE_YEAR = datetime.datetime(2026, 12, 30, 9, tzinfo=datetime.UTC)
AFTER_IT = datetime.datetime(2027, 1, 11, 9, tzinfo=datetime.UTC)


@pytest.fixture
def school(db: None) -> School:
    return factories.make_school()


@pytest.fixture
def holder(school: School) -> Person:
    return factories.make_person(school, "deputy_director", with_key=True)


@pytest.fixture
def volume(school: School, holder: Person) -> Volume:
    """A volume of 2026 with two entries, both open."""
    with time_machine.travel(IN_THE_YEAR):
        for _ in range(2):
            factories.registered_entry(school, by=holder)
    return Volume.objects.get()


def close(volume: Volume, *, by: Person, expected: list[int]) -> Volume:
    return close_volume(school=volume.school, volume=volume, expected_open=expected, by=by.fresh())


def test_what_is_open_is_carried_over_by_reference(
    school: School, holder: Person, volume: Volume
) -> None:
    with time_machine.travel(AFTER_IT):
        closed = close(volume, by=holder, expected=[1, 2])
        assert closed.carried_over == [1, 2]
        assert closed.finished_on == datetime.date(2027, 1, 11)
        assert closed.finished_by == holder.user
        row = Trail.objects.get(step=Trail.Step.VOLUME_CLOSED)
        assert row.facts == {"volume": 1, "entries": 2, "carried_over": [1, 2]}
        assert len(still_open(closed)) == 2
        verify_school(school)


def test_the_next_letter_opens_the_next_volume(
    school: School, holder: Person, volume: Volume
) -> None:
    with time_machine.travel(AFTER_IT):
        close(volume, by=holder, expected=[1, 2])
        entry = factories.registered_entry(school, by=holder)
    assert (entry.volume.number, entry.number) == (2, 1)
    assert Entry.objects.filter(volume=volume).count() == 2


@pytest.mark.parametrize("day", ["2026-12-30", "2026-12-31"])
def test_not_before_its_period_is_over(
    school: School, holder: Person, volume: Volume, day: str
) -> None:
    noon = datetime.datetime.fromisoformat(f"{day}T07:00:00+00:00")
    with time_machine.travel(noon), pytest.raises(Refused):
        close(volume, by=holder, expected=[1, 2])


def test_a_role_that_closes_nothing_is_refused(
    school: School, holder: Person, volume: Volume
) -> None:
    director = factories.make_person(school, "director")
    with time_machine.travel(AFTER_IT), pytest.raises(Refused):
        close(volume, by=director, expected=[1, 2])
    assert Volume.objects.get().finished_on is None


def test_what_was_shown_as_open_must_still_be_so(
    school: School, holder: Person, volume: Volume
) -> None:
    with time_machine.travel(AFTER_IT):
        with pytest.raises(Conflict):
            close(volume, by=holder, expected=[2])
        close(volume, by=holder, expected=[1, 2])
        with pytest.raises(Conflict):
            close(volume, by=holder, expected=[1, 2])


def test_the_thread_through_a_closed_volume_holds(
    school: School, holder: Person, volume: Volume
) -> None:
    with time_machine.travel(AFTER_IT):
        close(volume, by=holder, expected=[1, 2])
    for change in ("finished_on = NULL", "last_number = 3"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE journal_volume SET {change} WHERE id = %s", [volume.pk])


def doing(entry: Entry, by: Person) -> dict[str, Any]:
    entry.refresh_from_db()
    facts = {"by": by.fresh(), "keyring": by.keyring(), "version": entry.version}
    return {"entry": entry, **facts}


@pytest.fixture
def finished(school: School, holder: Person, volume: Volume) -> Entry:
    """Entry № 1, finished before its volume was closed; № 2 is carried over."""
    entry = Entry.objects.get(volume=volume, number=1)
    with time_machine.travel(AFTER_IT):
        reviewing.take_into_review(reviewer=holder.user, **doing(entry, holder))
        reviewing.close_without_reply(outcome="", reason="Шутка.", **doing(entry, holder))
        close(volume, by=holder, expected=[2])
    entry.refresh_from_db()
    return entry


def test_what_was_finished_in_a_closed_volume_is_not_changed(
    school: School, holder: Person, finished: Entry
) -> None:
    with time_machine.travel(AFTER_IT):
        before = finished.version
        with pytest.raises(Refused):
            reviewing.return_to_review(reason="Ещё раз.", **doing(finished, holder))
        finished.refresh_from_db()
        assert (finished.version, finished.state) == (before, Entry.State.CLOSED)
        assert set(rules.steps_possible(finished, holder.fresh())) == {
            Trail.Step.WRITTEN_TO,
            Trail.Step.HELD,
            Trail.Step.RELEASED,
        }
        client = factories.signed_in_client(holder)
        address = reverse("admin:journal_entry_change", args=[finished.pk])
        assert "step-returned" not in client.get(address).content.decode()
        verify_school(school)


def test_an_author_who_writes_again_is_still_answered(
    school: School, holder: Person, finished: Entry
) -> None:
    with time_machine.travel(AFTER_IT):
        answering.write_to_author(text="Мы рядом.", **doing(finished, holder))
        verify_school(school)


def test_a_decision_about_what_is_locked_stands_in_the_protocol_alone(
    school: School, holder: Person, finished: Entry
) -> None:
    with time_machine.travel(AFTER_IT):
        make_commission(school)
        other = Entry.objects.get(number=2)
        points = [meetings.Point(topic="А", entry=finished), meetings.Point(topic="Б", entry=other)]
        decided = [
            protocols.Decided(text=f"Решение {place}.", point=place) for place in range(1, 3)
        ]
        before = finished.version
        meeting = hold(
            call(school, by=holder, points=points), by=holder, points=points, decided=decided
        )
        assert meeting.decisions.count() == 2
        finished.refresh_from_db()
        other.refresh_from_db()
        assert finished.version == before
        assert "Решение 2." in other.read(holder.keyring())["measures"]
        verify_school(school)


def test_what_was_carried_over_goes_on_to_its_end_and_back(
    school: School, holder: Person, finished: Entry
) -> None:
    entry = Entry.objects.get(number=2)
    with time_machine.travel(AFTER_IT):
        reviewing.take_into_review(reviewer=holder.user, **doing(entry, holder))
        reviewing.close_without_reply(outcome="", reason="Шутка.", **doing(entry, holder))
        reviewing.return_to_review(reason="Рано.", **doing(entry, holder))
        entry.refresh_from_db()
        assert entry.state == Entry.State.IN_REVIEW
        verify_school(school)


def test_columns_and_heads_are_those_of_the_day_it_was_begun(
    school: School, holder: Person, volume: Volume
) -> None:
    assert not volume.two_languages
    before = volume.columns
    school.regulations.update(two_languages=True, columns=["number", "summary"])
    with time_machine.travel(IN_THE_YEAR):
        factories.registered_entry(school, by=holder)
    volume.refresh_from_db()
    assert (volume.two_languages, volume.columns) == (False, before)
    with time_machine.travel(AFTER_IT):
        close(volume, by=holder, expected=[1, 2, 3])
        factories.registered_entry(school, by=holder)
    after = Volume.objects.get(number=2)
    assert (after.two_languages, after.columns) == (True, ["number", "summary"])
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE journal_volume SET two_languages = %s WHERE id = %s", [True, volume.pk]
        )


def test_a_closed_volume_is_searched_and_printed(
    school: School, holder: Person, finished: Entry
) -> None:
    with time_machine.travel(AFTER_IT):
        factories.registered_entry(school, by=holder, summary="Новое письмо.")
        client = factories.signed_in_client(holder)
        found = client.post(reverse("admin:journal_entry_changelist"), {"words": "Lunch"})
        assert reverse("admin:journal_entry_change", args=[finished.pk]) in found.content.decode()
        address = reverse("admin:journal_volume_print", args=[finished.volume_id])
        printed = client.post(address, {"language": "ru", "extent": "whole"})
        assert printed["Content-Type"] == "application/pdf"


def page(volume: Volume, name: str = "change") -> str:
    return reverse(f"admin:journal_volume_{name}", args=[volume.pk])


def test_the_page_closes_it_and_names_what_goes_over(
    school: School, holder: Person, volume: Volume
) -> None:
    with time_machine.travel(IN_THE_YEAR):
        client = factories.signed_in_client(holder)
        assert "01.01.2027" in client.get(page(volume)).content.decode()
        client.post(page(volume, "close"), {"open": "1 2"})
        volume.refresh_from_db()
        assert not volume.is_closed
    with time_machine.travel(AFTER_IT):
        client = factories.signed_in_client(holder)
        assert client.get(page(volume, "close")).status_code == 405
        assert "№ 1, № 2" in client.get(page(volume)).content.decode()
        assert client.post(page(volume, "close"), {"open": "2"}).status_code == 409
        endless = {"open": "1 2" + "0" * 5000}
        assert client.post(page(volume, "close"), endless).status_code == 409
        client.post(page(volume, "close"), {"open": "1 2"})
        volume.refresh_from_db()
        assert volume.carried_over == [1, 2]
        assert client.post(page(volume, "close"), {"open": "1 2"}).status_code == 409
        factories.registered_entry(school, by=holder)
        after = Volume.objects.get(number=2)
        assert "№ 1, № 2" in client.get(page(after)).content.decode()


def test_who_may_not_close_is_told_so(school: School, holder: Person, volume: Volume) -> None:
    with time_machine.travel(AFTER_IT):
        director = factories.signed_in_client(factories.make_person(school, "director"))
        assert director.post(page(volume, "close"), {"open": "1 2"}).status_code == 403
        other = factories.make_person(factories.make_school("school-2"), "psychologist")
        stranger = factories.signed_in_client(other)
        assert stranger.post(page(volume, "close"), {}).status_code == 404
    volume.refresh_from_db()
    assert not volume.is_closed
