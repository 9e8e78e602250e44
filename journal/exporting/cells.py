"""What stands in a cell, and that no program takes it for a formula."""

import datetime
import re

Cell = str | int | float | datetime.date | datetime.datetime

# Excel, LibreOffice and Google Sheets compute what begins so, even in a CSV file; the wide signs become narrow ones in
# East Asian settings. Source: OWASP, «CSV injection».
FORMULA_SIGNS = "=+-@\t\r\n＝＋－＠"
_SIGNS = frozenset(FORMULA_SIGNS)
_SPACES = " \u00a0"
# Spreadsheets know it as the sign for text; our own import takes it away again.
AS_TEXT = "'"
# What a cell of Excel holds at most.
MOST_CHARACTERS = 32_767

# Control characters, and halves of characters: no XML has them.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


def defused(text: str) -> str:
    """The text with the sign for text before it, where a program could take it for a formula."""
    text = _NO_XML.sub("", text).replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    text = text.replace("\t", " ")  # in a table a tab is the step to the next cell
    if any(one in _SIGNS for one in (text[:1], text.lstrip(_SPACES)[:1])):
        text = AS_TEXT + text
    return text if len(text) <= MOST_CHARACTERS else f"{text[: MOST_CHARACTERS - 1]}…"


def armed_again(text: str) -> str:
    """What ``defused`` was given, of a cell read from a file."""
    rest = text.removeprefix(AS_TEXT)
    return rest if rest != text and rest.lstrip(_SPACES)[:1] in _SIGNS else text
