from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from journal.archive.contents import BadArchive
from journal.archive.reading import OpenedArchive
from journal.archive.sealing import ArchiveReader, Code
from journal.archive.typed import pair_typed
from journal.archive.unpacking import unpack
from vault.pairs import KeyPair


class Command(BaseCommand):
    help = "Opens a school’s archive with the lines of its recovery sheet, without any database."
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "folder",
            type=Path,
            nargs="?",
            help="a new folder for everything in it; without one the archive is only checked",
        )
        parser.add_argument(
            "--key",
            type=Path,
            action="append",
            default=[],
            metavar="FILE",
            help="a file with the eight lines of a recovery sheet, or of the archive’s code; else they are typed. "
            "Where letters are still sealed to a former key, repeat it: the key in use first",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path | None = options["folder"]
        try:
            asked = "The eight lines of the school’s recovery sheet:"
            pairs = [pair_typed(path, ask=asked) for path in options["key"] or [None]]
            with open(options["file"], "rb") as source:
                reader = _opened(source, pairs)
                done = unpack(OpenedArchive(reader, pairs), folder)
        except FileExistsError:
            raise CommandError("There is such a folder already: nothing was written.") from None
        except OSError as error:
            raise CommandError(f"{error.filename or 'A file'}: {error.strerror}.") from None
        except BadArchive as error:
            raise CommandError(str(error)) from None
        rows = sum(done.counts.values())
        self.stdout.write(f"The archive is whole: {rows} rows, its trail with them.")
        if folder is not None:
            self.stdout.write(f"{folder}: journal.csv, rows of each kind, {done.files} files")
        if done.closed:
            self.stdout.write(f"Not opened by this key: {done.closed} rows.")


def _opened(source: Any, pairs: list[KeyPair]) -> ArchiveReader:
    reader = ArchiveReader(source)
    try:
        reader.open_by_school_key(pairs[0])
    except BadArchive as error:
        try:
            reader.open_by_code(Code(pairs[0]))
        except BadArchive:
            raise error from None
    return reader
