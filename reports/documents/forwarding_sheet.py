"""The sheet that goes with a letter to another body: what was ticked that day, and nothing else."""

from dataclasses import dataclass, field, replace

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from journal.forwarding_forms import PART_NAMES
from journal.models import Forwarding
from journal.selectors import was_printed
from journal.services.reading import note_sheet_printed
from reports.documents.drawing import Document
from reports.documents.making import FORMS
from reports.documents.paper import Block, Facts, Letterhead, Paper, Signer, Words
from reports.documents.signing import signatures
from schools.dates import long_date
from schools.languages import in_language, speaking
from schools.models import School, User
from schools.roles import ROLE_NAMES
from vault.keyring import Keyring


@dataclass(frozen=True)
class Part:
    """A part of the entry that goes along: its name and its text."""

    label: str
    text: str = field(repr=False)


@dataclass(frozen=True)
class ForwardingSheet(Document):
    """Everything that stands on the sheet, as it was on that day. Only the language is chosen at each print."""

    TEMPLATE = Paper.TEMPLATE
    STYLES = Paper.STYLES
    layout = "letter"

    number: str
    school: str
    school_lines: tuple[str, ...]
    body: str
    body_address: str
    facts: tuple[tuple[str, str], ...]
    out_of_competence: bool
    covering: str = field(repr=False)
    parts: tuple[Part, ...] = field(repr=False)
    signer_post: str
    signer_name: str
    reprint: bool = False

    @property
    def title(self) -> str:
        return _("Forwarding sheet %(number)s") % {"number": self.number}

    @property
    def mark(self) -> str:
        return pgettext("on a document", "reprint") if self.reprint else ""

    def html(self) -> str:
        return self.paper().html()

    def paper(self) -> Paper:
        """The sheet in blocks, from which every form of it is made. Call it while its language is spoken."""
        blocks: list[Block] = [Facts(self.facts)]
        if self.out_of_competence:
            blocks.append(Words(_out_of_competence()))
        if self.covering:
            blocks.append(Words(self.covering))
        blocks += [Words(part.text, part.label) for part in self.parts]
        blocks.append(signatures((Signer(self.signer_post, self.signer_name),)))
        return Paper(
            language=self.language,
            school=self.school,
            short=self.title,
            heading=self.title,
            subheading="",
            place_and_day=("", ""),
            blocks=tuple(blocks),
            reprint=self.mark,
            letterhead=Letterhead(self.school_lines, _to(), self.body, self.body_address),
        )


def _out_of_competence() -> str:
    return _("The letter is outside the competence of the school and is sent on for you to answer.")


def _to() -> str:
    return pgettext("to whom a document goes", "To")


def blank_sheet(school: School, language: str) -> Paper:
    """The sheet to be written by hand."""
    with speaking(language):
        lines = (school.address_in(language), school.phone)
        short = _("Forwarding sheet %(number)s") % {"number": "№ ______"}
        return Paper(
            language=language,
            school=school.name_in(language),
            short=short,
            heading=short,
            subheading="",
            place_and_day=("", ""),
            blocks=(
                Facts(
                    (
                        (pgettext("of sending on", "Date"), ""),
                        (pgettext("of sending on", "By which way"), ""),
                        (_("Entry of the journal"), ""),
                        (_("Answer due"), ""),
                    )
                ),
                Words("", _("What the letter is about"), blank_lines=8),
                Words("", _("What is asked of you"), blank_lines=4),
                signatures((Signer("", ""),)),
            ),
            letterhead=Letterhead(tuple(line for line in lines if line), _to(), "", ""),
        )


def read_sheet(
    forwarding: Forwarding, *, language: str, keyring: Keyring, reprint: bool
) -> ForwardingSheet:
    """The sheet in a language. Raises NotForThisKey."""
    said = forwarding.read(keyring)
    frame, main = said["frame"], forwarding.entry.school.main_language
    with speaking(language):
        lines = (in_language(frame["school_address"], language, main=main), frame["school_phone"])
        return ForwardingSheet(
            language=language,
            number=str(forwarding),
            school=in_language(frame["school"], language, main=main),
            school_lines=tuple(line for line in lines if line),
            body=in_language(forwarding.body_names, language, main=main),
            body_address=frame["body_address"],
            facts=(
                (pgettext("of sending on", "Date"), long_date(forwarding.sent_on, language)),
                (
                    pgettext("of sending on", "By which way"),
                    str(Forwarding.Way(forwarding.way).label),
                ),
                (_("Entry of the journal"), str(forwarding.entry)),
                (_("Answer due"), long_date(forwarding.due_on, language)),
            ),
            out_of_competence=forwarding.out_of_competence,
            covering=said["covering"],
            parts=tuple(
                Part(str(PART_NAMES[part]), said["sheet"][part])
                for part in said["parts"]
                if said["sheet"][part]
            ),
            signer_post=capfirst(str(ROLE_NAMES.get(frame["signer_role"], frame["signer_role"]))),
            signer_name=frame["signer_name"],
            reprint=reprint,
        )


def print_sheet(
    *, forwarding: Forwarding, language: str, by: User, keyring: Keyring, form: str = "pdf"
) -> bytes:
    """The file (``form``: ``pdf`` or ``docx``), its row in the trail written; one printed before says so.

    Raises NotForThisKey, LibrariesMissing and RenderingFailed: then there is no row.
    """
    sheet = read_sheet(
        forwarding, language=language, keyring=keyring, reprint=was_printed(forwarding)
    )
    file = _made(sheet, form)
    again = note_sheet_printed(forwarding=forwarding, language=language, by=by)
    if again and not sheet.reprint:
        # Somebody else printed it while this one was drawn.
        file = _made(replace(sheet, reprint=True), form)
    return file


def _made(sheet: ForwardingSheet, form: str) -> bytes:
    with speaking(sheet.language):
        paper = sheet.paper()
    return FORMS[form](paper)
