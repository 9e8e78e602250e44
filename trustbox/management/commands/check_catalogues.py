from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from trustbox.catalogue_faults import catalogue_faults


class Command(BaseCommand):
    help = "Checks that every text, Django's too, is translated into every language with its placeholders."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        languages = [code for code, _name in settings.LANGUAGES if code != "en"]
        faults = list(catalogue_faults(Path(settings.LOCALE_PATHS[0]), languages))
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} faults in the catalogues.")
        self.stdout.write("Every text has its words in " + ", ".join(languages) + ".")
