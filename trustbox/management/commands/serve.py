import os
import socket
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection, transaction

from journal.services.arrivals import bind_everything
from schools.models import School
from schools.services.roles import sync_roles
from trustbox import environment
from trustbox.catalogues import compile_catalogues
from trustbox.server import HOST, server_command, supervisor_command
from trustbox.static_files import gather


class Command(BaseCommand):
    help = "Prepares the data folder and serves the portal at http://127.0.0.1:$PORT (8000)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--without-demo",
            action="store_true",
            help="leave an empty database empty: for the box of a real school",
        )
        parser.add_argument(
            "--without-worker",
            action="store_true",
            help="the server alone: for where `manage.py worker` runs as a service of its own",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        port = environment.whole_number("PORT", 8000, least=1, most=65535)
        _refuse_taken(port)
        _reach_database()
        try:
            first = self._prepare(with_demo=not options["without_demo"])
        except OSError as error:
            raise CommandError(
                f"TRUSTBOX_DATA_DIR: {settings.DATA_DIR} cannot be used: {error.strerror}."
            ) from None
        self._welcome(port, first)
        connection.close()
        sys.stdout.flush()
        # What runs takes this process's place: what stops this command stops the server, and the worker beside it.
        alone = options["without_worker"]
        os.execv(sys.executable, server_command(port) if alone else supervisor_command(port))

    def _prepare(self, *, with_demo: bool) -> bool:
        """Everything a start needs, safe to repeat. Returns whether the demo schools were loaded now."""
        for folder in settings.LOCALE_PATHS:
            compile_catalogues(folder)
        try:
            call_command("migrate", interactive=False, verbosity=0)
        except DatabaseError as error:
            raise CommandError(f"The database cannot be prepared: {_first_line(error)}") from None
        sync_roles()
        gather()
        first = with_demo and not School.objects.exists()
        if first:
            self._load_demo()
        # What a crash left between a letter and its row of the book.
        bind_everything()
        return first

    def _load_demo(self) -> None:
        self.stdout.write("The database is empty: loading the four demonstration schools …")
        self.stdout.flush()
        # All four or none: a stopped first start must not leave schools whose password nobody saw.
        with transaction.atomic():
            call_command("demo", stdout=self.stdout)

    def _welcome(self, port: int, first: bool) -> None:
        address = settings.BASE_URL or f"http://{HOST}:{port}"
        self.stdout.write(f"Box:   {address}/\nStaff: {address}/admin/")
        if not first:
            self.stdout.write(
                "Accounts keep their passwords. To set one: .venv/bin/python manage.py changepassword NAME "
                "(whoever held a key gets it again from a colleague)"
            )
        self.stdout.write("Stop with Ctrl-C.")


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise CommandError(f"PORT: {port} needs root. Choose a number above 1023.") from None
        except OSError:
            raise CommandError(
                f"PORT: {port} is taken by another program. Choose another: PORT={port % 65535 + 1} make run"
            ) from None


def _reach_database() -> None:
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        raise CommandError(
            f"DATABASE_URL: the database cannot be used: {_first_line(error)}"
        ) from None


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
