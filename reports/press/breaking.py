"""Where a line may end inside what stands between two spaces: after a hyphen, a slash, a dash.

The pairs of Unicode's line breaking algorithm (UAX #14) for the characters our font has. Letters, and all that is not
named here, stay together.
"""

_CLASSES = {
    "HY": "-",
    "BA": "‐–|",
    "B2": "—",
    "SY": "/",
    "EX": "!?",
    "IS": ",.:;⁄",
    "IN": "…",
    "OP": "([{‚„¡¿〈",
    "CP": ")]",
    "CL": "}〉",
    "QU": "\"'«»‹›‘’“”",
    "PO": "%‰¢°",
    "PR": "$£¤¥€₴₸₽+±−№\\",
    "GL": "\u00a0\u202f\u2007‑",
    "BB": "´",
}
_OF = {character: kind for kind, characters in _CLASSES.items() for character in characters}
_NEVER_BEFORE = frozenset({"CL", "CP", "EX", "IS", "SY", "QU", "GL", "BA", "HY", "IN"})
_NEVER_AFTER = frozenset({"OP", "QU", "GL", "BB"})
_TOGETHER = frozenset(
    {
        ("B2", "B2"),
        *((before, after) for before in ("AL", "NU") for after in ("AL", "NU", "PR", "PO", "OP")),
        *((before, after) for before in ("PR", "PO") for after in ("AL", "NU", "OP")),
        *((before, after) for before in ("CL", "CP") for after in ("PR", "PO")),
        *((before, "NU") for before in ("HY", "IS", "SY", "CP")),
        ("IS", "AL"),
        ("CP", "AL"),
    }
)
_HYPHENS = frozenset({"HY", "BA"})


def _kind(character: str) -> str:
    return _OF.get(character) or ("NU" if character.isdigit() else "AL")


def breaks(chunk: str) -> list[int]:
    """Places in the chunk before which a line may begin; none for a plain word."""
    if chunk.isalnum():
        return []
    kinds = [_kind(character) for character in chunk]
    return [
        place
        for place in range(1, len(kinds))
        if _may_break(kinds[place - 1], kinds[place])
        # A hyphen before a word («-да») belongs to it.
        and not (place == 1 and kinds[0] in _HYPHENS)
    ]


def _may_break(before: str, after: str) -> bool:
    if before in _NEVER_AFTER or (before, after) in _TOGETHER:
        return False
    if after == "GL":
        return before in _HYPHENS
    return after not in _NEVER_BEFORE
