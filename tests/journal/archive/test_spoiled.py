"""What was changed, cut off, forged or is not for here is refused, and nothing of it stays."""

import json
import random
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.db import connection

from box.services.attaching import file_models
from journal.archive.contents import BadArchive
from journal.archive.sealing import Code
from journal.services import taking_in
from journal.services.archiving import Archived, archive
from journal.services.taking_in import take_in
from journal.services.verifying import Broken
from schools.models import School, User
from tests import factories
from tests.journal.archive.moving import a_school, another_installation, rewritten, row_values
from tests.races import at_once
from vault.pairs import new_pair

pytestmark = pytest.mark.django_db(transaction=True)

Record = dict[str, Any]
Change = Callable[[Record], Iterator[Record]]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "leaving.archive"


@pytest.fixture
def done(file: Path) -> Archived:
    """An archive that has left, and this is another installation now."""
    made = archive(school=a_school().school, to=file, by=None)
    another_installation()
    return made


def everything() -> dict[str, int]:
    """How many rows there are of each kind, and which files."""
    rooms = ("schools", "box", "journal", "reports")
    counts = {
        model._meta.label: model.objects.count()
        for room in rooms
        for model in apps.get_app_config(room).get_models()
    }
    folders = default_storage.listdir("")[0]
    return counts | {"files": sum(len(default_storage.listdir(one)[1]) for one in folders)}


def refused(file: Path, code: Code, match: str | None = None) -> None:
    before = everything()
    with pytest.raises(BadArchive, match=match):
        take_in(source=file, code=code)
    assert everything() == before


def test_no_byte_can_be_changed(file: Path, done: Archived) -> None:
    whole = file.read_bytes()
    chance = random.Random(7)
    places = {0, 20, 60, len(whole) - 1} | {chance.randrange(len(whole)) for _ in range(25)}
    for place in sorted(places):
        spoiled = bytearray(whole)
        spoiled[place] ^= 1 << chance.randrange(8)
        file.write_bytes(bytes(spoiled))
        refused(file, done.code)
    file.write_bytes(whole)
    assert take_in(source=file, code=done.code).rows == done.rows


