"""The first sheet of an OpenDocument spreadsheet, read as a stream: a row that says it is repeated a billion times
takes no more room than one that stands there once.
"""

import itertools
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from journal.importing.refusals import NotRead, Why

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
# A row with something in it is hardly ever repeated; a column of the same word may be.
_MOST_REPEATED = 1_000
_MOST_DIGITS = 12


def ods_rows(
    archive: zipfile.ZipFile, *, most_columns: int
) -> tuple[int, Iterator[tuple[int, Iterable[Any]]]]:
    """How many sheets there are, and the rows of the first, numbered from 1. Raises NotRead."""
    if "content.xml" not in archive.namelist():
        raise NotRead(Why.BROKEN)
    with archive.open("content.xml") as content:
        sheets = sum(1 for _event, _table in _tables(content))
    if not sheets:
        raise NotRead(Why.EMPTY)
    return sheets, _first_sheet(archive, most_columns)


def _parsed(content: Any, events: tuple[str, ...]) -> Iterator[tuple[str, Element]]:
    try:
        yield from iterparse(content, events=events, forbid_dtd=True)
    except (ParseError, DefusedXmlException):
        raise NotRead(Why.BROKEN) from None


def _tables(content: Any) -> Iterator[tuple[str, Element]]:
    for event, element in _parsed(content, ("end",)):
        if element.tag == f"{_TABLE}table":
            yield event, element
        if element.tag in (f"{_TABLE}table", f"{_TABLE}table-row"):
            element.clear()


def _first_sheet(archive: zipfile.ZipFile, most_columns: int) -> Iterator[tuple[int, list[Any]]]:
    number = 1
    with archive.open("content.xml") as content:
        for _event, element in _parsed(content, ("end",)):
            if element.tag == f"{_TABLE}table":
                return
            if element.tag != f"{_TABLE}table-row":
                continue
            repeated = _repeated(element, "number-rows-repeated")
            cells = list(itertools.islice(_cells(element), most_columns + 1))
            element.clear()
            if any(cells):
                if repeated > _MOST_REPEATED:
                    raise NotRead(Why.TOO_MANY_ROWS)
                for place in range(repeated):
                    yield number + place, cells
            number += repeated


def _cells(row: Element) -> Iterator[str]:
    """Each cell as text; the empty ones at the end, which may be a million, are not given out."""
    waiting = 0
    for cell in row:
        if cell.tag not in _CELLS:
            continue
        repeated = _repeated(cell, "number-columns-repeated")
        value = _value(cell)
        if not value:
            waiting += repeated
            continue
        yield from itertools.repeat("", waiting)
        yield from itertools.repeat(value, repeated)
        waiting = 0


def _repeated(element: Element, name: str) -> int:
    text = element.get(f"{_TABLE}{name}", "1")
    return max(1, int(text[:_MOST_DIGITS])) if text.isdecimal() else 1


def _value(cell: Element) -> str:
    kind = cell.get(f"{_OFFICE}value-type", "")
    if kind == "date":
        return _moment(cell.get(f"{_OFFICE}date-value", ""))
    if kind in ("float", "currency", "percentage"):
        text = cell.get(f"{_OFFICE}value", "")
        return text.removesuffix(".0")
    if kind == "boolean":
        return "1" if cell.get(f"{_OFFICE}boolean-value") == "true" else "0"
    return "\n".join(_words(line) for line in cell.iter(f"{_TEXT}p"))


def _moment(text: str) -> str:
    day, _mark, clock = text.partition("T")
    return day if clock[:8] in ("", "00:00:00") else f"{day} {clock[:8]}"


def _words(line: Element) -> str:
    """The text of a paragraph, with the spaces, tabs and line breaks that the format writes as elements."""
    parts = [line.text or ""]
    for child in line:
        if child.tag == f"{_TEXT}s":
            count = child.get(f"{_TEXT}c", "1")
            parts.append(" " * min(int(count) if count.isdecimal() else 1, 100))
        elif child.tag == f"{_TEXT}tab":
            parts.append("\t")
        elif child.tag == f"{_TEXT}line-break":
            parts.append("\n")
        else:
            parts.append(_words(child))
        parts.append(child.tail or "")
    return "".join(parts)
