"""The way of a list for destruction: drawn up, approved by a meeting of the commission, carried out; or called off."""

from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from box.models import Attachment, Letter
from journal import chain
from journal.keeping import (
    APPROVES,
    DRAWS_UP,
    due_in,
    letters_resting,
    lines_of,
    read_of,
    resting,
)
from journal.models import Book, Destruction, Doomed, Entry, Meeting, TakenLetter, Trail
from journal.services.at_region import note_withdrawn
from journal.services.forgetting import forget_entries, forget_files, forget_letters
from journal.services.refusing import refusal_stays
from journal.services.trail import append, append_rows, lock_book
from schools.errors import Conflict, Refused
from schools.models import School, User


@refusal_stays
@transaction.atomic
def draw_up(*, school: School, by: User) -> Destruction:
    """A list of everything that is due today. Nothing is destroyed yet. Raises Refused."""
    _check(by, DRAWS_UP, school)
    book = lock_book(school)
    due = due_in(school)
    if not len(due):
        raise Refused(_("Nothing is due for destruction."))
    newest = Destruction.objects.filter(school=school).aggregate(last=Max("number"))["last"] or 0
    destruction = Destruction.objects.create(
        school=school, number=newest + 1, drawn_up_on=school.today(), drawn_up_by=by
    )
    Doomed.objects.bulk_create(
        [
            *(Doomed(destruction=destruction, entry=entry) for entry in due.entries),
            *(Doomed(destruction=destruction, taken=taken) for taken in due.taken),
            *(Doomed(destruction=destruction, file=file) for file in due.files),
        ],
        batch_size=500,
    )
    append(
        book=book,
        step=Trail.Step.DOOMED,
        by=by,
        facts={
            "number": destruction.number,
            "entries": len(due.entries),
            "letters": len(due.taken),
            "files": len(due.files),
        },
    )
    return destruction


@refusal_stays
@transaction.atomic
def approve(
    *,
    school: School,
    destruction: Destruction,
    meeting: Meeting,
    spared: Collection[int],
    by: User,
) -> Destruction:
    """The commission has approved the list at a meeting; the lines in ``spared`` (ids) were taken off it.

    Raises Refused and Conflict.
    """
    _check(by, APPROVES, school)
    book = lock_book(school)
    destruction = _locked(school, destruction)
    if destruction.approved_on is not None:
        raise Conflict(_("This list was approved already."))
    if meeting.school_id != school.pk or meeting.state != Meeting.State.HELD:
        raise Refused(_("A list is approved by a meeting that was held."))
    if meeting.held_on < destruction.drawn_up_on:
        raise Refused(_("The meeting was held before the list was drawn up."))
    left = destruction.lines.exclude(pk__in=spared)
    if not left.exists():
        raise Refused(_("Nothing would be left on the list: call it off instead."))
    count = destruction.lines.filter(pk__in=spared).update(spared=True)
    destruction.meeting, destruction.approved_on, destruction.approved_by = (
        meeting,
        school.today(),
        by,
    )
    destruction.save(update_fields=["meeting", "approved_on", "approved_by"])
    append(
        book=book,
        step=Trail.Step.DESTRUCTION_APPROVED,
        by=by,
        facts={
            "number": destruction.number,
            "protocol": meeting.number,
            "year": meeting.school_year,
            "spared": count,
        },
    )
    return destruction


@refusal_stays
@transaction.atomic
def call_off(*, school: School, destruction: Destruction, by: User) -> Destruction:
    """The list is given up; what stood on it is due as before. Raises Refused and Conflict."""
    _check(by, DRAWS_UP, school)
    book = lock_book(school)
    destruction = _locked(school, destruction)
    destruction.called_off_on = school.today()
    destruction.save(update_fields=["called_off_on"])
    append(
        book=book,
        step=Trail.Step.DOOMED,
        by=by,
        facts={"number": destruction.number, "called_off": True},
    )
    return destruction


@refusal_stays
@transaction.atomic
def carry_out(*, school: School, destruction: Destruction, by: User) -> Destruction:
    """Destroy what stands on the approved list. It cannot be undone, and needs no key.

    What was taken up again, or is held since the list was drawn up, is spared. Raises Refused and Conflict.
    """
    _check(by, DRAWS_UP, school)
    book = lock_book(school)
    destruction = _locked(school, destruction)
    if destruction.approved_on is None:
        raise Refused(_("The commission has not approved this list yet."))
    entries, taken, files = _what_goes(destruction)
    if not (entries or taken or files):
        raise Refused(_("Everything on this list is kept for a reason now: call it off instead."))
    today = school.today()
    facts = {"act": destruction.number, "on": today.isoformat()}
    for entry in entries:
        entry.destroyed_on, entry.version = today, entry.version + 1
    Entry.objects.bulk_update(entries, ["destroyed_on", "version"], batch_size=200)
    for one in taken:
        one.destroyed_on = today
    TakenLetter.objects.bulk_update(taken, ["destroyed_on"], batch_size=200)
    forget_entries(entries)
    _forget_aside(taken)
    forget_files(files)
    append_rows(
        book=book,
        rows=[
            *(_entry_row(entry, by, facts) for entry in entries),
            *(_aside_row(one, by, facts) for one in taken),
            *(
                _entry_row(file.letter.entry, by, {**facts, "file": file.position})
                for file in _with_entries(files)
            ),
        ],
    )
    destruction.done_on, destruction.done_by = today, by
    destruction.save(update_fields=["done_on", "done_by"])
    _close(book, destruction, by, entries=len(entries), letters=len(taken), files=len(files))
    return destruction


