"""What a file told about its maker is gone, and what can be seen and heard is still there."""

import io
import re
import struct
import zlib

import av
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image

from box.files import kinds, pictures
from box.files.cleaning import MOST_BYTES, clean
from box.files.jpeg import bare_jpeg, bare_jpeg_2000
from box.files.kinds import type_of
from box.files.refusals import NotCleaned, Why
from tests.box.files import samples
from tests.box.files.samples import HIDDEN, KINDS, PLACE_TEXT, every_kind

pytestmark = pytest.mark.once("sqlite")

TRACES = (HIDDEN, HIDDEN.decode().encode("utf-16-le"), HIDDEN.decode().encode("utf-16-be")) + (
    PLACE_TEXT.encode(),
    b"2026:01:02",
    b"2026-01-02",
    b"Exif\0\0",
    b"xmpmeta",
)


def refusal(data: bytes) -> Why:
    with pytest.raises(NotCleaned) as caught:
        clean(data)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return caught.value.why


def opened_up(pdf: bytes) -> bytes:
    """A PDF with everything in it unpacked."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(
            out,
            qdf=True,
            compress_streams=False,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
        )
    return out.getvalue()


@pytest.mark.parametrize("name", KINDS)
def test_nothing_hidden_is_left(name: str) -> None:
    data = every_kind()[name]
    cleaned, becomes = clean(data)
    assert type_of(cleaned) is becomes
    assert becomes.mime in kinds.CLEANED
    if becomes is kinds.PDF:
        data, cleaned = opened_up(data), opened_up(cleaned)
    assert HIDDEN in data, "the sample hides what it should"
    for trace in TRACES:
        assert trace not in cleaned


@pytest.mark.parametrize("name", KINDS)
def test_what_is_clean_stays_as_it_is_told(name: str) -> None:
    once, kind = clean(every_kind()[name])
    twice, again = clean(once)
    assert kind is again
    assert abs(len(twice) - len(once)) < 0.1 * len(once) + 200


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("as_format", ["JPEG", "PNG", "WEBP"])
def test_a_picture_stands_upright(as_format: str, orientation: int) -> None:
    from PIL import ImageOps

    data = samples.picture(as_format, orientation=orientation)
    cleaned, _kind = clean(data)
    shown = Image.open(io.BytesIO(cleaned)).convert("RGB")
    wanted = ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB")
    assert shown.size == wanted.size
    for at in ((10, 10), (shown.width - 10, 10), (10, shown.height - 10)):
        assert all(
            abs(one - two) < 25
            for one, two in zip(shown.getpixel(at), wanted.getpixel(at), strict=True)
        )


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "L", "LA", "1", "I;16"])
def test_every_way_of_colours(mode: str) -> None:
    out = io.BytesIO()
    base = Image.new("I;16", (90, 60), 40_000) if mode == "I;16" else samples.scene((90, 60), mode)
    base.save(out, "PNG")
    cleaned, kind = clean(out.getvalue())
    assert kind is kinds.PNG
    shown = Image.open(io.BytesIO(cleaned)).convert("RGB")
    assert shown.size == (90, 60)
    red, _green, blue = shown.getpixel((5, 5))
    if mode in ("RGB", "RGBA", "P"):
        assert red > 150 > blue
    elif mode == "I;16":
        assert abs(red - 156) < 3


def test_what_can_be_seen_through_stays_so() -> None:
    picture, out = Image.new("RGBA", (50, 50), (0, 0, 0, 0)), io.BytesIO()
    picture.save(out, "WEBP", lossless=True)
    cleaned, kind = clean(out.getvalue())
    assert kind is kinds.PNG
    assert Image.open(io.BytesIO(cleaned)).getpixel((5, 5))[3] == 0


def test_large_photos_become_as_large_as_a_screen_and_stay_sharp_enough() -> None:
    cleaned, kind = clean(samples.picture("JPEG", size=(8000, 4000)))
    assert Image.open(io.BytesIO(cleaned)).size == (pictures.MOST_SIDE_KEPT, 1280)
    assert kind is kinds.JPEG


def _png_that_claims(width: int, height: int) -> bytes:
    def part(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body))
            + kind
            + body
            + struct.pack(">I", zlib.crc32(kind + body) & 0xFFFFFFFF)
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", body) + part(b"IEND", b"")


@pytest.mark.parametrize(
    "size", [(50_000, 50_000), (50_000, 1), (1, 50_000), (10_000, 10_000), (2**31 - 1, 2**31 - 1)]
)
def test_a_picture_that_claims_to_be_huge_is_never_unpacked(size: tuple[int, int]) -> None:
    assert refusal(_png_that_claims(*size)) in (Why.TOO_MANY_PIXELS, Why.BROKEN)


def test_a_jpeg_of_fifty_thousand_pixels() -> None:
    assert refusal(samples.picture("JPEG", size=(50_000, 8))) is Why.TOO_MANY_PIXELS


def test_a_webp_is_measured_before_room_is_made_for_it() -> None:
    out = io.BytesIO()
    Image.new("RGB", (10, 10)).save(out, "WEBP")
    data = bytearray(out.getvalue())
    at = data.index(b"VP8 ") + 8 + 6
    data[at : at + 4] = struct.pack("<HH", 16_383, 16_383)
    assert refusal(bytes(data)) is Why.TOO_MANY_PIXELS
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue")]
    frames[0].save(out := io.BytesIO(), "WEBP", save_all=True, append_images=frames[1:])
    cleaned, kind = clean(out.getvalue())
    red, _green, blue = Image.open(io.BytesIO(cleaned)).getpixel((20, 20))
    assert kind is kinds.JPEG and red > 200 > 50 > blue


def test_a_page_still_shows_what_it_showed() -> None:
    cleaned, _kind = clean(every_kind()["pdf"])
    with pikepdf.open(io.BytesIO(cleaned)) as document:
        assert set(document.Root.keys()) == {"/Type", "/Pages"}
        assert "/Info" not in document.trailer
        page = document.pages[0]
        assert b"(shown) Tj" in page.Contents.read_bytes()
        # Letters and pictures may be called as they like, also as something that is dropped elsewhere.
        assert set(page.Resources.Font.keys()) == {"/A", "/PieceInfo"}
        photo = page.Resources.XObject.Im0
        assert photo.ColorSpace == "/DeviceRGB"
        shown = Image.open(io.BytesIO(photo.read_raw_bytes()))
        shown.load()
        assert (shown.size, dict(shown.getexif())) == ((320, 240), {})


def test_what_is_typed_into_a_form_stays_on_the_page() -> None:
    pdf, out = pikepdf.new(), io.BytesIO()
    page = pdf.add_blank_page(page_size=(200, 200))
    drawn = pdf.make_stream(b"BT /Helv 12 Tf (typed in) Tj ET")
    drawn["/Type"], drawn["/Subtype"], drawn["/BBox"] = Name.XObject, Name.Form, [0, 0, 100, 20]
    field = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Tx,
            T=pikepdf.String("name"),
            V=pikepdf.String("typed in"),
            Rect=[10, 10, 110, 30],
            AP=Dictionary(N=drawn),
            F=4,
        )
    )
    page["/Annots"] = Array([field])
    pdf.Root["/AcroForm"] = Dictionary(Fields=Array([field]), DR=Dictionary())
    pdf.save(out)
    cleaned = opened_up(clean(out.getvalue())[0])
    assert b"(typed in) Tj" in cleaned
    assert b"/Widget" not in cleaned and b"/AcroForm" not in cleaned


def _pdf_with(content: bytes, **more: object) -> bytes:
    pdf, out = pikepdf.new(), io.BytesIO()
    page, stream = pdf.add_blank_page(), pdf.make_stream(b"")
    stream.write(content, filter=more.pop("filter"))
    for name, value in more.items():
        stream[f"/{name}"] = value
    page["/Contents"] = stream
    pdf.save(out)
    return out.getvalue()


def test_bombs_in_a_document() -> None:
    bomb = zlib.compress(b"\0" * 400_000_000, 9)
    assert refusal(_pdf_with(bomb, filter=Name.FlateDecode)) is Why.UNPACKS_TOO_BIG
    twice = _pdf_with(zlib.compress(bomb), filter=Array([Name.FlateDecode, Name.FlateDecode]))
    assert refusal(twice) is Why.UNPACKS_TOO_BIG
    huge = _pdf_with(zlib.compress(b"\0"), filter=Name.FlateDecode, Width=60_000, Height=60_000)
    assert refusal(huge) is Why.TOO_MANY_PIXELS
    assert refusal(_pdf_with(b"x" * 1_000_000, filter=Name.LZWDecode)) is Why.UNPACKS_TOO_BIG


def test_a_document_behind_a_password() -> None:
    for passwords in ({"owner": "a", "user": "b"}, {"owner": "a", "user": ""}):
        out = io.BytesIO()
        with pikepdf.open(io.BytesIO(every_kind()["pdf"])) as pdf:
            pdf.save(out, encryption=pikepdf.Encryption(**passwords))
        assert refusal(out.getvalue()) is Why.LOCKED


def test_a_document_without_pages_or_with_too_many() -> None:
    pdf, out = pikepdf.new(), io.BytesIO()
    pdf.save(out)
    assert refusal(out.getvalue()) is Why.BROKEN
    for _page in range(501):
        pdf.add_blank_page()
    pdf.save(out := io.BytesIO())
    assert refusal(out.getvalue()) is Why.UNPACKS_TOO_BIG


def test_photos_inside_documents_lose_their_notes_and_keep_their_pixels() -> None:
    data = samples.picture("JPEG") + b"HIDDENWORD behind"
    bare = bare_jpeg(data)
    assert HIDDEN in data and HIDDEN not in bare
    assert Image.open(io.BytesIO(bare)).tobytes() == Image.open(io.BytesIO(data)).tobytes()
    out = io.BytesIO()
    samples.scene().save(out, "JPEG", progressive=True, exif=samples._exif())
    bare = bare_jpeg(out.getvalue())
    assert b"Exif" not in bare
    assert Image.open(io.BytesIO(bare)).tobytes() == Image.open(out).tobytes()
    samples.scene().save(out := io.BytesIO(), "JPEG2000")
    head, rest = out.getvalue()[:12], out.getvalue()[12:]
    note = struct.pack(">I4s", 8 + len(HIDDEN), b"xml ") + HIDDEN
    bare = bare_jpeg_2000(head + note + rest)
    assert bare == out.getvalue()
    for junk in (b"", b"\xff\xd8", b"\xff\xd8\xff", b"\xff\xd8junk", b"\xff\xd8\xff\xe1\0\x01"):
        with pytest.raises(NotCleaned):
            bare_jpeg(junk)


@pytest.mark.parametrize("name", ["m4a", "mp3", "ogg", "opus", "webm", "webm-vorbis"])
def test_sound_is_packed_anew_note_for_note(name: str) -> None:
    before, after = every_kind()[name], clean(every_kind()[name])[0]

    def packets(data: bytes) -> list[bytes]:
        with av.open(io.BytesIO(data)) as box:
            return [bytes(packet) for packet in box.demux(box.streams.audio[0]) if packet.size]

    assert packets(after) == packets(before)
    assert len(packets(after)) > 20
    with av.open(io.BytesIO(after)) as box:
        found = {**box.metadata, **box.streams.audio[0].metadata}
        assert not re.search("HIDDEN|2026|Lav[cf]", str(found))
        assert len(box.streams) == 1


def test_films_are_refused_and_covers_left_behind() -> None:
    assert refusal(samples.sound("mp4", "aac", film=True)) is Why.VIDEO
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as film:
        stream = film.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        film.mux(stream.encode(av.VideoFrame(64, 64, "yuv420p")))
        film.mux(stream.encode(None))
    assert refusal(out.getvalue()) is Why.VIDEO
    cover = samples.picture("JPEG")
    frame = b"\0image/jpeg\0\x03\0" + cover
    tag = b"APIC" + _syncsafe(len(frame)) + b"\0\0" + frame
    song = b"ID3\x04\0\0" + _syncsafe(len(tag)) + tag + clean(every_kind()["mp3"])[0]
    with av.open(io.BytesIO(song)) as box:
        assert box.streams.video
    cleaned, kind = clean(song)
    assert (kind, HIDDEN in cleaned) == (kinds.MP3, False)


def _syncsafe(size: int) -> bytes:
    return bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))


def test_sound_in_a_coding_that_has_no_home() -> None:
    assert refusal(samples.sound("mp4", "ac3")) is Why.UNKNOWN_SOUND


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<html><script>alert(1)</script></html>",
        b"GIF89a" + b"\0" * 100,
        b"BM" + b"\0" * 100,
        b"PK\x03\x04" + b"\0" * 100,
        b"MZ" + b"\0" * 100,
        b"\x7fELF" + b"\0" * 100,
        b"#EXTM3U\nfile:///etc/passwd\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"fLaC" + b"\0" * 100,
        b" %PDF-1.7",
        b"x",
        b"\0" * 5000,
        b"\x00\x00\x00\x18ftypavif" + b"\0" * 100,
        b"\x1a\x45\xdf\xa3" + b"matroska" + b"\0" * 100,
    ],
)
def test_other_kinds(data: bytes) -> None:
    assert refusal(data) is Why.UNKNOWN


def test_nothing_and_too_much() -> None:
    assert refusal(b"") is Why.EMPTY
    assert refusal(b"\xff\xd8\xff" + b"\0" * MOST_BYTES) is Why.TOO_BIG


def test_a_file_that_is_two_kinds_comes_out_as_one() -> None:
    page = b"<html><script>alert(1)</script></html>"
    for name in ("jpeg", "png", "webp"):
        cleaned, _kind = clean(every_kind()[name] + page + every_kind()["pdf"])
        assert b"<script>" not in cleaned and b"%PDF" not in cleaned
    cleaned, kind = clean(every_kind()["pdf"] + every_kind()["jpeg"] + page)
    assert kind is kinds.PDF and page not in cleaned
