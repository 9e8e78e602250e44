"""A message of a conversation in words for its author: who, when, and whether it is new."""

import datetime
from dataclasses import dataclass

from box.models import Message
from box.services.messaging import Turn
from schools.dates import long_date
from schools.region_officers import WRITERS


@dataclass(frozen=True)
class Line:
    """One message for the page, in the language now active. ``role`` is empty of the author's own."""

    kind: str
    text: str
    role: str
    day: str
    # Between which hours: the minute is kept nowhere.
    hours: str
    files: int
    is_new: bool
    danger: bool

    @property
    def is_mine(self) -> bool:
        """Whether the author wrote it."""
        return self.kind == Message.Kind.FROM_AUTHOR


def line_of(turn: Turn, language: str, zone: datetime.tzinfo) -> Line:
    """The turn by the clock of ``zone``."""
    began = turn.message.sent_hour.astimezone(zone)
    ended = began + datetime.timedelta(hours=1)
    return Line(
        kind=turn.message.kind,
        text=turn.text,
        role=str(WRITERS.get(turn.role, "")),
        day=long_date(began.date(), language),
        hours=f"{began:%H:%M}–{ended:%H:%M}",
        files=turn.files,
        is_new=turn.is_new,
        danger=turn.message.danger,
    )
