"""One form of a text for whoever searches: what can be written in two ways is found by either."""

import re
import unicodedata

# Uzbek and Kazakh Latin have an apostrophe in their letters, and every keyboard another one.
_APOSTROPHES = str.maketrans(dict.fromkeys("ʻʼ‘’`´′", "'") | {"ё": "е"})
# Points of Hebrew and Arabic, which most people leave out, the line that stretches a word; signs without a shape, such
# as those that turn the direction or choose the look of an emoji.
_UNSEEN = re.compile("[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0640"
                     "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]")  # fmt: skip


def as_searched(text: str) -> str:
    """The text without case, joined and split letters alike, without what most people leave out."""
    plain = unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).casefold()
    return plain.translate(_APOSTROPHES)
