"""Taking over a list that was kept before: sealed while somebody looks through it, then all of it or nothing."""

import datetime
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from journal import chain
from journal.importing.checking import Layout
from journal.importing.entries import Choices, Kept, Terms
from journal.importing.journal import check_journal
from journal.importing.order import Group
from journal.importing.worker import Table
from journal.models import Entry, Incoming, Trail, Volume
from journal.services.counting import note_entries
from journal.services.numbering import volume_for
from journal.services.refusing import refusal_stays
from journal.services.registering import EMPTY_CONTENT
from journal.services.trail import append_rows, lock_book
from schools.class_levels import class_level
from schools.errors import Conflict, Refused
from schools.languages import speaking
from schools.models import Category, ClassGroup, School, SchoolKey, User
from schools.selectors import key_in_use
from schools.working_days import Calendar, calendar_of
from vault.keyring import Keyring

JOURNAL, STAFF, CLASSES, SCHOOLS = "journal", "staff", "classes", "schools"
PERMISSIONS = {
    JOURNAL: "journal.import_journal",
    STAFF: "schools.add_user",
    CLASSES: "schools.add_classgroup",
    # Of no school: whoever brings it sees it alone.
    SCHOOLS: "schools.add_school",
}
KEPT_FOR = datetime.timedelta(days=1)
ROWS_AT_ONCE = 500
# An answer that was due so long ago is due no more, whatever the working days were.
_LONGEST_DUE = datetime.timedelta(days=200)

_SEALED = (
    "full_name",
    "address",
    "age",
    "class_group",
    "phone",
    "summary",
    "sent_to",
    "outcome",
    "measures",
)


@dataclass(frozen=True)
class Seen:
    """What a person sees of their list: ``rows`` as they stood in the file, and what they have told of it."""

    rows: list[tuple[int, list[str]]]
    layout: Layout
    choices: Choices
    sheets: int


def _key_held(school: School, keyring: Keyring) -> SchoolKey:
    key = key_in_use(school)
    if key is None or not keyring.opens_school_key(key.pk):
        raise Refused(_("You do not hold the key of this school’s box."))
    return key


def _check(school: School | None, kind: str, by: User) -> None:
    if not by.has_perm(PERMISSIONS[kind], school):
        raise Refused(
            _("Your role does not take lists over in this school.")
            if school
            else _("You may not add schools.")
        )


@refusal_stays
@transaction.atomic
def keep_incoming(
    *,
    school: School | None,
    kind: str,
    table: Table,
    head: int,
    columns: Mapping[str, int],
    by: User,
    keyring: Keyring,
) -> Incoming:
    """Seal what was read of a file, for its maker alone. One that was begun before is thrown away. Raises Refused.

    A journal is sealed to the school's key, since it is as confidential as the one that it joins; a list of people or
    classes, which needs no key, to whoever brings it.
    """
    _check(school, kind, by)
    Incoming.objects.filter(school=school, made_by=by, links=False).delete()
    incoming = Incoming(school=school, made_by=by, mark=secrets.token_hex(16))
    if kind == JOURNAL:
        key = incoming.lock_for_school(_key_held(school, keyring))
    elif keyring.person is None:
        raise Refused(_("Sign in again: your own key is not open."))
    else:
        key = incoming.lock_for_people([(by.pk, keyring.person.public)])
    content = {
        "kind": kind,
        "sheets": table.sheets,
        "rows": table.rows,
        "head": head,
        "columns": dict(columns),
        "choices": {},
    }
    incoming.write(content, key=key)
    incoming.save()
    return incoming


def incoming_of(
    *, school: School | None, kind: str, pk: int, by: User, keyring: Keyring
) -> Seen | None:
    """What a person has begun to take over; None when it is another's, of another kind, closed, or gone."""
    row = Incoming.objects.filter(school=school, made_by=by, pk=pk, links=False).first()
    content = row.read_or_none(keyring) if row and not _is_old(row) else None
    if content is None or content["kind"] != kind:
        return None
    return Seen(
        rows=[(number, cells) for number, cells in content["rows"]],
        layout=Layout(head=content["head"], columns=content["columns"]),
        choices=Choices(**content["choices"]),
        sheets=content["sheets"],
    )


@transaction.atomic
def tell_columns(
    *,
    school: School | None,
    pk: int,
    head: int,
    columns: Mapping[str, int],
    choices: Mapping[str, Any],
    by: User,
    keyring: Keyring,
) -> None:
    """Which column is what, and what holds for all rows."""
    row = Incoming.objects.select_for_update().get(school=school, made_by=by, pk=pk)
    content = row.read(keyring) | {"head": head, "columns": dict(columns), "choices": dict(choices)}
    row.write(content, key=row.content_key(keyring))
    row.save(update_fields=["content"])


def throw_away(*, school: School | None, pk: int, by: User) -> None:
    """Nothing of the list stays."""
    Incoming.objects.filter(school=school, made_by=by, pk=pk, links=False).delete()


def forget_old(now: datetime.datetime | None = None) -> int:
    """Throw away what nobody has finished within a day; returns how many."""
    count, _by_model = Incoming.objects.filter(
        made_at__lt=(now or timezone.now()) - KEPT_FOR
    ).delete()
    return count


def _is_old(row: Incoming) -> bool:
    return row.made_at < timezone.now() - KEPT_FOR


