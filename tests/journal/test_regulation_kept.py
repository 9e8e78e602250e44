"""What the regulation of each demonstration school says, clause by clause in every language, is what is done there.

The sentences are read here as a person reads them: numbers, days, hours and posts are taken out of the words, and the
portal is asked to do its work.
"""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from box.forms import LetterForm
from box.selectors import box_of, forget_boxes
from journal.alert_stages import next_round_at, people_of
from journal.models import Alert, Entry
from journal.services import key_keeping
from journal.services.entering import PaperLetter, Registration
from journal.services.opening import Present, lacking
from journal.services.protocols import enough_present
from journal.services.registering import register_paper
from reports.journal_book import anonymous_mark
from schools.dates import long_date, weekday_name
from schools.emergency import emergency_numbers
from schools.errors import Refused
from schools.languages import LANGUAGES, speaking
from schools.models import Regulation, School
from schools.models.regulation import Column, Source
from schools.openings import openings_from
from schools.phone_hours import hours_in_words
from schools.regulation_text import RegulationText, read_text
from schools.roles import ROLE_NAMES
from schools.schedule import ONE_DAY
from schools.selectors import regulation_of
from schools.working_days import Calendar, calendar_of
from tests.factories import Person, make_person, open_box, send_letter
from trustbox.demo.loading import add_school
from trustbox.demo.schools import SCHOOLS

# Sentences and settings are the same on either engine; each service has its own tests on both.
pytestmark = [pytest.mark.django_db, pytest.mark.once("sqlite")]

FIRST_DAYS = {
    "calendar": {"kk": "1 қаңтар", "ru": "1 января", "ky": "1-январ", "en": "1 January"},
    "school": {"kk": "1 қыркүйек", "ru": "1 сентября", "ky": "1-сентябр", "en": "1 September"},
}
EMPTY_BOX_TOO = {
    "kk": "өтініш болмаған кезде де",
    "ru": "обращений в ящике нет",
    "ky": "кайрылуу жок болгондо да",
    "en": "no letter in the box",
}
SATURDAY = {"kk": "сенбіге", "ru": "субботу", "ky": "ишембиге", "en": "Saturday"}
ONE_BOOK = {"kk": "бір журнал", "ru": "один журнал", "ky": "бир журнал", "en": "One journal"}
WITHOUT_NAMES = {
    "kk": "көрсетілмейді",
    "ru": "не указываются",
    "ky": "көрсөтүлбөйт",
    "en": "without their names",
}
EVERY_YEAR_ROUND = {"kk": "жыл бойы", "ru": "круглый год", "ky": "жыл бою", "en": "all year"}
EMPTY_COLUMN = {"kk": "бос қалады", "ru": "остаётся пустой", "ky": "бош калат", "en": "stays empty"}
MONDAY = datetime.date(2026, 9, 7)
LOOKED_AHEAD = 150  # days


@dataclass(frozen=True)
class Kept:
    """A demonstration school with its text in a language, before anything was done in it."""

    school: School
    regulation: Regulation
    calendar: Calendar
    text: RegulationText
    language: str

    def whole(self, name: str) -> str:
        """What a clause says."""
        clause = self.text.named(name)
        assert clause is not None, name
        return clause.whole

    def points(self, name: str) -> tuple[str, ...]:
        """What a clause lists; nothing where the text has no such clause."""
        clause = self.text.named(name)
        return clause.points if clause else ()

    def number_in(self, name: str) -> int:
        """The last number of a clause."""
        return int(re.findall(r"\d+", self.whole(name))[-1])

    def roles_in(self, name: str) -> list[str]:
        """The roles whose posts a clause lists."""
        with speaking(self.language):
            by_post = {str(post): role for role, post in ROLE_NAMES.items()}
        return [by_post[post] for post in self.points(name)]

    def keeper(self) -> Person:
        """Somebody who holds the school's key."""
        return make_person(self.school, "psychologist", with_key=True)


