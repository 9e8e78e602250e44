"""Acts and protocols as they were issued: frozen when they are first printed, and the same ever after.

An act whose letters are not all registered yet is a draft: printed with that word, and frozen by no one. Each print
leaves a row of the trail; the first one says what was issued, by the digest of the frozen data as sealed.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from journal.destroyed import tells_of_destroyed
from journal.models import Meeting, Opening, Trail
from journal.services.reading import note_paper_printed
from journal.services.trail import append, lock_book
from reports.documents.making import FORMS
from reports.documents.opening_act import act_in, freeze_act, is_finished
from reports.documents.paper import Paper
from reports.documents.protocol import freeze_protocol, protocol_in
from reports.models import Issued
from schools.errors import Refused
from schools.languages import speaking
from schools.models import School, User
from vault.keyring import Keyring

Frozen = dict[str, Any]


@dataclass(frozen=True)
class Subject:
    """What a paper is about: the row, how its data is frozen, how it is put into a language."""

    kind: str
    row: Opening | Meeting
    freeze: Callable[..., Frozen]
    paper: Callable[..., Paper]

    @property
    def school(self) -> School:
        """Whose paper it is."""
        return self.row.school

    @property
    def name(self) -> str:
        """What the trail calls it."""
        if isinstance(self.row, Opening):
            return f"act {self.row.act_number or self.row.number}/{self.row.year}"
        return f"protocol {self.row.number}/{self.row.school_year}"

    def issued(self) -> Issued | None:
        """As it was issued; None before."""
        return Issued.objects.filter(**{self.kind_field: self.row}).first()

    @property
    def lost_something(self) -> bool:
        """Whether something that it tells of was destroyed: then it is printed without that, and issued no more."""
        return isinstance(self.row, Meeting) and tells_of_destroyed(self.row)

    @property
    def kind_field(self) -> str:
        """The field of ``Issued`` that leads to the row."""
        return "opening" if isinstance(self.row, Opening) else "meeting"


def act_of(opening: Opening) -> Subject:
    """The act of an opening."""
    return Subject(Issued.Kind.ACT, opening, freeze_act, act_in)


def protocol_of(meeting: Meeting) -> Subject:
    """The protocol of a meeting that was held. Raises Refused for one that was not."""
    if meeting.state != Meeting.State.HELD:
        raise Refused(_("A protocol is printed of a meeting that was held."))
    return Subject(Issued.Kind.PROTOCOL, meeting, freeze_protocol, protocol_in)


def is_draft(subject: Subject) -> bool:
    """Whether something is still missing, so that nobody signs it yet."""
    return isinstance(subject.row, Opening) and not is_finished(subject.row)


def print_paper(
    *, subject: Subject, language: str, form: str, by: User, keyring: Keyring, **options: Any
) -> bytes:
    """The paper as a file (``form``: ``pdf`` or ``docx``), its row of the trail written. ``options`` go to the paper.

    Raises NotForThisKey, LibrariesMissing and RenderingFailed: then there is no row, and nothing was issued.
    """
    if is_draft(subject):
        with speaking(language):
            mark = pgettext("on a document", "draft")
        frozen = subject.freeze(subject.row, keyring=keyring)
        file = FORMS[form](subject.paper(frozen, language, mark=mark, **options))
        _note_printed(subject, by=by, language=language, form=form, draft=True)
        return file
    if subject.lost_something:
        frozen = subject.freeze(subject.row, keyring=keyring)
        with speaking(language):
            mark = pgettext("on a document", "reprint")
        file = FORMS[form](subject.paper(frozen, language, mark=mark, **options))
        _note_printed(subject, by=by, language=language, form=form, reprint=True)
        return file
    issued = subject.issued()
    frozen = issued.read(keyring) if issued else subject.freeze(subject.row, keyring=keyring)
    mark = _mark(issued, language)
    file = FORMS[form](subject.paper(frozen, language, mark=mark, **options))
    kept, first = _issue(subject, frozen, by=by, keyring=keyring, language=language, form=form)
    if kept is None:
        # Something in it was destroyed while it was drawn: it is drawn again, without that.
        return print_paper(
            subject=subject, language=language, form=form, by=by, keyring=keyring, **options
        )
    if issued is None and not first:
        # Somebody else issued it while this one was drawn: theirs counts.
        mark = _mark(kept, language)
        file = FORMS[form](subject.paper(kept.read(keyring), language, mark=mark, **options))
    return file


def _mark(issued: Issued | None, language: str) -> str:
    with speaking(language):
        return pgettext("on a document", "reprint") if issued else ""


@transaction.atomic
def _issue(
    subject: Subject, frozen: Frozen, *, by: User, keyring: Keyring, language: str, form: str
) -> tuple[Issued | None, bool]:
    """The issued row, and whether this print made it. What it says stands in the trail.

    None where something that it tells of is destroyed by now: no key to it may be made any more.
    """
    book = lock_book(subject.school)
    if subject.lost_something:
        return None, False
    issued = subject.issued()
    first = issued is None
    if issued is None:
        issued = Issued(
            school=subject.school,
            kind=subject.kind,
            issued_on=subject.school.today(),
            issued_by=by,
            **{subject.kind_field: subject.row},
        )
        issued.write(frozen, key=issued.lock_like(subject.row, keyring))
        issued.save()
        append(
            book=book,
            step=Trail.Step.DOCUMENT_ISSUED,
            by=by,
            opening=subject.row if isinstance(subject.row, Opening) else None,
            facts={
                "what": subject.name,
                "content": hashlib.sha256(bytes(issued.content)).hexdigest(),
            },
        )
    else:
        issued.prints += 1
        issued.save(update_fields=["prints"])
    _note_printed(subject, by=by, language=language, form=form, reprint=not first)
    return issued, first


def _note_printed(subject: Subject, *, by: User, language: str, form: str, **facts: bool) -> None:
    note_paper_printed(
        school=subject.school,
        what=subject.name,
        language=language,
        form=form,
        by=by,
        opening=subject.row if isinstance(subject.row, Opening) else None,
        **facts,
    )
