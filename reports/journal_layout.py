"""How the journal's pages look: the columns of its table, the lines of its cover and of its closing page."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from journal.prints import EndOfBook
from reports.closing import Closing
from reports.journal_book import JournalBook
from reports.press.leaf import Block, Rule
from reports.press.table import Column, TableStyle
from schools.languages import speaking
from schools.numerals import with_words

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
LABEL_MM = 50  # on the cover, what a line is about
BLANK_MM, BETWEEN_MM = 70, 8  # a line to be filled by hand, and the room between two
ROW_MM = 10
FACTS_TOP = 121
SIGNED_TOP = 136


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


def table_style(book: JournalBook) -> TableStyle:
    """The table with this book's columns."""
    widths = column_widths([head.slug for head in book.heads])
    columns = tuple(
        Column(head.label, width, centred=head.slug == "number")
        for head, width in zip(book.heads, widths, strict=True)
    )
    with speaking(book.language):
        none = _("There are no entries.")
    if len(columns) < MANY_COLUMNS:
        return TableStyle(book.language, columns, none)
    return TableStyle(
        book.language, columns, none, size=7, head_size=6, head_across=0.4, head_down=1
    )


def cover_page(book: JournalBook, sheets: int) -> tuple[list[Block], list[Rule]]:
    """The cover, with the number of sheets known."""
    lines = book.cover
    with speaking(book.language):
        box = pgettext("cover of the journal", "“%(box)s”") % {"box": lines.box}
        facts = [
            (pgettext("cover of the journal", "Begun:"), lines.begun),
            (pgettext("cover of the journal", "Finished:"), lines.finished),
            (pgettext("cover of the journal", "Number of sheets:"), str(sheets)),
        ]
        director = pgettext("cover of the journal", "Director")
        signature = pgettext("cover of the journal", "signature")
        full_name = pgettext("cover of the journal", "full name")
    inside = {"left": 20.0, "width": PAGE_MM - 40.0, "middle": True}
    blocks = [
        Block(_kept_together(lines.school), top=4, size=15, leading=1.35, **inside),
        Block(
            lines.title,
            tag="H1",
            left=12,
            width=PAGE_MM - 24.0,
            over=26,
            size=28,
            leading=1.2,
            bold=True,
            middle=True,
        ),
        Block(box, over=4, size=19, **inside),
        Block(f"{lines.volume} · {lines.year}", over=9, size=15, **inside),
    ]
    if lines.part:
        blocks.append(Block(lines.part, over=3, **inside))
    rules: list[Rule] = []
    top = float(FACTS_TOP)
    for label, text in facts:
        parts = ((0.0, label), (float(LABEL_MM), text)) if text else ((0.0, label),)
        blocks.append(Block(top=top, parts=parts))
        if not text:
            rules.append(Rule(LABEL_MM, top + 4.6, BLANK_MM))
        top += ROW_MM
    top += 5
    blocks.append(Block(director, top=top))
    second = LABEL_MM + BLANK_MM + BETWEEN_MM
    rules += [Rule(LABEL_MM, top + 4.6, BLANK_MM), Rule(second, top + 4.6, BLANK_MM)]
    for left, text in ((LABEL_MM, signature), (second, full_name)):
        blocks.append(
            Block(text, left=left, width=BLANK_MM, top=top + 6, size=8.5, leading=1.2, middle=True)
        )
    return blocks, rules


def closing_page(book: JournalBook, sheets: int) -> tuple[list[Block], list[Rule]]:
    """The last page: how many rows the school's book has, its last hash, and how to check them.

    Of a closed volume also what is in it, how many sheets were stitched, and who signs.
    """
    if book.end is None:
        return [], []
    if book.closing is not None:
        return _closed_page(book, book.closing, book.end, sheets)
    with speaking(book.language):
        title = _("Closing page")
        facts = [
            (_("Entries printed"), str(len(book.rows))),
            (_("Rows in the school’s book"), str(book.end.rows)),
            (_("Last hash of the book"), book.end.groups),
        ]
        why = _(
            "Every step of the journal is a row of the book, and the hash follows from all of them. "
            "If a row were changed or removed later, the hash would no longer stand in the book."
        )
        how = _("Anybody may check it: %(address)s") % {"address": book.checked_at}
    inside = {"left": 20.0, "width": PAGE_MM - 40.0, "leading": 1.4}
    blocks = [
        Block(title, tag="H1", top=14, size=20, bold=True, **inside),
        Block(f"{_kept_together(book.cover.school)}. {book.name}", over=2, **inside),
    ]
    over = 10
    for label, text in facts:
        blocks.append(Block(label, over=over, bold=True, **inside))
        over = 5
        if text == book.end.groups:
            # Eight groups on a line, far enough apart to compare them one by one.
            blocks.append(Block(text, left=20, width=128, over=1, size=15, leading=1.4, gap=416))
        else:
            blocks.append(Block(text, over=1, **inside))
    blocks += [Block(why, over=14, **inside), Block(how, over=2, **inside)]
    return blocks, []


