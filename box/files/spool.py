"""A file on its way through the server: on the disk only encrypted, under a key that is never written anywhere.

The file has no name and is gone with the process; what a crash leaves on the disk opens to nobody.
"""

import shutil
import tempfile
from collections.abc import Iterator

from django.conf import settings

from box.files.refusals import NotCleaned, Why
from vault.content import new_content_key
from vault.streams import StreamLock, decrypt_stream

# Less is never left free on the disk for files on their way: letters and the journal need room as well.
ROOM_KEPT_FREE = 256 * 1024 * 1024
_PIECE = 64 * 1024
_CONTEXT = "file on its way"


class Spool:
    """Bytes put in once, then read from the beginning as often as needed. Raises NotCleaned(NO_ROOM)."""

    def __init__(self) -> None:
        self.size = 0
        self._key = new_content_key()
        self._lock: StreamLock | None = StreamLock(key=self._key, context=_CONTEXT)
        try:
            if shutil.disk_usage(settings.DATA_DIR).free < ROOM_KEPT_FREE:
                raise NotCleaned(Why.NO_ROOM)
            # It lives as long as the request, not as long as this block.
            self._file = tempfile.TemporaryFile(dir=settings.DATA_DIR, buffering=0)  # noqa: SIM115
        except OSError:
            raise NotCleaned(Why.NO_ROOM) from None

    def add(self, data: bytes) -> None:
        """Put some more in."""
        self.size += len(data)
        self._write(self._lock.add(data))

    def end(self) -> None:
        """Everything is in."""
        self._write(self._lock.end())
        self._lock = None

    def _write(self, sealed: bytes) -> None:
        try:
            while sealed:
                sealed = sealed[self._file.write(sealed) :]
        except OSError:
            raise NotCleaned(Why.NO_ROOM) from None

    def chunks(self) -> Iterator[bytes]:
        """What was put in, in pieces, from the beginning."""
        self._file.seek(0)
        sealed = iter(lambda: self._file.read(_PIECE), b"")
        return decrypt_stream(sealed, key=self._key, context=_CONTEXT)

    def close(self) -> None:
        """Give the room back. Safe to repeat."""
        self._file.close()
