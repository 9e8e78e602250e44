"""The canonical form of what is chained, and its hashes. Anybody can compute them again from these words.

A digest or hash is SHA-256 over UTF-8 JSON with sorted keys, no spaces, letters as they are. Moments are ISO
8601 in UTC with microseconds, days ISO 8601, bytes lower-case hex.
"""

import datetime
import hashlib
import json
from typing import Any

from box.models import Letter
from journal.models import Entry, Opening, Trail

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
                "content": _sha256(bytes(opening.content)),
            }
        )
    )


def letter_name(letter: Letter) -> str:
    """How the trail names a letter that has no number yet; it tells nothing but that it is this one."""
    return f"letter {bytes(letter.form_hash).hex()[:32]}"


def letter_digest(letter: Letter) -> bytes:
    """Of everything a letter is when it arrives, its content as sealed."""
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
            }
        )
    )


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
