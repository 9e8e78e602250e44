"""The journal as a file for other programs: what the person may read, and a row that says what left the book."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from box.files.refusals import NotCleaned
from box.files.spool import Spool
from journal.exporting.cells import Cell
from journal.exporting.formats import FORMATS
from journal.exporting.rows import columns_of, heads_of, rows_of
from journal.models import Entry, Trail, Volume
from journal.services.refusing import refusal_stays
from journal.services.trail import append, lock_book
from schools.errors import Refused
from schools.models import School, User
from schools.models.sealed import not_withheld_from
from schools.selectors import key_in_use
from vault.keyring import Keyring

ROWS_AT_ONCE = 200


@dataclass(frozen=True)
class Exported:
    """A finished file, encrypted on the disk under a key in memory; whoever gives it out closes the spool."""

    spool: Spool
    name: str
    type: str
    count: int
    sha256: str


class _Into:
    """What a table is written to: counted into a hash, and put away encrypted."""

    def __init__(self, spool: Spool) -> None:
        self.spool, self.digest = spool, hashlib.sha256()

    def write(self, data: bytes, /) -> int:
        self.digest.update(data)
        self.spool.add(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Everything is on its way already."""


@refusal_stays
@transaction.atomic
def export_journal(
    *,
    school: School,
    entries: QuerySet[Entry],
    kind: str,
    filters: Mapping[str, str],
    language: str,
    by: User,
    keyring: Keyring,
) -> Exported:
    """Those of the entries that belong to the school and are open to this person, as a file of that kind (``FORMATS``).

    ``filters``: by which the list was narrowed, for the trail. What is withheld from the person is not in it. Call it
    while speaking ``language``. Raises Refused.
    """
    if not by.has_perm("journal.export_journal", school):
        raise Refused(_("Your role does not export the journal of this school."))
    key = key_in_use(school)
    if key is None or not keyring.opens_school_key(key.pk):
        raise Refused(_("You do not hold the key of this school’s box."))
    rows = entries.filter(not_withheld_from(by.pk), school=school)
    volumes = list(
        Volume.objects.filter(pk__in=rows.order_by().values("volume")).order_by("number")
    )
    if not volumes:
        raise Refused(_("There is no entry to export."))
    columns = columns_of(volumes)
    chosen = (
        Entry.objects.filter(pk__in=rows.order_by().values("pk"))
        .select_related("school", "volume", "category")
        .order_by("volume__period_from", "volume__number", "number")
    )
    count = 0

    def counted() -> Iterator[list[Cell]]:
        nonlocal count
        read = chosen.iterator(chunk_size=ROWS_AT_ONCE)
        for row in rows_of(read, columns, language=language, keyring=keyring):
            count += 1
            yield row

    write, media_type = FORMATS[kind]
    try:
        spool = Spool()
    except NotCleaned:
        raise Refused(_("There is no room for the file just now. Try again later.")) from None
    try:
        into = _Into(spool)
        write(into, heads_of(columns), counted())
        spool.end()
        append(
            book=lock_book(school),
            step=Trail.Step.EXPORTED,
            by=by,
            facts={
                "entries": count,
                "format": kind,
                "filter": dict(filters),
                "volumes": [volume.number for volume in volumes],
                "sha256": into.digest.hexdigest(),
            },
        )
    except NotCleaned:
        spool.close()
        raise Refused(_("There is no room for the file just now. Try again later.")) from None
    except BaseException:
        spool.close()
        raise
    return Exported(
        spool=spool,
        name=f"journal-{school.slug}-{school.today().isoformat()}.{kind}",
        type=media_type,
        count=count,
        sha256=into.digest.hexdigest(),
    )
