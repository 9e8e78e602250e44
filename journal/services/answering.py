"""Writing to the author of a letter, answering it, asking for more time, and linking what repeats."""

import datetime
from collections.abc import Callable

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from box.models import Message
from box.services import following, messaging
from journal.models import Draft, Entry, Trail
from journal.services.stepping import take_step
from schools.errors import Refused
from schools.languages import speaking
from schools.models import User
from schools.roles import ROLE_PERMISSIONS
from vault.keyring import Keyring

Way = Entry.ReplyWay

# How an author can be answered. Of an anonymous one nobody knows where to go or whom to call.
WAYS_SIGNED = (Way.IN_PERSON, Way.BY_PHONE, Way.BY_LETTER)
WAYS_ANONYMOUS = (Way.AT_BOX, Way.ON_STAND, Way.INVITED)


def can_be_written_to(entry: Entry) -> bool:
    """Whether the author reads on the site what is written to them: a letter from the site, not taken away."""
    return entry.letter is not None and not entry.letter.taken_away


def ways_of(entry: Entry) -> list[Way]:
    """The ways in which this author can be answered."""
    by_code = [Way.BY_CODE] if can_be_written_to(entry) else []
    return [*by_code, *(WAYS_SIGNED if entry.signed else WAYS_ANONYMOUS)]


def check_way(*, entry: Entry, way: str) -> None:
    """Raises Refused for a way by which this author cannot be reached."""
    if way == Way.BY_CODE:
        _check_reachable(entry)
    if way not in ways_of(entry):
        raise Refused(
            _("A signed letter is answered to its author: in person, by phone or by letter.")
            if entry.signed
            else _(
                "Nobody knows who wrote an anonymous letter: it is answered at the box, by a notice on the stand, "
                "or by an invitation to talk."
            )
        )


def _check_reachable(entry: Entry) -> None:
    if entry.letter is None:
        raise Refused(
            _("This letter did not come from the site: its author has no code to read by.")
        )
    if entry.letter.taken_away:
        raise Refused(
            _("The author has taken the conversation away: nothing written here would reach them.")
        )


def _role_of(by: User, entry: Entry) -> str:
    """The role in which a person writes to authors of the school; the author reads it, and never a name."""
    held = by.roles_by_school.get(entry.school_id, set())
    return next(
        (
            role
            for role, permissions in ROLE_PERMISSIONS.items()
            if role in held and "journal.write_to_author" in permissions
        ),
        "",
    )


def _sent(
    kind: str, text: str, by: User, keyring: Keyring
) -> Callable[[Entry, bytes], list[Message]]:
    """What a step does besides when its words go to the author: the message is there, and the draft is not any more."""

    def send(entry: Entry, key: bytes) -> list[Message]:
        message = messaging.add_from_school(
            letter=entry.letter, kind=kind, text=text, role=_role_of(by, entry), keyring=keyring
        )
        if kind != Message.Kind.EXTENSION:
            Draft.objects.filter(entry=entry, by=by).delete()
        return [message]

    return send


def write_to_author(*, entry: Entry, text: str, by: User, keyring: Keyring, version: int) -> Entry:
    """A message that is no answer yet: a question, a word of comfort. Raises Refused and Conflict."""
    if not text.strip():
        raise Refused(_("Write what the author is to read."))
    return take_step(
        entry=entry,
        step=Trail.Step.WRITTEN_TO,
        by=by,
        keyring=keyring,
        version=version,
        check=_check_reachable,
        beside=_sent(Message.Kind.MESSAGE, text, by, keyring),
    )


def answer_by_code(*, entry: Entry, text: str, by: User, keyring: Keyring, version: int) -> Entry:
    """The answer to the letter, which its author reads on the site with the code. Raises Refused and Conflict."""
    if not text.strip():
        raise Refused(_("Write what the author is to read."))
    today = entry.school.today()

    def may_write(locked: Entry) -> None:
        if not by.has_perm("journal.write_to_author", locked.school):
            raise Refused(_("Your role does not allow this step."))
        _check_reachable(locked)

    return take_step(
        entry=entry,
        step=Trail.Step.ANSWERED,
        by=by,
        keyring=keyring,
        version=version,
        check=may_write,
        fields={"answered_on": today, "reply_way": Way.BY_CODE, "no_reply": False},
        facts={"answered_on": today.isoformat(), "way": Way.BY_CODE.value},
        beside=_sent(Message.Kind.ANSWER, text, by, keyring),
    )


def extend(
    *,
    entry: Entry,
    due_on: datetime.date,
    reason: str,
    by: User,
    keyring: Keyring,
    version: int,
) -> Entry:
    """A later day for the reply. The author, if there is a conversation, is told the day and the reason.

    Raises Refused and Conflict.
    """
    if not reason.strip():
        raise Refused(_("Say why more time is needed."))

    def later(locked: Entry) -> None:
        if due_on <= max(filter(None, (locked.due_on, locked.school.today()))):
            raise Refused(_("The new day lies after today and after the day set before."))

    def tell(locked: Entry, key: bytes) -> list[Message]:
        if locked.letter is None:
            return []
        following.tell_due(letter_id=locked.letter_id, due_on=due_on)
        if not can_be_written_to(locked):
            return []
        with speaking(locked.letter.language):
            notice = _("We need a little more time. You will have our answer by %(date)s.") % {
                "date": date_format(due_on, "DATE_FORMAT")
            }
        words = f"{notice}\n\n{reason}"
        return _sent(Message.Kind.EXTENSION, words, by, keyring)(locked, key)

    return take_step(
        entry=entry,
        step=Trail.Step.DUE_EXTENDED,
        by=by,
        keyring=keyring,
        version=version,
        check=later,
        fields={"due_on": due_on},
        content={"extension": reason},
        facts={
            "due_before": entry.due_on.isoformat() if entry.due_on else "",
            "due_on": due_on.isoformat(),
        },
        beside=tell,
    )


def link(
    *, entry: Entry, repeat_of: Entry | None, by: User, keyring: Keyring, version: int
) -> Entry:
    """The entry repeats an earlier one of the school; None takes the link away. Raises Refused and Conflict.

    Always an earlier one, and so never itself and never in a circle. One that is withheld from the person is told
    apart in no way from one that is not there.
    """

    def earlier(locked: Entry) -> None:
        if repeat_of is None:
            if locked.repeat_of_id is None:
                raise Refused(_("The entry is not linked to another one."))
            return
        if (
            repeat_of.school_id != locked.school_id
            or repeat_of.is_withheld_from(by.pk)
            or not is_before(repeat_of, other=locked)
        ):
            raise no_such_entry()

    return take_step(
        entry=entry,
        step=Trail.Step.LINKED,
        by=by,
        keyring=keyring,
        version=version,
        check=earlier,
        fields={"repeat_of": repeat_of},
        facts={
            "repeat_of": [repeat_of.volume.number, repeat_of.number] if repeat_of else None,
        },
    )


def no_such_entry() -> Refused:
    """The one answer for an entry that is not there, is not earlier, or is withheld."""
    return Refused(_("There is no earlier entry with this number that you can read."))


def is_before(one: Entry, *, other: Entry) -> bool:
    """Whether it stands earlier; in another book of the school the numbers say nothing of that."""
    if one.volume.book != other.volume.book:
        return one.registered_at < other.registered_at
    return (one.volume.number, one.number) < (other.volume.number, other.number)
