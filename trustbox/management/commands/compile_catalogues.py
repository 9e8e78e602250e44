from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from trustbox.catalogues import compile_catalogues


class Command(BaseCommand):
    help = "Compiles the translations; needs nothing of gettext's own tools."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        for folder in settings.LOCALE_PATHS:
            for compiled in compile_catalogues(folder):
                self.stdout.write(f"Compiled: {compiled.relative_to(folder)}")
