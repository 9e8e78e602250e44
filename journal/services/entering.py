"""What every new entry has in common: its number and days, its seal, its scans, and its row of the trail."""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from box.files.worker import CleanFile
from box.services import attaching
from journal.models import Entry, EntryFile, Opening, Trail
from journal.models.trail import Book
from journal.services.counting import note_entry
from journal.services.numbering import next_number
from journal.services.trail import append
from schools.errors import Conflict, Refused
from schools.models import Category, Regulation, School, SchoolKey, User
from schools.models.regulation import Source
from schools.selectors import class_level_in, regulation_of
from schools.working_days import calendar_of
from vault.keyring import FreshKey

IDENTITY = ("full_name", "address", "age", "phone")
EMPTY_CONTENT = {
    "summary": "",
    "full_name": "",
    "address": "",
    "age": "",
    "class_group": "",
    "phone": "",
    "text": "",
    "sent_to": "",
    "outcome": "",
    "measures": "",
}


@dataclass(frozen=True)
class Registration:
    """What the person who registers a letter writes into the journal."""

    summary: str
    category: Category | None
    class_group: str = ""
    danger: bool = False


@dataclass(frozen=True)
class PaperLetter:
    """A paper letter (or a call, or a letter brought in person or by e-mail) as typed in."""

    text: str
    audience: str
    signed: bool
    source: str = Source.PAPER
    # full_name, address, age, phone; of a signed letter only.
    identity: dict[str, str] = field(default_factory=dict, repr=False)
    received_at: datetime.datetime | None = None


# Ways by which a letter comes that somebody types in, also without an opening of the box.
WRITTEN = (Source.PAPER, Source.EMAIL, Source.PERSON)
CALL_SOURCES = (Source.PHONE,)


@dataclass(frozen=True)
class Rules:
    """What the regulation says of an entry; read before the book is locked, so that nobody waits for it."""

    regulation: Regulation
    taken_on: datetime.date
    due_on: datetime.date | None
    forward_by: datetime.date | None
    class_level: int | None


def rules_for(school: School, *, taken_on: datetime.date, class_group: str) -> Rules:
    """Of a letter that came on a day, from a class or group as it is typed in."""
    regulation = regulation_of(school)
    calendar = calendar_of(school, regulation)

    def within(days: int | None) -> datetime.date | None:
        return calendar.add(taken_on, days) if days else None

    return Rules(
        regulation=regulation,
        taken_on=taken_on,
        due_on=within(regulation.reply_days),
        forward_by=within(regulation.forward_days),
        class_level=class_level_in(school, class_group),
    )


def new_entry(
    *,
    school: School,
    rules: Rules,
    source: Source,
    by: User,
    opening: Opening | None,
    **fields: object,
) -> Entry:
    """An entry with the next number of its book, not saved. The school's book is locked."""
    volume, number = next_number(
        school=school, day=school.today(), regulation=rules.regulation, source=source
    )
    return Entry(
        school=school,
        volume=volume,
        number=number,
        source=source,
        opening=opening,
        taken_on=rules.taken_on,
        due_on=rules.due_on,
        forward_by=rules.forward_by,
        class_level=rules.class_level,
        registered_by=by,
        registered_at=timezone.now(),
        **fields,
    )


def finish(
    *, book: Book, entry: Entry, by: User, files: Sequence[CleanFile] = (), key: bytes = b""
) -> None:
    """Store the entry with its scans and its row. ``key``: its content key, with which the scans are sealed too."""
    entry.save(force_insert=True)
    note_entry(entry=entry)
    scans: list[EntryFile] = []
    fresh = FreshKey(sealed=bytes(entry.sealed_key), content_key=key)
    for position, file in enumerate(files, start=1):
        scan = EntryFile(entry=entry, position=position)
        attaching.name_stored(scan, file=file, lock=lambda row: row.lock_like(entry, fresh))
        scans.append(scan)
    append(
        book=book,
        step=Trail.Step.REGISTERED,
        by=by,
        entry=entry,
        facts={
            "number": entry.number,
            "source": entry.source,
            "to": entry.state,
            **({"scans": len(scans)} if scans else {}),
        },
        also=scans,
    )


def check_way_in(paper: PaperLetter, *, regulation: Regulation) -> None:
    """Raises Refused for a way in that the regulation does not have, and for what is yet to come."""
    if paper.source not in regulation.sources:
        raise Refused(_("By the regulation of this school letters do not come by this way."))
    if paper.received_at is not None and paper.received_at > timezone.now():
        raise Refused(_("This moment is still to come."))


def write_in(
    *,
    book: Book,
    rules: Rules,
    key: SchoolKey,
    opening: Opening | None,
    paper: PaperLetter,
    registration: Registration,
    by: User,
    files: Sequence[CleanFile] = (),
) -> tuple[Entry, bytes]:
    """What the staff wrote down of a letter or a call becomes an entry; also gives its content key, which is new.

    Sealing to the school's key needs no key: a phone officer without one writes in as well. The book is locked.
    """
    school = rules.regulation.school
    entry = new_entry(
        school=school,
        rules=rules,
        by=by,
        opening=opening,
        source=Source(paper.source),
        received_at=paper.received_at,
        category=registration.category,
        audience=paper.audience,
        signed=paper.signed,
        danger=registration.danger,
    )
    identity = {name: paper.identity.get(name, "") for name in IDENTITY} if paper.signed else {}
    content_key = entry.lock_for_school(key)
    entry.write(
        {
            **EMPTY_CONTENT,
            **identity,
            "class_group": registration.class_group,
            "summary": registration.summary,
            "text": paper.text,
        },
        key=content_key,
    )
    finish(book=book, entry=entry, by=by, files=files, key=content_key)
    return entry, content_key


def newest_typed_in(*, school: School, by: User, sources: Collection[str]) -> int:
    """The id of the newest entry that the person wrote in without an opening, by one of these ways; 0: none yet."""
    newest = _typed_in(school, by, sources).first()
    return newest.pk if newest else 0


def _typed_in(school: School, by: User, sources: Collection[str]) -> QuerySet[Entry]:
    rows = Entry.objects.filter(
        school=school, registered_by=by, opening=None, imported=False, source__in=sources
    )
    return rows.select_related("volume").order_by("-pk")


def refuse_second_of(
    *, school: School, by: User, sources: Collection[str], newest_before: int | None
) -> None:
    """Raises Conflict when the person has written another one in since the form was shown. The book is locked."""
    newest = _typed_in(school, by, sources).first()
    if newest is not None and newest_before is not None and newest.pk != newest_before:
        raise Conflict(
            _("You have registered one since this form was shown: %(entry)s.") % {"entry": newest}
        )
