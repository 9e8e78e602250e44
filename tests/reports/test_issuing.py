"""Acts and protocols: frozen by the first print to be signed, the same as PDF and as Word file."""

import io
from typing import Any

import docx
import pdfplumber
import pytest
from django.test import Client
from django.urls import reverse
from docx.oxml.ns import qn
from pypdf import PdfReader

from journal.models import Meeting, Opening, TakenLetter, Trail
from journal.services import protocols, registering
from journal.services.meetings import Point
from journal.services.verifying import verify_school
from reports.documents import making
from reports.issuing import act_of, print_paper, protocol_of
from reports.models import Issued
from schools.errors import Refused
from schools.models import Membership, School, User
from tests import factories
from tests.factories import Person
from tests.journal.commission.meetings import NAMES, SECRET, call, hold, make_commission
from tests.races import at_once

LONG_NAME = (
    "Құрманғалиева-Байтұрсынова Айгүл-Жанерке Нұрсұлтанқызы, урождённая Абдыкеримова-Токтосунова"
)


@pytest.fixture
def school(db: None) -> School:
    return factories.make_school()


@pytest.fixture
def holder(school: School) -> Person:
    make_commission(school)
    return factories.make_person(school, "deputy_director", with_key=True, full_name=LONG_NAME[:90])


def as_text(pdf: bytes) -> str:
    with pdfplumber.open(io.BytesIO(pdf)) as file:
        return " ".join("\n".join(page.extract_text() for page in file.pages).split())


def words_of_docx(file: bytes) -> str:
    body = docx.Document(io.BytesIO(file)).element.body
    return " ".join(
        "".join(row.text or "" for row in part.iter(qn("w:t"))) for part in body.iter(qn("w:p"))
    )


def printed(
    subject: Any, by: Person, *, language: str = "ru", form: str = "pdf", **more: Any
) -> bytes:
    return print_paper(
        subject=subject, language=language, form=form, by=by.fresh(), keyring=by.keyring(), **more
    )


def opened(school: School, holder: Person, letters: int) -> Opening:
    for _ in range(letters):
        factories.send_letter(school)
    opening = factories.open_box(school, by=holder, place="Кабинет 12")
    for taken in opening.taken_letters.order_by("position"):
        if taken.position == 2:
            registering.set_aside(
                taken=taken, kind=TakenLetter.SetAside.OTHER, note="Пустой лист.",
                by=holder.fresh(), keyring=holder.keyring(),
            )  # fmt: skip
        else:
            factories.register(taken, by=holder)
    return opening


def test_an_act_says_what_was_found(school: School, holder: Person) -> None:
    opening = opened(school, holder, 3)
    text = as_text(printed(act_of(opening), holder))
    for part in ("№ 1", "Кабинет 12", "3 (три)", "Пустой лист.", "№ 2", LONG_NAME[:20]):
        assert part in text
    assert Issued.objects.get().opening == opening
    verify_school(school)


def test_an_act_of_an_empty_box_says_so(school: School, holder: Person) -> None:
    with_nothing = as_text(printed(act_of(opened(school, holder, 0)), holder, language="en"))
    assert "No letters found." in with_nothing
    assert "Letters taken out" not in with_nothing


def test_two_hundred_letters_stand_once_each_and_in_order(school: School, holder: Person) -> None:
    opening = factories.open_box(school, by=holder)
    TakenLetter.objects.bulk_create(
        TakenLetter(opening=opening, position=place, source="paper", set_aside_as="test")
        for place in range(1, 201)
    )
    file = printed(act_of(opening), holder)
    with pdfplumber.open(io.BytesIO(file)) as pages:
        rows = [row for page in pages.pages for table in page.extract_tables() for row in table]
    numbers = [int(row[0]) for row in rows if row[0] and row[0].isdecimal()]
    assert numbers == list(range(1, 201))
    # Who signs does not sign an empty sheet.
    with pdfplumber.open(io.BytesIO(file)) as pages:
        assert pages.pages[-1].extract_tables()


@pytest.mark.parametrize("language", ["kk", "ru", "ky", "en"])
def test_pdf_and_word_file_say_the_same(school: School, holder: Person, language: str) -> None:
    subject = act_of(opened(school, holder, 2))
    pdf = as_text(printed(subject, holder, language=language))
    word = words_of_docx(printed(subject, holder, language=language, form="docx"))
    # The order on the page of cells with several lines differs; the words do not.
    ours = {part for part in word.replace("_", " ").split() if len(part) > 3}
    missing = [part for part in ours if part not in pdf]
    assert not missing
    reader = PdfReader(io.BytesIO(printed(subject, holder, language=language)))
    assert reader.trailer["/Root"]["/Lang"] == language
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "Кабинет" not in str(reader.metadata.title)


def test_what_was_issued_stays_as_it_was(school: School, holder: Person) -> None:
    director = factories.make_person(school, "director", full_name="Прежний Директор")
    opening = opened(school, holder, 1)
    first = as_text(printed(act_of(opening), holder))
    User.objects.filter(pk=director.user.pk).update(full_name="Новый Директор")
    Membership.objects.filter(user=director.user).delete()
    School.objects.filter(pk=school.pk).update(names={"ru": "Другая школа"})
    opening = Opening.objects.select_related("school").get()
    again = as_text(printed(act_of(opening), holder))
    assert "Прежний Директор" in first
    assert "Прежний Директор" in again
    assert "Другая школа" not in again
    issued = Issued.objects.get()
    assert issued.prints == 2
    rows = Trail.objects.filter(step=Trail.Step.PRINTED).order_by("position")
    assert [row.facts["reprint"] for row in rows] == [False, True]
    assert Trail.objects.filter(step=Trail.Step.DOCUMENT_ISSUED).count() == 1


