"""``manage.py scour``: after an act of destruction, write the tables that held the keys anew."""

from typing import Any

from django.core.management.base import BaseCommand

from journal.services.scouring import scour


class Command(BaseCommand):
    """Old places of destroyed keys are overwritten or given back; see docs/retention.md."""

    help = "Writes tables that hold sealed keys anew: destroyed ones leave no trace in the database's files."

    def handle(self, *args: Any, **options: Any) -> None:
        tables = scour()
        self.stdout.write(f"Written anew: {len(tables)} tables.")