@pytest.fixture(params=[data["slug"] for data in SCHOOLS])
def school(request: pytest.FixtureRequest) -> School:
    """Each of the four, made by the portal's own set-up."""
    forget_boxes()
    return add_school(next(data for data in SCHOOLS if data["slug"] == request.param))


@pytest.fixture(params=LANGUAGES)
def kept(request: pytest.FixtureRequest, school: School) -> Kept:
    """A school and a language."""
    regulation = regulation_of(school)
    return Kept(
        school=school,
        regulation=regulation,
        calendar=calendar_of(school, regulation),
        text=read_text(regulation, request.param),
        language=request.param,
    )


def days_read(kept: Kept) -> Iterator[datetime.date]:
    """The days of openings for some months, as somebody works them out who has the text and a calendar alone."""
    day = MONDAY
    waits = False
    while (day - MONDAY).days < LOOKED_AHEAD:
        free = kept.text.named("vacations") is not None and kept.calendar.in_vacation(day)
        waits = waits or (_is_named(kept, day) and not free)
        if waits and not free and _can_be_held(kept, day):
            yield day
            waits = False
        elif not kept.text.named("days_off"):
            waits = False
        day += ONE_DAY


def _is_named(kept: Kept, day: datetime.date) -> bool:
    words = kept.whole("schedule")
    if "regulation.weekday" in kept.text.named("schedule").settings:
        return weekday_name(day, kept.language) in words
    if "regulation.every_days" in kept.text.named("schedule").settings:
        first = next(
            one
            for one in (datetime.date(2026, 1, 1) + step * ONE_DAY for step in range(365))
            if long_date(one, kept.language) in words
        )
        every = int(re.search(r": (\d+) ", words)[1])
        return (day - first).days % every == 0
    numbers = [int(one) for one in re.findall(r"\d+", re.sub(r"\d+:\d+", "", words))]
    return day.day in numbers


def _can_be_held(kept: Kept, day: datetime.date) -> bool:
    return kept.calendar.is_working_day(day)


def test_the_box_is_opened_when_the_text_says(kept: Kept) -> None:
    start = datetime.datetime.combine(MONDAY, datetime.time(0), tzinfo=kept.school.zone)
    until = MONDAY + LOOKED_AHEAD * ONE_DAY
    found = [at for at in openings_from(kept.regulation, start, kept.calendar) if at.date() < until]
    assert [at.date() for at in found] == list(days_read(kept))
    assert len(found) >= 8
    hour = re.search(r"\b(\d\d:\d\d)\b", kept.whole("schedule"))[1]
    assert {f"{at:%H:%M}" for at in found} == {hour}


def test_the_key_goes_to_the_posts_that_the_text_names(kept: Kept) -> None:
    assert kept.roles_in("keepers") == kept.regulation.keepers
    may_hold, may_give = kept.roles_in("key_taken"), kept.roles_in("key_given")
    reads_nothing = kept.roles_in("never_read")
    keeper = kept.keeper()
    for role in ROLE_NAMES:
        person = make_person(kept.school, role, username=f"{role}.other")
        user = person.fresh()
        assert user.has_perm("schools.grant_key", kept.school) == (role in may_give)
        sees = any(
            user.has_perm(f"journal.view_{what}", kept.school) for what in ("entry", "opening")
        )
        assert (role not in may_hold and not sees) == (role in reads_nothing)
        try:
            key_keeping.grant(
                school=kept.school, to=user, by=keeper.fresh(), keyring=keeper.keyring()
            )
        except Refused:
            assert role not in may_hold
        else:
            assert role in may_hold


def test_an_opening_is_held_with_whom_the_text_asks_for(kept: Kept) -> None:
    least, named = kept.number_in("present"), kept.roles_in("must_be_present")
    others = [role for role in ("psychologist", "director", "administrator") if role not in named]
    roles = (named + others * 5)[: max(least, len(named))]
    there = [Present(name=f"{place}", role=role) for place, role in enumerate(roles)]
    assert lacking(regulation=kept.regulation, present=there) == []
    assert lacking(regulation=kept.regulation, present=there[: least - 1])
    for role in named:
        rest = [person for person in there if person.role != role]
        assert role in lacking(regulation=kept.regulation, present=rest)


