"""PDF documents built anew from their pages: no author, no dates, no scripts, no hidden files, no places of photos.

Plain Python on pikepdf, which is imported only here and only when a document comes.
"""

import zlib
from io import BytesIO
from typing import Any

from box.files.jpeg import bare_jpeg, bare_jpeg_2000
from box.files.refusals import NotCleaned, Why

MOST_PAGES = 500
MOST_OBJECTS = 100_000
# What packed parts may come to when a reader unpacks them.
MOST_UNPACKED = 300_000_000
MOST_IMAGE_PIXELS = 120_000_000
_PIECE = 1 << 20

# What a page needs to look as it does. Everything else of it is left behind.
_PAGE_KEEPS = {
    *("/Type", "/Parent", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Rotate"),
    *("/UserUnit", "/Resources", "/Contents", "/Group"),
}
# What tells of people and programs, or leads out of the file, in a picture, a font or another part with a type. What
# has none is a list of names, where a letter of a drawn font may be called as it likes.
_NOWHERE = (
    *("/Metadata", "/PieceInfo", "/LastModified", "/Thumb", "/AF", "/AA", "/OpenAction", "/ID"),
    *("/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/Annots", "/OPI", "/Alternates", "/Ref"),
    *("/StructParent", "/StructParents", "/PS", "/Measure", "/PtData", "/Info", "/Usage"),
)
_PLAIN_COLOURS = {1: "/DeviceGray", 3: "/DeviceRGB", 4: "/DeviceCMYK"}


def clean_document(data: bytes) -> bytes:
    """The document's pages in a file of their own. Raises NotCleaned."""
    try:
        import pikepdf
    except (ImportError, OSError):
        raise NotCleaned(Why.NOT_HERE) from None
    try:
        with pikepdf.open(BytesIO(data), suppress_warnings=True) as source:
            if source.is_encrypted:
                raise NotCleaned(Why.LOCKED)
            return _built_anew(source)
    except NotCleaned:
        raise
    except pikepdf.PasswordError:
        raise NotCleaned(Why.LOCKED) from None
    except MemoryError:
        raise NotCleaned(Why.UNPACKS_TOO_BIG) from None
    except Exception:
        # qpdf's complaints about a spoiled file come as errors of many kinds.
        raise NotCleaned(Why.BROKEN) from None


def _built_anew(source: Any) -> bytes:
    import pikepdf

    if not 0 < len(source.pages) <= MOST_PAGES:
        raise NotCleaned(Why.UNPACKS_TOO_BIG if len(source.pages) else Why.BROKEN)
    if len(source.objects) > MOST_OBJECTS:
        raise NotCleaned(Why.UNPACKS_TOO_BIG)
    _check_unpacked(source)
    # What is filled into a form, stamped or drawn upon a page becomes part of it; notes with their authors go.
    if source.Root.get("/AcroForm", {}).get("/NeedAppearances", False):
        source.generate_appearance_streams()
    source.flatten_annotations("screen")
    with pikepdf.new() as clean:
        clean.pages.extend(source.pages)
        for page in clean.pages:
            for name in set(page.obj.keys()) - _PAGE_KEEPS:
                del page.obj[name]
        for part in list(clean.objects):
            _make_bare(part, clean)
        out = BytesIO()
        clean.save(
            out,
            deterministic_id=True,
            fix_metadata_version=False,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
        )
    return out.getvalue()


def _check_unpacked(source: Any) -> None:
    """A few kilobytes that unpack to gigabytes would be a trap for whoever opens the file."""
    import pikepdf

    left = MOST_UNPACKED
    for part in source.objects:
        if not isinstance(part, pikepdf.Stream):
            continue
        width, height = part.get("/Width", 0), part.get("/Height", 0)
        if _whole(width) * _whole(height) > MOST_IMAGE_PIXELS:
            raise NotCleaned(Why.TOO_MANY_PIXELS)
        filters = _filters(part)
        if filters.count("/FlateDecode") > 1 or filters.count("/LZWDecode") > 1:
            raise NotCleaned(Why.UNPACKS_TOO_BIG)  # packed twice: nobody but a trap does that
        if filters[:1] == ["/FlateDecode"]:
            left -= _unpacked(part.read_raw_bytes(), left)
        elif {"/LZWDecode", "/RunLengthDecode", "/FlateDecode"} & set(filters):
            # The most they can come to: a run of 128 for two bytes, a word of LZW of 4096 for one and a half.
            most = 64 if filters == ["/RunLengthDecode"] else 1400
            left -= len(part.read_raw_bytes()) * most
        if left < 0:
            raise NotCleaned(Why.UNPACKS_TOO_BIG)


def _whole(value: Any) -> int:
    try:
        return max(int(value), 0)
    except (TypeError, ValueError):
        return 0


def _filters(part: Any) -> list[str]:
    import pikepdf

    found = part.get("/Filter", None)
    if found is None:
        return []
    names = list(found) if isinstance(found, pikepdf.Array) else [found]
    long = {"/Fl": "/FlateDecode", "/LZW": "/LZWDecode", "/DCT": "/DCTDecode"}
    return [long.get(str(name), str(name)) for name in names]


def _unpacked(packed: bytes, most: int) -> int:
    """How many bytes come out, counted no further than ``most``."""
    unpacker, total = zlib.decompressobj(), 0
    try:
        while packed and total <= most and not unpacker.eof:
            total += len(unpacker.decompress(packed, _PIECE))
            packed = unpacker.unconsumed_tail
    except zlib.error:
        pass  # a spoiled end: a reader shows what came before it
    return total


def _make_bare(part: Any, clean: Any) -> None:
    """Take from an object, and from what stands inside it, everything that a page does not need to look as it does."""
    import pikepdf

    if isinstance(part, pikepdf.Stream):
        _make_picture_bare(part)
    waiting = [part]
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, pikepdf.Array):
            named = list(enumerate(inner))
        elif isinstance(inner, pikepdf.Dictionary | pikepdf.Stream):
            _drop_notes(inner)
            named = list(inner.items())
        else:
            continue
        for name, value in named:
            if (plain := _plain_colour(value)) is not None:
                inner[name] = plain
            elif _is_nested(value):
                waiting.append(value)


