"""A page of the journal of letters to be filled in by hand, with the columns of the school's regulation."""

from django.utils.translation import gettext as _

from reports.documents.opening_act import frame_of
from reports.documents.paper import Paper, Table
from reports.journal_layout import PAGE_MM, column_widths
from schools.languages import in_language, speaking
from schools.models import School
from schools.models.regulation import Column
from schools.selectors import regulation_of

BLANK_ROWS = 9


def blank_letters(school: School, language: str) -> Paper:
    """The page in a language."""
    regulation = regulation_of(school)
    frame = frame_of(school, regulation)
    columns = [Column(slug) for slug in regulation.columns]
    with speaking(language):
        heading = _("Journal of letters")
        return Paper(
            language=language,
            school=in_language(frame["school"], language, main=frame["main"]),
            short=heading,
            heading=heading,
            subheading=in_language(frame["box"], language, main=frame["main"]),
            place_and_day=("", ""),
            landscape=True,
            blocks=(
                Table(
                    heading="",
                    head=tuple(str(column.label) for column in columns),
                    widths=_hundredths(column_widths(regulation.columns)),
                    rows=(),
                    blank_rows=BLANK_ROWS,
                ),
            ),
        )


def _hundredths(millimetres: list[float]) -> tuple[int, ...]:
    """Widths in hundredths of the page, a hundred in all: what rounding leaves over goes to the widest."""
    shares = [int(width * 100 / PAGE_MM) for width in millimetres]
    widest = shares.index(max(shares))
    shares[widest] += 100 - sum(shares)
    return tuple(shares)
