"""The regulation on paper: for everybody the one in force, for the office any; made once and kept."""

import io
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import docx
import pdfplumber
import pytest
from django.test import Client
from django.urls import reverse

from box.selectors import forget_boxes
from reports import regulation_views
from reports.documents.making import FORMS
from reports.kept_files import MOST_FILES, MOST_WAITING, Busy, KeptFiles
from reports.rendering import RenderingFailed
from schools.languages import LANGUAGES
from schools.models import Clause, Regulation, School
from schools.regulation_text import RegulationText, read_text
from schools.selectors import regulation_of
from tests.factories import day, make_person, make_school, signed_in_client

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    forget_boxes()
    regulation_views.kept_files.forget()


@pytest.fixture
def school() -> School:
    school = make_school(
        approver="С. Сериков", approved_on=day("2026-09-01"), sources=["web", "paper", "phone"]
    )
    Clause.objects.create(
        regulation=school.regulations.get(),
        section="confidentiality",
        texts={"kk": "Кілт сейфте.", "ru": "Ключ лежит в сейфе.", "ky": "Ачкыч сейфте."},
    )
    return school


def text_in(school: School, language: str) -> RegulationText:
    return read_text(regulation_of(school), language)


def letters(text: str) -> str:
    """A text without spaces: where a line ends makes no difference."""
    return "".join(text.split())


def pages_of(file: bytes) -> str:
    """The lines of the pages, as another program reads them, without those under each page."""
    with pdfplumber.open(io.BytesIO(file)) as opened:
        return "".join(
            letters(page.crop((0, 0, page.width, page.height - 56)).extract_text())
            for page in opened.pages
        )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_says_every_clause_in_its_order(school: School, language: str) -> None:
    response = Client().get(f"/{language}/school-1/regulation.pdf")
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'inline; filename="regulation-school-1.pdf"'
    assert response.headers["Cache-Control"] == "no-store"
    text, read = text_in(school, language), pages_of(response.content)
    at = 0
    for part in (text.approved.word, text.approved.post, text.approved.name, text.approved.day):
        at = read.index(letters(part), at)
    for section in text.sections:
        at = read.index(letters(f"{section.number}. {section.title}"), at)
        for clause in section.clauses:
            at = read.index(letters(f"{clause.number} {clause.whole}"), at)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_word_file_says_the_same(school: School, language: str) -> None:
    response = Client().get(f"/{language}/school-1/regulation.docx")
    assert response["Content-Disposition"] == 'attachment; filename="regulation-school-1.docx"'
    paragraphs = [part.text for part in docx.Document(io.BytesIO(response.content)).paragraphs]
    text = text_in(school, language)
    assert text.approved.day in paragraphs
    assert any(text.approved.name in line for line in paragraphs)
    wanted = [
        line
        for section in text.sections
        for line in (
            f"{section.number}. {section.title}",
            *(
                line
                for clause in section.clauses
                for line in (f"{clause.number}\t{clause.body}", *clause.lines)
            ),
        )
    ]
    start = paragraphs.index(wanted[0])
    assert [line for line in paragraphs[start:] if line] == wanted


def test_the_approving_block_stands_at_the_top_right(school: School) -> None:
    file = Client().get("/ru/school-1/regulation.pdf").content
    with pdfplumber.open(io.BytesIO(file)) as opened:
        page = opened.pages[0]
        word = next(word for word in page.extract_words() if word["text"] == "Утверждаю")
        assert word["x0"] > page.width / 2
        assert word["top"] < page.height / 8
        numbers = {
            round(word["x0"])
            for word in page.extract_words()
            if word["text"].startswith("1.") and word["text"] != "1."
        }
        assert len(numbers) == 1  # they hang beside their clauses


def test_the_file_is_made_once_until_a_word_changes(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Any] = []

    def counted(paper: Any) -> bytes:
        made.append(paper)
        return b"%PDF " + str(len(made)).encode()

    monkeypatch.setitem(FORMS, "pdf", counted)
    client = Client()
    first = client.get("/ru/school-1/regulation.pdf").content
    assert client.get("/ru/school-1/regulation.pdf").content == first
    assert len(made) == 1
    school.regulations.update(quorum=67)
    forget_boxes()
    assert client.get("/ru/school-1/regulation.pdf").content != first
    assert len(made) == 2


