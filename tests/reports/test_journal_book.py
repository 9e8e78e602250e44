"""What is printed is exactly what is registered, and only what opens for whoever prints."""

import datetime
from typing import Any

import pytest
import time_machine
from django.utils import translation

from journal.models import Entry, Volume
from journal.prints import end_of_book, row_with_hash
from journal.services import reviewing
from journal.services.forwarding import record_outcome
from journal.services.reading import note_entry_read
from reports.journal_book import JournalBook, read_book
from schools.dates import long_date, short_date
from schools.languages import LANGUAGES
from schools.models import School
from schools.models.regulation import Column, Source
from tests import factories
from tests.factories import Person
from trustbox.demo.schools import SCHOOLS, rules_of

MARKS = {"kk": "жасырын", "ru": "аноним", "ky": "анонимдүү", "en": "anonymous"}


@pytest.fixture
def school(db: None) -> School:
    return factories.make_school(anonymous_marks=MARKS, columns=list(Column.values))


@pytest.fixture
def holder(school: School) -> Person:
    return factories.make_person(school, "psychologist", with_key=True)


def book_of(school: School, by: Person, **wish) -> JournalBook:
    return read_book(
        Volume.objects.get(school=school),
        by=by.fresh(),
        keyring=by.keyring(),
        **{"language": "en", **wish},
    )


def cells(book: JournalBook, row: int = 0) -> dict[str, str]:
    return dict(zip([head.slug for head in book.heads], book.rows[row].cells, strict=True))


@pytest.mark.parametrize("host", [None, "box.school1.kz"])
def test_a_print_is_checked_at_the_school_s_own_name(
    school: School, holder: Person, settings: Any, host: str | None
) -> None:
    settings.BASE_URL = "https://portal.kz"
    School.objects.update(host=host)
    factories.registered_entry(School.objects.get(), by=holder)
    assert book_of(school, holder).checked_at == f"https://{host or 'portal.kz'}/en/check/"


def test_a_signed_letter_is_printed_as_registered(school: School, holder: Person) -> None:
    entry = factories.registered_entry(school, by=holder, signed=True, summary="О деньгах.")
    entry = reviewing.take_into_review(
        entry=entry,
        reviewer=holder.fresh(),
        by=holder.fresh(),
        keyring=holder.keyring(),
        version=entry.version,
    )
    entry = reviewing.record_answer(
        entry=entry,
        answered_on=school.today(),
        way=Entry.ReplyWay.IN_PERSON,
        measures="Беседа проведена.",
        by=holder.fresh(),
        keyring=holder.keyring(),
        version=entry.version,
    )
    reviewing.close(
        entry=entry,
        outcome="Вернули.",
        by=holder.fresh(),
        keyring=holder.keyring(),
        version=entry.version,
    )
    printed = cells(book_of(school, holder, language="ru"))
    today = short_date(school.today(), "ru")
    assert printed["number"] == "1"
    assert printed["taken_on"] == today
    assert printed["received_at"].startswith(today)
    assert printed["name"] == factories.IDENTITY["full_name"]
    assert printed["address"] == factories.IDENTITY["address"]
    assert printed["age"] == factories.IDENTITY["age"]
    assert printed["phone"] == factories.IDENTITY["phone"]
    assert printed["class_group"] == "7Б"
    assert printed["category"] == "Травля"
    assert printed["summary"] == "О деньгах."
    assert printed["answered_on"] == f"{today}\nлично"
    assert printed["outcome"] == "Вернули."
    assert printed["measures"] == "Беседа проведена."
    with translation.override("ru"):
        assert printed["source"] == str(Source.WEB.label)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_whole_book_is_in_the_language_chosen(
    school: School, holder: Person, language: str
) -> None:
    factories.registered_entry(school, by=holder)
    with translation.override("ru" if language != "ru" else "kk"):
        book = book_of(school, holder, language=language)
    with translation.override(language):
        assert [head.label for head in book.heads] == [str(label) for label in Column.labels]
        assert cells(book)["source"] == str(Source.WEB.label)
    assert cells(book)["name"] == MARKS[language]
    assert cells(book)["category"] == factories.CATEGORIES["bullying"][language]
    assert book.cover.school == f"{language} {school.slug}"
    assert book.cover.begun == long_date(school.today(), language)


def test_a_school_without_a_mark_leaves_the_name_empty(db: None) -> None:
    school = factories.make_school(anonymous_marks={}, columns=["number", "name"])
    holder = factories.make_person(school, "psychologist", with_key=True)
    factories.registered_entry(school, by=holder)
    for language in LANGUAGES:
        assert cells(book_of(school, holder, language=language))["name"] == ""


def test_the_mark_is_the_one_of_the_day_the_volume_was_begun(
    school: School, holder: Person
) -> None:
    factories.registered_entry(school, by=holder)
    regulation = school.regulations.get()
    regulation.anonymous_marks, regulation.columns = {"ru": "без имени"}, ["number", "summary"]
    regulation.save()
    book = book_of(school, holder, language="ru")
    assert cells(book)["name"] == "аноним"
    assert [head.slug for head in book.heads] == list(Column.values)


