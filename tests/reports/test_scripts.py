"""What is written in other scripts stands on paper as it is read: from the right where it runs so."""

import io

import pdfplumber
import pytest
from docx import Document as WordDocument
from docx.oxml.ns import qn

from reports.documents.drawing import draw
from reports.documents.paper import Facts, Item, Items, Paper, Words
from reports.documents.word_file import word_file
from reports.journal_pdf import render_journal
from reports.templatetags.scripts import by_script
from schools.scripts import runs_from_right
from tests.reports.books import make_book

pytestmark = pytest.mark.once("sqlite")

HEBREW = "אבגדה זחטיכ."
ARABIC = "ضربني أحمد."
KAZAKH = "Екінші жол қазақша."
CHINESE = "有人每天抢我的钱"
UZBEK = "Oʻqituvchi koʻrmaydi, gʻazab."


@pytest.mark.parametrize(
    ("text", "from_right"),
    [
        (HEBREW, True),
        (ARABIC, True),
        ("«8-Б» сынып אבג", False),
        ("12, אבג сынып", True),
        (CHINESE, False),
        (UZBEK, False),
        ("😢 12!", False),
        ("", False),
    ],
)
def test_the_first_letter_tells_the_direction(text: str, from_right: bool) -> None:
    assert runs_from_right(text) is from_right


def test_only_lines_from_the_right_are_marked_and_nothing_becomes_markup() -> None:
    assert by_script(KAZAKH) == KAZAKH
    marked = '<span class="from-right">אב &lt;b&gt;</span>'
    assert by_script("אב <b>") == marked
    assert by_script("<i>\nбір\nאב <b>\nекі\nүш") == f"&lt;i&gt;\nбір{marked}екі\nүш"


def letters(file: bytes, page: int) -> list[dict]:
    with pdfplumber.open(io.BytesIO(file)) as pdf:
        return pdf.pages[page].chars


def place_of(chars: list[dict], letter: str) -> float:
    """How far from the left the only such letter of a page stands."""
    (found,) = [char for char in chars if char["text"] == letter]
    return found["x0"]


def assert_hebrew_runs_from_the_right(chars: list[dict]) -> None:
    places = [place_of(chars, letter) for letter in "אבגדהזחטיכ"]
    assert places == sorted(places, reverse=True)
    # Two fonts on one line have two heights.
    (line,) = [char["bottom"] for char in chars if char["text"] == "א"]
    stops = [char["x0"] for char in chars if char["text"] == "." and abs(char["bottom"] - line) < 6]
    # Its full stop ends it, so it is the farthest to the left.
    assert min(stops) < places[-1]


def test_the_journal_has_each_line_in_its_direction() -> None:
    book = make_book(3, changes={2: {"summary": f"{HEBREW}\n{KAZAKH}", "measures": CHINESE}})
    chars = letters(render_journal(book), 1)
    assert_hebrew_runs_from_the_right(chars)
    assert {char["text"] for char in chars} >= set(CHINESE)
    ends = [char["x1"] for char in chars if char["text"] == "א"]
    starts = [char["x0"] for char in chars if char["text"] == "Е"]
    assert ends[0] > starts[0] + 100, "one line begins at the right edge of its column"


def paper(*blocks: object) -> Paper:
    return Paper(
        language="ru",
        school="Школа № 5",
        short="Карточка",
        heading="Карточка",
        subheading="",
        place_and_day=("Кабинет", "1 января 2026 года"),
        blocks=blocks,
    )


@pytest.mark.parametrize(
    "block",
    [
        Words(f"{HEBREW}\n{KAZAKH}", heading="Письмо"),
        Facts((("Заявитель", HEBREW),)),
        Items("Письма", (Item(KAZAKH, (("", HEBREW),)),)),
    ],
    ids=lambda block: block.KIND,
)
def test_a_paper_has_each_line_in_its_direction(block: object) -> None:
    assert_hebrew_runs_from_the_right(letters(draw(paper(block)), 0))


def test_every_script_is_on_paper_letter_by_letter() -> None:
    text = f"{ARABIC}\n{CHINESE}\n{UZBEK}\n{KAZAKH}"
    drawn = "".join(char["text"] for char in letters(draw(paper(Words(text))), 0))
    for words in (CHINESE, UZBEK, KAZAKH):
        assert words.replace(" ", "") in drawn.replace(" ", "")
    # Arabic letters are joined, and read back one by one.
    assert set("ضربني") <= set(drawn)


def test_a_word_file_says_which_lines_run_from_the_right() -> None:
    file = WordDocument(io.BytesIO(word_file(paper(Words(HEBREW), Words(KAZAKH)))))
    turned = {
        part.text: part._p.pPr is not None and part._p.pPr.find(qn("w:bidi")) is not None
        for part in file.paragraphs
        if part.text in (HEBREW, KAZAKH)
    }
    assert turned == {HEBREW: True, KAZAKH: False}
