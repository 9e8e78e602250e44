"""An archive opens with the school's recovery sheet alone: no database, no portal, no password."""

import io
import json
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from journal.archive.sealing import ArchiveWriter
from journal.archive.typed import on_eight_lines
from journal.services import archiving
from journal.services.archiving import archive
from schools.selectors import key_in_use
from tests.journal.archive.moving import a_school, rewritten
from tests.walls.town import PICTURE, Place
from vault.pairs import KeyPair, new_pair

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place() -> Place:
    return a_school()


@pytest.fixture
def file(place: Place, tmp_path: Path) -> Path:
    archive(school=place.school, to=tmp_path / "leaving.archive", by=None)
    return tmp_path / "leaving.archive"


@pytest.fixture
def sheet(place: Place, tmp_path: Path) -> Path:
    pair = place.keeper.keyring().schools[key_in_use(place.school).pk]
    return written(tmp_path / "sheet", pair)


def written(path: Path, pair: KeyPair) -> Path:
    path.write_text(on_eight_lines(pair))
    return path


def read(file: Path, *more: object) -> str:
    out = io.StringIO()
    call_command("read_archive", str(file), *(str(one) for one in more), stdout=out)
    return out.getvalue()


def rows(folder: Path, label: str) -> list[dict[str, Any]]:
    text = (folder / f"{label}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.split("\n") if line]


def test_everything_sealed_to_the_school_is_readable(
    file: Path, sheet: Path, place: Place, tmp_path: Path
) -> None:
    folder = tmp_path / "opened"
    with connection.execute_wrapper(_no_database):
        said = read(file, folder, "--key", sheet)
    assert "is whole" in said
    written_down = b"".join(path.read_bytes() for path in sorted(folder.iterdir()))
    for word in place.words:
        assert word in written_down
    table = (folder / "journal.csv").read_text(encoding="utf-8-sig")
    assert place.words[0].decode() in table and place.words[1].decode() in table
    assert [path.read_bytes() for path in folder.glob("reports.Scan-*")] == [PICTURE]
    former = [row["former"] for row in rows(folder, "journal.Trail") if row["former"]]
    assert former and all(place.words[1].decode() in json.dumps(one) for one in former[:1])
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_however_large_rows_are_no_record_is_larger_than_memory_takes(
    place: Place, sheet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    piece = ArchiveWriter.piece

    def measured(writer: ArchiveWriter, data: bytes) -> None:
        sizes.append(len(data))
        piece(writer, data)

    monkeypatch.setattr(ArchiveWriter, "piece", measured)
    whole = archive(school=place.school, to=tmp_path / "whole", by=None)
    records = len(sizes)
    monkeypatch.setattr(archiving, "RECORD_SIZE", 1)
    single = archive(school=place.school, to=tmp_path / "single", by=None)
    assert len(sizes) - records > records and max(sizes[records:]) <= max(sizes[:records])
    assert single.counts["journal.Entry"] == whole.counts["journal.Entry"]
    assert "is whole" in read(tmp_path / "single", "--key", sheet)


@pytest.mark.parametrize("odd", [{"of": "x", "rows": [[]]}, {"file": "aa/" + "0" * 40}, {}])
def test_records_of_no_shape_are_refused(place: Place, tmp_path: Path, odd: dict[str, Any]) -> None:
    done = archive(school=place.school, to=tmp_path / "leaving.archive", by=None)
    code = written(tmp_path / "code", done.code.pair)

    def change(said: dict[str, Any]) -> Iterator[dict[str, Any]]:
        yield odd if said.get("of") == "journal.Volume" else said

    with (
        rewritten(tmp_path / "leaving.archive", done.code, change) as forged,
        pytest.raises(CommandError, match="archive"),
    ):
        read(forged, tmp_path / "opened", "--key", code)
    assert not (tmp_path / "opened").exists()


def _no_database(*_execution: object) -> None:
    raise AssertionError("The database was asked.")


def test_what_is_closed_to_the_school_stays_closed(
    file: Path, sheet: Path, place: Place, tmp_path: Path
) -> None:
    folder = tmp_path / "opened"
    said = read(file, folder, "--key", sheet)
    assert "Not opened by this key" in said
    written_down = b"".join(path.read_bytes() for path in sorted(folder.iterdir()))
    for word in place.personal_words:
        assert word not in written_down
    personal = place.rows["personal"]
    (row,) = [one for one in rows(folder, "journal.Entry") if one["id"] == personal.pk]
    assert row["opened"] is None
    assert "sealed_key" not in row and "personal_keys" not in row
    for user in rows(folder, "schools.User"):
        assert "wrapped_private_key" not in user


def test_without_a_folder_it_is_only_checked(file: Path, sheet: Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())
    assert "is whole" in read(file, "--key", sheet)
    assert sorted(tmp_path.iterdir()) == before


def test_another_school_opens_nothing(file: Path, tmp_path: Path) -> None:
    other = written(tmp_path / "other", new_pair())
    with pytest.raises(CommandError, match="does not open this archive"):
        read(file, tmp_path / "opened", "--key", other)
    assert not (tmp_path / "opened").exists()


def test_a_line_typed_wrong_is_named(file: Path, sheet: Path, tmp_path: Path) -> None:
    lines = sheet.read_text().splitlines()
    lines[4] = lines[4][:-1] + ("A" if lines[4][-1] != "A" else "B")
    sheet.write_text("\n".join(lines))
    with pytest.raises(CommandError, match="Line 5"):
        read(file, tmp_path / "opened", "--key", sheet)


def test_the_lines_can_be_typed(file: Path, sheet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(sheet.read_text() + "\n"))
    assert "is whole" in read(file)


def test_a_spoiled_archive_leaves_no_half_of_a_folder(
    file: Path, sheet: Path, tmp_path: Path
) -> None:
    whole = bytearray(file.read_bytes())
    whole[-200] ^= 1
    file.write_bytes(bytes(whole))
    with pytest.raises(CommandError, match="changed or cut off"):
        read(file, tmp_path / "opened", "--key", sheet)
    assert not (tmp_path / "opened").exists()


def test_a_folder_that_is_there_is_not_touched(file: Path, sheet: Path, tmp_path: Path) -> None:
    (tmp_path / "opened").mkdir()
    with pytest.raises(CommandError, match="such a folder already"):
        read(file, tmp_path / "opened", "--key", sheet)
    assert not list((tmp_path / "opened").iterdir())