def test_an_act_is_drawn_up_when_the_text_says(kept: Kept) -> None:
    also_empty = EMPTY_BOX_TOO[kept.language] in kept.whole("acts")
    keeper = kept.keeper()
    empty = open_box(kept.school, by=keeper, few_reason="One is ill.")
    assert (empty.act_number is not None) == also_empty
    send_letter(kept.school, category=None)
    full = open_box(kept.school, by=keeper, few_reason="One is ill.")
    assert full.act_number is not None
    assert (empty.number, full.number) == (1, 2)


def _registered(kept: Kept, keeper: Person, source: str) -> Entry:
    opening = (
        open_box(kept.school, by=keeper, few_reason="Ill.", paper_count=1)
        if source == Source.PAPER
        else None
    )
    return register_paper(
        school=kept.school,
        opening=opening,
        paper=PaperLetter(text="Something.", audience="student", signed=False, source=source),
        registration=Registration(summary="Something.", category=None),
        by=keeper.fresh(),
        keyring=keeper.keyring(),
    )


def test_numbers_books_columns_and_deadlines_are_those_of_the_text(kept: Kept) -> None:
    keeper = kept.keeper()
    paper = _registered(kept, keeper, Source.PAPER)
    volume = paper.volume
    first = f"{volume.period_from:%d.%m}"
    assert first == {"calendar": "01.01", "school": "01.09"}[kept.regulation.numbering]
    assert FIRST_DAYS[kept.regulation.numbering][kept.language] in kept.whole("numbers")
    with speaking(kept.language):
        heads = [str(Column(slug).label) for slug in volume.columns]
        mark = anonymous_mark(volume, kept.language)
    assert [point.strip("«»“”") for point in kept.points("columns")] == heads
    if Column.NAME not in volume.columns:
        assert kept.text.named("anonymous_mark") is None
    elif mark:
        assert mark in kept.whole("anonymous_mark")
    else:
        assert EMPTY_COLUMN[kept.language] in kept.whole("anonymous_mark")
    assert (kept.text.named("two_languages") is not None) == volume.two_languages
    assert (ONE_BOOK[kept.language] in kept.whole("books")) == (volume.book == "")
    _deadline_is(kept, paper, "reply", paper.due_on)
    _deadline_is(kept, paper, "forward", paper.forward_by)


def _deadline_is(kept: Kept, entry: Entry, name: str, due: datetime.date | None) -> None:
    """The day is as many working days after the letter was taken out as the clause says."""
    numbers = re.findall(r"\d+", kept.whole(name))
    if due is None:
        assert numbers == []
        return
    assert kept.calendar.is_working_day(due)
    assert [int(number) for number in numbers] == [
        kept.calendar.count(entry.taken_on + ONE_DAY, due)
    ]


def test_letters_come_by_the_ways_of_the_text_alone(kept: Kept) -> None:
    assert len(kept.points("sources")) == len(kept.regulation.sources)
    keeper = kept.keeper()
    for source in (Source.PHONE, Source.EMAIL, Source.PERSON):
        if source in kept.regulation.sources:
            assert _registered(kept, keeper, source).source == source
        else:
            with pytest.raises(Refused):
                _registered(kept, keeper, source)
    beside = [one for one in kept.regulation.sources if one in ("phone", "email", "person")]
    assert len(kept.points("besides_box")) == len(beside)


def test_the_form_asks_who_writes_as_the_text_lists_them(kept: Kept) -> None:
    kept.keeper()
    forget_boxes()
    with speaking(kept.language):
        form = LetterForm(box=box_of(kept.school.slug))
        asked = [value for value, _label in form.fields["audience"].choices]
    assert asked == kept.regulation.audiences
    assert len(kept.points("audiences")) == len(asked)
    offered = [label for value, label in form.fields["category"].choices if value]
    assert list(kept.points("categories")) == offered


