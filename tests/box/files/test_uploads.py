"""Files on their way through the server: nothing readable on the disk, little in memory, bounded in number and size."""

import io
import os
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import ResolverMatch

from box.files import spool, uploads
from box.files.cleaning import MOST_BYTES
from box.files.refusals import NotCleaned, Why
from box.files.spool import Spool
from box.files.uploads import MOST_FILES, SealedUpload, takes_files
from tests.box.files.making import upload

pytestmark = pytest.mark.once("sqlite")

WORD = b"readable-word-of-a-file "


@takes_files
def form_view(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def other_view(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


class Body(io.RawIOBase):
    """A multipart body that is made while it is read: its size is in nobody's memory."""

    def __init__(self, *parts: tuple[str, bytes, int]) -> None:
        self.length = 0
        self._rest = b""
        self._parts = parts
        self.length = sum(map(len, self._pieces()))
        self._made = self._pieces()

    def _pieces(self) -> Iterator[bytes]:
        for head, piece, times in self._parts:
            yield f"--edge\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode()
            for _time in range(times):
                yield piece
            yield b"\r\n"
        yield b"--edge--\r\n"

    def readable(self) -> bool:
        return True

    def readinto(self, room: memoryview) -> int:
        while not self._rest:
            self._rest = next(self._made, None)
            if self._rest is None:
                self._rest = b""
                return 0
        data, self._rest = self._rest[: len(room)], self._rest[len(room) :]
        room[: len(data)] = data
        return len(data)


def request_with(*parts: tuple[str, bytes, int], view: object = form_view) -> HttpRequest:
    body = Body(*parts)
    request = RequestFactory().generic(
        "POST", "/", b"-", content_type="multipart/form-data; boundary=edge"
    )
    request.META["CONTENT_LENGTH"] = str(body.length)
    request.environ["wsgi.input"] = request._stream = io.BufferedReader(body)
    request.resolver_match = ResolverMatch(view, (), {})
    return request


def file_part(piece: bytes, times: int = 1, name: str = "attachments") -> tuple[str, bytes, int]:
    return (f'name="{name}"; filename="../../HIDDEN name.jpg"', piece, times)


def sent_files(request: HttpRequest) -> list[SealedUpload]:
    return request.FILES.getlist("attachments")


def open_spools() -> list[str]:
    """Files of the data folder that this process has open, also those without a name."""
    found = []
    for link in Path("/proc/self/fd").iterdir():
        try:
            target = os.readlink(link)
        except OSError:
            continue
        if target.startswith(str(settings.DATA_DIR)) and "sqlite" not in target:
            found.append(str(link))
    return found


def test_a_file_comes_in_without_its_name() -> None:
    request = request_with(('name="text"', b"hello", 1), file_part(WORD, 5000))
    (sent,) = sent_files(request)
    assert request.POST["text"] == "hello"
    assert (sent.size, sent.fault) == (len(WORD) * 5000, None)
    assert b"".join(sent.spool.chunks()) == WORD * 5000
    assert sent.head == (WORD * 5000)[:4096]
    assert "HIDDEN" not in str(vars(sent))
    request.close()
    assert open_spools() == []


def test_on_the_disk_lies_nothing_readable() -> None:
    before = {path for path in Path(settings.DATA_DIR).rglob("*")}
    request = request_with(file_part(WORD, 20_000), file_part(WORD, 100))
    assert len(sent_files(request)) == 2
    assert {path for path in Path(settings.DATA_DIR).rglob("*")} == before, "no name either"
    spools = open_spools()
    assert len(spools) == 2
    lying = [Path(link).read_bytes() for link in spools]
    assert sum(map(len, lying)) > 20_100 * len(WORD)
    assert not any(WORD[:8] in data for data in lying)
    request.close()
    assert open_spools() == []


def test_ten_megabytes_take_little_memory() -> None:
    piece = b"\xff" * 50_000

    def peak_of(files: int, times: int) -> int:
        request = request_with(*[file_part(piece, times)] * files)
        tracemalloc.start()
        sizes = [sent.size for sent in sent_files(request)]
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert sizes == [50_000 * times] * files
        request.close()
        return peak

    small = peak_of(1, 10)
    assert peak_of(1, 200) < small + 300_000
    assert peak_of(5, 200) < small + 400_000 < 2_000_000


def test_one_that_is_too_big_is_read_to_its_end_and_kept_nowhere() -> None:
    request = request_with(file_part(b"x" * 100_000, 200), ('name="text"', b"after", 1))
    (sent,) = sent_files(request)
    assert (sent.fault, sent.size, request.POST["text"]) == (Why.TOO_BIG, 20_000_000, "after")
    assert open_spools() == []
    exactly = request_with(file_part(b"x" * 1024, MOST_BYTES // 1024))
    assert sent_files(exactly)[0].fault is None
    exactly.close()


def test_more_than_five_are_counted_and_kept_nowhere() -> None:
    request = request_with(*[file_part(WORD)] * 8)
    files = sent_files(request)
    assert len(files) == 8
    assert [sent.fault is None for sent in files] == [True] * MOST_FILES + [False] * 3
    assert len(open_spools()) == MOST_FILES
    request.close()


def test_an_empty_file_and_an_empty_choice() -> None:
    request = request_with(file_part(b""), ('name="attachments"; filename=""', b"", 1))
    assert [sent.fault for sent in sent_files(request)] == [Why.EMPTY]


@pytest.mark.parametrize("view", [other_view, None])
def test_elsewhere_a_file_is_dropped(view: object) -> None:
    request = request_with(file_part(WORD), ('name="text"', b"stays", 1), view=view or form_view)
    if view is None:
        request.resolver_match = None
    assert (request.POST["text"], dict(request.FILES)) == ("stays", {})
    assert open_spools() == []


def test_another_field_takes_no_file() -> None:
    request = request_with(file_part(WORD, name="text"))
    assert dict(request.FILES) == {}


def test_other_fields_stay_limited_and_leave_no_file_behind() -> None:
    request = request_with(file_part(WORD, 100), ('name="text"', b"x" * 100_000, 20))
    with pytest.raises(RequestDataTooBig):
        _text = request.POST
    assert open_spools() == []


def test_a_request_beyond_all_measure_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_REQUEST_BYTES", 1000)
    request = request_with(file_part(WORD, 100))
    with pytest.raises(RequestDataTooBig):
        _text = request.POST


def test_a_full_disk_is_a_fault_of_the_file_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "ROOM_KEPT_FREE", 1 << 62)
    request = request_with(file_part(WORD), ('name="text"', b"stays", 1))
    assert [sent.fault for sent in sent_files(request)] == [Why.NO_ROOM]
    assert request.POST["text"] == "stays"
    monkeypatch.undo()

    class Full(io.RawIOBase):
        def write(self, data: bytes) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(spool.tempfile, "TemporaryFile", lambda **_more: Full())
    assert upload(WORD * 10_000).fault is Why.NO_ROOM


def test_the_spool_gives_back_what_was_put_in() -> None:
    one = Spool()
    for piece in (b"a" * 70_000, b"", b"b"):
        one.add(piece)
    one.end()
    assert b"".join(one.chunks()) == b"a" * 70_000 + b"b"
    assert one.size == 70_001
    one.close()
    one.close()


def test_a_spool_altered_on_the_disk_does_not_open() -> None:
    from vault.errors import NotForThisKey

    one = Spool()
    one.add(b"a" * 70_000)
    one.end()
    one._file.seek(100)
    one._file.write(b"\0\0\0\0")
    with pytest.raises(NotForThisKey):
        list(one.chunks())
    one.close()
    assert not issubclass(NotForThisKey, NotCleaned)