def _closed_page(
    book: JournalBook, closing: Closing, end: EndOfBook, sheets: int
) -> tuple[list[Block], list[Rule]]:
    language = book.language
    with speaking(language):
        title = _("Closing page")
        lines = [
            _("The volume was finished on %(date)s.") % {"date": book.cover.finished},
            _("Entries in the volume: %(count)s.")
            % {"count": with_words(closing.entries, language)},
            _carried(closing, language),
        ]
        stitched = _("Numbered, stitched and sealed: %(count)s sheets.") % {
            "count": with_words(sheets, language, masculine=True)
        }
        rows = f"{_('Rows in the school’s book')}: {end.rows}. {_('Last hash of the book')}:"
        how = _("Anybody may check it: %(address)s") % {"address": book.checked_at}
        director = pgettext("cover of the journal", "Director")
        signature = pgettext("cover of the journal", "signature")
        full_name = pgettext("cover of the journal", "full name")
        seal = pgettext("on the closing page", "Place for the seal")
    inside = {"left": 20.0, "width": PAGE_MM - 40.0, "leading": 1.35}
    blocks = [
        Block(title, tag="H1", top=4, size=20, bold=True, **inside),
        Block(f"{_kept_together(book.cover.school)}. {book.name}", over=2, **inside),
    ]
    for over, line in zip((6, 2, 2), lines, strict=True):
        blocks.append(Block(line, over=over, **inside))
    blocks.append(Block(stitched, over=6, bold=True, size=14, **inside))
    blocks.append(Block(rows, over=6, **inside))
    blocks.append(Block(end.groups, left=20, width=128, over=1, size=13, leading=1.35, gap=416))
    blocks.append(Block(how, over=2, **inside))
    top, left = float(SIGNED_TOP), 20.0
    second, third = left + LABEL_MM, left + LABEL_MM + BLANK_MM + BETWEEN_MM
    rules = [Rule(second, top + 4.6, BLANK_MM)]
    blocks.append(Block(director, left=left, width=LABEL_MM, top=top))
    if closing.director:
        blocks.append(Block(closing.director, left=third, width=BLANK_MM, top=top))
    else:
        rules.append(Rule(third, top + 4.6, BLANK_MM))
        blocks.append(
            Block(full_name, left=third, width=BLANK_MM, top=top + 6, size=8.5, middle=True)
        )
    blocks.append(Block(signature, left=second, width=BLANK_MM, top=top + 6, size=8.5, middle=True))
    blocks.append(Block(seal, left=left, width=LABEL_MM, top=top + 12))
    return blocks, rules


def _carried(closing: Closing, language: str) -> str:
    if not closing.carried:
        return _("Every letter of this volume is finished.")
    return _("Carried over into the next volume: %(count)s (№ %(numbers)s).") % {
        "count": with_words(len(closing.carried), language),
        "numbers": closing.runs,
    }


def below_sheets(book: JournalBook, sheets: int) -> tuple[str, ...]:
    """What stands below each sheet: nothing on the cover, then which of how many it is."""
    with speaking(book.language):
        again = book.closing is not None and book.closing.reprint
        mark = f" · {pgettext('on a document', 'reprint')}" if again else ""
        return (
            "",
            *(
                _("Page %(page)s of %(pages)s") % {"page": page, "pages": sheets} + mark
                for page in range(2, sheets + 1)
            ),
        )


def _kept_together(name: str) -> str:
    """The name with its initials and short words («им.») not parted from what follows them."""
    return re.sub(r"(?<!\w)(\w{1,3}\.) ", "\\1\u00a0", name)
