"""Many invented schools: their books are as whole as real ones, and made anew they stay as they are."""

import datetime
from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from box.models import Letter, PublicNote
from journal.models import Alert, Entry, Opening, Standing, TakenLetter, Tally, Trail
from journal.services.counting import recount
from journal.services.verifying import verify_school
from reports.figures.of_schools import Only, of_schools
from schools.models import Category, Region, School, User
from schools.selectors import keyring_of
from schools.services.signing_in import open_pair
from tests.factories import make_school
from trustbox.demo import many_schools
from trustbox.demo.habits import Habits, State, habits_of
from trustbox.demo.many_schools import Made, Wish, add_many_schools
from trustbox.demo.regions import DISTRICTS
from trustbox.demo.storing import store
from trustbox.demo.synthetic import Filler

PASSWORD = "many schools of 2026"
ENTRIES = 30


def wish(entries: int = ENTRIES) -> Wish:
    return Wish(PASSWORD, entries, School(time_zone="Asia/Almaty").today().year)


def invented() -> list[School]:
    return list(School.objects.filter(slug__startswith="school-").order_by("slug"))


@pytest.fixture
def crying(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody has answered any letter, and in every second school not even an alert."""
    monkeypatch.setattr(many_schools, "CRYING", 2)
    monkeypatch.setattr(many_schools, "habits_of", lambda _number, today: Habits(400, 0, 0, today))
    yield


@pytest.mark.django_db
def test_their_books_are_whole_and_their_counts_are_those_of_the_books() -> None:
    made = add_many_schools(5, wish(), processes=1)
    assert made == Made(5, 5 * ENTRIES)
    for school in invented():
        volumes = verify_school(school)
        assert sum(volume.last_number for volume in volumes) == ENTRIES
        counts = set(Tally.objects.filter(school=school).values_list("month", "kind", "number"))
        standing = Standing.objects.filter(school=school).values().get()
        assert sum(number for _month, kind, number in counts if kind == "letters") == ENTRIES
        recount(school)
        assert counts == set(
            Tally.objects.filter(school=school).values_list("month", "kind", "number")
        )
        assert standing == Standing.objects.filter(school=school).values().get()


@pytest.mark.django_db
def test_every_letter_of_the_box_was_taken_out_at_an_opening() -> None:
    add_many_schools(4, wish(), processes=1)
    taken = TakenLetter.objects.filter(opening__school__slug__startswith="school-")
    lay = Entry.objects.filter(school__slug__startswith="school-", source__in=["web", "paper"])
    assert set(taken.values_list("entry_id", "opening_id")) == set(
        lay.values_list("pk", "opening_id")
    )
    for opening in Opening.objects.filter(school__slug__startswith="school-"):
        sources = list(opening.taken_letters.values_list("source", flat=True))
        assert sources.count("web") == opening.web_count
        assert sources.count("paper") == opening.paper_count
        days = set(opening.entries.values_list("taken_on", flat=True))
        assert days <= {opening.opened_at.astimezone(opening.school.zone).date()}


@pytest.mark.django_db
def test_the_trail_tells_it_in_the_order_in_which_it_was_done() -> None:
    add_many_schools(3, wish(), processes=1)
    for school in invented():
        moments = list(Trail.objects.filter(school=school).values_list("at", flat=True))
        assert moments == sorted(moments)
        steps = Trail.objects.filter(school=school).values_list("step", flat=True)
        assert {"box_opened", "registered", "closed"} <= set(steps)


@pytest.mark.django_db
def test_the_psychologist_reads_what_was_written() -> None:
    add_many_schools(2, wish(), processes=1)
    for school in invented():
        user = User.objects.get(username=f"psychologist.{school.slug}")
        keyring = keyring_of(user, open_pair(user=user, password=PASSWORD))
        for row in [
            *Entry.objects.filter(school=school),
            *Letter.objects.filter(school=school),
            *Opening.objects.filter(school=school),
        ]:
            assert row.read(keyring)
        texts = {letter.read(keyring)["text"] for letter in Letter.objects.filter(school=school)}
        assert len(texts) > 1


@pytest.mark.django_db
def test_once_more_adds_nothing_and_a_book_that_is_too_short_gets_what_is_missing() -> None:
    add_many_schools(2, wish(10), processes=1)
    assert add_many_schools(2, wish(10), processes=1) == Made()
    rows = Trail.objects.count()
    assert add_many_schools(3, wish(12), processes=1) == Made(1, 2 + 2 + 12)
    assert Trail.objects.count() > rows
    for school in invented():
        assert Entry.objects.filter(school=school).count() == 12
        verify_school(school)


@pytest.mark.django_db
def test_they_lie_in_districts_of_two_regions_each_with_an_analyst() -> None:
    add_many_schools(8, wish(0), processes=1)
    wholes = Region.objects.filter(parent=None)
    assert {whole.slug for whole in wholes} == {"akzhol", "akbulak"}
    for whole in wholes:
        assert whole.parts.count() == DISTRICTS
        (membership,) = whole.memberships.all()
        assert membership.user.username == f"analyst.{whole.slug}"
    assert {school.region.parent.slug for school in invented()} == {"akzhol", "akbulak"}
    countries = {school.region.parent.slug: school.country for school in invented()}
    assert countries == {"akzhol": "KZ", "akbulak": "KG"}


@pytest.mark.django_db
def test_an_unanswered_alert_waits_in_some_and_calls_nobody_again(crying: None) -> None:
    add_many_schools(6, wish(), processes=1)
    alerts = Alert.objects.filter(answered_at=None, school__slug__startswith="school-")
    assert alerts.exists()
    for school in invented():
        verify_school(school)
    assert not alerts.exclude(next_stage_at=None).exists()
    today = datetime.date.today()
    year_ago = today - datetime.timedelta(days=365)
    page = of_schools(School.objects.all(), year_ago, today, only=Only.ALERTS)
    assert {row.school.pk for row in page.rows} == set(alerts.values_list("school_id", flat=True))


@pytest.mark.django_db(transaction=True)
def test_several_processes_make_the_same() -> None:
    if connection.vendor != "postgresql":
        # One writer there: however many are asked for, this very process does it all.
        assert add_many_schools(3, wish(4), processes=2) == Made(3, 12)
        return
    assert add_many_schools(7, wish(8), processes=2) == Made(7, 56)
    assert len(invented()) == 7
    for school in invented():
        verify_school(school)


@pytest.mark.django_db
def test_a_year_that_has_not_begun_is_refused() -> None:
    with pytest.raises(CommandError, match="has not begun"):
        call_command("demo", schools=1, entries=2, year=2999, password=PASSWORD)


@pytest.mark.django_db
def test_letters_of_a_school_without_habits_are_in_every_state() -> None:
    add_many_schools(1, wish(0), processes=1)
    (school,) = invented()
    Filler(school, school.today().year).fill(20)
    states = set(Entry.objects.filter(school=school).values_list("state", flat=True))
    assert states == {"registered", "in_review", "answered", "closed"}
    assert not Opening.objects.filter(school=school).exists()
    verify_school(school)


DAY = datetime.date(2026, 3, 2)


def days_later(count: int) -> datetime.date:
    return DAY + datetime.timedelta(days=count)


@pytest.mark.parametrize(
    ("place", "taken", "state"),
    [
        (0, 0, State.CLOSED),
        (1, 0, State.IN_REVIEW),  # forgotten
        (0, 24, State.CLOSED),
        (0, 25, State.ANSWERED),
        (0, 27, State.IN_REVIEW),
        (0, 30, State.REGISTERED),
    ],
)
def test_habits_decide_what_becomes_of_a_letter(place: int, taken: int, state: State) -> None:
    habits = Habits(answers_after=4, forgets=2, misses=0, worked_until=days_later(30))
    fate = habits.fate_of(place, days_later(taken))
    assert fate.state == state
    assert (fate.answered_on is None) == (state in (State.REGISTERED, State.IN_REVIEW))
    assert (fate.closed_on is not None) == (state == State.CLOSED)


def test_missed_openings_stand_in_the_next_one_held() -> None:
    habits = Habits(answers_after=4, forgets=0, misses=2, worked_until=days_later(4))
    held = habits.held(days_later(count) for count in range(8))
    assert held == [(DAY, []), (days_later(2), [days_later(1)]), (days_later(4), [days_later(3)])]


def test_schools_differ_in_their_habits() -> None:
    all_of_them = {habits_of(number, DAY) for number in range(1, 200)}
    assert len(all_of_them) > 10
    assert len({habits.worked_until for habits in all_of_them}) == 2


AWKWARD = 'tab\tline\nback\\slash \\N \\. return\r quote" ’ ә \U0001f4ee'


@pytest.mark.django_db
def test_what_is_stored_at_once_is_stored_as_it_is() -> None:
    school = make_school()
    names = {"kk": AWKWARD, "ru": "", "ky": "\\x00", "en": "null"}
    person = User.objects.create_user("writer", None, full_name=AWKWARD)
    store([Category(school=school, slug="awkward", names=names, order=7, in_use=False)])
    category = Category.objects.get(school=school, slug="awkward")
    assert (category.names, category.order, category.in_use) == (names, 7, False)
    day = datetime.date(2026, 2, 28)
    notes = [
        PublicNote(school=school, texts=names, written_on=day, written_by=person) for _ in "ab"
    ]
    store(notes)
    assert {note.pk for note in notes} == set(PublicNote.objects.values_list("pk", flat=True))
    assert PublicNote.objects.filter(approved_on=None, approved_by=None).count() == 2
    moment = datetime.datetime(2026, 2, 28, 23, 59, 58, 7, tzinfo=datetime.UTC)
    raw = bytes(range(256))
    row = Trail(
        school=school,
        position=1,
        at=moment,
        step=Trail.Step.READ,
        by_name=AWKWARD,
        facts={"a": [1, None, AWKWARD]},
        former=raw,
        previous_hash=raw[:32],
        row_hash=raw[32:64],
    )
    store([row])
    kept = Trail.objects.get(pk=row.pk)
    assert (kept.at, kept.by_name, kept.facts) == (moment, AWKWARD, row.facts)
    assert (bytes(kept.former), bytes(kept.row_hash)) == (raw, raw[32:64])
    # What comes after, by the usual way, gets an id of its own.
    assert Category.objects.create(school=school, slug="next", names=names).pk > category.pk
    store([])


@pytest.mark.django_db
def test_the_analyst_signs_in() -> None:
    add_many_schools(1, wish(0), processes=1)
    response = Client().post(
        reverse("admin:login"), {"username": "analyst.akzhol", "password": PASSWORD}
    )
    assert response.status_code == 302
