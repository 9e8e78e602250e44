"""Sending a letter on to a body outside the school, and writing down what came back."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from journal.models import Entry, Forwarding, Trail
from journal.services.stepping import take_step
from schools.dates import short_date
from schools.errors import Conflict, Refused
from schools.languages import in_language, speaking
from schools.models import Body, School, User
from schools.models.regulation import Column
from vault.keyring import Keyring

# Who the author is: not ticked by itself, and of an anonymous letter never sent.
IDENTITY_PARTS = frozenset({"full_name", "age", "class_group", "address", "phone"})


@dataclass(frozen=True)
class Signer:
    """Under which post and name the sheet is signed; empty lines are filled by hand."""

    role: str = ""
    name: str = ""


def forward(
    *,
    entry: Entry,
    body: Body,
    way: str,
    sent_on: datetime.date,
    due_on: datetime.date,
    covering: str,
    parts: Collection[str],
    out_of_competence: bool,
    late_reason: str,
    signer: Signer,
    by: User,
    keyring: Keyring,
    version: int,
) -> Forwarding:
    """The letter is sent on: a numbered row with the texts of the ticked parts as they are now.

    ``late_reason`` is needed when a letter outside the school's competence is sent on after ``entry.forward_by``; it
    joins the measures. Raises Refused and Conflict.
    """
    school = entry.school
    lines = _lines_of_sending(entry, body, Forwarding.Way(way), sent_on, due_on)
    late = out_of_competence and entry.forward_by is not None and sent_on > entry.forward_by
    if late:
        with speaking(school.main_language):
            told = _("Sent on after the set day (%(date)s): %(reason)s") % {
                "date": short_date(entry.forward_by, school.main_language),
                "reason": late_reason,
            }
        lines["measures"] = "\n".join(line for line in (lines.get("measures"), told) if line)
    made: list[Forwarding] = []

    def write(entry: Entry, key: bytes) -> list[Forwarding]:
        _check(entry, body, sent_on, due_on, parts, late=late, late_reason=late_reason)
        forwarding = Forwarding(
            entry=entry,
            school=school,
            year=sent_on.year,
            number=_next_number(school, sent_on.year),
            body=body,
            body_names=body.names,
            way=Forwarding.Way(way),
            sent_on=sent_on,
            due_on=due_on,
            out_of_competence=out_of_competence,
            sent_by=by,
        )
        forwarding.lock_like(entry, keyring)
        texts = _texts(entry, keyring, without=lines.get("measures", ""))
        ticked = [part for part in Forwarding.PARTS if part in parts]
        forwarding.write(
            {
                "covering": covering,
                "outcome": "",
                "parts": ticked,
                "sheet": {part: texts[part] for part in ticked},
                "frame": _frame(school, body, signer),
            },
            key=key,
        )
        forwarding.save()
        made.append(forwarding)
        return made

    take_step(
        entry=entry,
        step=Trail.Step.FORWARDED,
        by=by,
        keyring=keyring,
        version=version,
        append_to=lines,
        facts={
            "body": body.names,
            "way": way,
            "sent_on": sent_on.isoformat(),
            "due_on": due_on.isoformat(),
            "out_of_competence": out_of_competence,
        },
        beside=write,
    )
    return made[0]


def record_outcome(
    *,
    forwarding: Forwarding,
    answered_on: datetime.date,
    outcome: str,
    by: User,
    keyring: Keyring,
    version: int,
) -> Forwarding:
    """The body answered; what it did goes into the journal's column too. Raises Refused and Conflict."""
    entry = forwarding.entry
    school = entry.school
    with speaking(school.main_language):
        line = _("%(body)s, %(date)s: %(outcome)s") % {
            "body": in_language(forwarding.body_names, school.main_language),
            "date": short_date(answered_on, school.main_language),
            "outcome": outcome,
        }
    made: list[Forwarding] = []

    def write(entry: Entry, key: bytes) -> list[Forwarding]:
        current = Forwarding.objects.select_for_update().get(pk=forwarding.pk, entry=entry)
        if not current.is_open:
            raise Conflict(_("The answer of this body has been written down already."))
        if not current.sent_on <= answered_on <= school.today():
            raise Refused(
                _("The date of the answer lies between the day it was sent on and today.")
            )
        current.entry = entry
        current.answered_on = answered_on
        current.write({**current.read(keyring), "outcome": outcome}, key=key)
        current.save(update_fields=["answered_on", "content"])
        made.append(current)
        return made

    take_step(
        entry=entry,
        step=Trail.Step.BODY_ANSWERED,
        by=by,
        keyring=keyring,
        version=version,
        append_to={_column_for_outcome(entry): line},
        facts={
            "forwarding": str(forwarding),
            "body": forwarding.body_names,
            "answered_on": answered_on.isoformat(),
        },
        beside=write,
    )
    return made[0]


