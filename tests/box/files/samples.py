"""Real files of every kind that is taken, made here, each with words hidden wherever such files hold them."""

import array
import io
import math
from functools import cache

import av
import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

SECRET = "тайна"
HIDDEN = b"HIDDENWORD"
PLACE = (43.0, 14.0, 15.5)
PLACE_TEXT = "+43.2389+076.8897/"
NOTES = {
    "title": "HIDDENWORD title",
    "artist": "HIDDENWORD artist",
    "comment": "HIDDENWORD comment",
    "date": "2026-01-02",
    "location": PLACE_TEXT,
    "creation_time": "2026-01-02T03:04:05Z",
}
RATE = 48_000


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "HIDDENWORD maker", "HIDDENWORD model"
    exif[0x0132] = "2026:01:02 03:04:05"
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", PLACE, "E", (76.0, 53.0, 22.0)
    exif[0x8825] = place
    return exif


def scene(size: tuple[int, int] = (320, 240), mode: str = "RGB") -> Image.Image:
    """A picture with a red upper half and a blue lower one."""
    picture = Image.new("RGB", size, (200, 30, 30))
    picture.paste((30, 30, 200), (0, size[1] // 2, size[0], size[1]))
    return picture.convert(mode)


def picture(
    as_format: str,
    *,
    size: tuple[int, int] = (320, 240),
    mode: str = "RGB",
    orientation: int = 1,
) -> bytes:
    """A picture with EXIF (place, device, time), and what else its format can carry."""
    from PIL.PngImagePlugin import PngInfo
    from pillow_heif import register_heif_opener

    register_heif_opener()
    exif, out = _exif(), io.BytesIO()
    exif[0x0112] = orientation
    options: dict[str, object] = {"exif": exif}
    if as_format == "JPEG":
        options |= {"comment": HIDDEN, "xmp": b"<x:xmpmeta>HIDDENWORD</x:xmpmeta>"}
    if as_format == "PNG":
        options["pnginfo"] = PngInfo()
        options["pnginfo"].add_text("Author", "HIDDENWORD")
        options["pnginfo"].add_itxt("XML:com.adobe.xmp", "HIDDENWORD")
    scene(size, mode).save(out, as_format, **options)
    return out.getvalue()


def document() -> bytes:
    """A PDF with an author, scripts, hidden files, notes, and a photo that knows its place."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(300, 300))
    photo = pdf.make_stream(picture("JPEG") + b"HIDDENWORD behind the end")
    photo["/Type"], photo["/Subtype"] = Name.XObject, Name.Image
    photo["/Width"], photo["/Height"], photo["/BitsPerComponent"] = 320, 240, 8
    photo["/Filter"] = Name.DCTDecode
    profile = pdf.make_stream(b"HIDDENWORD profile")
    profile["/N"] = 3
    photo["/ColorSpace"] = Array([Name.ICCBased, profile])
    photo["/Metadata"] = pdf.make_stream(b"HIDDENWORD xmp of the photo")
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page["/Resources"] = Dictionary(
        XObject=Dictionary(Im0=photo), Font=Dictionary(A=font, PieceInfo=font)
    )
    page["/Contents"] = pdf.make_stream(
        b"q 200 0 0 100 10 10 cm /Im0 Do Q BT /A 20 Tf 20 200 Td (shown) Tj ET"
    )
    script = Dictionary(S=Name.JavaScript, JS=String("HIDDENWORD script"))
    page["/AA"] = Dictionary(O=script)
    page["/PieceInfo"] = Dictionary(X=Dictionary(Private=String("HIDDENWORD piece")))
    page["/Thumb"] = pdf.make_stream(b"HIDDENWORD thumbnail")
    note = {"Type": Name.Annot, "Rect": [10, 10, 50, 50]}
    page["/Annots"] = Array(
        pdf.make_indirect(Dictionary(**note, **more))
        for more in (
            {"Subtype": Name.Text, "T": String("HIDDENWORD who"), "Contents": String("HIDDENWORD")},
            {"Subtype": Name.Link, "A": Dictionary(S=Name.Launch, F=String("HIDDENWORD.exe"))},
            {"Subtype": Name.Link, "A": Dictionary(S=Name.URI, URI=String("http://HIDDENWORD/"))},
        )
    )
    pdf.Root["/OpenAction"] = script
    pdf.attachments["HIDDENWORD.txt"] = pikepdf.AttachedFileSpec(
        pdf, b"HIDDENWORD embedded", filename="HIDDENWORD.txt"
    )
    pdf.docinfo["/Author"] = "HIDDENWORD author"
    with pdf.open_metadata() as about:
        about["dc:title"] = "HIDDENWORD title"
    out = io.BytesIO()
    pdf.save(out, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue()


def sound(box: str, coding: str, *, seconds: float = 1.0, film: bool = False) -> bytes:
    """A tone with title, artist, place and time in its notes; ``film`` puts pictures beside it."""
    out = io.BytesIO()
    with av.open(out, "w", format=box) as target:
        options = {"strict": "experimental"} if coding == "vorbis" else {}
        stream = target.add_stream(coding, rate=RATE, options=options)
        if film:
            pictures = target.add_stream("mpeg4", rate=10)
            pictures.width, pictures.height, pictures.pix_fmt = 64, 64, "yuv420p"
        target.metadata.update(NOTES)
        stream.metadata["title"] = "HIDDENWORD stream"
        resampler = av.AudioResampler(
            format=stream.codec_context.format, layout="stereo", rate=RATE
        )
        for at in range(0, int(RATE * seconds), 1024):
            tone = array.array(
                "h",
                [int(9000 * math.sin((at + one) / 17)) for one in range(1024) for _side in (0, 1)],
            )
            frame = av.AudioFrame(format="s16", layout="stereo", samples=1024)
            frame.planes[0].update(tone.tobytes())
            frame.sample_rate, frame.pts = RATE, at
            for ready in resampler.resample(frame):
                target.mux(stream.encode(ready))
        target.mux(stream.encode(None))
        if film:
            for _place in range(5):
                target.mux(pictures.encode(av.VideoFrame(64, 64, "yuv420p")))
            target.mux(pictures.encode(None))
    return out.getvalue()


@cache
def every_kind() -> dict[str, bytes]:
    """One sample of each kind and coding that is taken, by name."""
    return {
        "jpeg": picture("JPEG"),
        "png": picture("PNG"),
        "webp": picture("WEBP"),
        "heic": picture("HEIF"),
        "pdf": document(),
        "m4a": sound("ipod", "aac"),
        "mp3": sound("mp3", "libmp3lame"),
        "ogg": sound("ogg", "vorbis"),
        "opus": sound("ogg", "libopus"),
        "webm": sound("webm", "libopus"),
        "webm-vorbis": sound("webm", "vorbis"),
    }


KINDS = ("jpeg", "png", "webp", "heic", "pdf", "m4a", "mp3", "ogg", "opus", "webm", "webm-vorbis")
