"""New rules from a date: the former ones stay as they were, for the time in which they held."""

import datetime

from django.db import transaction
from django.utils import formats
from django.utils.translation import gettext as _

from schools.errors import Refused
from schools.models import Clause, Regulation, School, User
from schools.rules_in_use import may_hold_from

# What belongs to one regulation alone, and is decided anew for the next.
NOT_TAKEN_OVER = ("id", "school", "holds_from", "approved_on")


def settings_to_go_on_with(regulation: Regulation) -> dict[str, object]:
    """The settings of a regulation with which a form for the next one is filled."""
    return {
        field.name: field.value_from_object(regulation)
        for field in regulation._meta.concrete_fields
        if field.name not in NOT_TAKEN_OVER
    }


def check_day(*, school: School, day: datetime.date) -> None:
    """Refused where something was done on that day, or after it, by the rules that held then."""
    if not may_hold_from(school, day):
        words = _("By the rules of %(day)s something was done already: choose a later day.")
        raise Refused(words % {"day": formats.date_format(day, "DATE_FORMAT")})


@transaction.atomic
def take_clauses_over(*, source: Regulation, target: Regulation) -> list[Clause]:
    """The school's own clauses come along into its next regulation; returns those made now. Raises Refused."""
    if source.school_id != target.school_id:
        raise Refused(_("These are rules of another school."))
    return Clause.objects.bulk_create(
        Clause(regulation=target, section=row.section, order=row.order, texts=row.texts)
        for row in Clause.objects.filter(regulation=source)
    )


@transaction.atomic
def approve_rules(
    *, regulation: Regulation, approver: str, approved_on: datetime.date, by: User
) -> Regulation:
    """Who approved the text of the regulation, and when; the paper itself is signed by hand. Raises Refused."""
    if not by.has_perm("schools.change_regulation", regulation.school):
        raise Refused(_("You may not change the rules of this school."))
    if approved_on > regulation.school.today():
        raise Refused(_("This day has not come yet."))
    regulation = Regulation.objects.select_for_update().get(pk=regulation.pk)
    regulation.approver, regulation.approved_on = approver, approved_on
    regulation.save(update_fields=["approver", "approved_on"])
    return regulation
