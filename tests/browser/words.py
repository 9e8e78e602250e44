"""Words of the interface that stand on a page in another language than the page's own."""

import re
from functools import cache

import polib
from django.conf import settings
from playwright.sync_api import Page

from schools.languages import LANGUAGES, OWN_NAMES

# What is called so in every language, a folder's name among it, and the short names of the demonstration schools.
NAMES = {
    *("Android", "Chrome", "Edge", "HEIC", "HTML", "JPEG", "PDF", "PNG", "WebP", "Word", "iPhone"),
    *("CSV", "Excel", "LibreOffice", "ODS", "XLSX"),
    # A language is called by its own name, beside a column's as well.
    *OWN_NAMES.values(),
    *("akbulak", "akzhol", "operator", "orozbekov", "outbox", "zheenbaev"),
}
WORD = re.compile(r"[A-Za-z]{3,}")

# Texts that somebody reads or hears, with the language each is marked with.
TEXTS = """() => {
  const own = document.documentElement.lang, seen = [];
  const marked = (element) => element.closest("[lang]").lang !== own || element.closest("[translate=no]");
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!parent.closest("script, style, textarea, .not-for-people") && !marked(parent)) {
      seen.push(walker.currentNode.data);
    }
  }
  for (const element of document.querySelectorAll("[aria-label], [title], [placeholder], [alt], [type=submit]")) {
    if (marked(element)) continue;
    for (const name of ["aria-label", "title", "placeholder", "alt"]) seen.push(element.getAttribute(name) || "");
    if (element.tagName === "INPUT") seen.push(element.value);
  }
  seen.push(document.title);
  return seen;
}"""


@cache
def _said_in(language: str) -> frozenset[str]:
    """Every text of the portal in a language, without its case."""
    catalogue = polib.pofile(str(settings.LOCALE_PATHS[0] / "ru/LC_MESSAGES/django.po"))
    if language != "en":
        catalogue = polib.pofile(str(settings.LOCALE_PATHS[0] / language / "LC_MESSAGES/django.po"))
        texts = [text for row in catalogue for text in (row.msgstr, *row.msgstr_plural.values())]
    else:
        texts = [text for row in catalogue for text in (row.msgid, row.msgid_plural)]
    return frozenset(_plain(text) for text in texts)


@cache
def _foreign_to(language: str) -> frozenset[str]:
    others = frozenset().union(*(_said_in(other) for other in LANGUAGES if other != language))
    return others - _said_in(language)


def _plain(text: str) -> str:
    return " ".join(text.split()).strip(" .:,").casefold()


def foreign_words(page: Page, language: str) -> list[str]:
    """Texts of the page that our catalogues have in another language alone, and English words on other pages.

    What a school or an author wrote is not in the catalogues, and is marked with its own language.
    """
    faults = []
    for text in page.evaluate(TEXTS):
        plain = _plain(text)
        if text.strip() in OWN_NAMES.values():
            continue
        if len(plain) > 3 and plain in _foreign_to(language):
            faults.append(f"a text of another language: {text.strip()}")
        elif language != "en":
            faults += [f"an English word: {word}" for word in english_words(text)]
    return faults


def english_words(text: str) -> list[str]:
    """Words in Latin letters that are no name of anything."""
    # Nor of an address, a short name or a setting.
    text = re.sub(r"\S*[./@]\S*|\b\w+-\w+(?:-\w+)*|\b[A-Z]+(?:_[A-Z]+)+\b", " ", text)
    return [word for word in WORD.findall(text) if word not in NAMES]
