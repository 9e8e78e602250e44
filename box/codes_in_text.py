"""A receipt code inside a letter would let whoever reads the letter read the answers too: it is refused, kindly.

Only the look of the text decides, and no letter is looked up: the answer tells nothing about which codes exist. A code
is sixteen letters of the alphabet, in groups of four or in one run. Text in Latin letters may look so as well («from
2019 they have»): at least one group has to mix digits and letters, as all but three in a thousand codes do. A bank
account goes on in groups before or after, a bank card has digits alone: both pass.
"""

import re
from itertools import pairwise

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from vault.base32 import ALPHABET
from vault.receipts import CODE_LENGTH, GROUP

# What a hand writes instead of a letter that the alphabet lacks; the vault reads them alike.
_LETTERS = f"{ALPHABET}OIL{ALPHABET.lower()}oil"
_WORD = re.compile(r"[0-9A-Za-z]+")
_BETWEEN = re.compile(r"[\s\-–—‐‑−_.]{1,3}")
_GROUPS = CODE_LENGTH // GROUP


def holds_code(text: str) -> bool:
    """Whether something in the text looks like a receipt code."""
    return any(_looks_like_code(run) for run in _runs(text))


def no_code_within(text: str) -> None:
    """A validator for what goes to the school. Raises ValidationError."""
    if holds_code(text):
        raise ValidationError(
            _(
                "There seems to be a code in your text, like the one you get after sending. "
                "It is for you alone: please take it out, and then send again."
            ),
            code="holds_code",
        )


def _runs(text: str) -> list[list[str]]:
    """Words of Latin letters and digits, those together that nothing but spaces or dashes parts."""
    words = list(_WORD.finditer(text))
    runs = [[words[0][0]]] if words else []
    for before, word in pairwise(words):
        if _BETWEEN.fullmatch(text, before.end(), word.start()):
            runs[-1].append(word[0])
        else:
            runs.append([word[0]])
    return runs


def _looks_like_code(run: list[str]) -> bool:
    for first in range(len(run)):
        length = 0
        for last in range(first, len(run)):
            word = run[last]
            if len(word) % GROUP or set(word) - set(_LETTERS):
                break
            length += len(word)
            if length < CODE_LENGTH:
                continue
            if length == CODE_LENGTH and _is_code(run[first : last + 1]):
                around = [*run[max(first - 1, 0) : first], *run[last + 1 : last + 2]]
                if not any(map(_is_group_of_account, around)):
                    return True
            break
    return False


def _is_code(words: list[str]) -> bool:
    letters = "".join(words)
    groups = (letters[place * GROUP : (place + 1) * GROUP] for place in range(_GROUPS))
    return any(_mixed(group) for group in groups)


def _mixed(group: str) -> bool:
    digits = sum(sign.isdigit() for sign in group)
    return 0 < digits < len(group)


def _is_group_of_account(word: str) -> bool:
    return len(word) == GROUP and any(sign.isdigit() for sign in word)
