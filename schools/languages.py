"""The four languages of the portal, and which text of several a page shows."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.conf import settings
from django.utils import translation

LANGUAGES: tuple[str, ...] = ("kk", "ru", "ky", "en")

# Each language by its own name, as a language switch shows it.
OWN_NAMES: dict[str, str] = {"kk": "Қазақша", "ru": "Русский", "ky": "Кыргызча", "en": "English"}


def in_language(texts: Mapping[str, str] | None, language: str, *, main: str = "") -> str:
    """The text in ``language``, else in ``main``, else in any language there is, else empty."""
    texts = texts or {}
    for candidate in (language, main, *LANGUAGES):
        if texts.get(candidate):
            return texts[candidate]
    return ""


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Everything inside is in this language, whatever the request's was."""
    with translation.override(language if language in LANGUAGES else settings.LANGUAGE_CODE):
        yield
