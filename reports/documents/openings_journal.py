"""The journal of openings of a year: a row for each, as it is kept beside the box."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from journal.models import Opening
from reports.documents.opening_act import frame_of
from reports.documents.paper import Paper, Signer, Table
from reports.documents.signing import signatures
from schools.dates import short_date
from schools.languages import in_language, speaking
from schools.models import School
from schools.roles import ROLE_NAMES
from schools.selectors import regulation_of

WIDTHS = (6, 11, 8, 34, 14, 8, 19)
BLANK_ROWS = 10


def read_openings(school: School, year: int, language: str, *, blank: bool = False) -> Paper:
    """The journal of a school's openings in a year, in a language; ``blank``: lines to be filled in by hand."""
    frame = frame_of(school, regulation_of(school))
    openings = Opening.objects.filter(school=school, year=year).order_by("number")
    with speaking(language):
        heading = _("Journal of openings of the box")
        return Paper(
            language=language,
            school=in_language(frame["school"], language, main=frame["main"]),
            short=f"{heading}, {year}" if not blank else heading,
            heading=heading,
            subheading=_("%(year)s, “%(box)s”")
            % {
                "year": "20____" if blank else year,
                "box": in_language(frame["box"], language, main=frame["main"]).strip("«»“”"),
            },
            place_and_day=("", ""),
            landscape=True,
            blocks=(
                Table(
                    heading="",
                    head=(
                        pgettext("of an opening", "№"),
                        _("Date"),
                        _("Time"),
                        _("Present"),
                        _("Letters found"),
                        _("Act №"),
                        _("Signatures"),
                    ),
                    widths=WIDTHS,
                    rows=() if blank else tuple(_row(row, school, language) for row in openings),
                    blank_rows=BLANK_ROWS if blank else 0,
                ),
                *(() if blank else (signatures((Signer("", ""),)),)),
            ),
        )


def _row(opening: Opening, school: School, language: str) -> tuple[str, ...]:
    at = opening.opened_at.astimezone(school.zone)
    total = opening.web_count + opening.paper_count
    found = (
        _("%(total)s (site: %(web)s, paper: %(paper)s)")
        % {"total": total, "web": opening.web_count, "paper": opening.paper_count}
        if total
        else _("no letters")
    )
    kind = "" if opening.kind == Opening.Kind.SCHEDULED else f"\n{opening.get_kind_display()}"
    return (
        str(opening.number),
        short_date(at.date(), language) + kind,
        f"{at:%H:%M}",
        "\n".join(_person(person) for person in opening.present),
        found,
        str(opening.act_number or "—"),
        "",
    )


def _person(person: dict[str, Any]) -> str:
    role = person.get("role")
    post = str(ROLE_NAMES.get(role, role)) if role else person.get("post", "")
    return ", ".join(filter(None, (person["name"], post)))
