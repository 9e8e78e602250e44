"""On the page of a case that went to the region alone: for how long it is kept, the hold on it, and its destruction."""

from dataclasses import dataclass, replace

from journal.admin.pages import day_of
from journal.destruction_forms import CarryOutForm
from journal.escalation_forms import HoldCaseForm, ReleaseCaseForm
from journal.keeping_at_region import closed_on, is_due, rules_of
from journal.models import Escalation
from schools.models import User
from vault.keyring import Keyring


@dataclass(frozen=True)
class Keeping:
    """``closed_on`` is empty while the case is open; ``years`` is 0 where the school has no regulation.

    ``reason`` says who asked for the hold, if it opens to the person. A form is None where its step is not possible.
    """

    closed_on: str
    years: int
    is_due: bool
    held: bool
    reason: str
    hold: HoldCaseForm | None
    release: ReleaseCaseForm | None
    destroy: CarryOutForm | None


def keeping_of(
    case: Escalation,
    *,
    user: User,
    keyring: Keyring,
    form: HoldCaseForm | ReleaseCaseForm | CarryOutForm | None = None,
) -> Keeping | None:
    """None where nothing is kept by the region. A ``form`` that was refused is shown again as it was typed."""
    if (
        case.reason != Escalation.Reason.ABOUT_READERS
        or case.outcome == Escalation.Outcome.WITHDRAWN
        or case.destroyed_on is not None
    ):
        return None
    rules = rules_of(case)
    due = is_due(case, rules)
    found = Keeping(
        closed_on=day_of(closed_on(case)) if case.closed_at else "",
        years=rules.keep_years if rules else 0,
        is_due=due,
        held=case.held,
        reason=_reason(case, keyring) if case.held else "",
        hold=None if case.held or case.waits else HoldCaseForm(),
        release=ReleaseCaseForm() if case.held else None,
        destroy=CarryOutForm(by=user) if due else None,
    )
    match form:
        case HoldCaseForm():
            return replace(found, hold=form)
        case ReleaseCaseForm():
            return replace(found, release=form)
        case CarryOutForm():
            return replace(found, destroy=form)
    return found


def _reason(case: Escalation, keyring: Keyring) -> str:
    newest = case.holds.filter(begins=True).last()
    return ((newest and newest.read_or_none(keyring)) or {}).get("reason", "")
