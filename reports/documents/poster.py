"""The poster for the wall and the small cards: a way to the box for whoever never looks at the school's site.

Both say the same, in one language or in two, and lead to the box by a square code that any phone reads. They are drawn
in type as large as the page takes, and stay readable when they are printed in black alone.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum

import segno
from django.template.loader import render_to_string
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from box.look import bar_colour
from box.selectors import SchoolBox
from reports.documents.drawing import styles, with_languages
from reports.joining import Joiner
from reports.recovery_sheet import strokes_of
from reports.rendering import Piece, RenderingFailed
from reports.standing import standing_process
from schools.colours import shades_of
from schools.emergency import emergency_numbers
from schools.languages import own_name, speaking
from schools.models import Logo, TrustPhone
from schools.phone_hours import hours_in_words
from schools.roles import ROLE_NAMES

ROWS_OF_CARDS, CARDS_IN_A_ROW = 4, 2
# Light squares around the code, without which a phone does not find it (ISO/IEC 18004).
QUIET = 4
# Each step of type is so much smaller than the one before; and so many there are.
_SMALLER, _STEPS = 0.95, 16
# Type at its largest, in points: the rest of the page is measured in it.
_LARGEST_PT = {"poster": 14.0, "cards": 11.5}
# The square without its quiet zone, in millimetres.
SQUARE_MM = {"poster": 63.0, "cards": 26.0}


class Kind(StrEnum):
    """What is drawn."""

    POSTER = "poster"
    CARDS = "cards"


@dataclass(frozen=True)
class Side:
    """What it says in one language. ``link`` is what the square holds, ``address`` what somebody types."""

    language: str
    language_name: str
    school: str
    box: str
    readers: str
    numbers: tuple[tuple[str, str], ...]
    phones: tuple[tuple[str, str, str], ...]
    link: str
    address: str

    @property
    def code(self) -> "Code":
        """The square that leads there."""
        return code_of(self.link)


@dataclass(frozen=True)
class Code:
    """A square code as an SVG: its edge in modules with the quiet zone, and the strokes in it."""

    edge: int
    strokes: str

    def width_mm(self, square: float) -> str:
        """How wide it is with its quiet zone when the square itself is ``square`` millimetres wide."""
        return f"{square * self.edge / (self.edge - 2 * QUIET):.1f}mm"


@dataclass(frozen=True)
class WayIn:
    """A poster or a page of cards: one side, or two in two languages."""

    kind: Kind
    sides: tuple[Side, ...]
    colour: str
    logo: bytes = field(default=b"", repr=False)
    # Without the school's own phones, where so much is not to be got onto a card.
    is_terse: bool = False

    @property
    def language(self) -> str:
        """The first of its languages."""
        return self.sides[0].language

    @property
    def is_bilingual(self) -> bool:
        """Whether it says everything twice."""
        return len(self.sides) > 1

    @property
    def squares(self) -> list[tuple["Code", str, str]]:
        """Of each side: the square, its width, and where it leads."""
        codes = [(side.code, side.link) for side in self.sides]
        return [(code, code.width_mm(SQUARE_MM[self.kind]), link) for code, link in codes]

    @property
    def sides_with_squares(self) -> list[tuple[Side, tuple["Code", str, str]]]:
        """Each side with its square."""
        return list(zip(self.sides, self.squares, strict=True))

    @property
    def pale(self) -> str:
        """The palest shade of its colour."""
        return shades_of(self.colour).pale

    @property
    def rows(self) -> range:
        """Rows of cards."""
        return range(ROWS_OF_CARDS)

    @property
    def copies(self) -> int:
        """How often it stands on the page."""
        return ROWS_OF_CARDS * CARDS_IN_A_ROW if self.kind is Kind.CARDS else 1

    @property
    def helplines(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The numbers that help at once, each with its words by language."""
        return [
            (number, [(side.language, side.numbers[place][1]) for side in self.sides])
            for place, (number, _words) in enumerate(self.sides[0].numbers)
        ]

    @property
    def school_phones(self) -> list[tuple[str, list[tuple[str, str, str]]]]:
        """The school's own phones: the number; language, whose and when, by language."""
        return [
            (number, [(side.language, *side.phones[place][1:]) for side in self.sides])
            for place, (number, _name, _hours) in enumerate(self.sides[0].phones)
            if not self.is_terse
        ]

    @property
    def title(self) -> str:
        """What the file is called inside."""
        return (
            _("Poster of the trust box")
            if self.kind is Kind.POSTER
            else _("Cards of the trust box")
        )


