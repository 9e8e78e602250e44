"""Styles, scripts and pictures gathered for the server, and not again while nothing of them has changed."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

_MANIFEST = "staticfiles.json"


def gather() -> bool:
    """Put the files where the server looks for them; returns whether there was anything to do.

    Hashing and compressing them takes most of a start. Raises OSError where the data folder cannot be written.
    """
    mark = Path(settings.DATA_DIR) / "static.mark"
    wanted = _mark()
    if (
        mark.is_file()
        and mark.read_text() == wanted
        and (Path(settings.STATIC_ROOT) / _MANIFEST).is_file()
    ):
        return False
    # Gone first: what is stopped in the middle is done again.
    mark.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    mark.write_text(wanted)
    return True


def _mark() -> str:
    """Of every source its name, size and time, and how they are gathered."""
    digest = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            facts = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()
