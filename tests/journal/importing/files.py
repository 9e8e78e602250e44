"""Tables as XLSX, ODS and CSV files, made for the tests."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

import openpyxl
import tablib
from django.core.files.uploadedfile import SimpleUploadedFile

Table = Iterable[Sequence[Any]]


def xlsx(rows: Table) -> bytes:
    """An Excel file with these rows from the first on."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ods(rows: Table) -> bytes:
    """An OpenDocument file, made by tablib."""
    data = tablib.Dataset()
    for row in rows:
        data.append(list(row))
    return data.export("ods")


def csv_file(rows: Table, *, delimiter: str = ";", encoding: str = "utf-8-sig") -> bytes:
    """A CSV file as Excel writes it."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding, "replace")


def upload(data: bytes, name: str = "journal.xlsx") -> SimpleUploadedFile:
    """The file as a browser sends it."""
    return SimpleUploadedFile(name, data)
