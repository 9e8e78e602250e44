"""The processes that draw: what they may ask for, and what happens when they end."""

import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from pypdf import PdfReader

from reports import rendering
from reports.joining import Bookmark, Joiner
from reports.render_worker import ALLOWED, Renderer
from reports.rendering import LibrariesMissing, RenderingFailed, RenderProcess, ready_process
from tests.reports.reading import elements, page_texts

pytestmark = pytest.mark.once("sqlite")

CSS = "@font-face { font-family: Golos; src: url(font:regular) } html { font-family: Golos }"
HTML = "<html lang='en'><title>t</title><p>A page.</p></html>"


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://127.0.0.1:8000/admin/",
        "https://example.org/font.ttf",
        "data:text/plain,hello",
        "font:../../trustbox/settings.py",
        "ftp://example.org/",
    ],
)
def test_nothing_but_our_own_fonts_is_read(address: str) -> None:
    fetcher = Renderer().fetcher
    with pytest.raises(ValueError, match="nothing from outside"):
        fetcher.fetch(address)


def test_the_fonts_are_whole_files_of_ours() -> None:
    fetcher = Renderer().fetcher
    for address, path in ALLOWED.items():
        assert fetcher.fetch(address).read() == path.read_bytes()


def test_a_picture_from_a_file_is_not_drawn(tmp_path) -> None:
    from PIL import Image

    picture = tmp_path / "picture.png"
    Image.new("RGB", (8, 8), "red").save(picture)
    html = f"<html lang='en'><title>t</title><img alt='x' src='{picture.as_uri()}'></html>"
    with RenderProcess() as process:
        piece = process.render(html=html, css=CSS, kind="cover")
    assert not any(b"/Subtype /Image" in data for data, _stream in piece.objects.values())


def test_a_killed_process_is_an_error_and_not_a_wait() -> None:
    with RenderProcess() as process:
        process.render(html=HTML, css=CSS, kind="cover")
        os.kill(process.process_id, signal.SIGKILL)
        with pytest.raises(RenderingFailed):
            process.render(html=HTML, css=CSS, kind="cover")


def test_a_process_does_not_outlive_its_block() -> None:
    with RenderProcess() as process:
        number = process.process_id
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


def test_a_process_ends_with_its_input() -> None:
    process = subprocess.run(
        [sys.executable, "-m", "reports.render_worker"],
        cwd=rendering.ROOT,
        input=b"",
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (process.returncode, process.stdout) == (0, b"")


def test_without_the_system_libraries_it_says_so(monkeypatch, tmp_path) -> None:
    # A broken WeasyPrint in front of the real one, as ctypes fails without pango.
    (tmp_path / "weasyprint").mkdir()
    (tmp_path / "weasyprint" / "__init__.py").write_text("raise OSError('no pango')\n")
    monkeypatch.setattr(rendering, "WORKER", ["-c", _with_path(tmp_path)])
    with RenderProcess() as process, pytest.raises(LibrariesMissing):
        process.render(html=HTML, css="", kind="cover")


def _with_path(path) -> str:
    return (
        f"import sys; sys.path.insert(0, {str(path)!r}); "
        "from reports.render_worker import main; main()"
    )


def test_the_process_gets_no_secret_of_the_server(monkeypatch) -> None:
    monkeypatch.setenv("TRUSTBOX_SECRET_KEY", "very secret")
    monkeypatch.setenv("DATABASE_URL", "postgres://user:password@host/name")
    with RenderProcess() as process:
        process.render(html=HTML, css=CSS, kind="cover")
        environ = Path(f"/proc/{process.process_id}/environ").read_bytes()
    assert b"secret" not in environ
    assert b"DATABASE_URL" not in environ


def test_the_next_document_finds_a_process_ready_and_each_serves_once() -> None:
    with ready_process() as first:
        first.render(html=HTML, css=CSS, kind="cover")
    with pytest.raises(ProcessLookupError):
        os.kill(first.process_id, 0)
    waiting = rendering._waiting._process
    assert waiting.is_alive
    with ready_process() as second:
        assert second is waiting
        assert len(second.render(html=HTML, css=CSS, kind="cover").pages) == 1
    assert rendering._waiting._process.process_id != second.process_id


def test_a_document_that_failed_leaves_a_fresh_process_behind() -> None:
    with pytest.raises(ZeroDivisionError), ready_process():
        raise ZeroDivisionError
    with ready_process() as process:
        assert process.is_alive


def test_a_process_that_waited_too_long_ends_by_itself_and_is_replaced(monkeypatch) -> None:
    rendering._waiting.end()
    monkeypatch.setattr(rendering, "WAITS_SECONDS", 1)
    rendering._waiting.prepare()
    tired = rendering._waiting._process
    assert tired._process.wait(timeout=60) == 0
    with ready_process() as process:
        assert process is not tired
        process.render(html=HTML, css=CSS, kind="cover")
    rendering._waiting.end()


def test_pieces_are_joined_with_their_tags_bookmarks_and_footers() -> None:
    with ready_process() as process:
        pieces = [
            process.render(html=f"<html lang='en'><h1>{name}</h1></html>", css=CSS, kind="cover")
            for name in ("First", "Second")
        ]
        below = "<html lang='en'>" + "<p style='break-after: page'>below</p>" * 2 + "</html>"
        footers = process.render(html=below, css=CSS, kind="footers")
    joiner = Joiner(title="Both", language="en")
    for piece in pieces:
        joiner.add(piece)
    joiner.stamp(footers, first_page=0)
    joiner.bookmarks([Bookmark("First", 0, (Bookmark("Second", 1),))])
    file = joiner.file()
    for text, name in zip(page_texts(file), ("First", "Second"), strict=True):
        assert {name, "below"} == set(text.split())
    assert [tag["/S"] for tag in elements(file)].count("/H1") == 2
    first, (second,) = PdfReader(io.BytesIO(file)).outline
    assert (first.title, second.title) == ("First", "Second")
