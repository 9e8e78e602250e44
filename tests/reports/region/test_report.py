"""The report on a region's schools: a paper, a Word file and a spreadsheet, covered like the page."""

import io
import zipfile

import openpyxl
import pdfplumber
import pytest
import time_machine
from django.test import Client

from reports import rendering
from reports.documents.making import FORMS
from reports.region import report
from tests.factories import signed_in_client
from tests.reports.region.oblast import NOW, Oblast, overdue_entries

pytestmark = pytest.mark.django_db
REPORT = "/admin/region/report/"


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def oblast() -> Oblast:
    oblast = Oblast()
    oblast.school("a", oblast.east, 12, openings_held=3, openings_missed=1)
    oblast.school("b", oblast.west, 3)
    oblast.school("d", oblast.south, 40)
    return oblast


@pytest.fixture
def client(oblast: Oblast) -> Client:
    return signed_in_client(oblast.analyst(oblast.north))


def printed(client: Client, query: str = "", **sent: str) -> bytes:
    response = client.post(REPORT + query, {"language": "en", "file": "pdf", **sent})
    assert response.status_code == 200
    assert "no-store" in response.headers["Cache-Control"]
    kind = sent.get("file", "pdf")
    assert response.headers["Content-Disposition"] == (
        f'attachment; filename="region-2026-11-20.{kind}"'
    )
    return response.content


def words_of(pdf: bytes) -> str:
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        return " ".join(" ".join((page.extract_text() or "").split()) for page in opened.pages)


def sheet_of(file: bytes) -> list[list[object]]:
    sheet = openpyxl.load_workbook(io.BytesIO(file)).active
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_the_spreadsheet_has_the_rows_of_the_page(client, oblast):
    overdue_entries(oblast.schools["b"], 2)
    head, *rows = sheet_of(printed(client, file="xlsx"))
    assert head[:3] == ["School", "Region or part of it", "Letters registered"]
    first, second = rows
    assert first[:4] == ["School a", "Region east", 12, "75 %"]
    assert first[-3:] == [3, 1, "—"]
    assert second[:3] == ["School b", "Region west", "1–4"]
    assert second[5] == "1–4"


def test_it_is_narrowed_and_sorted_like_the_page(client):
    _head, *rows = sheet_of(printed(client, "?part=west", file="xlsx"))
    assert [row[0] for row in rows] == ["School b"]
    _head, *rows = sheet_of(printed(client, "?by=letters&turned=1", file="xlsx"))
    assert [row[0] for row in rows] == ["School b", "School a"]
    # What the person does not watch they do not print.
    _head, *rows = sheet_of(printed(client, "?part=south", file="xlsx"))
    assert [row[0] for row in rows] == ["School a", "School b"]


def test_a_name_that_looks_like_a_formula_is_a_text(client, oblast):
    school = oblast.schools["a"]
    school.names = {"en": "=1+1", "ru": "=1+1"}
    school.save()
    _head, first, _second = sheet_of(printed(client, file="xlsx"))
    assert first[0] == "'=1+1"


def test_the_paper_says_what_the_page_says(client, oblast):
    pdf = printed(client)
    words = words_of(pdf)
    for said in (
        "Region north",
        "Report on the work of the schools’ trust boxes",
        "01.09.2026 – 31.10.2026",
        "Schools where something waits today",
        "Schools by how many of their replies were in time",
        "Openings held on time, by part of the region",
        "Numbers from one to four are not told",
        "Conclusions",
    ):
        assert said in words, said
    assert "School d" not in words
    rows = {row[0]: row[1:] for table in _tables(pdf) for row in table}
    assert rows["School a Region east"][:2] == ["12", "75 % held: 3, missed: 1"]
    assert rows["School b Region west"][:2] == ["1–4", "—"]


def _tables(pdf: bytes) -> list[list[list[str]]]:
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        return [
            [[" ".join((cell or "").split()) for cell in row] for row in table]
            for page in opened.pages
            for table in page.extract_tables()
        ]


def test_charts_are_figures_with_words_for_who_does_not_see_them(client):
    pdf = printed(client)
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        tree = [node for page in opened.pages for node in page.structure_tree]

    def figures(nodes):
        for node in nodes:
            if node.get("type") == "Figure":
                yield node
            yield from figures(node.get("children", []))

    found = list(figures(tree))
    assert len(found) == 4
    assert all(node.get("alt_text") for node in found)


def test_the_word_file_says_the_same(client):
    with zipfile.ZipFile(io.BytesIO(printed(client, file="docx"))) as file:
        text = file.read("word/document.xml").decode()
        pictures = [name for name in file.namelist() if name.startswith("word/media/")]
    assert "School b" in text
    assert "1–4" in text
    assert len(pictures) == 4


def test_in_the_language_that_was_chosen_whatever_the_page_speaks(client):
    _head, first, second = sheet_of(printed(client, file="xlsx", language="ru"))
    assert (first[0], first[1]) == ("Школа a", "east область")
    assert second[0] == "Школа b"


def test_what_is_no_choice_is_the_usual(client):
    response = client.post(REPORT, {"language": "xx", "file": "exe"})
    assert response.headers["Content-Type"] == "application/pdf"


@pytest.mark.parametrize("failure", [rendering.RenderingFailed("x"), rendering.LibrariesMissing()])
def test_when_nothing_can_be_drawn_a_page_says_so(client, monkeypatch, failure):
    def fails(*_args):
        raise failure

    monkeypatch.setitem(FORMS, "pdf", fails)
    response = client.post(REPORT, {"language": "en", "file": "pdf"})
    assert response.status_code == 503
    assert "The document was not printed" in response.content.decode()


def test_the_paper_has_the_first_of_very_many_and_says_so(client, oblast, monkeypatch):
    monkeypatch.setattr(report, "MOST_ON_PAPER", 1)
    words = words_of(printed(client, "?by=letters"))
    assert "These are the first 1 schools in this order" in words
    assert "School a" in words
    assert "School b" not in words
    _head, *rows = sheet_of(printed(client, file="xlsx"))
    assert len(rows) == 2


def test_as_many_queries_whatever_the_number_of_schools(
    client, oblast, django_assert_max_num_queries
):
    for place in range(70):
        oblast.school(f"more-{place:02d}", oblast.west, place)
    with django_assert_max_num_queries(30):
        _head, *rows = sheet_of(printed(client, file="xlsx"))
    assert len(rows) == 72
