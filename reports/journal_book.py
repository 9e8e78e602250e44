"""What the printed journal says: one frozen object, read once, from which every form of it is made."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from journal.destroyed import Act, acts_of_entries, destroyed_by
from journal.models import Entry, Volume
from journal.prints import EndOfBook, end_as_in
from journal.selectors import entries_for
from journal.services.trail import lock_book
from reports.closing import Closing, closing_of
from reports.journal_rows import RegisteredRows, Row
from schools.addresses import address_of
from schools.dates import date_and_time, long_date, short_date
from schools.languages import in_language, speaking
from schools.models import Regulation, School, User
from schools.models.regulation import Column, Source
from schools.schedule import period_of
from schools.selectors import regulation_of
from vault.keyring import Keyring

# Sealed fields that a column shows as they are.
AS_WRITTEN = {
    Column.ADDRESS: "address",
    Column.AGE: "age",
    Column.CLASS_GROUP: "class_group",
    Column.PHONE: "phone",
    Column.SUMMARY: "summary",
    # Each sending a line, with its deadline: in the language in which the school keeps its journal.
    Column.SENT_TO: "sent_to",
    Column.OUTCOME: "outcome",
    Column.MEASURES: "measures",
}
DATES = (Column.TAKEN_ON, Column.RECEIVED_AT)
LEFT_OPEN = ""  # on the cover, a line to be filled by hand


@dataclass(frozen=True)
class Head:
    """A column of the table: its slug (``Column``) and its heading."""

    slug: str
    label: str


@dataclass(frozen=True)
class Cover:
    """The cover: empty text where a line is left to be filled by hand."""

    school: str
    title: str
    box: str
    volume: str
    year: str
    begun: str
    finished: str
    part: str  # which days, when it is not the whole volume


@dataclass(frozen=True)
class JournalBook:
    """A volume, or some days of it, in one language.

    ``end`` is the school's chain as it stood when the entries were read, for the closing page; without it there is
    none.
    """

    language: str
    cover: Cover
    heads: tuple[Head, ...]
    rows: Sequence[Row]
    end: EndOfBook | None = None
    # Of a closed volume printed as a whole.
    closing: Closing | None = None
    # Where anybody may check the print: the school's own name on the web goes with it wherever the book goes.
    checked_at: str = ""

    @property
    def name(self) -> str:
        """What it is called where no content may stand: in the file's title and under each page."""
        return f"{self.cover.title}. {self.cover.volume}"

    @property
    def numbers(self) -> list[int]:
        """The number of each row, without reading the rows."""
        rows = self.rows.noted if isinstance(self.rows, RegisteredRows) else self.rows
        return [row.number for row in rows]


def entries_of(
    volume: Volume, *, by: User, since: datetime.date | None, until: datetime.date | None
) -> QuerySet[Entry]:
    """Entries of a volume taken out on these days; those of the person's schools."""
    entries = entries_for(by, "journal.print_journal").filter(volume=volume)
    if since:
        entries = entries.filter(taken_on__gte=since)
    if until:
        entries = entries.filter(taken_on__lte=until)
    return entries


def read_book(
    volume: Volume,
    *,
    language: str,
    since: datetime.date | None = None,
    until: datetime.date | None = None,
    by: User,
    keyring: Keyring,
) -> JournalBook:
    """The book as it is registered now, with everything that this keyring opens.

    Its rows are read when they are asked for (``RegisteredRows``).
    """
    columns = [Column(slug) for slug in volume.columns]

    def read(entries: list[Entry]) -> list[Row]:
        acts = acts_of_entries(entries)
        for entry in entries:
            entry.volume = volume  # read for none of them
        with speaking(language):
            return [
                _destroyed_row(entry, volume, columns, language, acts.get(entry.pk))
                if entry.destroyed_on is not None
                else _row(entry, volume, columns=columns, language=language, keyring=keyring)
                for entry in entries
            ]

    with transaction.atomic():
        # While the book is locked nothing is added: the hash belongs to exactly these entries.
        end = end_as_in(lock_book(volume.school))
        rows = RegisteredRows(entries_of(volume, by=by, since=since, until=until), read)
    closing = None
    if since is None and until is None:
        closing, end = closing_of(volume, end, keyring)
    with speaking(language):
        cover = _cover(volume, language, since, until)
        if closing is not None:
            cover = replace(cover, school=in_language(closing.school, language, main=closing.main))
        return JournalBook(
            language=language,
            cover=cover,
            heads=tuple(
                Head(slug=column.value, label=_label(column, volume)) for column in columns
            ),
            rows=rows,
            end=end,
            closing=closing,
            checked_at=address_of(volume.school) + reverse("check", args=[language]),
        )


def _label(column: Column, volume: Volume) -> str:
    """The heading in the language that is spoken; in the school's first two, one over the other, where the volume
    was begun so.
    """
    if not volume.two_languages:
        return str(column.label)
    labels: list[str] = []
    for language in volume.school.spoken_languages[:2]:
        with speaking(language):
            labels.append(str(column.label))
    return "\n".join(dict.fromkeys(labels))


