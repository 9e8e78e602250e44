"""A paper as a Word file, because schools paste into it: the same words in the same order as on the PDF."""

import io
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Twips
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph
from docxtpl import DocxTemplate, InlineImage, Listing
from jinja2.sandbox import SandboxedEnvironment

from reports.documents.paper import Chart, Paper, Table
from schools.languages import speaking
from schools.scripts import runs_from_right

TEMPLATE = Path(settings.BASE_DIR) / "templates" / "reports" / "documents" / "paper.docx"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# To be written on by hand: in a column, in a list, and over the page.
BLANK, BLANK_ITEM, BLANK_LINE = "_" * 24, "_" * 74, "_" * 78
# Of an A4 page without the margins, in twentieths of a point.
WIDTH, WIDTH_ACROSS = 9638, 14570
GRID = "Table Grid"
_PAGE, _PAGES = "\ue000", "\ue001"


def _lines(text: str) -> Any:
    """Text whose lines stay lines; empty where there is none."""
    return Listing(text) if text else ""


def word_file(paper: Paper) -> bytes:
    """The paper as DOCX. What was written is data: nothing in it is taken for a part of the template."""
    template = DocxTemplate(TEMPLATE)
    environment = SandboxedEnvironment(autoescape=True)
    width = WIDTH_ACROSS if paper.landscape else WIDTH
    with speaking(paper.language):
        footer = _footer_words()
    words = {
        "paper": paper,
        "width": width,
        "footer": footer,
        "lines": _lines,
        "picture": partial(_picture, template),
        "blank": BLANK,
        "blank_item": BLANK_ITEM,
        "blank_line": BLANK_LINE,
    }
    template.render(words, environment)
    document = template.docx
    if paper.landscape:
        page = document.sections[0]
        page.orientation = WD_ORIENT.LANDSCAPE
        page.page_width, page.page_height = page.page_height, page.page_width
    tables = [table for table in document.tables if table.style.name == GRID]
    blocks = [block for block in paper.blocks if isinstance(block, Table)]
    for table, block in zip(tables, blocks, strict=True):
        _set_widths(table, block, width)
    charts = [block for block in paper.blocks if isinstance(block, Chart)]
    for place, (picture, chart) in enumerate(
        zip(document.element.body.iter(qn("wp:docPr")), charts, strict=True), start=1
    ):
        picture.set("id", str(place))
        picture.set("descr", chart.picture.alt)
        picture.set("title", chart.picture.title)
    for part in [document, *_cells(document)]:
        for paragraph in part.paragraphs:
            _turn(paragraph)
    properties = document.core_properties
    properties.title, properties.language = paper.short, paper.language
    properties.author = properties.last_modified_by = paper.school
    file = io.BytesIO()
    template.save(file)
    return file.getvalue()


def _picture(template: DocxTemplate, chart: Chart) -> InlineImage:
    """As wide as the text."""
    return InlineImage(template, io.BytesIO(chart.picture.png()), width=Twips(WIDTH))


def _set_widths(table: WordTable, block: Table, width: int) -> None:
    """The columns as wide as on the PDF: the grid rules in one program, the cells in another."""
    columns = [width * share // 100 for share in block.widths]
    grid = table._tbl.tblGrid
    for column in list(grid):
        grid.remove(column)
    for column in columns:
        grid.append(_element("w:gridCol", "w:w", str(column)))
    table._tbl.tblPr.find(qn("w:tblW")).set(qn("w:w"), str(sum(columns)))
    for row in table._tbl.tr_lst:
        for cell, column in zip(row.tc_lst, columns, strict=True):
            cell.width = Twips(column)


def _cells(document: Any) -> Iterator[Any]:
    for table in document.tables:
        for row in table.rows:
            yield from row.cells


def _turn(paragraph: Paragraph) -> None:
    """What is written from the right stands so: the program that opens the file asks to be told."""
    if not runs_from_right(paragraph.text):
        return
    paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
    for run in paragraph.runs:
        run._r.get_or_add_rPr().append(OxmlElement("w:rtl"))


def _footer_words() -> dict[str, Any]:
    """«Page 1 of 3» in the language that is spoken; the numbers are counted by the program that opens the file."""
    said = _("Page %(page)s of %(pages)s") % {"page": _PAGE, "pages": _PAGES}
    before, rest = re.split(f"[{_PAGE}{_PAGES}]", said, maxsplit=1)
    between, after = re.split(f"[{_PAGE}{_PAGES}]", rest, maxsplit=1)
    counts = (
        ("PAGE", "NUMPAGES") if said.index(_PAGE) < said.index(_PAGES) else ("NUMPAGES", "PAGE")
    )
    return {"texts": (before, between, after), "counts": counts}


def _element(tag: str, attribute: str, value: str) -> Any:
    made = OxmlElement(tag)
    made.set(qn(attribute), value)
    return made
