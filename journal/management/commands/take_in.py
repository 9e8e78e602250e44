from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from journal.archive.contents import BadArchive
from journal.archive.sealing import Code
from journal.archive.typed import pair_typed
from journal.services.taking_in import TakenIn, take_in
from schools.addresses import address_of
from schools.models import User
from schools.services.inviting import invite
from schools.services.roles import sync_roles


class Command(BaseCommand):
    help = "Takes in a school’s archive from another installation: all of it, or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--slug", help="its short name here, where the one it had is taken")
        parser.add_argument(
            "--code",
            type=Path,
            metavar="FILE",
            help="a file with the eight lines of the archive’s code; else they are typed",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        sync_roles()  # an installation that has only just been made knows none yet
        try:
            pair = pair_typed(options["code"], ask="The eight lines of the archive’s code:")
            done = take_in(source=options["file"], code=Code(pair), slug=options["slug"])
        except OSError as error:
            raise CommandError(
                f"{error.filename or 'A file'}: {error.strerror}. Nothing was taken in."
            ) from None
        except BadArchive as error:
            raise CommandError(f"{error} Nothing was taken in.") from None
        self._tell(done)

    def _tell(self, done: TakenIn) -> None:
        entries, letters = done.counts["journal.Entry"], done.counts["box.Letter"]
        slug = done.school.slug
        self.stdout.write(f"{slug}: {entries} entries, {letters} letters, {done.files} files")
        self.stdout.write(f"The book is whole up to row {done.rows}: {done.last_hash}")
        self.stdout.write(f"SHA-256 of the file: {done.sha256}")
        for name, here in sorted(done.renamed.items()):
            self.stdout.write(f"{name} of the book is {here} here.")
        people = User.objects.filter(memberships__school=done.school, invitations=None).distinct()
        for user in people.filter(is_active=False):
            self.stdout.write(f"{user.username} may not sign in, as before.")
        waiting = [user for user in people.filter(is_active=True) if not user.has_usable_password()]
        for user in waiting:
            address = reverse("admin:welcome_link", args=[invite(user=user, by=None)])
            self.stdout.write(f"{user.username}\t{address_of(done.school)}{address}")
        if waiting:
            self.stdout.write(
                "Each link opens once, within 72 hours, and is shown now alone. Who types the password "
                "of before beside the new one keeps the keys they had."
            )
