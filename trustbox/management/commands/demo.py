import secrets
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from schools.models import School
from schools.services.roles import sync_roles
from trustbox.demo.loading import ACCOUNTS, NotADemo, load_operator, load_schools
from trustbox.demo.many_schools import Made, Wish, add_many_schools, tidy_up
from trustbox.demo.regions import add_regions, analysts, named_people, place_schools
from trustbox.demo.schools import SCHOOLS
from trustbox.demo.synthetic import Filler


class Command(BaseCommand):
    help = "Loads the four demonstration schools; what is there already stays as it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--password", help="of every demonstration account; random when not given"
        )
        parser.add_argument(
            "--schools",
            type=int,
            default=0,
            help="how many synthetic schools besides, in two regions of ten districts each",
        )
        parser.add_argument(
            "--entries",
            type=int,
            default=0,
            help="how many synthetic entries: added in the volume of each of the four schools, and as many in the "
            "volume of each synthetic one",
        )
        parser.add_argument(
            "--year", type=int, help="the year of that volume; this year when not given"
        )
        parser.add_argument(
            "--processes",
            type=int,
            help="how many make synthetic schools at once; as many as there are cores when not given (SQLite: one)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["schools"] < 0 or options["entries"] < 0:
            raise CommandError("Give whole numbers, 0 or more.")
        password = options["password"] or "-".join(secrets.token_hex(3) for _part in range(3))
        sync_roles()
        made_operator = load_operator(password)
        try:
            made = load_schools(password)
        except NotADemo as error:
            raise CommandError(f"{error} is a real school: nothing was loaded into it.") from None
        if made:
            add_regions(password)
            place_schools(made)
        year = options["year"] or timezone.localdate().year
        try:
            wish = Wish(password, options["entries"], year)
            many = add_many_schools(options["schools"], wish, processes=options["processes"])
        except LookupError as error:
            raise CommandError(str(error)) from None
        if made or made_operator or many.schools:
            accounts = [f"{account}.<school>" for account in ACCOUNTS]
            accounts += [*analysts(), *named_people(), "operator"]
            self.stdout.write(f"Demo accounts: {', '.join(accounts)}")
            self.stdout.write(f"Demo schools: {', '.join(data['slug'] for data in SCHOOLS)}")
            self.stdout.write(f"Password of the accounts made now: {password}")
        else:
            self.stdout.write(
                "The demo schools are there already; their accounts keep their password."
            )
        if options["entries"]:
            self._fill(year, options["entries"])
        if many != Made():
            tidy_up()
            self.stdout.write(
                f"Synthetic: {many.schools:,} schools (school-0001 …), {many.entries:,} entries; "
                "accounts: psychologist.<school>"
            )

    def _fill(self, year: int, count: int) -> None:
        """The volume of each of the four schools."""
        slugs = [data["slug"] for data in SCHOOLS]
        for school in School.objects.filter(is_demo=True, slug__in=slugs):
            try:
                volumes = Filler(school, year).fill(count)
            except LookupError as error:
                raise CommandError(str(error)) from None
            for volume in volumes:
                self.stdout.write(f"{school.slug}: volume {volume}, {volume.last_number} entries")
