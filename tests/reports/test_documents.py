"""Documents of some pages as PDFs: every word, in one language, tagged, nothing torn."""

import io

import pdfplumber
import pypdfium2
import pytest
from pypdf import PdfReader

from reports.documents.author_notice import Size, draw_notice
from reports.documents.drawing import draw
from reports.documents.forwarding_sheet import Part
from reports.rendering import RenderingFailed
from schools.languages import LANGUAGES
from tests.reports.reading import elements, page_texts
from tests.reports.sheets import COVERING, LONG_NAME, SUMMARY, make_notice, make_sheet

pytestmark = pytest.mark.once("sqlite")

TITLES = {
    "kk": "Ілеспе парақ № 3/2026",
    "ru": "Сопроводительный лист № 3/2026",
    "ky": "Коштоочу барак № 3/2026",
    "en": "Forwarding sheet № 3/2026",
}
DUE = {
    "kk": "2026 жылғы 11 желтоқсан",
    "ru": "11 декабря 2026 года",
    "ky": "2026-жылдын 11-декабры",
    "en": "11 December 2026",
}
# Letters that no text of a Kazakh, Kyrgyz or Russian page lacks, and an English one never has.
CYRILLIC = range(0x400, 0x530)


def plain(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split())


def one_text(file: bytes) -> str:
    return plain("\n".join(page_texts(file)))


class TestSheet:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_says_all_of_it_in_one_language(self, language: str) -> None:
        sheet = make_sheet(language)
        file = draw(sheet)
        (text,) = page_texts(file)
        text = plain(text)
        for said in (
            TITLES[language],
            DUE[language],
            plain(sheet.school),
            sheet.body,
            "№ 12",
            COVERING[language],
            SUMMARY[language],
            sheet.signer_post,
            sheet.signer_name,
            *(label for label, _fact in sheet.facts),
        ):
            assert said in text
        if language == "en":
            foreign = text.replace(sheet.signer_name, "").replace("№", "")
            assert not any(ord(letter) in CYRILLIC for letter in foreign)

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_is_tagged_and_its_properties_hold_no_content(self, language: str) -> None:
        sheet = make_sheet(language)
        file = draw(sheet)
        reader = PdfReader(io.BytesIO(file), strict=True)
        assert reader.metadata.title == TITLES[language]
        assert reader.trailer["/Root"]["/Lang"] == language
        described = reader.trailer["/Root"]["/Metadata"].get_data().decode()
        assert "pdfuaid" in described
        for word in (SUMMARY[language], sheet.body, sheet.signer_name, sheet.school):
            assert word not in f"{described} {reader.metadata}"
        names = [element["/S"] for element in elements(file)]
        assert names.count("/H1") == 1
        assert names.count("/H2") == 1
        fonts = [font for page in reader.pages for font in page["/Resources"]["/Font"].values()]
        assert all("Golos" in str(font) for font in fonts)

    def test_a_long_text_goes_on_and_the_signature_stays_whole(self) -> None:
        """Whatever the length of the text, who signs is never torn from the line, nor alone on a page."""
        paragraph = COVERING["ru"] * 3
        for count in range(8, 17):
            sheet = make_sheet(
                "ru",
                school=LONG_NAME,
                body=LONG_NAME,
                signer_name=LONG_NAME,
                covering="\n\n".join([paragraph] * count),
            )
            texts = [plain(text) for text in page_texts(draw(sheet))]
            whole = " ".join(texts)
            assert whole.count("Просим провести работу с семьёй.") >= 3 * count - len(texts)
            last = texts[-1]
            assert "Заместитель директора" in last
            assert "подпись" in last
            for word in LONG_NAME.replace("-", " ").split():
                assert word in last
            before = last.partition("Заместитель директора")[0]
            assert SUMMARY["ru"] in before or "семьёй" in before, "alone on its page"
            for number, text in enumerate(texts, start=1):
                assert f"Страница {number} из {len(texts)}" in text
                assert TITLES["ru"] in text
        assert len(texts) >= 2

    def test_each_page_of_a_long_one_knows_its_tags(self) -> None:
        sheet = make_sheet("kk", parts=(Part("Мәтін", "Бір сөйлем. " * 800),))
        file = draw(sheet)
        assert len(page_texts(file)) > 2
        root = PdfReader(io.BytesIO(file), strict=True).trailer["/Root"]["/StructTreeRoot"]
        nums = root["/ParentTree"]["/Nums"]
        pages = [int(nums[place]) for place in range(0, len(nums), 2)]
        assert pages == list(range(len(page_texts(file))))
        assert elements(file)

    def test_ninety_letters_stay_on_the_paper(self) -> None:
        endless = "Ж" * 90
        sheet = make_sheet(
            "ru", school=endless, body=endless, signer_name=endless, covering=endless
        )
        with pdfplumber.open(io.BytesIO(draw(sheet))) as pdf:
            (page,) = pdf.pages
            words = page.extract_words()
            assert min(word["x0"] for word in words) >= 30 * 72 / 25.4 - 0.5
            assert max(word["x1"] for word in words) <= page.width - 15 * 72 / 25.4 + 1
            letters = sum(letter["text"] == "Ж" for letter in page.chars)
        assert letters == 4 * 90

    def test_what_nobody_named_is_filled_in_by_hand(self) -> None:
        text = one_text(draw(make_sheet("en", signer_post="", signer_name="")))
        assert "post signature name" in text

    def test_a_reprint_says_so_under_each_page_and_nothing_else(self) -> None:
        first, again = (
            one_text(draw(make_sheet("en", reprint=is_one))) for is_one in (False, True)
        )
        assert "reprint" not in first
        assert again.replace(" · reprint", "") == first

    def test_markup_in_a_letter_is_only_text(self) -> None:
        nasty = "<b>bold</b> & <img src='file:///etc/passwd'>"
        assert plain(nasty) in one_text(draw(make_sheet("en", covering=nasty)))