@pytest.mark.parametrize("settings", SCHOOLS, ids=lambda settings: settings["slug"])
def test_each_school_has_its_own_columns_in_their_order(db: None, settings: dict) -> None:
    rules = rules_of(settings)
    school = factories.make_school(
        columns=rules["columns"],
        anonymous_marks=rules["anonymous_marks"],
        numbering=rules["numbering"],
        cover_year=rules["cover_year"],
    )
    holder = factories.make_person(school, "psychologist", with_key=True)
    factories.registered_entry(school, by=holder)
    book = book_of(school, holder, language="kk")
    assert [head.slug for head in book.heads] == rules["columns"]
    assert cells(book)["name"] == (rules["anonymous_marks"] or {}).get("kk", "")
    today = school.today()
    first = today.year if today.month >= 9 else today.year - 1
    years = f"{first}/{first + 1}" if rules["cover_year"] == "school" else str(today.year)
    assert years in book.cover.year


def test_an_entry_closed_to_the_person_is_a_number_a_day_and_nothing_more(
    school: School, holder: Person
) -> None:
    factories.registered_entry(school, by=holder, signed=True, summary="Тайна")
    director = factories.make_person(school, "director")
    book = book_of(school, director)
    assert book.rows[0].closed
    assert {slug: text for slug, text in cells(book).items() if text} == {
        "number": "1",
        "taken_on": short_date(school.today(), "en"),
        "summary": "closed to the person who prints",
    }


def test_a_closed_entry_without_a_column_for_the_day_says_it_beside(db: None) -> None:
    school = factories.make_school(columns=["measures", "number", "name"])
    holder = factories.make_person(school, "psychologist", with_key=True)
    factories.registered_entry(school, by=holder, signed=True)
    director = factories.make_person(school, "director")
    day = short_date(school.today(), "en")
    assert book_of(school, director).rows[0].cells == (
        "",
        "1",
        f"closed to the person who prints, {day}",
    )


def test_days_choose_the_letters_taken_out_then(school: School, holder: Person) -> None:
    days = [datetime.date(2026, 11, day) for day in (3, 4, 5, 6)]
    for day in days:
        with time_machine.travel(f"{day} 10:00+05:00", tick=True):
            factories.registered_entry(school, by=holder)
    numbers = {
        (None, None): [1, 2, 3, 4],
        (days[1], None): [2, 3, 4],
        (None, days[1]): [1, 2],
        (days[1], days[2]): [2, 3],
        (datetime.date(2027, 1, 1), None): [],
    }
    for (since, until), expected in numbers.items():
        book = book_of(school, holder, since=since, until=until)
        assert [row.number for row in book.rows] == expected
        assert bool(book.cover.part) == bool(since or until)
        for day in (since, until):
            assert day is None or long_date(day, "en") in book.cover.part


def test_another_schools_person_reads_an_empty_book(school: School, holder: Person) -> None:
    factories.registered_entry(school, by=holder)
    other = factories.make_school("school-2")
    stranger = factories.make_person(other, "psychologist", with_key=True)
    assert list(book_of(school, stranger).rows) == []


def test_the_bodies_it_was_sent_to_stand_with_their_deadlines_and_what_they_answered(
    holder: Person,
) -> None:
    columns = ["number", "received_at", "name", "summary", "sent_to", "outcome"]
    school = factories.make_school("school-2", languages=["ru", "kk"], columns=columns)
    keeper = factories.make_person(school, "psychologist", with_key=True)
    entry = factories.registered_entry(school, by=keeper)
    sent = factories.forwarded(entry, by=keeper, due_on=datetime.date(2099, 12, 1))
    record_outcome(
        forwarding=sent,
        answered_on=school.today(),
        outcome="Проведена беседа с семьёй.",
        by=keeper.fresh(),
        keyring=keeper.keyring(),
        version=2,
    )
    today = f"{school.today():%d.%m.%Y}"
    for language in ("ru", "kk"):
        row = cells(book_of(school, keeper, language=language))
        assert row["sent_to"] == f"Отдел образования (письмо), {today}; срок ответа 01.12.2099"
        assert row["outcome"] == f"Отдел образования, {today}: Проведена беседа с семьёй."


def test_names_on_the_book_hold_no_content(school: School, holder: Person) -> None:
    factories.registered_entry(school, by=holder, signed=True, summary="Тайна")
    book = book_of(school, holder)
    assert book.name == "Journal of letters. Volume 1"


def test_the_book_carries_the_end_of_the_chain_it_was_read_from(
    school: School, holder: Person
) -> None:
    entry = factories.registered_entry(school, by=holder)
    book = book_of(school, holder)
    assert book.end == end_of_book(school)
    assert row_with_hash(school, book.end.groups) == book.end.rows
    note_entry_read(entry=entry, by=holder.user)
    assert book_of(school, holder).end.rows == book.end.rows + 1
