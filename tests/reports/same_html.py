"""The journal's table as HTML: the same columns, type and texts, for a browser to print beside ours."""

from html import escape

from reports.journal_book import JournalBook
from reports.journal_layout import PAGE_MM, table_style
from reports.press.glyphs import BOLD, REGULAR

STYLES = """
@font-face { font-family: Golos; src: url(REGULAR); font-weight: 400 }
@font-face { font-family: Golos; src: url(BOLD); font-weight: 700 }
@page { size: A4 landscape; margin: 20mm 10mm 20mm 30mm }
html { font-family: Golos, sans-serif; color: #000 }
body { margin: 0 }
table { table-layout: fixed; width: WIDTHmm; border-collapse: collapse; font-size: SIZEpt; line-height: 1.28 }
th, td { border: 0.4pt solid #000; padding: 1.2mm 1.3mm; vertical-align: top; text-align: left }
th { font-weight: 700; font-size: HEADpt; line-height: 1.2; vertical-align: middle; text-align: center;
     overflow-wrap: break-word; padding: DOWNmm ACROSSmm }
td { white-space: pre-line; overflow-wrap: anywhere }
td.centred { text-align: center; white-space: nowrap; overflow-wrap: normal }
tr { break-inside: avoid }
thead { display: table-header-group }
"""


def table_document(book: JournalBook, *, regular: str = "", bold: str = "") -> str:
    """The whole table as one page of HTML; addresses of the fonts, or the files themselves."""
    style = table_style(book)
    styles = STYLES
    for name, value in (
        ("REGULAR", regular or REGULAR.as_uri()),
        ("BOLD", bold or BOLD.as_uri()),
        ("WIDTH", PAGE_MM),
        ("SIZE", style.size),
        ("HEAD", style.head_size),
        ("DOWN", style.head_down),
        ("ACROSS", style.head_across),
    ):
        styles = styles.replace(name, str(value))
    columns = "".join(f'<col style="width: {column.width}mm">' for column in style.columns)
    heads = "".join(f'<th scope="col">{escape(column.label)}</th>' for column in style.columns)
    kinds = [' class="centred"' if column.centred else "" for column in style.columns]
    rows = "\n".join(
        "<tr>"
        + "".join(
            f"<td{kind}>{escape(text)}</td>" for kind, text in zip(kinds, row.cells, strict=True)
        )
        + "</tr>"
        for row in book.rows
    )
    return (
        f'<!DOCTYPE html><html lang="{book.language}"><head><meta charset="utf-8">'
        f"<title>{escape(book.name)}</title><style>{styles}</style></head><body><table>"
        f"<colgroup>{columns}</colgroup><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody>"
        "</table></body></html>"
    )
