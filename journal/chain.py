"""The canonical form of what is chained, and its hashes. Anybody can compute them again from these words.

A digest or hash is SHA-256 over UTF-8 JSON with sorted keys, no spaces, letters as they are. Moments are ISO
8601 in UTC with microseconds, days ISO 8601, bytes lower-case hex.
"""

import datetime
import hashlib
import json
from collections.abc import Callable, Iterable
from typing import Any

from box.models import Attachment, Letter, Message
from journal.models import Entry, EntryFile, Forwarding, Meeting, Opening, Trail

FIRST_HASH = bytes(32)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat(timespec="microseconds")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    raise TypeError(f"{type(value).__name__} has no canonical form.")


def canonical(fields: dict[str, Any]) -> bytes:
    """The one byte form of some fields."""
    return json.dumps(
        fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain
    ).encode()


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def entry_name(entry: Entry) -> str:
    """How the trail names an entry."""
    return f"entry {entry.volume.number}/{entry.number}"


def opening_name(opening: Opening) -> str:
    """How the trail names an opening."""
    return f"opening {opening.year}/{opening.number}"


def entry_digest(entry: Entry) -> bytes:
    """Of everything an entry says, its content as sealed."""
    return _sha256(
        canonical(
            {
                "volume": entry.volume.number,
                "number": entry.number,
                "source": entry.source,
                "taken_on": entry.taken_on,
                "received_at": entry.received_at,
                "category": entry.category.slug if entry.category_id else None,
                "audience": entry.audience,
                "signed": entry.signed,
                "danger": entry.danger,
                "state": entry.state,
                "due_on": entry.due_on,
                "answered_on": entry.answered_on,
                "reply_way": entry.reply_way,
                "no_reply": entry.no_reply,
                "forward_by": entry.forward_by,
                "imported": entry.imported,
                "class_level": entry.class_level,
                "closed_on": entry.closed_on,
                "finding": entry.finding,
                "cause": entry.cause.slug if entry.cause_id else None,
                "held": entry.held,
                "destroyed_on": entry.destroyed_on,
                "repeat_of": entry_name(entry.repeat_of) if entry.repeat_of_id else None,
                "version": entry.version,
                "content": _sha256(bytes(entry.content)),
                "letter": _sha256(bytes(entry.letter.content)) if entry.letter_id else None,
            }
        )
    )


def opening_digest(opening: Opening) -> bytes:
    """Of everything an opening says, its content as sealed."""
    return _sha256(
        canonical(
            {
                "year": opening.year,
                "number": opening.number,
                "opened_at": opening.opened_at,
                "kind": opening.kind,
                "present": opening.present,
                "web_count": opening.web_count,
                "paper_count": opening.paper_count,
                "act_number": opening.act_number,
                "missed": opening.missed,
                "content": _sha256(bytes(opening.content)),
            }
        )
    )


def letter_name(letter: Letter) -> str:
    """How the trail names a letter that has no number yet; it tells nothing but that it is this one."""
    return f"letter {bytes(letter.form_hash).hex()[:32]}"


def letter_digest(letter: Letter) -> bytes:
    """Of everything a letter is when it arrives, its content and its files as sealed."""
    return _sha256(
        canonical(
            {
                "arrived_hour": letter.arrived_hour,
                "language": letter.language,
                "audience": letter.audience,
                "signed": letter.signed,
                "danger": letter.danger,
                "receipt": bytes(letter.receipt_hash),
                "author": bytes(letter.author_key),
                "content": _sha256(bytes(letter.content)),
                "files": _files(
                    file
                    for file in (letter.attachments.all() if letter.pk else ())
                    if file.message_id is None
                ),
            }
        )
    )


def _files(files: Iterable[Attachment]) -> list[list[object]]:
    return [
        [file.position, file.kind, bytes(file.digest), _sha256(bytes(file.content))]
        for file in sorted(files, key=lambda file: file.position)
    ]


def message_name(message: Message) -> str:
    """How the trail names a message: by its letter and its place in the conversation."""
    return f"message {bytes(message.letter.form_hash).hex()[:32]} {message.position}"


