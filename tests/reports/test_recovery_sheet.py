"""The recovery sheet: what is on the page, that it is nowhere else, and who gets it."""

import datetime
import io
import tempfile
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from django.conf import settings
from django.urls import reverse
from pypdf import PdfReader

from journal.models import Trail
from reports import recovery_sheet
from reports.recovery_sheet import RecoverySheet, render_sheet
from reports.rendering import RenderingFailed
from schools.models import School
from schools.selectors import key_in_use
from tests.factories import PASSWORD, Person, make_person, make_school, signed_in_client
from tests.reports.reading import elements, page_texts
from vault.pairs import pair_of_private
from vault.recovery import lines_typed, pair_from_lines, sheet_lines

PAIR = pair_of_private(bytes(range(32)))
DAY = datetime.date(2026, 11, 21)
LONG = (
    "КГУ «Специализированный лицей-интернат информационных технологий» управления образования " * 2
)


def sheet(language: str = "ru", school: str = "Школа № 5") -> bytes:
    return render_sheet(
        RecoverySheet(school=school, day=DAY, language=language, lines=sheet_lines(PAIR))
    )


def scanned(file: bytes) -> list[str]:
    """What a phone reads from the printed page."""
    picture = pypdfium2.PdfDocument(file)[0].render(scale=2).to_pil()
    return [code.text for code in zxingcpp.read_barcodes(picture)]


@pytest.mark.parametrize(
    ("language", "day"),
    [
        ("kk", "2026 жылғы 21 қараша"),
        ("ru", "21 ноября 2026 года"),
        ("ky", "2026-жылдын 21-ноябры"),
        ("en", "21 November 2026"),
    ],
)
def test_one_page_with_the_eight_lines_and_the_same_as_a_square(language: str, day: str) -> None:
    file = sheet(language, LONG)
    (text,) = page_texts(file)
    text = " ".join(text.split())
    for number, line in enumerate(sheet_lines(PAIR), start=1):
        assert f"{number}. {line}" in text
    assert day in text
    assert "лицей-интернат" in text
    (code,) = scanned(file)
    assert pair_from_lines(lines_typed(code)) == PAIR


def test_what_it_says_about_itself_holds_no_content() -> None:
    file = sheet("en")
    reader = PdfReader(io.BytesIO(file))
    assert reader.metadata.title == "Recovery sheet"
    assert "dc:title" in reader.trailer["/Root"]["/Metadata"].get_data().decode()
    assert b"pdfuaid" in reader.trailer["/Root"]["/Metadata"].get_data()
    about = str(reader.metadata) + reader.trailer["/Root"]["/Metadata"].get_data().decode()
    assert "Школа" not in about
    assert "000G" not in about
    assert reader.trailer["/Root"]["/Lang"] == "en"
    tags = elements(file)
    names = [element["/S"] for element in tags]
    assert names.count("/H1") == 1
    (figure,) = [element for element in tags if element["/S"] == "/Figure"]
    assert "square code" in figure["/Alt"]
    assert all("Golos" in str(font) for font in reader.pages[0]["/Resources"]["/Font"].values())


@pytest.fixture
def school(db: None) -> School:
    return make_school()


@pytest.fixture
def holder(school: School) -> Person:
    return make_person(school, "psychologist", with_key=True)


def address(school: School) -> str:
    return reverse("admin:keys_sheet", args=[school.slug])


def ask(client, school: School, language: str = "ru", password: str = PASSWORD):
    return client.post(address(school), {"language": language, "password": password})


def test_shown_once_to_a_holder(
    school: School, holder: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    client = signed_in_client(holder)
    assert (
        "No recovery sheet of this key was printed yet."
        in client.get(address(school)).content.decode()
    )
    response = ask(client, school)
    assert response["Content-Type"] == "application/pdf"
    assert "no-store" in response["Cache-Control"]
    assert response["Content-Disposition"] == 'inline; filename="sheet.pdf"'
    lines = sheet_lines(holder.keyring().schools[key_in_use(school).pk])
    assert scanned(response.content) == ["\n".join(lines)]
    assert key_in_use(school).sheet_printed_at
    page = client.get(address(school)).content.decode()
    assert "Last printed on" in page
    assert not any(line in page for line in lines)
    ask(client, school)
    rows = Trail.objects.filter(step=Trail.Step.SHEET_PRINTED)
    assert [row.by for row in rows] == [holder.user] * 2
    assert not any(line[:4] in str(row.facts) for row in rows for line in lines)
    kept = [path for path in Path(settings.DATA_DIR).rglob("*") if path.is_file()]
    assert not any(b"%PDF" in path.read_bytes() for path in kept)
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_password_shows_nothing(school: School, holder: Person) -> None:
    response = ask(signed_in_client(holder), school, password="something else")
    assert "This is not your password." in response.content.decode()
    assert key_in_use(school).sheet_printed_at is None
    assert not Trail.objects.filter(step=Trail.Step.SHEET_PRINTED).exists()


def test_who_may_not(school: School, holder: Person) -> None:
    stranger = make_person(make_school("school-2"), "psychologist", with_key=True)
    people = [
        (stranger, 404),
        (make_person(school, "administrator"), 403),
        (make_person(school, "director"), 403),
        (make_person(school, "phone_officer", with_key=True), 403),
    ]
    for person, status in people:
        client = signed_in_client(person)
        assert client.get(address(school)).status_code == status
        assert ask(client, school).status_code == status
    assert key_in_use(school).sheet_printed_at is None


def test_a_sheet_that_cannot_be_drawn_does_not_count_as_printed(
    school: School, holder: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_sheet: RecoverySheet) -> bytes:
        raise RenderingFailed("no")

    monkeypatch.setattr(recovery_sheet, "render_sheet", fail)
    response = ask(signed_in_client(holder), school)
    assert response.status_code == 503
    assert "Nothing was noted" in response.content.decode()
    assert key_in_use(school).sheet_printed_at is None
    assert not Trail.objects.filter(step=Trail.Step.SHEET_PRINTED).exists()
