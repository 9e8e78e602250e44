"""From SQLite to PostgreSQL and from there to SQLite, by the commands, between installations of their own."""

import json
from pathlib import Path

import pytest

from tests.portal import Portal, environment, run_manage

# It chooses its engines itself.
pytestmark = pytest.mark.once("sqlite")

SLUG = "sport-college"


def lines(folder: Path, label: str) -> list[dict[str, object]]:
    text = (folder / f"{label}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.split("\n") if line]


def sent(environ: dict[str, str], folder: Path, name: str) -> tuple[Path, Path, str]:
    """An archive of the school, its code, and what the command said of its end."""
    file, code = folder / f"{name}.archive", folder / f"{name}.code"
    told = run_manage(environ, "archive", SLUG, str(file))
    code.write_text(told.partition("it opens no letter:\n")[2])
    return file, code, told.splitlines()[1].removeprefix("The book ends at ")


def taken(environ: dict[str, str], file: Path, code: Path) -> str:
    """What the command said of the end of the book; the book is whole."""
    run_manage(environ, "migrate", "-v0")
    told = run_manage(environ, "take_in", str(file), "--code", str(code))
    assert "/admin/welcome/" in told
    whole = run_manage(environ, "verify_journal", SLUG, "--files")
    assert "entries, whole" in whole
    return told.splitlines()[1].removeprefix("The book is whole up to ")


def test_between_the_engines_and_back(portal: Portal, postgres_url: str, tmp_path: Path) -> None:
    on_postgres = environment(tmp_path / "second", DATABASE_URL=postgres_url)
    on_sqlite = environment(tmp_path / "third")
    for environ in (on_postgres, on_sqlite):
        Path(environ["TRUSTBOX_DATA_DIR"]).mkdir()
    assert "whole" in portal.manage("verify_journal", SLUG)

    first, first_code, end = sent(portal.environ, tmp_path, "first")
    assert taken(on_postgres, first, first_code) == end
    second, second_code, longer = sent(on_postgres, tmp_path, "second")
    assert longer != end
    assert taken(on_sqlite, second, second_code) == longer
    assert "whole" in portal.manage("verify_journal", SLUG)

    # What both archives hold is the same, but for ids and the row that says that the book arrived.
    for file, code in ((first, first_code), (second, second_code)):
        run_manage(
            on_sqlite, "read_archive", str(file), str(file.with_suffix(".out")), "--key", str(code)
        )
    there = [
        [row["row_hash"] for row in lines(file.with_suffix(".out"), "journal.Trail")]
        for file in (first, second)
    ]
    assert there[1][:-1] == there[0]
    names = {path.name for path in first.with_suffix(".out").iterdir()}
    assert names == {path.name for path in second.with_suffix(".out").iterdir()}
    for label in ("box.Letter", "journal.Entry", "schools.User", "schools.Regulation"):
        one, other = (
            [_without_ids(row) for row in lines(file.with_suffix(".out"), label)]
            for file in (first, second)
        )
        assert one == other


def _without_ids(row: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in row.items() if name != "id" and not name.endswith("_id")}
