"""Taking from a file what it tells about its maker. Bytes in, bytes out; plain Python, run in a process of its own."""

from box.files import kinds
from box.files.documents import clean_document
from box.files.kinds import FileType, type_of
from box.files.pictures import clean_picture
from box.files.refusals import NotCleaned, Why
from box.files.sound import clean_sound

MOST_BYTES = 10 * 1024 * 1024
# A picture made anew may be larger than it was; nothing should be much larger.
MOST_CLEANED_BYTES = 2 * MOST_BYTES


def clean(data: bytes) -> tuple[bytes, FileType]:
    """The file without its notes, and what it is now. Raises NotCleaned for everything that cannot be made so."""
    if not data:
        raise NotCleaned(Why.EMPTY)
    if len(data) > MOST_BYTES:
        raise NotCleaned(Why.TOO_BIG)
    known = type_of(data[: kinds.HEAD_BYTES])
    if known is None:
        raise NotCleaned(Why.UNKNOWN)
    if known.kind == kinds.PICTURE:
        cleaned, becomes = clean_picture(data, known)
    elif known.kind == kinds.DOCUMENT:
        cleaned, becomes = clean_document(data), kinds.PDF
    else:
        cleaned, becomes = clean_sound(data, known)
    if len(cleaned) > MOST_CLEANED_BYTES:
        raise NotCleaned(Why.UNPACKS_TOO_BIG)
    return cleaned, becomes
