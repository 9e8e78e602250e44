"""What somebody does to the book behind the program's back is found."""

import threading
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from box.models import Letter
from box.services import submitting
from journal.bound import unbind
from journal.models import Book, Entry, Opening, Trail, Volume
from journal.services import reviewing, trail
from journal.services.arrivals import bind_now
from journal.services.verifying import Broken, verify_school
from schools.models import School
from tests import factories
from tests.factories import Person
from tests.races import at_once


@pytest.fixture
def school(db: None) -> School:
    school = factories.make_school()
    holder: Person = factories.make_person(school, "psychologist", with_key=True)
    for _ in range(3):
        entry = factories.registered_entry(school, by=holder)
    reviewing.take_into_review(
        entry=entry, reviewer=holder.user, by=holder.fresh(), keyring=holder.keyring(), version=1
    )
    factories.send_letter(school)
    bind_now(school.pk)
    return school


def test_an_honest_book_is_whole(school: School) -> None:
    assert [volume.last_number for volume in verify_school(school)] == [3]


def _remove_trail_end() -> None:
    Trail.objects.filter(pk=Trail.objects.order_by("position").last().pk).delete()


def _reorder() -> None:
    first, second = Trail.objects.order_by("position")[1:3]
    first_at, second_at = first.position, second.position
    Trail.objects.filter(pk=first.pk).update(position=9999)
    Trail.objects.filter(pk=second.pk).update(position=first_at)
    Trail.objects.filter(pk=first.pk).update(position=second_at)


def _insert() -> None:
    row = Trail.objects.order_by("position").last()
    row.pk, row.position = None, row.position + 1
    row.save()


def _remove_entry() -> None:
    entry = Entry.objects.get(number=3)
    Trail.objects.filter(entry=entry).update(entry=None)
    entry.taken.delete()
    entry.delete()
    Volume.objects.update(last_number=2)


def _smuggle() -> None:
    letter = Letter.objects.get(state="in_box")
    letter.pk, letter.receipt_hash, letter.form_hash = None, b"r" * 32, b"f" * 32
    letter.save()


TAMPERINGS: dict[str, Callable[[], object]] = {
    "a trail row changed": lambda: Trail.objects.filter(position=3).update(facts={"number": 7}),
    "a trail row ascribed to somebody else": lambda: Trail.objects.filter(position=3).update(
        by_name="other"
    ),
    "a trail row removed in the middle": lambda: Trail.objects.filter(position=3).delete(),
    "a trail row removed at the end": _remove_trail_end,
    "rows reordered": _reorder,
    "a row inserted": _insert,
    "the book's end moved": lambda: Book.objects.update(rows=1),
    "an entry changed": lambda: Entry.objects.filter(number=2).update(state="in_review"),
    "an entry's content replaced": lambda: Entry.objects.filter(number=2).update(content=b"x"),
    "an entry's letter replaced": lambda: Letter.objects.filter(entry__number=2).update(
        content=b"x"
    ),
    "a number missing": lambda: Entry.objects.filter(number=2).update(number=9),
    "the counter moved": lambda: Volume.objects.update(last_number=5),
    "the last entry removed with its number": _remove_entry,
    "a letter removed before the box was opened": lambda: Letter.objects.filter(
        state="in_box"
    ).delete(),
    "a letter put into the box behind the program's back": _smuggle,
    "a letter's danger taken away": lambda: Letter.objects.filter(state="in_box").update(
        danger=True
    ),
    "an opening changed": lambda: Opening.objects.filter(number=1).update(web_count=0),
}


@pytest.mark.parametrize("tampering", list(TAMPERINGS))
def test_a_tampered_book_is_found(school: School, tampering: str) -> None:
    unbind(connection)  # whoever owns the database can cut the thread
    TAMPERINGS[tampering]()
    with pytest.raises(Broken):
        verify_school(school)


def test_a_letter_that_came_this_very_moment_is_no_fault(school: School) -> None:
    factories.send_letter(school)
    assert Letter.objects.filter(bound=False).count() == 1
    assert verify_school(school)


def test_arrivals_are_bound_before_any_other_row(school: School) -> None:
    letter = factories.send_letter(school)
    trail.lock_book(school)
    row = Trail.objects.order_by("position").last()
    assert (row.step, row.at, row.by) == (Trail.Step.ARRIVED, letter.arrived_hour, None)
    assert not Letter.objects.filter(bound=False).exists()


@pytest.mark.django_db(transaction=True)
def test_a_letter_is_bound_soon_after_it_came_and_many_at_once_together() -> None:
    school = factories.make_school()
    factories.make_person(school, "psychologist", with_key=True)
    with override_settings(ARRIVAL_RECORDER="journal.services.arrivals.bind_soon"):
        submitting._note_arrival.cache_clear()
        at_once(8, lambda place: factories.send_letter(school))
        for thread in threading.enumerate():
            if isinstance(thread, threading.Timer):
                thread.join()
    submitting._note_arrival.cache_clear()
    assert not Letter.objects.filter(bound=False).exists()
    assert Trail.objects.filter(step=Trail.Step.ARRIVED).count() == 8
    assert verify_school(school) == []


@pytest.mark.django_db(transaction=True)
def test_the_command_says_where_and_exits_with_one() -> None:
    school = factories.make_school()
    holder = factories.make_person(school, "psychologist", with_key=True)
    factories.registered_entry(school, by=holder)
    out = StringIO()
    call_command("verify_journal", school.slug, stdout=out)
    assert "1 entries, whole" in out.getvalue()
    unbind(connection)
    Entry.objects.update(danger=True)
    err = StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("verify_journal", stderr=err)
    assert stopped.value.code == 1
    assert "entry № 1 was changed" in err.getvalue()
    assert "The book is not bound" in err.getvalue()
