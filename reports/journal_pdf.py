"""The journal as a PDF: pieces laid out by two processes, pages as one unsplit table would have them.

A page ends where the next row does not fit, so where pages begin depends on every row before. The first process
goes from the first row on; the second begins in the middle, at a guess. Where the first arrives at a row with which
a page of the second begins, all pages after it are what the first would make: there the two are joined. When they
never meet, the first goes on to the end, and the guess is thrown away.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from reports.joining import Bookmark, Joiner
from reports.journal_book import JournalBook
from reports.journal_layout import (
    closing_html,
    cover_html,
    footers_html,
    page_css,
    table_css,
    table_html,
)
from reports.rendering import Piece, RenderingFailed, RenderProcess
from schools.languages import speaking

PIECE_ROWS = 120  # at a time: memory stays flat, and progress is seen
FIRST_ROWS = 30  # the first piece tells how many rows a page takes
MEETING_ROWS = 40  # pieces after the middle are short: the two soon meet
SHARED_FROM = 90  # fewer rows are not worth a second process

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Page:
    """A page of the table as drawn: which one of which piece, and the row it begins with (None: one goes on)."""

    piece: Piece
    place: int
    row: int | None


@dataclass
class Run:
    """Pages one after another from a row on; ``next_row`` is None when the book's last is among them."""

    next_row: int | None
    pages: list[Page] = field(default_factory=list)

    @property
    def beginnings(self) -> dict[int, int]:
        """Row → place of the page that begins with it."""
        return {page.row: place for place, page in enumerate(self.pages) if page.row is not None}


class _Beside(threading.Thread):
    """The second run, beside the first. A daemon: it holds up no server that is to stop.

    When its process is killed because its pages are not needed any more, it ends with an error nobody asks for.
    """

    def __init__(self, work: Callable[[], Run]) -> None:
        super().__init__(daemon=True)
        self._work = work
        self._error: Exception | None = None
        self._run: Run | None = None
        self.start()

    def run(self) -> None:
        try:
            self._run = self._work()
        except Exception as error:
            self._error = error

    def result(self) -> Run:
        """Wait for its pages. Raises what it ended with."""
        self.join()
        if self._run is None:
            raise self._error or RenderingFailed("the printing process ended")
        return self._run


class _Press:
    """Lays one book out."""

    def __init__(self, book: JournalBook, progress: Progress | None) -> None:
        self.book = book
        self.css = table_css(book)
        self.total = len(book.rows)
        self._progress = progress
        self._done: dict[str, int] = {}
        self._lock = threading.Lock()

    def tell(self, run: str, rows: int) -> None:
        """Note how many rows a run has laid out."""
        with self._lock:
            self._done[run] = rows
            done = min(sum(self._done.values()), self.total)
        if self._progress:
            self._progress(done, self.total)

    def forward(self, process: RenderProcess, run: Run, rows: int) -> None:
        """Lay out about so many rows more, to a page's end."""
        start = run.next_row or 0
        piece = None
        while piece is None or not piece.pages:
            # A row longer than the piece's pages: take more, until a page begins with a row.
            stop = min(start + rows, self.total)
            piece = process.render(
                html=table_html(self.book, start, stop),
                css=self.css,
                kind="table",
                last=stop == self.total,
            )
            rows *= 2
        run.pages += [Page(piece, place, row) for place, row in enumerate(piece.starts)]
        run.next_row = piece.next_row

    def second(self, process: RenderProcess, middle: int) -> Run:
        """From the middle to the end."""
        run = Run(next_row=middle)
        while run.next_row is not None:
            self.forward(process, run, PIECE_ROWS)
            self.tell("second", (run.next_row or self.total) - middle)
        return run

    def alone(self, process: RenderProcess) -> list[Page]:
        """All pages by one process."""
        run = Run(next_row=0)
        while run.next_row is not None:
            self.forward(process, run, PIECE_ROWS)
            self.tell("first", run.next_row or self.total)
        return run.pages

    def shared(self, first: RenderProcess, second: RenderProcess) -> list[Page]:
        """All pages by two processes."""
        run = Run(next_row=0)
        self.forward(first, run, FIRST_ROWS)
        middle = _middle(run, self.total)
        if run.next_row is None or middle <= run.next_row:
            while run.next_row is not None:
                self.forward(first, run, PIECE_ROWS)
            return run.pages
        other = _Beside(lambda: self.second(second, middle))
        return self._meet(first, run, middle, other)

    def _meet(self, process: RenderProcess, run: Run, middle: int, other: "_Beside") -> list[Page]:
        while run.next_row is not None:
            if run.next_row < middle:
                self.tell("first", run.next_row)
                before = middle - run.next_row + MEETING_ROWS
                self.forward(process, run, min(PIECE_ROWS, before))
                continue
            # Both are past the middle: wait for the other, which began about as far from its end.
            theirs = other.result()
            beginnings = theirs.beginnings
            if run.next_row in beginnings:
                return run.pages + theirs.pages[beginnings[run.next_row] :]
            for place, page in enumerate(run.pages):
                if page.row is not None and page.row in beginnings:
                    return run.pages[:place] + theirs.pages[beginnings[page.row] :]
            self.forward(process, run, MEETING_ROWS)
        return run.pages