def test_while_letters_wait_the_act_is_a_draft(school: School, holder: Person) -> None:
    factories.send_letter(school)
    opening = factories.open_box(school, by=holder)
    text = as_text(printed(act_of(opening), holder, language="en"))
    assert "draft" in text
    assert "not registered yet" in text
    assert not Issued.objects.exists()


def test_a_letter_closed_to_one_of_those_present_tells_its_number_alone(
    school: School, holder: Person
) -> None:
    factories.send_letter(school, about=["psychologist"], signed=True)
    opening = factories.open_box(school, by=holder)
    factories.register(opening.taken_letters.get(), by=holder)
    file = printed(act_of(opening), holder, language="en")
    with pdfplumber.open(io.BytesIO(file)) as pages:
        table = pages.pages[0].extract_tables()[0]
    assert table[1] == ["1", "—", "—", "№ 1"]


def test_a_protocol_says_what_was_heard_and_decided(school: School, holder: Person) -> None:
    entry = factories.registered_entry(school, by=holder)
    points = [Point(topic="О деньгах", entry=entry), Point(topic="Разное")]
    decided = [
        protocols.Decided(text=f"Решение номер {place}.", point=1, votes=(3, 0, 0))
        for place in range(1, 41)
    ]
    meeting = hold(
        call(school, by=holder, points=points), by=holder, points=points, decided=decided,
        invited=[{"name": "Иванов Пётр", "who": "тренер"}], elected_chair=True,
    )  # fmt: skip
    text = as_text(printed(protocol_of(meeting), holder))
    for part in (SECRET, "Решение номер 40.", "Иванов Пётр", NAMES[2], "№ 1"):
        assert part in text
    short = as_text(printed(protocol_of(meeting), holder, short_names=True))
    assert "Иванов Пётр" not in short
    assert "И. П." in short
    assert f"{NAMES[1]}:" not in short


def test_a_planned_meeting_has_no_protocol(school: School, holder: Person) -> None:
    with pytest.raises(Refused):
        protocol_of(call(school, by=holder))


# The pages


@pytest.fixture
def client(holder: Person) -> Client:
    return factories.signed_in_client(holder)


def page(name: str, *arguments: Any) -> str:
    return reverse(f"admin:{name}", args=arguments)


def test_the_act_is_printed_by_post_in_the_language_asked_for(
    school: School, holder: Person, client: Client
) -> None:
    opening = opened(school, holder, 1)
    address = page("journal_opening_act", opening.pk)
    assert client.get(address).status_code == 405
    response = client.post(address, {"language": "kk", "file": "pdf"})
    assert response["Content-Type"] == "application/pdf"
    assert "no-store" in response["Cache-Control"]
    assert response["Content-Disposition"].endswith(f'"act-1-{opening.year}.pdf"')
    response = client.post(address, {"language": "zz", "file": "docx"})
    assert words_of_docx(response.content)


def test_who_does_not_hold_the_key_prints_nothing(school: School, holder: Person) -> None:
    opening = opened(school, holder, 1)
    meeting = hold(call(school, by=holder), by=holder)
    director = factories.signed_in_client(factories.make_person(school, "director"))
    for address in (
        page("journal_opening_act", opening.pk),
        page("journal_meeting_print", meeting.pk),
    ):
        assert director.post(address).status_code == 403
    other = factories.make_person(factories.make_school("school-2"), "psychologist", with_key=True)
    stranger = factories.signed_in_client(other)
    assert stranger.post(page("journal_opening_act", opening.pk)).status_code == 404
    assert not Issued.objects.exists()


@pytest.mark.parametrize("what", ["act", "protocol", "openings", "letters", "sheet"])
@pytest.mark.parametrize("file", ["pdf", "docx"])
def test_blank_forms(school: School, client: Client, what: str, file: str) -> None:
    response = client.post(
        page("journal_blank", school.slug, what), {"language": "ru", "file": file}
    )
    text = as_text(response.content) if file == "pdf" else words_of_docx(response.content)
    assert ("№ ______" in text) == (what not in ("openings", "letters"))
    assert "school-1" in text
    assert not Meeting.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_sixteen_people_who_print_an_act_at_once_issue_one(monkeypatch: Any) -> None:
    """The first is the document, the others are its reprints, and the book knows of every one."""
    monkeypatch.setitem(making.FORMS, "pdf", lambda paper: paper.reprint.encode())
    school = factories.make_school()
    make_commission(school)
    holder = factories.make_person(school, "deputy_director", with_key=True)
    opening = opened(school, holder, 3)
    files = at_once(
        16,
        lambda _place: printed(act_of(Opening.objects.get(pk=opening.pk)), holder, language="en"),
    )
    assert sorted(files) == [b"", *[b"reprint"] * 15]
    (issued,) = Issued.objects.all()
    assert issued.opening == opening
    rows = Trail.objects.filter(school=school)
    assert rows.filter(step=Trail.Step.DOCUMENT_ISSUED).count() == 1
    prints = rows.filter(step=Trail.Step.PRINTED)
    assert sorted(row.facts["reprint"] for row in prints) == [False] + [True] * 15
    assert issued.prints == 16
    assert verify_school(school)