def claim(*, school: School | None, kind: str, pk: int, by: User, keyring: Keyring) -> Seen:
    """The list, locked and taken out: whoever is second finds nothing. Call it in a transaction. Raises Conflict."""
    _check(school, kind, by)
    locked = Incoming.objects.select_for_update().filter(school=school, made_by=by, pk=pk)
    seen = (
        incoming_of(school=school, kind=kind, pk=pk, by=by, keyring=keyring)
        if locked.first()
        else None
    )
    if seen is None:
        raise Conflict(_("This list was taken over already, or thrown away."))
    Incoming.objects.filter(pk=pk).delete()
    return seen


@refusal_stays
@transaction.atomic
def take_over_journal(*, school: School, pk: int, by: User, keyring: Keyring) -> list[Volume]:
    """Every row becomes an entry with its former number, sealed as the others are; the volumes they stand in.

    Raises Refused, and Conflict where the list or the school's journal is not as it was shown.
    """
    _check(school, JOURNAL, by)
    key = _key_held(school, keyring)
    book = lock_book(school)
    seen = claim(school=school, kind=JOURNAL, pk=pk, by=by, keyring=keyring)
    journal = check_journal(school=school, rows=seen.rows, layout=seen.layout, choices=seen.choices)
    if journal.checked.findings or not journal.groups:
        raise Conflict(_("The journal is not as it was when you looked at the list: look again."))
    terms = Terms(school, seen.choices)
    makers = _Entries(school=school, key=key, by=by, terms=terms)
    volumes: list[Volume] = []
    for group in journal.groups:
        volume = _volume(group, terms)
        entries = makers.make(sorted(group.rows, key=lambda kept: kept.number), volume)
        Entry.objects.bulk_create(entries, batch_size=ROWS_AT_ONCE)
        volume.last_number = len(entries)
        volume.save(update_fields=["last_number"])
        note_entries(school=school, entries=entries)
        append_rows(book=book, rows=[_trail_row(entry, by) for entry in entries])
        volumes.append(volume)
    return volumes


def _volume(group: Group, terms: Terms) -> Volume:
    """The volume of these rows, begun with the first of them. The book is locked."""
    first = min(kept.taken_on for kept in group.rows)
    volume = volume_for(
        school=terms.school,
        day=first,
        regulation=terms.regulation(first),
        source=group.book or group.rows[0].source,
    )
    if volume.last_number or (volume.period_from, volume.period_to) != group.period:
        raise Conflict(_("The journal is not as it was when you looked at the list: look again."))
    return volume


class _Entries:
    """Makes entries of the rows; what the rules say of deadlines is looked up once."""

    def __init__(self, *, school: School, key: SchoolKey, by: User, terms: Terms) -> None:
        self.school, self.key, self.by, self.terms = school, key, by, terms
        self.now, self.today = timezone.now(), school.today()
        self.categories = {one.pk: one for one in Category.objects.filter(school=school)}
        self.groups = list(ClassGroup.objects.filter(school=school).values_list("name", "level"))
        self.calendar: Calendar = calendar_of(school)
        with speaking(school.main_language):
            self.no_reason = _("finished so in the journal kept before")

    def make(self, rows: list[Kept], volume: Volume) -> list[Entry]:
        """Sealed to the school's key, and not saved yet."""
        return [self._entry(kept, volume) for kept in rows]

    def _entry(self, kept: Kept, volume: Volume) -> Entry:
        entry = Entry(
            school=self.school,
            volume=volume,
            number=kept.number,
            source=kept.source,
            taken_on=kept.taken_on,
            received_at=kept.received_at,
            category=self.categories.get(kept.category),
            audience=kept.audience,
            signed=kept.signed,
            class_level=class_level(kept.class_group, self.groups),
            danger=kept.danger,
            state=kept.state,
            answered_on=kept.answered_on,
            reply_way=kept.reply_way,
            no_reply=kept.no_reply,
            registered_by=self.by,
            registered_at=self.now,
            imported=True,
        )
        if not kept.is_finished:
            rules = self.terms.regulation(kept.taken_on)
            entry.due_on = self._still_ahead(kept.taken_on, rules.reply_days)
            entry.forward_by = self._still_ahead(kept.taken_on, rules.forward_days)
        content = {**EMPTY_CONTENT, **{name: getattr(kept, name) for name in _SEALED}}
        if kept.no_reply:
            content["no_reply_reason"] = kept.no_reply_reason or self.no_reason
        entry.write(content, key=entry.lock_for_school(self.key))
        return entry

    def _still_ahead(self, day: datetime.date, days: int | None) -> datetime.date | None:
        """The last day for something, unless it has passed: nobody is late with what is only now in this journal."""
        if not days or self.today - day > _LONGEST_DUE:
            return None
        last = self.calendar.add(day, days)
        return last if last >= self.today else None


def _trail_row(entry: Entry, by: User) -> Trail:
    return Trail(
        school_id=entry.school_id,
        at=entry.registered_at,
        by=by,
        by_name=by.username,
        step=Trail.Step.TAKEN_OVER,
        entry=entry,
        about=chain.entry_name(entry),
        digest=chain.entry_digest(entry),
        facts={"number": entry.number, "source": entry.source, "to": entry.state},
    )
