"""The one primitive through which an entry changes."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from box.models import Message
from box.services import following
from journal import rules
from journal.models import Entry, Forwarding
from journal.services.counting import counts_of, note_entry
from journal.services.refusing import refusal_stays
from journal.services.trail import append, lock_book
from schools.errors import Conflict, Refused
from schools.models import User
from vault.errors import NotForThisKey
from vault.keyring import Keyring


@refusal_stays
@transaction.atomic
def take_step(
    *,
    entry: Entry,
    step: str,
    by: User,
    keyring: Keyring,
    version: int,
    fields: Mapping[str, Any] | None = None,
    content: Mapping[str, str] | None = None,
    facts: Mapping[str, Any] | None = None,
    append_to: Mapping[str, str] | None = None,
    beside: Callable[[Entry, bytes], Iterable[Message | Forwarding]] | None = None,
    check: Callable[[Entry], None] | None = None,
) -> Entry:
    """Take one step with an entry: lock, ask the table of transitions, change, chain, tell the author.

    ``version`` is the version the person saw. ``fields`` are open columns, ``content`` sealed fields to
    replace, ``append_to`` sealed fields to which a line is added. ``beside`` makes what belongs to the step besides (a
    message, a forwarding), given the locked entry and its content key; the trail's row vouches for what it returns.
    ``check`` is asked before anything changes, with the locked entry as it stands: it raises Refused.
    Returns the entry as it is now.
    Raises Refused (not allowed, no key) and Conflict (somebody changed it meanwhile, or it is in another state).
    """
    book = lock_book(entry.school)
    entry = (
        Entry.objects.select_for_update(of=("self",))
        .select_related("volume", "school", "letter", "category", "cause", "repeat_of__volume")
        .get(pk=entry.pk)
    )
    rule = rules.TRANSITIONS[step]
    if not by.has_perm(rule.permission, entry.school):
        raise Refused(_("Your role does not allow this step."))
    if entry.version != version:
        raise Conflict(_("Somebody else has changed this entry meanwhile."))
    if entry.state not in rule.starts:
        raise Conflict(_("This step does not follow from the state the entry is in now."))
    if rules.is_locked_for(step, entry):
        raise Refused(
            _(
                "The volume with this entry is closed: what was finished in it is not changed any more."
            )
        )
    try:
        key = entry.content_key(keyring)
        current = entry.read(keyring)
    except NotForThisKey:
        raise Refused(_("This entry is closed to you: you do not hold its key.")) from None
    if check is not None:
        check(entry)

    former = bytes(entry.content) if content or append_to else b""
    state_before, counts_before = entry.state, counts_of(entry)
    for name, value in (fields or {}).items():
        setattr(entry, name, value)
    if rule.ends is not None:
        entry.state = rule.ends
    for name, line in (append_to or {}).items():
        current[name] = "\n".join(part for part in (current.get(name, ""), line) if part)
    if former:
        entry.write({**current, **(content or {})}, key=key)
    entry.version += 1
    entry.save()
    note_entry(entry=entry, before=counts_before)
    made = list(beside(entry, key)) if beside else []
    append(
        book=book,
        step=step,
        by=by,
        entry=entry,
        facts={"from": state_before, "to": entry.state, **(facts or {})},
        former=former,
        also=made,
    )
    if entry.letter_id and entry.state != state_before:
        following.tell_state(letter_id=entry.letter_id, state=entry.state)
    return entry
