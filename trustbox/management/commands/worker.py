from typing import Any

from django.core.management.base import BaseCommand

from trustbox.working import Work


class Command(BaseCommand):
    help = (
        "Does what is done beside the requests, until it is stopped: sends e-mails, calls for help that nobody "
        "answered, the morning's mail. `manage.py serve` runs one beside the server."
    )
    # The server's start has made them.
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        work = Work()
        work.stop_by_signals()
        work.run()
