from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from journal.archive.typed import on_eight_lines
from journal.services.archiving import archive
from journal.services.verifying import Broken
from schools.models import School


class Command(BaseCommand):
    help = "Puts everything of a school into one sealed file, to be read with its key or taken in elsewhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("school", help="the school’s short name")
        parser.add_argument("file", type=Path, help="a file that is not there yet")

    def handle(self, *args: Any, **options: Any) -> None:
        school = School.objects.filter(slug=options["school"]).first()
        if school is None:
            raise CommandError(f"No school is called {options['school']}.")
        try:
            done = archive(school=school, to=options["file"], by=None)
        except FileExistsError:
            raise CommandError("There is such a file already: nothing was written.") from None
        except OSError as error:
            raise CommandError(
                f"The file cannot be written: {error.strerror}. Nothing was kept."
            ) from None
        except Broken as error:
            raise CommandError(f"{error} Nothing was written.") from None
        entries, letters = done.counts["journal.Entry"], done.counts["box.Letter"]
        self.stdout.write(
            f"{school.slug}: {entries} entries, {letters} letters, {done.files} files"
        )
        self.stdout.write(f"The book ends at row {done.rows}: {done.last_hash}")
        self.stdout.write(f"SHA-256 of the file: {done.sha256}")
        self.stdout.write("The code of the archive, shown now alone; it opens no letter:")
        self.stdout.write(on_eight_lines(done.code.pair))
