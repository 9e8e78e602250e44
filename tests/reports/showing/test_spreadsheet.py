"""The figures as a spreadsheet: the same numbers as on the page, covered for outsiders, and nothing that computes."""

import io
from typing import Any

import openpyxl
import pytest
from django.urls import reverse

from journal.models import Entry
from reports.charts import Amount, Row
from reports.figures.for_outsiders import covered_figures_of
from reports.showing.sections import Section
from reports.showing.spreadsheet import _cell, spreadsheet
from schools.models import Body, Category, Cause, School
from schools.services.causes import give_causes
from tests import factories
from tests.factories import Person
from tests.reports.showing.school import NOVEMBER, OCTOBER, at, letters

pytestmark = pytest.mark.django_db

EVIL = '=HYPERLINK("https://example.org","letters")'


@pytest.fixture
def school() -> School:
    with at(OCTOBER):
        school = factories.make_school(reply_days=5)
        give_causes(school=school)
    return school


@pytest.fixture
def psychologist(school: School) -> Person:
    """Seven letters of October: one of danger, one sent on."""
    with at(OCTOBER):
        person = factories.make_person(school, "psychologist", with_key=True)
        letters(school, person, 6)
        (entry,) = letters(school, person, 1, danger=True)
        factories.forwarded(entry, by=person)
    return person


def file(
    person: Person, school: School, query: str = "?period=2026-10-1", *, status: int = 200
) -> Any:
    with at(NOVEMBER):
        client = factories.signed_in_client(person)
        response = client.get(reverse("admin:figures_file", args=[school.slug]) + query)
    assert response.status_code == status
    return response


def sheets(response: Any) -> dict[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    return {sheet.title: list(sheet.values) for sheet in book.worksheets}


def lines(rows: list[tuple[Any, ...]]) -> dict[tuple[str, str], tuple[Any, ...]]:
    return {row[:2]: row[2:] for row in rows[1:]}


def test_a_key_holder_takes_the_numbers_as_they_are(school: School, psychologist: Person) -> None:
    response = file(psychologist, school)
    found = sheets(response)
    told = lines(found["Figures"])
    assert found["Figures"][0] == ("Subject", "Line", "10.2026")
    assert told["In short", "Letters registered"] == (7,)
    assert told["Letters that told of danger", "told of danger"] == (1,)
    assert found["Sent on"][1][1:] == (1, 0, 0, 1, 1)
    assert response.headers["Content-Disposition"] == (
        'attachment; filename="figures-school-1-2026-10-01-2026-10-31.xlsx"'
    )
    assert "no-store" in response.headers["Cache-Control"]


def test_what_an_outsider_takes_is_what_is_passed_on(school: School, psychologist: Person) -> None:
    director = factories.make_person(school, "director")
    passed_on = file(psychologist, school, "?period=2026-10-1&covered")
    taken = file(director, school)
    assert sheets(passed_on) == sheets(taken)
    assert list(sheets(taken)) == ["Figures"]
    told = lines(sheets(taken)["Figures"])
    assert told["In short", "Letters registered"] == (7,)
    assert told["What the letters were about", "Bullying"] == (7,)
    # The one of danger covers the six others: nothing is left to be told.
    assert "Letters that told of danger" not in {subject for subject, _line in told}
    assert taken.headers["Content-Disposition"].endswith('-covered.xlsx"')


def test_months_have_a_sheet_of_their_own_where_they_have_other_columns(
    school: School, psychologist: Person
) -> None:
    with at(OCTOBER.replace(month=9)):
        letters(school, psychologist, 1)
    found = sheets(file(psychologist, school, "?period=2026-10-2"))
    assert ("October 2026", 7) in found["Letters by the month"]


def test_the_table_of_causes_goes_to_key_holders_alone(
    school: School, psychologist: Person
) -> None:
    Entry.objects.filter(pk=Entry.objects.filter(school=school).first().pk).update(
        closed_on=OCTOBER.date(),
        finding=Entry.Finding.JUSTIFIED,
        cause=Cause.objects.filter(school=school).first(),
    )
    found = sheets(file(psychologist, school))["Causes"]
    assert found[0][:4] == ("Cause", "Category", "Year of study", "Letters finished")
    assert found[1][3:6] == (1, 1, 0)
    assert "Causes" not in sheets(file(factories.make_person(school, "director"), school))


def test_no_name_of_a_school_computes(school: School, psychologist: Person) -> None:
    Category.objects.filter(school=school).update(names={"en": EVIL})
    Body.objects.filter(school=school).update(names={"en": EVIL})
    response = file(psychologist, school)
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert f"'{EVIL}" in [cell.value for cell in cells]


@pytest.mark.parametrize("query", ["", "?period=x", "?period=2026-11-1&covered"])
def test_without_a_period_that_can_be_shown_it_leads_to_the_page(
    school: School, psychologist: Person, query: str
) -> None:
    if query:
        response = file(psychologist, school, query, status=302)
        assert response.headers["Location"] == reverse("admin:figures", args=[school.slug])
    else:
        assert sheets(file(psychologist, school, query))["Figures"][0][2] == "10.2026"


@pytest.mark.parametrize(
    ("amount", "cell"),
    [
        (None, ""),
        (Amount(7), 7),
        (Amount(2.5, said="2,5"), 2.5),
        (Amount(1, 4), "1–4"),
        (Amount(80, said="about 80%"), "about 80%"),
    ],
)
def test_a_cell_is_a_number_wherever_it_is_one(amount: Amount | None, cell: object) -> None:
    assert _cell(amount) == cell


def test_names_of_sheets_are_such_as_every_program_opens(
    school: School, psychologist: Person
) -> None:
    with at(NOVEMBER):
        figures = covered_figures_of(
            school, OCTOBER.date().replace(day=1), OCTOBER.date().replace(day=31)
        )
        first = Section("a", "A", ("10.2026",), (Row("x", (Amount(1),)),), None)
        other = Section(
            "b",
            "Letters: [by] the/month? * \\ 'quoted' and longer than 31",
            ("10.2026", "10.2025"),
            (Row("x", (Amount(1), Amount(2))),),
            None,
        )
        book = openpyxl.load_workbook(io.BytesIO(spreadsheet(figures, (first, other))))
    name = book.sheetnames[1]
    assert len(name) <= 31
    assert not set(name) & set("[]:*?/\\'")
    assert name.startswith("Letters")
