"""Counts of months and how a school stands: whatever happened, kept step by step they are what a recount finds."""

import datetime
from collections import Counter

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings

from journal.models import Entry, Standing, Tally
from journal.services import counting, reviewing
from schools.errors import Refused
from schools.models import CalendarDay, School
from tests import factories
from tests.reports.figures.histories import LISTS, begin, happen, undone
from tests.reports.figures.told import History, history_friday

pytestmark = pytest.mark.django_db
Kind = Tally.Kind

histories = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    # A history is long to make: the first that fails is shown as it is.
    phases=[Phase.generate],
)


def kept(school: School) -> dict[tuple[datetime.date, str], int]:
    return {
        (row.month, row.kind): row.number
        for row in Tally.objects.filter(school=school)
        if row.number
    }


def counted_by_hand(history: History) -> Counter[tuple[datetime.date, str]]:
    """From what the history tells, without a look at the database."""
    counts: Counter[tuple[datetime.date, str]] = Counter()

    def one(day: datetime.date, kind: str) -> None:
        counts[datetime.date(day.year, day.month, 1), kind] += 1

    for told in history.letters:
        if told.entry is None:
            continue
        one(told.taken_on, Kind.LETTERS)
        if told.danger:
            one(told.taken_on, Kind.DANGER)
        if told.answered_on:
            late = told.due_on is not None and told.answered_on > told.due_on
            one(told.answered_on, Kind.ANSWERED_LATE if late else Kind.ANSWERED_IN_TIME)
        if told.closed_on:
            one(told.closed_on, Kind.CLOSED)
    for day, missed in history.openings:
        one(day, Kind.OPENINGS_HELD)
        for each in missed:
            if (day - each).days < 120:
                one(each, Kind.OPENINGS_MISSED)
    return counts


def next_friday(history: History) -> datetime.date:
    day = (
        history.openings[-1][0] if history.openings else datetime.date(2026, 1, 12)
    ) + datetime.timedelta(1)
    while not history_friday(day):
        day += datetime.timedelta(1)
    return day


@histories
@given(steps=LISTS)
def test_kept_counts_are_those_by_hand_and_those_of_a_recount(steps) -> None:
    with undone():
        history = happen(begin(), steps)
        school = history.school
        by_hand = dict(counted_by_hand(history))
        assert kept(school) == by_hand
        standing = Standing.objects.get(school=school)
        assert standing.last_step_on == history.last_step_on
        assert standing.opening_due_on == next_friday(history)
        Tally.objects.filter(school=school).update(number=7)
        Tally.objects.create(
            school=school, month=datetime.date(2020, 1, 1), kind="closed", number=3
        )
        Standing.objects.filter(school=school).delete()
        counting.recount(school)
        assert kept(school) == by_hand
        anew = Standing.objects.get(school=school)
        assert (anew.last_step_on, anew.opening_due_on) == (
            standing.last_step_on,
            standing.opening_due_on,
        )


@pytest.fixture
def history() -> History:
    return begin()


def test_what_an_entry_adds_is_pure(history: History, django_assert_num_queries) -> None:
    day = datetime.date(2026, 2, 27)
    entry = Entry(
        taken_on=day,
        danger=True,
        due_on=day,
        answered_on=day + datetime.timedelta(3),
        closed_on=None,
    )
    with django_assert_num_queries(0):
        assert counting.counts_of(entry) == {
            (datetime.date(2026, 2, 1), Kind.LETTERS): 1,
            (datetime.date(2026, 2, 1), Kind.DANGER): 1,
            (datetime.date(2026, 3, 1), Kind.ANSWERED_LATE): 1,
        }
        entry.due_on = None
        assert counting.counts_of(entry)[datetime.date(2026, 3, 1), Kind.ANSWERED_IN_TIME] == 1


