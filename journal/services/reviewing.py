"""The steps of an entry's life after registration. Each is one call of the primitive."""

import datetime
import enum
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from journal.models import Entry, Forwarding, Trail
from journal.services.answering import check_way
from journal.services.stepping import take_step
from schools.errors import Refused
from schools.models import Category, Cause, User
from schools.selectors import causes_of, class_level_in
from vault.keyring import Keyring

NEEDS_CAUSE = (Entry.Finding.JUSTIFIED, Entry.Finding.PARTLY)


class Kept(enum.Enum):
    """A field that a correction leaves as it is; None and empty are values of their own."""

    KEPT = enum.auto()


KEPT = Kept.KEPT


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


def close(
    *,
    entry: Entry,
    outcome: str,
    finding: str = "",
    cause: Cause | None = None,
    by: User,
    keyring: Keyring,
    version: int,
) -> Entry:
    """The work on an answered letter is done: its outcome, what the check found (empty where there was nothing to
    check) and why it happened. Raises Refused and Conflict."""

    def answered(locked: Entry) -> None:
        _check_closable(locked)
        check_finding(entry=locked, finding=finding, cause=cause)
        if locked.answered_on is None:
            raise Refused(_("The author has no reply yet: answer, or say why there is none."))

    return take_step(
        entry=entry,
        step=Trail.Step.CLOSED,
        by=by,
        keyring=keyring,
        version=version,
        check=answered,
        fields=_finished(entry, finding, cause),
        # Not in place of it: what other bodies answered stands there already.
        append_to={"outcome": outcome},
        facts=_found(finding, cause),
    )


def close_without_reply(
    *,
    entry: Entry,
    outcome: str,
    reason: str,
    finding: str = "",
    cause: Cause | None = None,
    by: User,
    keyring: Keyring,
    version: int,
) -> Entry:
    """The work is done and the author gets no reply, for a stated reason. Raises Refused and Conflict."""
    if not reason.strip():
        raise Refused(_("Say why the author gets no reply."))

    def unanswered(locked: Entry) -> None:
        _check_closable(locked)
        check_finding(entry=locked, finding=finding, cause=cause)
        if locked.answered_on is not None:
            raise Refused(_("The author has a reply: finish the work with its outcome."))

    return take_step(
        entry=entry,
        step=Trail.Step.CLOSED,
        by=by,
        keyring=keyring,
        version=version,
        check=unanswered,
        fields={"no_reply": True, **_finished(entry, finding, cause)},
        content={"no_reply_reason": reason},
        append_to={"outcome": outcome} if outcome else None,
        facts={"no_reply": True, **_found(finding, cause)},
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
        # What was found is found anew when the work is finished again; the trail keeps what it was.
        fields={"no_reply": False, "closed_on": None, "finding": "", "cause": None},
        append_to={"measures": reason},
    )


def check_finding(*, entry: Entry, finding: str, cause: Cause | None) -> None:
    """Raises Refused for a finding there is not, a cause of another school, and a justified letter without a cause."""
    if finding and finding not in Entry.Finding.values:
        raise Refused(_("Choose what the check found."))
    if cause is not None and cause.school_id != entry.school_id:
        raise Refused(_("This cause belongs to another school."))
    if cause is None and finding in NEEDS_CAUSE and causes_of(entry.school):
        raise Refused(_("What was justified has a cause: choose it, so that it can be removed."))


def _finished(entry: Entry, finding: str, cause: Cause | None) -> dict[str, Any]:
    return {"closed_on": entry.school.today(), "finding": finding, "cause": cause}


def _found(finding: str, cause: Cause | None) -> dict[str, Any]:
    """What may stand in the trail's facts: the finding, and the cause by its short name."""
    return {"finding": finding, "cause": cause.slug if cause else None}


def _open_changes(entry: Entry, fields: Mapping[str, Any]) -> dict[str, Any]:
    """For the facts: what is readable without a key and changes, by its name as ``[before, after]``."""

    def plain(value: Any) -> Any:
        return value.slug if isinstance(value, Category | Cause) else value

    return {
        name: [plain(getattr(entry, name)), plain(value)]
        for name, value in fields.items()
        if plain(getattr(entry, name)) != plain(value)
    }


def correct(
    *,
    entry: Entry,
    category: Category | None,
    corrected: dict[str, str],
    reason: str,
    by: User,
    keyring: Keyring,
    version: int,
    class_level: int | None | Kept = KEPT,
    finding: str | Kept = KEPT,
    cause: Cause | None | Kept = KEPT,
) -> Entry:
    """Mend a slip of the pen: ``corrected`` names sealed fields with their new text; the trail keeps the former.

    ``class_level``, ``finding`` and ``cause`` stay as they are when they are not given; the year of study follows a
    corrected class or group then. What was found is corrected by those who finish the work, of finished entries alone.
    Raises Refused and Conflict.
    """
    if class_level is KEPT and "class_group" in corrected:
        class_level = class_level_in(entry.school, corrected["class_group"])
    given = {"category": category, "class_level": class_level, "finding": finding, "cause": cause}
    fields = {name: value for name, value in given.items() if value is not KEPT}

    def may_correct(locked: Entry) -> None:
        if finding is KEPT and cause is KEPT:
            return
        after = {"finding": locked.finding, "cause": locked.cause} | fields
        if (after["finding"], after["cause"]) == (locked.finding, locked.cause):
            return
        if locked.state != Entry.State.CLOSED:
            raise Refused(_("What the check found is written down when the work is finished."))
        if not by.has_perm("journal.close_entry", locked.school):
            raise Refused(_("Your role does not allow this step."))
        check_finding(entry=locked, finding=after["finding"], cause=after["cause"])

    return take_step(
        entry=entry,
        step=Trail.Step.CORRECTED,
        by=by,
        keyring=keyring,
        version=version,
        check=may_correct,
        fields=fields,
        content={**corrected, "correction": reason},
        facts=_open_changes(entry, fields),
    )
