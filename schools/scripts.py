"""In which direction a text runs. A letter may be written in any script; Arabic and Hebrew run from the right."""

import unicodedata

_FROM_RIGHT, _FROM_LEFT = {"R", "AL"}, {"L"}


def runs_from_right(text: str) -> bool:
    """Whether the first letter that has a direction runs from the right, as a browser tells it (``dir="auto"``)."""
    for sign in text:
        direction = unicodedata.bidirectional(sign)
        if direction in _FROM_RIGHT:
            return True
        if direction in _FROM_LEFT:
            return False
    return False
