"""A school on its way from one installation to another, both of them in the tests' one database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection, transaction

from box.services.attaching import file_models
from journal.archive.contents import CARRIED, fields_of, path_to_school, put, target_of
from journal.archive.sealing import ArchiveReader, ArchiveWriter, Code
from journal.bound import unbind
from journal.models import Trail
from journal.services.trail import lock_book
from reports.analysis.preparing import missing_reports, prepare_report
from schools.models import BookName, School, Sealed, User
from schools.services.roles import sync_roles
from tests import factories
from tests.journal.keeping.case import LONG_AGO, NOW, at, destroyed, put_aside, rich_entry
from tests.walls.town import Place, make_place

CODE = "K7QX-9M2T-4HWD-PZ3A"
Picture = dict[str, list[dict[str, Any]]]
# What stands otherwise where a school arrives, and is looked at by tests of its own.
_NOT_THE_SAME = {"schools.User": {"wrapped_private_key", "public_key", "is_active", "email"}}


def picture_of(school: School) -> Picture:
    """Every carried row, in the order of ids; in place of an id the place of the row that it leads to."""
    rows = {label: list(_rows(label, school)) for label in CARRIED}
    people = {
        person
        for label, found in rows.items()
        for row in found
        for person in _people_of(label, row)
    }
    names = dict(BookName.objects.filter(school=school).values_list("user", "name"))
    rows["schools.User"] = list(User.objects.filter(pk__in=people).order_by("pk"))
    for user in rows["schools.User"]:
        user.username = names.get(user.pk, user.username)
    places = {
        label: {row.pk: place for place, row in enumerate(found)} for label, found in rows.items()
    }
    return {
        label: [_shown(label, row, places) for row in found]
        for label, found in rows.items()
        if label != "journal.Book"
    }


def _rows(label: str, school: School) -> Any:
    if label == "schools.User":
        return ()
    where = {"pk": school.pk} if label == "schools.School" else {path_to_school(label): school}
    rows = apps.get_model(label).objects.filter(**where).order_by("pk")
    return rows.exclude(step=Trail.Step.TAKEN_IN) if label == "journal.Trail" else rows


def _people_of(label: str, row: Any) -> set[int]:
    named = {
        getattr(row, field.attname)
        for field in fields_of(label)
        if target_of(field) == "schools.User"
    }
    if isinstance(row, Sealed):
        named |= set(map(int, row.personal_keys))
    return named - {None}


def _shown(label: str, row: Any, places: dict[str, dict[Any, int]]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for field in fields_of(label):
        value, target = getattr(row, field.attname), target_of(field)
        if field.name in _NOT_THE_SAME.get(label, ()) or field.attname == "id":
            continue
        if target in places and value is not None:
            value = places[target][value]
        if field.name == "personal_keys":
            value = {places["schools.User"][int(one)]: sealed for one, sealed in value.items()}
        shown[field.attname] = put(value)
    return shown


def a_school() -> Place:
    """The town's school, and a letter in the box whose author has ``CODE``."""
    place = make_place("leaving")
    factories.send_letter(place.school, code=CODE)
    bind_all(place.school)
    return place


def full_school(slug: str = "leaving") -> Place:
    """A school with everything in it, of years ago and of now; some of it destroyed by an act."""
    with at(LONG_AGO):
        place = make_place(slug)
        rich_entry(place.school, by=place.keeper)
        put_aside(place.school, by=place.keeper)
    school = School.objects.get(pk=place.school.pk)
    school.first_holder = place.keeper
    deputy = factories.make_person(school, "deputy_director", with_key=True)
    with at(NOW):
        rich_entry(school, by=place.keeper)
        destroyed(school, by=place.keeper, approver=deputy)
        kind, period = next(iter(missing_reports(school)))
        prepare_report(school=school, kind=kind, first=period.first, by=deputy.fresh())
    bind_all(school)
    return place


def bind_all(school: School) -> None:
    """What has arrived gets its row in the book."""
    with transaction.atomic():
        lock_book(school)


def another_installation() -> None:
    """Nothing of before is here: other schools and people have the ids; the storage is another."""
    for model in file_models():
        for name in model.objects.values_list("stored_as", flat=True):
            default_storage.delete(name)
    unbind(connection)
    call_command("flush", verbosity=0, interactive=False)
    sync_roles()
    school = factories.make_school("was-here-before", country="KG")
    keeper = factories.make_person(school, "psychologist", with_key=True)
    for place in range(3):
        factories.make_person(school, "director", username=f"somebody-{place}")
    factories.registered_entry(school, by=keeper)


@contextmanager
def rewritten(
    path: Path, code: Code, change: Callable[[dict[str, Any]], Iterator[dict[str, Any]]]
) -> Iterator[Path]:
    """Another archive by somebody who has the code: ``change`` gives what comes in place of each record."""
    forged = path.with_suffix(".forged")
    with open(path, "rb") as source, open(forged, "wb") as out:
        reader = ArchiveReader(source)
        reader.open_by_code(code)
        writer = ArchiveWriter(out, code=code, school_key=None)
        said: dict[str, Any] = {}
        while "end" not in said:
            said = reader.record()
            for record in change(said):
                writer.record(record)
            if "file" in said:
                while piece := reader.piece():
                    writer.piece(piece)
                writer.piece(b"")
        writer.end()
    try:
        yield forged
    finally:
        forged.unlink()


def row_values(head: dict[str, Any], label: str, row: list[Any]) -> dict[str, Any]:
    """A row of a record by its columns."""
    return dict(zip(head["fields"][label], row, strict=True))
