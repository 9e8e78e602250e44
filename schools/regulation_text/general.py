"""The general part: what the box is, who writes, by which ways, and when."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from schools.dates import long_date
from schools.models import Regulation
from schools.models.regulation import Source
from schools.regulation_text import wording
from schools.regulation_text.document import Said
from schools.regulation_text.rules import Rules


def clauses(rules: Rules) -> Iterator[Said]:
    """In the language that is spoken."""
    regulation, school = rules.regulation, rules.school
    yield Said(
        "subject",
        ("school.names", "regulation.box_names"),
        _(
            "This regulation says how the trust box of the school works (hereinafter the box). "
            "Full name of the school: %(school)s. Name of the box: “%(box)s”."
        )
        % {"school": rules.own(school.names), "box": rules.box_name},
    )
    contacts = _contacts(rules)
    if contacts:
        yield Said(
            "contacts",
            ("school.addresses", "school.phone", "school.site"),
            _("How to reach the school:"),
            tuple(contacts),
        )
    yield Said(
        "audiences",
        ("regulation.audiences",),
        _("The box takes letters of:"),
        tuple(wording.writers(audience) for audience in regulation.audiences),
    )
    yield Said(
        "sources",
        ("regulation.sources",),
        _("Letters reach the school by these ways:"),
        tuple(wording.way_in(source) for source in regulation.sources),
    )
    yield Said(
        "anonymous",
        (),
        _("A letter can be signed or anonymous. Both are taken, registered and looked into alike."),
    )
    if rules.has_site:
        yield Said(
            "site_always_open",
            ("regulation.sources",),
            _(
                "The form on the site takes letters on every day of the year, day and night. "
                "Nobody has to sign in to write."
            ),
        )
    if Source.PAPER in regulation.sources:
        yield Said(
            "paper_box",
            ("regulation.sources",),
            _("Letters put into the box for paper letters are taken out when the box is opened."),
        )
    yield Said("works", ("regulation.works",), _works(regulation))
    yield Said(
        "languages",
        ("school.languages",),
        _(
            "A letter can be written in any language. The main language of the school’s papers: %(main)s. "
            "Languages of the school: %(all)s."
        )
        % {
            "main": wording.language_named(school.main_language),
            "all": wording.listed([wording.language_named(code) for code in school.languages]),
        },
    )
    yield Said(
        "published",
        (),
        _(
            "The text of this regulation stands on the page of the box, where everybody can read it and take a copy."
        ),
    )
    yield Said(
        "holds_from",
        ("regulation.holds_from",),
        _(
            "This regulation is in force until a newer one takes its place. First day in force: %(date)s."
        )
        % {"date": long_date(regulation.holds_from, rules.language)},
    )


def _contacts(rules: Rules) -> list[str]:
    school = rules.school
    return [
        _("%(label)s: %(text)s") % {"label": label, "text": text}
        for label, text in (
            (pgettext("in the regulation", "address"), rules.own(school.addresses)),
            (pgettext("in the regulation", "phone"), school.phone),
            (pgettext("in the regulation", "site"), school.site),
        )
        if text
    ]


def _works(regulation: Regulation) -> str:
    if regulation.works == Regulation.Works.ALL_YEAR:
        return _("The box works all year, vacations included.")
    return _(
        "The box works during the school year. In vacations and from 1 June to 31 August it is not opened, "
        "except where somebody is in danger, and these days do not count as working days."
    )
