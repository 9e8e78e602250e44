"""Pictures made anew from their pixels: what was written beside them (place, device, time, names) is not carried over.

Plain Python on Pillow, which is imported only here and only when a picture comes.
"""

import struct
from collections.abc import Callable
from io import BytesIO
from typing import Any, TypeVar

from box.files import kinds
from box.files.kinds import FileType
from box.files.refusals import NotCleaned, Why

# A picture that a person looks at on a screen, or on an A4 page, needs no more.
MOST_SIDE_KEPT = 2560
# No phone makes a longer side, and what is unpacked must fit the memory. JPEG is unpacked small already.
MOST_SIDE = 20_000
MOST_PIXELS = 50_000_000
MOST_PIXELS_JPEG = 120_000_000
JPEG_QUALITY = 85
# A photo sent as PNG becomes a JPEG when it would be larger than this.
MOST_PNG_BYTES = 3_000_000
Made = TypeVar("Made")
_FORMATS = {kinds.JPEG: ["JPEG"], kinds.PNG: ["PNG"], kinds.WEBP: ["WEBP"], kinds.HEIC: ["HEIF"]}


def clean_picture(data: bytes, known: FileType) -> tuple[bytes, FileType]:
    """The picture as JPEG or PNG without anything but its pixels, upright. Raises NotCleaned."""
    return _or_refused(lambda: _written(_bare(data, known), known))


def small_picture(data: bytes, known: FileType, *, side: int, most_bytes: int) -> bytes:
    """The picture as a PNG of at most so many pixels and bytes, see-through where it was. Raises NotCleaned."""
    return _or_refused(lambda: _shrunk(_bare(data, known), side, most_bytes))


def _or_refused(make: Callable[[], Made]) -> Made:
    try:
        return make()
    except NotCleaned:
        raise
    except MemoryError:
        raise NotCleaned(Why.UNPACKS_TOO_BIG) from None
    except Exception:
        # Whatever a library for pictures says of a spoiled one: there are dozens of ways.
        raise NotCleaned(Why.BROKEN) from None


def _bare(data: bytes, known: FileType) -> Any:
    """The picture with nothing but its pixels, upright."""
    from PIL import Image

    # Sizes are checked here, before anything is unpacked, and more strictly.
    Image.MAX_IMAGE_PIXELS = None
    if known is kinds.HEIC:
        _read_heic()
    if known is kinds.WEBP:
        _check_size(_webp_size(data), MOST_PIXELS)
    with Image.open(BytesIO(data), formats=_FORMATS[known]) as picture:
        _check_size(picture.size, MOST_PIXELS_JPEG if known is kinds.JPEG else MOST_PIXELS)
        if known is kinds.JPEG:
            picture.draft(None, (MOST_SIDE_KEPT, MOST_SIDE_KEPT))
            _check_size(picture.size, MOST_PIXELS)
        return _pixels(picture)


def _shrunk(bare: Any, side: int, most_bytes: int) -> bytes:
    """First with all its colours, then with few, then smaller and smaller."""
    from PIL import Image, ImageOps

    while True:
        if max(bare.size) > side:
            bare = ImageOps.contain(bare, (side, side), Image.Resampling.LANCZOS)
        method = Image.Quantize.FASTOCTREE if bare.mode == "RGBA" else Image.Quantize.MEDIANCUT
        for form in (bare, bare.quantize(256, method=method)):
            data = _saved(form, "PNG", optimize=True)
            if len(data) <= most_bytes:
                return data
        side = side * 3 // 4


def _read_heic() -> None:
    try:
        from pillow_heif import register_heif_opener
    except (ImportError, OSError):
        raise NotCleaned(Why.NOT_HERE) from None
    register_heif_opener(thumbnails=False)


def _check_size(size: tuple[int, int], most_pixels: int) -> None:
    width, height = size
    if max(width, height) > MOST_SIDE or width * height > most_pixels:
        raise NotCleaned(Why.TOO_MANY_PIXELS)
    if min(width, height) < 1:
        raise NotCleaned(Why.BROKEN)


