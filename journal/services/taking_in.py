"""A school arrives from another installation: its whole archive, or nothing of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import DataError, IntegrityError, models, transaction

from box.services.attaching import NotPutAway, file_models, put_back
from journal.archive.contents import BadArchive, field_named, fields_of, model_of, take, target_of
from journal.archive.sealing import ArchiveReader, Code
from journal.models import Book, Trail
from journal.services.counting import recount
from journal.services.trail import append, lock_book
from journal.services.verifying import Broken, verify_school
from schools.models import BookName, KeyGrant, Role, School, Sealed, User

_STORED_AS = re.compile(r"[0-9a-f]{2}/[0-9a-f]{40}")
_PEOPLE = "schools.User"


@dataclass(frozen=True)
class TakenIn:
    """A school that has arrived. ``renamed``: name in its book → user name here, where the two differ."""

    school: School
    counts: dict[str, int]
    files: int
    rows: int
    last_hash: str
    sha256: str
    renamed: dict[str, str]


def take_in(*, source: Path, code: Code, slug: str | None = None) -> TakenIn:
    """Everything in the archive becomes a school of this installation, with ids of this one.

    ``slug`` is its short name here; the one it had, when not given. The chain is walked and every digest compared
    before anything is kept: on any fault nothing is. Raises BadArchive and OSError.
    """
    kept: list[str] = []
    try:
        with open(source, "rb") as file, transaction.atomic():
            try:
                return _Arrival(ArchiveReader(file), code, slug, kept).all()
            except BaseException:
                # Before the transaction ends: another that waits for it may bring files of the same names next.
                _forget(kept)
                raise
    except BaseException as error:
        _forget(kept)  # refused by the database at the very end
        raise _as_bad_archive(error) from None


def _forget(names: list[str]) -> None:
    while names:
        default_storage.delete(names.pop())


def _as_bad_archive(error: BaseException) -> BaseException:
    """What is wrong with an archive, by what it made fail; other errors as they are."""
    said = ""
    match error:
        case Broken():
            said = f"The book in the archive is not whole. {error}"
        case IntegrityError() | DataError():
            # The text of the database's own error would quote what stands in the row.
            said = "The archive does not fit in here: something of it is here already, or breaks a rule of the book."
        case NotPutAway():
            said = "The storage does not take the files of the archive."
        case ValidationError():
            said = f"The archive has values that cannot be: {_faults(error)}."
        case LookupError() | TypeError() | ValueError() | AttributeError() | ArithmeticError():
            said = "The archive is not put together as an archive is."
    return BadArchive(said) if said else error


def _faults(error: ValidationError) -> str:
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages).rstrip(".")
    return "; ".join(
        f"{name}: {' '.join(texts).rstrip('.')}"
        for name, texts in sorted(error.message_dict.items())
    )


class _Arrival:
    """One archive on its way in: what has arrived, by kind and former id, and what has still to be joined."""

    def __init__(
        self, reader: ArchiveReader, code: Code, slug: str | None, kept: list[str]
    ) -> None:
        self._reader, self._code, self._slug, self._kept = reader, code, slug, kept
        self._fields: dict[str, list[models.Field[Any, Any]]] = {}
        self._ids: dict[str, dict[Any, Any]] = {}
        self._counts: dict[str, int] = {}
        # Of rows that refer to rows of their own kind, which may come after them: row, column, former id.
        self._later: list[tuple[models.Model, str, Any]] = []
        self._files: dict[str, bytes] = {}
        # By the id here, how people are called in the book.
        self._names: dict[int, str] = {}
        # People who were here already, and have another pair than the one that the book is sealed to.
        self._other_pair: set[int] = set()

    def all(self) -> TakenIn:
        """Take everything in, in the caller's transaction."""
        self._reader.open_by_code(self._code)
        head = self._reader.record()
        if School.objects.filter(uid=head["school"]).exists():
            raise BadArchive("The school of this archive is here already.")
        self._fields = {
            label: [field_named(label, name) for name in names]
            for label, names in head["fields"].items()
        }
        said = self._reader.record()
        while "of" in said:
            self._put_in(said["of"], said["rows"])
            said = self._reader.record()
        while "file" in said:
            self._keep_file(said["file"])
            said = self._reader.record()
        self._reader.end()
        school = School.objects.get(uid=head["school"])
        self._finish(school, said)
        book = Book.objects.get(school=school)
        if (book.rows, bytes(book.last_hash).hex()) != (head["rows"], head["last_hash"]):
            raise BadArchive("The book does not end where the archive says.")
        verify_school(school)
        recount(school)
        facts = {"sha256": self._reader.digest, "rows": head["rows"]}
        append(book=lock_book(school), step=Trail.Step.TAKEN_IN, by=None, facts=facts)
        names = BookName.objects.filter(school=school).select_related("user")
        return TakenIn(
            school=school,
            counts=self._counts,
            files=len(self._kept),
            rows=head["rows"],
            last_hash=head["last_hash"],
            sha256=self._reader.digest,
            renamed={row.name: row.user.username for row in names},
        )

    def _put_in(self, label: str, rows: list[list[Any]]) -> None:
        model, fields = model_of(label), self._fields[label]
        ids = self._ids.setdefault(label, {})
        former, made = [], []
        for values in rows:
            taken = {
                field.attname: take(field, value)
                for field, value in zip(fields, values, strict=True)
            }
            former.append((taken[model._meta.pk.attname], _moments(model, taken)))
            made.append(self._person(taken) if model is User else self._row(model, taken))
        new = [row for row in made if row._state.adding]
        model._base_manager.bulk_create(new)
        for row, (pk, moments) in zip(made, former, strict=True):
            if pk in ids:
                raise BadArchive("The archive has a row twice.")
            ids[pk] = row.pk
            if (
                moments and row in new
            ):  # a moment that a new row would get by itself is the one it had
                model._base_manager.filter(pk=row.pk).update(**moments)
        self._counts[label] = self._counts.get(label, 0) + len(rows)

    def _row(self, model: type[models.Model], taken: dict[str, Any]) -> models.Model:
        """The row for this database: references by ids of this one, and none that leads out of the archive."""
        label, later = model._meta.label, []
        for field in fields_of(label):
            value, target = taken.get(field.attname), target_of(field)
            if target is None or value is None:
                continue
            if target == label:
                later.append((field.attname, value))
            taken[field.attname] = None if target == label else self._here(target, value)
        if not model._meta.pk.is_relation:
            del taken[model._meta.pk.attname]
        if issubclass(model, Sealed):
            taken["personal_keys"] = {
                str(self._reader_of(int(person))): sealed
                for person, sealed in taken["personal_keys"].items()
            }
        row = model(**taken)
        self._later += [(row, name, value) for name, value in later]
        if isinstance(row, School):
            row.slug = self._slug = self._slug or row.slug
            row.full_clean()
        if model in file_models() and not row.opens_to_nobody:
            if not _STORED_AS.fullmatch(row.stored_as):
                raise BadArchive("The archive has a file under a name that cannot be.")
            self._files[row.stored_as] = bytes(row.digest)
        return row

    def _reader_of(self, person: int) -> int:
        """Whoever is gone without a trace keeps what was theirs, under an id that nobody has."""
        return self._ids.get(_PEOPLE, {}).get(person, -abs(person))

    def _here(self, target: str, value: Any) -> Any:
        if target == "schools.Role":
            if not Role.objects.filter(pk=value).exists():
                raise BadArchive("The archive has a role that is not known here.")
            return value
        if value not in self._ids.get(target, {}):
            raise BadArchive("A row of the archive refers to one that is not in it.")
        return self._ids[target][value]

    def _person(self, taken: dict[str, Any]) -> User:
        """An account that waits for its link. Who came here with another school stays as they are."""
        del taken["id"]
        name, uid, public = taken["username"], taken["uid"], taken["public_key"]
        user = User.objects.filter(uid=uid).first()
        if user is None:
            if taken["wrapped_private_key"]:
                taken["wrapped_private_key"] = self._code.uncover(
                    taken["wrapped_private_key"], uid=str(uid)
                )
            user = User(**{**taken, "username": _free_name(name, str(self._slug))})
            user.set_unusable_password()
            user.save(force_insert=True)
            User.objects.filter(pk=user.pk).update(**_moments(User, taken))
        elif bytes(user.public_key) != public:
            self._other_pair.add(user.pk)
        if user.username != name:
            self._names[user.pk] = name
        return user

    def _keep_file(self, name: str) -> None:
        digest = self._files.pop(name)
        self._kept.append(name)
        if default_storage.exists(name):
            self._kept.remove(name)
            raise NotPutAway
        if put_back(name=name, pieces=self._pieces()) != digest:
            raise BadArchive("A file in the archive is not the one that the book names.")

    def _pieces(self) -> Iterator[bytes]:
        while piece := self._reader.piece():
            yield piece

    def _finish(self, school: School, said: dict[str, Any]) -> None:
        if said["end"] != {label: self._counts.get(label, 0) for label in self._fields}:
            raise BadArchive("Rows of the archive are missing.")
        if self._files or said["files"] != len(self._kept):
            raise BadArchive("Files of the archive are missing.")
        for row, name, value in self._later:
            model = type(row)
            new = self._here(model._meta.label, value)
            model._base_manager.filter(pk=row.pk).update(**{name: new})
        BookName.objects.bulk_create(
            BookName(school=school, user_id=person, name=name)
            for person, name in self._names.items()
        )
        grants = KeyGrant.objects.filter(key__school=school)
        grants.filter(holder__public_key=b"").delete()
        grants.filter(holder__in=self._other_pair).delete()


def _moments(model: type[models.Model], taken: dict[str, Any]) -> dict[str, Any]:
    """The columns that Django fills itself when a row is made."""
    return {
        field.attname: taken[field.attname]
        for field in model._meta.concrete_fields
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    }


def _free_name(name: str, slug: str) -> str:
    """The user name, or one made of it where it is another's here."""
    if not User.objects.filter(username=name).exists():
        return name
    start, number = name[: 90 - len(slug)], 1
    while True:
        tried = f"{start}.{slug}" if number == 1 else f"{start}{number}.{slug}"
        if not User.objects.filter(username=tried).exists():
            return tried
        number += 1
