"""Cleaning a file in a process of its own, so that a hostile one can neither crash nor stall nor fill the server."""

import hashlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from box.files.cleaning import MOST_CLEANED_BYTES
from box.files.kinds import CLEANED, FileType, type_of
from box.files.refusals import NotCleaned, Why
from box.files.spool import Spool
from box.files.uploads import SealedUpload

CHILD = Path(__file__).with_name("child.py")
LONGEST_SECONDS = 40.0
# Per server process: so many clean at once, so many more wait for their turn; the other threads stay for letters.
AT_ONCE, WAITING = 2, 1
LONGEST_WAIT_SECONDS = 15.0
_ANSWER_BYTES = 1000
_PIECE = 64 * 1024

_doors = threading.BoundedSemaphore(AT_ONCE + WAITING)
_turns = threading.BoundedSemaphore(AT_ONCE)


class CleanFile:
    """A file without its notes, encrypted on the disk until it is put away; closed together with its ``upload``.

    ``type``: what it is now; ``size`` and ``sha256`` (hex) are of the cleaned bytes. ``stored`` is where it lies in the
    storage, once it was put there (``box.services.attaching``).
    """

    stored: Any = None

    def __init__(self, *, upload: SealedUpload, spool: Spool, type: FileType, sha256: str) -> None:
        self.upload, self.type, self.sha256 = upload, type, sha256
        self.size = spool.size
        self._spool = spool
        upload.when_closed(spool.close)

    @property
    def uploaded(self) -> str:
        """SHA-256 (hex) of what was sent, before it was cleaned."""
        return self.upload.digest

    def chunks(self) -> Iterator[bytes]:
        """The cleaned bytes, in pieces."""
        return self._spool.chunks()


def clean_upload(upload: SealedUpload, *, as_logo: bool = False) -> CleanFile:
    """The file cleaned in a process of its own; ``as_logo``, a small PNG made of a picture. Raises NotCleaned."""
    if upload.fault is not None:
        raise NotCleaned(upload.fault)
    if type_of(upload.head) is None:
        raise NotCleaned(Why.UNKNOWN)
    spool = Spool()
    try:
        with turn():
            arguments = ("logo",) if as_logo else ()
            known, digest = _cleaned_into(spool, upload.spool.chunks(), arguments)
    except BaseException:
        spool.close()
        raise
    return CleanFile(upload=upload, spool=spool, type=known, sha256=digest)


@contextmanager
def turn() -> Iterator[None]:
    """One of the few places in which a file of a stranger’s is worked on. Raises NotCleaned(BUSY)."""
    if not _doors.acquire(blocking=False):
        raise NotCleaned(Why.BUSY)
    try:
        if not _turns.acquire(timeout=LONGEST_WAIT_SECONDS):
            raise NotCleaned(Why.BUSY)
        try:
            yield
        finally:
            _turns.release()
    finally:
        _doors.release()


def started(script: Path, *arguments: str) -> subprocess.Popen:
    """A process of its own that runs this script of ours."""
    # Nothing of the server's environment but what finding libraries needs; all other files stay closed to it.
    kept = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT")
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-I", str(script), *arguments],
        cwd="/",
        env={name: os.environ[name] for name in kept if name in os.environ},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


@dataclass
class Child:
    """A process that has been given everything: ``answer`` is what it says, ``ran_out`` whether it took too long."""

    answer: IO[bytes]
    ran_out: bool = False


@contextmanager
def fed(script: Path, *arguments: str, chunks: Iterable[bytes], longest: float) -> Iterator[Child]:
    """Run a script of ours over some bytes, for so many seconds at most; it is gone at the end of the block."""
    process = started(script, *arguments)
    child = Child(answer=process.stdout)

    def stop() -> None:
        child.ran_out = True
        process.kill()

    stalled = threading.Timer(longest, stop)
    stalled.daemon = True
    stalled.start()
    try:
        with suppress(BrokenPipeError):
            # It reads everything before it answers; one that ended early says so by its answer, or by none.
            for chunk in chunks:
                process.stdin.write(chunk)
            process.stdin.close()
        yield child
    finally:
        stalled.cancel()
        process.kill()
        for pipe in (process.stdin, process.stdout):
            with suppress(BrokenPipeError):
                pipe.close()
        process.wait()


def _cleaned_into(
    spool: Spool, chunks: Iterable[bytes], arguments: tuple[str, ...]
) -> tuple[FileType, str]:
    """Put what the child makes of the chunks into the spool; what it is now, and its SHA-256 (hex)."""
    with fed(CHILD, *arguments, chunks=chunks, longest=LONGEST_SECONDS) as child:
        try:
            return _answer_into(spool, child.answer)
        except NotCleaned as refusal:
            raise NotCleaned(Why.TOO_LONG if child.ran_out else refusal.why) from None


def _answer_into(spool: Spool, said: IO[bytes]) -> tuple[FileType, str]:
    # Whoever took the child over writes this answer: nothing in it is believed.
    try:
        answer = json.loads(said.readline(_ANSWER_BYTES))
        if "refused" in answer:
            raise NotCleaned(Why(answer["refused"]))
        known, left = CLEANED[answer["mime"]], answer["size"]
        if not isinstance(left, int) or not 0 < left <= MOST_CLEANED_BYTES:
            raise NotCleaned(Why.BROKEN)
    except (ValueError, KeyError, TypeError):
        raise NotCleaned(Why.BROKEN) from None
    digest, head = hashlib.sha256(), b""
    while left:
        piece = said.read(min(_PIECE, left))
        if not piece:
            raise NotCleaned(Why.BROKEN)
        left -= len(piece)
        digest.update(piece)
        head = head or piece
        spool.add(piece)
    if type_of(head) is not known:
        raise NotCleaned(Why.BROKEN)
    spool.end()
    return known, digest.hexdigest()
