"""Reading a table in a process of its own (``journal/importing/child.py``)."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from box.files.refusals import NotCleaned
from box.files.refusals import Why as NotTaken
from box.files.uploads import SealedUpload
from box.files.worker import fed, turn
from journal.importing.refusals import NotRead, Why

CHILD = Path(__file__).with_name("child.py")
LONGEST_SECONDS = 50.0
_ANSWER_BYTES = 1000
# Texts as JSON take at most six bytes a character; what is longer was not written by our own reader.
_MOST_ANSWER = 160 * 1024 * 1024

_WHY = {
    NotTaken.TOO_BIG: Why.TOO_BIG,
    NotTaken.EMPTY: Why.EMPTY,
    NotTaken.NO_ROOM: Why.NO_ROOM,
    NotTaken.BUSY: Why.BUSY,
}


@dataclass(frozen=True)
class Table:
    """What stood in a file: ``rows`` are pairs of a row's number in the file and its cells. ``sheets``: how many."""

    rows: list[tuple[int, list[str]]] = field(repr=False)
    sheets: int = 1


def read_upload(upload: SealedUpload) -> Table:
    """The rows of a file that was sent. Raises NotRead."""
    if upload.fault is not None:
        raise NotRead(_WHY.get(upload.fault, Why.UNKNOWN))
    try:
        with turn():
            return read_chunks(upload.spool.chunks())
    except NotCleaned as refusal:
        raise NotRead(_WHY.get(refusal.why, Why.BROKEN)) from None


def read_chunks(chunks: Iterable[bytes]) -> Table:
    """The rows of a file that comes in pieces. Raises NotRead."""
    with fed(CHILD, chunks=chunks, longest=LONGEST_SECONDS) as child:
        try:
            return _answer(child.answer)
        except NotRead as refusal:
            raise NotRead(Why.TOO_LONG if child.ran_out else refusal.why) from None


def _answer(said: IO[bytes]) -> Table:
    # Whoever took the child over writes this answer: nothing in it is believed.
    try:
        answer = json.loads(said.readline(_ANSWER_BYTES))
        if "refused" in answer:
            raise NotRead(Why(answer["refused"]))
        size, sheets = int(answer["size"]), int(answer["sheets"])
        if not 0 < size <= _MOST_ANSWER or sheets < 1:
            raise NotRead(Why.BROKEN)
        rows = [_row(one) for one in _listed(json.loads(said.read(size)))]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise NotRead(Why.BROKEN) from None
    if not rows:
        raise NotRead(Why.EMPTY)
    return Table(rows=rows, sheets=sheets)


def _listed(rows: object) -> list[object]:
    if not isinstance(rows, list):
        raise ValueError("This is no list.")
    return rows


def _row(one: object) -> tuple[int, list[str]]:
    number, cells = one
    if not isinstance(number, int) or not all(isinstance(cell, str) for cell in cells):
        raise ValueError("This is no row.")
    return number, list(cells)
