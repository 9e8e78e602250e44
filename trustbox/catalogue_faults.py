"""What is wrong in the catalogues: a text without words, a guess, a placeholder lost, a text of Django in English."""

import re
from collections.abc import Iterator
from pathlib import Path

import polib

from trustbox.django_texts import DOMAINS, django_texts, key_of

# %(name)s and %s of Python, {name} and {} of str.format, tags of HTML.
HOLE = re.compile(r"%\(\w+\)[\d.]*[a-z]|%[sdr]|\{\w*\}|</?\w+")
# A form of the plural may say «one» without the number.
COUNTING = re.compile(r"%\(\w+\)[ds]|%[ds]")


def _holes(text: str) -> list[str]:
    return sorted(set(HOLE.findall(text.replace("%%", ""))))


def _entry_faults(entry: polib.POEntry) -> Iterator[str]:
    forms = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if "fuzzy" in entry.flags:
        yield "is a guess (fuzzy)"
    if not all(forms):
        yield "is not translated"
        return
    source = entry.msgid_plural or entry.msgid
    wanted = _holes(source)
    for form in forms:
        found = _holes(form)
        lost = (
            set(wanted)
            - set(found)
            - (set(COUNTING.findall(source)) if entry.msgid_plural else set())
        )
        if lost or set(found) - set(wanted):
            yield f"has other placeholders: {found} for {wanted}"
        if source[:1].isspace() != form[:1].isspace() or source[-1:] == "\n" != form[-1:]:
            yield "begins or ends with other space"


def catalogue_faults(folder: Path, languages: list[str]) -> Iterator[str]:
    """One line for each fault in ``folder``; nothing when every page is wholly in its language."""
    for language in languages:
        for domain in DOMAINS:
            source = folder / language / "LC_MESSAGES" / f"{domain}.po"
            catalogue = polib.pofile(str(source)) if source.exists() else polib.POFile()
            ours = {key_of(entry) for entry in catalogue.translated_entries()}
            for entry in catalogue:
                if not entry.obsolete:
                    for fault in _entry_faults(entry):
                        yield f"{language} {domain}: “{entry.msgid}” {fault}"
            for part, text, said in django_texts(language, domain):
                if not said and key_of(text) not in ours:
                    yield f"{language} {domain}: “{text.msgid}” of Django ({part}) is not translated"
