"""A paper as a Word file, because schools paste into it: the same words in the same order as on the PDF."""

import io
from pathlib import Path
from typing import Any

from django.conf import settings
from docxtpl import DocxTemplate, Listing
from jinja2.sandbox import SandboxedEnvironment

from reports.documents.paper import Paper

TEMPLATE = Path(settings.BASE_DIR) / "templates" / "reports" / "documents" / "paper.docx"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# To be written on by hand: in a column, and over the page.
BLANK, BLANK_LINE = "_" * 22, "_" * 64


def _lines(text: str) -> Any:
    """Text whose lines stay lines; empty where there is none."""
    return Listing(text) if text else ""


def word_file(paper: Paper) -> bytes:
    """The paper as DOCX. What was written is data: nothing in it is taken for a part of the template."""
    template = DocxTemplate(TEMPLATE)
    environment = SandboxedEnvironment(autoescape=True)
    template.render(
        {"paper": paper, "lines": _lines, "blank": BLANK, "blank_line": BLANK_LINE},
        environment,
    )
    properties = template.docx.core_properties
    properties.title, properties.language = paper.short, paper.language
    properties.author = properties.last_modified_by = paper.school
    file = io.BytesIO()
    template.save(file)
    return file.getvalue()
