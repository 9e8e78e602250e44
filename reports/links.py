"""The links of many new colleagues on paper: a sheet for each school, a slip for each person, to be cut apart."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from journal.exporting.cells import Cell
from journal.services.giving_links import Link
from reports.joining import Joiner
from reports.recovery_sheet import strokes_of
from reports.rendering import RenderProcess
from schools.languages import speaking
from schools.roles import ROLE_NAMES

STYLES = Path(settings.BASE_DIR) / "templates" / "reports" / "links.css"
SCHOOLS_AT_ONCE = 40  # memory stays flat


def heads() -> list[str]:
    """Of the table, in the language now active."""
    return [
        _("Name of the school"),
        _("Short name in the address"),
        _("Full name"),
        _("Role"),
        _("User name"),
        _("E-mail"),
        _("Link"),
    ]


def rows(links: Iterable[Link]) -> Iterator[list[Cell]]:
    """A line for everybody; where the link goes by e-mail it says so."""
    for link in links:
        yield [
            link.school,
            link.slug,
            link.full_name,
            roles_of(link),
            link.username,
            link.email,
            link.address or _("goes by e-mail"),
        ]


def roles_of(link: Link) -> str:
    """The roles in words of the language now active."""
    return ", ".join(str(ROLE_NAMES.get(role, role)) for role in link.roles)


def links_pdf(links: Sequence[Link], *, language: str) -> bytes:
    """The PDF; each sheet in its school's main language. Raises LibrariesMissing and RenderingFailed."""
    with speaking(language):
        joiner = Joiner(title=_("Links for the colleagues"), language=language)
    schools = [list(several) for _slug, several in groupby(links, key=lambda link: link.slug)]
    with RenderProcess() as process:
        for first in range(0, len(schools), SCHOOLS_AT_ONCE):
            several = schools[first : first + SCHOOLS_AT_ONCE]
            html = f'<!DOCTYPE html><html lang="{language}"><head><title>-</title></head><body>'
            html += "".join(_sheet(one) for one in several) + "</body></html>"
            joiner.add(
                process.render(html=html, css=STYLES.read_text(encoding="utf-8"), kind="cover")
            )
    return joiner.file()


def _sheet(links: Sequence[Link]) -> str:
    language = links[0].language
    with speaking(language):
        people = [
            {"link": link, "roles": roles_of(link), "square": _square(link)} for link in links
        ]
        words = {"school": links[0].school, "language": language, "people": people}
        return render_to_string("reports/links_sheet.html", words)


@dataclass(frozen=True)
class Square:
    """What a phone's camera reads: nobody has to type the link."""

    size: int
    strokes: str


def _square(link: Link) -> Square | None:
    if not link.address:
        return None
    code = segno.make(link.address, error="l", micro=False)
    return Square(code.symbol_size(scale=1, border=0)[0], strokes_of(code))