def _drop_notes(inner: Any) -> None:
    import pikepdf

    kind = inner.get("/Type", None)
    if kind is None and not isinstance(inner, pikepdf.Stream):
        return
    for name in _NOWHERE:
        if name in inner:
            del inner[name]
    if kind == "/OCG":
        inner["/Name"] = pikepdf.String("1")  # a layer has a name that its maker gave


def _is_nested(value: Any) -> bool:
    import pikepdf

    # What has a number of its own is visited by itself.
    return isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect


def _plain_colour(value: Any) -> Any:
    """The plain colours with as many parts as a colour profile, which can name a device; None for anything else."""
    import pikepdf

    if not (
        isinstance(value, pikepdf.Array)
        and len(value) == 2
        and value[0] == "/ICCBased"
        and isinstance(value[1], pikepdf.Stream)
    ):
        return None
    plain = _PLAIN_COLOURS.get(_whole(value[1].get("/N", 0)))
    if plain is None:
        raise NotCleaned(Why.BROKEN)
    return pikepdf.Name(plain)


def _make_picture_bare(part: Any) -> None:
    import pikepdf

    filters = _filters(part)
    if "/DCTDecode" not in filters and "/JPXDecode" not in filters:
        return
    packed = part.read_raw_bytes()
    if filters[0] == "/FlateDecode" and len(filters) == 2:
        packed = zlib.decompress(packed)
    elif len(filters) != 1:
        raise NotCleaned(Why.BROKEN)
    coding = filters[-1]
    bare = bare_jpeg(packed) if coding == "/DCTDecode" else bare_jpeg_2000(packed)
    settings = part.get("/DecodeParms", None)
    if isinstance(settings, pikepdf.Array):
        settings = settings[-1]
    part.write(
        bare,
        filter=pikepdf.Name(coding),
        decode_parms=settings if isinstance(settings, pikepdf.Dictionary) else None,
    )
