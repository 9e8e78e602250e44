"""The steps of an entry's life after registration. Each is one call of the primitive."""

import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from journal.models import Entry, Forwarding, Trail
from journal.services.answering import check_way
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
    """The author was answered elsewhere than on the site: when and by which way. Raises Refused and Conflict."""
    if not entry.taken_on <= answered_on <= entry.school.today():
        raise Refused(
            _("The date of the reply lies between the day the letter was taken out and today.")
        )

    def fits(locked: Entry) -> None:
        if way == Entry.ReplyWay.BY_CODE:
            raise Refused(_("Write the answer that the author is to read on the site."))
        check_way(entry=locked, way=way)

    return take_step(
        entry=entry,
        step=Trail.Step.ANSWERED,
        by=by,
        keyring=keyring,
        version=version,
        check=fits,
        fields={
            "answered_on": answered_on,
            "reply_way": Entry.ReplyWay(way),
            "no_reply": False,
        },
        append_to={"measures": measures} if measures else None,
        facts={"answered_on": answered_on.isoformat(), "way": way},
    )


def obstacles_to_closing(entry: Entry) -> list[str]:
    """Why the work cannot be finished yet, in words; a letter without a reply needs a reason for that besides."""
    count = Forwarding.objects.filter(entry=entry, answered_on__isnull=True).count()
    if not count:
        return []
    return [
        ngettext(
            "The letter was sent on to %(count)s body that has not answered yet.",
            "The letter was sent on to %(count)s bodies that have not answered yet.",
            count,
        )
        % {"count": count}
    ]


def _check_closable(entry: Entry) -> None:
    for obstacle in obstacles_to_closing(entry):
        raise Refused(obstacle)


def close(*, entry: Entry, outcome: str, by: User, keyring: Keyring, version: int) -> Entry:
    """The work on an answered letter is done, with its outcome. Raises Refused and Conflict."""

    def answered(locked: Entry) -> None:
        _check_closable(locked)
        if locked.answered_on is None:
            raise Refused(_("The author has no reply yet: answer, or say why there is none."))

    return take_step(
        entry=entry,
        step=Trail.Step.CLOSED,
        by=by,
        keyring=keyring,
        version=version,
        check=answered,
        # Not in place of it: what other bodies answered stands there already.
        append_to={"outcome": outcome},
    )


def close_without_reply(
    *, entry: Entry, outcome: str, reason: str, by: User, keyring: Keyring, version: int
) -> Entry:
    """The work is done and the author gets no reply, for a stated reason. Raises Refused and Conflict."""
    if not reason.strip():
        raise Refused(_("Say why the author gets no reply."))

    def unanswered(locked: Entry) -> None:
        _check_closable(locked)
        if locked.answered_on is not None:
            raise Refused(_("The author has a reply: finish the work with its outcome."))

    return take_step(
        entry=entry,
        step=Trail.Step.CLOSED,
        by=by,
        keyring=keyring,
        version=version,
        check=unanswered,
        fields={"no_reply": True},
        content={"no_reply_reason": reason},
        append_to={"outcome": outcome} if outcome else None,
        facts={"no_reply": True},
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
        fields={"no_reply": False},
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
