from journal.models.alert import Alert
from journal.models.commission import AgendaPoint, CommissionMember, Decision, Meeting
from journal.models.destruction import Destruction, Doomed
from journal.models.draft import Draft
from journal.models.entry import Entry
from journal.models.entry_file import EntryFile
from journal.models.escalation import CaseHold, Escalation, SpareKey
from journal.models.forwarding import Forwarding
from journal.models.incoming import Incoming
from journal.models.opening import Opening, TakenLetter
from journal.models.tally import Standing, Tally
from journal.models.trail import Book, Trail
from journal.models.volume import Volume

__all__ = [
    "AgendaPoint",
    "Alert",
    "Book",
    "CaseHold",
    "CommissionMember",
    "Decision",
    "Destruction",
    "Doomed",
    "Draft",
    "Entry",
    "EntryFile",
    "Escalation",
    "Forwarding",
    "Incoming",
    "Meeting",
    "Opening",
    "SpareKey",
    "Standing",
    "TakenLetter",
    "Tally",
    "Trail",
    "Volume",
]
