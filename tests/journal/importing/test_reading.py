"""Reading tables: what each kind of file says, and hostile ones in the process of their own."""

import datetime
import io
import json
import os
import socket
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from journal.importing import child as child_module
from journal.importing import table, worker
from journal.importing.columns import JOURNAL, Heads, is_numbering
from journal.importing.refusals import NotRead, Why
from journal.importing.worker import CHILD, read_chunks
from tests.journal.importing import files

ROWS = [
    ["№", "Күні", "Аты-жөні", "Мазмұны"],
    [1, datetime.date(2026, 1, 12), "Әсел Қуанышқызы", "Ұрыс; «жанжал»\nекінші жол"],
    [2, datetime.date(2026, 1, 13), "", 'He said "no"'],
]
SAID = [
    (1, ["№", "Күні", "Аты-жөні", "Мазмұны"]),
    (2, ["1", "2026-01-12", "Әсел Қуанышқызы", "Ұрыс; «жанжал»\nекінші жол"]),
    (3, ["2", "2026-01-13", "", 'He said "no"']),
]
CONTENT = "urn:oasis:names:tc:opendocument:xmlns"


def refused(data: bytes) -> Why:
    with pytest.raises(NotRead) as refusal:
        read_chunks([data])
    return refusal.value.why


def archive(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as found:
        for name, data in members.items():
            found.writestr(name, data)
    return out.getvalue()


def with_sheet(sheet: str) -> bytes:
    """A workbook of Excel with another XML for its sheet."""
    made = zipfile.ZipFile(io.BytesIO(files.xlsx([["a"]])))
    members = {name: made.read(name) for name in made.namelist()}
    return archive({**members, "xl/worksheets/sheet1.xml": sheet.encode()})


def ods_of(rows: str) -> bytes:
    content = (
        f'<o:document-content xmlns:o="{CONTENT}:office:1.0" xmlns:t="{CONTENT}:table:1.0" '
        f'xmlns:x="{CONTENT}:text:1.0"><o:body><o:spreadsheet><t:table>{rows}</t:table>'
        "</o:spreadsheet></o:body></o:document-content>"
    )
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    return archive({"mimetype": kind, "content.xml": content.encode()})


@pytest.mark.parametrize("make", [files.xlsx, files.ods])
def test_spreadsheets_say_what_stands_in_them(make: Any) -> None:
    assert read_chunks([make(ROWS)]).rows == SAID


@pytest.mark.parametrize("delimiter", [";", "\t", ","])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "kz1048"])
def test_csv_files_of_excel_are_read_whatever_its_settings(delimiter: str, encoding: str) -> None:
    rows = [[str(cell) for cell in row] for row in ROWS]
    data = files.csv_file(rows, delimiter=delimiter, encoding=encoding)
    assert read_chunks([data]).rows == SAID


def test_russian_excel_s_csv_is_read_in_its_own_encoding() -> None:
    rows = [["№", "Дата", "Ф.И.О."], ["1", "12.01.2026", "Ёлкин Пётр"]]
    data = files.csv_file(rows, encoding="cp1251")
    assert [cells for _number, cells in read_chunks([data]).rows] == rows


def test_the_line_that_names_the_delimiter_is_no_row() -> None:
    assert read_chunks([b"sep=,\r\na;b,c\r\n1,2\r\n"]).rows == [(2, ["a;b", "c"]), (3, ["1", "2"])]


def test_rows_have_the_numbers_that_excel_shows() -> None:
    book = openpyxl.Workbook()
    book.active["A3"] = "head"
    book.active["B7"] = "late"
    book.create_sheet("second")["A1"] = "not read"
    out = io.BytesIO()
    book.save(out)
    found = read_chunks([out.getvalue()])
    assert found.rows == [(3, ["head"]), (7, ["", "late"])]
    assert found.sheets == 2


def test_figures_moments_and_truth_are_texts() -> None:
    moment = datetime.datetime(2026, 1, 12, 9, 30)
    row = [77011234567.0, 12.5, moment, True, None, "  spaces\u00a0around  "]
    expected = ["77011234567", "12.5", "2026-01-12 09:30:00", "1", "", "spaces around"]
    assert read_chunks([files.xlsx([row])]).rows == [(1, expected)]


def test_a_formula_is_its_value_and_is_never_computed() -> None:
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
        '<c r="A1"><f>WEBSERVICE("http://evil.example")</f><v>42</v></c>'
        '<c r="B1" t="str"><f>cmd|"/C calc"!A0</f><v>kept</v></c><c r="C1" t="e"><v>#REF!</v></c>'
        "</row></sheetData></worksheet>"
    )
    assert read_chunks([with_sheet(sheet)]).rows == [(1, ["42", "kept", "#REF!"])]


def test_repeated_rows_of_ods_take_no_room_and_a_billion_with_words_are_refused() -> None:
    empty = (
        '<t:table-row t:number-rows-repeated="1000000000">'
        '<t:table-cell t:number-columns-repeated="16384"/></t:table-row>'
    )
    word = "<t:table-row{}><t:table-cell><x:p>word</x:p></t:table-cell></t:table-row>"
    found = read_chunks([ods_of(word.format("") + empty)])
    assert found.rows == [(1, ["word"])]
    assert refused(ods_of(word.format(' t:number-rows-repeated="1000000000"'))) is Why.TOO_MANY_ROWS
    wide = word.format("").replace(
        "<t:table-cell>", '<t:table-cell t:number-columns-repeated="999999999">'
    )
    assert refused(ods_of(wide)) is Why.TOO_MANY_COLUMNS


