"""Between the storage and the database: nothing is named that is not there, and nothing stays that is not named."""

import datetime
import io
import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import IntegrityError, transaction
from django.test.utils import CaptureQueriesContext

from box.files.kinds import JPEG
from box.models import Attachment, Letter
from box.services import attaching, submitting
from box.services.attaching import NotPutAway, attach, is_as_stored, open_file, stored, sweep
from schools.models import School
from schools.selectors import key_in_use
from tests.box.files.making import clean_file
from tests.factories import Person, send_letter
from vault.errors import NotForThisKey

pytestmark = pytest.mark.django_db

DATA = b"\xff\xd8\xff" + b"a clean picture " * 10_000


def lying(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_folder_for_its_owner_alone(school: School, keeper: Person, folder: Path) -> None:
    send_letter(school, files=[DATA, DATA])
    assert {path.stat().st_mode & 0o777 for path in lying(folder)} == {0o600}
    folders = [folder, *(path for path in folder.rglob("*") if path.is_dir())]
    assert {path.stat().st_mode & 0o777 for path in folders} == {0o700}
    first, second = Attachment.objects.order_by("position")
    for row in (first, second):
        start, _slash, name = row.stored_as.partition("/")
        assert len(start) == 2 and name.startswith(start) and len(name) == 40
        assert is_as_stored(row)
    assert bytes(first.digest) != bytes(second.digest)


def test_what_was_put_away_comes_back(school: School, keeper: Person) -> None:
    send_letter(school, files=[DATA])
    row = Attachment.objects.get()
    opened = open_file(attachment=row, keyring=keeper.keyring())
    assert b"".join(opened.chunks) == DATA
    assert (opened.name, opened.mime, opened.size) == ("picture-1.jpg", JPEG.mime, len(DATA))


def test_a_file_of_another_row_does_not_open(school: School, keeper: Person) -> None:
    send_letter(school, files=[DATA, DATA])
    one, two = Attachment.objects.order_by("position")
    with default_storage.open(two.stored_as) as file:
        other = file.read()
    Path(default_storage.path(one.stored_as)).write_bytes(other)
    assert not is_as_stored(one) and is_as_stored(two)
    with pytest.raises(NotForThisKey):
        list(open_file(attachment=one, keyring=keeper.keyring()).chunks)


def test_nothing_stays_when_the_letter_is_not_stored(
    school: School, keeper: Person, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(**_facts: object) -> None:
        assert len(lying(folder)) == 2, "they were put away before"
        raise IntegrityError

    monkeypatch.setattr(attaching, "attach", fails)
    with pytest.raises(submitting.NotStored), transaction.atomic():
        send_letter(school, files=[DATA, DATA])
    assert lying(folder) == [] and not Letter.objects.exists()


def test_nothing_stays_when_nobody_else_could_read_it(
    school: School, keeper: Person, folder: Path
) -> None:
    with pytest.raises(submitting.NobodyElse):
        send_letter(school, files=[DATA], about=["psychologist"])
    assert lying(folder) == []


def test_nothing_stays_when_the_second_file_cannot_be_put_away(
    school: School, keeper: Person, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest, calls = FileSystemStorage.save, []

    def second_fails(storage: FileSystemStorage, *given: Any, **more: Any) -> str:
        calls.append(given[0])
        if len(calls) == 2:
            raise OSError(28, "full")
        return honest(storage, *given, **more)

    monkeypatch.setattr(FileSystemStorage, "save", second_fails)
    with pytest.raises(NotPutAway):
        send_letter(school, files=[DATA, DATA])
    assert lying(folder) == [] and not Letter.objects.exists()


def test_inside_a_transaction_of_somebody_elses_they_go_when_the_request_is_answered(
    school: School, keeper: Person, folder: Path
) -> None:
    letter, key = send_letter(school), key_in_use(school)
    kept, lost = clean_file(DATA), clean_file(DATA)
    attach(letter=letter, files=[kept], lock=lambda row: row.lock_for_school(key))
    with pytest.raises(RuntimeError), transaction.atomic():
        attach(letter=letter, files=[lost], lock=lambda row: row.lock_for_school(key))
        raise RuntimeError
    assert len(lying(folder)) == 2
    for file in (kept, lost):
        file.upload.close()
    row = Attachment.objects.get()
    assert lying(folder) == [folder / row.stored_as] and is_as_stored(row)


def test_positions_go_on_over_the_whole_letter(school: School, keeper: Person) -> None:
    letter, key = send_letter(school, files=[DATA, DATA]), key_in_use(school)
    file = clean_file(DATA)
    with stored([file]):
        (row,) = attach(letter=letter, files=[file], lock=lambda row: row.lock_for_school(key))
    file.upload.close()
    assert row.position == 3
    assert row.read(keeper.keyring())["name"] == "picture-3.jpg"


def test_no_transaction_waits_for_the_storage(
    school: School, keeper: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import connection

    depth: list[int] = []
    honest = FileSystemStorage.save

    def noted(storage: FileSystemStorage, *given: Any, **more: Any) -> str:
        depth.append(len(connection.savepoint_ids))
        return honest(storage, *given, **more)

    before = len(connection.savepoint_ids)
    monkeypatch.setattr(FileSystemStorage, "save", noted)
    send_letter(school, files=[DATA])
    assert depth == [before]


def test_the_sweep_takes_what_no_row_names_and_nothing_else(
    school: School, keeper: Person, folder: Path
) -> None:
    send_letter(school, files=[DATA, DATA])
    named = set(lying(folder))
    for name in ("ab/ab" + "0" * 38, "ab/ab" + "1" * 38, "cd/cd" + "2" * 38):
        default_storage.save(name, io.BytesIO(b"left by a crash"))
    old = time.time() - 3 * 86_400
    fresh = folder / ("ab/ab" + "1" * 38)
    for path in lying(folder):
        if path != fresh:
            os.utime(path, (old, old))
    assert sweep() == 2
    assert set(lying(folder)) == {*named, fresh}
    assert sweep(older_than=datetime.timedelta(0)) == 1
    assert sweep(older_than=datetime.timedelta(0)) == 0
    assert set(lying(folder)) == named


def test_the_sweep_of_a_storage_that_was_never_used(folder: Path) -> None:
    assert sweep() == 0 and not folder.exists()


def test_the_sweep_asks_once_a_folder(school: School, keeper: Person) -> None:
    from django.db import connection

    def queries(count: int) -> int:
        for number in range(count):
            default_storage.save(f"ee/ee{number:038d}", io.BytesIO(b"x"))
        with CaptureQueriesContext(connection) as heard:
            sweep()
        return len(heard)

    assert queries(1) == queries(50)


def test_a_file_that_is_gone_is_said_to_be(school: School, keeper: Person) -> None:
    send_letter(school, files=[DATA])
    row = Attachment.objects.get()
    default_storage.delete(row.stored_as)
    assert not is_as_stored(row)
    with pytest.raises(attaching.NotThere):
        list(open_file(attachment=row, keyring=keeper.keyring()).chunks)


def test_the_data_folder_is_where_files_lie_by_default() -> None:
    from trustbox.settings import DATA_DIR, STORAGES

    assert STORAGES["default"]["OPTIONS"]["location"] == DATA_DIR / "files"
    assert settings.FILE_UPLOAD_HANDLERS == ["box.files.uploads.SealedUploadHandler"]
