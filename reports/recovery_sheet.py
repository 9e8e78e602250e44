"""The recovery sheet: the school's key on one page of paper. It is drawn in memory and kept nowhere."""

import datetime
from dataclasses import dataclass, field
from pathlib import Path

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from journal.services import key_keeping
from reports.joining import Joiner
from reports.rendering import RenderingFailed, RenderProcess
from schools.dates import long_date
from schools.errors import Refused
from schools.languages import in_language, speaking
from schools.models import School, User
from vault.keyring import Keyring

STYLES = Path(settings.BASE_DIR) / "templates" / "reports" / "recovery_sheet.css"


@dataclass(frozen=True)
class RecoverySheet:
    """What stands on the page. ``lines`` open every letter of the school."""

    school: str
    day: datetime.date
    language: str
    lines: list[str] = field(repr=False)


def text_of_code(lines: list[str]) -> str:
    """What a phone reads from the square: the lines as they would be typed."""
    return "\n".join(lines)


def render_sheet(sheet: RecoverySheet) -> bytes:
    """The PDF. Raises LibrariesMissing and RenderingFailed."""
    code = segno.make(text_of_code(sheet.lines), error="m", micro=False, boost_error=False)
    with speaking(sheet.language):
        title = _("Recovery sheet")
        html = render_to_string(
            "reports/recovery_sheet.html",
            {
                "sheet": sheet,
                "title": title,
                "day": long_date(sheet.day, sheet.language),
                "lines": [line.split() for line in sheet.lines],
                "modules": code.symbol_size(scale=1, border=0)[0],
                "strokes": strokes_of(code),
            },
        )
    with RenderProcess() as process:
        piece = process.render(html=html, css=STYLES.read_text(encoding="utf-8"), kind="cover")
    if len(piece.pages) != 1:
        raise RenderingFailed("the sheet is not one page")
    joiner = Joiner(title=title, language=sheet.language)
    joiner.add(piece)
    return joiner.file()


def strokes_of(code: segno.QRCode) -> str:
    """The dark squares of each row as the data of an SVG path."""
    return "".join(
        f"M{start} {row}h{width}v1h-{width}z"
        for row, modules in enumerate(code.matrix)
        for start, width in _runs(modules)
    )


def _runs(modules: bytearray) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for place, dark in enumerate(modules):
        if not dark:
            continue
        if runs and sum(runs[-1]) == place:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((place, 1))
    return runs


def print_recovery_sheet(*, school: School, language: str, by: User, keyring: Keyring) -> bytes:
    """The PDF, its row in the trail written.

    Raises Refused, LibrariesMissing and RenderingFailed: then there is no row.
    """
    lines = key_keeping.lines_of_sheet(school=school, by=by, keyring=keyring)
    file = render_sheet(
        RecoverySheet(
            school=in_language(school.names, language, main=school.main_language),
            day=school.today(),
            language=language,
            lines=lines,
        )
    )
    # Drawing took a second: the page must be of the key for which the row is written.
    if key_keeping.print_sheet(school=school, by=by, keyring=keyring) != lines:
        raise Refused(_("The key was changed in this moment. Print the sheet again."))
    return file
