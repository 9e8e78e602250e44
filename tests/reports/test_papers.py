"""Every paper of the demonstration schools in every language: on the page, in the file's tags, and as a Word file.

What stands on a paper is compared with the object it was made from, by other programs than ours.
"""

import io
import math
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
from django.conf import settings
from pypdf import PdfReader

from reports.documents.drawing import draw
from reports.documents.paper import Paper, Signatures, Table
from reports.documents.word_file import word_file
from schools.languages import LANGUAGES
from tests.reports.demo_papers import Printed, read_all
from tests.reports.reading import elements, page_texts

# The database is only read from once, by the fixture: it is there when tests ask for it.
pytestmark = [pytest.mark.django_db, pytest.mark.once("sqlite")]
ARTEFACTS = Path(settings.BASE_DIR) / "test-artefacts" / "papers"
# All four schools print these in each language; of the others each language takes another school's.
OF_EVERY_SCHOOL = ("act1", "protocol", "regulation")
LINES = re.compile(r"_+")


@dataclass(frozen=True)
class Seen:
    """What another program finds on the pages of a PDF, each page read once.

    ``rows``: of its tables, each cell without spaces. ``edges``: where the words of each page begin and end (not a
    number without any), and how wide it is.
    """

    text: str
    rows: list[tuple[str, ...]]
    edges: list[tuple[float, float, float]]


def see(file: bytes) -> Seen:
    """Read the PDF."""
    texts: list[str] = []
    rows: list[tuple[str, ...]] = []
    edges: list[tuple[float, float, float]] = []
    with pdfplumber.open(io.BytesIO(file)) as pdf:
        for page in pdf.pages:
            texts.append(page.extract_text() or "")
            words = page.extract_words()
            begins = min((word["x0"] for word in words), default=math.nan)
            ends = max((word["x1"] for word in words), default=math.nan)
            edges.append((begins, ends, page.width))
            rows += [
                tuple(letters(cell or "") for cell in row)
                for table in page.extract_tables()
                for row in table
            ]
    return Seen("\n".join(texts), rows, edges)


class Drawn:
    """A paper with its files, each made when it is first asked for."""

    def __init__(self, printed: Printed) -> None:
        self.printed, self.paper = printed, printed.paper

    @cached_property
    def pdf(self) -> bytes:
        return draw(self.paper)

    @cached_property
    def seen(self) -> Seen:
        return see(self.pdf)


@pytest.fixture(scope="module")
def papers(django_db_setup: None, django_db_blocker: Any) -> list[Drawn]:
    with django_db_blocker.unblock():
        found = read_all()
    slugs = sorted({one.slug for one in found})
    chosen: dict[tuple[str, str, str], Drawn] = {}
    for one in found:
        place = list(LANGUAGES).index(one.paper.language)
        # A kind that only some schools have is taken from whoever has it.
        school = one.slug if one.kind in OF_EVERY_SCHOOL else ""
        key = (one.kind, one.paper.language, school)
        if key not in chosen or one.slug == slugs[place % len(slugs)]:
            chosen[key] = Drawn(one)
    return list(chosen.values())


def texts_of(part: Any) -> Iterator[str]:
    """Every text that stands on a paper outside its tables."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, tuple | list):
        for one in part:
            yield from texts_of(one)
    elif isinstance(part, Signatures):
        yield from texts_of((part.signers, part.heading, part.under_line))
    elif is_dataclass(part) and not isinstance(part, Table):
        for field in fields(part):
            if field.name not in ("language", "reprint"):
                yield from texts_of(getattr(part, field.name))


def rows_of(paper: Paper) -> list[tuple[str, ...]]:
    """Heads and rows of a paper's tables, each cell without spaces."""
    tables = [block for block in paper.blocks if isinstance(block, Table)]
    return [tuple(map(letters, row)) for table in tables for row in (table.head, *table.rows)]


def outside_tables(paper: Paper, text: str) -> set[str]:
    """The words of a text but those of the paper's tables, which a cell's edge may break, and numbers of pages."""
    cells = "".join("".join(row) for row in rows_of(paper))
    found = {word for word in words(text) if letters(word) not in cells}
    return {word for word in found if not word.isdecimal()}


def words(text: str) -> Counter[str]:
    """Words with lines to write on and colons left out."""
    return Counter(LINES.sub(" ", re.sub("[\u00a0:\u2013-]", " ", text)).split())


def letters(text: str) -> str:
    """A text without spaces and lines: where a word is broken at a cell's edge makes no difference."""
    return re.sub(r"[\s_]+", "", text)


