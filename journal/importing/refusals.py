"""Why a table cannot be read. Plain Python: the process that reads says it in these words too."""

from enum import StrEnum


class Why(StrEnum):
    """A reason, without anything of the file."""

    TOO_BIG = "too big"
    EMPTY = "empty"
    UNKNOWN = "unknown kind"
    BROKEN = "broken"
    OLD_OR_LOCKED = "of the old kind, or locked"
    UNPACKS_TOO_BIG = "unpacks too big"
    TOO_MANY_ROWS = "too many rows"
    TOO_MANY_COLUMNS = "too many columns"
    TOO_LONG = "took too long"
    BUSY = "too many at once"
    NO_ROOM = "no room"


class NotRead(Exception):
    """The file is not read. ``why`` says why."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why
