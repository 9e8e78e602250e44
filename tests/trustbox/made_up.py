"""A catalogue of a language that nobody has translated, filled by a machine: every word in letters of its own."""

import re
from pathlib import Path

import polib

from trustbox.catalogue_faults import DATES, HOLE
from trustbox.django_texts import keep_django_texts

# Georgian: of no language of the portal, and in fonts that every system has.
LETTERS = str.maketrans("abcdefghijklmnopqrstuvwxyz", "აბცდეფგჰიჯკლმნოპქრსტუვწხყზ")
LETTER = re.compile("[ა-ჰ]")
# Holes, tags, entities, addresses and what stands in quotation marks of a setting stay as they are.
KEPT = re.compile(rf"{HOLE.pattern}|<[^>]*>|&\w+;|\S*[/@]\S*|%%")
FORMATS = (
    "format of a month as Django writes it",
    "format of a day of the year as Django writes it",
)


def made_up(text: str) -> str:
    """The text in those letters, with its holes and tags."""
    parts: list[str] = []
    end = 0
    for found in KEPT.finditer(text):
        parts += [text[end : found.start()].lower().translate(LETTERS), found.group()]
        end = found.end()
    return "".join([*parts, text[end:].lower().translate(LETTERS)])


def make_catalogue(source: Path, folder: Path, language: str, *, ready: bool = True) -> Path:
    """A whole catalogue of ``language`` in ``folder``, of the texts of the catalogue ``source``."""
    catalogue = polib.pofile(str(source))
    whole = keep_django_texts(catalogue, catalogue, language, "django")
    for entry in whole:
        if entry.msgctxt in (DATES, *FORMATS) or entry.msgctxt == "decimal mark":
            entry.msgstr = entry.msgid
        elif entry.msgid_plural:
            entry.msgstr_plural = dict.fromkeys(entry.msgstr_plural, made_up(entry.msgid_plural))
        else:
            entry.msgstr = made_up(entry.msgid)
    whole.metadata["X-Trustbox-Name"] = made_up("turkmen")
    whole.metadata["X-Trustbox-Ready"] = "yes" if ready else "no"
    target = folder / language / "LC_MESSAGES" / "django.po"
    target.parent.mkdir(parents=True)
    whole.save(str(target))
    return target