def _check(
    entry: Entry,
    body: Body,
    sent_on: datetime.date,
    due_on: datetime.date,
    parts: Collection[str],
    *,
    late: bool,
    late_reason: str,
) -> None:
    if body.school_id != entry.school_id or not body.in_use:
        raise Refused(_("This body is not in the list of the school."))
    if not set(parts) <= set(Forwarding.PARTS):
        raise Refused(_("The letter has no such part."))
    if not entry.signed and IDENTITY_PARTS & set(parts):
        raise Refused(_("The letter is anonymous: nothing about its author is sent on."))
    if not entry.taken_on <= sent_on <= entry.school.today():
        raise Refused(
            _("The date of sending lies between the day the letter was taken out and today.")
        )
    if due_on < sent_on:
        raise Refused(_("The answer cannot be due before the letter was sent on."))
    if late and not late_reason:
        raise Refused(_("The day by which it had to be sent on has passed: say why it is late."))


def _next_number(school: School, year: int) -> int:
    """The book is locked by the step: no gap when this fails, no double when two come at once."""
    newest = Forwarding.objects.filter(school=school, year=year).aggregate(Max("number"))
    return (newest["number__max"] or 0) + 1


def _texts(entry: Entry, keyring: Keyring, *, without: str) -> dict[str, str]:
    """Each part of the entry as it stood before this step; the text is the letter's own where it came by the site."""
    content = entry.read(keyring)
    if entry.letter is not None:
        content["text"] = entry.letter.read(keyring).get("text", "")
    elif not content["text"] and (scans := entry.files.count()):
        with speaking(entry.school.main_language):
            content["text"] = ngettext(
                "The letter is on paper; its scan is kept at the school, %(count)s file.",
                "The letter is on paper; its scan is kept at the school, %(count)s files.",
                scans,
            ) % {"count": scans}
    if without:
        content["measures"] = content["measures"].removesuffix(without).rstrip("\n")
    return {part: str(content.get(part, "")) for part in Forwarding.PARTS}


def _frame(school: School, body: Body, signer: Signer) -> dict[str, Any]:
    """What else the sheet says and what may be another tomorrow."""
    return {
        "school": school.names,
        "school_address": school.addresses,
        "school_phone": school.phone,
        "body_address": body.address,
        "signer_role": signer.role,
        "signer_name": signer.name,
    }


def _lines_of_sending(
    entry: Entry,
    body: Body,
    way: Forwarding.Way,
    sent_on: datetime.date,
    due_on: datetime.date,
) -> dict[str, str]:
    """What the journal gains: the column «sent to», and the measures of a book without such a column."""
    language = entry.school.main_language
    with speaking(language):
        said = {
            "body": body.name_in(language),
            "way": str(way.label),
            "sent": short_date(sent_on, language),
            "due": short_date(due_on, language),
        }
        lines = {"sent_to": _("%(body)s (%(way)s), %(sent)s; answer due %(due)s") % said}
        if Column.SENT_TO not in entry.volume.columns:
            lines["measures"] = (
                pgettext("measure", "Sent on: %(body)s (%(way)s), %(sent)s; answer due %(due)s")
                % said
            )
    return lines


def _column_for_outcome(entry: Entry) -> str:
    """A book without the column «outcome» has it among the measures."""
    return "outcome" if Column.OUTCOME in entry.volume.columns else "measures"
