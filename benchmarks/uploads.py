"""A photo of 10 MB sent with a letter: how long the author waits, and how much memory the server takes for it.

The server's own processes are told apart from the one that cleans the photo and ends with it.
"""

import io
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from PIL import Image

from benchmarks.letters import FORM, TEXT, written_fields
from benchmarks.load import get, post, send_all
from benchmarks.portal import Portal

MEGABYTE = 1024 * 1024
ROUNDS = 3
_BOUNDARY = "benchmark-of-an-upload"


@dataclass(frozen=True)
class Upload:
    """Seconds from the first byte to the answer; megabytes above what the server had before, and of the cleaning."""

    seconds: float
    server_megabytes: float
    cleaning_megabytes: float


def photo(megabytes: float) -> bytes:
    """A JPEG of about that size, as hard to pack as a photo of leaves."""
    side = int((megabytes * 1_050_000) ** 0.5)
    picture = Image.merge("RGB", [Image.effect_noise((side, side), 60 + part) for part in range(3)])
    out = io.BytesIO()
    for quality in range(95, 20, -3):
        picture.save(out := io.BytesIO(), "JPEG", quality=quality)
        if len(out.getvalue()) <= megabytes * MEGABYTE:
            break
    return out.getvalue()


def _with_photo(portal: Portal, page: bytes, data: bytes) -> bytes:
    cookie, fields = written_fields(page)
    parts = b"".join(
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in {**fields, "text": TEXT}.items()
    )
    head = (
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="attachments"; filename="IMG.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    )
    body = parts + head.encode() + data + f"\r\n--{_BOUNDARY}--\r\n".encode()
    return post(
        portal.port,
        FORM,
        cookie=cookie,
        body=body,
        content_type=f"multipart/form-data; boundary={_BOUNDARY}",
    )


def _processes(portal: Portal) -> Iterator[tuple[Path, bool]]:
    """The portal's processes, and whether each is one that cleans."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().split(b"\0")
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            above = (Path("/proc") / parent / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue  # it has just ended
        port = str(portal.port).encode()
        if port in command or port in above:
            yield folder, any(part.endswith(b"files/child.py") for part in command)
        elif any(part.endswith(b"files/child.py") for part in command):
            yield folder, True


def _megabytes(folder: Path, name: str) -> float:
    try:
        status = (folder / "status").read_text()
    except OSError:
        return 0.0
    found = status.partition(f"{name}:")[2].split()
    return int(found[0]) / 1024 if found else 0.0


def upload(portal: Portal, data: bytes) -> Upload:
    """One letter with the photo, sent at once over loopback."""
    (page,) = send_all(portal.port, [get(portal.port, FORM)], keep=True).kept
    request = _with_photo(portal, page, data)
    time.sleep(1.2)  # nobody reads and fills a form in less than a second
    server = [folder for folder, cleans in _processes(portal) if not cleans]
    before = {folder: _megabytes(folder, "VmRSS") for folder in server}
    for folder in server:
        (folder / "clear_refs").write_text("5")  # the peak counts from here
    cleaning, done = [0.0], threading.Event()

    def watch() -> None:
        while not done.wait(0.005):
            cleaning.append(
                sum(_megabytes(folder, "VmHWM") for folder, cleans in _processes(portal) if cleans)
            )

    watcher = threading.Thread(target=watch)
    watcher.start()
    began = time.perf_counter()
    try:
        answers = send_all(portal.port, [request])
        seconds = time.perf_counter() - began
    finally:
        done.set()
        watcher.join()
    if answers.statuses != {303: 1}:
        raise RuntimeError(f"The letter was not taken: {answers.statuses}")
    grown = sum(_megabytes(folder, "VmHWM") - before[folder] for folder in server)
    return Upload(seconds, max(grown, 0.0), max(cleaning))


def uploads(portal: Portal, megabytes: float) -> Upload:
    """The medians of some letters with a photo of that size."""
    data = photo(megabytes)
    found = [upload(portal, data) for _round in range(ROUNDS)]
    return Upload(
        median(one.seconds for one in found),
        median(one.server_megabytes for one in found),
        median(one.cleaning_megabytes for one in found),
    )
