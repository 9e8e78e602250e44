"""The psychologist's day on the staff site: the box, the journal, the commission, the keys."""

from journal.admin.alerts import AlertAdmin
from journal.admin.destructions import DestructionAdmin
from journal.admin.entries import EntryAdmin
from journal.admin.meetings import CommissionMemberAdmin, MeetingAdmin
from journal.admin.openings import OpeningAdmin
from journal.admin.volumes import VolumeAdmin

__all__ = [
    "AlertAdmin",
    "CommissionMemberAdmin",
    "DestructionAdmin",
    "EntryAdmin",
    "MeetingAdmin",
    "OpeningAdmin",
    "VolumeAdmin",
]
