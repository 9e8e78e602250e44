"""What was printed of entries whose content is destroyed goes with them."""

from django.db.models import Model

from journal.models import AgendaPoint, Entry, Meeting
from journal.services.forgetting import delete_files_of, destroy_keys
from reports.models import Issued, KeptSheets, PrintJob, Scan

# They lose their keys, or are deleted, with the entries they tell of.
GOES: tuple[type[Model], ...] = (Issued, Scan, KeptSheets, PrintJob)


def forget_prints(entries: list[Entry]) -> None:
    """Sheets kept for the next printing, printed files that wait, and protocols as they were issued and scanned.

    A protocol that talked about one of these entries says so word for word, on one sheet with everything else: it is
    printed anew, without what was destroyed. An act of opening and a closing page have nothing of any entry's content.
    """
    volumes = {entry.volume_id for entry in entries}
    KeptSheets.objects.filter(volume__in=volumes).delete()
    PrintJob.objects.filter(volume__in=volumes).delete()
    meetings = AgendaPoint.objects.filter(entry__in=entries, meeting__state=Meeting.State.HELD)
    papers = Issued.objects.filter(meeting__in=meetings.values("meeting"))
    scans = Scan.objects.filter(issued__in=papers)
    delete_files_of(scans)
    destroy_keys(papers)
    destroy_keys(scans)
