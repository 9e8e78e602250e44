"""What the exported journal says of an entry: the columns of its volume, and what else an import needs."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from journal.destroyed import Act, acts_of_volume, destroyed_by
from journal.exporting.cells import Cell
from journal.importing.columns import AUDIENCE, DANGER, JOURNAL, STATE
from journal.importing.entries import NO_REPLY
from journal.models import Entry, Volume
from schools.dates import short_date
from schools.models.regulation import Column
from vault.keyring import Keyring

VOLUME = "volume"
# Shown on the pages whatever columns the book has.
_ALWAYS = (Column.SOURCE, Column.CATEGORY, AUDIENCE, DANGER, STATE)
_AS_WRITTEN = {
    Column.ADDRESS: "address",
    Column.AGE: "age",
    Column.CLASS_GROUP: "class_group",
    Column.PHONE: "phone",
    Column.SUMMARY: "summary",
    Column.SENT_TO: "sent_to",
    Column.OUTCOME: "outcome",
    Column.MEASURES: "measures",
}


def columns_of(volumes: Sequence[Volume]) -> list[str]:
    """The columns of all these volumes, each once, in the order in which books have them."""
    wanted = {name for volume in volumes for name in volume.columns} | {*_ALWAYS}
    named = [target.name for target in JOURNAL if target.name in wanted]
    return [VOLUME, *named] if len(volumes) > 1 else named


def heads_of(columns: Sequence[str]) -> list[str]:
    """Their heads in the language that is spoken."""
    labels = {target.name: str(target.label) for target in JOURNAL}
    labels[VOLUME] = pgettext("of the journal", "Volume")
    return [labels[name] for name in columns]


def rows_of(
    entries: Iterable[Entry], columns: Sequence[str], *, language: str, keyring: Keyring
) -> Iterator[list[Cell]]:
    """Row by row, those that this keyring opens, and those that nobody opens any more: they say so."""
    acts: dict[int, dict[int, Act]] = {}
    for entry in entries:
        content = entry.read_or_none(keyring)
        if entry.destroyed_on is not None:
            if entry.volume_id not in acts:
                acts[entry.volume_id] = acts_of_volume(entry.volume)
            content = {"summary": _destroyed(entry, acts[entry.volume_id], language)}
        if content is not None:
            yield [_cell(entry, name, content, language) for name in columns]


def _destroyed(entry: Entry, acts: dict[int, Act], language: str) -> str:
    return destroyed_by(acts.get(entry.pk), lambda day: short_date(day, language))


def _cell(entry: Entry, name: str, content: dict[str, Any], language: str) -> Cell:
    if name in _AS_WRITTEN:
        return str(content.get(_AS_WRITTEN[name], ""))
    return _FACTS[name](entry, content, language)


def _name(entry: Entry, content: dict[str, Any], language: str) -> Cell:
    if entry.signed:
        return content.get("full_name", "")
    usual = pgettext("mark of an anonymous author in the journal", "anonymous")
    return entry.volume.anonymous_mark_in(language) or usual


def _reply(entry: Entry, content: dict[str, Any], language: str) -> Cell:
    if entry.no_reply and entry.destroyed_on is not None:
        return _("No reply")
    if entry.no_reply:
        return str(NO_REPLY) % {"reason": content.get("no_reply_reason", "")}
    if entry.answered_on is None:
        return ""
    if not entry.reply_way:
        return entry.answered_on
    return f"{short_date(entry.answered_on, language)}\n{entry.get_reply_way_display()}"


def _received(entry: Entry, content: dict[str, Any], language: str) -> Cell:
    if entry.received_at is None:
        return ""
    return entry.received_at.astimezone(entry.school.zone).replace(tzinfo=None)


_FACTS = {
    VOLUME: lambda entry, content, language: str(entry.volume),
    Column.NUMBER: lambda entry, content, language: entry.number,
    Column.TAKEN_ON: lambda entry, content, language: entry.taken_on,
    Column.RECEIVED_AT: _received,
    Column.SOURCE: lambda entry, content, language: str(entry.get_source_display()),
    Column.NAME: _name,
    Column.CATEGORY: lambda entry, content, language: (
        entry.category.name_in(language) if entry.category else ""
    ),
    Column.ANSWERED_ON: _reply,
    AUDIENCE: lambda entry, content, language: str(entry.get_audience_display()),
    DANGER: lambda entry, content, language: _("Yes") if entry.danger else "",
    STATE: lambda entry, content, language: str(entry.get_state_display()),
}
