"""The psychologist's day on the staff site: the box, the journal, the keys."""

from journal.admin.entries import EntryAdmin
from journal.admin.openings import OpeningAdmin
from journal.admin.volumes import VolumeAdmin

__all__ = ["EntryAdmin", "OpeningAdmin", "VolumeAdmin"]