def test_working_days_are_those_of_the_text(kept: Kept) -> None:
    words = kept.whole("working_days")
    saturday = MONDAY + 5 * ONE_DAY
    assert kept.calendar.is_working_day(MONDAY + 4 * ONE_DAY)
    assert not kept.calendar.is_working_day(MONDAY + 6 * ONE_DAY)
    assert kept.calendar.is_working_day(saturday) == (SATURDAY[kept.language] in words)
    in_july = datetime.date(2027, 7, 14)  # a Wednesday
    all_year = EVERY_YEAR_ROUND[kept.language] in kept.whole("works")
    assert kept.calendar.is_working_day(in_july) == all_year
    assert kept.school.time_zone in kept.whole("clock")


def test_an_alert_goes_on_in_the_minutes_and_to_the_posts_of_the_text(kept: Kept) -> None:
    begins, ends, by_day, at_night = re.search(
        r"(\d\d:\d\d)–(\d\d:\d\d)\)\D+(\d+)\D+(\d+)", kept.whole("danger_minutes")
    ).groups()
    for hour, minutes in ((begins, by_day), (ends, at_night)):
        told = datetime.datetime.combine(
            MONDAY, datetime.time.fromisoformat(hour), tzinfo=kept.school.zone
        )
        again = next_round_at(kept.regulation, told, rounds=1)
        assert again - told == datetime.timedelta(minutes=int(minutes))
    people = {role: make_person(kept.school, role) for role in ("deputy_director", "director")}
    keeper = kept.keeper()
    send_letter(kept.school, danger=True, category=None)
    alert = Alert.objects.get(school=kept.school)
    told = [people_of(alert, stage) for stage in (Alert.Stage.KEY_HOLDERS, 1, Alert.Stage.DIRECTOR)]
    assert told[0] == [keeper.user]
    assert told[1:] == [[people[role].user] for role in kept.roles_in("danger_next")]


def test_a_meeting_has_a_quorum_as_the_text_counts_it(kept: Kept) -> None:
    share = int(re.search(r"(\d+)\s*%", kept.whole("quorum"))[1])
    for members in (3, 5, 7):
        for present in range(members + 1):
            enough = present > 0 and present * 100 >= share * members
            quorum = kept.regulation.quorum
            assert enough_present(present=present, members=members, quorum=quorum) == enough
    if kept.regulation.meetings_a_half_year:
        asked = int(re.search(r"\d+", re.sub(r"\(.*?\)", "", kept.whole("meetings")))[0])
        assert asked == kept.regulation.meetings_a_half_year
    else:
        assert not re.search(r"\d", kept.whole("meetings"))


def test_phones_names_and_places_are_those_of_the_school(kept: Kept) -> None:
    published = WITHOUT_NAMES[kept.language] not in kept.whole("names")
    assert published == kept.regulation.names_published
    phones = list(kept.school.trust_phones.all())
    assert len(kept.points("phones")) == len(phones)
    with speaking(kept.language):
        for phone, told in zip(phones, kept.points("phones"), strict=True):
            assert phone.number in told
            assert hours_in_words(phone, kept.calendar, kept.language) in told
        numbers = emergency_numbers(kept.school.country)
        for one, told in zip(numbers, kept.points("emergency"), strict=True):
            assert told.startswith(one.number)
            assert str(one.answers) in told
    place = kept.regulation.place.get(kept.language, "")
    assert (kept.text.named("place") is not None) == bool(any(kept.regulation.place.values()))
    assert place in (kept.text.named("place").whole if place else "")


def test_four_schools_have_four_regulations(db: Any) -> None:
    texts = {}
    for data in SCHOOLS:
        school = add_school(data)
        for language in LANGUAGES:
            text = read_text(regulation_of(school), language)
            texts.setdefault(language, []).append(
                tuple(c.whole for c in text.clauses() if c.name not in ("subject", "contacts"))
            )
    for language in LANGUAGES:
        assert len(set(texts[language])) == 4
        assert len({len(clauses) for clauses in texts[language]}) > 1
