"""Putting files away with a letter or a message: encrypted on the way into the storage, under names that tell nothing.

The storage knows no transactions. So a file is stored first and named by a row afterwards; what no row came to name is
deleted again when the request is answered, and what a crash left there by ``sweep``.
"""

import datetime
import hashlib
import logging
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db.models import Max
from django.utils import timezone

from box.files.kinds import CLEANED
from box.files.worker import CleanFile
from box.models import Attachment, Letter, Message
from schools.models import Sealed
from vault.content import new_content_key
from vault.keyring import Keyring
from vault.streams import decrypt_stream, encrypt_stream

log = logging.getLogger(__name__)

NAME_BYTES = 20
# Long enough for any upload that is still on its way.
ORPHAN_AFTER = datetime.timedelta(days=1)
_PIECE = 64 * 1024


class NotPutAway(Exception):
    """The storage takes no files just now. Nothing was stored."""


class NotThere(Exception):
    """The storage does not have the file, or not as it was put away."""


@dataclass(frozen=True)
class Stored:
    """A file in the storage that no row names yet: its name, SHA-256 as it lies there, and the key of its stream."""

    name: str
    digest: bytes
    key: bytes = field(repr=False)


class _Encrypted(File):
    """What a storage reads from: a file's stream, once, from the beginning, in constant memory."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        super().__init__(None, name="")
        self._pieces, self._rest = pieces, bytearray()
        self._digest, self._read = hashlib.sha256(), 0

    @property
    def digest(self) -> bytes:
        """SHA-256 of everything read so far."""
        return self._digest.digest()

    def read(self, size: int = -1) -> bytes:
        while size < 0 or len(self._rest) < size:
            piece = next(self._pieces, None)
            if piece is None:
                break
            self._rest += piece
        data = bytes(self._rest if size < 0 else self._rest[:size])
        del self._rest[: len(data)]
        self._digest.update(data)
        self._read += len(data)
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        # A storage may put itself at the beginning, where it is; nothing is read twice.
        if offset or whence or self._read:
            raise OSError("A stream goes forward only.")
        return 0

    def seekable(self) -> bool:
        return False

    def readable(self) -> bool:
        return True

    def multiple_chunks(self, chunk_size: int | None = None) -> bool:
        return True

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        while piece := self.read(chunk_size or _PIECE):
            yield piece

    def close(self) -> None:
        """Nothing to give back."""


def _stream_context(name: str) -> str:
    return f"file {name}"


def _put_away(file: CleanFile) -> Stored:
    letters = secrets.token_hex(NAME_BYTES)
    name, key = f"{letters[:2]}/{letters}", new_content_key()
    content = _Encrypted(encrypt_stream(file.chunks(), key=key, context=_stream_context(name)))
    try:
        kept_as = default_storage.save(name, content)
        if kept_as != name:
            # The name is part of the seal; a storage with names of its own cannot be used.
            default_storage.delete(kept_as)
            raise NotPutAway
    except NotPutAway:
        raise
    except Exception as error:
        # A full disk, a server that does not answer: each storage has errors of its own.
        log.error("The storage took no file: %s", type(error).__name__)
        raise NotPutAway from None
    return Stored(name=name, digest=content.digest, key=key)


def put_back(*, name: str, pieces: Iterator[bytes]) -> bytes:
    """A file that was stored elsewhere, as it lay there and under the name it had; returns its SHA-256.

    Raises NotPutAway, also when there is a file of that name already.
    """
    content = _Encrypted(pieces)
    if default_storage.exists(name):
        raise NotPutAway
    kept_as = default_storage.save(name, content)
    if kept_as != name:
        default_storage.delete(kept_as)
        raise NotPutAway
    return content.digest


def _forget_unless_named(stored: Stored) -> None:
    try:
        if not _named([stored.name]):
            default_storage.delete(stored.name)
    except Exception as error:
        # The database or the storage is gone in this moment: ``sweep`` finds the file later.
        log.error("A file that nothing names stays for the sweep: %s", type(error).__name__)


@contextmanager
def stored(files: Sequence[CleanFile]) -> Iterator[None]:
    """Put the files away before a transaction begins, which then need not wait for the storage.

    What no row names at the end of the block is deleted: that includes everything when the transaction failed. Raises
    NotPutAway.
    """
    made: list[Stored] = []
    try:
        for file in files:
            file.stored = _put_away(file)
            made.append(file.stored)
        yield
    finally:
        for one in made:
            _forget_unless_named(one)


def name_stored(row: Sealed, *, file: CleanFile, lock: Callable[[Sealed], bytes]) -> None:
    """Fill a new row with its file (its ``position`` is set) and save it, inside the caller's transaction.

    A file that is not in the storage yet (``stored``) is put there now; should the transaction fail, it is deleted
    when the request is answered. Raises NotPutAway.
    """
    if file.stored is None:
        file.stored = _put_away(file)
        file.upload.when_closed(partial(_forget_unless_named, file.stored))
    row.kind = file.type.kind
    row.stored_as, row.digest = file.stored.name, file.stored.digest
    key = lock(row)
    content = {
        "type": file.type.mime,
        "size": file.size,
        "sha256": file.sha256,
        "name": f"{file.type.kind}-{row.position}{file.type.ending}",
        "key": file.stored.key.hex(),
    }
    row.write(content, key=key)
    row.save(force_insert=True)


def file_models() -> list[type[Sealed]]:
    """Every model whose rows name a file by ``stored_as``, those of the rooms above too.

    Each says by ``of_school`` which rows are a school's, and by ``place`` what a person calls one.
    """
    return [model for model in Sealed.__subclasses__() if hasattr(model, "stored_as")]


def attach(
    *,
    letter: Letter,
    message: Message | None = None,
    files: Sequence[CleanFile],
    lock: Callable[[Sealed], bytes],
) -> list[Attachment]:
    """Rows for the files of a letter or a message, inside the transaction that stores it.

    ``lock`` seals a row to its readers and gives its content key. Raises NotPutAway.
    """
    if not files:
        return []
    last = Attachment.objects.filter(letter=letter).aggregate(last=Max("position"))["last"] or 0
    rows = []
    for position, file in enumerate(files, start=last + 1):
        row = Attachment(letter=letter, message=message, position=position)
        name_stored(row, file=file, lock=lock)
        rows.append(row)
    return rows


@dataclass(frozen=True)
class OpenedFile:
    """A file for somebody who may read it. ``chunks`` are its bytes, decrypted while they are taken."""

    name: str
    mime: str
    size: int
    chunks: Iterator[bytes] = field(repr=False)


def open_file(*, attachment: Sealed, keyring: Keyring) -> OpenedFile:
    """The file behind a row. Raises NotForThisKey (closed to this keyring), and NotThere.

    That the storage gave something else shows at the first block, or at the block where it begins.
    """
    said = attachment.read(keyring)
    plain = decrypt_stream(
        _pieces_of(attachment.stored_as),
        key=bytes.fromhex(said["key"]),
        context=_stream_context(attachment.stored_as),
    )
    return OpenedFile(
        name=said["name"], mime=CLEANED[said["type"]].mime, size=said["size"], chunks=plain
    )


def _pieces_of(name: str) -> Iterator[bytes]:
    """The file as it lies in the storage. Raises NotThere."""
    try:
        with default_storage.open(name) as file:
            while piece := file.read(_PIECE):
                yield piece
    except OSError:
        raise NotThere from None


def is_as_stored(attachment: Sealed) -> bool:
    """Whether the storage has the file, byte for byte as it was put there. Needs no key."""
    digest = hashlib.sha256()
    try:
        for piece in _pieces_of(attachment.stored_as):
            digest.update(piece)
    except NotThere:
        return False
    return digest.digest() == bytes(attachment.digest)


def sweep(*, older_than: datetime.timedelta = ORPHAN_AFTER) -> int:
    """Delete files in the storage that no row names and that are older than that; returns how many."""
    deleted, before = 0, timezone.now() - older_than
    for folder in _listed("")[0]:
        names = [f"{folder}/{name}" for name in _listed(folder)[1]]
        for name in sorted(set(names) - _named(names)):
            if default_storage.get_modified_time(name) < before and not _named([name]):
                default_storage.delete(name)
                deleted += 1
    return deleted


def _listed(folder: str) -> tuple[list[str], list[str]]:
    try:
        return default_storage.listdir(folder)
    except FileNotFoundError:
        return [], []


def _named(names: Iterable[str]) -> set[str]:
    names, found = list(names), set()
    for at in range(0, len(names), 500):
        for model in file_models():
            rows = model.objects.filter(stored_as__in=names[at : at + 500])
            # What was destroyed names its file no more.
            kept = rows.only("stored_as", "sealed_key", "personal_keys")
            found |= {row.stored_as for row in kept if not row.opens_to_nobody}
    return found
