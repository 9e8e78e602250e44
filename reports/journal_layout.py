"""The pages of the journal as HTML: cover, pieces of the table, what stands under each page."""

import re
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from reports.journal_book import JournalBook
from schools.languages import speaking

TEMPLATES = Path(settings.BASE_DIR) / "templates" / "reports"

PAGE_MM = 257  # A4 across, without 30 mm for binding at the left and 10 mm at the right
# Millimetres that a column needs whatever stands in it: a number, a date, a phone.
FIXED_MM = {
    "number": 11,
    "taken_on": 22,
    "received_at": 22,
    "source": 21,
    "age": 17,
    "class_group": 18,
    "phone": 28,
    "answered_on": 22,
}
# Parts in which the other columns share the rest of the page.
SHARES = {
    "name": 18,
    "address": 16,
    "category": 15,
    "summary": 34,
    "sent_to": 21,
    "outcome": 18,
    "measures": 24,
}
MANY_COLUMNS = 11
MANY_SCALE = 0.77


def column_widths(slugs: list[str]) -> list[float]:
    """Width of each column in millimetres; together they fill the page."""
    # Many columns are printed smaller, so that the texts keep some room.
    scale = MANY_SCALE if len(slugs) >= MANY_COLUMNS else 1.0
    needed = {slug: width * scale for slug, width in FIXED_MM.items()}
    fixed = sum(needed.get(slug, 0) for slug in slugs)
    shares = sum(SHARES.get(slug, 0) for slug in slugs)
    if not shares:
        return [round(needed[slug] * PAGE_MM / fixed, 2) for slug in slugs]
    room = PAGE_MM - fixed
    return [
        round(needed[slug] if slug in needed else SHARES[slug] * room / shares, 2) for slug in slugs
    ]


def table_css(book: JournalBook) -> str:
    """The stylesheet of the table with the widths of this book's columns."""
    widths = column_widths([head.slug for head in book.heads])
    rules = [f"col.c{place} {{ width: {width}mm }}" for place, width in enumerate(widths)]
    if len(book.heads) >= MANY_COLUMNS:
        rules.append("table { font-size: 7pt } th { font-size: 6pt; padding: 1mm 0.4mm }")
    return "\n".join([page_css(), *rules])


def page_css() -> str:
    """What all printed pages have in common."""
    return (TEMPLATES / "journal.css").read_text(encoding="utf-8")


def table_html(book: JournalBook, start: int, stop: int) -> str:
    """The table with the rows from ``start`` to before ``stop``; their ids are their places in the book."""
    slugs = [head.slug for head in book.heads]
    rows = [
        (place, list(zip(slugs, row.cells, strict=True)))
        for place, row in enumerate(book.rows[start:stop], start=start)
    ]
    with speaking(book.language):
        return render_to_string("reports/journal_table.html", {"book": book, "rows": rows})


def cover_html(book: JournalBook, sheets: int) -> str:
    """The cover, with the number of sheets known."""
    with speaking(book.language):
        return render_to_string(
            "reports/journal_cover.html",
            {"book": book, "school": _kept_together(book.cover.school), "sheets": sheets},
        )


def closing_html(book: JournalBook) -> str:
    """The last page: how many rows the school's book has, its last hash, and how to check them."""
    with speaking(book.language):
        return render_to_string(
            "reports/journal_closing.html",
            {
                "book": book,
                "school": _kept_together(book.cover.school),
                "address": settings.BASE_URL + reverse("check", args=[book.language]),
            },
        )


def _kept_together(name: str) -> str:
    """The name with its initials and short words («им.») not parted from what follows them."""
    return re.sub(r"(?<!\w)(\w{1,3}\.) ", "\\1\u00a0", name)


def footers_html(book: JournalBook, *, first: int, sheets: int) -> str:
    """What stands under the pages ``first`` to ``sheets``, a page each."""
    with speaking(book.language):
        lines = [
            _("Page %(page)s of %(pages)s") % {"page": page, "pages": sheets}
            for page in range(first, sheets + 1)
        ]
        return render_to_string("reports/journal_footers.html", {"book": book, "lines": lines})
