"""Office papers built of a few kinds of blocks, from which the PDF and the Word file are both made.

A paper holds every word that stands on it, in its language, so that the two forms cannot say different things. Empty
texts are lines to be filled in by hand: a paper read from nothing is the blank form for a day without electricity.
"""

from dataclasses import dataclass, field

from reports.charts import Picture
from reports.documents.drawing import Document


@dataclass(frozen=True)
class Facts:
    """Label and text, line by line."""

    rows: tuple[tuple[str, str], ...] = field(repr=False)
    KIND = "facts"


@dataclass(frozen=True)
class Words:
    """A paragraph, perhaps under a heading; ``lines`` are left for the hand when there is no text."""

    text: str = field(repr=False)
    heading: str = ""
    strong: bool = False
    blank_lines: int = 0
    KIND = "words"

    @property
    def blanks(self) -> range:
        """For each line to be filled in by hand."""
        return range(0 if self.text else self.blank_lines)


@dataclass(frozen=True)
class Item:
    """An item of a list: its text, and lines under it, each perhaps begun by who said it."""

    text: str = field(repr=False)
    lines: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Items:
    """A numbered list under a heading; ``blank_items`` empty ones are left for the hand when there are none."""

    heading: str
    items: tuple[Item, ...]
    blank_items: int = 0
    numbered: bool = True
    KIND = "items"

    @property
    def blanks(self) -> range:
        """For each item to be filled in by hand."""
        return range(0 if self.items else self.blank_items)


@dataclass(frozen=True)
class NumberedClause:
    """A clause with the number that it has in the paper («3.12»), and lines that its text begins, each on its own."""

    number: str
    text: str = field(repr=False)
    lines: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Clauses:
    """Clauses of a section under its heading; the numbers hang beside them."""

    heading: str
    clauses: tuple[NumberedClause, ...]
    KIND = "clauses"


@dataclass(frozen=True)
class Table:
    """A table with its head; ``widths`` in hundredths of the text's width. ``blank_rows`` are left for the hand."""

    heading: str
    head: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...] = field(repr=False)
    blank_rows: int = 0
    KIND = "table"

    @property
    def columns(self) -> list[tuple[str, int]]:
        """Head and width of each column."""
        return list(zip(self.head, self.widths, strict=True))

    @property
    def blanks(self) -> range:
        """For each row to be filled in by hand."""
        return range(self.blank_rows)


@dataclass(frozen=True)
class Chart:
    """A drawing; a table with its numbers stands beside it."""

    picture: Picture
    KIND = "chart"


@dataclass(frozen=True)
class Signer:
    """Who signs: post and name, empty where they are written by hand; ``note`` stands under the line."""

    post: str
    name: str
    note: str = ""


@dataclass(frozen=True)
class Signatures:
    """Lines to sign, never torn from each other where a page takes them together."""

    signers: tuple[Signer, ...]
    heading: str = ""
    under_post: str = ""
    under_line: str = ""
    under_name: str = ""
    KIND = "signatures"


Block = Facts | Words | Items | Clauses | Table | Chart | Signatures


@dataclass(frozen=True)
class Approval:
    """«Approved» at the top right: who approves, and a line for the day."""

    word: str
    signer: Signer
    day: str


@dataclass(frozen=True)
class Letterhead:
    """Of a paper that goes to somebody: who sends it, and to whom."""

    lines: tuple[str, ...]
    to_label: str
    to: str
    to_address: str


@dataclass(frozen=True)
class Paper(Document):
    """A paper as it is signed. ``short`` is its title where no content may stand."""

    TEMPLATE = "paper.html"

    STYLES = "paper.css"

    school: str
    short: str
    heading: str
    subheading: str
    place_and_day: tuple[str, str]
    blocks: tuple[Block, ...] = field(repr=False)
    approval: Approval | None = None
    reprint: str = ""
    # A wide table lies across the page.
    landscape: bool = False
    letterhead: Letterhead | None = None

    @property
    def layout(self) -> str:
        """How the page lies and what it looks like; the name of a class of the stylesheet."""
        if self.letterhead is not None:
            return "letter"
        return "landscape" if self.landscape else "upright"

    @property
    def title(self) -> str:
        return self.short

    @property
    def mark(self) -> str:
        return self.reprint
