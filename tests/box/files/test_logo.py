"""A logo is made anew, small, in the process that cleans files; whatever else is sent is refused, and harms nothing."""

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from box.files import worker
from box.files.cleaning import LOGO_SIDE, MOST_LOGO_BYTES, clean_logo
from box.files.refusals import NotCleaned, Why
from box.files.worker import clean_upload
from tests.box.files.making import upload
from tests.box.files.samples import HIDDEN, every_kind, picture

pytestmark = pytest.mark.once("sqlite")


def made(data: bytes) -> bytes:
    """Through the process, as the page does it."""
    sent = upload(data)
    try:
        file = clean_upload(sent, as_logo=True)
        assert file.type.mime == "image/png"
        return b"".join(file.chunks())
    finally:
        sent.close()


def opened(png: bytes) -> Image.Image:
    with Image.open(io.BytesIO(png), formats=["PNG"]) as logo:
        logo.load()
        return logo


def refusal(data: bytes) -> Why:
    with pytest.raises(NotCleaned) as caught:
        made(data)
    return caught.value.why


def noise(side: int, mode: str) -> bytes:
    """What no PNG makes small."""
    out = io.BytesIO()
    channels = [Image.effect_noise((side, side), 120) for _channel in range(len(mode))]
    Image.merge(mode, channels).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize("as_format", ["PNG", "JPEG", "WEBP"])
def test_each_kind_becomes_a_small_png_without_its_notes(as_format: str) -> None:
    sent = picture(as_format, size=(1600, 800))
    assert HIDDEN in sent
    png = made(sent)
    logo = opened(png)
    assert logo.size == (LOGO_SIDE, LOGO_SIDE // 2)
    assert len(png) <= MOST_LOGO_BYTES
    assert HIDDEN not in png
    assert not logo.getexif() and not logo.info


def test_a_small_one_is_not_made_larger_and_stands_upright() -> None:
    assert opened(made(picture("PNG", size=(40, 20)))).size == (40, 20)
    assert opened(made(picture("JPEG", size=(40, 20), orientation=6))).size == (20, 40)


def test_what_is_see_through_stays_so() -> None:
    sign = Image.new("RGBA", (600, 600), (0, 0, 0, 0))
    sign.paste((200, 30, 30, 255), (200, 200, 400, 400))
    sign.paste((30, 30, 200, 128), (0, 0, 100, 100))
    out = io.BytesIO()
    sign.save(out, "PNG")
    logo = opened(made(out.getvalue())).convert("RGBA")
    assert logo.getpixel((500, 500))[3] == 0
    assert logo.getpixel((256, 256)) == (200, 30, 30, 255)
    assert 100 < logo.getpixel((30, 30))[3] < 156


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_what_would_be_heavy_is_made_lighter(mode: str) -> None:
    sent = noise(900, mode)
    assert len(sent) > 10 * MOST_LOGO_BYTES
    png = made(sent)
    assert len(png) <= MOST_LOGO_BYTES
    assert max(opened(png).size) >= 128


def test_of_an_animated_one_the_first_picture() -> None:
    out = io.BytesIO()
    frames = [Image.new("RGB", (30, 30), colour) for colour in ("red", "blue")]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    logo = opened(made(out.getvalue()))
    assert getattr(logo, "n_frames", 1) == 1
    assert logo.convert("RGB").getpixel((5, 5))[0] > 200


def bomb(width: int, height: int) -> bytes:
    """A few bytes that unpack into a giant."""

    def block(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + block(b"IHDR", head)
        + block(b"IDAT", zlib.compress(b"\0" * 1_000_000, 9))
        + block(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (b"", Why.EMPTY),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", Why.UNKNOWN),
        (b"GIF89a" + b"\0" * 100, Why.UNKNOWN),
        (b"<html>not a picture</html>", Why.UNKNOWN),
        (b"\x89PNG\r\n\x1a\n" + b"<script>alert(1)</script>" * 50, Why.BROKEN),
        (b"\xff\xd8\xff\xe0" + b"\0" * 500, Why.BROKEN),
        (b"RIFF\0\0\0\0WEBPVP8 " + b"\0" * 50, Why.BROKEN),
        (bomb(30_000, 10), Why.TOO_MANY_PIXELS),
        (bomb(20_000, 20_000), Why.TOO_MANY_PIXELS),
        (bomb(7_000, 7_000), Why.BROKEN),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * (10 * 1024 * 1024), Why.TOO_BIG),
    ],
)
def test_hostile_files(sent: bytes, why: Why) -> None:
    assert refusal(sent) is why


def test_other_files_of_letters_are_no_logo() -> None:
    kinds = every_kind()
    others = {name: data for name, data in kinds.items() if name not in ("jpeg", "png", "webp")}
    assert len(others) >= 4
    assert {refusal(data) for data in others.values()} == {Why.UNKNOWN}


def test_what_hides_behind_a_picture_is_gone() -> None:
    page = b"<script>alert('here')</script>"
    for as_format in ("PNG", "JPEG"):
        assert page not in made(picture(as_format) + page)


def test_a_cut_picture_is_refused_or_made_whole() -> None:
    whole = picture("PNG", size=(300, 300))
    for end in range(0, len(whole), max(1, len(whole) // 40)):
        try:
            png, _kind = clean_logo(whole[:end])
        except NotCleaned:
            continue
        assert opened(png).size == (300, 300)


def test_a_process_that_was_taken_over_cannot_give_another_kind(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    impostor = tmp_path / "impostor.py"
    impostor.write_text(
        "import sys; sys.stdin.buffer.read(); sys.stdout.buffer.write("
        'b\'{"mime": "image/png", "size": 8}\\n<script>\')'
    )
    monkeypatch.setattr(worker, "CHILD", impostor)
    assert refusal(picture("PNG")) is Why.BROKEN
