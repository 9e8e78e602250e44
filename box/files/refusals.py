"""Why a file is not taken. Plain Python: the process that cleans says it in these words too."""

from enum import StrEnum


class Why(StrEnum):
    """A reason, without anything of the file."""

    TOO_BIG = "too big"
    EMPTY = "empty"
    UNKNOWN = "unknown kind"
    BROKEN = "broken"
    TOO_MANY_PIXELS = "too many pixels"
    UNPACKS_TOO_BIG = "unpacks too big"
    LOCKED = "locked by a password"
    VIDEO = "a video"
    NO_SOUND = "no sound"
    UNKNOWN_SOUND = "unknown coding of sound"
    NOT_HERE = "not read here"
    TOO_LONG = "took too long"
    BUSY = "too many at once"
    NO_ROOM = "no room"


class NotCleaned(Exception):
    """The file is not taken. ``why`` says why."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why
