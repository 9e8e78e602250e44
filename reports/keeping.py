"""Sheets kept from one printing to the next.

A book grows at its end: the sheets before it are the same to the byte, so they are kept, sealed under the school's
key, and taken as they are when nothing that they were made of has changed. Sheets with an entry that did not open for
whoever printed, or that is sealed to some people in person, are never kept: they are drawn anew for everybody. Sheets
after them begin where that person's book has them, and are taken only into a book that has them there too.
"""

import datetime
import hashlib
import json
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from journal.models import Entry, Volume
from journal.services.trail import lock_book
from reports.journal_book import JournalBook
from reports.journal_layout import table_style
from reports.journal_pdf import Place, Section
from reports.journal_rows import Noted, RegisteredRows
from reports.models import KeptSheets
from reports.press.sheet import Sheets
from schools.models import Category, SchoolKey
from schools.selectors import key_in_use
from vault.content import decrypt, decrypt_bytes, encrypt_bytes
from vault.errors import NotForThisKey
from vault.keyring import Keyring

KEPT_FOR = datetime.timedelta(days=100)
# Whoever changes how a row is made or drawn changes one of these.
MADE_BY = ("reports", "schools", "journal", "vault")


def shelf_for(volume: Volume, book: JournalBook, keyring: Keyring) -> "BookShelf | None":
    """Where the sheets of this whole volume are kept; None for whoever does not hold the school's key."""
    key = key_in_use(volume.school)
    if key is None or not keyring.opens_school_key(key.pk):
        return None
    return BookShelf(volume, book, key, keyring)


class BookShelf:
    """The kept sheets of a volume in one language, for one printing."""

    def __init__(self, volume: Volume, book: JournalBook, key: SchoolKey, keyring: Keyring) -> None:
        self._volume, self._book, self._key, self._keyring = volume, book, key, keyring
        self._rows: RegisteredRows = book.rows
        self._facts = _facts_of(volume, book)
        self._kept: dict[Place, tuple[KeptSheets, bytes, dict[str, Any]]] = {}
        self._taken: list[int] = []
        self._new: list[Section] = []
        self._destroyed = self._count_destroyed()
        for kept in self._stored().filter(school_key=key):
            self._look_at(kept)

    def starts(self) -> Collection[Place]:
        """Where sections begin that would be drawn like that now, if a sheet began there."""
        return self._kept.keys()

    def take(self, start: Place) -> Section:
        """The section that begins there."""
        kept, key, told = self._kept[start]
        self._taken.append(kept.pk)
        data = decrypt_bytes(kept.sheets, key=key, context=kept.sealing_context())
        return Section(start, Place(*told["stop"]), Sheets.from_json(told["drawn"], data))

    def put(self, section: Section) -> None:
        """Note a section that was drawn anew, if it may be kept."""
        rows = range(section.start.row, section.stop.row)
        if self._is_open(rows) and self._rows.closed.isdisjoint(rows):
            self._new.append(section)
            # It takes the place of a shorter one that it goes on from.
            if section.start in self._kept:
                shorter = self._kept[section.start][0].pk
                self._taken = [taken for taken in self._taken if taken != shorter]

    def store(self) -> None:
        """Keep what was noted, and forget what is not true any more."""
        today = self._volume.school.today()
        rows = [self._sealed(section, today) for section in self._new]
        with transaction.atomic():
            lock_book(self._volume.school)
            if self._count_destroyed() != self._destroyed:
                return  # what these sheets tell of was destroyed while they were drawn
            self._stored().exclude(pk__in=self._taken).delete()
            self._stored().filter(pk__in=self._taken).update(kept_on=today)
            # Two people may print the same book at once: either's sheets are as good.
            KeptSheets.objects.bulk_create(rows, batch_size=20, ignore_conflicts=True)

    def _count_destroyed(self) -> int:
        return Entry.objects.filter(volume=self._volume, destroyed_on__isnull=False).count()

    def _stored(self) -> QuerySet[KeptSheets]:
        return KeptSheets.objects.filter(volume=self._volume, language=self._book.language)

    def _look_at(self, kept: KeptSheets) -> None:
        """Count it in when it would be drawn like that now."""
        try:
            key = kept.content_key(self._keyring)
            told = decrypt(kept.content, key=key, context=kept.sealing_context())
        except NotForThisKey:
            return
        start, stop = Place(*told["start"]), Place(*told["stop"])
        rows = range(start.row, stop.row)
        whole = stop.row < len(self._rows) and self._is_open(rows)
        if whole and told["made_of"] == self._digest(rows):
            self._kept[start] = kept, key, told

    def _noted(self, rows: range) -> list[Noted]:
        return self._rows.noted[rows.start : rows.stop]

    def _is_open(self, rows: range) -> bool:
        """Whether all these entries are sealed to the school's key in use, and to nobody in person."""
        return all(one.school_key == self._key.pk for one in self._noted(rows))

    def _digest(self, rows: range) -> str:
        """Of all that the sheets with these rows are made of; it stands in sealed content only."""
        entries = [one[:2] for one in self._noted(rows)]
        return hashlib.sha256(f"{self._facts} {entries}".encode()).hexdigest()

    def _sealed(self, section: Section, today: datetime.date) -> KeptSheets:
        kept = KeptSheets(
            volume=self._volume,
            language=self._book.language,
            place=section.start.sheet,
            kept_on=today,
        )
        key = kept.lock_for_school(self._key)
        rows = range(section.start.row, section.stop.row)
        told = {
            "start": section.start,
            "stop": section.stop,
            "made_of": self._digest(rows),
            "drawn": section.sheets.as_json(),
        }
        kept.write(told, key=key)
        kept.sheets = encrypt_bytes(section.sheets.data, key=key, context=kept.sealing_context())
        return kept


def forget_old_sheets() -> None:
    """Sheets that no printing took for long go away."""
    before = datetime.datetime.now(tz=datetime.UTC).date() - KEPT_FOR
    KeptSheets.objects.filter(kept_on__lt=before).delete()


def _facts_of(volume: Volume, book: JournalBook) -> str:
    """All that rows are made of besides their entries: columns, words, names of categories, the program itself."""
    categories = Category.objects.filter(school=volume.school).order_by("pk")
    facts = {
        "style": table_style(book).as_json(),
        "columns": [head.slug for head in book.heads],
        "marks": volume.anonymous_marks,
        "zone": str(volume.school.zone),
        "categories": list(categories.values_list("pk", "names")),
        "program": _program(book.language),
    }
    return json.dumps(facts, sort_keys=True, ensure_ascii=False, default=str)


@cache
def _program(language: str) -> str:
    """A digest of the program, its fonts and its words: what is drawn by another version is drawn anew."""
    base = Path(settings.BASE_DIR)
    files = [path for room in MADE_BY for path in sorted((base / room).rglob("*.py"))]
    files += sorted((base / "static" / "fonts").glob("*.ttf"))
    files += sorted((base / "locale" / language).rglob("*.mo"))
    digest = hashlib.sha256(django.__version__.encode())
    for path in files:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
