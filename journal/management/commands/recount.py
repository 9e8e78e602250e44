from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from journal.services.counting import recount
from schools.models import School


class Command(BaseCommand):
    help = "Makes the counts of months, and how each school stands, anew from the book."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", nargs="?", help="of one school; all schools when not given")

    def handle(self, *args: Any, **options: Any) -> None:
        schools = School.objects.all()
        if options["slug"]:
            schools = schools.filter(slug=options["slug"])
            if not schools.exists():
                raise CommandError(f"There is no school {options['slug']}.")
        count = 0
        for school in schools.iterator(chunk_size=500):
            recount(school)
            count += 1
        self.stdout.write(f"Schools counted anew: {count}.")
