"""``manage.py add_schools``: hundreds of schools from a table, as the operator's page adds them."""

import os
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from journal.admin.importing_schools import facts_of, mails_links
from journal.exporting.formats import FORMATS
from journal.import_forms import REASONS
from journal.importing.checking import Finding, Layout
from journal.importing.columns import Heads
from journal.importing.refusals import NotRead
from journal.importing.school_columns import SCHOOLS
from journal.importing.school_list import SchoolList, check_schools
from journal.importing.worker import Table, read_chunks
from journal.services.giving_links import Link, links_of
from reports.links import heads, links_pdf, rows
from reports.rendering import LibrariesMissing, RenderingFailed
from schools.errors import Refused
from schools.languages import LANGUAGES, SOURCES, speaking
from schools.services.adding_schools import add_schools

_PIECE = 64 * 1024


class Command(BaseCommand):
    help = (
        "Adds the schools of a table (XLSX, ODS or CSV) with their first people: all of them, or none. "
        "Schools that are here already stay as they are."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the table; its columns are told by their heads")
        parser.add_argument("--check", action="store_true", help="say what is wrong; add nothing")
        parser.add_argument(
            "--mail", action="store_true", help="send links to those who have an e-mail address"
        )
        parser.add_argument(
            "--links",
            help="a new file for the links: .xlsx, .ods, .csv or .pdf; otherwise they are printed here",
        )
        parser.add_argument("--language", choices=LANGUAGES, default=SOURCES)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["mail"] and not mails_links():
            raise CommandError("--mail: no mail server (EMAIL_URL) or no address (TRUSTBOX_URL).")
        target = _target(options["links"])
        with speaking(options["language"]):
            found = self._checked(_table(options["file"]))
            for fact in facts_of(found):
                self.stdout.write(fact)
            if options["check"] or not found.new:
                self.stdout.write("Nothing was changed.")
                return
            links = _added(found, by_mail=options["mail"])
            self._give(links, target, options["language"])

    def _checked(self, table: Table) -> SchoolList:
        """Raises CommandError once everything that is wrong is said."""
        told = Heads(SCHOOLS)
        line = told.line([cells for _number, cells in table.rows])
        columns = told.told(table.rows[line][1])
        missing = [
            str(column.label) for column in SCHOOLS if column.needed and column.name not in columns
        ]
        if missing:
            raise CommandError(f"No column is headed so: {', '.join(missing)}.")
        found = check_schools(rows=table.rows, layout=Layout(head=line, columns=columns))
        for fault in found.checked.findings:
            self.stderr.write(_said(fault))
        if found.checked.findings:
            count = len(found.checked.findings)
            raise CommandError(f"Faults in the table: {count}. Nothing was made.")
        return found

    def _give(self, links: list[Link], target: Path | None, language: str) -> None:
        if target is None:
            for link in links:
                self.stdout.write(f"{link.slug}\t{link.username}\t{link.address or link.email}")
        else:
            _write(target, links, language)
            self.stdout.write(f"Links: {target}")
        if links and not settings.BASE_URL:
            self.stdout.write("TRUSTBOX_URL is not set: put the portal’s address before each link.")
        if links:
            self.stdout.write("Each link opens once, within 72 hours, and is given out now alone.")


def _said(fault: Finding) -> str:
    place = ", ".join(part for part in (str(fault.row), fault.column, fault.cell) if part)
    return f"{place}: {fault.text}"


def _table(name: str) -> Table:
    """Raises CommandError."""
    try:
        with Path(name).open("rb") as file:
            return read_chunks(_pieces(file))
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}.") from None
    except NotRead as refusal:
        raise CommandError(f"{name}: {REASONS[refusal.why]}") from None


def _pieces(file: Any) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        yield piece


def _target(name: str | None) -> Path | None:
    """Where the links go: a file that is not there yet, made at once so that nothing is added in vain."""
    if name is None:
        return None
    path = Path(name)
    if path.suffix.removeprefix(".") not in (*FORMATS, "pdf"):
        raise CommandError("--links: give a file that ends with .xlsx, .ods, .csv or .pdf.")
    if path.exists():
        raise CommandError(f"--links: {name} is there already.")
    if not os.access(path.absolute().parent, os.W_OK | os.X_OK):
        raise CommandError(f"--links: {name} cannot be written.")
    return path


def _added(found: SchoolList, *, by_mail: bool) -> list[Link]:
    """Raises CommandError."""
    teams = [(line.new_school(), line.people()) for line in found.new]
    try:
        added = add_schools(teams=teams, by=None, by_mail=by_mail)
    except ValidationError as fault:
        raise CommandError(f"{' '.join(fault.messages)} Nothing was made.") from None
    except Refused as refused:
        raise CommandError(f"{refused} Nothing was made.") from None
    return links_of(added=added)


def _write(target: Path, links: list[Link], language: str) -> None:
    """The file, for its owner's eyes alone. What cannot be printed is written as a table beside it."""
    form = target.suffix.removeprefix(".")
    if form == "pdf":
        try:
            file = links_pdf(links, language=language)
        except (LibrariesMissing, RenderingFailed):
            _write(target.with_suffix(".csv"), links, language)
            raise CommandError(
                f"The schools are made. The PDF could not be printed: "
                f"their links stand in {target.with_suffix('.csv')}."
            ) from None
        with _own(target) as out:
            out.write(file)
        return
    write, _content_type = FORMATS[form]
    with _own(target) as out:
        write(out, heads(), rows(links))


def _own(target: Path) -> Any:
    return os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
