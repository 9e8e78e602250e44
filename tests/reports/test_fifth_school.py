"""A school that nobody here has seen: set up by its settings alone, and worked through from the letter to the print."""

import datetime

import pytest
from django.test import Client
from django.utils import translation

from box.selectors import box_of, forget_boxes, opening_next
from journal.models import Opening, TakenLetter, Volume
from journal.services import verifying
from journal.services.calls import register_call
from journal.services.entering import PaperLetter, Registration
from reports.journal_book import read_book
from schools.models import School
from schools.models.regulation import Column
from schools.openings import is_held_on
from schools.selectors import regulation_of
from schools.services.setting_up import Phone, set_up_school
from schools.working_days import calendar_of
from tests import factories
from tests.factories import Person

pytestmark = pytest.mark.django_db

COLUMNS = ["number", "received_at", "source", "category", "name", "phone", "outcome", "summary"]
NAMES = {
    "ru": "Школа-интернат «Ала-Тоо»",
    "ky": "«Ала-Тоо» мектеп-интернаты",
    "en": "Ala-Too Boarding School",
}
BOX = {"ru": "Синяя сова", "ky": "Көк үкү", "en": "Blue Owl"}


@pytest.fixture
def school() -> School:
    """Three languages, Russian first; six days a week, opened every day; a book for each way in, by the school year."""
    return set_up_school(
        slug="ala-too",
        names=NAMES,
        country="KG",
        template="letters-and-calls",
        languages=["ru", "ky", "en"],
        working_week=6,
        box_names=BOX,
        addresses={"ru": "ул. Горная, 7"},
        phone="+996 312 00 00 07",
        settings={
            "audiences": ["student", "other"],
            "sources": ["phone", "web", "person"],
            "keepers": ["phone_officer", "deputy_director"],
            "schedule": "daily",
            "opens_at": "07:30",
            "place": {"ru": "Спальный корпус"},
            "columns": COLUMNS,
            "anonymous_marks": {"ru": "без имени", "ky": "аты жок"},
            "numbering": "school",
            "books": "by_source",
            "cover_year": "school",
            "least_present": 1,
            "must_be_present": [],
            "acts": "none",
            "reply_days": 2,
            "forward_days": None,
            "quorum": 100,
        },
        categories=[
            (
                "dormitory",
                {"ru": "Жизнь в интернате", "ky": "Интернаттагы жашоо", "en": "Dormitory"},
            ),
            ("home", {"ru": "Дорога домой", "ky": "Үйгө жол", "en": "Way home"}),
        ],
        phones=[
            Phone(
                names={"ru": "Дежурный воспитатель"},
                number="+996 312 00 00 71",
                weekdays=range(7),
                answered_from=datetime.time(20),
                answered_to=datetime.time(23),
                on_days_off=True,
            )
        ],
        by=factories.make_operator().user,
    )


@pytest.fixture
def deputy(school: School) -> Person:
    return factories.make_person(school, "deputy_director", with_key=True)


@pytest.fixture
def officer(school: School, deputy: Person) -> Person:
    person = factories.make_person(school, "phone_officer")
    factories.give_key(school, to=person)
    return person


def cells(volume: Volume, by: Person, language: str) -> list[dict[str, str]]:
    book = read_book(volume, by=by.fresh(), keyring=by.keyring(), language=language)
    heads = [head.slug for head in book.heads]
    return [dict(zip(heads, row.cells, strict=True)) for row in book.rows]


def test_six_days_a_week_and_every_one_of_them(school: School) -> None:
    regulation = regulation_of(school)
    calendar = calendar_of(school, regulation)
    saturday, sunday = datetime.date(2026, 10, 10), datetime.date(2026, 10, 11)
    held = [is_held_on(regulation, calendar, day) for day in (saturday, sunday)]
    assert held == [True, False]
    assert calendar.add(saturday, 1) == datetime.date(2026, 10, 12)


def test_its_public_page_in_its_languages(school: School, officer: Person) -> None:
    forget_boxes()
    for language in ("ru", "ky", "en"):
        page = Client().get(f"/{language}/{school.slug}/").content.decode()
        assert NAMES[language] in page
        assert BOX[language] in page
        assert "+996 312 00 00 71" in page
        with translation.override(language):
            assert opening_next(box_of(school.slug)) in page
            assert "7:30" in opening_next(box_of(school.slug))
    form = Client().get(f"/ru/{school.slug}/write/").content.decode()
    assert 'value="dormitory"' in form
    assert 'value="parent"' not in form
    assert "Травля" not in form


def test_from_the_letter_to_the_book(school: School, deputy: Person, officer: Person) -> None:
    text = "Ночью в корпусе холодно, одеял не хватает."
    factories.send_letter(school, text=text, category="dormitory")
    opening = factories.open_box(school, by=deputy)
    assert opening.act_number is None
    assert opening.kind == Opening.Kind.SCHEDULED
    entry = factories.register(
        TakenLetter.objects.get(),
        by=deputy,
        summary="О холоде в спальном корпусе.",
        category=school.categories.get(slug="dormitory"),
        class_group="",
    )
    assert entry.due_on == calendar_of(school).add(entry.taken_on, 2)
    assert entry.forward_by is None
    call = register_call(
        school=school,
        call=PaperLetter(
            text="Просит узнать, когда отпустят домой.",
            audience="other",
            signed=True,
            source="phone",
            identity={"full_name": "Асанов Бек", "phone": "+996 555 00 00 05"},
            received_at=school.now(),
        ),
        registration=Registration(
            summary="О поездке домой.", category=school.categories.get(slug="home")
        ),
        by=officer.fresh(),
        keyring=officer.keyring(),
    ).entry
    # Each way in has a book of its own, with numbers of its own.
    assert (entry.number, call.number) == (1, 1)
    assert {entry.volume.book, call.volume.book} == {"web", "phone"}
    first = school.today().year if school.today().month >= 9 else school.today().year - 1
    for volume in Volume.objects.filter(school=school):
        assert volume.columns == COLUMNS
        assert volume.period_from == datetime.date(first, 9, 1)
        assert volume.period_to == datetime.date(first + 1, 8, 31)
    (row,) = cells(entry.volume, deputy, "ru")
    assert list(row) == COLUMNS
    assert (row["name"], row["summary"]) == ("без имени", "О холоде в спальном корпусе.")
    assert row["category"] == "Жизнь в интернате"
    (row,) = cells(call.volume, deputy, "ky")
    assert (row["name"], row["category"]) == ("Асанов Бек", "Үйгө жол")
    with translation.override("ky"):
        assert row["source"] == str(call.get_source_display())
    verifying.verify_school(school)


def test_every_column_it_does_not_want_is_left_out(school: School, deputy: Person) -> None:
    entry = factories.registered_entry(school, by=deputy, category="home")
    (row,) = cells(entry.volume, deputy, "en")
    assert not set(Column.values) - set(COLUMNS) & set(row)
    assert row["name"] == "anonymous"