def test_a_count_that_somebody_spoiled_stops_no_work(history: History, caplog) -> None:
    happen(history, [(0, "write", 1, 1, 1), (1, "open", 0, 0, 0), (0, "register", 0, 0, 0)])
    happen(history, [(0, "review", 0, 0, 0), (0, "answer_late", 0, 0, 0), (1, "close", 0, 0, 0)])
    right = kept(history.school)
    assert right[datetime.date(2026, 1, 1), Kind.CLOSED] == 1
    Tally.objects.filter(school=history.school).delete()
    with time_machine.travel(history.moment(), tick=False):
        reviewing.return_to_review(
            entry=Entry.objects.get(school=history.school),
            reason="Not so.",
            by=history.person.fresh(),
            keyring=history.person.keyring(),
            version=4,
        )
    del right[datetime.date(2026, 1, 1), Kind.CLOSED]
    assert kept(history.school) == right
    assert "made anew" in caplog.text


def test_what_was_refused_is_no_step(history: History) -> None:
    stranger = factories.make_person(history.school, "commission_member")
    happen(history, [(3, "call", 0, 0, 0)])
    entry = Entry.objects.get(school=history.school)
    history.today += datetime.timedelta(5)
    with time_machine.travel(history.moment(), tick=False), pytest.raises(Refused):
        reviewing.record_measures(
            entry=entry, measures="M", by=stranger.fresh(), keyring=stranger.keyring(), version=1
        )
    assert Standing.objects.get(school=history.school).last_step_on == history.last_step_on
    counting.recount(history.school)
    assert Standing.objects.get(school=history.school).last_step_on == history.last_step_on


def test_counts_of_two_schools_do_not_mix(history: History) -> None:
    other = begin()
    happen(history, [(0, "call", 0, 0, 0), (0, "call", 1, 0, 0)])
    happen(other, [(0, "call", 0, 0, 0)])
    before = kept(other.school)
    counting.recount(history.school)
    month = datetime.date(2026, 1, 1)
    assert kept(history.school)[month, Kind.LETTERS] == 2
    assert kept(other.school) == before
    assert before[month, Kind.LETTERS] == 1


def test_an_opening_is_due_by_the_calendar_as_it_is_now(history: History) -> None:
    school = history.school
    admin = factories.make_person(school, "administrator")
    assert Standing.objects.get(school=school).opening_due_on == datetime.date(2026, 1, 16)
    client = factories.signed_in_client(admin)
    day_off = {"school": school.pk, "day": "2026-01-16", "works": "", "note": "Frost"}
    response = client.post(reverse("admin:schools_calendarday_add"), day_off)
    row = CalendarDay.objects.get(school=school)
    assert (response.status_code, row.works) == (302, False)
    assert Standing.objects.get(school=school).opening_due_on == datetime.date(2026, 1, 19)
    client.post(reverse("admin:schools_calendarday_delete", args=[row.pk]), {"post": "yes"})
    assert not CalendarDay.objects.filter(school=school).exists()
    assert Standing.objects.get(school=school).opening_due_on == datetime.date(2026, 1, 16)


def test_without_a_key_no_opening_is_due() -> None:
    school = factories.make_school("keyless")
    counting.recount(school)
    standing = Standing.objects.get(school=school)
    assert (standing.opening_due_on, standing.last_step_on) == (None, None)
    assert kept(school) == {}


def test_a_demonstration_is_filled_with_its_counts(db) -> None:
    call_command("demo", schools=1, entries=120, password="a long demonstration word")
    for school in School.objects.filter(is_demo=True):
        filled = kept(school)
        standing = Standing.objects.get(school=school)
        assert (
            sum(number for (_month, kind), number in filled.items() if kind == Kind.LETTERS) >= 120
        )
        counting.recount(school)
        assert kept(school) == filled
        anew = Standing.objects.get(school=school)
        assert (anew.last_step_on, anew.opening_due_on) == (
            standing.last_step_on,
            standing.opening_due_on,
        )


def test_the_command_counts_one_school_or_all(history: History, capsys) -> None:
    other = begin()
    happen(history, [(0, "call", 0, 0, 0)])
    happen(other, [(0, "call", 0, 0, 0)])
    right = kept(history.school)
    Tally.objects.all().delete()
    call_command("recount", history.school.slug)
    assert (kept(history.school), kept(other.school)) == (right, {})
    call_command("recount")
    assert kept(other.school) == right
    assert capsys.readouterr().out.splitlines()[-1] == "Schools counted anew: 2."
    with pytest.raises(CommandError, match="no school nowhere"):
        call_command("recount", "nowhere")
