"""The journal as a PDF: every word of it, page by page, the same however it was laid out."""

import io
from dataclasses import replace

import pdfplumber
import pytest
from django.utils import translation
from django.utils.translation import gettext
from pypdf import PdfReader
from weasyprint import HTML

from journal.prints import EndOfBook
from reports import journal_pdf
from reports.journal_layout import PAGE_MM, column_widths
from reports.journal_pdf import render_journal
from reports.press.sheet import SheetFacts
from reports.rendering import RenderingFailed
from schools.languages import LANGUAGES
from schools.models.regulation import Column
from tests.reports.books import COLUMNS, make_book
from tests.reports.reading import elements, page_texts, tables, words
from tests.reports.same_html import table_document
from trustbox.demo.schools import SCHOOLS, rules_of

pytestmark = pytest.mark.once("sqlite")

TRICKY = "Сүйлөшүү-8-класс; https://bala.kz/a-b?c=1,5%/2 (қосымша) «тырнақша»! Ия…жоқ—ия – 12.03.2026-ж. №5/7"
LETTERS = "ә ғ қ ң ө ұ ү һ і Ә Ғ Қ Ң Ө Ұ Ү Һ І ё Ё № «»"


def plain(text: str) -> str:
    return " ".join(text.split())


def squeezed(text: str) -> str:
    """Without spaces: a word broken at the end of a line is read as two."""
    return "".join(text.split())


def rows_of(file: bytes) -> list[list[str]]:
    return [[squeezed(cell) for cell in row] for table in tables(file) for row in table[1:]]


def test_every_entry_and_every_column_is_printed() -> None:
    book = make_book(23)
    assert rows_of(render_journal(book)) == [
        [squeezed(cell) for cell in row.cells] for row in book.rows
    ]


def test_the_head_is_repeated_and_the_pages_are_counted() -> None:
    book = make_book(40, language="en")
    file = render_journal(book)
    texts = page_texts(file)
    heads = [head.label for head in book.heads]
    assert len(texts) > 4
    assert all(table[0] == heads for table in tables(file))
    for place, text in enumerate(texts[1:], start=2):
        assert f"Page {place} of {len(texts)}" in text
        assert book.name in text
    assert "Page" not in texts[0]


def test_the_cover_names_the_book() -> None:
    book = make_book(
        3,
        language="en",
        title="Journal of letters",
        volume="Volume 7",
        year="School year 2026/2027",
        begun="12 January 2026",
        finished="30 December 2026",
        part="Letters taken out from 1 May 2026 on",
    )
    file = render_journal(book)
    cover = page_texts(file)[0]
    for line in vars(book.cover).values():
        assert line in cover
    assert f"Number of sheets: {len(page_texts(file))}" in cover


def test_a_line_not_known_yet_is_left_to_be_filled_by_hand() -> None:
    cover = page_texts(render_journal(make_book(1, language="en")))[0]
    assert "Finished:\n" in cover


def test_one_row_of_ten_thousand_characters_loses_no_word() -> None:
    long = " ".join(f"сөз{place:04}" for place in range(1250))[:10_000]
    book = make_book(5, changes={3: {"summary": long}})
    file = render_journal(book)
    found = words(file)
    assert [word for word in long.split() if found[word] != 1] == []
    # It flows on over pages, each with the head; the entries around it are whole.
    texts = page_texts(file)[1:]
    assert len(texts) > 4
    assert all(book.heads[-1].label in text for text in texts)
    rows = rows_of(file)
    for number in (1, 2, 4, 5):
        assert [squeezed(cell) for cell in book.rows[number - 1].cells] in rows


def test_a_row_that_fits_a_page_only_without_its_head_flows_below_the_head() -> None:
    for lines in range(37, 44):
        summary = "\n".join(f"жол{place:02}" for place in range(lines))
        book = make_book(3, changes={2: {"summary": summary}})
        file = render_journal(book)
        assert all(book.heads[-1].label in text for text in page_texts(file)[1:]), lines
        found = words(file)
        assert all(found[word] == 1 for word in summary.split())


