"""Letters that went to a region's named person alone: for how long they are kept, and which may be destroyed.

They stand in no journal of the school and on none of its lists, for its commission must not learn of them. The years
are those of the school's regulation in force, counted from the day on which the named person closed the case; whoever
has the case then destroys it. Days alone decide, no key is needed.
"""

import datetime

from django.db.models import Exists, OuterRef, QuerySet

from journal.escalations import escalations_for
from journal.keeping import months_before, waits_to_be_read
from journal.models import Alert, Escalation
from schools.models import Regulation, User
from schools.selectors import regulations_in_force

MOST_SHOWN = 200


def at_rest(cases: QuerySet[Escalation]) -> QuerySet[Escalation]:
    """Those of the cases with which nobody has anything to do any more, and that no hold keeps."""
    return cases.filter(
        ~Exists(Alert.objects.filter(letter=OuterRef("letter"), outcome="")),
        ~waits_to_be_read(),
        reason=Escalation.Reason.ABOUT_READERS,
        outcome__in=[Escalation.Outcome.HELPED, Escalation.Outcome.FALSE_ALARM],
        held=False,
        destroyed_on__isnull=True,
    )


def cases_due(user: User) -> list[Escalation]:
    """Cases of this person whose years are over, the oldest first, at most ``MOST_SHOWN``. Two queries."""
    cases = list(at_rest(escalations_for(user)).order_by("closed_at", "pk"))
    rules = regulations_in_force([case.school for case in cases])
    due = (case for case in cases if is_over(case, rules.get(case.school_id)))
    return [case for _place, case in zip(range(MOST_SHOWN), due, strict=False)]


def is_due(case: Escalation, rules: Regulation | None) -> bool:
    """Whether this one may be destroyed today, by ``rules_of`` it."""
    return at_rest(Escalation.objects.filter(pk=case.pk)).exists() and is_over(case, rules)


def rules_of(case: Escalation) -> Regulation | None:
    """The regulation that says for how long the case is kept; None: the school has none."""
    return regulations_in_force([case.school]).get(case.school_id)


def is_over(case: Escalation, rules: Regulation | None) -> bool:
    """Whether a closed case was kept for its years."""
    if rules is None:
        return False
    return closed_on(case) <= months_before(case.school.today(), 12 * rules.keep_years)


def closed_on(case: Escalation) -> datetime.date:
    """The day on which a closed case was closed, by the school's own clock."""
    return case.closed_at.astimezone(case.school.zone).date()
