from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from journal.archive.typed import on_eight_lines
from journal.services.archiving import InDanger, WentOn, archive
from journal.services.verifying import Broken
from schools.models import School


class Command(BaseCommand):
    help = "Puts everything of a school into one sealed file, to be read with its key or taken in elsewhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("school", help="the school’s short name")
        parser.add_argument("file", type=Path, help="a file that is not there yet")
        parser.add_argument(
            "--leaves",
            action="store_true",
            help="the school leaves with it: its box is closed here, nobody works in its book, its pages say so",
        )
        parser.add_argument(
            "--to",
            metavar="URL",
            default="",
            help="where its box is from now on, for those pages; with --leaves",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        school = School.objects.filter(slug=options["school"]).first()
        if school is None:
            raise CommandError(f"No school is called {options['school']}.")
        try:
            done = archive(
                school=school,
                to=options["file"],
                by=None,
                leaves=options["leaves"],
                new_address=_new_address(options),
            )
        except WentOn:
            raise CommandError(
                "Something came into the book meanwhile. Nothing was written; please run it again."
            ) from None
        except InDanger:
            raise CommandError(
                "Somebody is in danger, and nobody at the school has answered: that comes first. Nothing was written."
            ) from None
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
        if options["leaves"]:
            self.stdout.write(
                "The box is closed here, and nobody works in its book any more. Its pages say that it is elsewhere."
            )


def _new_address(options: dict[str, Any]) -> str:
    """What was given with ``--to``, as a field takes it. Raises CommandError."""
    if options["to"] and not options["leaves"]:
        raise CommandError("--to is said of a school that leaves: give --leaves as well.")
    try:
        return School._meta.get_field("new_address").formfield(required=False).clean(options["to"])
    except ValidationError as error:
        raise CommandError(f"--to: {error.messages[0]}") from None