def _cover(
    volume: Volume, language: str, since: datetime.date | None, until: datetime.date | None
) -> Cover:
    school = volume.school
    regulation = regulation_of(school, volume.begun_on)
    return Cover(
        school=school.name_in(language),
        title=title_of(volume, regulation),
        box=regulation.box_name_in(language),
        volume=_("Volume %(number)s") % {"number": volume.number},
        year=_year(regulation, volume),
        begun=long_date(volume.begun_on, language),
        finished=long_date(volume.finished_on, language) if volume.finished_on else LEFT_OPEN,
        part=_part(since, until, language),
    )


def title_of(volume: Volume, regulation: Regulation) -> str:
    """What stands on the cover: a book for everything is of calls too where the school has a trust phone."""
    if not volume.book and Source.PHONE in regulation.sources:
        return _("Journal of letters and calls")
    return volume.title


def _year(regulation: Regulation, volume: Volume) -> str:
    first, last = period_of(regulation.cover_year, volume.begun_on)
    if regulation.cover_year == Regulation.Year.SCHOOL:
        return _("School year %(from)s/%(to)s") % {"from": first.year, "to": last.year}
    return pgettext("on the cover of the journal", "Year %(year)s") % {"year": first.year}


def _part(since: datetime.date | None, until: datetime.date | None, language: str) -> str:
    days = {
        "from": long_date(since, language) if since else "",
        "to": long_date(until, language) if until else "",
    }
    if since and until:
        return _("Letters taken out from %(from)s to %(to)s") % days
    if since:
        return _("Letters taken out from %(from)s on") % days
    if until:
        return _("Letters taken out up to %(to)s") % days
    return ""


def _row(
    entry: Entry, volume: Volume, *, columns: list[Column], language: str, keyring: Keyring
) -> Row:
    content = entry.read_or_none(keyring)
    if content is None:
        return Row(number=entry.number, cells=_closed_cells(entry, columns, language), closed=True)
    cells: list[str] = []
    for column in columns:
        if column in AS_WRITTEN:
            cells.append(str(content.get(AS_WRITTEN[column], "")))
        elif column == Column.NAME:
            cells.append(
                content.get("full_name", "") if entry.signed else anonymous_mark(volume, language)
            )
        elif column == Column.ANSWERED_ON:
            cells.append(_reply(entry, content.get("no_reply_reason", ""), language))
        else:
            cells.append(_open_fact(entry, column, volume.school, language))
    return Row(number=entry.number, cells=tuple(cells))


def _destroyed_row(
    entry: Entry, volume: Volume, columns: list[Column], language: str, act: Act | None
) -> Row:
    """What stays of an entry; by which act the rest was destroyed stands where its summary was."""
    said = destroyed_by(act, lambda day: short_date(day, language))
    written = [column for column in columns if column in AS_WRITTEN]
    place = Column.SUMMARY if Column.SUMMARY in written else (written or [Column.NAME])[0]
    cells = []
    for column in columns:
        if column == place:
            cells.append(said)
        elif column in AS_WRITTEN or column == Column.NAME:
            cells.append("")
        elif column == Column.ANSWERED_ON:
            cells.append(_reply(entry, "", language))
        else:
            cells.append(_open_fact(entry, column, volume.school, language))
    return Row(number=entry.number, cells=tuple(cells))


def _open_fact(entry: Entry, column: Column, school: School, language: str) -> str:
    if column == Column.NUMBER:
        return str(entry.number)
    if column == Column.TAKEN_ON:
        return short_date(entry.taken_on, language)
    if column == Column.RECEIVED_AT:
        received = entry.received_at
        return date_and_time(received, language, school.zone) if received else ""
    if column == Column.SOURCE:
        return entry.get_source_display()
    if column == Column.CATEGORY:
        return entry.category.name_in(language) if entry.category else ""
    raise ValueError(f"The journal has no column {column}.")


def _reply(entry: Entry, no_reply_reason: str, language: str) -> str:
    """When and how the author was answered; where there is no reply, why."""
    if entry.no_reply and entry.destroyed_on is not None:
        return _("No reply")
    if entry.no_reply:
        return _("No reply: %(reason)s") % {"reason": no_reply_reason}
    if entry.answered_on is None:
        return ""
    return "\n".join([short_date(entry.answered_on, language), entry.get_reply_way_display()])


def _closed_cells(entry: Entry, columns: list[Column], language: str) -> tuple[str, ...]:
    """Number and day, and the word «closed» where the summary would stand."""
    closed = pgettext("entry in the printed journal", "closed to the person who prints")
    day = next((column for column in columns if column in DATES), None)
    others = [column for column in columns if column not in (Column.NUMBER, day)]
    word = Column.SUMMARY if Column.SUMMARY in others else (others[-1] if others else None)
    date = short_date(entry.taken_on, language)
    texts = {
        Column.NUMBER: str(entry.number),
        day: date,
        word: closed if day else f"{closed}, {date}",
    }
    return tuple(texts.get(column, "") for column in columns)


def anonymous_mark(volume: Volume, language: str) -> str:
    """The volume's own mark; the usual word where the school has none in this language; empty where it has none.

    Call it while speaking that language.
    """
    if not any((volume.anonymous_marks or {}).values()):
        return ""
    usual = pgettext("mark of an anonymous author in the journal", "anonymous")
    return volume.anonymous_mark_in(language) or usual
