"""Files as they come in: encrypted before they touch the disk, counted, and cut off where they are too big."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse

from box.files.cleaning import MOST_BYTES
from box.files.kinds import HEAD_BYTES
from box.files.refusals import NotCleaned, Why
from box.files.spool import Spool

FIELD = "attachments"
MOST_FILES = 5
# A film chosen by mistake is read to its end, so that the page can say what is wrong and keep the words; not more.
MOST_REQUEST_BYTES = 512 * 1024 * 1024

View = Callable[..., HttpResponse]


def takes_files(view: View) -> View:
    """For a view whose form has the field ``attachments``: anywhere else what is sent as a file is dropped unread."""

    @wraps(view)
    def wrapped(*args: Any, **rest: Any) -> HttpResponse:
        return view(*args, **rest)

    wrapped.takes_files = True
    return wrapped


class SealedUpload:
    """One file that was sent. ``fault`` says why it is not taken; then nothing of it is kept."""

    def __init__(self) -> None:
        self.head = b""
        self.size = 0
        self.fault: Why | None = None
        self._digest = hashlib.sha256()
        self._spool: Spool | None = None
        self._at_close: list[Callable[[], None]] = []

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the file as it was sent: the same form sent twice has the same files."""
        return self._digest.hexdigest()

    @property
    def spool(self) -> Spool:
        """The file, encrypted on the disk. Only without a fault."""
        if self._spool is None:
            raise ValueError("The file was not taken.")
        return self._spool

    def add(self, data: bytes) -> None:
        """Some more of it came in."""
        self.size += len(data)
        self._digest.update(data)
        if self.fault is not None:
            return
        self.head += data[: HEAD_BYTES - len(self.head)]
        if self.size > MOST_BYTES:
            self.refuse(Why.TOO_BIG)
            return
        try:
            if self._spool is None:
                self._spool = Spool()
            self._spool.add(data)
        except NotCleaned as refusal:
            self.refuse(refusal.why)

    def end(self) -> None:
        """All of it came in."""
        if self.fault is None and self._spool is None:
            self.refuse(Why.EMPTY)
        if self._spool is not None:
            try:
                self._spool.end()
            except NotCleaned as refusal:
                self.refuse(refusal.why)

    def refuse(self, why: Why) -> None:
        """Keep nothing of it."""
        self.fault = why
        self._forget()

    def _forget(self) -> None:
        if self._spool is not None:
            self._spool.close()
            self._spool = None

    def when_closed(self, act: Callable[[], None]) -> None:
        """Do this when the request is answered."""
        self._at_close.append(act)

    def close(self) -> None:
        """The request is answered. Safe to repeat."""
        self._forget()
        waiting, self._at_close = self._at_close, []
        for act in waiting:
            act()


class _AllSoFar:
    """What Django closes when the rest of a request cannot be read."""

    def __init__(self, uploads: list[SealedUpload]) -> None:
        self._uploads = uploads

    def close(self) -> None:
        for upload in self._uploads:
            upload.close()


class SealedUploadHandler(FileUploadHandler):
    """Django's way to receive files, with nothing readable on the disk and a bounded memory."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self._uploads: list[SealedUpload] = []
        self._current: SealedUpload | None = None
        self.file = _AllSoFar(self._uploads)

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],  # noqa: N803  (Django's own name)
        content_length: int,
        boundary: bytes,
        encoding: str | None = None,
    ) -> None:
        if content_length > MOST_REQUEST_BYTES:
            raise RequestDataTooBig

    def _is_taken(self, field: str) -> bool:
        match = getattr(self.request, "resolver_match", None)
        return field == FIELD and match is not None and getattr(match.func, "takes_files", False)

    def new_file(self, field_name: str, *args: Any, **rest: Any) -> None:
        # Its name and the type that the browser gives are dropped here.
        self._current = None
        if self._is_taken(field_name):
            self._current = SealedUpload()
            if len(self._uploads) >= MOST_FILES:
                self._current.refuse(Why.TOO_BIG)  # counted, and said of all of them together
            self._uploads.append(self._current)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self._current is not None:
            self._current.add(raw_data)

    def file_complete(self, file_size: int) -> SealedUpload | None:
        if self._current is not None:
            self._current.end()
        return self._current

    def upload_interrupted(self) -> None:
        self.file.close()