def _check(by: User, permission: str, school: School) -> None:
    if not by.has_perm(permission, school):
        raise Refused(_("Your role does not allow this step."))


def _locked(school: School, destruction: Destruction) -> Destruction:
    """The list as it stands, still open. Raises Conflict."""
    locked = Destruction.objects.select_for_update(of=("self",)).select_related("meeting")
    destruction = locked.get(pk=destruction.pk, school=school)
    if destruction.done_on is not None:
        raise Conflict(_("This list was carried out already."))
    if destruction.called_off_on is not None:
        raise Conflict(_("This list was called off."))
    return destruction


def _what_goes(
    destruction: Destruction,
) -> tuple[list[Entry], list[TakenLetter], list[Attachment]]:
    """Rows of the lines that are not spared, locked. A line with a reason against it is spared from now on."""
    lines = [line for line in lines_of(destruction) if not line.spared]
    concerned = [
        *_ids(lines, "entry_id"),
        *(line.file.letter.entry.pk for line in lines if line.file),
    ]
    list(Entry.objects.select_for_update(of=("self",)).filter(pk__in=concerned).only("pk"))
    entries_at_rest, taken_at_rest = resting(concerned), letters_resting(_ids(lines, "taken_id"))
    read = _files_read(lines)

    def stays(line: Doomed) -> bool:
        if line.taken is not None:
            return line.taken_id not in taken_at_rest
        if line.entry is not None:
            return line.entry_id not in entries_at_rest
        is_gone = line.file.opens_to_nobody or line.file_id in read
        return is_gone or line.file.letter.entry.pk not in entries_at_rest

    kept = [line for line in lines if stays(line)]
    Doomed.objects.filter(pk__in=[line.pk for line in kept]).update(spared=True)
    going = [line for line in lines if line not in kept]
    entries = list(
        Entry.objects.filter(pk__in=_ids(going, "entry_id"))
        .select_related("volume", "school", "letter", "category", "cause", "repeat_of__volume")
        .order_by("volume__number", "number")
    )
    taken = list(
        TakenLetter.objects.select_for_update(of=("self",))
        .filter(pk__in=_ids(going, "taken_id"))
        .select_related("opening", "letter")
        .order_by("opening__year", "opening__number", "position")
    )
    files = list(Attachment.objects.filter(pk__in=_ids(going, "file_id")).order_by("pk"))
    return entries, taken, files


def _ids(lines: Iterable[Doomed], name: str) -> list[int]:
    return [getattr(line, name) for line in lines if getattr(line, name) is not None]


def _files_read(lines: Iterable[Doomed]) -> set[int]:
    """Ids of files on the list that somebody has opened since it was drawn up."""
    files = list(
        Attachment.objects.filter(pk__in=_ids(lines, "file_id")).select_related(
            "letter__entry", "letter__taken"
        )
    )
    read = read_of(files)
    return {file.pk for file in files if (file.letter_id, file.position) in read}


def _with_entries(files: list[Attachment]) -> list[Attachment]:
    """The same files, each with its entry as the chain reads it."""
    ids = [file.pk for file in files]
    rows = Attachment.objects.filter(pk__in=ids).select_related(
        "letter__entry__volume",
        "letter__entry__letter",
        "letter__entry__category",
        "letter__entry__cause",
        "letter__entry__repeat_of__volume",
    )
    return list(rows.order_by("pk"))


def _forget_aside(taken: list[TakenLetter]) -> None:
    """Of a paper letter nothing but the reason is there."""
    forget_letters([one.letter for one in taken if one.letter is not None])
    for one in taken:
        one.destroy_key()
    TakenLetter.objects.bulk_update(taken, ["sealed_key", "personal_keys"], batch_size=200)


def forget_withdrawn(letter: Letter) -> None:
    """What is kept elsewhere of a letter that its author has erased goes too: of one set aside, of one that is with the
    region (``settings``)."""
    rows = list(TakenLetter.objects.select_for_update(of=("self",)).filter(letter=letter))
    for row in rows:
        row.destroyed_on = letter.school.today()
        row.destroy_key()
    TakenLetter.objects.bulk_update(rows, ["destroyed_on", "sealed_key", "personal_keys"])
    note_withdrawn(letter)
    forget_letters([letter])


def _entry_row(entry: Entry, by: User, facts: dict[str, object]) -> Trail:
    return Trail(
        school_id=entry.school_id,
        at=timezone.now(),
        by=by,
        by_name=by.username,
        step=Trail.Step.DESTROYED,
        entry=entry,
        about=chain.entry_name(entry),
        digest=chain.entry_digest(entry),
        facts=dict(facts),
    )


def _aside_row(taken: TakenLetter, by: User, facts: dict[str, object]) -> Trail:
    return Trail(
        school_id=taken.opening.school_id,
        at=timezone.now(),
        by=by,
        by_name=by.username,
        step=Trail.Step.DESTROYED,
        opening=taken.opening,
        about=chain.opening_name(taken.opening),
        digest=chain.opening_digest(taken.opening),
        facts={**facts, "position": taken.position},
    )


def _close(book: Book, destruction: Destruction, by: User, **counts: int) -> None:
    append(
        book=book,
        step=Trail.Step.DESTROYED,
        by=by,
        facts={"act": destruction.number, "on": destruction.done_on.isoformat(), **counts},
    )
