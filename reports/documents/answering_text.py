"""The text of the answering machine on a sheet that lies beside the phone."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from reports.documents.opening_act import frame_of
from reports.documents.paper import Block, Facts, Paper, Words
from schools.answering import answering_text
from schools.languages import in_language, speaking
from schools.models import Regulation, School, TrustPhone
from schools.working_days import calendar_of


def read_answering_text(school: School, regulation: Regulation, language: str) -> Paper:
    """The sheet in a language."""
    phones = list(TrustPhone.objects.filter(school=school))
    text = answering_text(
        school=school,
        regulation=regulation,
        phones=phones,
        calendar=calendar_of(school, regulation),
        language=language,
    )
    frame = frame_of(school, regulation)
    with speaking(language):
        heading = _("Text of the answering machine")
        blocks: list[Block] = [Words(line, strong=True) for line in text.split("\n") if line]
        numbers = ", ".join(phone.number for phone in phones)
        if numbers:
            blocks.append(Facts(((capfirst(_("trust phone")), numbers),)))
        return Paper(
            language=language,
            school=in_language(frame["school"], language, main=frame["main"]),
            short=heading,
            heading=heading,
            subheading=_("To be read out slowly; the signal follows the last word."),
            place_and_day=("", ""),
            blocks=tuple(blocks),
        )
