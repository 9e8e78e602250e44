"""A language is added by its catalogue alone: no line of code knows it, and every page and paper speaks it."""

import io
import re
import time
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pdfplumber
import pytest
from django.core.exceptions import ImproperlyConfigured

from schools.starting_regulations import STARTING_REGULATIONS
from tests.portal import ROOT, Portal, environment, fill_with_demo, run_manage, serving
from tests.trustbox.made_up import LETTER, made_up, make_catalogue
from tests.visitor import Visitor
from trustbox.catalogue_faults import catalogue_faults
from trustbox.demo.regions import REGIONS
from trustbox.demo.schools import SCHOOLS, rules_of
from trustbox.languages import catalogues_in, languages_in

pytestmark = pytest.mark.once("sqlite")

# Turkmen: nobody has begun it.
NEW = "tk"
TEXTS = ROOT / "locale/tg/LC_MESSAGES/django.po"
CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}")
# A word of one of the other languages, or of the sources.
OTHER_WORD = re.compile(r"[A-Za-zА-Яа-яЁёӘәІіҢңҒғҮүҰұҚқӨөҺһ]{3,}")
# What is called so in every language; and «Kazakh», which Django itself says in Turkmen.
NAMES = {"PDF", "Word", "gazak"}
SCHOOL = "it-lyceum"


# Public pages, and the words on them that the school itself has written, inside of sentences: those of its rules.
RULES = set(OTHER_WORD.findall(f"{SCHOOLS[0]} {rules_of(SCHOOLS[0])}"))
# The name of its region, which is called in danger.
REGION = set(OTHER_WORD.findall(REGIONS[SCHOOLS[0]["country"]].names["kk"]))
CATEGORIES = STARTING_REGULATIONS[SCHOOLS[0]["template"]].categories
OF_THE_SCHOOL: dict[str, set[str]] = {
    "": set(),
    "write/": set(),
    "sent/": set(),
    "regulation/": RULES | set(OTHER_WORD.findall(str(CATEGORIES))),
    "changes/": set(),
    "not-there/": set(),
}


class Spoken(HTMLParser):
    """The texts of a page that are marked as no other language's."""

    SILENT = frozenset({"script", "style", "textarea", "title"})
    WITHOUT_END = frozenset({"meta", "link", "input", "br", "img", "hr", "path", "circle", "rect"})

    def __init__(self, language: str) -> None:
        super().__init__()
        self._language = language
        self._open: list[tuple[str, bool]] = []
        self.texts: list[str] = []
        self.language = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "html":
            self.language = given["lang"]
        if tag in self.WITHOUT_END:
            return
        other = given.get("lang", self._language) != self._language
        hidden = tag in self.SILENT or "not-for-people" in (given.get("class") or "")
        silent = other or hidden or given.get("translate") == "no"
        self._open.append((tag, silent or any(one for _tag, one in self._open)))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not (self._open and self._open[-1][1]):
            self.texts.append(data.strip())


def assert_speaks(page: str, *, names: set[str] = frozenset()) -> None:
    """The page is in the language, and whatever is not is marked with its own."""
    parser = Spoken(NEW)
    parser.feed(page)
    assert parser.language == NEW
    assert any(LETTER.search(text) for text in parser.texts)
    foreign = [
        word
        for text in parser.texts
        for word in OTHER_WORD.findall(re.sub(r"\S*[./@]\S*", " ", text))
        if word not in NAMES | REGION | names
    ]
    assert foreign == []


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """The real server, whose data folder holds one catalogue more."""
    folder = tmp_path_factory.mktemp("new-language")
    fill_with_demo(environment(folder))
    make_catalogue(TEXTS, folder / "locale", NEW)
    with serving(folder) as running:
        yield running


@pytest.mark.parametrize(
    "page",
    list(OF_THE_SCHOOL),
)
def test_public_pages_speak_it(portal: Portal, page: str) -> None:
    assert_speaks(Visitor(portal.url).get(f"/{NEW}/{SCHOOL}/{page}"), names=OF_THE_SCHOOL[page])


@pytest.mark.parametrize("address", [f"/{NEW}/", f"/{NEW}/reply/", f"/{NEW}/check/"])
def test_pages_of_no_school_speak_it(portal: Portal, address: str) -> None:
    assert_speaks(Visitor(portal.url).get(address))


def test_a_switch_offers_it_by_its_own_name(portal: Portal) -> None:
    page = Visitor(portal.url).get(f"/ru/{SCHOOL}/")
    assert (
        f'<a href="/{NEW}/{SCHOOL}/" lang="{NEW}" hreflang="{NEW}">{made_up("turkmen")}</a>' in page
    )


def test_a_letter_its_receipt_and_what_became_of_it(portal: Portal) -> None:
    author = Visitor(portal.url)
    form = author.get(f"/{NEW}/{SCHOOL}/write/")
    time.sleep(1.1)  # a form sent within a second was not read by a person
    fields = {**author.hidden_fields(form), "audience": "student", "signed": "no"}
    refused = author.post(f"/{NEW}/{SCHOOL}/write/", {**fields, "text": ""})
    assert_speaks(refused)
    receipt = author.post(
        f"/{NEW}/{SCHOOL}/write/", {**fields, "text": "Дар мактаб маро мезананд."}
    )
    assert_speaks(receipt)
    code = CODE.search(re.sub(r"</span><span>", "", receipt))[0]
    fields = author.hidden_fields(author.get(f"/{NEW}/reply/"))
    state = author.post(f"/{NEW}/reply/", {**fields, "code": code})
    assert_speaks(state)
    assert made_up("It is in the box") in state


