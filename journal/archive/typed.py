"""Keys and codes on eight lines, as they are typed at a server's console or lie in a file."""

import sys
from pathlib import Path

from journal.archive.contents import BadArchive
from vault.pairs import KeyPair
from vault.recovery import (
    LINES,
    BadRecoveryLine,
    BadRecoverySheet,
    lines_typed,
    pair_from_lines,
    sheet_lines,
)


def pair_typed(path: Path | None, *, ask: str) -> KeyPair:
    """What the eight lines in a file, or at the console, mean. Raises BadArchive, OSError."""
    if path is not None:
        text = path.read_text(encoding="utf-8")
    else:
        if sys.stdin.isatty():
            print(ask, file=sys.stderr)
        text = "".join(line for line, _place in zip(sys.stdin, range(LINES), strict=False))
    try:
        return pair_from_lines(lines_typed(text))
    except BadRecoveryLine as fault:
        raise BadArchive(f"Line {fault.line} was typed wrong.") from None
    except BadRecoverySheet:
        raise BadArchive("These are lines of two different sheets.") from None


def on_eight_lines(pair: KeyPair) -> str:
    """The lines to be written down, with their numbers."""
    return "\n".join(f"{place}. {line}" for place, line in enumerate(sheet_lines(pair), start=1))