def message_digest(message: Message) -> bytes:
    """Of everything a message is, its content and its files as sealed."""
    return _sha256(
        canonical(
            {
                "kind": message.kind,
                "sent_hour": message.sent_hour,
                "danger": message.danger,
                "content": _sha256(bytes(message.content)),
                "files": _files(message.attachments.all() if message.pk else ()),
            }
        )
    )


def forwarding_name(forwarding: Forwarding) -> str:
    """How the trail names a forwarding."""
    return f"forwarding {forwarding.year}/{forwarding.number}"


def forwarding_digest(forwarding: Forwarding) -> bytes:
    """Of everything a forwarding says, its content as sealed."""
    return _sha256(
        canonical(
            {
                "entry": entry_name(forwarding.entry),
                "body_names": forwarding.body_names,
                "way": forwarding.way,
                "sent_on": forwarding.sent_on,
                "due_on": forwarding.due_on,
                "out_of_competence": forwarding.out_of_competence,
                "answered_on": forwarding.answered_on,
                "content": _sha256(bytes(forwarding.content)),
            }
        )
    )


def entry_file_name(file: EntryFile) -> str:
    """How the trail names the scan of a letter that came on paper."""
    return f"scan {file.entry.volume.number}/{file.entry.number}/{file.position}"


def entry_file_digest(file: EntryFile) -> bytes:
    """Of the file as it lies in the storage, and its content as sealed."""
    return _sha256(
        canonical(
            {
                "entry": entry_name(file.entry),
                "position": file.position,
                "kind": file.kind,
                "file": bytes(file.digest),
                "content": _sha256(bytes(file.content)),
            }
        )
    )


def meeting_name(meeting: Meeting) -> str:
    """How the trail names a meeting that was held."""
    return f"protocol {meeting.school_year}/{meeting.number}"


def meeting_digest(meeting: Meeting) -> bytes:
    """Of everything the protocol of a meeting says, its contents as sealed."""
    return _sha256(
        canonical(
            {
                "held_on": meeting.held_on,
                "present": meeting.present,
                "absent": meeting.absent,
                "chair": meeting.chair,
                "secretary": meeting.secretary,
                "elected_chair": meeting.elected_chair,
                "members_in_all": meeting.members_in_all,
                "quorum_met": meeting.quorum_met,
                "content": _sha256(bytes(meeting.content)),
                "points": [
                    [
                        point.position,
                        entry_name(point.entry) if point.entry_id else None,
                        _sha256(bytes(point.content)),
                    ]
                    for point in sorted(meeting.points.all(), key=lambda row: row.position)
                ],
                "decisions": [
                    [
                        row.position,
                        entry_name(row.entry) if row.entry_id else None,
                        row.due_on,
                        _sha256(bytes(row.content)),
                    ]
                    for row in sorted(meeting.decisions.all(), key=lambda row: row.position)
                ],
            }
        )
    )


Vouched = Message | Forwarding | Meeting | EntryFile
_NAMES_AND_DIGESTS: dict[type, tuple[Callable[..., str], Callable[..., bytes]]] = {
    Message: (message_name, message_digest),
    Forwarding: (forwarding_name, forwarding_digest),
    Meeting: (meeting_name, meeting_digest),
    EntryFile: (entry_file_name, entry_file_digest),
}


def also_of(rows: Iterable[Vouched]) -> dict[str, str]:
    """Name and digest (hex) of what else a step made or changed, for the facts of its trail row."""
    found: dict[str, str] = {}
    for row in rows:
        name, digest = _NAMES_AND_DIGESTS[type(row)]
        found[name(row)] = digest(row).hex()
    return found


def row_hash(row: Trail) -> bytes:
    """Of a trail row with the hash of the row before it."""
    return _sha256(
        canonical(
            {
                "position": row.position,
                "at": row.at,
                "by": row.by_name,
                "step": row.step,
                "about": row.about,
                "facts": row.facts,
                "former": _sha256(bytes(row.former)) if row.former else "",
                "digest": bytes(row.digest),
                "previous": bytes(row.previous_hash),
            }
        )
    )
