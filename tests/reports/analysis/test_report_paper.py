"""The report as a paper, in every language: what stands on it, its charts and their words, and its Word file."""

import datetime
import io
import re

import docx
import pdfplumber
import pytest
from docx.oxml.ns import qn
from PIL import Image

from reports.documents.drawing import draw
from reports.documents.paper import Chart, Paper, Signatures, Table, Words
from reports.documents.period_report import report_in
from reports.documents.word_file import word_file
from reports.figures.periods import whole_months
from schools.languages import LANGUAGES
from tests.factories import day
from tests.reports.analysis.reports_made import frozen
from tests.reports.reading import elements, page_texts

PREPARED_ON = datetime.date(2026, 11, 3)
CATEGORIES = {
    "bullying": {"kk": "Қорлау", "ru": "Травля", "ky": "Кордоо", "en": "Bullying"},
    "requests": {"kk": "Өтініш-тілек", "ru": "Просьбы", "ky": "Өтүнүчтөр", "en": "Requests"},
}
MONTH = {
    "registered": 23,
    "by_category": {"bullying": 14, "requests": 9, "": 0},
    "by_source": {"web": 18, "paper": 5, "phone": 0},
    "by_stage": {"1": (0, 6), "5": 12, "10": 5, "": (0, 6)},
    "by_signature": {"signed": (0, 23), "anonymous": (0, 23)},
    "by_danger": {"danger": 0, "no_danger": 23},
    "on_time": 80,
    "to_reply": [5, 7],
    "openings_held": 4,
    "overdue": (1, 4),
}
BEFORE = {"registered": (1, 4), "by_category": {"bullying": (0, 4), "requests": (0, 4)}}
HALF = whole_months(day("2026-07-01"), 6)


def month_in(language: str) -> Paper:
    facts = frozen(names={"by_category": CATEGORIES}, former=BEFORE, **MONTH)
    return report_in(facts, language, prepared_on=PREPARED_ON)


def half_in(language: str) -> Paper:
    months = [[f"2026-{month:02}-01", month, month] for month in range(7, 11)]
    months += [["2026-11-01", 1, 4], ["2026-12-01", 0, 0]]
    facts = frozen(kind="half", period=HALF, months=months, registered=(35, 38))
    return report_in(facts, language, prepared_on=PREPARED_ON)


def tables_of(paper: Paper) -> list[Table]:
    return [block for block in paper.blocks if isinstance(block, Table)]


def charts_of(paper: Paper) -> list[Chart]:
    return [block for block in paper.blocks if isinstance(block, Chart)]


def plain(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("made", [month_in, half_in])
def test_each_cell_of_each_table_stands_on_the_page(made: object, language: str) -> None:
    paper = made(language)
    file = draw(paper)
    with pdfplumber.open(io.BytesIO(file)) as pages:
        found = [
            [plain(cell or "") for cell in row]
            for page in pages.pages
            for table in page.extract_tables()
            for row in table
        ]
    for table in tables_of(paper):
        for row in (table.head, *table.rows):
            assert [plain(cell) for cell in row] in found
    text = plain("".join(page_texts(file)))
    for block in paper.blocks:
        if isinstance(block, Words):
            assert plain(block.heading) in text
            # Numbers of pages may stand between the lines of a paragraph.
            assert all(plain(word) in text for word in block.text.split())


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_charts_are_tagged_figures_with_words_and_numbers_beside_them(language: str) -> None:
    for paper in (month_in(language), half_in(language)):
        charts = charts_of(paper)
        assert charts
        figures = [tag for tag in elements(draw(paper)) if tag["/S"] == "/Figure"]
        assert [str(tag["/Alt"]) for tag in figures] == [chart.picture.title for chart in charts]
        for chart in charts:
            after = paper.blocks[paper.blocks.index(chart) + 1]
            assert isinstance(after, Table)


def test_what_the_charts_show() -> None:
    (by_category, by_stage) = [chart.picture.svg for chart in charts_of(month_in("en"))]
    assert ">14<" in by_category
    assert ">0–4<" in by_category
    assert by_stage.index("years 5–9") < by_stage.index("years 10–12") < by_stage.index("years 1–4")
    (by_month,) = [chart.picture.svg for chart in charts_of(half_in("en"))]
    assert by_month.count("2026") == 6
    assert ">1–4<" in by_month


def test_covered_numbers_stay_covered_and_empty_divisions_are_left_out() -> None:
    tables = {table.heading: table for table in tables_of(month_in("en"))}
    assert "Letters that told of danger" not in tables
    assert "Signed and anonymous letters" not in tables
    cells = [cell for table in tables.values() for row in table.rows for cell in row]
    assert "1–4" in cells
    by_source = tables["By which way they came"].rows
    assert [row[:2] for row in by_source] == [("web form", "18"), ("paper box", "5")]


def test_there_is_room_for_conclusions_and_proposals_and_each_keeper_signs() -> None:
    facts = frozen(registered=1)
    facts["keepers"] = [
        {"role": "deputy_director", "name": "Сагынбаев Эрлан"},
        {"role": "psychologist", "name": ""},
    ]
    facts["director"] = "Асанова Гүлмира"
    paper = report_in(facts, "ky", prepared_on=PREPARED_ON)
    blank = [block for block in paper.blocks if isinstance(block, Words) and block.blank_lines]
    assert len(blank) == 2
    *keepers, director = [
        signer
        for block in paper.blocks
        if isinstance(block, Signatures)
        for signer in block.signers
    ]
    assert [signer.name for signer in keepers] == ["Сагынбаев Эрлан", ""]
    assert director.name == "Асанова Гүлмира"


def test_a_period_that_is_not_compared_has_no_column() -> None:
    facts = frozen(registered=7, compared=())
    assert {
        len(table.head) for table in tables_of(report_in(facts, "en", prepared_on=PREPARED_ON))
    } == {2}


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_the_word_file_has_the_charts_with_their_words(language: str) -> None:
    paper = month_in(language)
    document = docx.Document(io.BytesIO(word_file(paper)))
    pictures = list(document.element.body.iter(qn("wp:docPr")))
    charts = charts_of(paper)
    assert [one.get("descr") for one in pictures] == [chart.picture.alt for chart in charts]
    assert len({one.get("id") for one in pictures}) == len(charts)
    for shape in document.inline_shapes:
        blip = shape._inline.graphic.graphicData.pic.blipFill.blip
        image = Image.open(io.BytesIO(document.part.related_parts[blip.embed].blob))
        assert image.format == "PNG"
        assert image.width > 1000
    texts = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for block in paper.blocks:
        if isinstance(block, Words):
            assert block.text in texts
            assert block.heading in texts