def test_a_word_without_end_stays_in_its_column() -> None:
    word = "ы" * 400
    file = render_journal(make_book(1, changes={1: {"measures": word, "name": "Ж" * 90}}))
    (row,) = rows_of(file)
    assert row[COLUMNS.index("measures")] == word
    assert row[COLUMNS.index("name")] == "Ж" * 90


def test_long_names_fit_everywhere() -> None:
    school = (
        "Бөгенбай батыр атындағы облыстық олимпиадалық резервтің мамандандырылған колледжі " * 2
    )
    name = "Абдурахмангазиева-Нұрмағамбетқызы Гүлбаршын-Салтанат Әбдіғаппарқызы Константинопольская"
    file = render_journal(make_book(2, school=school, changes={1: {"name": name}}))
    assert plain(school) in plain(page_texts(file)[0])
    cell = rows_of(file)[0][COLUMNS.index("name")]
    assert cell == squeezed(name)


def test_a_row_that_fits_a_page_is_not_torn() -> None:
    rows = rows_of(render_journal(make_book(40)))
    assert [row[0] for row in rows] == [str(number) for number in range(1, 41)]


def test_an_empty_volume_is_a_cover_and_a_head() -> None:
    file = render_journal(make_book(0, language="en"))
    texts = page_texts(file)
    assert len(texts) == 2
    assert tables(file)[0][0] == [head.label for head in make_book(0, language="en").heads]
    assert "There are no entries." in texts[1]
    assert "Page 2 of 2" in texts[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_letters_are_there(language: str) -> None:
    file = render_journal(make_book(1, language=language, changes={1: {"summary": LETTERS}}))
    assert rows_of(file)[0][COLUMNS.index("summary")] == squeezed(LETTERS)
    fonts = PdfReader(io.BytesIO(file)).pages[1]["/Resources"]["/Font"]
    names = {str(fonts[key]["/BaseFont"]) for key in fonts}
    assert all("Golos" in name for name in names), names


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("school", SCHOOLS, ids=lambda school: school["slug"])
def test_each_school_prints_its_own_columns_and_only_those(school, language: str) -> None:
    columns = list(rules_of(school)["columns"])
    book = make_book(3, language=language, columns=columns)
    file = render_journal(book)
    (table,) = tables(file)
    assert [squeezed(cell) for cell in table[0]] == [squeezed(head.label) for head in book.heads]
    assert rows_of(file) == [[squeezed(cell) for cell in row.cells] for row in book.rows]


def test_all_columns_together_fit_the_page() -> None:
    columns = list(Column.values)
    book = make_book(4, columns=columns)
    assert sum(column_widths(columns)) == pytest.approx(PAGE_MM, abs=0.5)
    assert rows_of(render_journal(book)) == [
        [squeezed(cell) for cell in row.cells] for row in book.rows
    ]


@pytest.mark.parametrize("columns", [["number"], ["number", "taken_on"], COLUMNS])
def test_columns_fill_the_page(columns: list[str]) -> None:
    assert sum(column_widths(columns)) == pytest.approx(PAGE_MM, abs=0.5)


def test_markup_in_a_letter_is_only_text() -> None:
    text = "<script>alert(1)</script><img src='file:///etc/passwd'> & <b>bold</b>"
    file = render_journal(make_book(1, changes={1: {"summary": text}}))
    assert rows_of(file)[0][COLUMNS.index("summary")] == squeezed(text)


def without_name_below(texts: list[str]) -> list[str]:
    """The table of each sheet, without what stands below it."""
    return [text.rpartition("\n")[0] for text in texts]


@pytest.mark.parametrize("columns", [COLUMNS, list(Column.values)], ids=["few", "all"])
def test_sheets_end_where_one_unsplit_table_of_weasyprint_has_them_end(
    columns: list[str], tmp_path
) -> None:
    book = make_book(120, columns=columns, changes={7: {"summary": TRICKY}})
    ours = without_name_below(page_texts(render_journal(book))[1:])
    html = tmp_path / "table.html"
    html.write_text(table_document(book), encoding="utf-8")
    theirs = page_texts(HTML(str(html)).write_pdf())
    assert len(ours) > 12
    assert ours == theirs


def test_one_process_and_two_make_the_same_file() -> None:
    book = make_book(330)
    told: list[tuple[int, int]] = []
    one = render_journal(book, processes=1)
    two = render_journal(book, progress=lambda *how_far: told.append(how_far))
    assert one == two
    assert [int(row[0]) for row in rows_of(two)] == list(range(1, 331))
    sheets = len(page_texts(two))
    # In sheets, of as many as it will be: known well before the end.
    assert len(told) > 20
    assert [done for done, _total in told] == list(range(2, sheets + 1))
    assert all(abs(total - sheets) <= 6 for _done, total in told[len(told) // 4 :])


@pytest.mark.parametrize("batch", [1, 3, 7])
def test_a_long_row_between_batches_is_not_cut(batch: int, monkeypatch) -> None:
    long = " ".join(f"сөз{place:04}" for place in range(1250))
    book = make_book(12, changes={number: {"summary": long} for number in (3, 6)})
    whole = render_journal(book, processes=1)
    monkeypatch.setattr(journal_pdf, "ROWS_AT_ONCE", batch)
    monkeypatch.setattr(journal_pdf, "SHARED_FROM", 1)
    assert render_journal(book) == whole
    assert words(whole)["сөз0777"] == 2


OTHERS = "Ол 😀 деп күлді, 中文 және שלום, ә́ — бәрі де бар. " * 3


def test_letters_that_our_font_lacks_are_drawn_too() -> None:
    book = make_book(3, school="Мектеп 中 № 5", changes={2: {"summary": OTHERS, "name": "李 Ким"}})
    file = render_journal(book)
    row = rows_of(file)[1]
    assert row[COLUMNS.index("number")] == "2"
    assert "中文" in row[COLUMNS.index("summary")]
    assert row[COLUMNS.index("summary")].count("күлді") == 3
    assert "Ким" in row[COLUMNS.index("name")]
    assert "Мектеп" in page_texts(file)[0]
    # Tagged like any other cell.
    assert [tag["/S"] for tag in elements(file)].count("/TD") == 3 * len(book.heads)


def test_a_row_of_such_letters_that_no_sheet_holds_goes_on_overleaf() -> None:
    long = " ".join(f"中к{place:04}" for place in range(900))
    file = render_journal(make_book(3, changes={2: {"summary": long}}))
    text = squeezed("".join(without_name_below(page_texts(file))))
    assert len(page_texts(file)) > 3
    assert all(text.count(f"к{place:04}") == 1 for place in range(900))


def test_a_missing_or_doubled_row_gives_no_file() -> None:
    facts = [
        SheetFacts(1, 2, (3,), 4, 5, first=0, last=2),
        SheetFacts(6, 7, (8,), 9, 10, first=-1, last=-1, begins=False),
        SheetFacts(11, 12, (13,), 14, 15, first=3, last=5),
    ]
    journal_pdf._check(facts, 6)
    for wrong, count in ((facts, 7), (facts + facts, 6), (facts[1:], 6), (facts[::-1], 6)):
        with pytest.raises(RenderingFailed):
            journal_pdf._check(wrong, count)


@pytest.mark.parametrize("count", [3, 150])
def test_the_file_is_tagged_and_names_its_language(count: int) -> None:
    book = make_book(count, language="kk", title="Өтініштерді тіркеу журналы", volume="1-том")
    file = render_journal(book)
    reader = PdfReader(io.BytesIO(file), strict=True)
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "kk"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == "Өтініштерді тіркеу журналы. 1-том"
    assert b'pdfuaid:part="1"' in root["/Metadata"].get_data()
    tags = elements(file)
    kinds = [tag["/S"] for tag in tags]
    assert kinds.count("/TD") == count * len(book.heads)
    assert kinds.count("/TH") == (len(reader.pages) - 1) * len(book.heads)
    assert kinds.count("/H1") == 1
    headers = [tag["/ID"] for tag in tags if "/ID" in tag]
    assert len(headers) == len(set(headers)) == kinds.count("/TH")
    named = {header for tag in tags if tag["/S"] == "/TD" for header in tag["/A"]["/Headers"]}
    assert named == set(headers)


def test_each_page_knows_the_tags_of_its_content() -> None:
    file = render_journal(make_book(150))
    reader = PdfReader(io.BytesIO(file), strict=True)
    nums = reader.trailer["/Root"]["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    owners = {int(nums[place]): nums[place + 1] for place in range(0, len(nums), 2)}
    assert sorted(owners) == list(range(len(reader.pages)))
    for place, page in enumerate(reader.pages):
        assert page["/StructParents"] == place
        for owner in owners[place].get_object():
            assert owner.get_object()["/Pg"].get_object() == page.get_object()


def test_the_bookmarks_lead_to_the_numbers() -> None:
    reader = PdfReader(io.BytesIO(render_journal(make_book(150, language="en"))))
    cover, entries, under = reader.outline
    assert (cover.title, reader.get_destination_page_number(cover)) == ("Cover", 0)
    assert (entries.title, reader.get_destination_page_number(entries)) == ("Entries", 1)
    assert [reader.get_destination_page_number(line) for line in under] == list(
        range(1, len(reader.pages))
    )
    numbers: list[int] = []
    for line in under:
        first, _dash, last = line.title.removeprefix("№ ").partition("–")
        numbers += range(int(first), int(last or first) + 1)
    assert numbers == list(range(1, 151))


def test_the_sheet_is_a4_across_with_room_for_binding() -> None:
    with pdfplumber.open(io.BytesIO(render_journal(make_book(20)))) as pdf:
        for page in pdf.pages:
            assert (round(page.width), round(page.height)) == (842, 595)
            left = min(word["x0"] for word in page.extract_words())
            right = max(word["x1"] for word in page.extract_words())
            assert left >= 30 * 72 / 25.4 - 0.5
            assert right <= page.width - 10 * 72 / 25.4 + 0.5


END = EndOfBook(rows=1234, last_hash=bytes(range(100, 132)))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", [0, 3])
def test_the_last_page_carries_the_rows_and_the_hash(language: str, count: int) -> None:
    file = render_journal(replace(make_book(count, language=language), end=END))
    texts = page_texts(file)
    assert len(texts) == 3
    assert "1234" in texts[-1]
    assert END.groups in plain(texts[-1])
    assert f"https://box.school1.kz/{language}/check/" in texts[-1]
    assert END.groups not in plain(texts[0] + texts[1])
    reader = PdfReader(io.BytesIO(file), strict=True)
    assert reader.get_destination_page_number(reader.outline[-1]) == 2
    assert [tag["/S"] for tag in elements(file)].count("/H1") == 2
    with translation.override(language):
        assert gettext("Page %(page)s of %(pages)s") % {"page": 3, "pages": 3} in texts[-1]


def test_a_long_book_closes_after_its_last_row() -> None:
    book = make_book(150, language="en")
    file = render_journal(replace(book, end=END))
    without = page_texts(render_journal(book))
    texts = page_texts(file)
    assert len(texts) == len(without) + 1
    assert [int(row[0]) for row in rows_of(file) if row[0].isdecimal()] == list(range(1, 151))
    assert END.groups in plain(texts[-1])
    nums = PdfReader(io.BytesIO(file)).trailer["/Root"]["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    assert [int(nums[place]) for place in range(0, len(nums), 2)] == list(range(len(texts)))
