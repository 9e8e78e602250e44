from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from schools.services.roles import roles_out_of_line, sync_roles


class Command(BaseCommand):
    help = "Applies schools/roles.py to the database; with --check only says whether it is applied."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            if differing := roles_out_of_line():
                raise CommandError(f"Out of line: {', '.join(differing)}. Run sync_roles.")
            return
        for slug in sync_roles():
            self.stdout.write(f"Changed: {slug}")