def test_there_is_every_kind_in_every_language(papers: list[Drawn]) -> None:
    kinds = {"act1", "protocol", "protocol-initials", "openings", "card-signed", "card-nameless"}
    kinds |= {
        "slip",
        "report",
        "regulation",
        "blank-act",
        "blank-protocol",
        "blank-openings",
        "blank-letters",
        "blank-sheet",
    }
    found = {(one.printed.kind, one.paper.language) for one in papers}
    assert {(kind, language) for kind in kinds for language in LANGUAGES} <= found
    assert len({one.printed.slug for one in papers}) == 4


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_a_paper_stands_on_its_page(papers: list[Drawn], language: str) -> None:
    for one in papers:
        if one.paper.language == language:
            on_page = words(one.seen.text)
            missing = set(words(" ".join(texts_of(one.paper)))) - set(on_page)
            assert not missing, one.printed.name


@pytest.mark.parametrize("language", LANGUAGES)
def test_tables_hold_each_cell_in_its_column(papers: list[Drawn], language: str) -> None:
    for one in papers:
        wanted = rows_of(one.paper)
        if one.paper.language == language and wanted:
            found = one.seen.rows
            assert [row for row in wanted if row not in found] == [], one.printed.name


def test_files_say_their_language_and_title_and_lead_to_their_headings(
    papers: list[Drawn],
) -> None:
    for one in papers:
        reader = PdfReader(io.BytesIO(one.pdf), strict=True)
        root = reader.trailer["/Root"]
        assert root["/Lang"] == one.paper.language
        assert reader.metadata.title == one.paper.short
        assert root["/MarkInfo"]["/Marked"]
        assert b"pdfuaid" in root["/Metadata"].get_data()
        assert "/H1" in [tag["/S"] for tag in elements(one.pdf)]
        assert reader.outline[0].title == " ".join(one.paper.heading.split()), one.printed.name
        for page in reader.pages:
            assert all("Golos" in str(font) for font in page["/Resources"]["/Font"].values())


def test_nothing_leaves_the_margins(papers: list[Drawn]) -> None:
    left, right = (size * 72 / 25.4 for size in (30, 10))
    for one in papers:
        for begins, ends, width in one.seen.edges:
            assert begins >= left - 0.6, one.printed.name
            assert ends <= width - right + 1, one.printed.name


def test_an_act_of_five_letters_and_a_blank_one_fit_a_page(papers: list[Drawn]) -> None:
    for one in papers:
        if one.printed.kind in ("act1", "blank-act", "blank-sheet", "slip", "blank-openings"):
            assert len(PdfReader(io.BytesIO(one.pdf)).pages) == 1, one.printed.name


def test_a_paper_is_wholly_in_its_language(papers: list[Drawn]) -> None:
    """What is not data is translated: an English blank form has no Cyrillic but the school's own names."""
    own = re.compile(r"[а-яё]", re.IGNORECASE)
    for one in papers:
        if one.printed.kind.startswith("blank-") and one.paper.language == "en":
            labels = " ".join(texts_of(one.paper.blocks))
            assert not own.search(labels), (one.printed.name, labels)
        if one.printed.kind.startswith("blank-") and one.paper.language != "en":
            found = re.findall(r"[A-Za-z]{3,}", " ".join(texts_of(one.paper.blocks)))
            assert not found, (one.printed.name, found)


def test_word_files_open_in_an_office_program_and_say_the_same(
    papers: list[Drawn], tmp_path: Path
) -> None:
    if shutil.which("soffice") is None:
        pytest.fail("soffice is missing: apt-get install libreoffice-writer-nogui")
    chosen = [one for one in papers if one.printed.kind != "card-nameless"]
    for one in chosen:
        (tmp_path / f"{one.printed.name}.docx").write_bytes(word_file(one.paper))
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{tmp_path}/profile",
            *("--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)),
            *(str(file) for file in sorted(tmp_path.glob("*.docx"))),
        ],
        check=True,
        capture_output=True,
        timeout=300,
    )
    for one in chosen:
        file = (tmp_path / f"{one.printed.name}.pdf").read_bytes()
        theirs = see(file)
        assert outside_tables(one.paper, one.seen.text) == outside_tables(one.paper, theirs.text)
        assert [row for row in rows_of(one.paper) if row not in theirs.rows] == [], one.printed.name
        page = PdfReader(io.BytesIO(file)).pages[0].mediabox
        assert (page.width > page.height) == one.paper.landscape


def test_pictures_are_kept_to_be_looked_at(papers: list[Drawn]) -> None:
    shutil.rmtree(ARTEFACTS, ignore_errors=True)
    ARTEFACTS.mkdir(parents=True)
    for one in papers:
        subprocess.run(
            ["pdftoppm", "-r", "60", "-png", "-", str(ARTEFACTS / one.printed.name)],
            input=one.pdf,
            check=True,
        )
    assert len(list(ARTEFACTS.glob("*.png"))) >= len(papers)


def test_the_same_paper_twice_is_the_same_text(papers: list[Drawn]) -> None:
    one = papers[0]
    assert "\n".join(page_texts(draw(one.paper))) == one.seen.text
    assert isinstance(one.paper, Paper)