def code_of(link: str) -> Code:
    """The square code of an address: at least level M, which bears a fold or a stain."""
    code = segno.make(link, error="m", micro=False)
    return Code(edge=code.symbol_size(scale=1, border=QUIET)[0], strokes=strokes_of(code))


def side_of(box: SchoolBox, language: str, *, link: str, address: str) -> Side:
    """What a poster of this box says in a language."""
    school = box.school
    with speaking(language):
        return Side(
            language=language,
            language_name=own_name(language),
            school=school.name_in(language),
            box=str(box.box_name(language)) or _("Trust box"),
            readers=", ".join(dict.fromkeys(str(ROLE_NAMES[role]) for role in _readers(box))),
            numbers=tuple(
                (item.number, str(item.answers)) for item in emergency_numbers(school.country)
            ),
            phones=tuple(
                (phone.number, capfirst(phone.name_in(language)), _hours(box, phone, language))
                for phone in box.phones
            ),
            link=link,
            address=address,
        )


def _readers(box: SchoolBox) -> list[str]:
    """Roles of those who hold the key now; before anybody does, of those whom the rules name."""
    held = [reader.role for reader in box.readers]
    return held or (box.regulation.keepers if box.regulation else [])


def _hours(box: SchoolBox, phone: TrustPhone, language: str) -> str:
    hours = hours_in_words(phone, box.calendar, language) if box.calendar else ""
    return ", ".join(part for part in (hours, phone.hours_in(language)) if part)


def way_in(kind: Kind, box: SchoolBox, sides: tuple[Side, ...]) -> WayIn:
    """A poster or cards of this box, in its school's colour and with its logo."""
    logo = Logo.objects.filter(school=box.school).values_list("png", flat=True).first()
    return WayIn(kind=kind, sides=sides, colour=bar_colour(box), logo=bytes(logo or b""))


def html_of(way: WayIn) -> str:
    """The page as HTML."""
    with speaking(way.language):
        return render_to_string(f"reports/documents/{way.kind}.html", {"way": way})


def draw_way_in(way: WayIn, html: str) -> bytes:
    """One page in type as large as it takes. Raises LibrariesMissing and RenderingFailed."""
    own = styles("ways_in.css") + f"\n:root {{ --colour: {way.colour}; --pale: {way.pale} }}"
    images = {"logo": way.logo} if way.logo else {}

    def drawn(step: int) -> Piece:
        size = f"html {{ font-size: {_LARGEST_PT[way.kind] * _SMALLER**step:.2f}pt }}"
        return process.render(html=html, css=f"{own}\n{size}", kind="cover", images=images)

    with speaking(way.language), standing_process() as process:
        page = _largest(drawn)
        if page is None:
            html = html_of(replace(way, is_terse=True))
            page = _largest(drawn)
        if page is None:
            raise RenderingFailed("it is not one page")
        joiner = Joiner(title=way.title, language=way.language)
    tagged = [side.language for _copy in range(way.copies) for side in way.sides]
    joiner.add(with_languages(page, tagged))
    return joiner.file()


def _largest(drawn: Callable[[int], Piece]) -> Piece | None:
    """The largest type with which it is one page: found in a few drawings. None when it never is."""
    fitting: Piece | None = None
    first, last = 0, _STEPS - 1
    while first <= last:
        middle = (first + last) // 2
        page = drawn(middle)
        if len(page.pages) == 1:
            fitting, last = page, middle - 1
        else:
            first = middle + 1
    return fitting
