"""The rows of an XLSX, ODS or CSV file as texts. Bytes in, texts out; plain Python, run in a process of its own.

A cell is the text that stands in it: of a formula the value that the program which wrote the file had computed (nothing
is computed here), of a day or a moment its ISO form, of a whole number its digits. Only the first sheet is read.
"""

import codecs
import csv
import datetime
import io
import os
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

# Read by openpyxl when it is first imported: the parser that refuses entities, and not lxml.
os.environ["OPENPYXL_LXML"] = "False"

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from journal.exporting.cells import armed_again
from journal.importing.ods import ods_rows
from journal.importing.refusals import NotRead, Why

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 60
MOST_TEXT = 24 * 1024 * 1024  # characters in all cells
MOST_UNPACKED = 300 * 1024 * 1024
MOST_MEMBERS = 2_000

_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
# Letters of the southern and western neighbours that no list from here has: the same bytes are Kazakh in KZ-1048.
_FOREIGN = frozenset("ЎўЈјЅѕЌќ")
ENCODINGS = ("utf-8-sig", "utf-16", "cp1251", "kz1048")
_DELIMITERS = ";\t,"


class Row(NamedTuple):
    """A row: its number as the program that made the file shows it, from 1, and its cells."""

    number: int
    cells: list[str]


def read(data: bytes) -> tuple[list[Row], int]:
    """The rows in which anything stands, and how many sheets the file has. Raises NotRead."""
    if not data:
        raise NotRead(Why.EMPTY)
    if len(data) > MOST_BYTES:
        raise NotRead(Why.TOO_BIG)
    if data.startswith(_OLD_EXCEL):
        raise NotRead(Why.OLD_OR_LOCKED)
    if data.startswith(_ZIP):
        sheets, found = _of_archive(data)
    else:
        sheets, found = 1, enumerate(_of_text(data), start=1)
    rows = list(_limited(found))
    if not rows:
        raise NotRead(Why.EMPTY)
    return rows, sheets


def _limited(found: Iterable[tuple[int, Iterable[Any]]]) -> Iterator[Row]:
    """Rows in which something stands, without empty cells at their end, as long as there are not too many."""
    count = characters = 0
    for number, values in found:
        cells = [shown(value) for value in values]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        if len(cells) > MOST_COLUMNS:
            raise NotRead(Why.TOO_MANY_COLUMNS)
        count += 1
        characters += sum(map(len, cells))
        if count > MOST_ROWS:
            raise NotRead(Why.TOO_MANY_ROWS)
        if characters > MOST_TEXT:
            raise NotRead(Why.UNPACKS_TOO_BIG)
        yield Row(number, cells)


def shown(value: Any) -> str:
    """A cell's value as text."""
    if isinstance(value, str):
        return armed_again(_plain(value))
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**15:
        return str(int(value))
    if isinstance(value, datetime.datetime):
        at_midnight = value.time() == datetime.time()
        return str(value.date() if at_midnight else value.replace(microsecond=0))
    return "" if value is None else str(value)


def _plain(text: str) -> str:
    """The text with one kind of line end and without control characters, which no person typed."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    kept = "".join(one for one in text if one in "\n\t" or (one >= " " and one != "\x7f"))
    return kept.encode("utf-8", "ignore").decode().replace("\u00a0", " ").strip()


def _of_archive(data: bytes) -> tuple[int, Iterator[tuple[int, Iterable[Any]]]]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = archive.infolist()
        if len(members) > MOST_MEMBERS or sum(one.file_size for one in members) > MOST_UNPACKED:
            raise NotRead(Why.UNPACKS_TOO_BIG)
        if any(one.flag_bits & 1 for one in members):
            raise NotRead(Why.OLD_OR_LOCKED)
        names = {one.filename for one in members}
        if "mimetype" in names and archive.read("mimetype").strip().startswith(_ODS):
            return ods_rows(archive, most_columns=MOST_COLUMNS)
        if "xl/workbook.xml" in names:
            return _of_workbook(data)
    except (zipfile.BadZipFile, RuntimeError, EOFError, OSError):
        raise NotRead(Why.BROKEN) from None
    raise NotRead(Why.UNKNOWN)


def _of_workbook(data: bytes) -> tuple[int, Iterator[tuple[int, Iterable[Any]]]]:
    try:
        book = openpyxl.load_workbook(
            io.BytesIO(data), read_only=True, data_only=True, keep_links=False
        )
    except InvalidFileException:
        raise NotRead(Why.UNKNOWN) from None
    if not book.worksheets:
        raise NotRead(Why.EMPTY)
    sheet = book.worksheets[0]
    # What the file says of its own size may be wrong, or meant to be.
    sheet.reset_dimensions()
    rows = sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1)
    return len(book.worksheets), enumerate(rows, start=1)


def _of_text(data: bytes) -> Iterator[list[str]]:
    text = decoded(data)
    lines = text.splitlines(keepends=True)
    delimiter = ""
    if lines and lines[0].strip().lower().startswith("sep=") and len(lines[0].strip()) == 5:
        delimiter = lines[0].strip()[-1]
        yield []
        text = text[len(lines[0]) :]
    csv.field_size_limit(MOST_BYTES)
    try:
        yield from csv.reader(
            io.StringIO(text, newline=""), delimiter=delimiter or _delimiter(text)
        )
    except csv.Error:
        raise NotRead(Why.BROKEN) from None


def decoded(data: bytes) -> str:
    """The text of a CSV file as Excel and its likes write it: UTF-8, UTF-16 with its mark, Windows-1251 or KZ-1048.

    Raises NotRead for what is no text.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError:
            raise NotRead(Why.UNKNOWN) from None
    if any(byte < 32 and byte not in b"\t\n\r\x0c" for byte in set(data)):
        raise NotRead(Why.UNKNOWN)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1251", "replace")
    return data.decode("kz1048", "replace") if _FOREIGN & set(text) else text


def _delimiter(text: str) -> str:
    """What parts the cells: the sign that is most frequent in the first ten lines, outside of quotes."""
    quoted, counts = False, dict.fromkeys(_DELIMITERS, 0)
    for number, line in enumerate(text.splitlines()):
        if number == 10:
            break
        for one in line:
            quoted ^= one == '"'
            if not quoted and one in counts:
                counts[one] += 1
    return max(_DELIMITERS, key=lambda one: counts[one])
