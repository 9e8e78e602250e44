"""A school's own text together with the language it is in: where a name is missing in the page's language,
another language stands in, and says so to a screen reader."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from schools.languages import LANGUAGES


@dataclass(frozen=True)
class Said:
    """A text and its language's code."""

    text: str
    language: str

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)

    def on_page_in(self, language: str) -> str | SafeString:
        """The text for a page: marked with its language where the page is in another."""
        if not self.text or self.language == language:
            return self.text
        return format_html('<span lang="{}">{}</span>', self.language, self.text)


def said(texts: Mapping[str, str] | None, language: str, *, main: str = "") -> Said:
    """The text in ``language``, else in ``main``, else in any there is."""
    texts = texts or {}
    for candidate in (language, main, *LANGUAGES):
        if texts.get(candidate):
            return Said(texts[candidate], candidate)
    return Said("", language)
