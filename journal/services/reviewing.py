"""The steps of an entry's life after registration. Each is one call of the primitive."""

import datetime

from django.utils.translation import gettext as _

from journal.models import Entry, Trail
from journal.services.stepping import take_step
from schools.errors import Refused
from schools.models import Category, User
from vault.keyring import Keyring


def take_into_review(
    *, entry: Entry, reviewer: User, by: User, keyring: Keyring, version: int
) -> Entry:
    """Somebody of the school looks into it. Raises Refused and Conflict."""
    if not reviewer.has_perm("journal.review_entry", entry.school):
        raise Refused(_("This person does not review letters in this school."))
    if entry.is_withheld_from(reviewer.pk):
        raise Refused(_("The entry is closed to this person: choose somebody who can read it."))
    return take_step(
        entry=entry,
        step=Trail.Step.TAKEN_INTO_REVIEW,
        by=by,
        keyring=keyring,
        version=version,
        fields={"reviewer": reviewer},
        facts={"reviewer": reviewer.username},
    )


def record_measures(
    *, entry: Entry, measures: str, by: User, keyring: Keyring, version: int
) -> Entry:
    """One more line of measures taken. Raises Refused and Conflict."""
    return take_step(
        entry=entry,
        step=Trail.Step.MEASURES_RECORDED,
        by=by,
        keyring=keyring,
        version=version,
        append_to={"measures": measures},
    )


def record_answer(
    *,
    entry: Entry,
    answered_on: datetime.date,
    way: str,
    measures: str,
    by: User,
    keyring: Keyring,
    version: int,
) -> Entry:
    """The author was answered: when and by which way. Raises Refused and Conflict."""
    if not entry.taken_on <= answered_on <= entry.school.today():
        raise Refused(
            _("The date of the reply lies between the day the letter was taken out and today.")
        )
    return take_step(
        entry=entry,
        step=Trail.Step.ANSWERED,
        by=by,
        keyring=keyring,
        version=version,
        fields={"answered_on": answered_on, "reply_way": Entry.ReplyWay(way)},
        append_to={"measures": measures} if measures else None,
        facts={"answered_on": answered_on.isoformat(), "way": way},
    )


def close(*, entry: Entry, outcome: str, by: User, keyring: Keyring, version: int) -> Entry:
    """The work is done, with its outcome. Raises Refused and Conflict."""
    return take_step(
        entry=entry,
        step=Trail.Step.CLOSED,
        by=by,
        keyring=keyring,
        version=version,
        content={"outcome": outcome},
    )


def return_to_review(
    *, entry: Entry, reason: str, by: User, keyring: Keyring, version: int
) -> Entry:
    """Back to review: the reason joins the measures. Raises Refused and Conflict."""
    return take_step(
        entry=entry,
        step=Trail.Step.RETURNED,
        by=by,
        keyring=keyring,
        version=version,
        append_to={"measures": reason},
    )


def correct(
    *,
    entry: Entry,
    category: Category | None,
    corrected: dict[str, str],
    reason: str,
    by: User,
    keyring: Keyring,
    version: int,
) -> Entry:
    """Mend a slip of the pen: ``corrected`` names sealed fields with their new text; the trail keeps the former.

    Raises Refused and Conflict.
    """
    return take_step(
        entry=entry,
        step=Trail.Step.CORRECTED,
        by=by,
        keyring=keyring,
        version=version,
        fields={"category": category},
        content={**corrected, "correction": reason},
    )
