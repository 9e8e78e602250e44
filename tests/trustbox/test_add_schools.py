"""``manage.py add_schools``: the operator's list from the command line."""

import io
import stat
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from schools.models import Invitation, School, User
from tests.journal.importing.files import xlsx
from tests.schools.test_school_list import line, rows_of

pytestmark = pytest.mark.django_db


def run(tmp_path: Path, *lines: dict[str, str], **options: Any) -> tuple[str, str]:
    file = tmp_path / "schools.xlsx"
    file.write_bytes(xlsx(rows_of(*lines)))
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("add_schools", str(file), stdout=out, stderr=err, **options)
    except CommandError as error:
        return out.getvalue(), f"{err.getvalue()}{error}"
    return out.getvalue(), err.getvalue()


def test_they_are_made_and_the_links_are_printed(tmp_path: Path) -> None:
    said, wrong = run(tmp_path, line(), line(slug="school-2"))
    assert not wrong
    assert "2 schools are added." in said
    assert said.count("/admin/welcome/") == Invitation.objects.count() == 6
    assert School.objects.count() == 2


def test_only_looked_at(tmp_path: Path) -> None:
    said, wrong = run(tmp_path, line(), check=True)
    assert "1 school is added." in said
    assert "Nothing was changed" in said
    assert not wrong
    assert not School.objects.exists()


def test_twice(tmp_path: Path) -> None:
    run(tmp_path, line())
    people = User.objects.count()
    said, wrong = run(tmp_path, line())
    assert "is here already" in said
    assert not wrong
    assert (School.objects.count(), User.objects.count()) == (1, people)


def test_faults_in_the_language_that_was_asked_for(tmp_path: Path) -> None:
    lines = [line(), line(slug="school-2", country="Atlantis"), line(slug="school-3", template="")]
    said = {}
    for language in ("en", "ru", "kk", "ky"):
        _out, wrong = run(tmp_path, *lines, language=language)
        assert wrong.startswith("3, ")
        assert "\n4, " in wrong
        assert "Faults in the table: 2. Nothing was made." in wrong
        said[language] = wrong
    assert len(set(said.values())) == 4
    assert not School.objects.exists()


def test_links_into_a_file_of_ones_own(tmp_path: Path) -> None:
    target = tmp_path / "links.xlsx"
    run(tmp_path, line(), links=str(target))
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    rows = list(openpyxl.load_workbook(target).active.iter_rows(min_row=2, values_only=True))
    assert len(rows) == 3
    assert all("/admin/welcome/" in row[6] for row in rows)
    _said, wrong = run(tmp_path, line(slug="school-2"), links=str(target))
    assert "is there already" in wrong
    assert School.objects.count() == 1, "refused before anything was added"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"links": "links.exe"}, "ends with"),
        ({"links": "/no/such/folder/links.pdf"}, "cannot be written"),
        ({"mail": True}, "no mail server"),
    ],
)
def test_what_cannot_be(tmp_path: Path, options: dict, words: str) -> None:
    _said, wrong = run(tmp_path, line(), **options)
    assert words in wrong
    assert not School.objects.exists()


def test_no_table_and_no_heads(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("add_schools", str(tmp_path / "none.xlsx"))
    file = tmp_path / "other.csv"
    file.write_text("a;b\n1;2\n")
    with pytest.raises(CommandError, match="No column is headed so"):
        call_command("add_schools", str(file))
