"""What the server needs of styles and scripts is gathered once, and again when something of it has changed."""

from pathlib import Path
from typing import Any

import pytest
from django.core import management
from django.test.utils import override_settings

from trustbox import static_files

pytestmark = pytest.mark.once("sqlite")


@pytest.fixture
def gathering(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """An installation with one style of its own; ``calls`` counts how often files were gathered."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "one.css").write_text("p { color: red }")
    calls: list[str] = []

    def collect(name: str, **_options: Any) -> None:
        calls.append(name)
        (tmp_path / "data/static").mkdir(parents=True, exist_ok=True)
        (tmp_path / "data/static/staticfiles.json").write_text("{}")

    monkeypatch.setattr(static_files, "call_command", collect)
    (tmp_path / "data").mkdir()
    with override_settings(
        DATA_DIR=tmp_path / "data", STATIC_ROOT=tmp_path / "data/static", STATICFILES_DIRS=[source]
    ):
        yield source, calls


def test_once_and_again_after_a_change(gathering: Any) -> None:
    source, calls = gathering
    assert static_files.gather()
    assert not static_files.gather()
    (source / "one.css").write_text("p { color: green }")
    assert static_files.gather()
    (source / "two.css").touch()
    assert static_files.gather()
    assert not static_files.gather()
    assert calls == ["collectstatic"] * 3


def test_again_where_the_files_are_gone(gathering: Any, tmp_path: Path) -> None:
    assert static_files.gather()
    (tmp_path / "data/static/staticfiles.json").unlink()
    assert static_files.gather()


def test_again_after_one_that_failed(gathering: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    source, _calls = gathering
    assert static_files.gather()
    collect = static_files.call_command

    def fail(*_args: Any, **_options: Any) -> None:
        raise management.CommandError

    (source / "one.css").write_text("")
    monkeypatch.setattr(static_files, "call_command", fail)
    with pytest.raises(management.CommandError):
        static_files.gather()
    (source / "one.css").write_text("p { color: red }")
    monkeypatch.setattr(static_files, "call_command", collect)
    assert static_files.gather()
