"""The signed sheet of an issued paper, as a picture or PDF: attached, and handed out again."""

import hashlib
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from box.files.worker import CleanFile
from box.services import attaching
from box.services.attaching import OpenedFile, open_file
from journal.models import Opening, Trail
from journal.services.trail import append, lock_book
from reports.models import Issued, Scan
from schools.errors import Refused
from schools.models import User
from vault.keyring import Keyring

MOST_SCANS = 30


def attach_scans(
    *, issued: Issued, files: Sequence[CleanFile], by: User, keyring: Keyring
) -> list[Scan]:
    """Put the files away with the paper, sealed to whoever reads the paper; each leaves a row of the trail.

    Raises Refused, NotForThisKey, and NotPutAway when the storage takes no files.
    """
    with attaching.stored(files), transaction.atomic():
        book = lock_book(issued.school)
        # A sheet attached at the same moment waits here for its place.
        issued = Issued.objects.select_for_update(of=("self",)).get(pk=issued.pk)
        last = Scan.objects.filter(issued=issued).count()
        if last + len(files) > MOST_SCANS:
            raise Refused(_("This paper has as many signed sheets as can be kept."))
        scans: list[Scan] = []
        for position, file in enumerate(files, start=last + 1):
            scan = Scan(
                issued=issued,
                position=position,
                attached_on=issued.school.today(),
                attached_by=by,
            )
            attaching.name_stored(scan, file=file, lock=lambda row: row.lock_like(issued, keyring))
            append(
                book=book,
                step=Trail.Step.SCAN_ATTACHED,
                by=by,
                opening=_opening_of(issued),
                facts={
                    "what": issued.name,
                    "scan": position,
                    "file": bytes(scan.digest).hex(),
                    "content": hashlib.sha256(bytes(scan.content)).hexdigest(),
                },
            )
            scans.append(scan)
        return scans


@transaction.atomic
def read_scan(*, scan: Scan, by: User, keyring: Keyring) -> OpenedFile:
    """The file for somebody who reads the paper. Leaves a row. Raises NotForThisKey; then there is no row."""
    opened = open_file(attachment=scan, keyring=keyring)
    append(
        book=lock_book(scan.issued.school),
        step=Trail.Step.FILE_READ,
        by=by,
        opening=_opening_of(scan.issued),
        facts={"what": scan.issued.name, "scan": scan.position},
    )
    return opened


def _opening_of(issued: Issued) -> Opening | None:
    return issued.opening