@pytest.fixture(scope="module")
def staff(portal: Portal) -> Visitor:
    """The psychologist, signed in, who has chosen the language."""
    visitor = Visitor(portal.url)
    sign_in = visitor.get(f"/admin/login/?language={NEW}")
    assert_speaks(sign_in)
    fields = visitor.hidden_fields(sign_in)
    who = {"username": f"psychologist.{SCHOOL}", "password": portal.password}
    visitor.post(f"/admin/login/?language={NEW}", {**fields, **who})
    own = visitor.get("/admin/own/")
    visitor.post("/admin/own/", {**visitor.hidden_fields(own), "language": NEW})
    return visitor


@pytest.mark.parametrize(
    "address", ["", "own/", "journal/entry/", "journal/opening/", "journal/volume/"]
)
def test_staff_pages_speak_it(staff: Visitor, address: str) -> None:
    page = staff.get(f"/admin/{address}")
    assert f'<html lang="{NEW}"' in page
    assert len(LETTER.findall(page)) > 300
    for russian in ("Сегодня", "Выйти", "Журнал", "Выберите", "Сохранить", "Обращения"):
        assert russian not in page


def test_the_journal_is_printed_in_it(staff: Visitor) -> None:
    listed = staff.get("/admin/journal/volume/")
    volume = re.search(r"/admin/journal/volume/(\d+)/", listed)[1]
    address = f"/admin/journal/volume/{volume}/print/"
    fields = staff.hidden_fields(staff.get(address))
    file = staff.download(address, {**fields, "language": NEW, "extent": "whole"})
    assert file.startswith(b"%PDF")
    with pdfplumber.open(io.BytesIO(file)) as pdf:
        cover, first = ("".join(page.extract_text().split()) for page in pdf.pages[:2])
    assert made_up("Journalofletters") in cover
    # The heads of this volume are in the school's own two languages; what is counted below is not.
    assert LETTER.search(first)


# Which catalogues are languages


def begun(folder: Path, language: str, *, header: str) -> Path:
    target = folder / language / "LC_MESSAGES" / "django.po"
    target.parent.mkdir(parents=True)
    target.write_text(f'msgid ""\nmsgstr ""\n{header}\n\nmsgid "Box"\nmsgstr ""\n')
    return target


READY = '"X-Trustbox-Name: Oʻzbekcha\\n"\n"X-Trustbox-Place: 5\\n"\n"X-Trustbox-Ready: yes\\n"'


def test_what_is_not_ready_is_no_language_yet_and_can_be_tried(tmp_path: Path) -> None:
    begun(tmp_path, "uz", header=READY.replace("yes", "no"))
    assert languages_in([tmp_path]) == [("en", "English")]
    tried = languages_in([tmp_path], also=["uz"])
    assert tried == [("en", "English"), ("uz", "Oʻzbekcha")]
    with pytest.raises(ImproperlyConfigured, match="no catalogue of 'tg'"):
        languages_in([tmp_path], also=["tg"])


def test_a_ready_one_of_the_installation_goes_before_an_empty_one_of_ours(tmp_path: Path) -> None:
    ours, own = tmp_path / "ours", tmp_path / "own"
    begun(ours, "uz", header=READY.replace("yes", "no"))
    begun(own, "uz", header=READY)
    begun(own, "uz_Cyrl", header=READY.replace("Oʻzbekcha", "Ўзбекча").replace("5", "1"))
    assert languages_in([ours, own]) == [
        ("uz-cyrl", "Ўзбекча"),
        ("en", "English"),
        ("uz", "Oʻzbekcha"),
    ]


@pytest.mark.parametrize(
    ("language", "header"),
    [
        ("uz", '"X-Trustbox-Ready: yes\\n"'),
        ("uz", READY.replace("5", "fifth")),
        ("uzbek", READY),
        ("uz-cyrl", READY),
    ],
)
def test_a_header_that_cannot_be_read_stops_the_start(
    tmp_path: Path, language: str, header: str
) -> None:
    begun(tmp_path, language, header=header)
    with pytest.raises(ImproperlyConfigured, match="X-Trustbox-Name"):
        languages_in([tmp_path])


def test_uzbek_and_tajik_wait_for_their_translators_and_nobody_sees_them(portal: Portal) -> None:
    waiting = {one.code: one.name for one in catalogues_in([ROOT / "locale"]) if not one.is_ready}
    assert waiting == {"uz": "Oʻzbekcha", "tg": "Тоҷикӣ"}
    page = Visitor(portal.url).get(f"/ru/{SCHOOL}/")
    assert "Oʻzbekcha" not in page
    assert 'lang="uz"' not in page


def test_one_that_is_tried_is_checked_and_the_rest_falls_back(tmp_path: Path) -> None:
    said = run_manage(
        environment(tmp_path, TRUSTBOX_TRY_LANGUAGES="uz", TRUSTBOX_SECRET_KEY="k" * 50),
        "shell",
        "--verbosity=0",
        "-c",
        "from django.utils.translation import override, gettext, pgettext\n"
        "from schools.dates import long_date\n"
        "from schools.numerals import with_words\n"
        "import datetime\n"
        "with override('uz'):\n"
        "    print(long_date(datetime.date(2026, 11, 21), 'uz'), with_words(21, 'uz'), gettext('Box'))",
    )
    assert said.strip() == "2026-yil 21-noyabr 21 (yigirma bir) Ящик"


def test_a_made_up_catalogue_is_without_fault(tmp_path: Path) -> None:
    make_catalogue(TEXTS, tmp_path, NEW)
    assert list(catalogue_faults(tmp_path, [NEW])) == []
