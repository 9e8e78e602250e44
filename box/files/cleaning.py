"""Taking from a file what it tells about its maker. Bytes in, bytes out; plain Python, run in a process of its own."""

from box.files import kinds
from box.files.documents import clean_document
from box.files.kinds import FileType, type_of
from box.files.pictures import clean_picture, small_picture
from box.files.refusals import NotCleaned, Why
from box.files.sound import clean_sound

MOST_BYTES = 10 * 1024 * 1024
# A picture made anew may be larger than it was; nothing should be much larger.
MOST_CLEANED_BYTES = 2 * MOST_BYTES

# A school's logo stands on every visit of its page, on phones that pay for each kilobyte.
LOGO_SIDE, MOST_LOGO_BYTES = 512, 100_000
LOGO_KINDS = (kinds.PNG, kinds.JPEG, kinds.WEBP)


def clean(data: bytes) -> tuple[bytes, FileType]:
    """The file without its notes, and what it is now. Raises NotCleaned for everything that cannot be made so."""
    known = _known(data)
    if known.kind == kinds.PICTURE:
        cleaned, becomes = clean_picture(data, known)
    elif known.kind == kinds.DOCUMENT:
        cleaned, becomes = clean_document(data), kinds.PDF
    else:
        cleaned, becomes = clean_sound(data, known)
    if len(cleaned) > MOST_CLEANED_BYTES:
        raise NotCleaned(Why.UNPACKS_TOO_BIG)
    return cleaned, becomes


def clean_logo(data: bytes) -> tuple[bytes, FileType]:
    """The picture made anew as a small PNG. Raises NotCleaned for everything that is no picture."""
    known = _known(data)
    if known not in LOGO_KINDS:
        raise NotCleaned(Why.UNKNOWN)
    made = small_picture(data, known, side=LOGO_SIDE, most_bytes=MOST_LOGO_BYTES)
    return made, kinds.PNG


def _known(data: bytes) -> FileType:
    if not data:
        raise NotCleaned(Why.EMPTY)
    if len(data) > MOST_BYTES:
        raise NotCleaned(Why.TOO_BIG)
    known = type_of(data[: kinds.HEAD_BYTES])
    if known is None:
        raise NotCleaned(Why.UNKNOWN)
    return known
