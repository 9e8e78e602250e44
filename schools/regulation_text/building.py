"""Settings, read once, become numbered clauses."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from schools.dates import long_date
from schools.languages import LANGUAGES, in_language, speaking
from schools.models import Category, Clause, Membership, Regulation, TrustPhone
from schools.regulation_text import (
    commission,
    confidentiality,
    deadlines,
    general,
    help,
    keeping,
    order,
    registration,
    tasks,
)
from schools.regulation_text.document import (
    Approved,
    NumberedClause,
    RegulationText,
    Said,
    Section,
)
from schools.regulation_text.rules import Rules
from schools.roles import ROLE_NAMES
from schools.selectors import categories_of

Sayings = Callable[[Rules], Iterator[Said]]

# What is said in each section, in the order of the document.
SECTIONS: dict[Clause.Section, tuple[Sayings, ...]] = {
    Clause.Section.GENERAL: (general.clauses,),
    Clause.Section.TASKS: (tasks.clauses,),
    Clause.Section.ORDER: (order.clauses, help.clauses),
    Clause.Section.REGISTRATION: (
        registration.clauses,
        deadlines.clauses,
        keeping.clauses,
    ),
    Clause.Section.COMMISSION: (commission.clauses,),
    Clause.Section.CONFIDENTIALITY: (confidentiality.clauses,),
}


def read_text(regulation: Regulation, language: str) -> RegulationText:
    """The document of a regulation as the school's settings stand now: four queries."""
    school = regulation.school
    return text_of(
        regulation,
        language,
        categories=categories_of(school),
        phones=list(TrustPhone.objects.filter(school=school)),
        members=list(
            Membership.objects.filter(school=school, called_in_danger=True, user__is_active=True)
        ),
        own=list(regulation.clauses.all()) if regulation.pk else [],
    )


def text_of(
    regulation: Regulation,
    language: str,
    *,
    categories: Sequence[Category],
    phones: Sequence[TrustPhone],
    members: Sequence[Membership] = (),
    own: Iterable[Clause] = (),
) -> RegulationText:
    """The document in a language. ``own``: the school's own clauses, which end their sections."""
    rules = Rules(regulation, language, categories, phones, members)
    of_section: dict[str, list[Clause]] = {}
    for clause in own:
        of_section.setdefault(clause.section, []).append(clause)
    with speaking(language):
        return RegulationText(
            language=language,
            school=rules.own(rules.school.names),
            box=rules.box_name,
            title=_("Regulation on the trust box"),
            subtitle=pgettext("name of the box", "“%(box)s”") % {"box": rules.box_name},
            approved=_approved(rules),
            sections=tuple(
                _section(place, name, rules, of_section.get(name, []))
                for place, name in enumerate(SECTIONS, start=1)
            ),
        )


def _section(place: int, name: Clause.Section, rules: Rules, own: Iterable[Clause]) -> Section:
    numbered: list[NumberedClause] = []
    for said in (said for sayings in SECTIONS[name] for said in sayings(rules)):
        numbered.append(
            NumberedClause(
                number=f"{place}.{len(numbered) + 1}",
                name=said.name,
                settings=said.settings,
                text=said.text,
                points=said.points,
                language=rules.language,
            )
        )
    for clause in own:
        language = _language_of(clause, rules)
        text = in_language(clause.texts, language).strip()
        if not text:
            continue
        numbered.append(
            NumberedClause(
                number=f"{place}.{len(numbered) + 1}",
                name=f"own_{clause.pk}",
                settings=("clause.section", "clause.order", "clause.texts"),
                text=text,
                points=(),
                language=language,
                own=True,
            )
        )
    return Section(
        number=place, name=name.value, title=capfirst(str(name.label)), clauses=tuple(numbered)
    )


def _language_of(clause: Clause, rules: Rules) -> str:
    """In which language the school has the clause: the document's, else its main one, else any."""
    candidates = (rules.language, rules.school.main_language, *LANGUAGES)
    return next((code for code in candidates if clause.texts.get(code)), rules.language)


def _approved(rules: Rules) -> Approved:
    regulation = rules.regulation
    return Approved(
        word=pgettext("at the head of a paper", "Approved"),
        post=capfirst(rules.own(regulation.approver_posts) or str(ROLE_NAMES["director"])),
        name=regulation.approver,
        day=long_date(regulation.approved_on, rules.language)
        if regulation.approved_on
        else _("“____” ______________ 20____"),
    )
