"""Which languages the portal speaks: those whose catalogue says that it is ready. Read by the settings.

A catalogue names its language in its header: ``X-Trustbox-Name`` is its own name, as a switch of languages shows it,
``X-Trustbox-Place`` where it stands among the others, ``X-Trustbox-Ready`` whether it is shown to anybody (yes, no).
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf.locale import LANG_INFO
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import to_language

CATALOGUE = "LC_MESSAGES/django.po"
READY = "yes"
NAME_LINE, PLACE_LINE, READY_LINE = "X-Trustbox-Name", "X-Trustbox-Place", "X-Trustbox-Ready"
_LINE = re.compile(r'"(X-Trustbox-\w+): *([^"\\]*?) *\\n"\s*$')
# A letter keeps its language in sixteen characters, and an address has it as one of its parts.
_FOLDER = re.compile(r"[a-z]{2,3}(_[A-Z][a-z]{1,3}|_[A-Z]{2})?")
LAST = 99


@dataclass(frozen=True, order=True)
class Spoken:
    """A language with a catalogue, in the order of a switch."""

    place: int
    code: str
    name: str = ""
    is_ready: bool = False


# The language of the sources has no catalogue.
OF_THE_SOURCES = Spoken(4, "en", "English", is_ready=True)


def default_header(language: str) -> dict[str, str]:
    """What a new catalogue says of its language until a translator says more."""
    name = LANG_INFO.get(language, {}).get("name_local", language)
    return {NAME_LINE: name[:1].upper() + name[1:], PLACE_LINE: str(LAST), READY_LINE: "no"}


def catalogues_in(folders: Iterable[Path]) -> list[Spoken]:
    """Every language with a catalogue in one of the folders; of two catalogues the first that is ready speaks.

    Raises ImproperlyConfigured for a header that cannot be read.
    """
    found: dict[str, Spoken] = {}
    for folder in folders:
        for source in sorted(folder.glob(f"*/{CATALOGUE}")):
            one = _read(source)
            if one.code not in found or (one.is_ready and not found[one.code].is_ready):
                found[one.code] = one
    return sorted(found.values())


def languages_in(folders: Iterable[Path], *, also: Collection[str] = ()) -> list[tuple[str, str]]:
    """Code and own name of each language that is ready, and of those ``also`` that are not yet, to be tried out.

    Raises ImproperlyConfigured for one of ``also`` without a catalogue.
    """
    found = catalogues_in(folders)
    for code in also:
        if code not in {one.code for one in found}:
            raise ImproperlyConfigured(
                f"TRUSTBOX_TRY_LANGUAGES: there is no catalogue of {code!r}."
            )
    spoken = [one for one in found if one.is_ready or one.code in also]
    return [(one.code, one.name) for one in sorted([*spoken, OF_THE_SOURCES])]


def _read(source: Path) -> Spoken:
    folder = source.parent.parent.name
    header = dict(_header_of(source))
    place = header.get(PLACE_LINE, str(LAST))
    if not _FOLDER.fullmatch(folder) or not header.get(NAME_LINE) or not place.isdecimal():
        raise ImproperlyConfigured(
            f"{source}: the header needs {NAME_LINE} and a number as {PLACE_LINE}, the folder a language's code."
        )
    return Spoken(
        int(place), to_language(folder), header[NAME_LINE], header.get(READY_LINE) == READY
    )


def _header_of(source: Path) -> Iterator[tuple[str, str]]:
    # The first entry alone: the settings are read at every start, and a catalogue is long.
    with source.open(encoding="utf-8") as lines:
        for line in lines:
            if not line.strip():
                return
            found = _LINE.match(line)
            if found:
                yield found[1], found[2]
