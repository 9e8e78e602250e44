"""Reading an archive with the school's key, without any database: everything in it, opened."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db import models

from journal import chain
from journal.archive.contents import (
    CARRIED,
    BadArchive,
    field_named,
    fields_of,
    model_of,
    put,
    take,
    target_of,
)
from journal.archive.sealing import ArchiveReader
from journal.models import Entry, Trail
from schools.models import SchoolKey, Sealed
from vault import content as sealing
from vault.errors import NotForThisKey
from vault.keyring import Keyring
from vault.pairs import KeyPair
from vault.streams import decrypt_stream

# What of a row is only there to lock it.
_LOCKS = {"sealed_key", "personal_keys", "author_sealed_key", "sealed_private_key", "sealed"}
_LOCKS |= {"wrapped_private_key", "password"}


@cache
def _targets() -> frozenset[str | None]:
    """The kinds of rows that other rows refer to: of those alone the memory is needed."""
    return frozenset(target_of(one) for label in CARRIED for one in fields_of(label))


@dataclass(frozen=True)
class StoredFile:
    """A file in the archive, decrypted while its pieces are taken; ``row`` names it, None: it does not open."""

    label: str
    pk: int
    mime: str
    pieces: Iterator[bytes] = field(repr=False)


class OpenedArchive:
    """The rows of an archive one after another, then its files. ``pairs``: keys of the school, as from its sheets."""

    def __init__(self, reader: ArchiveReader, pairs: list[KeyPair]) -> None:
        self._reader, self._pairs = reader, {pair.public: pair for pair in pairs}
        self.head = reader.record()
        try:
            self._fields = {
                label: [field_named(label, name) for name in names]
                for label, names in self.head["fields"].items()
            }
        except (LookupError, AttributeError, TypeError):
            raise BadArchive("The archive is not put together as an archive is.") from None
        self._said: dict[str, Any] = {}
        self._known: dict[tuple[str, Any], models.Model] = {}
        self._keyring = Keyring()
        self._files: dict[str, tuple[str, int, dict[str, Any] | None]] = {}
        self._chain = chain.FIRST_HASH
        self._position = 0

    def rows(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Label and columns of every row; what is sealed is opened under ``opened``, or is None there.

        Raises BadArchive, also where the trail's chain is not whole.
        """
        said = self._reader.record()
        while "of" in said:
            for values in said["rows"]:
                yield said["of"], self._row(said["of"], values)
            said = self._reader.record()
        self._said = said

    def files(self) -> Iterator[StoredFile]:
        """The files, after all rows. The pieces of one are taken before the next is asked for."""
        while "file" in self._said:
            name = self._said["file"]
            label, pk, content = self._files[name]
            stored = self._pieces()
            if content is not None:
                key, context = bytes.fromhex(content["key"]), f"file {name}"
                plain = decrypt_stream(stored, key=key, context=context)
                yield StoredFile(label, pk, content["type"], plain)
            for _rest in stored:
                pass
            self._said = self._reader.record()
        self._reader.end()

    def _pieces(self) -> Iterator[bytes]:
        while piece := self._reader.piece():
            yield piece

    def _row(self, label: str, values: list[Any]) -> dict[str, Any]:
        taken = {
            one.attname: take(one, value)
            for one, value in zip(self._fields[label], values, strict=True)
        }
        row = model_of(label)(**taken)
        for one in self._fields[label]:
            target = target_of(one)
            if target is not None and (target, taken[one.attname]) in self._known:
                setattr(row, one.name, self._known[target, taken[one.attname]])
        if label in _targets():
            self._known[label, row.pk] = row
        shown = {
            name: put(value) for name, value in taken.items() if name not in _LOCKS | {"content"}
        }
        if isinstance(row, SchoolKey) and bytes(row.public_key) in self._pairs:
            pair = self._pairs[bytes(row.public_key)]
            self._keyring = Keyring(schools={**self._keyring.schools, row.pk: pair})
        if isinstance(row, Sealed):
            shown["opened"] = row.read_or_none(self._keyring) if row.content else None
            row.content = b""  # of a row that others name only its key is asked for again
            if "stored_as" in taken:
                self._files[taken["stored_as"]] = (label, row.pk, shown["opened"])
        if isinstance(row, Trail):
            self._follow(row)
            shown["former"] = self._former(row)
        return shown

    def _former(self, row: Trail) -> dict[str, Any] | None:
        """What the entry said before the step."""
        if not row.former or not isinstance(row.entry, Entry):
            return None
        try:
            key = row.entry.content_key(self._keyring)
            return sealing.decrypt(row.former, key=key, context=row.entry.sealing_context())
        except NotForThisKey:
            return None

    def _follow(self, row: Trail) -> None:
        if row.position != self._position + 1 or bytes(row.previous_hash) != self._chain:
            raise BadArchive(f"The trail in the archive is broken at row {row.position}.")
        if chain.row_hash(row) != bytes(row.row_hash):
            raise BadArchive(f"The trail in the archive was changed at row {row.position}.")
        self._position, self._chain = row.position, bytes(row.row_hash)

    def check_end(self) -> None:
        """That the trail ended where the archive says. Raises BadArchive."""
        if (self._position, self._chain.hex()) != (self.head["rows"], self.head["last_hash"]):
            raise BadArchive("The trail in the archive does not end where it should.")


def as_line(shown: dict[str, Any]) -> str:
    """A row as a line of JSON."""
    return json.dumps(shown, ensure_ascii=False) + "\n"