class TestNotice:
    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("size", Size)
    def test_one_page_with_the_number_in_large_type(self, language: str, size: Size) -> None:
        notice = make_notice(language, size=size)
        file = draw_notice(notice)
        (text,) = page_texts(file)
        (block,) = notice.blocks
        for said in (block.school, block.box, block.heading, block.message, block.nameless):
            assert plain(said) in plain(text)
        for label, fact in block.lines:
            assert label in text
            assert fact in plain(text)
        with pdfplumber.open(io.BytesIO(file)) as pdf:
            (page,) = pdf.pages
            width = {Size.A4: 595, Size.A5: 420}[size]
            assert round(page.width) == width
            largest = max(letter["size"] for letter in page.chars)
            assert largest >= {Size.A4: 36, Size.A5: 24}[size]

    def test_no_day_stands_on_it(self) -> None:
        text = one_text(draw_notice(make_notice("en", lines=())))
        assert not any(part.isdecimal() and part != "12" for part in text.split())
        assert "20" not in text

    @pytest.mark.parametrize("pair", [("kk", "ru"), ("ky", "ru")])
    def test_two_languages_share_a_page(self, pair: tuple[str, str]) -> None:
        file = draw_notice(make_notice(*pair, size=Size.A5))
        (text,) = page_texts(file)
        spoken = [tag["/Lang"] for tag in elements(file) if tag["/S"] == "/Sect"]
        assert make_notice(*pair).blocks[0].message in plain(text)
        assert make_notice(*pair).blocks[1].message in plain(text)
        assert spoken == list(pair)

    def test_long_names_make_the_type_smaller_and_stay_on_the_page(self) -> None:
        lines = (("Где", "Кабинет 204, " * 9), ("Когда", "Ж" * 120), ("Кого", "педагог"))
        file = draw_notice(make_notice("kk", "ru", size=Size.A5, school=LONG_NAME, lines=lines))
        with pdfplumber.open(io.BytesIO(file)) as pdf:
            (page,) = pdf.pages
            assert max(word["x1"] for word in page.extract_words()) <= page.width
            assert sum(letter["text"] == "Ж" for letter in page.chars) >= 240

    def test_what_fits_no_page_is_no_file(self) -> None:
        with pytest.raises(RenderingFailed):
            draw_notice(make_notice("kk", "ru", size=Size.A5, school="Школа " * 2000))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_is_a_picture_with_ink_on_it(language: str) -> None:
    """Drawn by another program than ours."""
    for file in (draw(make_sheet(language)), draw_notice(make_notice(language))):
        pixels = pypdfium2.PdfDocument(file)[0].render(scale=0.6).to_pil().convert("L").tobytes()
        assert 0.005 < sum(pixel < 128 for pixel in pixels) / len(pixels) < 0.3
