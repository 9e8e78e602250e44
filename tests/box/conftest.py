"""A school whose box is open, and a portal that remembers nothing from the test before."""

from pathlib import Path
from typing import Any

import pytest

from box import form_tokens, limits
from box.selectors import forget_boxes
from box.views import changes, regulation, writing
from box.views import school as school_view
from schools.models import School
from tests.factories import Person, make_person, make_school


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """No school, page or sender from another test; and a test types faster than a person."""
    forget_boxes()
    for kept in (
        writing.kept_pages,
        writing.kept_bare_pages,
        school_view.kept_pages,
        changes.kept_pages,
        regulation.kept_pages,
        limits.letters,
        limits.uploads,
        limits.wrong_codes,
    ):
        kept.forget()
    monkeypatch.setattr(form_tokens, "TOO_QUICK_SECONDS", 0.0)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    """Where this test's files lie, and no other's."""
    local = settings.STORAGES["default"]
    options = {**local["OPTIONS"], "location": tmp_path / "files"}
    settings.STORAGES = {**settings.STORAGES, "default": {**local, "OPTIONS": options}}
    return tmp_path / "files"


@pytest.fixture
def school() -> School:
    """A school in Kazakhstan with rules; nobody holds its key yet."""
    return make_school(names={"kk": "Бірінші мектеп", "ru": "Первая школа", "en": "First school"})


@pytest.fixture
def keeper(school: School) -> Person:
    """The psychologist, who holds the school's key: now the box is open."""
    return make_person(school, "psychologist", with_key=True)
