"""The archive as a file: a line that says what it is, a line with its key for those who may open it, one long stream.

The stream (``vault.streams``) is under a random key, which lies in the file twice: under the archive's own code, and
sealed to the school's key. It is bound to both lines before it, so that neither can be changed or replaced. In it
stand records, each a length of four bytes and as many bytes: JSON, or pieces of stored files.
"""

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from typing import IO, Any

from journal.archive.contents import BadArchive
from vault.content import decrypt_bytes, encrypt_bytes, new_content_key
from vault.errors import NotForThisKey
from vault.pairs import KeyPair, new_pair, open_sealed, seal
from vault.streams import StreamLock, decrypt_stream

MAGIC = b"trustbox archive 1\n"
PIECE = 64 * 1024
# Longer is no record of ours: rows are put down a few at a time, files in pieces.
LONGEST = 256 * 1024 * 1024
_LONGEST_LINE = 8192
_CONTEXT = "archive"
_NOT_WHOLE = "The archive was changed or cut off: nothing of it is used."
_PEOPLE = "private keys of an archive"


class Code:
    """What is shown when an archive is made, and typed in where it arrives: 32 random bytes, written as a sheet is.

    It opens the archive as a whole and, unlike the school's key, the private halves of people in it, which are still
    under their passwords. It opens nothing that a letter says.
    """

    def __init__(self, pair: KeyPair | None = None) -> None:
        self.pair = pair or new_pair()

    def key_for(self, what: str) -> bytes:
        """32 bytes for one purpose."""
        return hashlib.blake2b(
            what.encode(), key=self.pair.private, digest_size=32, person=b"trustbox archive"
        ).digest()

    def cover(self, data: bytes, *, uid: str) -> bytes:
        """Somebody's wrapped private half, for the archive."""
        return encrypt_bytes(data, key=self.key_for(_PEOPLE), context=uid)

    def uncover(self, covered: bytes, *, uid: str) -> bytes:
        """The same, out of the archive. Raises BadArchive."""
        try:
            return decrypt_bytes(covered, key=self.key_for(_PEOPLE), context=uid)
        except NotForThisKey:
            raise BadArchive("The archive was put together from two.") from None


class ArchiveWriter:
    """Puts records down one after another; ``digest`` is of the whole file, once ``end`` was called."""

    def __init__(self, out: IO[bytes], *, code: Code, school_key: bytes | None) -> None:
        self._out, self._hash, self.code = out, hashlib.sha256(), code
        key = new_content_key()
        header: dict[str, str] = {
            "code": _text(encrypt_bytes(key, key=code.key_for(_CONTEXT), context=_CONTEXT))
        }
        if school_key is not None:
            header["school_key"] = _text(seal(key, to=school_key))
        line = json.dumps(header, sort_keys=True).encode() + b"\n"
        self._write(MAGIC + line)
        self._lock = StreamLock(key=key, context=_bound_to(line))

    def record(self, said: dict[str, Any]) -> None:
        """One record of JSON."""
        self.piece(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode())

    def piece(self, data: bytes) -> None:
        """One record of bytes."""
        self._write(self._lock.add(len(data).to_bytes(4, "big") + data))

    def end(self) -> None:
        """Nothing comes after it."""
        self._write(self._lock.end())

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the file so far."""
        return self._hash.hexdigest()

    def _write(self, data: bytes) -> None:
        self._hash.update(data)
        self._out.write(data)


class ArchiveReader:
    """Takes the records in their order. Every way of reading raises BadArchive for a file that is not whole."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source, self._hash = source, hashlib.sha256()
        if self._take(len(MAGIC)) != MAGIC:
            raise BadArchive("This file is no archive of a school.")
        line = source.readline(_LONGEST_LINE)
        self._hash.update(line)
        try:
            self._header = {name: b64decode(text) for name, text in json.loads(line).items()}
        except (ValueError, AttributeError, TypeError):
            raise BadArchive("The archive was damaged.") from None
        self._bound_to = _bound_to(line)
        self._blocks: Iterator[bytes] = iter(())
        self._rest = bytearray()

    def open_by_code(self, code: Code) -> None:
        """Raises BadArchive when it is the code of another archive."""
        try:
            key = decrypt_bytes(
                self._header.get("code", b""), key=code.key_for(_CONTEXT), context=_CONTEXT
            )
        except NotForThisKey:
            raise BadArchive("This is not the code of this archive.") from None
        self._begin(key)

    def open_by_school_key(self, pair: KeyPair) -> None:
        """Raises BadArchive when it is another school's key, or not the one in use when the archive was made."""
        try:
            key = open_sealed(self._header.get("school_key", b""), pair=pair)
        except NotForThisKey:
            raise BadArchive("This key does not open this archive.") from None
        self._begin(key)

    def record(self) -> dict[str, Any]:
        """The next record, of JSON."""
        try:
            said = json.loads(self.piece())
        except ValueError:
            said = None
        if not isinstance(said, dict):
            raise BadArchive("The archive was damaged.")
        return said

    def piece(self) -> bytes:
        """The next record, of bytes."""
        size = int.from_bytes(self._plain(4), "big")
        if size > LONGEST:
            raise BadArchive("The archive was damaged.")
        return self._plain(size)

    def end(self) -> None:
        """That nothing comes after it, neither in the stream nor in the file."""
        if self._rest or self._next_block() is not None:
            raise BadArchive("The archive goes on after its end.")

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of what was read of the file."""
        return self._hash.hexdigest()

    def _begin(self, key: bytes) -> None:
        self._blocks = decrypt_stream(self._encrypted(), key=key, context=self._bound_to)

    def _encrypted(self) -> Iterator[bytes]:
        while piece := self._take(PIECE):
            yield piece

    def _take(self, size: int) -> bytes:
        data = self._source.read(size)
        self._hash.update(data)
        return data

    def _next_block(self) -> bytes | None:
        try:
            return next(self._blocks, None)
        except NotForThisKey:
            raise BadArchive(_NOT_WHOLE) from None

    def _plain(self, size: int) -> bytes:
        while len(self._rest) < size:
            block = self._next_block()
            if block is None:
                raise BadArchive(_NOT_WHOLE)
            self._rest += block
        data = bytes(self._rest[:size])
        del self._rest[:size]
        return data


def _bound_to(line: bytes) -> str:
    return f"{_CONTEXT} {hashlib.sha256(MAGIC + line).hexdigest()}"


def _text(data: bytes) -> str:
    return b64encode(data).decode()
