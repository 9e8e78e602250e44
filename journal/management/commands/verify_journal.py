from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils.translation import override

from journal.bound import missing
from journal.models import Volume
from journal.one_moment import as_of_one_moment
from journal.services.verifying import Broken, verify_files, verify_school
from schools.models import School


class Command(BaseCommand):
    help = "Checks that nobody changed a school’s book behind the program’s back; every school without a name."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("school", nargs="?", help="the school’s short name")

        parser.add_argument(
            "--files",
            action="store_true",
            help="reads every stored file as well and compares it with the book",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        schools = School.objects.all()
        if options["school"]:
            schools = schools.filter(slug=options["school"])
            if not schools:
                raise CommandError(f"No school is called {options['school']}.")
        cut = missing(connection)
        if cut:
            self.stderr.write(f"The book is not bound: {', '.join(cut)} missing. Run migrate.")
        broken = bool(cut)
        for school in schools:
            try:
                with as_of_one_moment():
                    volumes = verify_school(school)
                files = verify_files(school) if options["files"] else None
            except Broken as error:
                self.stderr.write(str(error))
                broken = True
                continue
            for volume in volumes:
                self.stdout.write(
                    f"{school.slug}: volume {_named(volume)}, {volume.last_number} entries, whole"
                )
            if files is not None:
                self.stdout.write(f"{school.slug}: {files} files, whole")
            if not volumes:
                self.stdout.write(f"{school.slug}: no volume yet, whole")
        if broken:
            raise SystemExit(1)


def _named(volume: Volume) -> str:
    """The volume, and the short name of its book; in one language, whatever the site's is."""
    with override("en"):
        return str(volume)
