"""What a file is, by its first bytes. Neither its name nor what the browser says of it counts. Plain Python.

A file that begins as one kind and goes on as another is taken for what it begins as: it is cleaned as that, or refused.
"""

from dataclasses import dataclass

# So many bytes from the beginning are enough to tell.
HEAD_BYTES = 4096


@dataclass(frozen=True)
class FileType:
    """A type of file: what it is to people (``kind``), its MIME type and the ending of its neutral name."""

    kind: str
    mime: str
    ending: str


PICTURE, DOCUMENT, SOUND = "picture", "document", "sound"

JPEG = FileType(PICTURE, "image/jpeg", ".jpg")
PNG = FileType(PICTURE, "image/png", ".png")
WEBP = FileType(PICTURE, "image/webp", ".webp")
HEIC = FileType(PICTURE, "image/heic", ".heic")
PDF = FileType(DOCUMENT, "application/pdf", ".pdf")
MP4 = FileType(SOUND, "audio/mp4", ".m4a")
MP3 = FileType(SOUND, "audio/mpeg", ".mp3")
OGG = FileType(SOUND, "audio/ogg", ".ogg")
WEBM = FileType(SOUND, "audio/webm", ".webm")

# What a cleaned file can be: pictures become JPEG or PNG, sound keeps its coding in the box that coding is at home in.
CLEANED = {known.mime: known for known in (JPEG, PNG, PDF, MP4, MP3, OGG)}

_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_MP4_BRANDS = {b"M4A ", b"M4B ", b"mp41", b"mp42", b"isom", b"iso2", b"iso4", b"iso5", b"iso6"} | {
    b"avc1",
    b"dash",
    b"qt  ",
    b"3gp4",
    b"3gp5",
    b"3gp6",
}


def type_of(head: bytes) -> FileType | None:
    """The type of the file that begins so; None for what is not taken."""
    for magic, known in ((b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG), (b"%PDF-", PDF)):
        if head.startswith(magic):
            return known
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp":
        return _of_brands(head)
    if head.startswith(b"OggS"):
        return OGG
    if head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head[:64]:
        return WEBM
    return MP3 if _is_mp3(head) else None


def _of_brands(head: bytes) -> FileType | None:
    size = min(int.from_bytes(head[:4], "big"), len(head))
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, size - 3, 4))}
    if head[8:12] in _MP4_BRANDS:
        return MP4
    if brands & _HEIC_BRANDS and b"avif" not in brands:
        return HEIC
    return MP4 if brands & _MP4_BRANDS else None


def _is_mp3(head: bytes) -> bool:
    if head.startswith(b"ID3"):
        return True
    # The sign of a frame, of a layer III, with a bit rate and a sampling rate that there are.
    return (
        len(head) > 4
        and head[0] == 0xFF
        and head[1] & 0xE6 == 0xE2
        and head[2] & 0xF0 not in (0x00, 0xF0)
        and head[2] & 0x0C != 0x0C
    )
