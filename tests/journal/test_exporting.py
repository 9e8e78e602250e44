"""The journal as a file: what is in it, for whom, and what the trail says of it."""

import datetime
import hashlib
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import tablib
from django.conf import settings
from django.test import Client

from journal.exporting.cells import FORMULA_SIGNS, armed_again, defused
from journal.importing import table
from journal.models import Entry, Trail
from journal.services.registering import PaperLetter, Registration, register_paper
from journal.services.verifying import verify_school
from schools.models import Category, School
from schools.models.regulation import Column
from tests import factories
from tests.factories import PASSWORD, Person
from tests.journal.importing.files import upload

ADDRESS = "/admin/journal/entry/export/"
COLUMNS = [column.value for column in Column]
SOURCES = ["web", "paper", "phone"]
KINDS = ("xlsx", "ods", "csv")


@pytest.fixture
def school(db: None) -> School:
    return factories.make_school(columns=COLUMNS, sources=SOURCES, reply_days=5)


@pytest.fixture
def holder(school: School) -> Person:
    return factories.make_person(school, "psychologist", with_key=True)


def paper(school: School, by: Person, summary: str, **fields: Any) -> Entry:
    return register_paper(
        school=school,
        opening=None,
        paper=PaperLetter(
            **{
                "text": "Only its summary is exported.",
                "audience": "parent",
                "signed": False,
                **fields,
            }
        ),
        registration=Registration(
            summary=summary,
            category=Category.objects.filter(school=school).first(),
            class_group="7Б",
        ),
        by=by.fresh(),
        keyring=by.keyring(),
    )


def export(client: Client, kind: str = "xlsx", query: str = "") -> bytes:
    response = client.post(ADDRESS + query, {"kind": kind, "password": PASSWORD})
    assert response.status_code == 200
    assert response.streaming, response.content.decode()
    return b"".join(response.streaming_content)


def cells(data: bytes) -> list[list[str]]:
    return [row.cells for row in table.read(data)[0]]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_file_says_what_the_journal_says(
    school: School, holder: Person, kind: str
) -> None:
    identity = {"full_name": "Айгүл Серікқызы", "phone": "+77011234567", "age": "13"}
    paper(school, holder, "Бірінші <хат> & «жауап»\nекінші жол", signed=True, identity=identity)
    paper(school, holder, "Second")
    client = factories.signed_in_client(holder)
    heads, first, second = cells(export(client, kind))
    assert heads[:4] == ["№", "Date taken out of the box", "Date and time received", "Source"]
    said = dict(zip(heads, first, strict=False))
    assert said["№"] == "1"
    assert said["Summary"] == "Бірінші <хат> & «жауап»\nекінші жол"
    assert said["Applicant’s full name"] == "Айгүл Серікқызы"
    assert said["Phone"] == "+77011234567"
    assert said["Category"] == "Bullying"
    assert dict(zip(heads, second, strict=False))["Applicant’s full name"] == "anonymous"


def test_other_programs_open_the_files_and_know_days_as_days(
    school: School, holder: Person
) -> None:
    entry = paper(school, holder, "Summary")
    client = factories.signed_in_client(holder)
    sheet = openpyxl.load_workbook(io.BytesIO(export(client, "xlsx"))).active
    assert sheet["A2"].value == 1
    assert sheet["B2"].value == datetime.datetime.combine(entry.taken_on, datetime.time())
    data = tablib.Dataset().load(export(client, "ods"), format="ods")
    assert data[0][1] == entry.taken_on
    assert export(client, "csv").startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("sign", FORMULA_SIGNS.replace("\r", ""))
def test_no_cell_is_taken_for_a_formula(
    school: School, holder: Person, kind: str, sign: str
) -> None:
    paper(school, holder, f"{sign}HYPERLINK(1)", signed=True, identity={"full_name": f" {sign}1+1"})
    data = export(factories.signed_in_client(holder), kind)
    if kind == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(data)).active
        found = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    elif kind == "ods":
        found = [str(cell) for row in tablib.Dataset().load(data, format="ods") for cell in row]
    else:
        found = [
            cell.strip('"') for cell in data.decode("utf-8-sig").replace("\r\n", ";").split(";")
        ]
    assert any("HYPERLINK(1)" in text for text in found)
    assert not [text for text in found if text.lstrip(" ")[:1] in tuple(FORMULA_SIGNS)]


