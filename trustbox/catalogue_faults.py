"""What is wrong in the catalogues: a text without words, a guess, a placeholder lost, a text of Django in English."""

import re
from collections.abc import Collection, Iterator
from pathlib import Path

import polib

from trustbox.django_texts import DOMAINS, django_texts, key_of

# %(name)s and %s of Python, {name} and {} of str.format, tags of HTML.
HOLE = re.compile(r"%\(\w+\)[\d.]*[a-z]|%[sdr]|\{\w*\}|</?\w+")
# Where a language takes those parts of a date that it needs: the context of such a text, and all the parts there are.
DATES = "pattern of a date"
PARTS_OF_A_DATE = ["{day}", "{day2}", "{month}", "{month2}", "{short_month}", "{year}"]
# A form of the plural may say «one» without the number.
COUNTING = re.compile(r"%\(\w+\)[ds]|%[ds]")


def _holes(text: str) -> list[str]:
    return sorted(set(HOLE.findall(text.replace("%%", ""))))


def _is_empty(entry: polib.POEntry) -> bool:
    return not any([entry.msgstr, *entry.msgstr_plural.values()])


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
        if entry.msgctxt == DATES:
            wanted = [part for part in found if part in PARTS_OF_A_DATE]
        lost = (
            set(wanted)
            - set(found)
            - (set(COUNTING.findall(source)) if entry.msgid_plural else set())
        )
        if lost or set(found) - set(wanted):
            yield f"has other placeholders: {found} for {wanted}"
        if source[:1].isspace() != form[:1].isspace() or source[-1:] == "\n" != form[-1:]:
            yield "begins or ends with other space"


def left_to_translate(folder: Path, language: str) -> int:
    """How many texts of a catalogue have no words yet."""
    catalogues = (_catalogue(folder, language, domain) for domain in DOMAINS)
    return sum(len(one.untranslated_entries()) + len(one.fuzzy_entries()) for one in catalogues)


def _catalogue(folder: Path, language: str, domain: str) -> polib.POFile:
    source = folder / language / "LC_MESSAGES" / f"{domain}.po"
    return polib.pofile(str(source)) if source.exists() else polib.POFile()


def catalogue_faults(
    folder: Path, languages: list[str], *, unfinished: Collection[str] = ()
) -> Iterator[str]:
    """One line for each fault in ``folder``; nothing when every page is wholly in its language.

    Of the languages that are ``unfinished`` only what has words already is looked at.
    """
    for language in languages:
        for domain in DOMAINS:
            catalogue = _catalogue(folder, language, domain)
            ours = {key_of(entry) for entry in catalogue.translated_entries()}
            for entry in catalogue:
                if not entry.obsolete and not (language in unfinished and _is_empty(entry)):
                    for fault in _entry_faults(entry):
                        yield f"{language} {domain}: “{entry.msgid}” {fault}"
            for part, text, said in django_texts(language, domain):
                if not said and key_of(text) not in ours and language not in unfinished:
                    yield f"{language} {domain}: “{text.msgid}” of Django ({part}) is not translated"
