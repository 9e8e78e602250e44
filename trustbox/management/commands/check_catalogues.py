from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import to_locale

from trustbox.catalogue_faults import catalogue_faults, left_to_translate
from trustbox.languages import catalogues_in


class Command(BaseCommand):
    help = (
        "Checks that every text, Django's too, is translated into every language that is ready, with its placeholders; "
        "of the other languages it says how much is left."
    )
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        for folder in map(Path, settings.LOCALE_PATHS):
            found = catalogues_in([folder])
            unfinished = [to_locale(one.code) for one in found if not one.is_ready]
            languages = [to_locale(one.code) for one in found]
            for fault in catalogue_faults(folder, languages, unfinished=unfinished):
                self.stderr.write(fault)
                count += 1
            for language in unfinished:
                left = left_to_translate(folder, language)
                self.stdout.write(f"{language}: {left} texts to translate; not shown yet.")
        if count:
            raise CommandError(f"{count} faults in the catalogues.")
        self.stdout.write("Every text has its words in each language that is ready.")