def _webp_size(data: bytes) -> tuple[int, int]:
    """From the first block: Pillow makes room for the whole picture before it tells its size."""
    kind, body = data[12:16], data[20:30]
    try:
        if kind == b"VP8X":
            return (
                int.from_bytes(body[4:7], "little") + 1,
                int.from_bytes(body[7:10], "little") + 1,
            )
        if kind == b"VP8L":
            bits = struct.unpack("<I", body[1:5])[0]
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        if kind == b"VP8 ":
            width, height = struct.unpack("<HH", body[6:10])
            return width & 0x3FFF, height & 0x3FFF
    except struct.error:
        pass
    raise NotCleaned(Why.BROKEN)


def _pixels(picture: Any) -> Any:
    """The first picture of the file: upright, in ordinary colours, small enough, with nothing beside its pixels."""
    from PIL import Image, ImageOps

    profile = picture.info.get("icc_profile")
    see_through = picture.mode in ("RGBA", "LA", "PA", "La", "RGBa") or (
        "transparency" in picture.info
    )
    picture.load()
    orientation = _orientation(picture)
    if see_through:
        plain = picture.convert("RGBA")
    elif picture.mode in ("1", "L", "I", "I;16", "I;16B", "F"):
        plain = _grey(picture)
    else:
        plain = _ordinary_colours(picture, profile)
    plain.info = {}
    if orientation:
        plain = plain.transpose(orientation)
    if max(plain.size) > MOST_SIDE_KEPT:
        plain = ImageOps.contain(plain, (MOST_SIDE_KEPT, MOST_SIDE_KEPT), Image.Resampling.LANCZOS)
    bare = Image.new(plain.mode, plain.size)
    bare.paste(plain)
    return bare


def _grey(picture: Any) -> Any:
    if picture.mode.startswith("I"):
        # Sixteen bits: the upper eight.
        return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    return picture.convert("L")


def _orientation(picture: Any) -> Any:
    """How the picture has to be turned to stand upright; None when it does, or its note is spoiled."""
    from PIL import ExifTags, Image

    turn = Image.Transpose
    try:
        said = picture.getexif().get(ExifTags.Base.Orientation)
    except Exception:
        return None
    return {
        2: turn.FLIP_LEFT_RIGHT,
        3: turn.ROTATE_180,
        4: turn.FLIP_TOP_BOTTOM,
        5: turn.TRANSPOSE,
        6: turn.ROTATE_270,
        7: turn.TRANSVERSE,
        8: turn.ROTATE_90,
    }.get(said)


def _ordinary_colours(picture: Any, profile: bytes | None) -> Any:
    """RGB as screens show it: the profile, which can name the device, is applied and dropped."""
    from PIL import ImageCms

    if profile and picture.mode in ("RGB", "CMYK"):
        try:
            return ImageCms.profileToProfile(
                picture,
                ImageCms.ImageCmsProfile(BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                outputMode="RGB",
            )
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass  # a spoiled profile: the colours as they stand
    return picture.convert("RGB")


def _written(bare: Any, known: FileType) -> tuple[bytes, FileType]:
    if bare.mode == "RGBA" and bare.getextrema()[3][0] == 255:
        bare = bare.convert("RGB")
    if bare.mode == "RGBA" or known is kinds.PNG:
        data = _saved(bare, "PNG", optimize=False, compress_level=6)
        if len(data) <= MOST_PNG_BYTES:
            return data, kinds.PNG
        bare = _on_white(bare)
    return _saved(bare, "JPEG", quality=JPEG_QUALITY), kinds.JPEG


def _on_white(bare: Any) -> Any:
    from PIL import Image

    if bare.mode != "RGBA":
        return bare
    white = Image.new("RGB", bare.size, "white")
    white.paste(bare, mask=bare.getchannel("A"))
    return white


def _saved(bare: Any, as_format: str, **options: Any) -> bytes:
    out = BytesIO()
    bare.save(out, as_format, **options)
    return out.getvalue()
