"""The closing page of a closed volume: issued with the first print of the whole volume, and the same ever after."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from journal.models import Trail, Volume
from journal.prints import EndOfBook
from journal.services.trail import append, lock_book
from reports.documents.opening_act import frame_of
from reports.models import Issued
from schools.models import User
from schools.selectors import key_in_use, regulation_of
from vault.keyring import Keyring

MOST_SHOWN = 60  # runs of numbers; a page holds no more


@dataclass(frozen=True)
class Closing:
    """What the page of a closed volume says besides the hash. ``carried``: numbers of what was still open."""

    school: dict[str, str]
    main: str
    director: str
    entries: int
    carried: tuple[int, ...]
    reprint: bool

    @property
    def runs(self) -> str:
        """The numbers carried over, as «1–3, 7»; the end is left out where a page would not hold them."""
        shown = list(_runs(self.carried))
        return ", ".join(shown[:MOST_SHOWN]) + (" …" if len(shown) > MOST_SHOWN else "")


def _runs(numbers: Iterable[int]) -> Iterable[str]:
    first = last = None
    for number in sorted(numbers):
        if last is not None and number == last + 1:
            last = number
            continue
        if first is not None:
            yield str(first) if first == last else f"{first}–{last}"
        first = last = number
    if first is not None:
        yield str(first) if first == last else f"{first}–{last}"


def closing_of(
    volume: Volume, end: EndOfBook, keyring: Keyring
) -> tuple[Closing | None, EndOfBook]:
    """What the closing page says, and the end of the book as it was when the page was issued; None while it is open."""
    if not volume.is_closed:
        return None, end
    issued = Issued.objects.filter(volume=volume).first()
    frozen = issued.read_or_none(keyring) if issued else None
    if frozen is None:
        return _closing(_freeze(volume, end), reprint=issued is not None), end
    return _closing(frozen, reprint=True), EndOfBook(frozen["rows"], bytes.fromhex(frozen["hash"]))


def _freeze(volume: Volume, end: EndOfBook) -> dict[str, Any]:
    frame = frame_of(volume.school, regulation_of(volume.school, volume.begun_on))
    return {
        **frame,
        "volume": volume.number,
        "finished_on": volume.finished_on.isoformat(),
        "entries": volume.last_number,
        "carried_over": volume.carried_over,
        "rows": end.rows,
        "hash": end.last_hash.hex(),
    }


def _closing(frozen: dict[str, Any], *, reprint: bool) -> Closing:
    return Closing(
        school=frozen["school"],
        main=frozen["main"],
        director=frozen["director"],
        entries=frozen["entries"],
        carried=tuple(frozen["carried_over"]),
        reprint=reprint,
    )


@transaction.atomic
def note_issued(*, volume: Volume, end: EndOfBook, by: User) -> Issued | None:
    """The whole of a closed volume was printed: the first time issues its closing page. None where nothing could
    be sealed.
    """
    book = lock_book(volume.school)
    issued = Issued.objects.filter(volume=volume).first()
    if issued is not None:
        issued.prints += 1
        issued.save(update_fields=["prints"])
        return issued
    key = key_in_use(volume.school)
    if key is None:
        return None
    issued = Issued(
        school=volume.school,
        kind=Issued.Kind.VOLUME,
        volume=volume,
        issued_on=volume.school.today(),
        issued_by=by,
    )
    issued.write(_freeze(volume, end), key=issued.lock_for_school(key))
    issued.save()
    append(
        book=book,
        step=Trail.Step.DOCUMENT_ISSUED,
        by=by,
        facts={
            "what": issued.name,
            "content": hashlib.sha256(bytes(issued.content)).hexdigest(),
        },
    )
    return issued