def _laughs(root: str, inside: str) -> str:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY e0 "ha">{entities}]>{inside}'


def test_entities_are_refused_in_both_kinds() -> None:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    cell = '<row r="1"><c r="A1" t="str"><v>&e9;</v></c></row>'
    sheet = f'<worksheet xmlns="{main}"><sheetData>{cell}</sheetData></worksheet>'
    assert refused(with_sheet(_laughs("worksheet", sheet))) is Why.BROKEN
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    outside = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
    assert refused(archive({"mimetype": kind, "content.xml": outside.encode()})) is Why.BROKEN


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", Why.EMPTY),
        (b"  \r\n;;;\r\n", Why.EMPTY),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), Why.OLD_OR_LOCKED),
        (b"PK\x03\x04 no archive", Why.BROKEN),
        (b"%PDF-1.7\x00\x01", Why.UNKNOWN),
        (bytes(range(256)), Why.UNKNOWN),
        (b"\xff\xfe\x00\xd8\x00\xd8", Why.UNKNOWN),
        (archive({"word/document.xml": b"<a/>"}), Why.UNKNOWN),
        (archive({"xl/workbook.xml": b"<a"}), Why.BROKEN),
        (archive({"xl/workbook.xml": bytes(320_000_000)}), Why.UNPACKS_TOO_BIG),
        (archive({f"{n}": b"" for n in range(2100)}), Why.UNPACKS_TOO_BIG),
        (b"a;" * 61 + b"b\n", Why.TOO_MANY_COLUMNS),
        (b"a;b\n" * 20_001, Why.TOO_MANY_ROWS),
    ],
    ids=lambda value: value.name if isinstance(value, Why) else "",
)
def test_what_is_no_table_is_refused_with_its_reason(data: bytes, why: Why) -> None:
    assert refused(data) is why


def test_what_is_too_large_is_not_read() -> None:
    with pytest.raises(NotRead) as refusal:
        table.read(bytes(table.MOST_BYTES + 1))
    assert refusal.value.why is Why.TOO_BIG


def test_a_child_that_stalls_or_lies_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answered_by(code: str) -> Why:
        script = tmp_path / "liar.py"
        script.write_text(code)
        monkeypatch.setattr(worker, "CHILD", script)
        return refused(b"a;b\n1;2\n")

    assert answered_by("print('no json')") is Why.BROKEN
    assert answered_by('print(\'{"refused": "nonsense"}\')') is Why.BROKEN
    assert answered_by('print(\'{"size": 99999999999, "sheets": 1}\')') is Why.BROKEN
    for rows in ("[[1, [2]]]", '["a"]', "{}", '[["1", ["a"]]]', "[" * 5000):
        code = f"print({json.dumps(json.dumps({'size': len(rows), 'sheets': 1}))})\nprint({rows!r}, end='')"
        assert answered_by(code) is Why.BROKEN, rows
    monkeypatch.setattr(worker, "LONGEST_SECONDS", 0.5)
    assert answered_by("import time; time.sleep(30)") is Why.TOO_LONG


def test_the_child_can_open_neither_a_file_nor_a_connection() -> None:
    code = (
        "import sys, runpy, socket\n"
        f"sys.path.insert(0, {str(CHILD.parent.parent.parent)!r})\n"
        "from journal.importing import child\n"
        "child._confine(); child._open_nothing_more()\n"
        "tried = 0\n"
        "for act in (lambda: open('/etc/passwd'), lambda: socket.socket(), lambda: open('/tmp/x', 'w')):\n"
        "    try:\n        act()\n    except OSError:\n        tried += 1\n"
        "sys.stdout.write(str(tried))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout == b"3"
    assert socket.socket
    assert child_module.MOST_MEMORY <= 1024**3


def test_the_child_gets_nothing_of_the_server_s_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TRUSTBOX_SECRET_KEY", "secret")
    script = tmp_path / "tell.py"
    script.write_text(
        "import json, os, sys\nsys.stdin.buffer.read()\n"
        "rows = json.dumps([[1, sorted(os.environ)]])\n"
        "print(json.dumps({'size': len(rows), 'sheets': 1}))\nprint(rows, end='')"
    )
    monkeypatch.setattr(worker, "CHILD", script)
    found = read_chunks([b"a"]).rows[0][1]
    assert "PATH" in found
    assert not [name for name in found if "TRUSTBOX" in name or "DJANGO" in name]
    assert "TRUSTBOX_SECRET_KEY" in os.environ


@pytest.mark.parametrize(
    "heads",
    [
        ["№ п/п", "Дата изъятия обращения", "Ф.И.О. заявителя", "Краткое содержание обращения"],
        ["Р/с", "Тіркелген күні", "Өтініш берушінің аты-жөні", "Қысқаша мазмұны"],
        ["К/с", "Катталган күнү", "Арыз ээсинин аты-жөнү", "Кыскача мазмуну"],
        ["Number", "Date of registration", "Full name", "Short content"],
    ],
)
def test_columns_are_told_by_their_heads_in_every_language(heads: list[str]) -> None:
    told = Heads(JOURNAL).told(heads)
    assert told == {"number": 0, "taken_on": 1, "name": 2, "summary": 3}


def test_a_title_above_the_heads_and_a_row_of_numbers_below_are_no_rows() -> None:
    rows = [["Журнал обращений", "", ""], ["2026"], ["№", "Дата", "Содержание"], ["1", "2", "3"]]
    assert Heads(JOURNAL).line(rows) == 2
    assert is_numbering(rows[3])
    assert not is_numbering(["1", "2", "4"])
    assert not is_numbering(["1", "2"])
