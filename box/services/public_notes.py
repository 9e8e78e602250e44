"""«You told us, we did»: a note is written by one person, approved by another, and can be taken off the page again.

A note tells what changed for everybody and no case, so nothing of it goes into the bound book. Who wrote it and who
approved it stays in its row, which is never deleted; every step is in the admin's log besides, with who took it.
"""

import re
from collections.abc import Mapping
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext as _

from box.codes_in_text import holds_code
from box.models import PublicNote
from schools.errors import Conflict, Refused
from schools.models import School, User
from schools.services.tracing import note_change

# Some sentences: whoever wants to tell more has a case in mind.
MOST_LENGTH = 600
# «7Б», «10 «А»», «7-В»: a class with its letter. Of Latin letters the first three, or a 3D printer would be a class.
_LETTER = "[А-ЯЁӘІҢҒҮҰҚӨҺA-C]"
_CLASS = re.compile(
    rf"(?<!\w)(?:1[0-2]|[1-9])(?:\s?[-–]?\s?[«“\"]{_LETTER}[»”\"]|[-–]?{_LETTER}(?!\w))"
)


class Stage(StrEnum):
    """Where a note is on its way."""

    WAITING = "waiting"
    PUBLIC = "public"
    WITHDRAWN = "withdrawn"


def stage_of(note: PublicNote) -> Stage:
    """Where the note is now."""
    if note.withdrawn_on is not None:
        return Stage.WITHDRAWN
    return Stage.PUBLIC if note.is_public else Stage.WAITING


def names_a_class(text: str) -> bool:
    """Whether something in the text looks like a class with its letter."""
    return _CLASS.search(text) is not None


@transaction.atomic
def write_note(
    *, school: School, texts: Mapping[str, str], about_nobody: bool, by: User
) -> PublicNote:
    """A note that waits to be approved. ``about_nobody``: the writer has confirmed it. Raises Refused."""
    if not by.has_perm("box.write_publicnote", school):
        raise Refused(_("Your role does not write public notes in this school."))
    words = {language: text.strip() for language, text in texts.items() if text.strip()}
    if not words:
        raise Refused(_("Write what changed, in one language at least."))
    if not about_nobody:
        raise Refused(_("Confirm that nobody can be recognised by the note."))
    for text in words.values():
        _check(text)
    note = PublicNote.objects.create(
        school=school, texts=words, written_on=school.today(), written_by=by
    )
    note_change(row=note, fields=[], by=by)
    return note


def _check(text: str) -> None:
    if len(text) > MOST_LENGTH:
        raise Refused(
            _("A public note is short: %(most)s characters at most in each language.")
            % {"most": MOST_LENGTH}
        )
    if holds_code(text):
        raise Refused(_("There seems to be the code of a letter in the note: take it out."))
    if names_a_class(text):
        raise Refused(
            _("The note seems to name a class: by that a child could be recognised. Take it out.")
        )


@transaction.atomic
def approve_note(*, note: PublicNote, by: User) -> PublicNote:
    """The note stands on the school's page from now on. Raises Refused, and Conflict when it does not wait any more."""
    if not by.has_perm("box.approve_publicnote", note.school):
        raise Refused(_("Your role does not approve public notes in this school."))
    note = _locked(note)
    if stage_of(note) is not Stage.WAITING:
        raise Conflict(_("This note does not wait for approval any more."))
    if note.written_by_id == by.pk:
        raise Refused(_("Whoever wrote a note does not approve it: ask a colleague."))
    note.approved_on, note.approved_by = note.school.today(), by
    note.save(update_fields=["approved_on", "approved_by"])
    note_change(row=note, fields=["approved"], by=by)
    return note


@transaction.atomic
def withdraw_note(*, note: PublicNote, seen: Stage, by: User) -> PublicNote:
    """The note is on no page any more, or never will be. ``seen``: where it was for the person.

    Who may write notes takes any of them back, who may approve them as well. Raises Refused, and Conflict when the
    note is elsewhere on its way meanwhile.
    """
    may = ("box.write_publicnote", "box.approve_publicnote")
    if not any(by.has_perm(permission, note.school) for permission in may):
        raise Refused(_("Your role does not take back public notes in this school."))
    note = _locked(note)
    if stage_of(note) is not seen or seen is Stage.WITHDRAWN:
        raise Conflict(_("Somebody has approved this note, or taken it back, meanwhile."))
    note.withdrawn_on = note.school.today()
    note.save(update_fields=["withdrawn_on"])
    note_change(row=note, fields=["taken off the page"], by=by)
    return note


def _locked(note: PublicNote) -> PublicNote:
    return (
        PublicNote.objects.select_for_update(of=("self",)).select_related("school").get(pk=note.pk)
    )
