"""The processes that lay out and draw what is printed, and talking to them.

A process of their own, because a book takes memory that a server would keep, because two of them use two cores,
and because what a letter holds is drawn where there is no key and no database.
"""

import base64
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from reports.render_worker import read_message, write_message

ROOT = Path(__file__).resolve().parent.parent
WORKER = ["-m", "reports.render_worker"]
TABLE_WORKER = ["-m", "reports.press.worker"]


class RenderingFailed(Exception):
    """A process ended, or could not draw a page. Its text holds no content."""


class LibrariesMissing(RenderingFailed):
    """WeasyPrint does not find the system's libraries."""


Heading = tuple[str, int, list[Any]]


@dataclass(frozen=True)
class Piece:
    """Some pages as drawn: PDF objects by number, and what joins them.

    ``pages``: number, resources, kids (structure elements), nums (owners of marked content) of each page.
    """

    pages: tuple[Mapping[str, Any], ...]
    objects: Mapping[int, tuple[bytes, bool]]
    document: int | None
    metadata: int | None
    # Of a document of some pages: label, page from 0, and those under it.
    headings: tuple[Heading, ...] = ()


class _Process:
    """One such process. Use it in ``with``: it ends with the block."""

    def __init__(self, worker: list[str]) -> None:
        # Nothing of the server's environment but what finding libraries and fonts needs.
        kept = (
            "PATH",
            "LD_LIBRARY_PATH",
            "LANG",
            "HOME",
            "SYSTEMROOT",
            "FONTCONFIG_PATH",
        )
        # The fonts in use lie there while it runs. It is killed, so it cannot tidy up by itself.
        self._folder = tempfile.TemporaryDirectory(prefix="trustbox-")
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, *worker],
            cwd=ROOT,
            env={
                **{name: os.environ[name] for name in kept if name in os.environ},
                "TMPDIR": self._folder.name,
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            try:
                pipe.close()
            except BrokenPipeError:
                continue
        self._process.wait()
        self._folder.cleanup()

    @property
    def is_alive(self) -> bool:
        """Whether it still answers."""
        return self._process.poll() is None

    @property
    def process_id(self) -> int:
        """The operating system's number for it."""
        return self._process.pid

    def ask(self, message: dict[str, Any]) -> None:
        """Send a message. Raises RenderingFailed."""
        try:
            write_message(self._process.stdin, message)
        except OSError:
            raise RenderingFailed("the printing process ended") from None

    def answer(self) -> dict[str, Any]:
        """The next answer. Raises RenderingFailed and LibrariesMissing."""
        try:
            answer = read_message(self._process.stdout)
        except OSError:
            answer = None
        if answer is None:
            raise RenderingFailed("the printing process ended")
        if answer.get("error") == "libraries":
            raise LibrariesMissing
        if "error" in answer:
            raise RenderingFailed(answer["error"])
        return answer

    def take(self, length: int) -> bytes:
        """So many bytes that belong to the answer. Raises RenderingFailed."""
        data = self._process.stdout.read(length)
        if len(data) != length:
            raise RenderingFailed("the printing process ended")
        return data


class TableProcess(_Process):
    """Sets the table of a book (``reports.press.worker``)."""

    def __init__(self) -> None:
        super().__init__(TABLE_WORKER)


class RenderProcess(_Process):
    """Draws HTML (``reports.render_worker``)."""

    def __init__(self, *, patience: int | None = None) -> None:
        """``patience``: after so many seconds without work it ends by itself."""
        super().__init__([*WORKER, *([str(patience)] if patience else [])])

    def render(
        self, *, html: str, css: str, kind: str, images: Mapping[str, bytes] | None = None
    ) -> Piece:
        """The pages of this HTML; ``images``: PNGs by the names under which it asks for them (``image:name``).

        Raises RenderingFailed and LibrariesMissing.
        """
        question: dict[str, Any] = {"html": html, "css": css, "kind": kind}
        if images:
            question["images"] = {
                name: base64.b64encode(data).decode() for name, data in images.items()
            }
        self.ask(question)
        answer = self.answer()
        objects: dict[int, tuple[bytes, bool]] = {}
        for number, length, is_stream in answer["objects"]:
            objects[number] = (self.take(length), is_stream)
        return Piece(
            pages=tuple(answer["pages"]),
            objects=objects,
            document=answer.get("document"),
            metadata=answer.get("metadata"),
            headings=tuple(answer.get("headings", ())),
        )
