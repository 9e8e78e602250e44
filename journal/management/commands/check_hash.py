from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from journal.prints import NoHash, end_of_book, row_with_hash
from journal.services.verifying import Broken, verify_chain
from schools.models import School


class Command(BaseCommand):
    help = "Checks the hash of a print against a school’s book, and that the book is whole up to there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("school", help="the school’s short name")
        parser.add_argument(
            "hash", nargs="+", help="as on the print; its first 16 digits are enough"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        school = School.objects.filter(slug=options["school"]).first()
        if school is None:
            raise CommandError(f"No school is called {options['school']}.")
        try:
            row = row_with_hash(school, " ".join(options["hash"]))
        except NoHash:
            raise CommandError("This is no hash: give 16 to 64 digits 0–9 and a–f.") from None
        if row is None:
            raise CommandError(f"{school.slug}: no such hash in this school’s book.")
        try:
            verify_chain(school, until=row)
        except Broken as error:
            raise CommandError(
                f"The hash is there, but the book before it is not whole. {error}"
            ) from None
        rows = end_of_book(school).rows
        self.stdout.write(f"{school.slug}: the print matches the book up to row {row} of {rows}.")
