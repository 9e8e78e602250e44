"""The languages of the portal, and which text of several a page shows.

Which there are is not said here: a language that has a catalogue is one of them (docs/translating.md).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise

# Each language by its own name, as a language switch shows it.
OWN_NAMES: dict[str, str] = dict(settings.LANGUAGES)
LANGUAGES: tuple[str, ...] = tuple(OWN_NAMES)

# The language of the sources, and so of what nobody translated.
SOURCES = "en"
# The longest code of a language that anything is kept with: «uz-cyrl» is seven.
CODE_LENGTH = 16


def language_choices() -> list[tuple[str, str]]:
    """The choices of a model's field. A function, so that a new catalogue needs no migration."""
    return list(OWN_NAMES.items())


def own_name(code: str) -> str:
    """A language by its own name; one that the portal does not speak any more by its code."""
    return OWN_NAMES.get(code, code)


def in_language(texts: Mapping[str, str] | None, language: str, *, main: str = "") -> str:
    """The text in ``language``, else in ``main``, else in any language there is, else empty."""
    texts = texts or {}
    for candidate in (language, main, *LANGUAGES):
        if texts.get(candidate):
            return texts[candidate]
    return ""


def in_every_language(text: Promise) -> dict[str, str]:
    """A lazy text of the catalogues in each language that has it: what a school begins with and then makes its own.

    A language whose catalogue lacks it is left out, so that ``in_language`` finds the next one.
    """
    said: dict[str, str] = {}
    for code in (SOURCES, settings.LANGUAGE_CODE, *LANGUAGES):
        with translation.override(code):
            words = str(text)
        # What a catalogue lacks Django says in the main language, and what that lacks as the sources have it.
        if code in (SOURCES, settings.LANGUAGE_CODE) or words not in (
            said[SOURCES],
            said[settings.LANGUAGE_CODE],
        ):
            said[code] = words
    return {code: said[code] for code in LANGUAGES if code in said}


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Everything inside is in this language, whatever the request's was."""
    with translation.override(language if language in LANGUAGES else settings.LANGUAGE_CODE):
        yield


@contextmanager
def words_of(language: str) -> Iterator[None]:
    """Inside, words of a document's own language; of one that the portal does not speak, those of the sources."""
    with translation.override(language if language in LANGUAGES else SOURCES):
        yield
