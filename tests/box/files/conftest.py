"""What the cleaning process has, and a process of tests that printed papers before has not."""

import pytest
from PIL import ImageFile


@pytest.fixture(autouse=True)
def a_cut_picture_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """WeasyPrint lets Pillow read halves of pictures, in the whole process; the cleaning process never loads it."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", False)
