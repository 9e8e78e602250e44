"""Translations compiled without gettext's own tools: a ``.mo`` beside each ``.po``."""

import os
from pathlib import Path

import polib


def compile_catalogues(folder: Path) -> list[Path]:
    """Compile every catalogue that is newer than its ``.mo``; returns those compiled.

    Fuzzy and obsolete messages stay out, as with msgfmt. Raises OSError on a catalogue that cannot be read.
    """
    compiled: list[Path] = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime > source.stat().st_mtime:
            continue
        # Under another name first: a running server never reads half a catalogue.
        fresh = target.with_name(f".{target.name}.{os.getpid()}")
        polib.pofile(str(source)).save_as_mofile(str(fresh))
        fresh.replace(target)
        compiled.append(target)
    return compiled
