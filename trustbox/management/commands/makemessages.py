from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import CommandParser
from django.core.management.commands import makemessages

from trustbox.django_texts import DOMAINS, keep_django_texts


class Command(makemessages.Command):
    help = (
        "Gathers the texts of the sources into locale/, and with them the texts of Django that its own catalogues "
        "leave in English. Without arguments: every language with a catalogue; with -l a new one is begun."
    )
    # A guess of gettext's would be a wrong sentence that looks right: what is new stays empty until it is translated.
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(add_location="file", no_obsolete=True)

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.LOCALE_PATHS[0])
        if not options["all"]:
            options["locale"] = options["locale"] or sorted(
                path.name for path in folder.iterdir() if path.is_dir()
            )
        options["ignore_patterns"] += ["data/*", "tests/*", "benchmarks/*", "node_modules/*"]
        languages = options["locale"] or [path.name for path in folder.iterdir() if path.is_dir()]
        catalogues = [
            (language, domain, folder / language / "LC_MESSAGES" / f"{domain}.po")
            for language in languages
            for domain in DOMAINS
        ]
        former = {path: _read(path) for _language, _domain, path in catalogues}
        super().handle(*args, **options)
        for language, domain, path in catalogues:
            kept = keep_django_texts(_read(path), former[path], language, domain)
            if len(kept):
                path.parent.mkdir(parents=True, exist_ok=True)
                kept.save(str(path))
                empty = len(kept.untranslated_entries()) + len(kept.fuzzy_entries())
                self.stdout.write(f"{language} {domain}: {len(kept)} texts, {empty} to translate")


def _read(path: Path) -> polib.POFile:
    return polib.pofile(str(path)) if path.exists() else polib.POFile()
