"""Who signs and who approves a paper, in the language that is spoken."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reports.documents.paper import Approval, Signatures, Signer
from schools.roles import ROLE_NAMES


def approval(director: str) -> Approval:
    """«Утверждаю» / «Бекітемін» / «Бекитемин», the director, and a line for the day."""
    return Approval(
        word=pgettext("at the head of a paper", "Approved"),
        signer=Signer(post=capfirst(str(ROLE_NAMES["director"])), name=director),
        day=_("“____” ______________ 20____"),
    )


def signatures(signers: tuple[Signer, ...], heading: str = "") -> Signatures:
    """Lines to sign, with what is written under them by hand."""
    return Signatures(
        signers=signers,
        heading=heading,
        under_post=pgettext("under a line to be filled in by hand", "post"),
        under_line=pgettext("under a line to be filled in by hand", "signature"),
        under_name=pgettext("under a line to be filled in by hand", "name"),
    )