@pytest.mark.parametrize("fault", [RenderingFailed("broken"), Busy()])
def test_a_file_that_cannot_be_made_says_so_in_the_pages_language(
    school: School, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def fails(_paper: Any) -> bytes:
        raise fault

    monkeypatch.setitem(FORMS, "pdf", fails)
    response = Client().get("/ru/school-1/regulation.pdf")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "60"
    assert "Файл не получился" in response.content.decode()


class TestKept:
    def test_many_who_ask_for_the_same_wait_for_one(self) -> None:
        kept, made, begun = KeptFiles(), [], threading.Event()

        def slowly() -> bytes:
            made.append(1)
            begun.wait(5)
            return b"file"

        with ThreadPoolExecutor(MOST_WAITING) as pool:
            asked = [pool.submit(kept.get, "same", slowly) for _each in range(MOST_WAITING)]
            begun.set()
            assert {one.result() for one in asked} == {b"file"}
        assert len(made) == 1

    def test_who_comes_when_too_many_wait_is_told_so(self) -> None:
        kept, go_on, inside = KeptFiles(), threading.Event(), threading.Event()

        def slowly() -> bytes:
            inside.set()
            go_on.wait(10)
            return b"file"

        with ThreadPoolExecutor(MOST_WAITING) as pool:
            asked = [pool.submit(kept.get, place, slowly) for place in range(MOST_WAITING)]
            inside.wait(5)
            while kept._places.acquire(blocking=False):
                kept._places.release()
            with pytest.raises(Busy):
                kept.get("another", slowly)
            go_on.set()
            assert [one.result() for one in asked] == [b"file"] * MOST_WAITING
        assert kept.get("another", lambda: b"later") == b"later"

    def test_what_fails_is_tried_again(self) -> None:
        kept = KeptFiles()
        with pytest.raises(ZeroDivisionError):
            kept.get("file", lambda: bytes(1 // 0))
        assert kept.get("file", lambda: b"whole") == b"whole"

    def test_the_oldest_goes_first(self) -> None:
        kept = KeptFiles()
        for place in range(MOST_FILES):
            kept.get(place, lambda place=place: bytes([place]))
        kept.get(0, lambda: b"not asked")
        kept.get("one more", lambda: b"more")
        assert kept.get(0, lambda: b"anew") == b"\0"
        assert kept.get(1, lambda: b"anew") == b"anew"


class TestOffice:
    @pytest.fixture
    def client(self, school: School) -> Client:
        return signed_in_client(make_person(school, "administrator"))

    def address(self, regulation: Regulation) -> str:
        return reverse("admin:regulation_print", args=[regulation.pk])

    def test_rules_that_hold_later_print_as_they_will_be(
        self, school: School, client: Client
    ) -> None:
        later = Regulation.objects.get(school=school)
        later.pk, later.quorum = None, 77
        later.holds_from = school.today().replace(year=school.today().year + 1)
        later.save()
        data = {"language": "ru", "file": "pdf"}
        response = client.post(self.address(later), data)
        assert "77%" in pages_of(response.content)
        assert response["Content-Disposition"].startswith("attachment")
        now = client.post(self.address(school.regulations.earliest("holds_from")), data)
        assert "77%" not in pages_of(now.content)

    def test_the_page_of_the_rules_offers_it(self, school: School, client: Client) -> None:
        regulation = school.regulations.get()
        page = client.get(
            reverse("admin:schools_regulation_change", args=[regulation.pk])
        ).content.decode()
        assert f'action="{self.address(regulation)}"' in page
        added = client.get(reverse("admin:schools_regulation_add")).content.decode()
        assert "papers-regulation" not in added

    def test_not_for_others(self, school: School, client: Client) -> None:
        elsewhere = make_school("school-2").regulations.get()
        assert client.post(self.address(elsewhere), {"language": "ru"}).status_code == 404
        assert client.get(self.address(school.regulations.get())).status_code == 405
        psychologist = signed_in_client(make_person(school, "psychologist"))
        assert psychologist.post(self.address(school.regulations.get())).status_code == 404
