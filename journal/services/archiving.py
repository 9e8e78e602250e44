"""A school leaves: everything of its book in one sealed file."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import models, transaction

from box.services.attaching import file_models
from journal.archive.contents import (
    PEOPLE_IN_FACTS,
    fields_of,
    in_order,
    path_to_school,
    put,
    target_of,
)
from journal.archive.sealing import PIECE, ArchiveWriter, Code
from journal.models import Alert, Book, Trail
from journal.one_moment import as_of_one_moment
from journal.services.trail import append, lock_book
from journal.services.verifying import Broken, verify_school
from schools.models import BookName, Membership, School, Sealed, User
from schools.selectors import key_in_use

ROWS_AT_ONCE = 200
# Of a record, about: whoever reads it has it in memory as a whole.
RECORD_SIZE = 4 * 1024 * 1024
_READ_AT_ONCE = 2000


@dataclass(frozen=True)
class Archived:
    """What was put into a file: how many rows of each kind, files, and the end of the chain in it."""

    counts: dict[str, int]
    files: int
    rows: int
    last_hash: str
    sha256: str
    code: Code = field(repr=False)


@dataclass
class _Seen:
    """What the rows name that are put down before other rows: people by id, and files with their digests."""

    people: set[int] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    files: list[tuple[str, bytes]] = field(default_factory=list)


class WentOn(Exception):
    """Something came into the book while it was written down: it would have stayed behind."""


class InDanger(Exception):
    """Somebody cried for help, and nobody has answered: where the school arrives nobody would be called."""


def archive(
    *, school: School, to: Path, by: User | None, leaves: bool = False, new_address: str = ""
) -> Archived:
    """Put the school's book into a new file, and a row of it into the trail.

    The book goes on meanwhile: what is in the file is the book as of one moment. ``by`` is None for a command on the
    server. ``leaves``: nothing more comes into it here from now on, nobody has a role in it, and the public pages say
    so, with ``new_address`` where it is known. Raises Broken (the book is not whole, or a stored file is gone), WentOn
    and InDanger (only where it leaves), FileExistsError and OSError; then no file is left and nothing has changed.
    """
    with transaction.atomic():
        lock_book(school)  # whatever has arrived is bound
    part = to.with_name(f"{to.name}.part")
    if to.exists():
        raise FileExistsError(to)
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        try:
            done = _write(school, out)
            out.flush()
            os.fsync(out.fileno())
            with transaction.atomic():
                book = _left_book(school, done, new_address) if leaves else lock_book(school)
                facts = {"sha256": done.sha256, "rows": done.rows}
                append(book=book, step=Trail.Step.ARCHIVED, by=by, facts=facts)
            part.rename(to)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    return done


def _left_book(school: School, done: Archived, new_address: str) -> Book:
    """The book, locked, of a school that has gone with all that is in it. Raises WentOn and InDanger."""
    lock_book(school)
    # Waits for letters on their way into the box, and holds off whatever comes after (``box.services.staying``).
    school = School.objects.select_for_update().get(pk=school.pk)
    book = lock_book(school)  # with the letters waited for
    if (book.rows, bytes(book.last_hash).hex()) != (done.rows, done.last_hash):
        raise WentOn
    if Alert.objects.filter(school=school, answered_at=None).exists():
        raise InDanger
    school.left_on, school.new_address = school.today(), new_address
    school.save(update_fields=["left_on", "new_address"])
    return book


def _write(school: School, out: Any) -> Archived:
    code, key = Code(), key_in_use(school)
    writer = ArchiveWriter(out, code=code, school_key=bytes(key.public_key) if key else None)
    with as_of_one_moment():
        verify_school(school)
        book = Book.objects.get(school=school)
        seen = _look_through(school)
        writer.record(
            {
                "school": str(school.uid),
                "rows": book.rows,
                "last_hash": bytes(book.last_hash).hex(),
                "fields": {
                    label: [field.attname for field in fields_of(label)] for label in in_order()
                },
            }
        )
        counts = {label: _put_rows(label, school, seen, writer) for label in in_order()}
    # No transaction waits for the storage.
    for name, digest in seen.files:
        _put_file(school, name, digest, writer)
    writer.record({"end": counts, "files": len(seen.files)})
    writer.end()
    return Archived(
        counts=counts,
        files=len(seen.files),
        rows=book.rows,
        last_hash=bytes(book.last_hash).hex(),
        sha256=writer.digest,
        code=code,
    )


def _rows(label: str, school: School, seen: _Seen) -> models.QuerySet[Any]:
    model = apps.get_model(label)
    if model is School:
        return School.objects.filter(pk=school.pk)
    if model is User:
        return User.objects.filter(pk__in=seen.people)
    return model._base_manager.filter(**{path_to_school(label): school})


def _look_through(school: School) -> _Seen:
    """Whom and which files the rows name, before the first of them is put down."""
    seen = _Seen()
    for label in in_order():
        model = apps.get_model(label)
        if model is User or model is School:
            continue
        rows = _rows(label, school, seen)
        for one in fields_of(label):
            if target_of(one) == "schools.User":
                named = rows.order_by().filter(**{f"{one.name}__isnull": False})
                seen.people |= set(named.values_list(one.attname, flat=True).distinct())
        if issubclass(model, Sealed):
            in_person = rows.filter(school_key__isnull=True)
            for keys in in_person.values_list("personal_keys", flat=True).iterator(_READ_AT_ONCE):
                seen.people |= {int(person) for person in keys}
        if model in file_models():
            for row in rows.order_by("pk").iterator(_READ_AT_ONCE):
                if not row.opens_to_nobody:  # what was destroyed has no file any more
                    seen.files.append((row.stored_as, bytes(row.digest)))
    seen.people |= set(
        User.objects.filter(username__in=_named_in_facts(school)).values_list("pk", flat=True)
    )
    return seen


def _named_in_facts(school: School) -> set[str]:
    names: set[str] = set()
    rows = Trail.objects.filter(school=school, step__in=PEOPLE_IN_FACTS)
    for step, facts in rows.values_list("step", "facts").iterator(_READ_AT_ONCE):
        said = facts.get(PEOPLE_IN_FACTS[step])
        names |= {said} if isinstance(said, str) else set(said or ())
    return names


def _put_rows(label: str, school: School, seen: _Seen, writer: ArchiveWriter) -> int:
    fields, batch, count, size = fields_of(label), [], 0, 0
    leave = _Leaving(school, writer.code).leave if label == "schools.User" else None
    for row in _rows(label, school, seen).order_by("pk").iterator(_READ_AT_ONCE):
        if leave is not None:
            leave(row)
        values = [put(getattr(row, one.attname)) for one in fields]
        batch.append(values)
        count += 1
        size += sum(len(value) for value in values if isinstance(value, str))
        if len(batch) == ROWS_AT_ONCE or size > RECORD_SIZE:
            writer.record({"of": label, "rows": batch})
            batch, size = [], 0
    if batch:
        writer.record({"of": label, "rows": batch})
    return count


class _Leaving:
    """People as they stand in an archive: the school's own with their pair, all others as a name in the book."""

    def __init__(self, school: School, code: Code) -> None:
        self._code = code
        self._names = dict(BookName.objects.filter(school=school).values_list("user", "name"))
        self._members = set(Membership.objects.filter(school=school).values_list("user", flat=True))

    def leave(self, user: User) -> None:
        """Change the person for the file (never saved)."""
        user.username = self._names.get(user.pk, user.username)
        if user.pk not in self._members:
            user.is_active, user.email = False, ""
            user.public_key = user.wrapped_private_key = b""
        if user.wrapped_private_key:
            user.wrapped_private_key = self._code.cover(
                bytes(user.wrapped_private_key), uid=str(user.uid)
            )


def _put_file(school: School, name: str, digest: bytes, writer: ArchiveWriter) -> None:
    """The stored file as it lies there, encrypted. Raises Broken when it is not as it was put there."""
    writer.record({"file": name})
    found = hashlib.sha256()
    for piece in _pieces_of(school, name):
        found.update(piece)
        writer.piece(piece)
    if found.digest() != digest:
        raise Broken(f"{school.slug}: the stored file {name} was changed.")
    writer.piece(b"")


def _pieces_of(school: School, name: str) -> Iterator[bytes]:
    try:
        with default_storage.open(name) as file:
            while piece := file.read(PIECE):
                yield piece
    except OSError:
        raise Broken(f"{school.slug}: the stored file {name} is gone.") from None
