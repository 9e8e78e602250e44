"""Django's own texts that our catalogues must carry: what its catalogues leave in English, or say badly.

The rule is one: a text of Django that its own catalogue for a language lacks belongs into ours; a text of Django that
stands in ours already (because we say it better) stays there. ``manage.py makemessages`` applies it.
"""

from collections.abc import Iterator
from pathlib import Path

import django
import polib

from trustbox.languages import default_header

DJANGO = Path(django.__file__).parent
# The parts of Django that show texts to people here.
PARTS = ("conf", "contrib/admin", "contrib/auth", "contrib/contenttypes", "contrib/sessions")
DOMAINS = ("django",)  # no page loads a script of Django that speaks
MARK = "Django: "  # begins the translator's comment of each such entry, so that a reader can tell them apart
FIRST_LINE = "Translations of the portal, and at the end of Django's own texts where Django has none or a poor one."

Key = tuple[str | None, str]


def key_of(entry: polib.POEntry) -> Key:
    """Context and singular: what gettext looks a text up by."""
    return entry.msgctxt, entry.msgid


def _catalogue(part: str, language: str, domain: str) -> polib.POFile:
    source = DJANGO / part / "locale" / language / "LC_MESSAGES" / f"{domain}.po"
    return polib.pofile(str(source)) if source.exists() else polib.POFile()


def django_texts(language: str, domain: str) -> Iterator[tuple[str, polib.POEntry, bool]]:
    """Every text of Django as (part, English entry, whether Django itself says it in the language)."""
    for part in PARTS:
        said = {key_of(entry) for entry in _catalogue(part, language, domain).translated_entries()}
        for entry in _catalogue(part, "en", domain):
            yield part, entry, key_of(entry) in said


def plural_forms(language: str) -> str:
    """The rule of plurals as Django's catalogue has it, so that both catalogues count alike."""
    rule = _catalogue("conf", language, "django").metadata.get("Plural-Forms")
    return rule or "nplurals=2; plural=(n != 1);"


def keep_django_texts(
    catalogue: polib.POFile, former: polib.POFile, language: str, domain: str
) -> polib.POFile:
    """The catalogue as it shall be saved: our texts in their order, then Django's.

    ``catalogue`` is what makemessages found in our sources, ``former`` what the file held before, where a text of
    Django may still have its translation.
    """
    before = {key_of(entry): entry for entry in former}
    ours = {key_of(entry): entry for entry in catalogue if not entry.obsolete}
    kept = polib.POFile(wrapwidth=0)
    kept.header = FIRST_LINE
    kept.metadata = {
        "Project-Id-Version": "trustbox",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": plural_forms(language),
        # What the file said of its language before.
        **{
            name: former.metadata.get(name, value)
            for name, value in default_header(language).items()
        },
    }
    forms = range(int(kept.metadata["Plural-Forms"].split("nplurals=")[1].split(";")[0]))
    of_django: dict[Key, polib.POEntry] = {}
    for part, text, said in django_texts(language, domain):
        key = key_of(text)
        own, old = ours.get(key), before.get(key)
        if own is not None and (own.msgid_plural or not text.msgid_plural):
            continue  # our sources have it
        if key in of_django or (said and (old is None or own is not None)):
            continue
        of_django[key] = polib.POEntry(
            msgctxt=text.msgctxt, msgid=text.msgid, flags=list(text.flags), comment=f"{MARK}{part}"
        )
        if text.msgid_plural:
            of_django[key].msgid_plural = text.msgid_plural
            of_django[key].msgstr_plural = dict.fromkeys(forms, "")
        if old is not None and bool(old.msgid_plural) == bool(text.msgid_plural):
            of_django[key].msgstr = old.msgstr
            of_django[key].msgstr_plural = old.msgstr_plural
        if own is not None:
            # The same word is ours in the singular alone: one entry serves both.
            of_django[key].occurrences = own.occurrences
    for entry in ours.values():
        if entry.msgid_plural:
            # A catalogue just begun has two forms, whatever the language.
            entry.msgstr_plural = {form: entry.msgstr_plural.get(form, "") for form in forms}
    kept.extend(entry for key, entry in ours.items() if key not in of_django)
    kept.extend(of_django.values())
    return kept
