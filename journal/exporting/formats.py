"""Tables written row by row, in constant memory and onto no disk: CSV, XLSX and ODS.

The libraries for XLSX and ODS keep the whole table in memory, or put it readable into a temporary file.
"""

import csv
import datetime
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import IO, Protocol
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter

from journal.exporting.cells import Cell, defused

_DAY_ZERO = datetime.datetime(1899, 12, 30)
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_WIDTH = 24  # characters, of a column
_QUOTE = {'"': "&quot;"}


class Out(Protocol):
    """Where a file goes to: bytes, piece by piece."""

    def write(self, data: bytes, /) -> int: ...

    def flush(self) -> None: ...


def write_csv(out: Out, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """As Excel in our countries opens it by a double click: semicolons, UTF-8 with its mark."""
    line = io.StringIO(newline="")
    writer = csv.writer(line, delimiter=";")
    out.write(b"\xef\xbb\xbf")
    for row in _with_heads(heads, rows):
        writer.writerow([_as_text(cell) for cell in row])
        out.write(line.getvalue().encode())
        line.seek(0)
        line.truncate()


def _with_heads(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterable[Sequence[Cell]]:
    yield heads
    yield from rows


def _as_text(cell: Cell) -> str:
    if isinstance(cell, datetime.datetime):
        return f"{cell:%d.%m.%Y %H:%M}"
    if isinstance(cell, datetime.date):
        return f"{cell:%d.%m.%Y}"
    return defused(cell) if isinstance(cell, str) else str(cell)


# XLSX. Source: ECMA-376, part 1

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_TEXT_STYLE, _DAY_STYLE, _MOMENT_STYLE, _HEAD_STYLE = 1, 2, 3, 4

_XLSX_STYLES = (
    f'<styleSheet {_MAIN}><numFmts count="2"><numFmt numFmtId="164" formatCode="dd\\.mm\\.yyyy"/>'
    '<numFmt numFmtId="165" formatCode="dd\\.mm\\.yyyy\\ hh:mm"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1">'
    '<alignment vertical="top" wrapText="1"/></xf>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1">'
    '<alignment vertical="top"/></xf>'
    '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1">'
    '<alignment vertical="top"/></xf>'
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1" applyAlignment="1">'
    '<alignment vertical="top" wrapText="1"/></xf></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def _xlsx_parts(names: Sequence[str]) -> dict[str, str]:
    """The files around sheets with these names."""
    places = range(1, len(names) + 1)
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{place}.xml" ContentType="{_SHEET_TYPE}.worksheet+xml"/>'
        for place in places
    )
    listed = "".join(
        f'<sheet name="{escape(name, _QUOTE)}" sheetId="{place}" r:id="rId{place}"/>'
        for place, name in zip(places, names, strict=True)
    )
    links = "".join(
        f'<Relationship Id="rId{place}" Type="{_REL}/worksheet" Target="worksheets/sheet{place}.xml"/>'
        for place in places
    )
    return {
        "[Content_Types].xml": (
            f'<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET_TYPE}.sheet.main+xml"/>{overrides}'
            f'<Override PartName="/xl/styles.xml" ContentType="{_SHEET_TYPE}.styles+xml"/></Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships">'
            f'<Relationship Id="rId1" Type="{_REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": f'<workbook {_MAIN} xmlns:r="{_REL}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships">{links}'
            f'<Relationship Id="rId{len(names) + 1}" Type="{_REL}/styles" Target="styles.xml"/></Relationships>'
        ),
        "xl/styles.xml": _XLSX_STYLES,
    }


def write_xlsx(out: Out, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """One sheet; texts as texts, days as days, the heads stay in sight."""
    write_sheets(out, [("1", heads, rows)])


def write_sheets(
    out: Out, sheets: Sequence[tuple[str, Sequence[str], Iterable[Sequence[Cell]]]]
) -> None:
    """An XLSX of several sheets: the name of each, its heads and its rows."""
    names = [sheet_name(name) for name, _heads, _rows in sheets]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in _xlsx_parts(names).items():
            archive.writestr(_member(name), (_XML + text).encode())
        for place, (_name, heads, rows) in enumerate(sheets, start=1):
            with archive.open(_member(f"xl/worksheets/sheet{place}.xml"), "w") as sheet:
                _put_sheet(sheet, heads, rows)


def sheet_name(name: str) -> str:
    """A name that every program takes: 31 characters, none of those that stand in formulas."""
    return re.sub(r"[\[\]:*?/\\']", " ", defused(name)).strip()[:31] or "1"


def _put_sheet(sheet: IO[bytes], heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    _put(sheet, f"{_XML}<worksheet {_MAIN}>")
    _put(sheet, '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" ')
    _put(sheet, 'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>')
    _put(
        sheet,
        f'<cols><col min="1" max="{len(heads)}" width="{_WIDTH}" customWidth="1"/></cols>',
    )
    _put(sheet, "<sheetData>")
    _put(sheet, _xlsx_row(1, heads, _HEAD_STYLE))
    for number, row in enumerate(rows, start=2):
        _put(sheet, _xlsx_row(number, row, _TEXT_STYLE))
    _put(sheet, "</sheetData></worksheet>")


def _xlsx_row(number: int, row: Sequence[Cell], style: int) -> str:
    cells = "".join(
        _xlsx_cell(f"{get_column_letter(place)}{number}", cell, style)
        for place, cell in enumerate(row, start=1)
    )
    return f'<row r="{number}">{cells}</row>'


def _xlsx_cell(place: str, cell: Cell, style: int) -> str:
    if isinstance(cell, datetime.datetime):
        days = (cell.replace(tzinfo=None) - _DAY_ZERO) / datetime.timedelta(days=1)
        return f'<c r="{place}" s="{_MOMENT_STYLE}"><v>{days:.10f}</v></c>'
    if isinstance(cell, datetime.date):
        return f'<c r="{place}" s="{_DAY_STYLE}"><v>{(cell - _DAY_ZERO.date()).days}</v></c>'
    if isinstance(cell, int | float):
        return f'<c r="{place}"><v>{cell}</v></c>'
    if not cell:
        return ""
    text = escape(defused(cell))
    return (
        f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
    )


# ODS. Source: OpenDocument 1.3, part 3

_ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{urn}:1.0"'
    for name, urn in (
        ("office", "office"),
        ("table", "table"),
        ("text", "text"),
        ("style", "style"),
        ("number", "datastyle"),
        ("fo", "xsl-fo-compatible"),
    )
)
_MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
    f'manifest:version="1.2"><manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS_TYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)
_ODS_STYLES = (
    '<office:automatic-styles><number:date-style style:name="N1"><number:day number:style="long"/>'
    '<number:text>.</number:text><number:month number:style="long"/><number:text>.</number:text>'
    '<number:year number:style="long"/></number:date-style><number:date-style style:name="N2">'
    '<number:day number:style="long"/><number:text>.</number:text><number:month number:style="long"/>'
    '<number:text>.</number:text><number:year number:style="long"/><number:text> </number:text>'
    '<number:hours number:style="long"/><number:text>:</number:text><number:minutes number:style="long"/>'
    '</number:date-style><style:style style:name="day" style:family="table-cell" style:data-style-name="N1"/>'
    '<style:style style:name="moment" style:family="table-cell" style:data-style-name="N2"/>'
    '<style:style style:name="words" style:family="table-cell"><style:table-cell-properties '
    'fo:wrap-option="wrap"/></style:style></office:automatic-styles>'
)


def write_ods(out: Out, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """One sheet; texts as texts, days as days."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        # First and unpacked: by it programs tell what the file is.
        archive.writestr(_member("mimetype", packed=False), _ODS_TYPE)
        archive.writestr(_member("META-INF/manifest.xml"), _XML + _MANIFEST)
        with archive.open(_member("content.xml"), "w") as content:
            _put(
                content,
                f'{_XML}<office:document-content {_NAMES} office:version="1.2">{_ODS_STYLES}',
            )
            _put(content, '<office:body><office:spreadsheet><table:table table:name="1">')
            _put(content, f'<table:table-column table:number-columns-repeated="{len(heads)}"/>')
            for row in _with_heads(heads, rows):
                cells = "".join(_ods_cell(cell) for cell in row)
                _put(content, f"<table:table-row>{cells}</table:table-row>")
            _put(
                content,
                "</table:table></office:spreadsheet></office:body></office:document-content>",
            )


def _ods_cell(cell: Cell) -> str:
    if isinstance(cell, datetime.datetime):
        value = cell.replace(tzinfo=None, microsecond=0).isoformat()
        return _ods_value("date", f'office:date-value="{value}" table:style-name="moment"', cell)
    if isinstance(cell, datetime.date):
        value = cell.isoformat()
        return _ods_value("date", f'office:date-value="{value}" table:style-name="day"', cell)
    if isinstance(cell, int | float):
        return _ods_value("float", f'office:value="{cell}"', cell)
    if not cell:
        return "<table:table-cell/>"
    lines = "".join(
        f"<text:p>{_ods_spaces(escape(one))}</text:p>" for one in defused(cell).split("\n")
    )
    return f'<table:table-cell office:value-type="string" table:style-name="words">{lines}</table:table-cell>'


def _ods_value(kind: str, given: str, cell: Cell) -> str:
    return f'<table:table-cell office:value-type="{kind}" {given}><text:p>{_as_text(cell)}</text:p></table:table-cell>'


def _ods_spaces(text: str) -> str:
    """A reader makes one space of several, unless they are written as elements."""
    return text.replace("  ", ' <text:s text:c="1"/>')


def _member(name: str, *, packed: bool = True) -> zipfile.ZipInfo:
    """A file of the archive, with the oldest day there is: when it was made is told by nothing."""
    found = zipfile.ZipInfo(name)
    found.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    return found


def _put(member: IO[bytes], text: str) -> None:
    member.write(text.encode())


FORMATS = {
    "xlsx": (write_xlsx, f"{_SHEET_TYPE}.sheet"),
    "ods": (write_ods, _ODS_TYPE),
    "csv": (write_csv, "text/csv; charset=utf-8"),
}