def _middle(run: Run, total: int) -> int:
    """A row near the middle with which a page begins if all rows are alike."""
    rows = [page.row for page in run.pages if page.row is not None]
    if run.next_row is not None:
        rows.append(run.next_row)
    a_page = max(1, round((rows[-1] - rows[0]) / max(1, len(rows) - 1)))
    return max(1, round(total / 2 / a_page)) * a_page


def render_journal(
    book: JournalBook, *, progress: Progress | None = None, processes: int = 2
) -> bytes:
    """The book as a tagged PDF (PDF/UA-1). ``progress(done, total)`` is told rows laid out.

    Raises LibrariesMissing and RenderingFailed.
    """
    press = _Press(book, progress)
    with RenderProcess() as first:
        if processes > 1 and len(book.rows) >= SHARED_FROM:
            with RenderProcess() as second:
                pages = press.shared(first, second)
        else:
            pages = press.alone(first)
        _check(pages, len(book.rows))
        sheets = len(pages) + (2 if book.end else 1)
        css = page_css()
        cover = first.render(html=cover_html(book, sheets), css=css, kind="cover")
        closing = (
            first.render(html=closing_html(book), css=css, kind="closing") if book.end else None
        )
        footers = first.render(
            html=footers_html(book, first=2, sheets=sheets), css=css, kind="footers"
        )
    return _joined(book, cover, pages, closing, footers)


def _check(pages: list[Page], rows: int) -> None:
    """Every row begins on one page and in order, or there is no file."""
    beginnings = [page.row for page in pages if page.row is not None]
    drawn = [row for page in pages for row in page.piece.rows[page.place]]
    once = [row for place, row in enumerate(drawn) if place == 0 or drawn[place - 1] != row]
    if once != list(range(rows)) or beginnings != sorted(set(beginnings)):
        raise RenderingFailed("a row is missing, doubled or out of its place")


def _joined(
    book: JournalBook, cover: Piece, pages: list[Page], closing: Piece | None, footers: Piece
) -> bytes:
    if len(cover.pages) != 1 or (closing and len(closing.pages) != 1):
        raise RenderingFailed("the cover or the closing page does not fit its sheet")
    joiner = Joiner(title=book.name, language=book.language)
    joiner.add(cover)
    start = 0
    for place, page in enumerate(pages):
        after = pages[place + 1] if place + 1 < len(pages) else None
        if after is None or after.piece is not page.piece:
            joiner.add(page.piece, pages[start].place, page.place + 1)
            start = place + 1
    if closing is not None:
        joiner.add(closing)
    joiner.stamp(footers, first_page=1)
    joiner.bookmarks(_bookmarks(book, pages))
    return joiner.file()


def _bookmarks(book: JournalBook, pages: list[Page]) -> list[Bookmark]:
    """The cover, and the entries with the numbers that begin on each page."""
    lines: list[Bookmark] = []
    for place, page in enumerate(pages, start=1):
        rows = page.piece.rows[page.place]
        begun = [row for row in rows if page.row is not None or row != rows[0]]
        if begun:
            first, last = book.rows[begun[0]].number, book.rows[begun[-1]].number
            label = f"№ {first}" if first == last else f"№ {first}–{last}"
            lines.append(Bookmark(label, place))
    with speaking(book.language):
        parts = [Bookmark(_("Cover"), 0), Bookmark(_("Entries"), 1, tuple(lines))]
        if book.end:
            parts.append(Bookmark(_("Closing page"), len(pages) + 1))
    return parts
