"""An opened archive as a folder: every row as a line of JSON, the journal as a table, the files as they were sent."""

import csv
import os
import shutil
from pathlib import Path
from typing import Any

from box.files.kinds import CLEANED
from journal.archive.contents import BadArchive
from journal.archive.reading import OpenedArchive, StoredFile, as_line
from journal.exporting.cells import defused
from vault.errors import NotForThisKey

_COLUMNS = (
    "taken_on",
    "received_at",
    "source",
    "category",
    "audience",
    "signed",
    "danger",
    "state",
)
_DATES = ("due_on", "answered_on", "closed_on", "destroyed_on")
_WORDS = ("full_name", "address", "age", "class_group", "phone", "text", "summary", "sent_to")
_OUTCOME = ("outcome", "measures", "no_reply_reason")


class Unpacked:
    """What a folder was given: rows by kind, how many of them stayed closed, and how many files were opened."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.closed = 0
        self.files = 0


def unpack(archive: OpenedArchive, folder: Path | None) -> Unpacked:
    """Read everything to its end; into a new folder that its maker alone may enter, or only to see that it is whole.

    What of it was written goes again when something is wrong. Raises BadArchive, FileExistsError and OSError.
    """
    if folder is not None:
        folder.mkdir(mode=0o700)
    try:
        return _unpack(archive, folder)
    except BaseException as error:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, LookupError | TypeError | ValueError | AttributeError):
            # By somebody with the code: whoever reads it is told, and nothing of it stands in a traceback.
            raise BadArchive("The archive is not put together as an archive is.") from None
        raise


def _unpack(archive: OpenedArchive, folder: Path | None) -> Unpacked:
    done, table = Unpacked(), _Table()
    lines: dict[str, Any] = {}
    try:
        for label, row in archive.rows():
            done.counts[label] = done.counts.get(label, 0) + 1
            done.closed += "opened" in row and row["opened"] is None
            if folder is not None:
                if label not in lines:
                    lines[label] = _new(folder / f"{label}.jsonl")
                lines[label].write(as_line(row))
                table.note(label, row)
    finally:
        for file in lines.values():
            file.close()
    archive.check_end()
    for stored in archive.files():
        if folder is not None:
            _write_file(folder, stored)
            done.files += 1
    if folder is not None:
        table.write(folder / "journal.csv")
    return done


def _new(path: Path) -> Any:
    return open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8")


def _write_file(folder: Path, stored: StoredFile) -> None:
    # Nothing of a name in the archive becomes a name here.
    ending = CLEANED[stored.mime].ending if stored.mime in CLEANED else ""
    path = folder / f"{stored.label}-{int(stored.pk)}{ending}"
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            for piece in stored.pieces:
                out.write(piece)
    except NotForThisKey:
        raise BadArchive(f"The file {path.name} in the archive was changed.") from None


class _Table:
    """The journal, a line an entry, as a spreadsheet opens it."""

    def __init__(self) -> None:
        self._volumes: dict[int, int] = {}
        self._categories: dict[int, str] = {}
        self._letters: dict[int, dict[str, Any]] = {}
        self._entries: list[list[str]] = []

    def note(self, label: str, row: dict[str, Any]) -> None:
        """One row of the archive, of whatever kind."""
        match label:
            case "journal.Volume":
                self._volumes[row["id"]] = row["number"]
            case "schools.Category":
                self._categories[row["id"]] = row["slug"]
            case "box.Letter":
                self._letters[row["id"]] = row["opened"] or {}
            case "journal.Entry":
                self._entries.append(self._line(row))

    def _line(self, row: dict[str, Any]) -> list[str]:
        said = {**self._letters.get(row["letter_id"], {}), **_not_empty(row["opened"] or {})}
        open_to_all = {**row, "category": self._categories.get(row["category_id"], "")}
        plain = [self._volumes[row["volume_id"]], row["number"]]
        plain += [open_to_all[name] for name in (*_COLUMNS, *_DATES)]
        words = [said.get(name, "") for name in (*_WORDS, *_OUTCOME)]
        return [defused("" if value is None else str(value)) for value in (*plain, *words)]

    def write(self, path: Path) -> None:
        """All lines under their heads."""
        with _new(path) as out:
            out.write("\ufeff")
            table = csv.writer(out)
            table.writerow(["volume", "number", *_COLUMNS, *_DATES, *_WORDS, *_OUTCOME])
            table.writerows(self._entries)


def _not_empty(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value}
