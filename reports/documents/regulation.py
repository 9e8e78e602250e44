"""The regulation of a box as a paper, to be signed by the director as it comes out of the printer."""

from reports.documents.paper import Approval, Clauses, NumberedClause, Paper, Signer
from schools.regulation_text import RegulationText


def regulation_paper(text: RegulationText) -> Paper:
    """The same words in the same order as on the public page."""
    approved = text.approved
    return Paper(
        language=text.language,
        school=text.school,
        short=text.title,
        heading=text.title,
        subheading=text.subtitle,
        place_and_day=("", ""),
        approval=Approval(
            word=approved.word,
            signer=Signer(post=approved.post, name=approved.name),
            day=approved.day,
        ),
        blocks=tuple(
            Clauses(
                heading=f"{section.number}. {section.title}",
                clauses=tuple(
                    NumberedClause(clause.number, clause.body, clause.lines)
                    for clause in section.clauses
                ),
            )
            for section in text.sections
        ),
    )
