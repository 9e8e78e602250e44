"""Five thousand rows with fifty planted errors: each is named by its row and column, nothing else is, nothing stays."""

import datetime
from typing import Any

import pytest

from journal.importing.columns import JOURNAL
from journal.models import Entry, Incoming, Trail, Volume
from schools.languages import speaking
from schools.models import School
from tests import factories
from tests.factories import Person
from tests.journal.importing import files
from tests.journal.importing.way import begin

ROWS = 5000
FIRST = datetime.date(2023, 1, 9)
NAMES = [target.name for target in JOURNAL]

# What is typed into a column of a row, by the row's place from 0.
LONG = "а" * 10_001
WRONG: list[tuple[int, str, Any]] = [
    (40, "number", ""),
    (80, "number", "12a"),
    (120, "number", 0),
    (160, "number", -5),
    (200, "number", "№"),
    (240, "number", 1.5),
    (280, "number", "#REF!"),
    (320, "taken_on", ""),
    (360, "taken_on", "31.02.2023"),
    (400, "taken_on", "вчера"),
    (440, "taken_on", "2023"),
    (480, "taken_on", "12.13.2023"),
    (520, "taken_on", datetime.date(2123, 1, 1)),
    (560, "taken_on", datetime.date(1923, 1, 1)),
    (600, "taken_on", datetime.date(2023, 1, 9)),
    (640, "taken_on", datetime.date(2024, 5, 5)),
    (680, "received_at", "в полдень"),
    (720, "received_at", "09.01.2023 25:10"),
    (760, "received_at", datetime.datetime(2124, 1, 1, 10, 0)),
    (800, "received_at", datetime.datetime(2024, 6, 6, 10, 0)),
    (840, "source", "голубь"),
    (880, "source", "#N/A"),
    (920, "name", "Ж" * 151),
    (960, "name", "#NAME?"),
    (1000, "address", "ул. " * 100),
    (1040, "age", "двенадцать"),
    (1080, "age", 2),
    (1120, "age", 121),
    (1160, "age", "12,5"),
    (1200, "class_group", "7" * 51),
    (1240, "phone", "1234"),
    (1280, "phone", "не скажу"),
    (1320, "phone", "8 701 " * 8),
    (1360, "summary", ""),
    (1400, "summary", "—"),
    (1440, "summary", LONG),
    (1480, "sent_to", LONG),
    (1520, "answered_on", "скоро"),
    (1560, "answered_on", datetime.date(2099, 9, 9)),
    (1600, "answered_on", datetime.date(2020, 1, 1)),
    (1640, "answered_on", "30.03.2023\nголубем"),
    (1680, "outcome", LONG),
    (1720, "outcome", "#VALUE!"),
    (1760, "measures", LONG),
    (1800, "audience", "инопланетянин"),
    (1840, "danger", "может быть"),
    (1880, "state", "потеряно"),
    (1920, "state", "answered"),
    # Two that are told by what stands around them: a number twice, and one that was left out.
    (1960, "number", "twice"),
    (2000, "number", "left out"),
]


def good_rows() -> list[dict[str, Any]]:
    """A journal of two years as it should be kept: numbers from 1 in each, day by day."""
    rows, number, year = [], 0, FIRST.year
    for place in range(ROWS):
        day = FIRST + datetime.timedelta(days=place // 10)
        number = 1 if day.year != year else number + 1
        year = day.year
        rows.append(
            {
                "number": number,
                "taken_on": day,
                "received_at": datetime.datetime.combine(day, datetime.time(8, 30)),
                "source": ("телефон доверия", "paper box")[place % 2],
                "name": ("Аноним", "Серікқызы Айгүл")[place % 2],
                "address": ("", "Абай көшесі 5")[place % 2],
                "age": ("", 13)[place % 2],
                "class_group": "7Б",
                "phone": ("", "+7 701 123 45 67")[place % 2],
                "category": ("Травля", "Өтініштер")[place % 2],
                "summary": f"Хат № {place}",
                "sent_to": "",
                "answered_on": day + datetime.timedelta(days=3),
                "outcome": "решено",
                "measures": "әңгіме жүргізілді",
                "audience": ("ученик", "ата-ана немесе қамқоршы")[place % 2],
                "danger": ("", "да")[place % 50 == 0],
                "state": "",
            }
        )
    return rows


def with_errors(rows: list[dict[str, Any]]) -> set[tuple[int, str]]:
    """Plants the errors; where each will be found: the row as Excel counts it, and the column's name."""
    for place, name, value in WRONG:
        row = rows[place]
        if value == "twice":
            row[name] = rows[place - 1][name]
        elif value == "left out":
            for later in rows[place:]:
                if later["taken_on"].year == row["taken_on"].year:
                    later[name] += 1
        else:
            row[name] = value
        if value == "answered":
            row["answered_on"] = ""
        elif name == "taken_on":
            # A wrong day alone: what follows from it is no error of its own.
            row["received_at"], row["answered_on"] = "", ""
    return {(place + 2, name) for place, name, _value in WRONG}


def table(rows: list[dict[str, Any]]) -> bytes:
    with speaking("ru"):
        heads = [str(target.label) for target in JOURNAL]
    return files.xlsx([heads, *([row[name] for name in NAMES] for row in rows)])


def test_there_are_fifty_and_each_in_a_row_of_its_own() -> None:
    assert len(WRONG) == len({place for place, _name, _value in WRONG}) == 50
    assert {name for _place, name, _value in WRONG} >= set(NAMES) - {"category"}


@pytest.mark.parametrize("language", ["kk", "ru", "ky", "en"])
def test_all_fifty_are_named_in_the_person_s_language_and_nothing_is_stored(
    school: School, language: str
) -> None:
    holder = factories.make_person(school, "psychologist", with_key=True, language=language)
    client = factories.signed_in_client(holder)
    rows = good_rows()
    planted = with_errors(rows)
    way = begin(client, school.slug, table(rows))
    assert way.tell().status_code == 302
    page = client.get(way.address)
    found = page.context["looked"].findings
    with speaking(language):
        labels = {str(target.label): target.name for target in JOURNAL}
    assert {(one.row, labels[one.column]) for one in found} == planted
    assert len(found) == 50
    for one in found:
        assert one.cell.endswith(str(one.row))
    shown = page.content.decode()
    assert all(f'translate="no">{one.cell}<' in shown for one in found)
    assert "инопланетянин" not in shown, "what stands in a cell is not repeated"
    assert "50" in shown
    rows_before = Trail.objects.count()
    refused = way.take()
    assert refused.status_code == 409
    assert not Entry.objects.exists()
    assert not Volume.objects.exists()
    assert Trail.objects.count() == rows_before
    assert Incoming.objects.count() == 1


def test_the_same_rows_without_the_errors_are_taken_over(school: School, holder: Person) -> None:
    client = factories.signed_in_client(holder)
    way = begin(client, school.slug, table(good_rows()))
    way.tell()
    assert way.look().findings == []
    assert way.take().status_code == 302
    assert Entry.objects.filter(imported=True).count() == ROWS
    numbers = {volume.period_from.year: volume.last_number for volume in Volume.objects.all()}
    assert sum(numbers.values()) == ROWS
    assert set(numbers) == {2023, 2024}