@pytest.mark.parametrize(
    "text", ["=1", "+7701", "- said", "@x", "\t=1", "＝1", " =1", "'=1", "a=1", "", "'"]
)
def test_a_defused_text_comes_back_as_it_was(text: str) -> None:
    assert defused(text)[:1] not in tuple(FORMULA_SIGNS)
    if not text.startswith("'="):
        assert armed_again(defused(text)) == text.replace("\t", " ")


def test_the_list_s_filters_narrow_the_file_and_stand_in_the_trail(
    school: School, holder: Person
) -> None:
    paper(school, holder, "First")
    paper(school, holder, "Second", source="phone")
    client = factories.signed_in_client(holder)
    assert "1 entry that is open" in client.get(f"{ADDRESS}?source=phone").content.decode()
    data = export(client, "csv", "?source=phone")
    assert "Second" in data.decode()
    assert "First" not in data.decode()
    row = Trail.objects.get(step=Trail.Step.EXPORTED)
    assert row.facts == {
        "entries": 1,
        "format": "csv",
        "filter": {"source": "phone"},
        "volumes": [1],
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    assert (row.by, row.entry) == (holder.user, None)
    verify_school(school)


def test_words_typed_into_the_address_do_not_come_into_the_trail(
    school: School, holder: Person
) -> None:
    paper(school, holder, "First")
    client = factories.signed_in_client(holder)
    export(
        client, "csv", "?due=unmistakable&danger=unmistakable&since=2020-01-01&until=unmistakable"
    )
    assert Trail.objects.get(step=Trail.Step.EXPORTED).facts["filter"] == {"since": "2020-01-01"}


def test_what_is_withheld_from_a_person_is_not_in_their_file(school: School) -> None:
    holder = factories.make_person(school, "psychologist", with_key=True)
    other = factories.make_person(school, "social_pedagogue", with_key=True)
    factories.registered_entry(school, by=holder, summary="About her", about=["social_pedagogue"])
    factories.registered_entry(school, by=holder, summary="Open to both")
    data = export(factories.signed_in_client(other), "csv").decode()
    assert "Open to both" in data
    assert "About her" not in data
    assert data.count("\r\n") == 2, "the heads and one entry"
    assert Trail.objects.get(step=Trail.Step.EXPORTED).facts["entries"] == 1
    assert "About her" in export(factories.signed_in_client(holder), "csv").decode()


def test_a_wrong_password_exports_nothing_and_is_noted(school: School, holder: Person) -> None:
    paper(school, holder, "First")
    client = factories.signed_in_client(holder)
    response = client.post(ADDRESS, {"kind": "csv", "password": "not the password"})
    assert not response.streaming
    assert "This is not your password." in response.content.decode()
    assert not Trail.objects.filter(step=Trail.Step.EXPORTED).exists()
    assert Trail.objects.filter(step=Trail.Step.SIGN_IN_FAILED).exists()


def test_without_the_key_or_in_another_role_nothing_is_exported(
    school: School, holder: Person
) -> None:
    paper(school, holder, "First")
    keyless = factories.make_person(school, "social_pedagogue")
    director = factories.make_person(school, "director", with_key=True)
    for person in (keyless, director):
        client = factories.signed_in_client(person)
        assert client.get(ADDRESS).status_code == 403
        assert client.post(ADDRESS, {"kind": "csv", "password": PASSWORD}).status_code == 403
    assert not Trail.objects.filter(step=Trail.Step.EXPORTED).exists()
    assert Trail.objects.filter(step=Trail.Step.REFUSED, by=keyless.user).exists()


def test_another_school_s_entries_are_not_in_it(school: School, holder: Person) -> None:
    other = factories.make_school("other")
    stranger = factories.make_person(other, "psychologist", with_key=True)
    paper(other, stranger, "Elsewhere")
    paper(school, holder, "Here")
    data = export(factories.signed_in_client(holder), "csv").decode()
    assert "Here" in data
    assert "Elsewhere" not in data


def test_an_empty_choice_is_told_and_a_strange_filter_is_refused(
    school: School, holder: Person
) -> None:
    client = factories.signed_in_client(holder)
    response = client.post(ADDRESS, {"kind": "csv", "password": PASSWORD})
    assert response.status_code == 409
    assert "There is no entry to export." in response.content.decode()
    assert client.get(f"{ADDRESS}?letter__content=1").status_code == 400


def test_nothing_readable_comes_onto_the_disk_and_the_name_tells_nothing(
    school: School, holder: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the spool writes is read beside it, before the file is gone."""
    paper(school, holder, "unmistakable-summary")
    written: list[bytes] = []
    from box.files.spool import Spool

    honest = Spool._write

    def seen(spool: Spool, sealed: bytes) -> None:
        written.append(bytes(sealed))
        honest(spool, sealed)

    monkeypatch.setattr(Spool, "_write", seen)
    client = factories.signed_in_client(holder)
    response = client.post(ADDRESS, {"kind": "csv", "password": PASSWORD})
    assert b"unmistakable-summary" in b"".join(response.streaming_content)
    assert written
    assert b"unmistakable" not in b"".join(written)
    day = school.today().isoformat()
    assert response["Content-Disposition"] == f'attachment; filename="journal-school-1-{day}.csv"'
    assert "no-store" in response["Cache-Control"]
    assert not [one for one in Path(settings.DATA_DIR).rglob("*.csv")]


def test_the_queries_are_the_same_for_one_entry_and_for_many(
    school: School, holder: Person, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = factories.signed_in_client(holder)
    counts = []
    for more in (1, 19):
        for _entry in range(more):
            paper(school, holder, "Summary")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            export(client, "csv")
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["kk", "ru", "ky", "en"])
def test_what_was_exported_and_taken_over_by_an_empty_school_is_the_same(
    school: School, holder: Person, kind: str, language: str
) -> None:
    holder.user.language = language
    holder.user.save()
    identity = {"full_name": "Айгүл", "address": "Абай 5", "age": "13", "phone": "+7 701 123 45 67"}
    paper(school, holder, "=1+1 is no formula", signed=True, identity=identity)
    paper(school, holder, "Екінші\nжол  бос", source="phone", audience="teacher")
    entry = factories.registered_entry(school, by=holder, summary="From the site", danger=True)
    data = export(factories.signed_in_client(holder), kind)
    empty = factories.make_school("empty", columns=COLUMNS, sources=SOURCES)
    newcomer = factories.make_person(empty, "psychologist", with_key=True, language=language)
    client = factories.signed_in_client(newcomer)
    response = client.post("/admin/journal/import/empty/", {"attachments": upload(data)})
    columns = response["Location"]
    form = client.get(columns).context["form"]
    told = {name: field.initial or "" for name, field in form.fields.items()}
    look = client.post(columns, {**told, "head": 0})["Location"]
    page = client.get(look)
    assert page.context["looked"].findings == []
    assert client.post(look, {"password": PASSWORD}).status_code == 302
    before = Entry.objects.filter(school=school).order_by("number")
    after = Entry.objects.filter(school=empty).order_by("number")
    assert len(after) == 3
    for one, other in zip(before, after, strict=True):
        for name in ("number", "taken_on", "received_at", "source", "audience", "signed", "danger",
                     "state", "answered_on", "reply_way", "no_reply"):  # fmt: skip
            assert getattr(one, name) == getattr(other, name), name
        assert (one.category and one.category.slug) == (other.category and other.category.slug)
        was, now = one.read(holder.keyring()), other.read(newcomer.keyring())
        assert {**was, "text": ""} == now
        assert other.imported
        page = client.get(f"/admin/journal/entry/{other.pk}/change/")
        assert page.status_code == 200
    assert entry.danger
    verify_school(empty)
