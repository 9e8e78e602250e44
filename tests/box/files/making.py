"""Uploads and clean files for tests that are about something else than cleaning."""

import hashlib

from box.files.kinds import type_of
from box.files.spool import Spool
from box.files.uploads import SealedUpload
from box.files.worker import CleanFile


def upload(data: bytes, *, piece: int = 64 * 1024) -> SealedUpload:
    """The bytes as if they had been sent."""
    sent = SealedUpload()
    for at in range(0, len(data), piece):
        sent.add(data[at : at + piece])
    sent.end()
    return sent


def clean_file(data: bytes) -> CleanFile:
    """The bytes as if they had been cleaned already, without a process."""
    spool = Spool()
    spool.add(data)
    spool.end()
    return CleanFile(
        upload=upload(data),
        spool=spool,
        type=type_of(data),
        sha256=hashlib.sha256(data).hexdigest(),
    )
