"""The psychologist's day on the staff site: the box, the journal, the keys."""

from journal.admin.alerts import AlertAdmin
from journal.admin.entries import EntryAdmin
from journal.admin.openings import OpeningAdmin
from journal.admin.volumes import VolumeAdmin

__all__ = ["AlertAdmin", "EntryAdmin", "OpeningAdmin", "VolumeAdmin"]
