"""Invented forwarding sheets and notices: plain objects, no database."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from journal.forwarding_forms import PART_NAMES
from journal.models import Forwarding
from reports.documents.author_notice import AuthorNotice, Block, Size
from reports.documents.forwarding_sheet import ForwardingSheet, Part
from schools.dates import long_date
from schools.languages import in_every_language, speaking
from schools.roles import ROLE_NAMES
from schools.starting_bodies import STARTING_BODIES
from tests.factories import day
from trustbox.demo.schools import SCHOOLS, rules_of

SENT_ON, DUE_ON = day("2026-11-21"), day("2026-12-11")
COVERING = {
    "kk": "Сіздерге мектептің сенім жәшігіне түскен өтінішті жолдаймыз. Отбасымен жұмыс жүргізуді сұраймыз.",
    "ru": "Направляем обращение, поступившее в ящик доверия школы. Просим провести работу с семьёй.",
    "ky": "Мектептин ишеним кутусуна түшкөн кайрылууну жөнөтөбүз. Үй-бүлө менен иштөөнү өтүнөбүз.",
    "en": "We send you a letter that came into the trust box of our school. Please work with the family.",
}
SUMMARY = {
    "kk": "Оқушы үйде ұрып-соғу туралы жазады.",
    "ru": "Ученик пишет о побоях дома.",
    "ky": "Окуучу үйүндөгү сабоо тууралуу жазат.",
    "en": "A pupil writes about being beaten at home.",
}
# Ninety characters, as long as a school's name or a person's may be here.
LONG_NAME = (
    "Специализированная школа-лицей-интернат информационных технологий имени Мағжана Жұмабаева"
)


def make_sheet(language: str, **changed: Any) -> ForwardingSheet:
    """A sheet of one page in a language."""
    school = SCHOOLS[0 if language in ("kk", "en") else 1]
    with speaking(language):
        post = str(ROLE_NAMES["deputy_director"])
        facts = {
            "language": language,
            "number": "№ 3/2026",
            "school": school["names"][language],
            "school_lines": (school["addresses"][language], school["phone"]),
            "body": in_every_language(STARTING_BODIES[school["country"]][1][1])[language],
            "body_address": "",
            "facts": (
                (pgettext("of sending on", "Date"), long_date(SENT_ON, language)),
                (pgettext("of sending on", "By which way"), str(Forwarding.Way.LETTER.label)),
                (_("Entry of the journal"), "№ 12"),
                (_("Answer due"), long_date(DUE_ON, language)),
            ),
            "out_of_competence": True,
            "covering": COVERING[language],
            "parts": (Part(str(PART_NAMES["summary"]), SUMMARY[language]),),
            "signer_post": post[:1].upper() + post[1:],
            "signer_name": "Сағынтаева Мәдина Асқарқызы",
        }
        return ForwardingSheet(**{**facts, **changed})


def make_notice(*languages: str, size: Size = Size.A4, **changed: Any) -> AuthorNotice:
    """A notice in these languages."""
    return AuthorNotice(
        language=languages[0],
        size=size,
        blocks=tuple(_block(language, **changed) for language in languages),
    )


def _block(language: str, **changed: Any) -> Block:
    school = SCHOOLS[0 if language in ("kk", "en") else 1]
    with speaking(language):
        facts = {
            "language": language,
            "school": school["names"][language],
            "box": rules_of(school)["box_names"][language],
            "heading": _("To the author of letter № %(number)s") % {"number": 12},
            "message": _("The answer to your letter is ready."),
            "lines": (
                (_("Where"), rules_of(school)["place"][language]),
                (_("When"), "14:00–16:00"),
                (_("Whom to ask"), str(ROLE_NAMES["psychologist"])),
            ),
            "nameless": _("You need not give your name."),
        }
        return Block(**{**facts, **changed})
