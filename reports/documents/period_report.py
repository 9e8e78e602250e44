"""The report on the letters of a month, a half-year or a year, as it goes to the head of the school."""

import datetime
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reports.analysis.drawings import drawing_of
from reports.analysis.findings import paragraphs
from reports.analysis.freezing import Told, thaw
from reports.analysis.spans import span_name
from reports.analysis.tables import note_on_cover, note_on_spells, tables_of
from reports.documents.paper import Block, Chart, Paper, Signer, Words
from reports.documents.signing import signatures
from schools.dates import long_date
from schools.languages import in_language, speaking
from schools.roles import ROLE_NAMES

BLANK_LINES = 6


def report_in(
    frozen: Mapping[str, Any], language: str, *, prepared_on: datetime.date, mark: str = ""
) -> Paper:
    """The report in a language, from its frozen data."""
    told = thaw(frozen)
    name = span_name(told.kind, told.period, language, year=frozen["year"])
    with speaking(language):
        heading = _("Report on the work with letters")
        return Paper(
            language=language,
            school=in_language(frozen["school"], language, main=told.main),
            short=f"{heading}, {name}",
            heading=heading,
            subheading=name,
            place_and_day=(
                in_language(frozen["box"], language, main=told.main),
                long_date(prepared_on, language),
            ),
            blocks=tuple(_blocks(told, frozen, language)),
            reprint=mark,
        )


def _blocks(told: Told, frozen: Mapping[str, Any], language: str) -> list[Block]:
    blocks: list[Block] = [Words("\n".join(paragraphs(told, language)), findings_heading())]
    for name, table in tables_of(told, language):
        picture = drawing_of(told, name, language)
        if picture is None:
            blocks.append(table)
        else:
            # The heading stands over both.
            blocks += [
                Words("", table.heading),
                Chart(picture),
                replace(table, heading=""),
            ]
        if name == "all":
            blocks.append(Words(note_on_spells()))
    blocks.append(Words(note_on_cover()))
    blocks.append(Words("", _("Conclusions"), blank_lines=BLANK_LINES))
    blocks.append(Words("", _("Proposals"), blank_lines=BLANK_LINES))
    blocks.append(
        signatures(
            tuple(_signer(one["role"], one["name"]) for one in frozen["keepers"]),
            heading=_("Drawn up by"),
        )
    )
    blocks.append(
        signatures((_signer("director", frozen["director"]),), heading=_("Read and noted by"))
    )
    return blocks


def findings_heading() -> str:
    """Above what the figures say."""
    return pgettext("of a report", "What the figures say")


def _signer(role: str, name: str) -> Signer:
    return Signer(post=capfirst(str(ROLE_NAMES.get(role, role))), name=name)
