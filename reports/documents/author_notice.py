"""The notice for the stand or the box: whose letter by its number, and no word of what it says."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from journal.models import Entry
from journal.services.reading import note_notice_printed
from reports.documents.drawing import Document, styles, with_languages
from reports.joining import Joiner
from reports.rendering import RenderingFailed
from reports.standing import standing_process
from schools.languages import speaking
from schools.models import User
from schools.roles import ROLE_NAMES
from schools.selectors import regulation_of


class Kind(StrEnum):
    """What the author is told."""

    ANSWER = "answer"
    INVITATION = "invitation"


class Size(StrEnum):
    """Of the paper."""

    A4 = "A4"
    A5 = "A5"


KIND_NAMES = {
    Kind.ANSWER: pgettext_lazy("what a notice says", "the answer is ready"),
    Kind.INVITATION: pgettext_lazy("what a notice says", "an invitation to talk"),
}
# Type is as large as the page takes: long names and two languages make it smaller.
_LARGEST_PT = {Size.A4: 34.0, Size.A5: 24.0}
_SMALLER = tuple(0.88**step for step in range(10))
_NO_BREAK = "\u00a0"


@dataclass(frozen=True)
class Meeting:
    """Where and when, in one language."""

    language: str
    where: str
    when: str


@dataclass(frozen=True)
class Block:
    """The notice in one language."""

    language: str
    school: str
    box: str
    heading: str
    message: str
    lines: tuple[tuple[str, str], ...]
    nameless: str


@dataclass(frozen=True)
class AuthorNotice(Document):
    """One page, in one language or in two. Of the letter it has its number (and book) alone."""

    TEMPLATE = "author_notice.html"
    STYLES = "author_notice.css"

    size: Size
    blocks: tuple[Block, ...]

    @property
    def title(self) -> str:
        return _("Notice for the author of a letter")


def read_notice(
    entry: Entry, *, kind: Kind, size: Size, meetings: list[Meeting], whom: str
) -> AuthorNotice:
    """``meetings``: one for each language, the main one first; ``whom``: the slug of the role to ask for."""
    return AuthorNotice(
        language=meetings[0].language,
        size=size,
        blocks=tuple(_block(entry, kind, meeting, whom) for meeting in meetings),
    )


def _block(entry: Entry, kind: Kind, meeting: Meeting, whom: str) -> Block:
    language = meeting.language
    with speaking(language):
        role = capfirst(str(ROLE_NAMES.get(whom, whom)))
        heading = _("To the author of letter № %(number)s") % {"number": entry.number_in_book}
        return Block(
            language=language,
            school=entry.school.name_in(language),
            box=regulation_of(entry.school).box_name_in(language),
            heading=heading.replace("№ ", f"№{_NO_BREAK}"),
            message=(
                _("The answer to your letter is ready.")
                if kind == Kind.ANSWER
                else _("We invite you to come and talk with us.")
            ),
            lines=(
                (_("Where"), meeting.where),
                (_("When"), meeting.when),
                (_("Whom to ask"), role),
            ),
            nameless="" if entry.signed else _("You need not give your name."),
        )


def draw_notice(notice: AuthorNotice) -> bytes:
    """One page in type as large as it takes. Raises LibrariesMissing and RenderingFailed."""
    with speaking(notice.language), standing_process() as process:
        html = notice.html()
        for scale in _SMALLER:
            size = f"@page {{ size: {notice.size} }} html {{ font-size: {_LARGEST_PT[notice.size] * scale:.1f}pt }}"
            css = f"{styles(notice.STYLES)}\n{size}"
            page = process.render(html=html, css=css, kind="cover")
            if len(page.pages) == 1:
                break
        else:
            raise RenderingFailed("the notice is not one page")
        joiner = Joiner(title=notice.title, language=notice.language)
    joiner.add(with_languages(page, [block.language for block in notice.blocks]))
    return joiner.file()


def print_notice(*, entry: Entry, notice: AuthorNotice, kind: Kind, by: User) -> bytes:
    """The PDF, its row in the trail written. Raises LibrariesMissing and RenderingFailed: then there is no row."""
    file = draw_notice(notice)
    languages = [block.language for block in notice.blocks]
    note_notice_printed(entry=entry, kind=kind.value, languages=languages, by=by)
    return file