def test_no_end_can_be_cut_off_or_put_on(file: Path, done: Archived) -> None:
    whole = file.read_bytes()
    for size in (0, 5, 100, len(whole) // 2, len(whole) - 1):
        file.write_bytes(whole[:size])
        refused(file, done.code)
    file.write_bytes(whole + b"\0")
    refused(file, done.code)


def test_another_code_opens_nothing(file: Path, done: Archived) -> None:
    refused(file, Code(new_pair()), "not the code")


def test_nothing_readable_stands_in_the_file(file: Path, done: Archived) -> None:
    whole = file.read_bytes()
    for word in ("leaving", "keeper", "psychologist", "journal.", "bullying", "Ящик"):
        assert word.encode() not in whole


def changing(label: str, **values: Any) -> Change:
    """The first row of a kind says something else."""
    head: Record = {}
    left = [True]

    def change(said: Record) -> Iterator[Record]:
        if "fields" in said:
            head.update(said)
        if said.get("of") == label and left[0]:
            left[0] = False
            row = row_values(head, label, said["rows"][0]) | values
            said = said | {"rows": [list(row.values()), *said["rows"][1:]]}
        yield said

    return change


FORGED: list[tuple[str, dict[str, Any], str]] = [
    ("journal.Entry", {"danger": True}, "changed outside"),
    ("journal.Entry", {"content": b64encode(b"x" * 300).decode()}, "changed outside"),
    ("journal.Entry", {"category_id": 987654}, "refers to one"),
    ("journal.Entry", {"state": "forgotten"}, "cannot be"),
    ("journal.Entry", {"taken_on": "yesterday"}, "cannot be"),
    ("journal.Entry", {"number": 99}, "is missing"),
    ("journal.Trail", {"facts": {"more": 1}}, "was changed"),
    ("journal.Trail", {"by_name": "somebody else"}, "was changed"),
    ("journal.Book", {"rows": 3}, "does not end"),
    ("journal.Volume", {"last_number": 17}, "counter"),
    ("journal.Opening", {"web_count": 5}, "changed outside"),
    ("box.Letter", {"signed": False}, "changed after it arrived"),
    ("box.Letter", {"bound": 5}, "cannot be"),
    ("box.Attachment", {"stored_as": "../../settings.py"}, "name that cannot be"),
    ("box.Attachment", {"digest": b64encode(bytes(32)).decode()}, "not the one"),
    ("reports.Issued", {"content": b64encode(b"y" * 300).decode()}, "changed outside"),
    ("schools.Membership", {"role_id": "emperor"}, "role that is not known"),
    ("schools.School", {"slug": "admin"}, "slug"),
    ("schools.School", {"slug": "was-here-before"}, "slug"),
    ("schools.School", {"time_zone": "Mars/North"}, "cannot be"),
    ("schools.School", {"colour": "red;}"}, "cannot be"),
    ("schools.User", {"username": "a b<script>"}, "cannot be"),
]


def test_who_has_the_code_cannot_change_the_book(file: Path, done: Archived) -> None:
    for label, values, match in FORGED:
        with rewritten(file, done.code, changing(label, **values)) as forged:
            refused(forged, done.code, match)


def test_no_right_above_schools_can_be_slipped_in(file: Path, done: Archived) -> None:
    def change(said: Record) -> Iterator[Record]:
        if "fields" in said:
            said["fields"]["schools.User"].append("is_operator")
        if said.get("of") == "schools.User":
            said["rows"] = [[*row, True] for row in said["rows"]]
        yield said

    with rewritten(file, done.code, change) as forged:
        refused(forged, done.code, "another version")
    assert not User.objects.filter(is_operator=True).exists()


def test_no_other_kind_of_row_can_be_slipped_in(file: Path, done: Archived) -> None:
    for label in ("auth.Permission", "schools.Region", "sessions.Session", "x"):

        def change(said: Record, label: str = label) -> Iterator[Record]:
            yield said
            if said.get("of") == "schools.School":
                yield {"of": label, "rows": [[1]]}

        with rewritten(file, done.code, change) as forged:
            refused(forged, done.code, "kind that is not known")


def test_no_rows_can_be_left_out_or_come_twice(file: Path, done: Archived) -> None:
    for label in (label for label, count in done.counts.items() if count):

        def without(said: Record, label: str = label) -> Iterator[Record]:
            if said.get("of") != label:
                yield said

        def twice(said: Record, label: str = label) -> Iterator[Record]:
            yield said
            if said.get("of") == label:
                yield said

        for change in (without, twice):
            with rewritten(file, done.code, change) as forged:
                refused(forged, done.code)


def test_records_of_no_shape_are_refused(file: Path, done: Archived) -> None:
    odd: list[Record] = [
        {"of": "journal.Entry", "rows": [[]]},
        {"of": "journal.Entry", "rows": 5},
        {"of": [], "rows": []},
        {"file": "aa/" + "0" * 40},
        {"end": None},
        {},
    ]
    for record in odd:

        def change(said: Record, record: Record = record) -> Iterator[Record]:
            yield record if said.get("of") == "journal.Volume" else said

        with rewritten(file, done.code, change) as forged:
            refused(forged, done.code)


def test_half_an_arrival_leaves_nothing(
    file: Path, done: Archived, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything()

    def stops(school: School) -> None:
        assert School.objects.filter(pk=school.pk).exists()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(taking_in, "recount", stops)
        with pytest.raises(KeyboardInterrupt):
            take_in(source=file, code=done.code)
    assert everything() == before
    assert take_in(source=file, code=done.code).rows == done.rows


def test_files_of_a_failed_arrival_go_before_another_may_come(
    file: Path, done: Archived, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside: list[bool] = []
    delete = default_storage.delete

    def deleted(name: str) -> None:
        inside.append(connection.in_atomic_block)
        delete(name)

    def stops(_school: School) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(default_storage, "delete", deleted)
    monkeypatch.setattr(taking_in, "recount", stops)
    with pytest.raises(KeyboardInterrupt):
        take_in(source=file, code=done.code)
    assert inside and all(inside)


def test_of_two_arrivals_at_once_one_is_taken_in(file: Path, done: Archived) -> None:
    def arrive(_place: int) -> str:
        try:
            return take_in(source=file, code=done.code).school.slug
        except BadArchive:
            return "refused"

    assert sorted(at_once(2, arrive)) == ["leaving", "refused"]
    assert School.objects.filter(slug="leaving").count() == 1
    assert all(
        default_storage.exists(row.stored_as)
        for model in file_models()
        for row in model.objects.all()
    )


def test_a_broken_book_does_not_leave(file: Path) -> None:
    place = a_school()
    row = place.rows["entry"]
    type(row).objects.filter(pk=row.pk).update(danger=not row.danger)
    with pytest.raises(Broken):
        archive(school=place.school, to=file, by=None)
    assert not list(file.parent.iterdir())


def test_a_lost_file_is_told_and_nothing_is_written(file: Path) -> None:
    place = a_school()
    name = place.rows["scan"].stored_as
    default_storage.delete(name)
    with pytest.raises(Broken, match="is gone"):
        archive(school=place.school, to=file, by=None)
    assert not list(file.parent.iterdir())


def test_a_short_name_that_is_taken_can_be_another(file: Path, done: Archived) -> None:
    factories.make_school("leaving")
    refused(file, done.code, "slug")
    assert take_in(source=file, code=done.code, slug="arrived").school.slug == "arrived"


def test_the_head_of_another_archive_opens_nothing(file: Path, done: Archived) -> None:
    whole = file.read_bytes()
    first, line, rest = whole.split(b"\n", 2)
    header = json.loads(line)
    header["school_key"] = b64encode(b"z" * 80).decode()
    file.write_bytes(b"\n".join([first, json.dumps(header, sort_keys=True).encode(), rest]))
    refused(file, done.code, "changed or cut off")
