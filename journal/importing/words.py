"""Telling words of a table in whatever language of the portal they were written."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import pgettext_lazy

from schools.languages import in_every_language

_BETWEEN = re.compile(r"[\W_]+")
# Signs that people put where there is nothing to say.
NOTHING = frozenset({"", "-", "–", "—", "−", "_", "--", "---"})

YES = pgettext_lazy("words for yes in a table, parted by |", "yes|y|true|1|x|+|danger")
NO = pgettext_lazy("words for no in a table, parted by |", "no|n|false|0|none")
ANONYMOUS = pgettext_lazy(
    "words in the place of a name that is not given, parted by |",
    "anonymous|anonymously|not signed|unsigned|no name|unknown",
)


def plain(text: str) -> str:
    """A text as it is compared: small letters and figures, one space between words."""
    return _BETWEEN.sub(" ", text.casefold().replace("ё", "е")).strip()


def said(texts: Any) -> list[str]:
    """All ways to say a lazy text of the catalogues, each language's parted by ``|``, as they are compared."""
    found = [
        plain(one) or one.strip()
        for words in in_every_language(texts).values()
        for one in words.split("|")
    ]
    return list(dict.fromkeys(one for one in found if one))


def by_word(
    choices: Iterable[tuple[Any, Any]], also: Mapping[Any, Any] | None = None
) -> dict[str, Any]:
    """Which choice each word means: its own value, its name in any language, or (``also``) another word for it."""
    found: dict[str, Any] = {}
    named = list(choices)
    for value, label in (*named, *(also or {}).items()):
        for word in (plain(str(value)), *said(label)):
            found.setdefault(word, value)
    return found


def by_texts(rows: Iterable[tuple[Any, Mapping[str, str]]]) -> dict[str, Any]:
    """The same for what a school has named in several languages."""
    found: dict[str, Any] = {}
    for value, texts in rows:
        for text in texts.values():
            found.setdefault(plain(text), value)
    return found


class YesAndNo:
    """Whether a word says yes or no."""

    def __init__(self) -> None:
        self._yes = frozenset(said(YES))
        self._no = frozenset(said(NO))

    def told(self, text: str) -> bool | None:
        """None for a word that says neither."""
        word = plain(text) or text.strip()
        if word in self._yes:
            return True
        return False if word in self._no or text.strip() in NOTHING else None
