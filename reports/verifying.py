"""Whether the papers that were issued, their signed sheets, and the reports are as the trail says."""

import hashlib

from journal.models import Trail
from journal.services.verifying import Broken
from reports.models import Issued, PeriodReport, Scan
from schools.models import School

Step = Trail.Step


def verify_papers(school: School) -> None:
    """Every issued paper, signed sheet and report has its row, and says what it said then. Raises Broken."""
    told: dict[tuple[str, int], tuple[str, ...]] = {}
    rows = Trail.objects.filter(school=school, step__in=[Step.DOCUMENT_ISSUED, Step.SCAN_ATTACHED])
    for facts in rows.values_list("facts", flat=True).order_by("position"):
        told[facts["what"], facts.get("scan", 0)] = (facts["content"], facts.get("file", ""))
    papers = Issued.objects.filter(school=school).select_related("opening", "meeting", "volume")
    for issued in papers.iterator(chunk_size=500):
        _compare(school, told, issued.name, 0, (_sha256(issued.content), ""))
    scans = Scan.of_school(school).select_related("issued__meeting", "issued__volume")
    for scan in scans.iterator(chunk_size=500):
        found = (_sha256(scan.content), bytes(scan.digest).hex())
        _compare(school, told, scan.issued.name, scan.position, found)
    for report in PeriodReport.objects.filter(school=school).iterator(chunk_size=100):
        _compare(school, told, report.name, 0, (report.digest(), ""))
    _verify_keys(school)
    if told:
        what, position = sorted(told)[0]
        sheet = f"signed sheet {position} of " if position else ""
        raise Broken(f"{school.slug}: the trail tells of {sheet}{what}, which is gone.")


def _verify_keys(school: School) -> None:
    """Of papers and signed sheets only those have lost their keys that told of something destroyed. Raises Broken."""
    of_meetings = {"meeting__points__entry__destroyed_on__isnull": False}
    for model, path in ((Issued, ""), (Scan, "issued__")):
        rows = model.objects.filter(**{f"{path}school": school, "sealed_key": b""})
        rows = rows.exclude(content=b"")
        allowed = set(
            rows.filter(**{f"{path}{name}": value for name, value in of_meetings.items()})
            .values_list("pk", flat=True)
            .distinct()
        )
        for row in rows.defer("content"):
            if row.opens_to_nobody and row.pk not in allowed:
                raise Broken(
                    f"{school.slug}: the key of a paper was taken away outside the program."
                )


def _compare(
    school: School,
    told: dict[tuple[str, int], tuple[str, ...]],
    what: str,
    position: int,
    found: tuple[str, str],
) -> None:
    place = f"{school.slug}: " + (f"signed sheet {position} of {what}" if position else what)
    said = told.pop((what, position), None)
    if said is None:
        raise Broken(f"{place} has no row in the trail.")
    if said != found:
        raise Broken(f"{place} was changed outside the program.")


def _sha256(content: bytes | memoryview) -> str:
    return hashlib.sha256(bytes(content)).hexdigest()
