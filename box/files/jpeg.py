"""JPEG streams inside documents without their notes. They are not decoded: only their parts are looked through."""

from box.files.refusals import NotCleaned, Why

_BEGINS, _ENDS, _SCAN, _ADOBE, _COMMENT = 0xD8, 0xD9, 0xDA, 0xEE, 0xFE
_NOTES = {*range(0xE0, 0xF0), _COMMENT} - {_ADOBE}  # Adobe's says how the colours are meant
_NOTED_BOXES = {b"uuid", b"xml ", b"uinf", b"jumb"}
_JPEG_2000 = b"\x00\x00\x00\x0cjP  \r\n\x87\n"


def bare_jpeg(data: bytes) -> bytes:
    """The picture without its application segments and comments, and without what hangs on behind its end.

    Raises NotCleaned when its parts do not follow one another.
    """
    if data[:2] != bytes([0xFF, _BEGINS]):
        raise NotCleaned(Why.BROKEN)
    out, at = bytearray(data[:2]), 2
    while at + 4 <= len(data) + 2:
        if data[at : at + 1] != b"\xff":
            raise NotCleaned(Why.BROKEN)
        while data[at + 1 : at + 2] == b"\xff":
            at += 1  # filling
        marker = data[at + 1 : at + 2]
        if not marker:
            break
        if marker[0] == _ENDS:
            return bytes(out + data[at : at + 2])
        size = int.from_bytes(data[at + 2 : at + 4], "big")
        end = at + 2 + size
        if size < 2 or end > len(data):
            break
        if marker[0] not in _NOTES:
            out += data[at:end]
        at = end
        if marker[0] == _SCAN:
            end = _end_of_scan(data, at)
            out += data[at:end]
            at = end
    if at >= len(data) and len(out) > 2:
        return bytes(out + bytes([0xFF, _ENDS]))  # its end was cut off: readers show what is there
    raise NotCleaned(Why.BROKEN)


def _end_of_scan(data: bytes, at: int) -> int:
    """Where the next marker stands that is no part of the scan."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            return len(data)
        following = data[at + 1]
        if following == 0 or 0xD0 <= following <= 0xD7:
            at += 2
        elif following == 0xFF:
            at += 1
        else:
            return at


def bare_jpeg_2000(data: bytes) -> bytes:
    """The picture without the boxes that hold notes. A bare codestream has none. Raises NotCleaned."""
    if not data.startswith(_JPEG_2000):
        if data.startswith(b"\xff\x4f\xff\x51"):
            return data
        raise NotCleaned(Why.BROKEN)
    out, at = bytearray(), 0
    while at + 8 <= len(data):
        size, kind, head = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8], 8
        if size == 1:
            size, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        elif size == 0:
            size = len(data) - at
        if size < head or at + size > len(data):
            raise NotCleaned(Why.BROKEN)
        if kind not in _NOTED_BOXES:
            out += data[at : at + size]
        at += size
    return bytes(out)
