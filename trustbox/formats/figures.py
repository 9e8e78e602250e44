"""Dates as the journals write them, in figures: 21.11.2026; alike in all languages.

What a person types is read the same way, and as 2026-11-21 besides, which Django always adds. Dates in words, for
public pages and documents, are in ``schools.dates``. What does differ between languages their catalogues say.
"""

from collections.abc import Callable
from types import ModuleType
from typing import Any

from django.utils.translation import pgettext

from schools.languages import words_of

FIGURES: dict[str, Any] = {
    "DATE_FORMAT": "d.m.Y",
    "SHORT_DATE_FORMAT": "d.m.Y",
    "TIME_FORMAT": "H:i",
    "DATETIME_FORMAT": "d.m.Y H:i",
    "SHORT_DATETIME_FORMAT": "d.m.Y H:i",
    "FIRST_DAY_OF_WEEK": 1,
    "DATE_INPUT_FORMATS": ["%d.%m.%Y", "%d.%m.%y"],
    "TIME_INPUT_FORMATS": ["%H:%M", "%H:%M:%S"],
    "DATETIME_INPUT_FORMATS": ["%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y"],
    "NUMBER_GROUPING": 3,
    "THOUSAND_SEPARATOR": "\xa0",
}

_OF_THE_LANGUAGE: dict[str, Callable[[], str]] = {
    "DECIMAL_SEPARATOR": lambda: pgettext("decimal mark", "."),
    # Translators: letters as Django's filter «date» has them; a letter of your own stands after a backslash.
    "YEAR_MONTH_FORMAT": lambda: pgettext("format of a month as Django writes it", "F Y"),
    # Translators: letters as Django's filter «date» has them; a letter of your own stands after a backslash.
    "MONTH_DAY_FORMAT": lambda: pgettext("format of a day of the year as Django writes it", "j F"),
}


class Formats(ModuleType):
    """What Django looks for as a file of each language: asked for a format, it answers from the catalogue."""

    def __init__(self, name: str, language: str) -> None:
        super().__init__(name)
        self._language = language
        self.__dict__.update(FIGURES)

    def __getattr__(self, name: str) -> Any:
        if name not in _OF_THE_LANGUAGE:
            raise AttributeError(name)
        with words_of(self._language):
            return _OF_THE_LANGUAGE[name]()
